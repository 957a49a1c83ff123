package environment

import (
	"maps"
	"testing"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
)

// known is the status of the fixture when it is ready.
func known(t *testing.T, w *world) fields {
	t.Helper()
	role := func(account string) string {
		return "arn:aws:iam::123456789012:role/" + w.in().Name(nameRole+account)
	}
	namespace, kv, database, auth := w.in().Observed.Get(nameNamespace), w.in().Observed.Get(nameKVMount), w.in().Observed.Get(nameDatabaseMount),
		w.in().Observed.Get(nameJWTBackend)
	return fields{
		"phase": "Active",
		"type":  "staging", "owner": fields{"team": "checkout", "costCenter": "cc-42", "contact": "checkout@example.org"},
		"cloud": fields{
			"provider": "aws", "region": "eu-west-1", "accountId": "123456789012", "providerConfigRef": fields{"name": "aws-staging"},
		},
		"network": fields{"vpcId": "vpc-0a1", "cidr": "10.40.0.0/16", "subnets": []any{
			fields{"id": "subnet-0b2", "role": "database", "zone": "eu-west-1b", "cidr": "10.40.72.0/22"},
			fields{"id": "subnet-0b1", "role": "database", "zone": "eu-west-1a", "cidr": "10.40.68.0/22"},
			fields{"id": "subnet-0c1", "role": "private", "zone": "eu-west-1a", "cidr": "10.40.0.0/20"},
		}},
		"workloadNamespace":        namespace.String("spec", "forProvider", "manifest", "metadata", "name"),
		"workloadSecurityGroupIds": []any{clusterGroup},
		"cluster":                  fields{"name": "workloads", "issuer": issuerURL, "endpoint": endpointURL},
		"identities": []any{
			fields{"serviceAccount": "orders-api", "roleArn": role("orders-api")},
			fields{"serviceAccount": "orders-report", "roleArn": role("orders-report")},
		},
		"kmsKeyArn": keyARN,
		"vault": fields{
			"providerConfigRef": fields{"name": "vault"}, "source": fields{"securityGroupId": "sg-0fa017"},
			"kvMount": kv.String("spec", "forProvider", "path"), "databaseMount": database.String("spec", "forProvider", "path"),
			"databaseMountPerService": true,
			"auth":                    fields{"method": "JWT", "mount": auth.String("spec", "forProvider", "path"), "audience": "vault"},
		},
		"tier": fields{
			"podSecurity": "restricted", "teamRole": "edit", "keyDeletable": false,
			"quota": fields{"cpu": "16", "memory": "32Gi", "storage": "200Gi", "pods": 100.0},
		},
		"deletionProtection": false,
	}
}

func TestStatusIsComplete(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	equal(t, "status", known(t, w), w.compose().Status.Done().Map())
}

// What App kinds find does not go because a provider lost its memory, or nobody answers for a moment.
func TestStatusStays(t *testing.T) {
	t.Parallel()
	losses := map[string]func(*world){
		"no provider says anything": func(w *world) {
			for _, o := range w.observed {
				o["status"] = nil
			}
		},
		"core has not looked":                  func(w *world) { w.blind = true },
		"the Network is gone":                  func(w *world) { w.network = nil },
		"the Network is not ready":             func(w *world) { set(w.network, "status.conditions", nil) },
		"the Network does not say where it is": func(w *world) { set(w.network, "status", nil) },
		"the Network is not shared any more":   func(w *world) { set(w.network, "status.sharedWith", nil) },
		"the Network is in another VPC now":    func(w *world) { set(w.network, "status.vpcId", "vpc-0ff") },
	}
	for reason, lose := range losses {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t)
			want := known(t, w)
			lose(w)
			for range 2 {
				p := w.compose()
				equal(t, "status", want, p.Status.Done().Map())
				if len(p.Drops) > 0 {
					t.Errorf("drops %v", drops(p))
				}
				w.xr["status"] = p.Status.Done().Map()
			}
		})
	}
}

// A claim may name any composite as its own. The composite says itself that it is this claim's, and whom it is shared with.
func TestStatusOfAClaim(t *testing.T) {
	t.Parallel()
	w := newWorld(t).with(fields{"sharedWith": []any{"team-search"}}).claimed()
	w.settle()
	status := w.compose().Status.Done()
	equal(t, "composite", "staging-x7k2p", status.String("composite"))
	equal(t, "sharedWith", []string{"team-search"}, status.Strings("sharedWith"))
	set(w.xr, "spec.claimRef", nil)
	equal(t, "without a claim", "", w.compose().Status.Done().String("composite"))
}

// Nothing is told that is not known: an App kind would act on it.
func TestStatusAtTheBeginning(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.blind = true
	p := w.compose()
	want := known(t, readyWorld(t))
	for _, later := range []string{"network", "workloadSecurityGroupIds", "identities", "kmsKeyArn"} {
		delete(want, later)
	}
	want["cluster"] = fields{"name": "workloads"}
	equal(t, "status", want, p.Status.Done().Map())
}

