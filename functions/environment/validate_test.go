package environment

import (
	"errors"
	"testing"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/partition"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

func asRefusal(err error, into **plan.Refusal) bool { return errors.As(err, into) }

// refused is the refusal of a world; the zero Condition when there is none.
func refused(t *testing.T, w *world) conditions.Condition {
	t.Helper()
	_, err := w.call()
	refusal := &plan.Refusal{}
	if err != nil && !asRefusal(err, &refusal) {
		t.Fatalf("a mistake of a person is no defect: %v", err)
	}
	return refusal.Condition
}

func refusal(conditionType string, reason conditions.Reason, message string) conditions.Condition {
	return conditions.Condition{Type: conditionType, Status: conditions.False, Reason: reason, Message: message}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	accounts := func(names ...string) []any {
		var list []any
		for _, name := range names {
			list = append(list, fields{"serviceAccount": name})
		}
		return list
	}
	cases := map[string]struct {
		claim fields
		want  conditions.Condition
	}{
		"a type that there is not": {fields{"type": "qa"}, refusal("NetworkReady", conditions.InvalidSpec,
			`spec.type: "qa" is not a type of environment; write one of dev, preview, production, staging`)},
		"a cloud that is to come": {fields{"cloud.provider": "gcp"}, refusal("NetworkReady", conditions.EnvironmentCloudUnsupported,
			`spec.cloud.provider: "gcp" is not offered yet; write aws`)},
		"a region that there is not": {fields{"cloud.region": "eu-wst-1"}, refusal("NetworkReady", conditions.RegionUnknown, "spec.cloud.region: "+
			partition.Check("eu-wst-1", nil).Error())},
		"no account": {fields{"cloud.accountId": nil}, refusal("NetworkReady", conditions.InvalidSpec,
			`spec.cloud.accountId: "" is not an AWS account; write its twelve digits, in quotes`)},
		"an account with a digit too few": {fields{"cloud.accountId": "12345678901"}, refusal("NetworkReady", conditions.InvalidSpec,
			`spec.cloud.accountId: "12345678901" is not an AWS account; write its twelve digits, in quotes`)},
		"a ttl in production": {fields{"type": "production", "ttl": "72h"}, refusal("NetworkReady", conditions.InvalidTTL,
			"spec.ttl: an environment of type production does not expire: remove the field. It is for previews")},
		"a ttl under the minimum": {fields{"type": "preview", "ttl": "59m"}, refusal("NetworkReady", conditions.InvalidTTL,
			"spec.ttl: 59m is too short: write 1h or more")},
		"a ttl over the limit": {fields{"type": "preview", "ttl": "721h"}, refusal("NetworkReady", conditions.InvalidTTL,
			"spec.ttl: 721h is too long: write 30d or less. For something that lasts, create an environment of type dev")},
		"a ttl that nobody can read": {fields{"type": "preview", "ttl": "a week"}, refusal("NetworkReady", conditions.InvalidTTL,
			`spec.ttl: "a week" is not a time span: write a number with m, h or d, such as 72h or 14d`)},
		"shared with everybody": {fields{"sharedWith": []any{"team-a", "*"}}, refusal("NetworkReady", conditions.SharedTooWide,
			`spec.sharedWith[1]: "*" would include everything by accident; write a prefix of at least three characters before the *, or the `+
				`names of the namespaces`)},
		"shared with nearly everybody": {fields{"sharedWith": []any{"te*"}}, refusal("NetworkReady", conditions.SharedTooWide,
			`spec.sharedWith[0]: "te*" would include everything by accident; write a prefix of at least three characters before the *, or the `+
				`names of the namespaces`)},
		"shared with no namespace": {fields{"sharedWith": []any{"Team A"}}, refusal("NetworkReady", conditions.InvalidSpec,
			`spec.sharedWith[0]: "Team A" is not the name of a namespace; write one, or a prefix that ends in *, such as team-checkout-*`)},
		"shared with stars within": {fields{"sharedWith": []any{"team-*-x"}}, refusal("NetworkReady", conditions.InvalidSpec,
			`spec.sharedWith[0]: "team-*-x" is not the name of a namespace; write one, or a prefix that ends in *, such as team-checkout-*`)},
		"two networks": {fields{"network": fields{"cidr": "10.50.0.0/16"}}, refusal("NetworkReady", conditions.InvalidSpec,
			"spec.networkRef and spec.network are both there: write networkRef, for a Network that exists, or network, for one of its own")},
		"a network without a range": {fields{"networkRef": nil, "network": fields{"zones": 2}}, refusal("NetworkReady", conditions.InvalidSpec,
			"spec.network.cidr is missing: write the range of the new network, such as 10.40.0.0/16")},
		"a network of its own that is too small": {
			fields{"networkRef": nil, "network": fields{"cidr": "10.9.0.0/27"}}, refusal("NetworkReady", conditions.InvalidCIDR,
				"spec.network.cidr: 10.9.0.0/27 is too small: it has to have room for three zones with a subnet of each tier, so that one can be "+
					"added later. The smallest that fits is a /24; write 10.9.0.0/24"),
		},
		"a cluster without a name": {fields{"cluster": fields{"group": "people"}, "identities": nil, "vault": nil},
			refusal("ClusterReady", conditions.InvalidSpec, "spec.cluster.providerConfigRef.name is missing: write the name of the provider-kubernetes "+
				"configuration that leads to the cluster")},
		"EKS without a name": {fields{"cluster.eks.name": nil}, refusal("ClusterReady", conditions.InvalidSpec,
			"spec.cluster.eks.name is missing: write the name of the cluster in EKS, or remove spec.cluster.eks")},
		"a quota of nothing": {fields{"quota": fields{"cpu": "many"}}, refusal("ClusterReady", conditions.InvalidQuota,
			`spec.quota.cpu: "many" is not a quantity; write for example 20`)},
		"a quota without a cluster": {fields{"cluster": nil, "identities": nil, "vault": nil, "quota": fields{"cpu": "4"}},
			refusal("ClusterReady", conditions.InvalidQuota, "spec.quota needs spec.cluster: without it workloads run in namespace team-checkout, "+
				"beside this object, which has a quota of its own. Remove spec.quota, or name the cluster")},
		"identities without a cluster": {fields{"cluster": nil, "vault": nil}, refusal("AccessReady", conditions.InvalidSpec,
			"spec.identities needs spec.cluster.eks: service accounts take on roles in an EKS cluster. Name it, or remove spec.identities")},
		"identities without EKS": {fields{"cluster.eks": nil, "vault": nil}, refusal("AccessReady", conditions.InvalidSpec,
			"spec.identities needs spec.cluster.eks: service accounts take on roles in an EKS cluster. Name it, or remove spec.identities")},
		"an account that Kubernetes does not take": {fields{"identities": accounts("api", "Orders_API")},
			refusal("AccessReady", conditions.IdentityInvalid, `spec.identities[1].serviceAccount: "Orders_API" cannot be the name of a service `+
				`account; write at most 63 lower-case letters, digits, hyphens and dots, such as orders-api`)},
		"the account of every pod": {fields{"identities": accounts("default")}, refusal("AccessReady", conditions.IdentityInvalid,
			"spec.identities[0].serviceAccount: every pod without an account of its own runs as default; write one for the workload")},
		"an account twice": {fields{"identities": accounts("api", "worker", "api")}, refusal("AccessReady", conditions.IdentityInvalid,
			`spec.identities[2].serviceAccount: "api" stands there twice. Remove one`)},
		"Vault without an API server": {fields{"identities": nil, "cluster.eks": nil}, refusal("VaultReady", conditions.VaultHostUnknown,
			"spec.vault.issuer: nobody says where Vault finds the keys of the workload cluster's tokens. Write the cluster's issuer there, or the "+
				"address of its API server in spec.vault.kubernetesHost, or spec.cluster.eks, or an auth mount that trusts it already in "+
				"spec.vault.mounts.jwtAuth")},
		"Vault from two sources": {fields{"vault.source": fields{"securityGroupId": "sg-1", "cidr": "10.0.0.0/24"}},
			refusal("VaultReady", conditions.InvalidSpec, "spec.vault.source: write either securityGroupId or cidr")},
		"Vault from no source at all": {fields{"vault.source": fields{}}, refusal("VaultReady", conditions.InvalidSpec,
			"spec.vault.source: write either securityGroupId or cidr")},
		"Vault from what is no security group": {fields{"vault.source": fields{"securityGroupId": "vault"}},
			refusal("VaultReady", conditions.InvalidSpec, `spec.vault.source.securityGroupId: "vault" is not the id of a security group; write it as sg-...`)},
		"Vault from the world": {fields{"vault.source": fields{"cidr": "0.0.0.0/0"}}, refusal("VaultReady", conditions.InvalidSpec,
			`spec.vault.source.cidr: "0.0.0.0/0" admits too much of the world; write a network of /8 or smaller`)},
		"Vault from an address": {fields{"vault.source": fields{"cidr": "10.0.0.7/24"}}, refusal("VaultReady", conditions.InvalidSpec,
			`spec.vault.source.cidr: "10.0.0.7/24" has bits of an address in it; write 10.0.0.0/24`)},
		"Vault from no network": {fields{"vault.source": fields{"cidr": "10.0.0/24"}}, refusal("VaultReady", conditions.InvalidSpec,
			`spec.vault.source.cidr: "10.0.0/24" is not an IPv4 network; write one such as 10.200.0.0/16`)},
		"Vault from IPv6": {fields{"vault.source": fields{"cidr": "fd00::/8"}}, refusal("VaultReady", conditions.InvalidSpec,
			`spec.vault.source.cidr: "fd00::/8" is not an IPv4 network; write one such as 10.200.0.0/16`)},
		"two engines at one path": {fields{"vault.mounts": fields{"kv": "team/", "database": "/team"}}, refusal("VaultReady", conditions.InvalidSpec,
			`spec.vault.mounts: kv and database are both "team", and two engines cannot be at one path. Write the path of each`)},
		"Vault at no port": {fields{"vault.port": 70000.0}, refusal("VaultReady", conditions.InvalidSpec,
			"spec.vault.port: 70000 is not a port; write 1 to 65535")},
		"a deployer that is nobody": {fields{"cluster.deployers": []any{fields{}}}, refusal("ClusterReady", conditions.InvalidSpec,
			"spec.cluster.deployers[0]: write either group or serviceAccount")},
		"a deployer that is everybody": {fields{"cluster.deployers": []any{fields{"group": "a"}, fields{"group": "system:authenticated"}}},
			refusal("ClusterReady", conditions.InvalidSpec,
				`spec.cluster.deployers[1].group: "system:authenticated" is a group of Kubernetes' own; write one of people, or a serviceAccount`)},
		"a deployer without a namespace": {fields{"cluster.deployers": []any{fields{"serviceAccount": fields{"name": "argocd"}}}},
			refusal("ClusterReady", conditions.InvalidSpec, "spec.cluster.deployers[0].serviceAccount: needs namespace and name")},
		"a caller that is nobody": {fields{"cluster.ingress": []any{fields{"ports": []any{80.0}}}}, refusal("ClusterReady", conditions.InvalidSpec,
			"spec.cluster.ingress[0]: write either namespace or cidr")},
		"a caller from the world": {fields{"cluster.ingress": []any{fields{"cidr": "0.0.0.0/0", "ports": []any{80.0}}}},
			refusal("ClusterReady", conditions.InvalidSpec,
				`spec.cluster.ingress[0].cidr: "0.0.0.0/0" admits too much of the world; write a network of /8 or smaller`)},
		"a caller from no namespace": {fields{"cluster.ingress": []any{fields{"namespace": "-", "ports": []any{80.0}}}},
			refusal("ClusterReady", conditions.InvalidSpec,
				`spec.cluster.ingress[0].namespace: "-" is not the name of a namespace; write one such as ingress-nginx`)},
		"a caller of no port": {fields{"cluster.ingress": []any{fields{"namespace": "a"}}}, refusal("ClusterReady", conditions.InvalidSpec,
			"spec.cluster.ingress[0].ports is empty; write the ports that the workloads listen on, such as [8080]")},
		"a caller of what is no port": {fields{"cluster.ingress": []any{fields{"namespace": "a", "ports": []any{0.0}}}},
			refusal("ClusterReady", conditions.InvalidSpec, "spec.cluster.ingress[0].ports[0]: 0 is not a port; write 1 to 65535")},
		"callers of a namespace of others": {fields{"cluster.namespace": "legacy", "cluster.ingress": []any{fields{"namespace": "a", "ports": []any{80.0}}}},
			refusal("ClusterReady", conditions.InvalidSpec,
				"spec.cluster.ingress: namespace legacy belongs to others, with its network policies. Remove the field")},
		"the first of several mistakes": {fields{"type": "preview", "ttl": "1m", "cloud.provider": "gcp"},
			refusal("NetworkReady", conditions.EnvironmentCloudUnsupported, `spec.cloud.provider: "gcp" is not offered yet; write aws`)},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).with(tc.claim)
			equal(t, "refusal", tc.want, refused(t, w))
		})
	}
}

