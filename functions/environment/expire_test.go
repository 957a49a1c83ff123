package environment

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
	"github.com/goldenpath-dev/goldenpath/functions/internal/tenancy"
)

// drained is an expired preview that nothing lives in any more, and that has said that it has expired.
func drained(t *testing.T, claim fields) *world {
	t.Helper()
	w := expired(t, claim)
	w.step()
	return w.leave()
}

// droppedNames of a plan, sorted.
func droppedNames(t *testing.T, p *plan.Plan) []string {
	t.Helper()
	var names []string
	for _, d := range p.Drops {
		if d.Reason != pipelinev1.DropEnvironmentExpired {
			t.Errorf("%s goes because of %s", d.Name, d.Reason)
		}
		names = append(names, d.Name)
	}
	slices.Sort(names)
	return names
}

func TestDismantling(t *testing.T) {
	t.Parallel()
	dependants := []string{
		"environment-identity-association-orders-api", "environment-identity-association-orders-report", "environment-limit-range",
		"environment-network-policy-default-deny", "environment-network-policy-dns", "environment-network-policy-egress",
		"environment-network-policy-same-namespace", "environment-resource-quota", "environment-service-account-orders-api",
		"environment-service-account-orders-report", "environment-team-role-binding-edit",
		"environment-vault-policy-team",
	}
	used := []string{
		"environment-identity-role-orders-api", "environment-identity-role-orders-report", "environment-namespace",
		"environment-vault-database-mount", "environment-vault-jwt-auth", "environment-vault-kv-mount",
	}
	cases := map[string]struct {
		claim fields
		want  [][]string
	}{
		"in the Network of others, which is let go of last": {nil, [][]string{
			dependants, used, {"environment-eks-cluster", "environment-key-alias"}, {"environment-key"}, {"environment-usage-network"},
		}},
		"with a Network of its own": {fields{"networkRef": nil, "network": fields{"cidr": "10.50.0.0/16"}, "cluster.eks.identityMode": "PodIdentity"},
			[][]string{dependants, used, {"environment-eks-cluster", "environment-key-alias"}, {"environment-key", "environment-network"}}},
		"no more than it has to be": {fields{"cluster": nil, "identities": nil, "vault": nil}, [][]string{
			{"environment-key-alias"}, {"environment-key"}, {"environment-usage-network"},
		}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := drained(t, tc.claim)
			for i, want := range tc.want {
				left := len(w.observed)
				p := w.step()
				equal(t, "level", want, droppedNames(t, p))
				if len(p.Resources) != left-len(want) || !p.Waiting || !p.Environment.Expired() {
					t.Errorf("level %d: %d of %d resources stay, published %+v", i, len(p.Resources), left, p.Environment)
				}
			}
			p := w.step()
			if len(p.Resources)+len(p.Drops)+len(w.observed) > 0 || !p.Waiting {
				t.Errorf("at the end: %v %v", resourceNames(p), drops(p))
			}
			equal(t, "at the end", "the preview expired at 2026-03-04T12:00:00Z; everything in it is gone, and this object can be deleted. "+
				"Raise spec.ttl to extend it: what was removed starts anew, without its data", condition(p, "AccessReady").Message)
			equal(t, "phase", "Expired", p.Status.Done().String("phase"))
			for _, gone := range []string{"kmsKeyArn", "identities", "vault", "network"} {
				if p.Status.Done().Has(gone) {
					t.Errorf("status.%s is told still", gone)
				}
			}
		})
	}
}

// The Network of others may go before the object itself does. That changes nothing of what is said.
func TestTheEndWithoutTheNetwork(t *testing.T) {
	t.Parallel()
	w := drained(t, nil)
	for range 6 {
		w.step()
	}
	w.network = nil
	p := w.step()
	for _, conditionType := range []string{"NetworkReady", "ClusterReady", "AccessReady", "VaultReady"} {
		if c := condition(p, conditionType); c.Reason != conditions.EnvironmentExpired {
			t.Errorf("%+v", c)
		}
	}
	if !p.Environment.Expired() || len(p.Resources) > 0 {
		t.Errorf("%+v, %v", p.Environment, resourceNames(p))
	}
}

