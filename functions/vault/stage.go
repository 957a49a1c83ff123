// Package vault composes what a service needs in Vault: a database connection with one role per access level in use, a policy
// and a Kubernetes auth role per level, and the KV entry with the connection string. It knows services by the wiring
// contract only.
package vault

import (
	"fmt"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	vaultmr "github.com/goldenpath-dev/goldenpath/functions/internal/managed/vault"
	"github.com/goldenpath-dev/goldenpath/functions/internal/ownership"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
	"github.com/goldenpath-dev/goldenpath/functions/internal/wiring"
)

// Composition resource names. They are API. The names that carry an access level are in package wiring, because the
// connection details name what is behind them.
const (
	prefix         = ownership.Vault
	nameMount      = wiring.VaultDatabaseMount
	nameConnection = wiring.VaultConnection
	namePayload    = prefix + "kv-payload"
	nameEntry      = wiring.VaultEntry
)

// Lifetimes in seconds.
const (
	credentialsTTL    = 3600
	credentialsMaxTTL = 86400
	tokenTTL          = 3600
	tokenMaxTTL       = 86400
)

// Stage is the vault stage.
func Stage() plan.Stage {
	return plan.Stage{Name: "vault", Prefix: prefix, Conditions: []string{v1.ConditionVaultReady}, Compose: compose}
}

func compose(in plan.In) (*plan.Plan, error) {
	s := &service{in: in, env: in.Environment, wiring: in.Wiring, plan: &plan.Plan{}}
	switch {
	case s.env.Expired() && s.wiring == nil:
		s.expire()
		return s.plan, nil
	case s.wiring == nil || s.env == nil:
		// The service has nothing to wire yet. If something of ours is observed, the kernel keeps it.
		s.plan.Waiting = true
		return s.plan, nil
	case s.env.Vault == nil:
		return s.plan, s.withoutVault()
	}
	if err := check(s.wiring); err != nil {
		return nil, err
	}
	s.mount()
	s.connection()
	for _, role := range wiring.Roles(s.wiring.Access) {
		s.databaseRole(role)
		s.policy(role)
		s.authRole(role)
	}
	s.entry()
	s.dropUnused()
	s.usage()
	s.condition()
	s.status()
	if s.wiring.Hold {
		s.plan.OnlyObserved(in)
	}
	return s.plan, nil
}

// service is what is wired.
type service struct {
	in     plan.In
	env    *pipelinev1.Environment
	wiring *pipelinev1.Wiring
	plan   *plan.Plan
}

// vaultResource is one Vault resource.
func vaultResource[P managed.Parameters](s *service, name string, params P) managed.Resource[P] {
	return managed.Resource[P]{Name: s.in.Name(name), ProviderConfig: s.env.Vault.ProviderConfigRef, ForProvider: params}
}

// add writes one Vault resource in the flavour of the composite.
func add[P managed.Parameters](s *service, name string, params P) {
	s.plan.Add(name, vaultResource(s, name, params).Object(s.in.Flavour))
}

// policy admits exactly the paths of one access level.
func (s *service) policy(role string) {
	paths := []string{s.env.Vault.KVMount + "/data/" + wiring.KVPath(s.in)}
	if s.wiring.Database != nil {
		paths = append(paths, wiring.CredentialsPath(s.in, s.env, role))
	}
	var hcl strings.Builder
	for _, path := range paths {
		fmt.Fprintf(&hcl, "path %q {\n  capabilities = [\"read\"]\n}\n", path)
	}
	name := wiring.VaultPolicy + role
	add(s, name, &vaultmr.Policy{
		Namespace: s.env.Vault.Namespace, Name: wiring.PolicyName(s.in, role), Policy: hcl.String(),
	})
}

func ptr[T any](v T) *T { return &v }
