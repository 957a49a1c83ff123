package kernel_test

import (
	"errors"
	"testing"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// xrWithStatus has a status and conditions from an earlier call.
const xrWithStatus = `
apiVersion: platform.io/v1
kind: Thing
metadata: {name: orders, namespace: team, uid: u-1}
status:
  host: db.example.org
  arn: arn-1
  conditions:
  - {type: AlphaReady, status: "True", reason: Available, message: it runs}
  - {type: BetaReady, status: "False", reason: Creating, message: nearly there}
  - {type: Ready, status: "True", reason: Available}`

const (
	alphaRefused       = `{type: AlphaReady, status: STATUS_CONDITION_FALSE, reason: UnknownSize, message: "spec.size: write small", target: TARGET_COMPOSITE_AND_CLAIM}`
	refusedWarning     = `{severity: SEVERITY_WARNING, target: TARGET_COMPOSITE_AND_CLAIM, reason: UnknownSize, message: "spec.size: write small"}`
	otherLooking       = `{type: OtherReady, status: STATUS_CONDITION_FALSE, reason: EnvironmentNotReady, message: looking, target: TARGET_COMPOSITE_AND_CLAIM}`
	betaBlockedByOther = `{type: BetaReady, status: STATUS_CONDITION_UNKNOWN, reason: Blocked, message: waits for OtherReady, target: TARGET_COMPOSITE_AND_CLAIM}`
	alphaObserved      = `{type: AlphaReady, status: STATUS_CONDITION_TRUE, reason: Available, message: it runs, target: TARGET_COMPOSITE_AND_CLAIM}`
	betaObserved       = `{type: BetaReady, status: STATUS_CONDITION_FALSE, reason: Creating, message: nearly there, target: TARGET_COMPOSITE_AND_CLAIM}`
	betaBlocked        = `{type: BetaReady, status: STATUS_CONDITION_UNKNOWN, reason: Blocked, message: waits for AlphaReady, target: TARGET_COMPOSITE_AND_CLAIM}`
	statusKept         = `resource: {apiVersion: platform.io/v1, kind: Thing, status: {host: db.example.org, arn: arn-1}}`
)

// refusing asks for an object, plans something, and refuses.
func refusing(plan.In) (*plan.Plan, error) {
	p := &plan.Plan{
		Environment:  &pipelinev1.Environment{Name: "env"},
		Requirements: []plan.Requirement{{Key: "look", APIVersion: "v1", Kind: "Secret", Namespace: "team", Name: "s"}},
	}
	p.Set("OtherReady", conditions.False, conditions.EnvironmentNotReady, "looking")
	return p, plan.Refuse("AlphaReady", conditions.UnknownSize, "spec.size: write small")
}

func notCalled(plan.In) (*plan.Plan, error) {
	return nil, errors.New("the first refusal ends the chain")
}

func TestRefusal(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		why   string
		given given
		want  string
	}{
		"NothingObserved": {
			why: "a condition, not ready, nothing composed; the requirements are asked again, or core stops watching",
			want: `
desired: {composite: {ready: READY_FALSE}}
results: [` + refusedWarning + `]
requirements: {resources: {look: {apiVersion: v1, kind: Secret, namespace: team, matchName: s}}}
conditions:
- ` + alphaRefused + `
- ` + betaBlockedByOther + `
- ` + otherLooking,
		},
		"NothingObservedStatusKept": {
			why: "core would remove a status that is not returned; what a step before says now wins over what it said before",
			given: given{
				xr: xrWithStatus,
				desiredXR: `{ready: READY_FALSE, connectionDetails: {k: dg==}, resource: {apiVersion: platform.io/v1, kind: Thing,
  status: {host: from-a-step-before, foreign: 1}}}`,
				desired: `{foreign: {resource: ` + box + `}}`,
			},
			want: `
desired:
  composite: {ready: READY_FALSE, connectionDetails: {k: dg==},
    resource: {apiVersion: platform.io/v1, kind: Thing, status: {host: from-a-step-before, foreign: 1, arn: arn-1}}}
  resources: {foreign: {resource: ` + box + `}}
results: [` + refusedWarning + `]
requirements: {resources: {look: {apiVersion: v1, kind: Secret, namespace: team, matchName: s}}}
conditions:
- ` + alphaRefused + `
- ` + betaBlockedByOther + `
- ` + otherLooking,
		},
		"OnlyForeignObserved": {
			why:   "what is not ours does not run for us",
			given: given{observed: `{foreign: {resource: ` + box + `}}`},
			want: `
desired: {composite: {ready: READY_FALSE}}
results: [` + refusedWarning + `]
requirements: {resources: {look: {apiVersion: v1, kind: Secret, namespace: team, matchName: s}}}
conditions:
- ` + alphaRefused + `
- ` + betaBlockedByOther + `
- ` + otherLooking,
		},
		"SomethingObserved": {
			why: "Fatal: what runs stays as it is, and so do the status and the conditions that nobody set",
			given: given{
				xr: xrWithStatus, observed: `{beta-box: {resource: ` + box + `}}`, required: `{look: {}}`,
				desired: `{foreign: {resource: ` + box + `, ready: READY_TRUE}}`, context: `{foreign: 1}`,
			},
			want: `
desired: {composite: {` + statusKept + `}, resources: {foreign: {resource: ` + box + `, ready: READY_TRUE}}}
context: {foreign: 1}
conditions: [` + alphaRefused + `, ` + betaObserved + `, ` + otherLooking + `]
results: [{severity: SEVERITY_FATAL, target: TARGET_COMPOSITE, reason: UnknownSize, message: "spec.size: write small"}]`,
		},
		"SomethingObservedConditionsLost": {
			why:   "without an observed value a condition is unknown, and never left out",
			given: given{observed: `{alpha-box: {resource: ` + box + `}}`, required: `{look: {}}`},
			want: `
context: null
conditions: [` + alphaRefused + `, ` + betaBlockedByOther + `, ` + otherLooking + `]
results: [{severity: SEVERITY_FATAL, target: TARGET_COMPOSITE, reason: UnknownSize, message: "spec.size: write small"}]`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			t.Log(c.why)
			compare(t, wanted(t, c.want), ask(t, function(refusing, notCalled), c.given.request(t)))
		})
	}
}

