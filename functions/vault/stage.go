// Package vault composes what a service needs in Vault: a database connection with one role per access level in use, a policy
// and a Kubernetes auth role per level, and the KV entry with the connection string. It knows services by the wiring
// contract only.
package vault

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/core"
	vaultmr "github.com/goldenpath-dev/goldenpath/functions/internal/managed/vault"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/ownership"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
	"github.com/goldenpath-dev/goldenpath/functions/internal/wiring"
)

// Composition resource names. They are API. The names that carry an access level are in package wiring, because the
// connection details name what is behind them.
const (
	prefix         = ownership.Vault
	nameConnection = prefix + "connection"
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

// payloadKey of the Secret that holds the KV entry as JSON.
const payloadKey = "data.json"

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

// vaultResource writes one Vault resource in the flavour of the composite.
func vaultResource[P managed.Parameters](s *service, name string, params P) object.Object {
	return managed.Resource[P]{
		Name: s.in.Name(name), ProviderConfig: s.env.Vault.ProviderConfigRef, ForProvider: params,
	}.Object(s.in.Flavour)
}

// connection lets Vault log in as the administrator. It is created once the database has an endpoint, and composed on every
// call from then on.
func (s *service) connection() {
	db := s.wiring.Database
	observed := s.in.Observed.Get(nameConnection)
	if db == nil || (observed.IsZero() && !s.databaseReady()) {
		return
	}
	block := s.login()
	params := &vaultmr.DatabaseConnection{
		Namespace: s.env.Vault.Namespace,
		Backend:   s.env.Vault.DatabaseMount,
		Name:      s.connectionName(),
	}
	for _, role := range wiring.Roles(s.wiring.Access) {
		params.AllowedRoles = append(params.AllowedRoles, wiring.DatabaseRoleName(s.in, role))
	}
	if db.Engine == engineMySQL {
		params.MySQL = []vaultmr.Database{block}
	} else {
		params.PostgreSQL = []vaultmr.Database{block}
	}
	s.plan.Add(nameConnection, vaultResource(s, nameConnection, params))
}

func (s *service) databaseReady() bool {
	return s.wiring.Database.Host != "" && health.Of(s.in.Observed.Get(s.wiring.Database.Administrator.Resource)).Ready
}

// login is where and as whom Vault logs in. It keeps what is composed of what is unknown.
func (s *service) login() vaultmr.Database {
	db, composed := s.wiring.Database, s.composedLogin()
	block := vaultmr.Database{ConnectionURL: composed.String("connectionUrl"), Username: composed.String("username")}
	ref := composed.At("passwordSecretRef")
	if db.Host != "" {
		block.ConnectionURL = engines()[db.Engine].connectionURL(db)
	}
	if administrator := s.in.Observed.Get(db.Administrator.Resource).At("spec", "forProvider"); !administrator.IsZero() {
		block.Username = administrator.String(db.Administrator.UsernameField)
		ref = administrator.At(db.Administrator.PasswordSecretRefField)
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
	e := engines()[s.wiring.Database.Engine]
	s.plan.Add(name, vaultResource(s, name, &vaultmr.DatabaseRole{
		Namespace:            s.env.Vault.Namespace,
		Backend:              s.env.Vault.DatabaseMount,
		Name:                 wiring.DatabaseRoleName(s.in, role),
		DBName:               s.connectionName(),
		CreationStatements:   e.create(role, s.wiring.Database.Name),
		RevocationStatements: e.revoke(s.wiring.Database.Name),
		DefaultTTL:           ptr[int64](credentialsTTL),
		MaxTTL:               ptr[int64](credentialsMaxTTL),
	}))
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
	s.plan.Add(name, vaultResource(s, name, &vaultmr.Policy{
		Namespace: s.env.Vault.Namespace, Name: wiring.PolicyName(s.in, role), Policy: hcl.String(),
	}))
}

// authRole binds the policy to the service accounts of the level, in the workload namespace and nowhere else.
func (s *service) authRole(role string) {
	name := wiring.VaultAuthRole + role
	s.plan.Add(name, vaultResource(s, name, &vaultmr.KubernetesAuthRole{
		Namespace:                     s.env.Vault.Namespace,
		Backend:                       s.env.Vault.KubernetesAuthMount,
		RoleName:                      wiring.AuthRoleName(s.in, role),
		BoundServiceAccountNames:      wiring.Accounts(s.wiring.Access, role),
		BoundServiceAccountNamespaces: []string{s.workloadNamespace(name)},
		TokenPolicies:                 []string{wiring.PolicyName(s.in, role)},
		TokenTTL:                      ptr[int64](tokenTTL),
		TokenMaxTTL:                   ptr[int64](tokenMaxTTL),
	}))
}

// workloadNamespace defaults to the claim's own. One that the Environment has lost since stays.
func (s *service) workloadNamespace(authRole string) string {
	if ns := s.env.WorkloadNamespace; ns != "" {
		return ns
	}
	for _, ns := range s.in.Observed.Get(authRole).Strings("spec", "forProvider", "boundServiceAccountNamespaces") {
		return ns
	}
	return s.in.Subject.Namespace
}

// entry writes the connection string to the KV mount, by way of a Secret: no value stands in a spec.
func (s *service) entry() {
	if payload, ok := s.payload(); ok {
		secret := core.Secret{Name: s.in.Name(namePayload), Namespace: s.secretNamespace(), Data: map[string]string{payloadKey: payload}}
		s.plan.Add(namePayload, secret.Object())
	}
	if s.in.Observed.Get(nameEntry).IsZero() && s.in.Observed.Get(namePayload).IsZero() {
		return
	}
	s.plan.Add(nameEntry, vaultResource(s, nameEntry, &vaultmr.KVSecret{
		Namespace:         s.env.Vault.Namespace,
		Mount:             s.env.Vault.KVMount,
		Name:              wiring.KVPath(s.in),
		DataJSONSecretRef: managed.SecretKeyRef{Name: s.in.Name(namePayload), Key: payloadKey},
		DeleteAllVersions: ptr(true),
		// An older version may hold credentials that the present one does not.
		CustomMetadata: []vaultmr.KVMetadata{{MaxVersions: ptr[int64](1)}},
	}))
}

// payload is the entry as JSON: complete, or as it is composed already, or none.
func (s *service) payload() (string, bool) {
	composed, found := core.SecretData(s.in.Observed.Get(namePayload))[payloadKey]
	e := s.wiring.Entry
	if e == nil {
		return composed, found
	}
	username, password := "", ""
	if ref := e.Credentials; ref != nil {
		details := s.in.Observed.Connection(ref.Resource)
		username, password = string(details[ref.UsernameKey]), string(details[ref.PasswordKey])
		if username == "" || password == "" {
			return composed, found
		}
	}
	raw, err := json.Marshal(wiring.Expand(*e, username, password))
	if err != nil {
		// A map of strings has no value that JSON cannot hold.
		return composed, found
	}
	return string(raw), true
}

func (s *service) secretNamespace() string {
	if s.in.Flavour.Legacy {
		return s.in.Flavour.SecretNamespace
	}
	return s.in.Flavour.Namespace
}

func ptr[T any](v T) *T { return &v }
