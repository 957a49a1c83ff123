package environment

import (
	"fmt"
	"net/netip"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// existingMount is a mount that the claim names.
type existingMount struct{ field, path string }

// mountsOf are the mounts that the claim names, with paths as Vault means them: without slashes around.
func mountsOf(v *v1.EnvironmentVault) []existingMount {
	if v.Mounts == nil {
		return nil
	}
	return []existingMount{
		{"kv", strings.Trim(v.Mounts.KV, "/")}, {"database", strings.Trim(v.Mounts.Database, "/")},
		{"kubernetesAuth", strings.Trim(v.Mounts.KubernetesAuth, "/")}, {"jwtAuth", strings.Trim(v.Mounts.JWTAuth, "/")},
	}
}

// identitiesPossible: a service account becomes a role in EKS and nowhere else.
func identitiesPossible(e *environment) *plan.Refusal {
	if len(e.claim.identities) == 0 || (e.claim.cluster != nil && e.claim.cluster.EKS != nil) {
		return nil
	}
	return plan.Refuse(v1.ConditionAccessReady, conditions.InvalidSpec,
		"spec.identities needs spec.cluster.eks: service accounts take on roles in an EKS cluster. Name it, or remove spec.identities")
}

// accountsNamed wants names that Kubernetes takes. IAM takes whatever name a role is made from. Every pod without an account of its
// own runs as default, and would have the role.
// https://kubernetes.io/docs/concepts/security/service-accounts/#default-service-accounts
func accountsNamed(e *environment) *plan.Refusal {
	for i, account := range e.claim.identities {
		switch {
		case account == "default":
			return plan.Refuse(v1.ConditionAccessReady, conditions.IdentityInvalid, fmt.Sprintf(
				"spec.identities[%d].serviceAccount: every pod without an account of its own runs as default; write one for the workload", i))
		case len(account) > 63 || len(validation.IsDNS1123Subdomain(account)) > 0:
			return plan.Refuse(v1.ConditionAccessReady, conditions.IdentityInvalid, fmt.Sprintf(
				"spec.identities[%d].serviceAccount: %q cannot be the name of a service account; write at most 63 lower-case letters, digits, "+
					"hyphens and dots, such as orders-api", i, account))
		}
	}
	return nil
}

func accountsUnique(e *environment) *plan.Refusal {
	seen := make(map[string]bool, len(e.claim.identities))
	for i, account := range e.claim.identities {
		if seen[account] {
			return plan.Refuse(v1.ConditionAccessReady, conditions.IdentityInvalid, fmt.Sprintf(
				"spec.identities[%d].serviceAccount: %q stands there twice. Remove one", i, account))
		}
		seen[account] = true
	}
	return nil
}

// vaultReachable: Vault verifies the tokens of workloads with the keys of whoever issues them.
func vaultReachable(e *environment) *plan.Refusal {
	v, c := e.claim.vault, e.claim.cluster
	if v == nil || v.KubernetesHost+v.Issuer != "" || (c != nil && c.EKS != nil) ||
		(v.Mounts != nil && v.Mounts.KubernetesAuth+v.Mounts.JWTAuth != "") {
		return nil
	}
	return plan.Refuse(v1.ConditionVaultReady, conditions.VaultHostUnknown,
		"spec.vault.issuer: nobody says where Vault finds the keys of the workload cluster's tokens. Write the cluster's issuer there, or "+
			"the address of its API server in spec.vault.kubernetesHost, or spec.cluster.eks, or an auth mount that trusts it already in "+
			"spec.vault.mounts.jwtAuth")
}

// vaultSource admits nobody by accident.
func vaultSource(e *environment) *plan.Refusal {
	if e.claim.vault == nil || e.claim.vault.Source == nil {
		return nil
	}
	refuse := func(message string) *plan.Refusal {
		return plan.Refuse(v1.ConditionVaultReady, conditions.InvalidSpec, "spec.vault.source"+message)
	}
	source := *e.claim.vault.Source
	switch {
	case (source.SecurityGroupID == "") == (source.CIDR == ""):
		return refuse(": write either securityGroupId or cidr")
	case source.SecurityGroupID != "" && !strings.HasPrefix(source.SecurityGroupID, "sg-"):
		return refuse(fmt.Sprintf(".securityGroupId: %q is not the id of a security group; write it as sg-...", source.SecurityGroupID))
	case source.CIDR == "":
		return nil
	}
	if wrong := wrongRange(source.CIDR); wrong != "" {
		return refuse(fmt.Sprintf(".cidr: %q %s", source.CIDR, wrong))
	}
	return nil
}

// widest network that admits nobody by accident, in bits.
const widest = 8

// wrongRange says what is wrong with the range of those who are let in. Empty when nothing is.
func wrongRange(text string) string {
	network, err := netip.ParsePrefix(text)
	switch {
	case err != nil || !network.Addr().Is4():
		return "is not an IPv4 network; write one such as 10.200.0.0/16"
	case network.Bits() < widest:
		return fmt.Sprintf("admits too much of the world; write a network of /%d or smaller", widest)
	case network != network.Masked():
		return fmt.Sprintf("has bits of an address in it; write %s", network.Masked())
	}
	return ""
}

// vaultPortValid: the schema checks it too, and a composite may be older than that.
func vaultPortValid(e *environment) *plan.Refusal {
	if e.claim.vault == nil || e.claim.vault.Port >= 0 && e.claim.vault.Port <= 65535 {
		return nil
	}
	return plan.Refuse(v1.ConditionVaultReady, conditions.InvalidSpec, fmt.Sprintf(
		"spec.vault.port: %d is not a port; write 1 to 65535", e.claim.vault.Port))
}

// vaultMountsApart: two engines cannot be at one path.
func vaultMountsApart(e *environment) *plan.Refusal {
	if e.claim.vault == nil || e.claim.vault.Mounts == nil {
		return nil
	}
	m := mountsOf(e.claim.vault)
	if kv, database := m[0].path, m[1].path; kv != "" && kv == database {
		return plan.Refuse(v1.ConditionVaultReady, conditions.InvalidSpec, fmt.Sprintf(
			"spec.vault.mounts: kv and database are both %q, and two engines cannot be at one path. Write the path of each", kv))
	}
	return nil
}

func isNamespace(name string) bool { return len(validation.IsDNS1123Label(name)) == 0 }