// A mount that Vault does not unmount hangs where nobody looks: core has forgotten it. The environment waits and says so, in Vault's words.
func TestAMountThatStays(t *testing.T) {
	t.Parallel()
	const words = "cannot unmount: failed to revoke: failed to find entry for connection"
	for _, name := range []string{nameDatabaseMount, nameJWTBackend} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := drained(t, nil)
			w.step()
			mount := w.observed[name]
			set(mount, "metadata.deletionTimestamp", "2026-03-04T12:30:00Z")
			set(mount, "status.conditions", []any{fields{"type": "Synced", "status": "False", "message": words}})
			path := mount["spec"].(fields)["forProvider"].(fields)["path"].(string) + "/"
			if name == nameJWTBackend {
				path = "auth/" + path
			}
			w.step()
			w.others = append(w.others, mount)
			for range 3 {
				p := w.step()
				equal(t, "drops", []string(nil), drops(p))
				equal(t, "what stays", []string{nameEKS, nameKey, nameAlias, prefix + "usage-network"}, resourceNames(p))
				c := condition(p, "VaultReady")
				for _, want := range []string{"cannot be deleted: ", words, "the platform team runs: vault lease revoke -force -prefix " + path + "."} {
					if !strings.Contains(c.Message, want) {
						t.Errorf("the condition lacks %q: %s", want, c.Message)
					}
				}
				if c := condition(p, "AccessReady"); !strings.Contains(c.Message, "waits for Vault to unmount what is there: see VaultReady") {
					t.Errorf("%s", c.Message)
				}
			}
			w.others = w.others[:len(w.others)-1]
			for range 4 {
				w.step()
			}
			equal(t, "at the end", 0, len(w.observed))
		})
	}
}

// Every name that is composed has its turn. A test that fails here found a new resource that never goes.
func TestEveryResourceHasALevel(t *testing.T) {
	t.Parallel()
	for reason, claim := range map[string]fields{
		"Pod Identity": nil, "IRSA": {"cluster.eks.identityMode": "IRSA"}, "a Network of its own": {"networkRef": nil, "network": fields{"cidr": "10.50.0.0/16"}},
		"protected": {"deletionProtection": true},
	} {
		for _, legacy := range []bool{false, true} {
			w := newWorld(t).with(claim)
			if legacy {
				w.claimed()
			}
			w.settle()
			e := &environment{in: w.in()}
			seen := map[string]int{}
			for _, level := range levels() {
				for _, name := range level {
					for _, observed := range e.observedAs(name) {
						seen[observed]++
					}
				}
			}
			for name := range w.observed {
				if seen[name] != 1 {
					t.Errorf("%s, claims flavour %v: %s is in %d levels", reason, legacy, name, seen[name])
				}
			}
		}
	}
}

// A level waits for what is observed of the one before: it is being deleted.
func TestALevelWaitsForTheOneBefore(t *testing.T) {
	t.Parallel()
	w := drained(t, nil)
	going := w.observed[nameQuota]
	w.step()
	w.observed[nameQuota] = going
	set(going, "metadata.deletionTimestamp", "2026-03-04T12:01:00Z")
	for range 2 {
		equal(t, "while it goes", []string{nameQuota}, droppedNames(t, w.compose()))
	}
	delete(w.observed, nameQuota)
	if names := droppedNames(t, w.compose()); !slices.Contains(names, nameNamespace) {
		t.Errorf("then %v", names)
	}
}

// A service that is on its way has no Usage yet: it has to have had the chance to see that the time is over.
func TestNothingGoesInTheCallThatExpires(t *testing.T) {
	t.Parallel()
	w := expired(t, nil).leave()
	p := w.step()
	if len(p.Drops) > 0 || p.Status.Done().String("phase") != "Expired" {
		t.Fatalf("drops %v", drops(p))
	}
	equal(t, "words", "the preview expired at 2026-03-04T12:00:00Z; nothing lives in it any more, and it goes next. "+
		"Raise spec.ttl to extend it: what was removed starts anew, without its data", condition(p, "ClusterReady").Message)
	if p = w.step(); len(p.Drops) == 0 {
		t.Error("it does not go in the next one")
	}
}

