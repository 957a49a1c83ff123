package vault

import (
	"cmp"
	"slices"

	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	vaultmr "github.com/goldenpath-dev/goldenpath/functions/internal/managed/vault"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/sqlaccess"
	"github.com/goldenpath-dev/goldenpath/functions/internal/wiring"
)

// connection lets Vault log in as the administrator. It is created once the database has an endpoint, and composed on every
// call from then on.
func (s *service) connection() {
	db := s.wiring.Database
	observed := s.in.Observed.Get(nameConnection)
	if db == nil || (observed.IsZero() && (!s.databaseReady() || !s.mounted())) {
		return
	}
	block := s.login()
	if block.Username == "" {
		// The database was restored, and its provider has not yet said who its administrator is.
		return
	}
	params := &vaultmr.DatabaseConnection{
		Namespace: s.env.Vault.Namespace,
		Backend:   wiring.DatabaseMount(s.in, s.env),
		Name:      s.connectionName(),
	}
	for _, role := range wiring.Roles(s.wiring.Access) {
		params.AllowedRoles = append(params.AllowedRoles, wiring.DatabaseRoleName(s.in, role))
	}
	if engines()[db.Engine].block == blockMySQL {
		params.MySQL = []vaultmr.MySQL{block}
	} else {
		params.PostgreSQL = []vaultmr.PostgreSQL{{
			ConnectionURL: block.ConnectionURL, Username: block.Username, PasswordSecretRef: block.PasswordSecretRef, TLSCA: block.TLSCA,
			PasswordAuthentication: verifierSCRAM,
		}}
	}
	r := vaultResource(s, nameConnection, params)
	// In a mount of its own it goes with the mount, and not before: the leases there are revoked by it.
	r.Retain = s.ownMount()
	s.plan.Add(nameConnection, r.Object(s.in.Flavour))
}

func (s *service) databaseReady() bool {
	return s.wiring.Database.Host != "" && health.Of(s.in.Observed.Get(s.wiring.Database.Administrator.Resource)).Ready
}

// login is where and as whom Vault logs in, as MySQL's block says it. It keeps what is composed of what is unknown.
func (s *service) login() vaultmr.MySQL {
	db, composed := s.wiring.Database, s.composedLogin()
	block := vaultmr.MySQL{
		ConnectionURL: composed.String("connectionUrl"), Username: composed.String("username"), TLSCA: composed.String("tlsCa"),
	}
	ref := composed.At("passwordSecretRef")
	if db.Host != "" {
		// They go together: one verifies by the other.
		block.ConnectionURL, block.TLSCA = engines()[db.Engine].connectionURL(db), db.CABundle
	}
	administrator := s.in.Observed.Get(db.Administrator.Resource)
	if wanted := administrator.At("spec", "forProvider"); !wanted.IsZero() {
		ref = wanted.At(db.Administrator.PasswordSecretRefField)
		// A database that was restored brought its administrator along: nobody asked for a name.
		block.Username = cmp.Or(wanted.String(db.Administrator.UsernameField),
			administrator.String("status", "atProvider", db.Administrator.UsernameField), block.Username)
	}
	if !ref.IsZero() {
		block.PasswordSecretRef = &managed.SecretKeyRef{Name: ref.String("name"), Key: ref.String("key")}
	}
	return block
}

func (s *service) composedLogin() object.Object {
	composed := s.in.Observed.Get(nameConnection).At("spec", "forProvider")
	for _, block := range slices.Concat(composed.List("postgresql"), composed.List("mysql")) {
		return block
	}
	return object.Object{}
}

func (s *service) connectionName() string {
	if name := s.in.Observed.Get(nameConnection).String("spec", "forProvider", "name"); name != "" {
		return name
	}
	return naming.Unique(s.in.Subject, "", "", naming.LimitKubernetes)
}

// databaseRole issues users of one access level, once Vault can log in.
func (s *service) databaseRole(role string) {
	name := wiring.VaultDatabaseRole + role
	if s.wiring.Database == nil {
		return
	}
	if s.in.Observed.Get(name).IsZero() && !health.Of(s.in.Observed.Get(nameConnection)).Ready {
		return
	}
	statements := sqlaccess.For(s.wiring.Database.Engine, s.wiring.Database.Name, role)
	add(s, name, &vaultmr.DatabaseRole{
		Namespace:            s.env.Vault.Namespace,
		Backend:              wiring.DatabaseMount(s.in, s.env),
		Name:                 wiring.DatabaseRoleName(s.in, role),
		DBName:               s.connectionName(),
		CreationStatements:   statements.Create,
		RevocationStatements: statements.Revoke,
		RenewStatements:      statements.Renew,
		RollbackStatements:   statements.Rollback,
		DefaultTTL:           ptr[int64](credentialsTTL),
		MaxTTL:               ptr[int64](credentialsMaxTTL),
	})
}