// A Fatal answer ends the call before core has looked for anything, so it must not come before: the composite would never get
// out of it.
func TestLooksBeforeItIsFatal(t *testing.T) {
	t.Parallel()
	const observedBoxes = `{
  alpha-box: {connectionDetails: {k: dg==}, resource: {apiVersion: box.example.org/v1, kind: Box, spec: {a: 1, initProvider: {}}, status: {b: 1},
    metadata: {name: box, namespace: team, uid: u-2, generation: 3, labels: {l: v},
      annotations: {platform.io/data: primary, crossplane.io/external-name: x, crossplane.io/external-create-succeeded: now}}}},
  beta-box: {resource: ` + box + `},
  foreign: {resource: ` + box + `}}`
	cases := map[string]compose{
		"Refusal": refusing,
		"Loss":    fixed(func(p *plan.Plan) { p.Requirements = look[:1] }),
		"DataLoss": fixed(func(p *plan.Plan) {
			p.Requirements = look[:1]
			p.Drop("alpha-box", pipelinev1.DropSpecChanged, "because")
			p.Drop("beta-box", pipelinev1.DropSpecChanged, "because")
		}),
	}
	for name, f := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := given{xr: xrWithStatus, observed: observedBoxes}
			compare(t, wanted(t, `
desired:
  composite: {ready: READY_FALSE, `+statusKept+`}
  resources:
    alpha-box: {ready: READY_FALSE, resource: {apiVersion: box.example.org/v1, kind: Box, spec: {a: 1},
      metadata: {name: box, namespace: team, labels: {l: v}, annotations: {platform.io/data: primary, crossplane.io/external-name: x}}}}
    beta-box: {ready: READY_FALSE, resource: `+box+`}
requirements: {resources: {look: {apiVersion: v1, kind: Secret, namespace: team, matchName: s}}}
conditions: [`+alphaObserved+`, `+betaObserved+`]`), ask(t, function(f, fixed(nothing)), g.request(t)))

			g.required = `{look: {}}`
			got := ask(t, function(f, fixed(nothing)), g.request(t))
			if len(got.GetResults()) != 1 || got.GetResults()[0].GetSeverity() != fnv1.Severity_SEVERITY_FATAL {
				t.Errorf("results once core has looked: %v, want one that is Fatal", got.GetResults())
			}
		})
	}
}

