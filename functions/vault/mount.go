package vault

import (
	"fmt"

	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	vaultmr "github.com/goldenpath-dev/goldenpath/functions/internal/managed/vault"
	"github.com/goldenpath-dev/goldenpath/functions/internal/usage"
	"github.com/goldenpath-dev/goldenpath/functions/internal/wiring"
)

// mount is a database engine of the service's own. Vault revokes a user when its lease ends, by the connection, in the database: neither
// a role nor a connection that is deleted revokes anything, and without its connection a lease can never be revoked again. Of all that
// can be composed only a mount revokes what was issued in it when it goes, for as long as its connection and the database are there. So
// the mount goes first, and the connection goes with it.
// https://developer.hashicorp.com/vault/docs/concepts/lease#prefix-based-revocation
// https://developer.hashicorp.com/vault/api-docs/system/mounts#disable-secrets-engine
func (s *service) mount() {
	if s.wiring.Database == nil || !s.ownMount() || (s.in.Observed.Get(nameMount).IsZero() && !s.databaseReady()) {
		return
	}
	add(s, nameMount, &vaultmr.Mount{
		Namespace: s.env.Vault.Namespace, Path: wiring.DatabaseMount(s.in, s.env), Type: "database",
		Description: fmt.Sprintf("%s %s/%s: users of the database", s.in.Subject.Kind, s.in.Subject.Namespace, s.in.Subject.Name),
	})
}

func (s *service) ownMount() bool { return wiring.OwnDatabaseMount(s.in, s.env) }

// mounted says that there is an engine to write the connection to.
func (s *service) mounted() bool {
	return !s.ownMount() || health.Of(s.in.Observed.Get(nameMount)).Ready
}

// leaseHolder is what has to be gone before the Environment can go, and before the database can: what the leases hang on.
func (s *service) leaseHolder() string {
	if s.in.Observed.Get(nameMount).IsZero() && !s.in.Observed.Get(nameConnection).IsZero() {
		return nameConnection
	}
	return nameMount
}

// leasesHold says why a mount that is to go is still there. Empty while it goes as it should, and once it is gone.
func (s *service) leasesHold() string {
	going := usage.Holder(s.in, prefix)
	state := health.Of(going)
	if going.IsZero() || state.Reason != conditions.Failing {
		return ""
	}
	words := going.Kind() + " " + going.Name() + ": " + state.Message
	if going.Kind() == "Mount" {
		words += fmt.Sprintf(". Vault revokes what it issued before it unmounts, by the database. Where that is impossible for good, the "+
			"platform team runs: vault lease revoke -force -prefix %s/", going.String("spec", "forProvider", "path"))
	}
	return words
}
