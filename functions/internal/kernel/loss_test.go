package kernel_test

import (
	"strings"
	"testing"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/kernel"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

const (
	box      = `{apiVersion: box.example.org/v1, kind: Box, metadata: {name: box}}`
	readyBox = `{apiVersion: box.example.org/v1, kind: Box, metadata: {name: box}, status: {conditions: [{type: Ready, status: "True"}]}}`
	holder   = `{apiVersion: box.example.org/v1, kind: Box, metadata: {name: box, annotations: {platform.io/data: primary}}}`
)

func consent(names string) string {
	return `{apiVersion: platform.io/v1, kind: Thing, metadata: {name: orders, namespace: team, uid: u-1, annotations: {platform.io/allow-data-loss: "` +
		names + `"}}}`
}

// fatal is the answer that changes nothing. why is what the conditions of a new object say.
func fatal(reason, message, why string) string {
	return `{context: null, results: [{severity: SEVERITY_FATAL, target: TARGET_COMPOSITE, reason: ` + reason + `, message: '` + message + `'}],
conditions: [
  {type: AlphaReady, status: STATUS_CONDITION_UNKNOWN, reason: Blocked, message: '` + why + `', target: TARGET_COMPOSITE_AND_CLAIM},
  {type: BetaReady, status: STATUS_CONDITION_UNKNOWN, reason: Blocked, message: '` + why + `', target: TARGET_COMPOSITE_AND_CLAIM}]}`
}

// lost is the answer to a plan that would lose something. It changes nothing, and says so where guardrails would have.
func lost(reason, message string) string {
	return `{context: null, results: [{severity: SEVERITY_FATAL, target: TARGET_COMPOSITE, reason: ` + reason + `, message: '` + message + `'}],
conditions: [
  {type: AlphaReady, status: STATUS_CONDITION_UNKNOWN, reason: Blocked, message: waits for GuardrailsPassed, target: TARGET_COMPOSITE_AND_CLAIM},
  {type: BetaReady, status: STATUS_CONDITION_UNKNOWN, reason: Blocked, message: waits for GuardrailsPassed, target: TARGET_COMPOSITE_AND_CLAIM},
  {type: GuardrailsPassed, status: STATUS_CONDITION_FALSE, reason: ` + reason + `, message: '` + message + `', target: TARGET_COMPOSITE_AND_CLAIM}]}`
}

const lostData = `the data in alpha-box would be lost. Nothing was changed. If you mean it, annotate the object with platform.io/allow-data-loss: "alpha-box"`

// droppedBox is the answer that lets alpha-box go and composes nothing else.
func droppedBox(reason string) string {
	return `
desired: {composite: {ready: READY_FALSE}}
context:
  platform.io/drops: {apiVersion: pipeline.platform.io/v1, kind: Drops, items: [{name: alpha-box, reason: ` + reason + `, message: because}]}`
}

func TestNothingDisappearsByAccident(t *testing.T) {
	t.Parallel()
	dropBox := func(reason pipelinev1.DropReason) func(*plan.Plan) {
		return func(p *plan.Plan) { p.Drop("alpha-box", reason, "because") }
	}
	expired := func(kind pipelinev1.EnvironmentType, reason pipelinev1.DropReason) func(*plan.Plan) {
		return func(p *plan.Plan) {
			p.Environment = &pipelinev1.Environment{Name: "env", Type: kind, Phase: pipelinev1.PhaseExpired}
			p.Drop("alpha-box", reason, "because")
		}
	}
	cases := map[string]struct {
		why   string
		given given
		alpha func(*plan.Plan)
		want  string
	}{
		"PlannedAgain": {
			why:   "what is planned again stays",
			given: given{observed: `{alpha-box: {resource: ` + box + `}}`},
			alpha: func(p *plan.Plan) { p.Add("alpha-box", obj(t, box)) },
			want:  `desired: {composite: {}, resources: {alpha-box: {ready: READY_FALSE, resource: ` + box + `}}}`,
		},
		"DroppedWithReason": {
			why:   "a drop says why, and is published for the steps behind",
			given: given{observed: `{alpha-box: {resource: ` + box + `}}`},
			alpha: dropBox(pipelinev1.DropSpecChanged),
			want:  droppedBox("SpecChanged"),
		},
		"Retired": {
			why:   "a name that this version no longer composes may go by the table",
			given: given{observed: `{alpha-old: {resource: ` + box + `}}`},
			alpha: nothing,
			want: `
desired: {composite: {ready: READY_FALSE}}
context:
  platform.io/drops:
    apiVersion: pipeline.platform.io/v1
    kind: Drops
    items: [{name: alpha-old, reason: Retired, message: stage alpha no longer composes it}]`,
		},
		"RetiredDataHolder": {
			why:   "the table is no consent to lose data",
			given: given{observed: `{alpha-old: {resource: ` + holder + `}}`},
			alpha: nothing,
			want: lost("WouldLoseData", "the data in alpha-old would be lost. Nothing was changed. If you mean it, annotate the object with "+
				`platform.io/allow-data-loss: "alpha-old"`),
		},
		"NeitherPlannedNorDropped": {
			why: "both stages forgot one: the call is Fatal, names all, and keeps what the steps before want",
			given: given{
				observed: `{beta-box: {resource: ` + box + `}, alpha-box: {resource: ` + box + `}}`,
				desired:  `{foreign: {resource: ` + box + `, ready: READY_TRUE}}`,
				context:  `{foreign: 1}`,
			},
			alpha: nothing,
			want: `
desired: {composite: {}, resources: {foreign: {resource: ` + box + `, ready: READY_TRUE}}}
context: {foreign: 1}
results:
- severity: SEVERITY_FATAL
  target: TARGET_COMPOSITE
  reason: WouldLoseResource
  message: "composed resources would have been deleted without a reason: alpha-box, beta-box. Nothing was changed; please report this"
conditions:
- {type: AlphaReady, status: STATUS_CONDITION_UNKNOWN, reason: Blocked, message: waits for GuardrailsPassed, target: TARGET_COMPOSITE_AND_CLAIM}
- {type: BetaReady, status: STATUS_CONDITION_UNKNOWN, reason: Blocked, message: waits for GuardrailsPassed, target: TARGET_COMPOSITE_AND_CLAIM}
- type: GuardrailsPassed
  status: STATUS_CONDITION_FALSE
  reason: WouldLoseResource
  target: TARGET_COMPOSITE_AND_CLAIM
  message: "composed resources would have been deleted without a reason: alpha-box, beta-box. Nothing was changed; please report this"`,
		},
		"ForeignGoes": {
			why:   "what no stage of this function owns is not its business",
			given: given{observed: `{foreign: {resource: ` + holder + `}}`},
			alpha: nothing,
			want:  `desired: {composite: {ready: READY_FALSE}}`,
		},
		"DataHolderWithoutConsent": {
			why:   "a reason is no consent",
			given: given{observed: `{alpha-box: {resource: ` + holder + `}}`},
			alpha: dropBox(pipelinev1.DropSpecChanged),
			want:  lost("WouldLoseData", lostData),
		},
		"DataHolderWithConsent": {
			why:   "the annotation names it, among others and with spaces",
			given: given{xr: consent("other, alpha-box"), observed: `{alpha-box: {resource: ` + holder + `}}`},
			alpha: dropBox(pipelinev1.DropSpecChanged),
			want:  droppedBox("SpecChanged"),
		},
		"ConsentForAnotherName": {
			why:   "a consent holds for exactly the names in it",
			given: given{xr: consent("alpha-box-2,alpha-,alpha-bo,*"), observed: `{alpha-box: {resource: ` + holder + `}}`},
			alpha: dropBox(pipelinev1.DropSpecChanged),
			want:  lost("WouldLoseData", lostData),
		},
		"ConsentIsNoReason": {
			why:   "with consent but without a drop it is an accident still",
			given: given{xr: consent("alpha-box"), observed: `{alpha-box: {resource: ` + holder + `}}`},
			alpha: nothing,
			want: lost("WouldLoseResource",
				"composed resources would have been deleted without a reason: alpha-box. Nothing was changed; please report this"),
		},
		"ProductionNeverExpires": {
			why:   "nothing but a preview consents for itself",
			given: given{observed: `{alpha-box: {resource: ` + holder + `}}`},
			alpha: expired(pipelinev1.EnvironmentProduction, pipelinev1.DropEnvironmentExpired),
			want:  lost("WouldLoseData", lostData),
		},
		"ExpiredPreviewOtherReason": {
			why:   "an expired preview consents to its expiry, not to a changed spec",
			given: given{observed: `{alpha-box: {resource: ` + holder + `}}`},
			alpha: expired(pipelinev1.EnvironmentPreview, pipelinev1.DropSpecChanged),
			want:  lost("WouldLoseData", lostData),
		},
		"PreviewThatHasNotExpired": {
			why:   "a stage that says expired is not believed: the environment is looked at",
			given: given{observed: `{alpha-box: {resource: ` + holder + `}}`},
			alpha: func(p *plan.Plan) {
				p.Environment = &pipelinev1.Environment{Name: "env", Type: pipelinev1.EnvironmentPreview, Phase: pipelinev1.PhaseExpiring}
				p.Drop("alpha-box", pipelinev1.DropEnvironmentExpired, "because")
			},
			want: lost("WouldLoseData", lostData),
		},
		"ExpiredPreview": {
			why:   "an expired preview consents for itself",
			given: given{observed: `{alpha-box: {resource: ` + holder + `}}`},
			alpha: expired(pipelinev1.EnvironmentPreview, pipelinev1.DropEnvironmentExpired),
			want: `
desired:
  composite: {ready: READY_FALSE, resource: {apiVersion: platform.io/v1, kind: Thing, status: {environment: ` + expiredPreview + `}}}
context:
  platform.io/environment: ` + expiredPreview + `
  platform.io/drops:
    {apiVersion: pipeline.platform.io/v1, kind: Drops, items: [{name: alpha-box, reason: EnvironmentExpired, message: because}]}`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			t.Log(c.why)
			compare(t, wanted(t, c.want), ask(t, function(fixed(c.alpha), fixed(nothing)), c.given.request(t)))
		})
	}
}

