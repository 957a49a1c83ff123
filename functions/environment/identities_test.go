package environment

import (
	"strings"
	"testing"
	"time"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

const (
	roleAPI, roleReport               = nameRole + "orders-api", nameRole + "orders-report"
	associationAPI, associationReport = nameAssociation + "orders-api", nameAssociation + "orders-report"
	clusterARN                        = "arn:aws:eks:eu-west-1:123456789012:cluster/workloads"
)

// irsa is spec.cluster.eks.identityMode.
func irsa() fields { return fields{"cluster.eks.identityMode": "IRSA"} }

// withIdentities is a world with EKS and two identities, and without Vault.
func withIdentities(t *testing.T) *world {
	t.Helper()
	return newWorld(t).with(fields{"vault": nil})
}

// ofIdentities are the names of a plan's roles and associations.
func ofIdentities(p *plan.Plan) []string {
	var names []string
	for _, name := range resourceNames(p) {
		if strings.HasPrefix(name, nameRole) || strings.HasPrefix(name, nameAssociation) {
			names = append(names, name)
		}
	}
	return names
}

func identityARN(p *plan.Plan, role string) string {
	return "arn:aws:iam::123456789012:role/" + wanted(p, role).Name()
}

// podTrust is the trust of a service account's role with Pod Identity.
func podTrust(namespace, account string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":["pods.eks.amazonaws.com"]},` +
		`"Action":["sts:AssumeRole","sts:TagSession"],"Condition":{"ArnEquals":{"aws:SourceArn":["` + clusterARN + `"]},` +
		`"StringEquals":{"aws:RequestTag/kubernetes-namespace":["` + namespace + `"],"aws:RequestTag/kubernetes-service-account":["` + account + `"],` +
		`"aws:SourceAccount":["123456789012"]}}}]}`
}

// tokenTrust is the trust of a service account's role with IRSA.
func tokenTrust(namespace, account string) string {
	const issuer = "oidc.eks.eu-west-1.amazonaws.com/id/ABC123"
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":["arn:aws:iam::123456789012:oidc-provider/` + issuer +
		`"]},"Action":["sts:AssumeRoleWithWebIdentity"],"Condition":{"StringEquals":{"` + issuer + `:aud":["sts.amazonaws.com"],"` +
		issuer + `:sub":["system:serviceaccount:` + namespace + `:` + account + `"]}}}]}`
}

func TestPodIdentity(t *testing.T) {
	t.Parallel()
	for reason, w := range map[string]*world{"namespaced": withIdentities(t), "claims": withIdentities(t).claimed()} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			p := w.settle()
			namespace := p.Status.Done().String("workloadNamespace")
			equal(t, "names", []string{associationAPI, associationReport, roleAPI, roleReport}, ofIdentities(p))
			equal(t, "role", fields{
				"assumeRolePolicy": podTrust(namespace, "orders-api"), "description": "Service account orders-api in environment team-checkout/staging",
			}, forProvider(p, roleAPI).Map())
			equal(t, "association", fields{
				"region": "eu-west-1", "clusterName": "workloads", "namespace": namespace, "serviceAccount": "orders-api",
				"roleArn": identityARN(p, roleAPI),
			}, forProvider(p, associationAPI).Map())
			equal(t, "status", []any{
				fields{"serviceAccount": "orders-api", "roleArn": identityARN(p, roleAPI)},
				fields{"serviceAccount": "orders-report", "roleArn": identityARN(p, roleReport)},
			}, p.Status.Done().Map()["identities"])
			equal(t, "condition", conditions.True, condition(p, v1.ConditionAccessReady).Status)
		})
	}
}

func TestIRSA(t *testing.T) {
	t.Parallel()
	p := withIdentities(t).with(irsa()).settle()
	namespace := p.Status.Done().String("workloadNamespace")
	equal(t, "names", []string{roleAPI, roleReport}, ofIdentities(p))
	equal(t, "trust", tokenTrust(namespace, "orders-api"), forProvider(p, roleAPI).String("assumeRolePolicy"))
	equal(t, "the other trust", tokenTrust(namespace, "orders-report"), forProvider(p, roleReport).String("assumeRolePolicy"))
	equal(t, "condition", conditions.True, condition(p, v1.ConditionAccessReady).Status)
}

func TestTrustInEveryPartition(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]string{
		"eu-west-1": "arn:aws:iam::", "us-gov-west-1": "arn:aws-us-gov:iam::", "cn-north-1": "arn:aws-cn:iam::",
	} {
		w := withIdentities(t).with(irsa()).with(fields{"cloud.region": region, "networkRef": nil})
		policy := forProvider(w.settle(), roleAPI).String("assumeRolePolicy")
		if !strings.Contains(policy, `"Federated":["`+want+"123456789012:oidc-provider/") || !strings.Contains(policy, `:aud":["sts.amazonaws.com"]`) {
			t.Errorf("%s: %s", region, policy)
		}
	}
}

