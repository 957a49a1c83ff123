package kernel_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/kernel"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

const (
	staleEnvironment = `{name: stale, namespace: team, uid: e-1, type: dev, owner: {team: t}, cloud: {provider: aws, region: r}, network: {}}`
	staleWiring      = `{apiVersion: pipeline.platform.io/v1, kind: Wiring, subject: {kind: thing, namespace: team, name: stale}}`
	freshEnvironment = `{name: fresh, namespace: "", uid: "", type: "", owner: {team: ""}, cloud: {provider: "", region: ""}, network: {}}`
	freshWiring      = `{apiVersion: pipeline.platform.io/v1, kind: Wiring, subject: {kind: "", namespace: "", name: fresh}}`
	staleContext     = `
foreign: 1
platform.io/environment: ` + staleEnvironment + `
platform.io/wiring: ` + staleWiring + `
platform.io/drops:
  apiVersion: pipeline.platform.io/v1
  kind: Drops
  items: [{name: alpha-box, reason: Retired, message: m}, {name: beta-box, reason: Retired, message: m}, {name: other-box, reason: Retired, message: m}]`
)

// seen records what a stage saw of the context, in the names of the environment and of the wiring's subject.
func seen(env, wiring *string, then compose) compose {
	return func(in plan.In) (*plan.Plan, error) {
		*env, *wiring = "", ""
		if in.Environment != nil {
			*env = in.Environment.Name
		}
		if in.Wiring != nil {
			*wiring = in.Wiring.Subject.Name
		}
		return then(in)
	}
}

// Core carries the context over the repeats of a call. What an earlier repeat published must neither be acted on nor
// published again.
func TestContextOfAnEarlierRepeat(t *testing.T) {
	t.Parallel()
	publishing := func(p *plan.Plan) {
		p.Environment = &pipelinev1.Environment{Name: "fresh"}
		p.Wiring = &pipelinev1.Wiring{APIVersion: pipelinev1.APIVersion, Kind: "Wiring", Subject: pipelinev1.Subject{Name: "fresh"}}
		p.Drop("alpha-box", pipelinev1.DropSpecChanged, "now")
	}
	cases := map[string]struct {
		why              string
		alpha            compose
		wantEnv, wiresTo string
		want             string
	}{
		"PublishedAnew": {
			why: "the fresh ones reach the stages, the steps and the status; our old drops go, foreign ones stay", alpha: fixed(publishing),
			wantEnv: "fresh", wiresTo: "fresh",
			want: `
desired: {composite: {ready: READY_FALSE, resource: {apiVersion: platform.io/v1, kind: Thing, status: {environment: ` + freshEnvironment + `}}}}
context:
  foreign: 1
  platform.io/environment: ` + freshEnvironment + `
  platform.io/wiring: ` + freshWiring + `
  platform.io/drops:
    apiVersion: pipeline.platform.io/v1
    kind: Drops
    items: [{name: alpha-box, reason: SpecChanged, message: now}, {name: other-box, reason: Retired, message: m}]`,
		},
		"NotPublishedAnyMore": {
			why: "the environment went away between the repeats", alpha: fixed(nothing),
			want: `
desired: {composite: {ready: READY_FALSE}}
context:
  foreign: 1
  platform.io/drops: {apiVersion: pipeline.platform.io/v1, kind: Drops, items: [{name: other-box, reason: Retired, message: m}]}`,
		},
		"RefusedNow": {
			why: "nothing is composed, so the steps behind get nothing to act on",
			alpha: func(plan.In) (*plan.Plan, error) {
				return nil, plan.Refuse("AlphaReady", "UnknownSize", "spec.size: write small")
			},
			want: `
desired: {composite: {ready: READY_FALSE}}
results: [` + refusedWarning + `]
context:
  foreign: 1
  platform.io/drops: {apiVersion: pipeline.platform.io/v1, kind: Drops, items: [{name: other-box, reason: Retired, message: m}]}
conditions: [` + alphaRefused + `, ` + betaBlocked + `]`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			t.Log(c.why)
			var env, wiring string
			got := ask(t, function(c.alpha, seen(&env, &wiring, fixed(nothing))), given{context: staleContext}.request(t))
			compare(t, wanted(t, c.want), got)
			if env != c.wantEnv || wiring != c.wiresTo {
				t.Errorf("the next stage saw environment %q and wiring %q, want %q and %q", env, wiring, c.wantEnv, c.wiresTo)
			}
		})
	}
}