func TestEveryFatalIsComplete(t *testing.T) {
	t.Parallel()
	running := given{
		xr: xrWithStatus, observed: `{alpha-box: {resource: ` + box + `}}`, desired: `{foreign: {resource: ` + box + `}}`,
		desiredXR: `{resource: {status: {foreign: 1}}}`, context: `{foreign: 1}`,
	}
	with := func(edit func(*given)) given {
		g := running
		edit(&g)
		return g
	}
	cases := map[string]struct {
		why     string
		given   given
		alpha   compose
		reason  string
		message string
	}{
		"Panic": {
			why: "a panic is an answer too", given: running,
			alpha:  func(plan.In) (*plan.Plan, error) { panic("index out of range") },
			reason: "Internal", message: "function-test panicked: index out of range. Nothing was changed; please report this",
		},
		"NoPlan": {
			why: "a stage that answers nothing at all is a defect, not a deletion", given: running,
			alpha:  func(plan.In) (*plan.Plan, error) { return nil, nil }, //nolint:nilnil // the defect under test
			reason: "Internal", message: "function-test panicked: runtime error: invalid memory address or nil pointer dereference. Nothing was changed; please report this",
		},
		"Defect": {
			why: "any other error names its stage", given: running,
			alpha:  func(plan.In) (*plan.Plan, error) { return nil, errors.New("no such thing") },
			reason: "Internal", message: "stage alpha: no such thing",
		},
		"UnknownInput": {
			why: "a key that the input does not have is a mistake of the platform team", given: with(func(g *given) { g.input = `{apiVersion: v1, kind: Input, colour: red}` }),
			alpha: notCalled, reason: "InvalidInput",
			message: `the input of the composition step that runs function-test is wrong: cannot decode the object: unknown field "colour"`,
		},
		"InputWithOtherCapitals": {
			why: "so is one with other capitals", given: with(func(g *given) { g.input = `{apiVersion: v1, kind: Input, Size: small}` }),
			alpha: notCalled, reason: "InvalidInput",
			message: `the input of the composition step that runs function-test is wrong: cannot decode the object: unknown field "Size"`,
		},
		"RefusedInput": {
			why: "the function refuses the input", given: with(func(g *given) { g.input = `{apiVersion: v1, kind: Input, size: huge}` }),
			alpha: notCalled, reason: "InvalidInput",
			message: "the input of the composition step that runs function-test is wrong: size: huge is too much",
		},
		"UnknownContext": {
			why: "a contract that is understood only by half is not acted on", given: with(func(g *given) {
				g.context = `{platform.io/wiring: {apiVersion: pipeline.platform.io/v1, kind: Wiring, subject: {kind: a, namespace: b, name: c}, more: []}}`
			}),
			alpha: notCalled, reason: "InvalidSpec",
			message: `the pipeline context "platform.io/wiring" is not what this version understands: cannot decode the object: unknown field "more"`,
		},
		"UnknownDrops": {
			why: "so are drops", given: with(func(g *given) {
				g.context = `{platform.io/drops: {apiVersion: pipeline.platform.io/v1, kind: Drops, more: 1}}`
			}),
			alpha: fixed(func(p *plan.Plan) { p.Add("alpha-box", obj(t, box)) }), reason: "Internal",
			message: `the pipeline context "platform.io/drops" is not what this version understands: cannot decode the object: unknown field "more"`,
		},
		"ContextIsNoObject": {
			why: "a text is no environment", given: with(func(g *given) { g.context = `{platform.io/environment: staging}` }),
			alpha: notCalled, reason: "InvalidSpec",
			message: `the pipeline context "platform.io/environment" is not what this version understands: it is not an object`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			t.Log(c.why)
			req := c.given.request(t)
			want := wanted(t, `
desired:
  composite: {resource: {apiVersion: platform.io/v1, kind: Thing, status: {host: db.example.org, arn: arn-1, foreign: 1}}}
  resources: {foreign: {resource: `+box+`}}
context: null
conditions: [`+alphaObserved+`, `+betaObserved+`]
results: [{severity: SEVERITY_FATAL, target: TARGET_COMPOSITE, reason: `+c.reason+`, message: '`+c.message+`'}]`)
			want.Context = req.GetContext()
			compare(t, want, ask(t, picky(c.alpha), req))
		})
	}
}