func TestStatusWithoutACluster(t *testing.T) {
	t.Parallel()
	w := minimal(t)
	w.settle()
	want := known(t, readyWorld(t))
	maps.DeleteFunc(want, func(k string, _ any) bool {
		return k == "workloadSecurityGroupIds" || k == "cluster" || k == "identities" || k == "vault"
	})
	want["workloadNamespace"], want["tier"] = "team-checkout", fields{"keyDeletable": false}
	equal(t, "status", want, w.compose().Status.Done().Map())
}

func TestStatusOfTheTier(t *testing.T) {
	t.Parallel()
	w := newWorld(t).with(fields{"type": "production", "quota": fields{"memory": "100Gi"}})
	w.settle()
	status := w.compose().Status.Done()
	equal(t, "tier", fields{
		"podSecurity": "restricted", "teamRole": w.data.tiers["production"].TeamRole, "keyDeletable": false,
		"quota": fields{
			"cpu": w.data.tiers["production"].CPU, "memory": "100Gi", "storage": w.data.tiers["production"].Storage,
			"pods": float64(w.data.tiers["production"].Pods),
		},
	}, status.At("tier").Map())
	if !status.Bool("deletionProtection") {
		t.Error("production is not protected")
	}
}

// In a namespace of others neither Pod Security nor the quota is ours to tell.
func TestStatusOfANamespaceOfOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t).with(fields{"cluster.namespace": "legacy"})
	w.settle()
	status := w.compose().Status.Done()
	equal(t, "tier", fields{"teamRole": "edit", "keyDeletable": false}, status.At("tier").Map())
	equal(t, "workloadNamespace", "legacy", status.String("workloadNamespace"))
}

func TestPublishedEnvironment(t *testing.T) {
	t.Parallel()
	for _, legacy := range []bool{false, true} {
		w := newWorld(t).with(fields{"type": "preview", "ttl": "72h"})
		uid, composite := "env-uid", ""
		if legacy {
			w.claimed()
			uid, composite = "claim-uid", "staging-x7k2p"
		}
		w.settle()
		p, in := w.compose(), w.in()
		want := &pipelinev1.Environment{
			Name: "staging", Namespace: "team-checkout", UID: uid, Composite: composite, Type: pipelinev1.EnvironmentPreview, Phase: pipelinev1.PhaseActive,
			Owner: pipelinev1.Owner{Team: "checkout", CostCenter: "cc-42", Contact: "checkout@example.org"},
			Cloud: pipelinev1.Cloud{
				Provider: pipelinev1.CloudAWS, Region: "eu-west-1", AccountID: "123456789012",
				ProviderConfigRef: &pipelinev1.ProviderConfigReference{Name: "aws-staging"},
			},
			Network: pipelinev1.Network{VPCID: "vpc-0a1", CIDR: "10.40.0.0/16", Subnets: []pipelinev1.Subnet{
				{ID: "subnet-0b2", Role: pipelinev1.SubnetDatabase, Zone: "eu-west-1b", CIDR: "10.40.72.0/22"},
				{ID: "subnet-0b1", Role: pipelinev1.SubnetDatabase, Zone: "eu-west-1a", CIDR: "10.40.68.0/22"},
				{ID: "subnet-0c1", Role: pipelinev1.SubnetPrivate, Zone: "eu-west-1a", CIDR: "10.40.0.0/20"},
			}},
			WorkloadNamespace: w.namespace(), WorkloadSecurityGroupIDs: []string{clusterGroup}, KMSKeyARN: keyARN,
			Identities: []pipelinev1.Identity{
				{ServiceAccount: "orders-api", RoleARN: "arn:aws:iam::123456789012:role/" + in.Name(nameRole+"orders-api")},
				{ServiceAccount: "orders-report", RoleARN: "arn:aws:iam::123456789012:role/" + in.Name(nameRole+"orders-report")},
			},
			Vault: &pipelinev1.Vault{
				ProviderConfigRef: &pipelinev1.ProviderConfigReference{Name: "vault"}, Source: &pipelinev1.VaultSource{SecurityGroupID: "sg-0fa017"},
				KVMount:       in.Observed.Get(nameKVMount).String("spec", "forProvider", "path"),
				DatabaseMount: in.Observed.Get(nameDatabaseMount).String("spec", "forProvider", "path"), DatabaseMountPerService: true,
				Auth: &pipelinev1.VaultAuth{
					Method: "JWT", Mount: in.Observed.Get(nameJWTBackend).String("spec", "forProvider", "path"), Audience: "vault",
				},
			},
		}
		equal(t, "published", want, p.Environment)
		if !p.Own {
			t.Error("the environment would keep itself in its own status")
		}
	}
}