// Roles with names that differ in a dot alone are two.
func TestServiceAccountsWithDots(t *testing.T) {
	t.Parallel()
	w := withIdentities(t).with(fields{"identities": []any{fields{"serviceAccount": "a.b"}, fields{"serviceAccount": "a-b"}}})
	p := w.settle()
	equal(t, "names", []string{nameAssociation + "a-b", nameAssociation + "a.b", nameRole + "a-b", nameRole + "a.b"}, ofIdentities(p))
	dotted, dashed := wanted(p, nameRole+"a.b").Name(), wanted(p, nameRole+"a-b").Name()
	if dotted == dashed || len(dotted) > 64 || strings.Contains(dotted, ".") {
		t.Errorf("names of the roles: %s, %s", dotted, dashed)
	}
	equal(t, "drops", []string(nil), drops(p))
}

func TestPermissionsBoundary(t *testing.T) {
	t.Parallel()
	w := withIdentities(t)
	w.data.tenancy.Rules[0].PermissionsBoundary = "arn:{partition}:iam::{accountId}:policy/workload-boundary"
	p := w.settle()
	for _, name := range []string{roleAPI, roleReport} {
		equal(t, name, "arn:aws:iam::123456789012:policy/workload-boundary", forProvider(p, name).String("permissionsBoundary"))
	}
	w.data.tenancy = everything()
	equal(t, "without a rule", false, forProvider(w.compose(), roleAPI).Has("permissionsBoundary"))
}

// A role is composed once its trust can be told, and an association once the role is there.
func TestIdentitiesWait(t *testing.T) {
	t.Parallel()
	for mode, claim := range map[string]fields{"PodIdentity": nil, "IRSA": irsa()} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			w := withIdentities(t).with(claim)
			w.asleep = []string{nameEKS, roleAPI}
			w.step()
			w.settle()
			p := w.compose()
			equal(t, "while EKS is silent", []string(nil), ofIdentities(p))
			equal(t, "condition", conditions.Condition{
				Type: v1.ConditionAccessReady, Status: conditions.False, Reason: conditions.Blocked,
				Message: "the role of service account orders-api waits for what EKS says of the cluster",
			}, condition(p, v1.ConditionAccessReady))
			w.asleep = []string{roleAPI}
			w.step()
			w.step()
			p = w.settle()
			want := []string{associationReport, roleAPI, roleReport}
			if mode == "IRSA" {
				want = want[1:]
			}
			equal(t, "while a role is made", want, ofIdentities(p))
			equal(t, "identities", 1, len(p.Status.Done().List("identities")))
			c := condition(p, v1.ConditionAccessReady)
			equal(t, "what it waits for", "Role "+wanted(p, roleAPI).Name()+": no status from the provider yet", c.Message)
		})
	}
}

// Nobody loses a permission because something is not known now.
func TestIdentitiesAreLost(t *testing.T) {
	t.Parallel()
	cases := map[string]func(*world){
		"EKS":                                   func(w *world) { delete(w.observed, nameEKS) },
		"the status of EKS":                     func(w *world) { delete(w.observed[nameEKS], "status") },
		"what EKS said last":                    func(w *world) { delete(w.observed[nameEKS], "status"); set(w.xr, "status.cluster", nil) },
		"the status of a role":                  func(w *world) { delete(w.observed[roleAPI], "status") },
		"our status":                            func(w *world) { delete(w.xr, "status") },
		"our status and that of an association": func(w *world) { delete(w.xr, "status"); delete(w.observed[associationAPI], "status") },
	}
	for reason, change := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := withIdentities(t)
			before := w.settle()
			change(w)
			p := w.compose()
			for _, name := range ofIdentities(before) {
				equal(t, name, wanted(before, name).Map(), wanted(p, name).Map())
			}
			equal(t, "drops", []string(nil), drops(p))
			equal(t, "identities", before.Status.Done().Map()["identities"], p.Status.Done().Map()["identities"])
		})
	}
}

// A role that is not composed has no association, even where its ARN is remembered.
func TestAssociationWaitsForItsRole(t *testing.T) {
	t.Parallel()
	w := withIdentities(t)
	w.settle()
	delete(w.observed, roleAPI)
	delete(w.observed, associationAPI)
	delete(w.observed[nameEKS], "status")
	set(w.xr, "status.cluster", nil)
	equal(t, "names", []string{associationReport, roleReport}, ofIdentities(w.compose()))
}

