package environment

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	inputv1 "github.com/goldenpath-dev/goldenpath/functions/environment/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
	"github.com/goldenpath-dev/goldenpath/functions/internal/tenancy"
)

// accounts are the names of n service accounts, from a number on.
func accounts(from, n int) []string {
	names := make([]string, 0, n)
	for i := range n {
		names = append(names, fmt.Sprintf("service-%02d", from+i))
	}
	return names
}

func (w *world) identify(names ...string) *world {
	all := make([]any, 0, len(names))
	for _, name := range names {
		all = append(all, fields{"serviceAccount": name})
	}
	return w.with(fields{"identities": all})
}

// where the service accounts of a plan are: here, in the first composite, in the second.
func where(p *plan.Plan) [][]string {
	var here []string
	for _, name := range resourceNames(p) {
		if account, ok := strings.CutPrefix(name, nameRole); ok {
			here = append(here, account)
		}
	}
	all := [][]string{here}
	for at := range composites {
		all = append(all, wanted(p, identitiesName(at)).Strings("spec", "serviceAccounts"))
	}
	return all
}

// A team has thirty services: eight are here, as ever, and the others in composites of their own.
func TestThirtyIdentities(t *testing.T) {
	t.Parallel()
	w := withIdentities(t).identify(accounts(0, 30)...)
	p := w.settle()
	equal(t, "where", [][]string{accounts(0, 8), accounts(8, 16), accounts(24, 6)}, where(p))
	var told []string
	for _, i := range p.Environment.Identities {
		told = append(told, i.ServiceAccount)
	}
	equal(t, "told", accounts(0, 30), told)
	equal(t, "another's role", pipelinev1.Identity{ServiceAccount: "service-20", RoleARN: "arn:aws:iam::123456789012:role/more-service-20"},
		p.Environment.Identities[20])
	equal(t, "ready", true, condition(p, "AccessReady").Is())
	if n := len(p.Resources); n > 50 {
		t.Errorf("%d resources", n)
	}
	for at, name := range map[int]string{0: "platform.io/v1 EnvironmentIdentities", 1: "platform.io/v1 EnvironmentIdentities"} {
		o := wanted(p, identitiesName(at))
		equal(t, "kind", name, o.APIVersion()+" "+o.Kind())
	}
}

// Who adds a service account moves nobody, and who removes one takes nothing from the others. The order of the claim is of no matter.
func TestIdentitiesStayWhereTheyAre(t *testing.T) {
	t.Parallel()
	w := withIdentities(t).identify(accounts(0, 26)...)
	w.settle()
	more := append([]string{"aaa-first"}, accounts(0, 26)...)
	p := w.identify(more...).settle()
	equal(t, "one more", [][]string{accounts(0, 8), accounts(8, 16), append([]string{"aaa-first"}, accounts(24, 2)...)}, where(p))
	backwards := slices.Clone(more)
	slices.Reverse(backwards)
	equal(t, "the order", where(p), where(w.identify(backwards...).compose()))

	less := slices.DeleteFunc(slices.Clone(more), func(name string) bool { return name == "service-03" || name == "service-10" })
	p = w.identify(less...).compose()
	for _, d := range p.Drops {
		if !strings.HasSuffix(d.Name, "-service-03") {
			t.Errorf("%s goes", d.Name)
		}
	}
	equal(t, "two less", []int{7, 15, 3}, []int{len(where(p)[0]), len(where(p)[1]), len(where(p)[2])})
	w.apply(p)
	p = w.identify(append(less, "zzz-last")...).settle()
	equal(t, "room is used again", true, slices.Contains(where(p)[0], "zzz-last"))

	p = w.identify(less[:20]...).compose()
	w.apply(p)
	p = w.identify(accounts(0, 3)...).compose()
	for _, name := range []string{identitiesName(0), identitiesName(1)} {
		if !slices.Contains(drops(p), name+": SpecChanged") && w.observed[name] != nil {
			t.Errorf("%s stays without a service account", name)
		}
	}
}

// The other composites wait for what they need, and keep what they were told while nobody says it.
func TestMoreIdentitiesWait(t *testing.T) {
	t.Parallel()
	w := withIdentities(t).identify(accounts(0, 10)...)
	w.asleep = []string{nameEKS}
	p := w.settle()
	equal(t, "while EKS is silent", true, wanted(p, identitiesName(0)).IsZero())
	equal(t, "condition", conditions.Blocked, condition(p, "AccessReady").Reason)
	w.asleep = nil
	w.wake(nameEKS)
	before := wanted(w.settle(), identitiesName(0))
	for _, o := range w.observed {
		o["status"] = nil
	}
	w.xr["status"] = nil
	p = w.compose()
	equal(t, "with all words lost", before.At("spec").Map(), wanted(p, identitiesName(0)).At("spec").Map())
	equal(t, "drops", []string(nil), drops(p))
}