const notUnderstood = "the object or what a step before says of it is not understood; nothing is changed. Synced says what to do"

// An object that is new has no condition to keep, and each of them says why nothing is known.
func TestConditionsOfANewObject(t *testing.T) {
	t.Parallel()
	const (
		wrongInput = "the input of the composition step is wrong; nothing is changed. The platform team has to correct the Composition, Synced says where"
		failed     = "the composition function has failed; nothing is changed. The platform team has to report what Synced says"
	)
	cases := map[string]struct {
		given                given
		alpha                compose
		reason, message, why string
	}{
		"the input is wrong": {given{input: `{apiVersion: v1, kind: Input, size: huge}`}, notCalled,
			"InvalidInput", "the input of the composition step that runs function-test is wrong: size: huge is too much", wrongInput},
		"the context is not understood": {given{context: `{platform.io/environment: staging}`}, notCalled,
			"InvalidSpec", `the pipeline context "platform.io/environment" is not what this version understands: it is not an object`, notUnderstood},
		"a stage fails": {given{}, func(plan.In) (*plan.Plan, error) { return nil, errors.New("no such thing") },
			"Internal", "stage alpha: no such thing", failed},
		"a stage panics": {given{}, func(plan.In) (*plan.Plan, error) { panic("index out of range") },
			"Internal", "function-test panicked: index out of range. Nothing was changed; please report this", failed},
	}
	for reason, c := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			req := c.given.request(t)
			want := wanted(t, fatal(c.reason, c.message, c.why))
			want.Context = req.GetContext()
			compare(t, want, ask(t, picky(c.alpha), req))
		})
	}
}

func TestNeitherNamespaceNorClaim(t *testing.T) {
	t.Parallel()
	got := ask(t, function(notCalled, notCalled), given{xr: `{apiVersion: platform.io/v1, kind: XThing, metadata: {name: orders, uid: u-1}}`}.request(t))
	compare(t, wanted(t, fatal("InvalidSpec", "cannot tell the flavour of the composite: the XThing has neither metadata.namespace nor spec.claimRef: "+
		"create a claim of kind Thing in a namespace instead", notUnderstood)), got)
}

func TestEmptyRequest(t *testing.T) {
	t.Parallel()
	got := ask(t, function(notCalled, notCalled), given{xr: `{}`}.request(t))
	compare(t, wanted(t, fatal("InvalidSpec", "cannot tell the flavour of the composite: the  has neither metadata.namespace nor spec.claimRef: "+
		"create a claim of kind  in a namespace instead", notUnderstood)), got)
}
