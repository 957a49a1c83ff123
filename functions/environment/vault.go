package environment

import (
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	vaultmr "github.com/goldenpath-dev/goldenpath/functions/internal/managed/vault"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
)

// vaultPrefix of the composition resource names of what is in Vault.
const vaultPrefix = prefix + "vault-"

// vaultNames says that a composition resource name is one of something in Vault.
func vaultNames(name string) bool { return strings.HasPrefix(name, vaultPrefix) }

// vault mounts what App kinds write to.
func (e *environment) vault() {
	if e.claim.vault == nil {
		for _, name := range e.in.Observed.Names(vaultPrefix) {
			e.plan.Drop(name, pipelinev1.DropSpecChanged, "spec.vault is not there any more")
		}
		return
	}
	kv, database := e.kvMount(), e.databaseMount()
	if kv.own {
		e.addMount(kv, &vaultmr.Mount{Type: "kv", Options: map[string]string{"version": "2"}, Description: e.describe("connections of services")})
	}
	if database.own {
		e.addMount(database, &vaultmr.Mount{Type: "database", Description: e.describe("users of databases")})
	}
	e.vaultAuth()
	e.vaultPolicies(kv, database)
}

// addMount mounts a secrets engine. Everything in a mount is revoked or lost with it: the entries, and the users that workloads are
// logged in as. Services would write their entries anew, but only to a mount that is there, so nobody unmounts one by leaving out a field.
// Vault has no flag against it, so that one of a protected environment stays.
func (e *environment) addMount(m mount, params *vaultmr.Mount) {
	params.Namespace, params.Path = e.claim.vault.Namespace, m.path
	r := vaultResource(e, m.resource, params)
	r.Retain = e.protected()
	e.plan.AddData(m.resource, r.Object(e.in.Flavour))
}

// mount is a place in Vault.
type mount struct {
	// resource is the composition resource name, for a mount of ours.
	resource string
	// field of spec.vault.mounts, and what it says.
	field, existing string
	path            string
	// own says that the environment made it.
	own bool
}

func (e *environment) kvMount() mount {
	return e.mount(nameKVMount, "kv", e.claim.vault.Mounts.KV, "kv")
}

func (e *environment) databaseMount() mount {
	return e.mount(nameDatabaseMount, "database", e.claim.vault.Mounts.Database, "database")
}

func (e *environment) mounts() []mount { return []mount{e.kvMount(), e.databaseMount(), e.authMount()} }

// mount decides once where a mount is: where the one that is composed is, at the path of the claim, or at a new one. A status could be
// written by others, and a mount that is composed takes over what it finds at its path.
func (e *environment) mount(resource, field, existing, purpose string) mount {
	m := mount{resource: resource, field: field, existing: strings.Trim(existing, "/")}
	switch composed := e.keep(resource, "path", ""); {
	case composed != "":
		m.path, m.own = composed, true
	case m.existing != "":
		m.path = m.existing
	default:
		m.path, m.own = naming.Unique(e.qualified(), purpose, "", naming.LimitKubernetes), true
	}
	return m
}

// vaultStatus is the part of Vault that App kinds find. Nil without Vault.
func (e *environment) vaultStatus() *pipelinev1.Vault {
	v := e.claim.vault
	if v == nil {
		return nil
	}
	login := e.login()
	status := &pipelinev1.Vault{
		ProviderConfigRef: v.ProviderConfigRef, Namespace: v.Namespace, Source: v.Source, KVMount: e.kvMount().path, Auth: &login,
		// Who may make mounts for environments may make them for services.
		DatabaseMount: e.databaseMount().path, DatabaseMountPerService: e.databaseMount().own,
	}
	if login.Method == pipelinev1.AuthKubernetes {
		status.KubernetesAuthMount = login.Mount
	}
	return status
}

func (e *environment) describe(what string) string {
	return "Environment " + e.in.Subject.Namespace + "/" + e.in.Subject.Name + ": " + what
}

func vaultResource[P managed.Parameters](e *environment, name string, params P) managed.Resource[P] {
	return managed.Resource[P]{Name: e.in.Name(name), ProviderConfig: e.claim.vault.ProviderConfigRef, ForProvider: params}
}

func addVault[P managed.Parameters](e *environment, name string, params P) {
	e.plan.Add(name, vaultResource(e, name, params).Object(e.in.Flavour))
}