func TestWhatIsNoMistake(t *testing.T) {
	t.Parallel()
	cases := map[string]fields{
		"as it is":                                {},
		"no more than it has to be":               {"cluster": nil, "identities": nil, "vault": nil, "networkRef": nil},
		"the shortest ttl":                        {"type": "preview", "ttl": "60m"},
		"the longest ttl":                         {"type": "preview", "ttl": "30d"},
		"shared with prefixes":                    {"sharedWith": []any{"team-checkout-*", "team*", "abc*", "platform"}},
		"a network of its own":                    {"networkRef": nil, "network": fields{"cidr": "10.50.0.0/16"}},
		"Vault with an address":                   {"identities": nil, "cluster.eks": nil, "vault.kubernetesHost": "https://api.example.org"},
		"Vault that trusts the cluster already":   {"identities": nil, "cluster.eks": nil, "vault.mounts": fields{"kubernetesAuth": "workloads"}},
		"Vault without a source":                  {"vault.source": nil},
		"Vault from a network":                    {"vault.source": fields{"cidr": "10.200.0.0/16"}},
		"one path for a secret engine and logins": {"vault.mounts": fields{"kv": "team", "kubernetesAuth": "team"}},
		"a quota":              {"quota": fields{"cpu": "4", "memory": "8Gi", "storage": "10Gi", "pods": 5}},
		"an account with dots": {"identities": []any{fields{"serviceAccount": "orders.api"}, fields{"serviceAccount": "orders-api"}}},
	}
	for reason, claim := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).with(claim)
			equal(t, "refusal", conditions.Condition{}, refused(t, w))
		})
	}
}

