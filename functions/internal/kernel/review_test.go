package kernel_test

import (
	"testing"

	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/kernel"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// reviewer answers always the same.
func reviewer(v kernel.Verdict) runner {
	return kernel.NewReviewer("judge", []string{"AlphaReady", "BetaReady"}, func(*input, kernel.Review) kernel.Verdict {
		if v.Labelled == nil {
			v.Labelled = func(string, object.Object) bool { return false }
		}
		if v.Tagged == nil {
			v.Tagged = func(string, object.Object) bool { return false }
		}
		return v
	})
}

func TestReviewerReadiness(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		why, desired, composite, want string
	}{
		"AllReady":    {"every one is ready, foreign ones too", `{a: {ready: READY_TRUE}, b: {ready: READY_TRUE}}`, ``, `READY_TRUE`},
		"OneNotReady": {"core decides, and names what is not ready", `{a: {ready: READY_TRUE}, b: {ready: READY_FALSE}}`, ``, `READY_UNSPECIFIED`},
		"OneUnspoken": {"nobody said that it is ready", `{a: {ready: READY_TRUE}, b: {}}`, ``, `READY_UNSPECIFIED`},
		"SaidNot":     {"a step before waits", `{a: {ready: READY_TRUE}}`, `{ready: READY_FALSE}`, `READY_FALSE`},
		"SaidReady":   {"a step before decided", `{a: {ready: READY_FALSE}}`, `{ready: READY_TRUE}`, `READY_TRUE`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			t.Log(c.why)
			got := ask(t, reviewer(kernel.Verdict{}), given{desired: c.desired, desiredXR: c.composite}.request(t))
			compare(t, wanted(t, `{context: null, desired: {composite: {ready: `+c.want+`}, resources: `+c.desired+`}}`), got)
		})
	}
}

func TestReviewerNeverFailsHalfway(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		why     string
		given   given
		runner  runner
		message string
		reason  string
	}{
		"Panic": {
			why: "a panic is an answer too", reason: "Internal",
			runner: kernel.NewReviewer("judge", []string{"AlphaReady", "BetaReady"}, func(*input, kernel.Review) kernel.Verdict {
				panic("no idea")
			}),
			message: "function-judge panicked: no idea. Nothing was changed; please report this",
		},
		"UnknownInput": {
			why: "a mistake of the platform team", reason: "InvalidInput", runner: reviewer(kernel.Verdict{}), given: given{input: `{colour: red}`},
			message: `the input of the composition step that runs function-judge is wrong: cannot decode the object: unknown field "colour"`,
		},
		"UnknownDrops": {
			why: "drops that are understood only by half let nothing go", reason: "Internal", runner: reviewer(kernel.Verdict{}),
			given:   given{context: `{platform.io/drops: {more: 1}}`},
			message: `the pipeline context "platform.io/drops" is not what this version understands: cannot decode the object: unknown field "more"`,
		},
		"UnknownEnvironment": {
			why: "nor does such an environment consent to anything", reason: "Internal", runner: reviewer(kernel.Verdict{}),
			given:   given{context: `{platform.io/environment: {more: 1}}`},
			message: `the pipeline context "platform.io/environment" is not what this version understands: cannot decode the object: unknown field "more"`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			t.Log(c.why)
			g := c.given
			g.xr, g.desired = xrWithStatus, `{a: {resource: `+box+`}}`
			req := g.request(t)
			want := wanted(t, `
desired: {composite: {`+statusKept+`}, resources: {a: {resource: `+box+`}}}
conditions: [`+alphaObserved+`, `+betaObserved+`]
results: [{severity: SEVERITY_FATAL, target: TARGET_COMPOSITE, reason: `+c.reason+`, message: '`+c.message+`'}]`)
			want.Context = req.GetContext()
			compare(t, want, ask(t, c.runner, req))
		})
	}
}

func TestReviewerMarks(t *testing.T) {
	t.Parallel()
	named := func(want string) func(string, object.Object) bool {
		return func(name string, _ object.Object) bool { return name == want }
	}
	status := object.NewFields()
	status.SetBool("judged", true)
	got := ask(t, reviewer(kernel.Verdict{
		Labels: map[string]string{"owner": "me"}, Labelled: named("labelled"),
		Tags: map[string]string{"owner": "me"}, Tagged: named("tagged"),
		Warnings: []string{"careful"}, Status: status,
		Conditions: []conditions.Condition{{Type: "AlphaReady", Status: conditions.True, Reason: conditions.Passed}},
	}), given{
		desiredXR: `{ready: READY_FALSE, resource: {status: {foreign: 1}}}`,
		context:   `{foreign: 1}`,
		desired: `{
  labelled: {ready: READY_TRUE, connectionDetails: {k: dg==}, resource: {kind: Box, metadata: {name: a, labels: {owner: you, theirs: x}}}},
  tagged: {resource: {kind: Box, metadata: {name: b}, spec: {forProvider: {region: r, tags: {owner: you, theirs: x}}, other: 1}}},
  neither: {resource: {kind: Box, metadata: {name: c}}}}`,
	}.request(t))
	compare(t, wanted(t, `
context: {foreign: 1}
desired:
  composite: {ready: READY_FALSE, resource: {apiVersion: platform.io/v1, kind: Thing, status: {foreign: 1, judged: true}}}
  resources:
    labelled: {ready: READY_TRUE, connectionDetails: {k: dg==}, resource: {kind: Box, metadata: {name: a, labels: {owner: me, theirs: x}}}}
    tagged: {resource: {kind: Box, metadata: {name: b}, spec: {forProvider: {region: r, tags: {owner: me, theirs: x}}, other: 1}}}
    neither: {resource: {kind: Box, metadata: {name: c}}}
conditions:
- {type: AlphaReady, status: STATUS_CONDITION_TRUE, reason: Passed, target: TARGET_COMPOSITE_AND_CLAIM}
- {type: BetaReady, status: STATUS_CONDITION_UNKNOWN, reason: Blocked, target: TARGET_COMPOSITE_AND_CLAIM}
results: [{severity: SEVERITY_WARNING, target: TARGET_COMPOSITE, reason: ForeignDropped, message: careful}]`), got)
}