const expiredPreview = `{name: env, namespace: "", uid: "", type: preview, phase: Expired, owner: {team: ""}, cloud: {provider: "", region: ""}, network: {}}`

func TestPlansThatNoStageMayMake(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		why   string
		given given
		alpha func(*plan.Plan)
		want  string
	}{
		"ForeignName": {
			why:   "a name without a stage's prefix would not be protected",
			alpha: func(p *plan.Plan) { p.Add("gamma-box", obj(t, box)) },
			want:  "composed resource gamma-box belongs to no stage of this function",
		},
		"ForeignDrop": {
			why:   "a drop of a foreign name would let guardrails lose somebody else's resource",
			given: given{observed: `{gamma-box: {resource: ` + box + `}}`},
			alpha: func(p *plan.Plan) { p.Drop("gamma-box", pipelinev1.DropSpecChanged, "because") },
			want:  "dropped resource gamma-box belongs to no stage of this function",
		},
		"Twice": {
			why: "of two under one name only one would be composed",
			alpha: func(p *plan.Plan) {
				p.Add("alpha-box", obj(t, box))
				p.Add("alpha-box", obj(t, box))
			},
			want: "composed resource alpha-box is planned twice",
		},
		"PlannedAndDropped": {
			why:   "it goes or it stays",
			given: given{observed: `{alpha-box: {resource: ` + box + `}}`},
			alpha: func(p *plan.Plan) {
				p.Add("alpha-box", obj(t, box))
				p.Drop("alpha-box", pipelinev1.DropSpecChanged, "because")
			},
			want: "composed resource alpha-box is both planned and dropped",
		},
		"AnotherKind": {
			why:   "core would leak the old object",
			given: given{observed: `{alpha-box: {resource: ` + box + `}}`},
			alpha: func(p *plan.Plan) { p.Add("alpha-box", obj(t, `{apiVersion: box.example.org/v1, kind: Crate}`)) },
			want:  "composed resource alpha-box is a Box and cannot become a Crate under the same name",
		},
		"AnotherGroup": {
			why:   "the same kind of another group is another kind",
			given: given{observed: `{alpha-box: {resource: ` + box + `}}`},
			alpha: func(p *plan.Plan) { p.Add("alpha-box", obj(t, `{apiVersion: box.m.example.org/v1, kind: Box}`)) },
			want:  "composed resource alpha-box is a Box and cannot become a Box under the same name",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			t.Log(c.why)
			compare(t, wanted(t, lost("Internal", c.want)), ask(t, function(fixed(c.alpha), fixed(nothing)), c.given.request(t)))
		})
	}
}