func TestTooManyIdentities(t *testing.T) {
	t.Parallel()
	equal(t, "refusal", refusal("AccessReady", conditions.InvalidSpec,
		"spec.identities: 41 are too many; write 40 at most, and the others in another Environment"),
		refused(t, newWorld(t).identify(accounts(0, 41)...)))
	equal(t, "as many as there may be", conditions.Condition{}, refused(t, newWorld(t).identify(accounts(0, 40)...)))
}

// moreWorld is the EnvironmentIdentities that an Environment with ten identities composes.
func moreWorld(t *testing.T, claim fields) *world {
	t.Helper()
	parent := withIdentities(t).with(claim).identify(accounts(0, 10)...)
	rule := &parent.data.tenancy.Rules[0]
	rule.PermissionsBoundary = "arn:{partition}:iam::{accountId}:policy/workload-boundary"
	w := newWorld(t)
	w.more = true
	w.xr = wanted(parent.settle(), identitiesName(0)).Map()
	set(w.xr, "metadata.uid", "more-uid")
	return w
}

// An identity is the same wherever it is composed.
func TestMoreIdentities(t *testing.T) {
	t.Parallel()
	for mode, trust := range map[string]func(string, string) string{"PodIdentity": podTrust, "IRSA": tokenTrust} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			w := moreWorld(t, fields{"cluster.eks.identityMode": mode})
			p := w.settle()
			for _, account := range accounts(8, 2) {
				role := forProvider(p, nameRole+account)
				equal(t, account, []string{
					trust(workloadsName, account), "arn:aws:iam::123456789012:policy/workload-boundary",
					"Service account " + account + " in environment team-checkout/staging",
				}, []string{role.String("assumeRolePolicy"), role.String("permissionsBoundary"), role.String("description")})
				m := forProvider(p, nameAccount+account).At("manifest")
				equal(t, "account", []string{"ServiceAccount", account, workloadsName}, []string{m.Kind(), m.Name(), m.Namespace()})
				equal(t, "config", "workloads", wanted(p, nameAccount+account).String("spec", "providerConfigRef", "name"))
			}
			names := 4
			if mode == "PodIdentity" {
				names = 6
			}
			equal(t, "resources", names, len(p.Resources))
			equal(t, "status", accounts(8, 2), []string{
				p.Status.Done().List("identities")[0].String("serviceAccount"), p.Status.Done().List("identities")[1].String("serviceAccount"),
			})
			equal(t, "condition", conditions.Condition{
				Type: "AccessReady", Status: conditions.True, Reason: conditions.Available,
				Message: "these service accounts have a role: service-08, service-09",
			}, condition(p, "AccessReady"))
			set(w.xr, "spec.serviceAccounts", []any{"service-09"})
			for _, d := range w.compose().Drops {
				if !strings.HasSuffix(d.Name, "-service-08") {
					t.Errorf("%s goes", d.Name)
				}
			}
		})
	}
}

// In a namespace of others service accounts stay.
func TestMoreIdentitiesInANamespaceOfOthers(t *testing.T) {
	t.Parallel()
	p := moreWorld(t, fields{"cluster.namespace": "legacy"}).settle()
	o := wanted(p, nameAccount+"service-08")
	equal(t, "namespace", "legacy", o.At("spec", "forProvider", "manifest").Namespace())
	equal(t, "deleted", false, slices.Contains(o.Strings("spec", "managementPolicies"), "Delete") || !o.Has("spec", "managementPolicies"))
}

func TestMoreIdentitiesByHand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.more = true
	equal(t, "refusal", refusal("AccessReady", conditions.InvalidSpec,
		"needs spec.cluster. An Environment composes this object: write spec.identities of an Environment instead"),
		refused(t, w.with(fields{"cluster": nil})))
}

func TestStages(t *testing.T) {
	t.Parallel()
	for name, want := range map[inputv1.StageName]string{"": "environment", "environment": "environment", "identities": "identities"} {
		stage, err := stageOf(&inputv1.Input{Stage: name, Tenancy: &tenancy.Tenancy{}})
		if err != nil || stage.Name != want {
			t.Errorf("%q: %s, %v", name, stage.Name, err)
		}
	}
	if _, err := stageOf(&inputv1.Input{Stage: "both"}); err == nil || err.Error() != `stage: "both" is not a stage; write environment or identities` {
		t.Error(err)
	}
}