// Before core has looked, nobody knows what lives in it.
func TestNothingGoesBeforeCoreHasLooked(t *testing.T) {
	t.Parallel()
	for _, legacy := range []bool{false, true} {
		w := preview(t, "72h")
		if legacy {
			w.claimed()
		}
		w.settle()
		w.at(72 * time.Hour).step()
		w.blind = true
		for range 3 {
			p := w.step()
			if len(p.Drops) > 0 || !strings.Contains(condition(p, "ClusterReady").Message, "looking up what still lives in it") {
				t.Errorf("claims flavour %v: drops %v, %s", legacy, drops(p), condition(p, "ClusterReady").Message)
			}
		}
	}
}

// Something that moves in while the environment is taken down keeps what is left.
func TestSomethingMovesInLate(t *testing.T) {
	t.Parallel()
	w := drained(t, nil)
	w.step()
	w.use("team-checkout", "late")
	left := len(w.observed)
	for range 3 {
		if p := w.step(); len(p.Drops) > 0 || len(p.Resources) != left {
			t.Errorf("drops %v, %d of %d stay", drops(p), len(p.Resources), left)
		}
	}
}

func TestExtending(t *testing.T) {
	t.Parallel()
	for _, steps := range []int{0, 1, 2, 3, 4, 5, 6} {
		w := drained(t, nil)
		for range steps {
			w.step()
		}
		w.with(fields{"ttl": "10d"})
		key := wanted(w.compose(), nameKey)
		if w.observed[nameKey] == nil && (key.Has("spec", "initProvider") || key.Annotation("crossplane.io/external-name") != "") {
			t.Errorf("after %d steps: the key that went with the preview is looked for: %v", steps, key.Map())
		}
		p := w.settle()
		if p.Waiting || len(p.Drops) > 0 || p.Status.Done().String("phase") != "Active" || len(p.Resources) != 22 {
			t.Errorf("after %d steps: waiting %v, drops %v, phase %s, %d resources", steps, p.Waiting, drops(p),
				p.Status.Done().String("phase"), len(p.Resources))
		}
		for _, c := range p.Conditions {
			if !c.Is() {
				t.Errorf("after %d steps: %+v", steps, c)
			}
		}
	}
}

// What is gone is not held against what starts anew: neither another network nor another mount.
func TestExtendingElsewhere(t *testing.T) {
	t.Parallel()
	w := drained(t, fields{"networkRef": nil, "network": fields{"cidr": "10.50.0.0/16"}, "cluster": nil, "identities": nil, "vault": nil})
	for range 6 {
		w.step()
	}
	w.with(fields{"ttl": "10d", "network": nil, "networkRef": fields{"name": "shared", "namespace": "platform"}})
	p := w.settle()
	if c := condition(p, "NetworkReady"); !c.Is() || p.Waiting {
		t.Errorf("%+v", c)
	}
	equal(t, "network", "vpc-0a1", p.Status.Done().String("network", "vpcId"))
}

// A mistake keeps nothing alive.
func TestAMistakeKeepsNothingAlive(t *testing.T) {
	t.Parallel()
	for reason, claim := range map[string]fields{
		"a quota that there is not":    {"quota": fields{"cpu": "many"}},
		"an account that there is not": {"identities": []any{fields{"serviceAccount": "default"}}},
		"no network any more":          {"networkRef": nil},
		"no cluster any more":          {"cluster": nil, "identities": nil},
		"no Vault any more":            {"vault": nil},
		"a ttl beyond the limit":       {"ttl": "31d"},
	} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := expired(t, nil).with(claim)
			if reason == "a ttl beyond the limit" {
				w.at(30 * day)
			}
			w.step()
			w.leave()
			for range 8 {
				w.step()
			}
			equal(t, "left", 0, len(w.observed))
		})
	}
}

// What the claim does not ask for any more stays until its turn, as it is: the claim of an expired environment is judged by nobody.
func TestWhatIsThereIsHeldUntilItsTurn(t *testing.T) {
	t.Parallel()
	w := expired(t, nil).with(fields{"vault": nil, "cluster": nil, "identities": nil})
	names := slices.Sorted(maps.Keys(w.observed))
	p := w.step()
	equal(t, "what stays", names, resourceNames(p))
	for _, name := range names {
		equal(t, name, w.object(w.observed[name]).At("spec").Map(), wanted(p, name).At("spec").Map())
		if holdsData(p, name) != (w.object(w.observed[name]).Annotation("platform.io/data") != "") {
			t.Errorf("%s holds data: %v", name, holdsData(p, name))
		}
	}
}