// A function that runs one stage of another's pipeline acts on what that one published, and leaves it there.
func TestContextOfAStepBefore(t *testing.T) {
	t.Parallel()
	var env, wiring string
	f := kernel.New("test", clock, func(*input) (kernel.Setup, error) {
		return kernel.Setup{Stages: []plan.Stage{beta(seen(&env, &wiring, fixed(func(p *plan.Plan) {
			p.Drop("beta-box", pipelinev1.DropSpecChanged, "now")
		})))}}, nil
	})
	got := ask(t, f, given{context: staleContext}.request(t))
	compare(t, wanted(t, `
desired: {composite: {ready: READY_FALSE}}
conditions: [{type: BetaReady, status: STATUS_CONDITION_UNKNOWN, reason: Blocked, target: TARGET_COMPOSITE_AND_CLAIM}]
context:
  foreign: 1
  platform.io/environment: `+staleEnvironment+`
  platform.io/wiring: `+staleWiring+`
  platform.io/drops:
    apiVersion: pipeline.platform.io/v1
    kind: Drops
    items: [{name: alpha-box, reason: Retired, message: m}, {name: beta-box, reason: SpecChanged, message: now}, {name: other-box, reason: Retired, message: m}]`), got)
	if env != "stale" || wiring != "stale" {
		t.Errorf("the stage saw environment %q and wiring %q, want those of the step before", env, wiring)
	}
}

func TestWhatAStageKnows(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		why     string
		xr      string
		flavour managed.Flavour
		subject naming.Subject
	}{
		"Namespaced": {
			why: "the composite is what the developer wrote", xr: defaultXR,
			flavour: managed.Flavour{Namespace: "team"},
			subject: naming.Subject{UID: "u-1", Kind: "thing", Namespace: "team", Name: "orders"},
		},
		"Claim": {
			why:     "the claim is what the developer wrote; Secrets of cluster-scoped resources stay out of reach",
			xr:      `{apiVersion: platform.io/v1, kind: XThing, metadata: {name: orders-x7k, uid: u-1}, spec: {claimRef: {kind: Thing, namespace: team, name: orders}}}`,
			flavour: managed.Flavour{Legacy: true, Namespace: "team", SecretNamespace: "secrets"},
			subject: naming.Subject{UID: "u-1", Kind: "thing", Namespace: "team", Name: "orders"},
		},
		"NamespacedWithAClaimRefOfItsOwn": {
			why:     "a field of the user's does not make it a claim",
			xr:      `{apiVersion: platform.io/v1, kind: XThing, metadata: {name: orders, namespace: team, uid: u-1}, spec: {claimRef: {namespace: other, name: x}}}`,
			flavour: managed.Flavour{Namespace: "team"},
			subject: naming.Subject{UID: "u-1", Kind: "xthing", Namespace: "team", Name: "orders"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			t.Log(c.why)
			var in plan.In
			ask(t, function(func(got plan.In) (*plan.Plan, error) {
				in = got
				p := &plan.Plan{}
				p.Hold("alpha-a", got.Observed.Get("alpha-a"), false)
				p.Hold("alpha-b", got.Observed.Get("alpha-b"), false)
				return p, nil
			}, fixed(nothing)), given{
				xr: c.xr, observed: `{foreign: {}, alpha-b: {resource: ` + box + `, connectionDetails: {k: dg==}}, alpha-a: {resource: ` + box + `}}`,
				required: `{found: {items: [{resource: ` + box + `}]}, missing: {}}`,
			}.request(t))
			if diff := cmp.Diff(c.flavour, in.Flavour); diff != "" {
				t.Errorf("flavour (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.subject, in.Subject); diff != "" {
				t.Errorf("subject (-want +got):\n%s", diff)
			}
			if !in.Now.Equal(clock()) {
				t.Errorf("now is %v, want the injected clock", in.Now)
			}
			if diff := cmp.Diff([]string{"alpha-a", "alpha-b"}, in.Observed.Names("alpha-")); diff != "" {
				t.Errorf("observed names (-want +got):\n%s", diff)
			}
			if got := in.Observed.Get("alpha-a").Name() + in.Observed.Get("alpha-z").Name(); got != "box" {
				t.Errorf("observed names %q, want box", got)
			}
			if got := string(in.Observed.Connection("alpha-b")["k"]); got != "v" {
				t.Errorf("connection detail is %q, want v", got)
			}
			if f, m, u := in.Required["found"], in.Required["missing"], in.Required["unasked"]; !f.Resolved || f.First().Name() != "box" ||
				!m.Resolved || !m.First().IsZero() || u.Resolved {
				t.Errorf("found %+v, missing %+v, unasked %+v: want found, looked up in vain, and not looked up yet", f, m, u)
			}
		})
	}
}
