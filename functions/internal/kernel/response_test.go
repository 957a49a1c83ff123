package kernel_test

import (
	"testing"
	"time"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

func TestResponse(t *testing.T) {
	t.Parallel()
	addBox := func(p *plan.Plan) { p.Add("alpha-box", obj(t, box)) }
	cases := map[string]struct {
		why         string
		given       given
		alpha, beta func(*plan.Plan)
		want        string
	}{
		"Waiting": {
			why:   "waiting is not failing: nothing composed, not ready, and core is asked to look again",
			alpha: func(p *plan.Plan) { p.Waiting = true; p.Requirements = look },
			want: `
desired: {composite: {ready: READY_FALSE}}
requirements:
  resources:
    look: {apiVersion: v1, kind: Secret, namespace: team, matchName: s}
    cluster: {apiVersion: platform.io/v1, kind: XEnvironment, matchName: staging}`,
		},
		"WaitingWithAllReady": {
			why:   "a composite that waits is not ready, even when each of its resources is",
			given: given{observed: `{alpha-box: {resource: ` + readyBox + `}}`},
			alpha: func(p *plan.Plan) { addBox(p); p.Waiting = true },
			want:  `desired: {composite: {ready: READY_FALSE}, resources: {alpha-box: {ready: READY_TRUE, resource: ` + box + `}}}`,
		},
		"BothStagesWait": {
			why:   "one stage that waits is enough",
			given: given{observed: `{alpha-box: {resource: ` + readyBox + `}}`},
			alpha: addBox, beta: func(p *plan.Plan) { p.Waiting = true },
			want: `desired: {composite: {ready: READY_FALSE}, resources: {alpha-box: {ready: READY_TRUE, resource: ` + box + `}}}`,
		},
		"NotReadyFromAStepBefore": {
			why:   "that a step before said not ready is kept",
			given: given{observed: `{alpha-box: {resource: ` + readyBox + `}}`, desiredXR: `{ready: READY_FALSE}`},
			alpha: addBox,
			want:  `desired: {composite: {ready: READY_FALSE}, resources: {alpha-box: {ready: READY_TRUE, resource: ` + box + `}}}`,
		},
		"ForeignDesired": {
			why: "what steps before want passes through as it is: resources, readiness, connection details, status and context",
			given: given{
				desired:   `{foreign: {resource: ` + box + `, ready: READY_TRUE, connectionDetails: {k: dg==}}}`,
				desiredXR: `{connectionDetails: {k: dg==}, resource: {apiVersion: platform.io/v1, kind: Thing, metadata: {labels: {a: b}}, status: {foreign: 1, host: old}}}`,
				context:   `{foreign: {a: 1}, platform.io/drops: {apiVersion: pipeline.platform.io/v1, kind: Drops, items: [{name: other-box, reason: Retired, message: m}]}}`,
			},
			alpha: func(p *plan.Plan) {
				p.Status = object.NewFields()
				p.Status.SetString("host", "new")
			},
			want: `
desired:
  composite:
    connectionDetails: {k: dg==}
    resource: {apiVersion: platform.io/v1, kind: Thing, metadata: {labels: {a: b}}, status: {foreign: 1, host: new}}
  resources: {foreign: {resource: ` + box + `, ready: READY_TRUE, connectionDetails: {k: dg==}}}
context:
  foreign: {a: 1}
  platform.io/drops: {apiVersion: pipeline.platform.io/v1, kind: Drops, items: [{name: other-box, reason: Retired, message: m}]}`,
		},
		"StatusOfBothStages": {
			why: "each stage adds its fields",
			alpha: func(p *plan.Plan) {
				addBox(p)
				p.Status = object.NewFields()
				p.Status.SetString("host", "h")
			},
			beta: func(p *plan.Plan) {
				p.Status = object.NewFields()
				p.Status.SetString("path", "p")
			},
			want: `
desired:
  composite: {resource: {apiVersion: platform.io/v1, kind: Thing, status: {host: h, path: p}}}
  resources: {alpha-box: {resource: ` + box + `, ready: READY_FALSE}}`,
		},
		"DataHolderIsMarked": {
			why:   "the mark is what guards the data from then on",
			alpha: func(p *plan.Plan) { p.AddData("alpha-box", obj(t, box)) },
			want:  `desired: {composite: {}, resources: {alpha-box: {resource: ` + holder + `, ready: READY_FALSE}}}`,
		},
		"ConnectionDetails": {
			why: "the first stage with connection details gives them, beside those of the steps before",
			given: given{
				xr:        `{apiVersion: platform.io/v1, kind: XThing, metadata: {name: orders-x, uid: u-1}, spec: {claimRef: {namespace: team, name: orders}}}`,
				desiredXR: `{connectionDetails: {before: dg==}}`,
			},
			alpha: func(p *plan.Plan) { addBox(p); p.Connection = map[string]string{"uri": "v"} },
			beta:  func(p *plan.Plan) { p.Connection = map[string]string{"uri": "other"} },
			want: `
desired:
  composite: {connectionDetails: {before: dg==, uri: dg==}}
  resources: {alpha-box: {resource: ` + box + `, ready: READY_FALSE}}`,
		},
		"Conditions": {
			why: "each type on every call: as set, or else unknown with what it waits for",
			alpha: func(p *plan.Plan) {
				addBox(p)
				p.Set("AlphaReady", conditions.False, conditions.Creating, "nearly")
			},
			want: `
desired: {composite: {}, resources: {alpha-box: {resource: ` + box + `, ready: READY_FALSE}}}
conditions:
- {type: AlphaReady, status: STATUS_CONDITION_FALSE, reason: Creating, message: nearly, target: TARGET_COMPOSITE_AND_CLAIM}
- ` + betaBlocked,
		},
		"ConditionOfALaterStep": {
			why: "what a step behind answers is not answered here, neither as set nor as unknown",
			alpha: func(p *plan.Plan) {
				addBox(p)
				ready(p, "AlphaReady")
				p.Later = []string{"AlphaReady"}
			},
			beta: func(p *plan.Plan) { ready(p, "BetaReady") },
			want: `
desired: {composite: {}, resources: {alpha-box: {resource: ` + box + `, ready: READY_FALSE}}}
conditions:
- {type: BetaReady, status: STATUS_CONDITION_TRUE, reason: Available, target: TARGET_COMPOSITE_AND_CLAIM}`,
		},
		"ConditionIsNotKeptWhileItWorks": {
			why:   "outside of a Fatal a condition is computed, never copied",
			given: given{xr: xrWithStatus},
			alpha: func(p *plan.Plan) { addBox(p); ready(p, "AlphaReady") },
			want: `
desired: {composite: {}, resources: {alpha-box: {resource: ` + box + `, ready: READY_FALSE}}}
conditions:
- {type: AlphaReady, status: STATUS_CONDITION_TRUE, reason: Available, target: TARGET_COMPOSITE_AND_CLAIM}
- {type: BetaReady, status: STATUS_CONDITION_UNKNOWN, reason: Blocked, target: TARGET_COMPOSITE_AND_CLAIM}`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			t.Log(c.why)
			b := c.beta
			if b == nil {
				b = nothing
			}
			compare(t, wanted(t, c.want), ask(t, function(fixed(c.alpha), fixed(b)), c.given.request(t)))
		})
	}
}