func TestWhatCannotChange(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		claim fields
		want  conditions.Condition
	}{
		"the region": {fields{"cloud.region": "us-east-1"}, refusal("NetworkReady", conditions.CloudChanged,
			`spec.cloud.region: the environment is in "eu-west-1" and cannot move to "us-east-1". Write "eu-west-1" again, or create another Environment`)},
		"the account": {fields{"cloud.accountId": "210987654321"}, refusal("NetworkReady", conditions.CloudChanged,
			`spec.cloud.accountId: the environment is in "123456789012" and cannot move to "210987654321". Write "123456789012" again, or create `+
				`another Environment`)},
		"the cloud": {fields{"cloud.provider": "gcp"}, refusal("NetworkReady", conditions.CloudChanged,
			`spec.cloud.provider: the environment is in "aws" and cannot move to "gcp". Write "aws" again, or create another Environment`)},
		"the type": {fields{"type": "production"}, refusal("NetworkReady", conditions.TypeChanged,
			`spec.type: the environment is of type staging and cannot become production. Write staging again, or create another Environment`)},
		"the cluster": {fields{"cluster.providerConfigRef.name": "other"}, refusal("ClusterReady", conditions.ClusterChanged,
			`spec.cluster.providerConfigRef.name: the environment's workloads are in "workloads" and cannot move to "other". Write "workloads" again, `+
				`or create another Environment`)},
		"the EKS cluster": {fields{"cluster.eks.name": "other"}, refusal("ClusterReady", conditions.ClusterChanged,
			`spec.cluster.eks.name: the environment's workloads are in "workloads" and cannot move to "other". Write "workloads" again, or create `+
				`another Environment`)},
	}
	for reason, tc := range cases {
		losses := []string{"nothing is lost", "the composite's status is lost", "what the provider said is lost"}
		if tc.want.Reason == conditions.CloudChanged {
			losses = append(losses, "the key is lost", "all but the status is lost")
		}
		for _, loss := range losses {
			t.Run(reason+", "+loss, func(t *testing.T) {
				t.Parallel()
				w := readyWorld(t)
				switch loss {
				case "the composite's status is lost":
					w.xr["status"] = nil
				case "what the provider said is lost":
					for _, o := range w.observed {
						o["status"] = nil
					}
				case "the key is lost":
					delete(w.observed, nameKey)
					set(w.xr, "status.kmsKeyArn", nil)
				case "all but the status is lost":
					w.observed = map[string]fields{}
				}
				equal(t, "refusal", tc.want, refused(t, w.with(tc.claim)))
			})
		}
	}
}

// With nothing composed there is nothing that could not follow.
func TestWhatIsNotThereCanChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.step()
	w.observed = map[string]fields{}
	w.xr["status"] = nil
	equal(t, "refusal", conditions.Condition{}, refused(t, w.with(fields{
		"cloud.region": "us-east-1", "cloud.accountId": "210987654321", "type": "production", "cluster.eks.name": "other",
	})))
}

// A refusal publishes nothing: a step behind would act on it.
func TestARefusalPublishesNothing(t *testing.T) {
	t.Parallel()
	p, err := newWorld(t).with(fields{"cloud.provider": string(pipelinev1.CloudGCP)}).call()
	if err == nil || p.Environment != nil || len(p.Resources) > 0 {
		t.Errorf("%v, %+v", err, p)
	}
}