// Without the role's ARN anywhere the association stays on the role that it is on.
func TestAssociationStaysOnItsRole(t *testing.T) {
	t.Parallel()
	w := withIdentities(t)
	before := w.settle()
	delete(w.xr, "status")
	delete(w.observed[roleAPI], "status")
	p := w.compose()
	equal(t, "association", forProvider(before, associationAPI).Map(), forProvider(p, associationAPI).Map())
	equal(t, "identities", 1, len(p.Status.Done().List("identities")))
}

func TestIdentityIsTakenOut(t *testing.T) {
	t.Parallel()
	w := withIdentities(t)
	w.settle()
	p := w.with(fields{"identities": []any{fields{"serviceAccount": "orders-report"}}}).compose()
	equal(t, "stays", []string{associationReport, roleReport}, ofIdentities(p))
	for _, name := range []string{associationAPI, roleAPI} {
		found := false
		for _, d := range p.Drops {
			found = found || d.Name == name && d.Reason == "SpecChanged" && d.Message == "spec.identities no longer names orders-api"
		}
		if !found {
			t.Errorf("%s is not dropped: %v", name, p.Drops)
		}
	}
	equal(t, "identities", []any{fields{"serviceAccount": "orders-report", "roleArn": identityARN(p, roleReport)}},
		p.Status.Done().Map()["identities"])
	equal(t, "in the end", []string{associationReport, roleReport}, ofIdentities(w.settle()))
}

// The mode may change: the role stays, and whom it trusts follows.
func TestIdentityModeChanges(t *testing.T) {
	t.Parallel()
	w := withIdentities(t)
	before := w.settle()
	namespace := before.Status.Done().String("workloadNamespace")
	p := w.with(irsa()).compose()
	equal(t, "drops", []string{associationAPI + ": SpecChanged", associationReport + ": SpecChanged"}, drops(p))
	equal(t, "trust", tokenTrust(namespace, "orders-api"), forProvider(p, roleAPI).String("assumeRolePolicy"))
	equal(t, "role", wanted(before, roleAPI).Name(), wanted(p, roleAPI).Name())
	w.settle()
	p = w.with(fields{"cluster.eks.identityMode": "PodIdentity"}).settle()
	equal(t, "and back", ofIdentities(before), ofIdentities(p))
	equal(t, "trust again", podTrust(namespace, "orders-api"), forProvider(p, roleAPI).String("assumeRolePolicy"))
}

// EKS cannot move an association: where it is stays.
func TestAssociationIsNotMoved(t *testing.T) {
	t.Parallel()
	w := withIdentities(t)
	w.settle()
	set(w.observed[associationAPI], "spec.forProvider.namespace", "elsewhere")
	set(w.observed[associationAPI], "spec.forProvider.clusterName", "other")
	p := w.compose()
	equal(t, "association", []string{"elsewhere", "other"},
		[]string{forProvider(p, associationAPI).String("namespace"), forProvider(p, associationAPI).String("clusterName")})
}

func TestAccessReadyNamesWhatFails(t *testing.T) {
	t.Parallel()
	for _, name := range []string{roleAPI, associationReport} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := withIdentities(t)
			p := w.settle()
			set(w.observed[name], "status.conditions", []any{fields{"type": "Synced", "status": "False", "message": "out of luck"}})
			c := condition(w.compose(), v1.ConditionAccessReady)
			equal(t, "condition", conditions.Condition{
				Type: v1.ConditionAccessReady, Status: conditions.False, Reason: conditions.Failing,
				Message: wanted(p, name).Kind() + " " + wanted(p, name).Name() + ": out of luck",
			}, c)
		})
	}
}

// Pods would be without a role in between.
func TestAssociationGoesWhenTheRoleTrustsTokens(t *testing.T) {
	t.Parallel()
	w := withIdentities(t)
	before := w.settle()
	delete(w.observed[nameEKS], "status")
	set(w.xr, "status.cluster", nil)
	p := w.with(irsa()).compose()
	for _, name := range ofIdentities(before) {
		equal(t, name, wanted(before, name).Map(), wanted(p, name).Map())
	}
	equal(t, "drops", []string(nil), drops(p))
	equal(t, "in the end", []string{roleAPI, roleReport}, ofIdentities(w.settle()))
}

// An expired preview is not judged any more, so that anything may be missing in its claim. What is there stays as it is until its turn.
func TestIdentitiesOfAnExpiredPreview(t *testing.T) {
	t.Parallel()
	w := withIdentities(t).with(fields{"type": "preview", "ttl": "1h"}).use("team-checkout", "orders")
	before := w.settle()
	w.now = created().Add(2 * time.Hour)
	p := w.with(fields{"cluster.eks": nil}).compose()
	for _, name := range []string{roleAPI, roleReport} {
		equal(t, name, wanted(before, name).Map(), wanted(p, name).Map())
	}
	w.with(fields{"identities": []any{fields{"serviceAccount": "new"}}})
	equal(t, "nothing new", ofIdentities(before), ofIdentities(w.compose()))
}
