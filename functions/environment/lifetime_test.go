package environment

import (
	"slices"
	"strings"
	"testing"
	"time"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

func TestParseTTL(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"90m": 90 * time.Minute, "72h": 72 * time.Hour, "14d": 14 * day, "1m": time.Minute, "100000d": 100000 * day,
	} {
		got, err := parseTTL(text)
		if err != nil || got != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "h", "72", "72s", "0h", "-1h", "+1h", "1.5h", "01h", "72 h", "1h30m", "d14", "999999999999999999999d", "999999d"} {
		if got, err := parseTTL(text); err == nil {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

func TestSpanOf(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"90m", "25h", "14d", "1h"} {
		span, err := parseTTL(text)
		if err != nil || spanOf(span) != text {
			t.Errorf("%q is printed as %q, %v", text, spanOf(span), err)
		}
	}
	equal(t, "two days in hours", "2d", spanOf(48*time.Hour))
}

// preview is a world with a preview of some ttl.
func preview(t *testing.T, ttl any) *world {
	t.Helper()
	return newWorld(t).with(fields{"type": "preview", "ttl": ttl})
}

// at sets the clock to some time after the creation.
func (w *world) at(age time.Duration) *world {
	w.now = created().Add(age)
	return w
}

func TestPhases(t *testing.T) {
	t.Parallel()
	second := time.Second
	cases := map[string]struct {
		ttl      string
		age      time.Duration
		want     pipelinev1.EnvironmentPhase
		boundary time.Duration
	}{
		"just created":                          {"72h", 0, pipelinev1.PhaseActive, 48 * time.Hour},
		"a second before the warning":           {"72h", 48*time.Hour - second, pipelinev1.PhaseActive, 48 * time.Hour},
		"the warning itself":                    {"72h", 48 * time.Hour, pipelinev1.PhaseExpiring, 72 * time.Hour},
		"a second before the end":               {"72h", 72*time.Hour - second, pipelinev1.PhaseExpiring, 72 * time.Hour},
		"the end itself":                        {"72h", 72 * time.Hour, pipelinev1.PhaseExpired, 0},
		"long after":                            {"72h", 400 * day, pipelinev1.PhaseExpired, 0},
		"a short one warns at half of its time": {"2h", time.Hour - second, pipelinev1.PhaseActive, time.Hour},
		"a short one warns":                     {"2h", time.Hour, pipelinev1.PhaseExpiring, 2 * time.Hour},
		"a clock that goes wrong":               {"72h", -time.Hour, pipelinev1.PhaseActive, 48 * time.Hour},
		"longer than anybody may have is refused, and no end":  {"300d", 30 * day, pipelinev1.PhaseActive, 0},
		"shorter than anybody may have is refused, and no end": {"59m", 30 * day, pipelinev1.PhaseActive, 0},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := preview(t, tc.ttl).at(tc.age)
			e := &environment{in: w.in(), claim: readClaim(w.in().XR), data: w.data, plan: &plan.Plan{}}
			e.age()
			equal(t, "phase", tc.want, e.life.phase)
			want := time.Time{}
			if tc.boundary != 0 {
				want = created().Add(tc.boundary)
			}
			if !e.plan.Boundary.Equal(want) {
				t.Errorf("the next change is at %v, want %v", e.plan.Boundary, want)
			}
		})
	}
}

func TestWhatDoesNotExpire(t *testing.T) {
	t.Parallel()
	cases := map[string]*world{
		"a preview without ttl":         preview(t, nil),
		"what is rendered":              preview(t, "1h"),
		"a creation nobody can read":    preview(t, "1h"),
		"a ttl nobody can read":         preview(t, "soon"),
		"staging, whatever its ttl":     newWorld(t).with(fields{"ttl": "1h"}),
		"production, whatever its ttl":  newWorld(t).with(fields{"type": "production", "ttl": "1h"}),
		"dev, whatever its ttl":         newWorld(t).with(fields{"type": "dev", "ttl": "1h"}),
		"a type that there is not":      newWorld(t).with(fields{"type": "Preview", "ttl": "1h"}),
		"a preview in the wrong letter": newWorld(t).with(fields{"type": "preview ", "ttl": "1h"}),
	}
	set(cases["what is rendered"].xr, "metadata.creationTimestamp", nil)
	set(cases["a creation nobody can read"].xr, "metadata.creationTimestamp", "yesterday")
	for reason, w := range cases {
		for _, age := range []time.Duration{0, time.Hour, 10000 * day} {
			in := w.at(age).in()
			e := &environment{in: in, claim: readClaim(in.XR), data: w.data, plan: &plan.Plan{}}
			e.age()
			if e.life.phase != pipelinev1.PhaseActive || e.expired() || !e.plan.Boundary.IsZero() || e.expiry() != "" {
				t.Errorf("%s, after %v: %+v, next change %v", reason, age, e.life, e.plan.Boundary)
			}
		}
	}
}