// look asks for a Secret in a namespace and for a cluster-scoped object.
var look = []plan.Requirement{
	{Key: "look", APIVersion: "v1", Kind: "Secret", Namespace: "team", Name: "s"},
	{Key: "cluster", APIVersion: "platform.io/v1", Kind: "XEnvironment", Name: "staging"},
}

func TestReadinessOfEachResource(t *testing.T) {
	t.Parallel()
	observed := func(status, meta string) string {
		return `{alpha-box: {resource: {apiVersion: box.example.org/v1, kind: Box, metadata: {name: box` + meta + `}, status: ` + status + `}}}`
	}
	cases := map[string]struct {
		why      string
		observed string
		want     fnv1.Ready
	}{
		"NotObserved":    {"it does not exist yet", "", fnv1.Ready_READY_FALSE},
		"NoStatus":       {"the provider has not spoken", observed(`{}`, ""), fnv1.Ready_READY_FALSE},
		"Ready":          {"the provider says so", observed(`{conditions: [{type: Ready, status: "True"}]}`, ""), fnv1.Ready_READY_TRUE},
		"SyncedAndReady": {"both", observed(`{conditions: [{type: Synced, status: "True"}, {type: Ready, status: "True"}]}`, ""), fnv1.Ready_READY_TRUE},
		"NotReady":       {"the provider says not", observed(`{conditions: [{type: Ready, status: "False"}]}`, ""), fnv1.Ready_READY_FALSE},
		"NotSynced": {
			"the last change does not work", observed(`{conditions: [{type: Synced, status: "False"}, {type: Ready, status: "True"}]}`, ""), fnv1.Ready_READY_FALSE,
		},
		"Deleting": {
			"what is being deleted is never ready",
			observed(`{conditions: [{type: Ready, status: "True"}]}`, `, deletionTimestamp: "2026-01-01T00:00:00Z"`), fnv1.Ready_READY_FALSE,
		},
		"OldGeneration": {
			"the provider has not seen the last change",
			observed(`{observedGeneration: 1, conditions: [{type: Ready, status: "True"}]}`, `, generation: 2`), fnv1.Ready_READY_FALSE,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			t.Log(c.why)
			add := fixed(func(p *plan.Plan) { p.Add("alpha-box", obj(t, box)) })
			got := ask(t, function(add, fixed(nothing)), given{observed: c.observed}.request(t))
			compare(t, wanted(t, `desired: {composite: {}, resources: {alpha-box: {ready: `+c.want.String()+`, resource: `+box+`}}}`), got)
		})
	}
}

func TestTTL(t *testing.T) {
	t.Parallel()
	in := func(d time.Duration) func(*plan.Plan) { return func(p *plan.Plan) { p.Boundary = clock().Add(d) } }
	cases := map[string]struct {
		why         string
		alpha, beta func(*plan.Plan)
		want        string
	}{
		"NoBoundary":     {"changes come as events", nothing, nothing, "600s"},
		"FarBoundary":    {"there is time", in(time.Hour), nothing, "600s"},
		"NearBoundary":   {"the clock alone changes the plan then", in(90 * time.Second), nothing, "90s"},
		"NearerOfTwo":    {"the first one counts", in(90 * time.Second), in(30 * time.Second), "30s"},
		"NearerFirst":    {"whatever stage has it", in(30 * time.Second), in(90 * time.Second), "30s"},
		"PassedBoundary": {"it is acted on already", in(-time.Second), nothing, "600s"},
		"Now":            {"it is acted on already", in(0), nothing, "600s"},
		"AtOnce":         {"never zero: core would take that for no time at all", in(time.Millisecond), nothing, "1s"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			t.Log(c.why)
			got := ask(t, function(fixed(c.alpha), fixed(c.beta)), given{}.request(t))
			compare(t, wanted(t, `{meta: {tag: tag-1, ttl: `+c.want+`}, desired: {composite: {ready: READY_FALSE}}}`), got)
		})
	}
}
