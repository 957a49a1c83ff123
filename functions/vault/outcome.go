package vault

import (
	"fmt"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
	"github.com/goldenpath-dev/goldenpath/functions/internal/usage"
	"github.com/goldenpath-dev/goldenpath/functions/internal/wiring"
)

// dropUnused lets go of what the claim no longer asks for: a level that nobody has any more, or everything that issues users
// when credentials became static.
func (s *service) dropUnused() {
	inUse := make(map[string]bool, 3)
	for _, role := range wiring.Roles(s.wiring.Access) {
		inUse[role] = true
	}
	other := s.otherAuthRole()
	for _, kind := range []string{wiring.VaultDatabaseRole, wiring.VaultPolicy, wiring.VaultAuthRole, wiring.VaultJWTRole} {
		for _, name := range s.in.Observed.Names(kind) {
			role := strings.TrimPrefix(name, kind)
			switch {
			case kind == other:
				s.plan.Drop(name, pipelinev1.DropEnvironmentChanged, "service accounts log in with another auth method of Vault")
			case !inUse[role]:
				s.plan.Drop(name, pipelinev1.DropSpecChanged, "spec.access gives nobody the role "+role)
			case kind == wiring.VaultDatabaseRole && s.wiring.Database == nil:
				s.plan.Drop(name, pipelinev1.DropSpecChanged, "credentials are static")
			}
		}
	}
	for _, name := range []string{nameMount, nameConnection} {
		if s.wiring.Database == nil && !s.in.Observed.Get(name).IsZero() {
			s.plan.Drop(name, pipelinev1.DropSpecChanged, "credentials are static")
		}
	}
}

// usage keeps the Environment until the mount or the connection is gone: it is where they are, and has the way to the database.
func (s *service) usage() {
	kept := usage.Keep(s.in, s.plan, s.env, prefix, s.leaseHolder())
	for _, name := range usage.EnvironmentNames(prefix) {
		if !kept[name] && !s.in.Observed.Get(name).IsZero() {
			s.plan.Drop(name, pipelinev1.DropSpecChanged, "nothing issues users any more")
		}
	}
}

// expire drops everything with the preview environment, and before the database: what Vault has issued is revoked while that answers.
// The Usage stays until the mount or the connection is gone, and the database stays with it.
func (s *service) expire() {
	s.plan.Waiting = true
	kept := usage.Keep(s.in, s.plan, s.env, prefix, s.leaseHolder())
	for _, name := range s.in.Observed.Names(prefix) {
		if !kept[name] {
			s.plan.Drop(name, pipelinev1.DropEnvironmentExpired, "the preview environment "+s.env.Name+" has expired")
		}
	}
	message := "the environment has expired, and what the service had in Vault with it"
	if words := s.leasesHold(); words != "" {
		message = "the environment has expired, and the service waits for Vault to take back the users of its database. " + words
	}
	s.set(conditions.False, conditions.EnvironmentExpired, message)
}

// withoutVault says what the absence of Vault means for the service.
func (s *service) withoutVault() error {
	if len(s.in.Observed.Names(prefix)) > 0 {
		return plan.Refuse(v1.ConditionVaultReady, conditions.VaultRemoved, fmt.Sprintf(
			"Environment %s/%s has no status.vault any more, and status.environment does not say where it was. What is in Vault stays as it is: "+
				"set status.vault of the Environment again", s.env.Namespace, s.env.Name))
	}
	if s.wiring.Database == nil {
		s.set(conditions.True, conditions.NotUsed, fmt.Sprintf("Environment %s/%s has no Vault", s.env.Namespace, s.env.Name))
		return nil
	}
	s.plan.Waiting = true
	s.set(conditions.False, conditions.VaultNotConfigured, fmt.Sprintf(
		"spec.credentials is dynamic, and Environment %s/%s has no Vault. Set spec.credentials to static, or ask the platform team for Vault",
		s.env.Namespace, s.env.Name))
	return nil
}