// An expired preview is not judged any more, so nothing of what its owner writes by then is composed, or told to those who live in it.
func TestNothingHostileInAnExpiredPreview(t *testing.T) {
	t.Parallel()
	const evil = "hostile"
	edits := fields{
		"cloud.providerConfigRef": fields{"name": evil}, "owner": fields{"team": evil, "costCenter": evil, "contact": evil},
		"sharedWith": []any{evil}, "cluster.namespace": evil, "cluster.group": evil, "cluster.providerConfigRef.name": evil,
		"cluster.deployers": []any{fields{"group": evil}}, "cluster.workloadSecurityGroupIds": []any{"sg-" + evil}, "cluster.eks.name": evil,
		"cluster.ingress": []any{fields{"namespace": evil, "ports": []any{22}}}, "quota": fields{"cpu": evil, "memory": evil},
		"identities": []any{fields{"serviceAccount": evil}}, "networkRef": fields{"name": evil}, "deletionProtection": true,
		"vault": fields{
			"providerConfigRef": fields{"name": evil}, "namespace": evil, "kubernetesHost": "https://" + evil, "issuer": "https://" + evil,
			"mounts": fields{"kv": evil, "database": evil, "jwtAuth": evil}, "source": fields{"cidr": "0.0.0.0/0"}, "audience": evil,
		},
	}
	for _, legacy := range []bool{false, true} {
		w := preview(t, "72h")
		if legacy {
			w = w.claimed()
		}
		w = w.use("team-checkout", "orders")
		before := w.settle().Status.Done()
		w.now = created().Add(73 * time.Hour)
		w.with(edits)
		w.data.tenancy = &tenancy.Tenancy{}
		for round := range 14 {
			p := w.step()
			if round == 2 {
				w.leave()
			}
			status := p.Status.Done()
			for _, field := range []string{"type", "owner", "cloud", "sharedWith"} {
				equal(t, field, before.At(field).Map(), status.At(field).Map())
			}
			all := fmt.Sprint(status.Map(), p.Environment.Cloud.ProviderConfigRef, p.Environment.Owner)
			for _, r := range p.Resources {
				all += fmt.Sprint(r.Object.Map())
			}
			if strings.Contains(all, evil) || strings.Contains(all, "999999") || strings.Contains(all, "0.0.0.0/0 hostile") {
				t.Fatalf("round %d: something hostile is composed or told: %s", round, all)
			}
		}
		equal(t, "in the end", 0, len(w.observed))
	}
}

// A network of its own is as little protected as the environment that has expired.
func TestNetworkOfAnExpiredPreviewIsNotProtected(t *testing.T) {
	t.Parallel()
	w := preview(t, "72h").with(fields{"networkRef": nil, "network": fields{"cidr": "10.50.0.0/16"}, "deletionProtection": true})
	w.settle()
	p := w.use("team-checkout", "orders").at(73 * time.Hour).step()
	spec := wanted(p, nameNetwork).At("spec")
	if !spec.Has("deletionProtection") || spec.Bool("deletionProtection") || spec.String("cidr") != "10.50.0.0/16" {
		t.Errorf("the network is wanted as %v", spec.Map())
	}
}

// A key is made once, also when its preview ends: what lets it be deleted lets nobody make a second one.
func TestKeyOfAnExpiredPreviewIsNotMadeAgain(t *testing.T) {
	t.Parallel()
	w := preview(t, "72h").with(fields{"deletionProtection": true})
	w.settle()
	equal(t, "while it is protected nothing can create it", false,
		slices.Contains(wanted(w.compose(), nameKey).Strings("spec", "managementPolicies"), "Create"))
	key := wanted(w.use("team-checkout", "orders").at(73*time.Hour).step(), nameKey)
	equal(t, "policies", false, key.Has("spec", "managementPolicies"))
	equal(t, "a second one fails", noKeyStore, key.String("spec", "initProvider", "customKeyStoreId"))
}

