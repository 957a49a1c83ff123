package environment

import (
	"fmt"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	vaultmr "github.com/goldenpath-dev/goldenpath/functions/internal/managed/vault"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
)

// policyTeam is for the people of the team. Workloads have policies of their services.
const policyTeam = "team"

// vaultPolicies are for people. How they log in is the platform team's: it gives them the policy there.
func (e *environment) vaultPolicies(kv, database mount) {
	addVault(e, nameVaultPolicy+policyTeam, &vaultmr.Policy{
		Namespace: e.claim.vault.Namespace, Name: e.teamPolicy(), Policy: e.teamRules(kv, database),
	})
}

func (e *environment) teamPolicy() string {
	return e.keep(nameVaultPolicy+policyTeam, "name", naming.Unique(e.qualified(), policyTeam, "", naming.LimitKubernetes))
}

// teamRules let people see which entries and database roles the services of their namespace have. They read entries where people work on
// what runs, and only in a mount of the environment: in one that several share, the same path leads to the entries of production too.
// Nobody gets credentials of a database: its roles are the workloads'.
// https://developer.hashicorp.com/vault/docs/secrets/kv/kv-v2#acl-rules
func (e *environment) teamRules(kv, database mount) string {
	var hcl strings.Builder
	rule := func(path, capabilities string) {
		fmt.Fprintf(&hcl, "path %q {\n  capabilities = [%s]\n}\n", path, capabilities)
	}
	namespace := "/" + e.in.Subject.Namespace + "/*"
	if kv.own && e.claim.kind != pipelinev1.EnvironmentProduction {
		rule(kv.path+"/data"+namespace, `"read"`)
	}
	rule(kv.path+"/metadata"+namespace, `"read", "list"`)
	if database.own {
		rule(database.path+"/roles", `"list"`)
	}
	return hcl.String()
}

// vaultReady says whether services can use Vault, and what to know of it.
func (e *environment) vaultReady() conditions.Condition {
	c := conditions.Condition{Type: v1.ConditionVaultReady, Status: conditions.True, Reason: conditions.NotUsed}
	v := e.vaultStatus()
	if v == nil {
		c.Message = "spec.vault is not set: the credentials of services are static"
		return c
	}
	if reason, message := e.vaultPending(); reason != "" {
		c.Status, c.Reason, c.Message = conditions.False, reason, message
		return c
	}
	c.Reason = conditions.Available
	c.Message = fmt.Sprintf(
		"entries are in %s, users of databases in %s, service accounts log in at %s. Policy %s is for the people of the team",
		v.KVMount, v.DatabaseMount, v.Auth.Mount, e.teamPolicy())
	if v.Auth.Audience != "" {
		c.Message += fmt.Sprintf(". A workload logs in with a token for audience %s: a projected volume with a serviceAccountToken for it",
			v.Auth.Audience)
	}
	if v.Source == nil {
		// Only databases need it. They say so themselves, so that buckets and queues do not wait for it here.
		c.Message += ". Databases cannot admit Vault: set securityGroupId or cidr of spec.vault.source"
	}
	c.Message += e.vaultUnrouted()
	if e.claim.cluster == nil && e.readsKeys() {
		c.Message += ". There is no spec.cluster, so bind ClusterRole system:service-account-issuer-discovery to the group " +
			"system:unauthenticated yourself: without it Vault does not read the keys of tokens, and nobody logs in"
	}
	if e.claim.cluster == nil && e.reviews() {
		c.Message += fmt.Sprintf(". There is no spec.cluster, so bind ClusterRole system:auth-delegator to the group "+
			"system:serviceaccounts:%s yourself: without it nobody logs in", e.workloadNamespace())
	}
	return c
}

func (e *environment) vaultPending() (reason conditions.Reason, message string) {
	var planned []health.Resource
	configured := !e.ownAuth()
	for _, r := range e.plan.Resources {
		if vaultNames(r.Name) {
			planned = append(planned, health.Resource{Kind: r.Object.Kind(), Name: r.Object.Name(), Observed: e.in.Observed.Get(r.Name)})
			configured = configured || r.Name == nameAuthConfig || r.Name == nameJWTBackend
		}
	}
	switch all := health.Sum(planned); {
	case !all.Ready:
		return all.Reason, all.Message
	case !configured && e.readsKeys() && (e.eksCluster() == nil || e.cluster.issuer != ""):
		return conditions.Blocked, "waits for the workload cluster to let Vault read the keys of its tokens"
	case !configured && e.authMethod() == pipelinev1.AuthJWT:
		return conditions.Blocked, "waits for EKS to say who issues the tokens of the workload cluster"
	case !configured:
		return conditions.Blocked, "waits for EKS to say where the API server of the workload cluster is"
	}
	return "", ""
}