func TestSettingsOfTheWarning(t *testing.T) {
	t.Parallel()
	w := preview(t, "72h").at(70*time.Hour - time.Second)
	w.data.warnBefore = 2 * time.Hour
	equal(t, "before", "Active", w.compose().Status.Done().String("phase"))
	equal(t, "then", "Expiring", w.at(70*time.Hour).compose().Status.Done().String("phase"))
}

// endless is a preview whose ttl was taken away when its end was told.
func endless(t *testing.T) *world {
	t.Helper()
	w := preview(t, "72h")
	w.step()
	return w.with(fields{"ttl": nil})
}

// Who takes the ttl away has the end that was told, and a preview that begins needs one.
func TestTTLIsNeeded(t *testing.T) {
	t.Parallel()
	begins := "spec.ttl: it is missing, and a preview lasts 30d at most: write how long it lasts from its creation, such as 72h. For something " +
		"that lasts, create an environment of type dev"
	equal(t, "a new one", refusal("NetworkReady", conditions.InvalidTTL, begins), refused(t, preview(t, nil)))
	w := endless(t)
	equal(t, "taken away", "Active", w.step().Status.Done().String("phase"))
	equal(t, "taken away", "2026-03-04T12:00:00Z", w.step().Status.Done().String("expiresAt"))
	equal(t, "at its end", "Expired", w.at(72*time.Hour).step().Status.Done().String("phase"))
	equal(t, "extended", "Active", w.with(fields{"ttl": "10d"}).step().Status.Done().String("phase"))
}

// A preview from before that has no end keeps everything. Nobody tells it to write something with which it would end at once.
func TestPreviewFromBeforeWithoutTTL(t *testing.T) {
	t.Parallel()
	w := preview(t, nil)
	w.data.longest = 0
	w.settle()
	before := w.specs()
	w.data.longest = 30 * day
	c := refused(t, w.at(20*day))
	if c.Reason != conditions.InvalidTTL || !strings.Contains(c.Message, "write how long it lasts from its creation") {
		t.Errorf("%+v", c)
	}
	c = refused(t, w.at(31*day))
	if c.Reason != conditions.InvalidTTL || !strings.Contains(c.Message, "whatever ttl is written now, it expires at once") ||
		!strings.Contains(c.Message, "This one is from 2026-03-01T12:00:00Z") {
		t.Errorf("%+v", c)
	}
	equal(t, "what is there", before, w.specs())
}

// What is required does not depend on the phase: core would forget it, and ask again on each call.
func TestRequirements(t *testing.T) {
	t.Parallel()
	network := plan.Requirement{Key: "network", APIVersion: "platform.io/v1", Kind: "Network", Namespace: "platform", Name: "shared"}
	usages := func(key, kind, uid string) plan.Requirement {
		return plan.Requirement{
			Key: key, APIVersion: "protection.crossplane.io/v1beta1", Kind: kind, Labels: map[string]string{"platform.io/environment-uid": uid},
		}
	}
	claim := plan.Requirement{
		Key: "environment-claim", APIVersion: "platform.io/v1", Kind: "Environment", Namespace: "team-checkout", Name: "staging",
	}
	cases := map[string]struct {
		world *world
		want  []plan.Requirement
	}{
		"staging":                            {newWorld(t), []plan.Requirement{network}},
		"a preview whose ttl was taken away": {endless(t), []plan.Requirement{network, usages("environment-usages", "Usage", "env-uid")}},
		"a preview":                          {preview(t, "72h"), []plan.Requirement{network, usages("environment-usages", "Usage", "env-uid")}},
		"staging with a ttl":                 {newWorld(t).with(fields{"ttl": nil}).claimed(), []plan.Requirement{network}},
		"a preview and no other":             {preview(t, "72h").with(fields{"networkRef": nil}), []plan.Requirement{usages("environment-usages", "Usage", "env-uid")}},
		"a preview of a claim, whose uid only the claim tells": {preview(t, "72h").claimed(), []plan.Requirement{
			network, claim, usages("environment-usages", "Usage", "claim-uid"), usages("environment-cluster-usages", "ClusterUsage", "claim-uid"),
		}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			for _, age := range []time.Duration{0, 50 * time.Hour, 72 * time.Hour, 100 * day} {
				w := tc.world.at(age)
				for range 3 {
					// What a mount that is going needs is asked for at the very end.
					got := slices.DeleteFunc(w.step().Requirements, func(r plan.Requirement) bool { return strings.HasPrefix(r.Key, requirementMount) })
					equal(t, "after "+age.String(), tc.want, got)
				}
			}
		})
	}
}