// condition names the first resource that fails, or else the first that is not there yet.
func (s *service) condition() {
	if src := s.env.Vault.Source; s.wiring.Database != nil && (src == nil || src.SecurityGroupID+src.CIDR == "") {
		s.plan.Waiting = true
		s.set(conditions.False, conditions.VaultSourceUnknown, fmt.Sprintf(
			"the database cannot admit Vault: Environment %s/%s has no status.vault.source. Set its securityGroupId or its cidr",
			s.env.Namespace, s.env.Name))
		return
	}
	reason, message := s.pending()
	if reason == "" {
		s.set(conditions.True, conditions.Available, "the connection string is at "+s.env.Vault.KVMount+"/"+wiring.KVPath(s.in))
		return
	}
	s.plan.Waiting = true
	s.set(conditions.False, reason, message)
}

func (s *service) pending() (reason conditions.Reason, message string) {
	planned := make([]health.Resource, 0, len(s.plan.Resources))
	for _, r := range s.plan.Resources {
		planned = append(planned, health.Resource{Kind: r.Object.Kind(), Name: r.Object.Name(), Observed: s.in.Observed.Get(r.Name)})
	}
	switch all := health.Sum(planned); {
	case !all.Ready:
		return all.Reason, all.Message
	case !s.complete():
		return conditions.Blocked, "waits for the service to be available"
	}
	return "", ""
}

// complete says that everything that the wiring asks for is composed.
func (s *service) complete() bool {
	if s.in.Observed.Get(nameEntry).IsZero() {
		return false
	}
	if s.wiring.Database == nil {
		return true
	}
	for _, role := range wiring.Roles(s.wiring.Access) {
		if s.in.Observed.Get(wiring.VaultDatabaseRole + role).IsZero() {
			return false
		}
	}
	return !s.in.Observed.Get(nameConnection).IsZero()
}

func (s *service) set(status conditions.Status, reason conditions.Reason, message string) {
	s.plan.Set(v1.ConditionVaultReady, status, reason, message)
}

// administrator says that its password is not rotated, and how to do it by hand. Vault could rotate it itself: then nobody else knows it,
// and each of the others still has the one of before. The database's provider sets that again when it has lost what it last set, and
// Vault's provider sends it again after a restart: Vault, and with it every workload, would be locked out.
// https://developer.hashicorp.com/vault/api-docs/secret/databases#rotate-root-credentials
// https://github.com/hashicorp/terraform-provider-vault/blob/main/vault/resource_database_secret_backend_connection.go
func (s *service) administrator() string {
	if s.wiring.Database == nil {
		return ""
	}
	login := s.login()
	if login.Username == "" || login.PasswordSecretRef == nil {
		return ""
	}
	return fmt.Sprintf("Vault logs in as %s, with the password in key %s of Secret %s, which nobody rotates. To change it, write another one "+
		"there: the providers of the database and of Vault take it over", login.Username,
		login.PasswordSecretRef.Key, login.PasswordSecretRef.Name)
}

// status says where to log in and what to read.
func (s *service) status() {
	f := object.NewFields()
	vault := f.Object("vault")
	vault.SetString("path", s.env.Vault.KVMount+"/"+wiring.KVPath(s.in))
	roles := wiring.Roles(s.wiring.Access)
	vault.SetStringIf("administrator", s.administrator())
	if s.env.Vault.Auth != nil {
		login := s.auth()
		auth := vault.Object("auth")
		auth.SetString("method", string(login.Method))
		auth.SetString("mount", login.Mount)
		auth.SetStringIf("audience", login.Audience)
	}
	if len(roles) > 0 {
		for i, item := range vault.Objects("access", len(roles)) {
			item.SetString("role", roles[i])
			item.SetString("authRole", wiring.AuthRoleName(s.in, roles[i]))
			if s.wiring.Database != nil {
				item.SetString("credentialsPath", wiring.CredentialsPath(s.in, s.env, roles[i]))
			}
		}
	}
	s.plan.Status = f
}