// An Environment of an earlier version that has expired tells its cloud when that is allowed: those who live in it wait for it.
func TestExpiredOfAnEarlierVersion(t *testing.T) {
	t.Parallel()
	w := expired(t, nil)
	for _, field := range []string{"type", "owner", "cloud"} {
		set(w.xr, "status."+field, nil)
	}
	equal(t, "cloud", "aws-staging", w.compose().Status.Done().String("cloud", "providerConfigRef", "name"))
	w.with(fields{"cloud.providerConfigRef": fields{"name": "other"}})
	w.data.tenancy = &tenancy.Tenancy{Rules: []tenancy.Rule{{Namespaces: []string{"*"}}}}
	if status := w.compose().Status.Done(); status.Has("cloud") {
		t.Errorf("a cloud is told that no rule allows: %v", status.At("cloud").Map())
	}
}

// An expired environment is not protected: its time is over. What it protected before can be deleted then.
func TestExpiryEndsProtection(t *testing.T) {
	t.Parallel()
	w := preview(t, "72h").with(fields{"deletionProtection": true})
	p := w.settle()
	if wanted(p, "environment-usage-protection").IsZero() || !p.Status.Done().Bool("deletionProtection") {
		t.Fatal("it is not protected")
	}
	w.use("team-checkout", "orders").at(72 * time.Hour)
	p = w.step()
	equal(t, "drops", []string{"environment-usage-protection: SpecChanged"}, drops(p))
	for _, r := range p.Resources {
		policies := r.Object.Strings("spec", "managementPolicies")
		if r.Data && len(policies) > 0 && !slices.Contains(policies, "Delete") {
			t.Errorf("%s would stay in the cloud: %v", r.Name, policies)
		}
	}
}

// The issue's own sentence: expiry never drops anything of an environment that is no preview, at any clock.
func TestOnlyPreviewsExpire(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"dev", "staging", "production"} {
		w := newWorld(t).with(fields{"type": kind})
		w.settle()
		set(w.xr, "status.phase", "Expired")
		set(w.xr, "spec.ttl", "1h")
		for _, age := range []time.Duration{0, time.Hour, 72 * time.Hour, 10000 * day} {
			p, err := w.at(age).call()
			if err == nil || len(p.Drops) > 0 {
				t.Errorf("%s after %v: a ttl is taken, drops %v", kind, age, drops(p))
			}
		}
		set(w.xr, "spec.ttl", nil)
		for _, age := range []time.Duration{0, 10000 * day} {
			p := w.at(age).compose()
			if len(p.Drops) > 0 || p.Environment.Expired() || p.Status.Done().String("phase") != "Active" {
				t.Errorf("%s after %v: drops %v", kind, age, drops(p))
			}
		}
	}
}

// Nor does an environment become a preview to expire.
func TestNothingBecomesAPreview(t *testing.T) {
	t.Parallel()
	for _, evidence := range []string{nameKey, nameNamespace} {
		w := newWorld(t).with(fields{"type": "production"})
		w.settle()
		set(w.xr, "spec.type", "preview")
		set(w.xr, "spec.ttl", "1h")
		if evidence == nameKey {
			set(w.observed[nameKey], "spec.forProvider.tags", fields{"platform.io/environment-type": "production"})
			set(w.observed[nameNamespace], "spec.forProvider.manifest.metadata.labels", nil)
		}
		w.at(10000 * day)
		p, err := w.call()
		refusal := &plan.Refusal{}
		if !asRefusal(err, &refusal) || refusal.Reason != conditions.TypeChanged || len(p.Drops) > 0 {
			t.Errorf("by %s: %v, drops %v", evidence, err, drops(p))
		}
	}
}

// Whatever the order in which things come and go, what a Usage names is never dropped, and nothing goes without its reason.
func TestDrainingIsNeverPartial(t *testing.T) {
	t.Parallel()
	w := drained(t, nil)
	for i := range 12 {
		before := maps.Clone(w.observed)
		if i%3 == 1 {
			w.use("team-checkout", "late")
		} else {
			w.leave()
		}
		p := w.step()
		for name := range before {
			dropped := slices.ContainsFunc(p.Drops, func(d pipelinev1.Drop) bool { return d.Name == name })
			if dropped == !wanted(p, name).IsZero() || (i%3 == 1 && dropped) {
				t.Fatalf("round %d: %s is dropped %v and planned %v", i, name, dropped, !wanted(p, name).IsZero())
			}
		}
	}
}