// Also a call that is refused asks for it: the answer would be Fatal otherwise, before core has looked.
func TestARefusalRequiresTheSame(t *testing.T) {
	t.Parallel()
	p, err := preview(t, "10m").call()
	if err == nil || len(p.Requirements) != 2 {
		t.Errorf("%v, %+v", err, p.Requirements)
	}
}

// expired is a preview whose time is over, after it was ready. Something lives in it.
func expired(t *testing.T, claim fields) *world {
	t.Helper()
	w := preview(t, "72h").with(claim)
	w.settle()
	return w.use("team-checkout", "orders").at(72 * time.Hour)
}

func TestExpiryIsTold(t *testing.T) {
	t.Parallel()
	w := preview(t, "72h")
	w.settle()
	p := w.at(50 * time.Hour).step()
	equal(t, "expiresAt", "2026-03-04T12:00:00Z", p.Status.Done().String("expiresAt"))
	c := condition(p, "ClusterReady")
	if !c.Is() || p.Waiting {
		t.Errorf("a preview that is about to expire works: %+v", c)
	}
	equal(t, "ahead of time", "workloads run in namespace "+w.namespace()+" of the cluster of ProviderConfig workloads"+ofCluster+". This preview expires at "+
		"2026-03-04T12:00:00Z, and its services go with their data: raise spec.ttl to extend it", c.Message)
}

func (w *world) namespace() string { return w.object(w.xr).String("status", "workloadNamespace") }

// The first phase: everything stays, and everybody is told.
func TestExpiredKeepsEverythingWhileSomethingLivesInIt(t *testing.T) {
	t.Parallel()
	w := expired(t, nil)
	before, status := len(w.observed), w.object(w.xr).At("status").Map()
	for range 4 {
		p := w.step()
		if len(p.Drops) > 0 || len(p.Resources) != before || !p.Waiting {
			t.Fatalf("drops %v, %d of %d resources, waiting %v", drops(p), len(p.Resources), before, p.Waiting)
		}
		for _, conditionType := range []string{"NetworkReady", "ClusterReady", "AccessReady", "VaultReady"} {
			equal(t, conditionType, conditions.Condition{
				Type: conditionType, Status: conditions.False, Reason: conditions.EnvironmentExpired,
				Message: "the preview expired at 2026-03-04T12:00:00Z; its services are removed with their data, and it stays until they are gone: " +
					"Usage team-checkout/orders. Raise spec.ttl to extend it: what was removed starts anew, without its data",
			}, condition(p, conditionType))
		}
		if !p.Environment.Expired() || p.Environment.Network.VPCID != "vpc-0a1" {
			t.Errorf("published %+v", p.Environment)
		}
	}
	status["phase"] = "Expired"
	equal(t, "status: App kinds still find everything", status, w.object(w.xr).At("status").Map())
}

// Nothing is made for an environment whose time is over.
func TestExpiredCreatesNothing(t *testing.T) {
	t.Parallel()
	w := preview(t, "72h").at(72 * time.Hour)
	for range 3 {
		p := w.step()
		if len(p.Resources)+len(p.Drops) > 0 || !p.Waiting || condition(p, "ClusterReady").Reason != conditions.EnvironmentExpired {
			t.Errorf("%v %v", resourceNames(p), drops(p))
		}
	}
	w = expired(t, nil)
	delete(w.observed, nameQuota)
	if p := w.compose(); !wanted(p, nameQuota).IsZero() {
		t.Error("what was lost is made again")
	}
}