func TestAnotherVersionOfTheSameKind(t *testing.T) {
	t.Parallel()
	newer := `{apiVersion: box.example.org/v2, kind: Box, metadata: {name: box}}`
	got := ask(t, function(fixed(func(p *plan.Plan) { p.Add("alpha-box", obj(t, newer)) }), fixed(nothing)),
		given{observed: `{alpha-box: {resource: ` + box + `}}`}.request(t))
	compare(t, wanted(t, `desired: {composite: {}, resources: {alpha-box: {ready: READY_FALSE, resource: `+newer+`}}}`), got)
}

// What a step before wants under one of our names would be taken for ours. It is refused before anything is planned, and nothing is lost.
func TestNamesOfAStepBefore(t *testing.T) {
	t.Parallel()
	follower := func() runner {
		return kernel.New("test", clock, func(*input) (kernel.Setup, error) {
			return kernel.Setup{Stages: []plan.Stage{beta(fixed(nothing))}}, nil
		})
	}
	cases := map[string]struct {
		why, desired, want string
		runner             runner
	}{
		"OwnName":   {"a name of the first stage", `{alpha-box: {resource: ` + box + `}}`, "alpha-box", function(fixed(nothing), fixed(nothing))},
		"NextStage": {"and of those behind it; all are named", `{beta-x: {}, beta-a: {}}`, "beta-a, beta-x", function(fixed(nothing), fixed(nothing))},
		"OfAnother": {
			"the first function of ours looks for all that are ours", `{vault-policy-x: {resource: ` + box + `}}`, "vault-policy-x",
			function(fixed(nothing), fixed(nothing)),
		},
		"Foreign":   {"other names are free", `{foreign: {resource: ` + box + `}}`, "", function(fixed(nothing), fixed(nothing))},
		"Behind":    {"what the first one of ours wants stands there when the next is asked", `{database-x: {}, alpha-box: {}}`, "", follower()},
		"BehindOwn": {"but not under a name of the next", `{beta-box: {resource: ` + box + `}}`, "beta-box", follower()},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ask(t, c.runner, given{desired: c.desired, observed: `{foreign: {}}`}.request(t))
			words := ""
			for _, r := range got.GetResults() {
				if r.GetSeverity() == fnv1.Severity_SEVERITY_FATAL && r.GetReason() == "NameReserved" {
					words = r.GetMessage()
				}
			}
			if (c.want == "") != (words == "") || !strings.Contains(words, c.want) {
				t.Errorf("%s: said %q, want %q", c.why, words, c.want)
			}
		})
	}
}
