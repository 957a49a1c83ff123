// Package wiring holds what the stages share about the wiring contract: the names that workloads see, and how an entry is
// written out.
package wiring

import (
	"net/url"
	"slices"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
	"github.com/goldenpath-dev/goldenpath/functions/internal/ownership"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// Composition resource names of the vault stage that carry a role: vault-role-reader and so on.
const (
	VaultDatabaseRole = ownership.Vault + "role-"
	VaultPolicy       = ownership.Vault + "policy-"
	VaultAuthRole     = ownership.Vault + "auth-"
	VaultJWTRole      = ownership.Vault + "jwt-"
)

// Composition resource names of the vault stage that say where users are issued.
const (
	VaultConnection = ownership.Vault + "connection"
	// VaultDatabaseMount is a database mount of the service's own.
	VaultDatabaseMount = ownership.Vault + "database-mount"
)

// VaultAudience is whom a token of a service account is for when it is meant for Vault, unless the Environment says otherwise.
const VaultAudience = "vault"

// VaultEntry is the composition resource name of the KV entry.
const VaultEntry = ownership.Vault + "kv-entry"

// Expand writes an entry out as keys and values. Without a user name it holds no credentials.
func Expand(e pipelinev1.Entry, username, password string) map[string]string {
	out := make(map[string]string, len(e.Values)+len(e.URLs)+2)
	for k, v := range e.Values {
		out[k] = v
	}
	escape := strings.NewReplacer("{username}", escaped(username), "{password}", escaped(password))
	for k, v := range e.URLs {
		out[k] = escape.Replace(v)
	}
	if username != "" {
		out["username"], out["password"] = username, password
	}
	return out
}

// escaped stands in the userinfo of a URL, where a plus is a plus and not a space.
func escaped(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// Roles are the access roles in use, sorted.
func Roles(access []pipelinev1.Access) []string {
	roles := make([]string, 0, 3)
	for _, a := range access {
		roles = append(roles, a.Role)
	}
	slices.Sort(roles)
	return slices.Compact(roles)
}

// Accounts are the service accounts with a role, sorted.
func Accounts(access []pipelinev1.Access, role string) []string {
	var accounts []string
	for _, a := range access {
		if a.Role == role {
			accounts = append(accounts, a.ServiceAccount)
		}
	}
	slices.Sort(accounts)
	return accounts
}

// AuthRoleName is the auth role of an access role, of whichever method: the one that is composed, or a new one.
func AuthRoleName(in plan.In, role string) string {
	fresh := naming.Unique(in.Subject, "", role, naming.LimitKubernetes)
	return decided(in, VaultJWTRole+role, "roleName", decided(in, VaultAuthRole+role, "roleName", fresh))
}

// DatabaseRoleName is the database role of an access role: the one that is composed, or a new one.
func DatabaseRoleName(in plan.In, role string) string {
	return decided(in, VaultDatabaseRole+role, "name", naming.Unique(in.Subject, "", role, naming.LimitKubernetes))
}

// PolicyName is the policy of an access role: the one that is composed, or a new one.
func PolicyName(in plan.In, role string) string {
	return decided(in, VaultPolicy+role, "name", naming.Unique(in.Subject, "", role, naming.LimitKubernetes))
}

func decided(in plan.In, resource, field, fresh string) string {
	if name := in.Observed.Get(resource).String("spec", "forProvider", field); name != "" {
		return name
	}
	return fresh
}

// KVPath of the subject below the mount: the one that is composed, or a new one. Slashes stand in none of its parts, so no two
// subjects share a path.
func KVPath(in plan.In) string {
	return decided(in, VaultEntry, "name", in.Subject.Namespace+"/"+in.Subject.Kind+"/"+in.Subject.Name)
}

// CredentialsPath to read a user name and a password of an access role from.
func CredentialsPath(in plan.In, env *pipelinev1.Environment, role string) string {
	return DatabaseMount(in, env) + "/creds/" + DatabaseRoleName(in, role)
}

// DatabaseMount is where the users of a service are issued: where they are already, at a mount of its own, or at the environment's.
func DatabaseMount(in plan.In, env *pipelinev1.Environment) string {
	if path := decided(in, VaultDatabaseMount, "path", decided(in, VaultConnection, "backend", "")); path != "" {
		return path
	}
	for _, role := range in.Observed.Names(VaultDatabaseRole) {
		return decided(in, role, "backend", env.Vault.DatabaseMount)
	}
	if env.Vault.DatabaseMountPerService {
		return env.Vault.DatabaseMount + "-" + naming.Unique(in.Subject, "", "", naming.LimitKubernetes)
	}
	return env.Vault.DatabaseMount
}

// OwnDatabaseMount says that the users of a service are issued at a mount of its own.
func OwnDatabaseMount(in plan.In, env *pipelinev1.Environment) bool {
	return DatabaseMount(in, env) != env.Vault.DatabaseMount
}