func TestWhoStillLivesInIt(t *testing.T) {
	t.Parallel()
	marked := func(kind, namespace, name string) fields {
		return fields{"platform.io/claim-kind": kind, "platform.io/claim-namespace": namespace, "platform.io/claim-name": name}
	}
	cases := map[string]struct {
		usages []fields
		want   string
	}{
		"the claim that it is marked with": {[]fields{marked("appdatabase", "team-checkout", "orders")}, "appdatabase team-checkout/orders"},
		"one claim with two Usages": {
			[]fields{marked("appdatabase", "team-checkout", "orders"), marked("appdatabase", "team-checkout", "orders")},
			"appdatabase team-checkout/orders"},
		"sorted, whatever core answers": {
			[]fields{marked("appdatabase", "team-b", "x"), marked("appcache", "team-c", "x"), marked("appdatabase", "team-a", "x")},
			"appcache team-c/x, appdatabase team-a/x, appdatabase team-b/x"},
		"not marked": {[]fields{{}}, "Usage team-checkout/usage-0"},
		"many": {[]fields{
			marked("appqueue", "t", "a"), marked("appqueue", "t", "b"), marked("appqueue", "t", "c"), marked("appqueue", "t", "d"),
			marked("appqueue", "t", "e"), marked("appqueue", "t", "f"), marked("appqueue", "t", "g"),
		}, "appqueue t/a, appqueue t/b, appqueue t/c, appqueue t/d, appqueue t/e and 2 more"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := expired(t, nil).leave()
			for i, labels := range tc.usages {
				w.use("team-checkout", "usage-"+string(rune('0'+i)))
				usage := w.others[len(w.others)-1]
				meta, _ := usage["metadata"].(fields)
				labels["platform.io/environment-uid"] = "env-uid"
				meta["labels"] = labels
			}
			equal(t, "message", "the preview expired at 2026-03-04T12:00:00Z; its services are removed with their data, and it stays until they are gone: "+
				tc.want+". Raise spec.ttl to extend it: what was removed starts anew, without its data", condition(w.compose(), "ClusterReady").Message)
		})
	}
}

// In the claims flavour a service is named by both of its Usages, and either keeps the environment.
func TestUsagesOfTheClaimsFlavour(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"Usage", "ClusterUsage"} {
		w := preview(t, "72h").claimed()
		w.settle()
		w.use("team-checkout", "orders").at(72 * time.Hour)
		usage := w.others[len(w.others)-1]
		usage["kind"] = kind
		if kind == "ClusterUsage" {
			set(usage, "metadata.namespace", nil)
		}
		for range 3 {
			if p := w.step(); len(p.Drops) > 0 {
				t.Errorf("with a %s it goes: %v", kind, drops(p))
			}
		}
		w.leave()
		if p := w.step(); len(p.Drops) == 0 {
			t.Errorf("without the %s it stays", kind)
		}
	}
}

// A limit that the platform team sets later takes nobody's data before the time that they were told, and what is refused takes nobody's
// data at all: a preview that is months old would end in the call in which somebody gives it a ttl that is too short, or too long. An end
// that was told stays: a ttl that is refused, or taken away, lets nobody outlive it.
func TestLimitThatIsSetLater(t *testing.T) {
	t.Parallel()
	for reason, tc := range map[string]struct {
		ttl, told string
		want      time.Duration
	}{
		"too long, and nothing was told":            {"90d", "", 0},
		"too long, and more was told":               {"90d", "60d", 60 * day},
		"too long, and less was told":               {"90d", "20d", 30 * day},
		"too long, and more was told than is asked": {"90d", "300d", 30 * day},
		"too long by now, and it was told":          {"90d", "90d", 90 * day},
		"too short, and nothing was told":           {"30m", "", 0},
		"too short, and something else was told":    {"30m", "20d", 20 * day},
		"taken away, and it was told":               {"", "20d", 20 * day},
		"taken away, and nothing was told":          {"", "", 0},
		"too short by now, and it was told":         {"30m", "30m", 30 * time.Minute},
		"as it may be, whatever was told":           {"10d", "20d", 10 * day},
		"as it may be, and nothing was told":        {"10d", "", 10 * day},
	} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := preview(t, tc.ttl).at(100 * day)
			if tc.told != "" {
				told, err := parseTTL(tc.told)
				if err != nil {
					t.Fatal(err)
				}
				set(w.xr, "status", fields{"expiresAt": created().Add(told).Format(time.RFC3339)})
			}
			e := &environment{in: w.in(), claim: readClaim(w.in().XR), data: w.data, plan: &plan.Plan{}}
			e.age()
			want := time.Time{}
			if tc.want > 0 {
				want = created().Add(tc.want)
			}
			if !e.life.expiresAt.Equal(want) || e.expired() != (tc.want > 0) {
				t.Errorf("it ends at %v, want %v; expired %v", e.life.expiresAt, want, e.expired())
			}
		})
	}
}
