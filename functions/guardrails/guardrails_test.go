package guardrails_test

import (
	"strings"
	"testing"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"sigs.k8s.io/yaml"

	"github.com/goldenpath-dev/goldenpath/functions/guardrails"
)

// read makes a message of YAML.
func read[M proto.Message](t *testing.T, text string, into M) M {
	t.Helper()
	raw, err := yaml.YAMLToJSONStrict([]byte(text))
	if err != nil {
		t.Fatalf("cannot read %s: %v", text, err)
	}
	if err := protojson.Unmarshal(raw, into); err != nil {
		t.Fatalf("cannot read %s: %v", text, err)
	}
	return into
}

// review runs a request in YAML twice and compares the whole response. No error, no change of the request, and the same
// bytes again hold in every case.
func review(t *testing.T, request, want string) {
	t.Helper()
	req := read(t, "meta: {tag: tag-1}"+request, &fnv1.RunFunctionRequest{})
	before := proto.Clone(req)
	got, err := guardrails.New().RunFunction(t.Context(), req)
	if err != nil {
		t.Fatalf("a function never returns an error, core would lose all conditions: %v", err)
	}
	if diff := cmp.Diff(before, proto.Message(req), protocmp.Transform()); diff != "" {
		t.Errorf("the request was changed (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff(read(t, `meta: {tag: tag-1, ttl: 600s}`+want, &fnv1.RunFunctionResponse{}), got, protocmp.Transform()); diff != "" {
		t.Errorf("response (-want +got):\n%s", diff)
	}
	first := deterministic(t, got)
	again, err := guardrails.New().RunFunction(t.Context(), proto.Clone(req).(*fnv1.RunFunctionRequest))
	if err != nil || first != deterministic(t, again) {
		t.Errorf("the same request gave other bytes (error %v)", err)
	}
}

func deterministic(t *testing.T, m proto.Message) string {
	t.Helper()
	raw, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

const (
	passed = `
conditions:
- {type: GuardrailsPassed, status: STATUS_CONDITION_TRUE, reason: Passed, message: "nothing is lost by accident, and everything is marked with its owner", target: TARGET_COMPOSITE_AND_CLAIM}`
	holder = `{apiVersion: rds.aws.m.upbound.io/v1beta1, kind: Instance, metadata: {name: db, annotations: {platform.io/data: primary}}}`
	plain  = `{apiVersion: v1, kind: Secret, metadata: {name: s}}`
)

func xr(annotations string) string {
	return `composite: {resource: {apiVersion: platform.io/v1, kind: AppDatabase, metadata: {name: orders, namespace: team, uid: u-1` + annotations + `}}}`
}

func allow(names string) string {
	return `, annotations: {platform.io/allow-data-loss: "` + names + `"}`
}

func refused(reason, message string) string {
	return `
conditions: [{type: GuardrailsPassed, status: STATUS_CONDITION_FALSE, reason: ` + reason + `, message: '` + message + `', target: TARGET_COMPOSITE_AND_CLAIM}]
results: [{severity: SEVERITY_FATAL, reason: ` + reason + `, message: '` + message + `', target: TARGET_COMPOSITE}]`
}

func dataLost(name string) string {
	return refused("WouldLoseData", "the data in "+name+" would be lost. Nothing was changed. If you mean it, annotate the object with "+
		`platform.io/allow-data-loss: "`+name+`"`)
}

func lost(names string) string {
	return refused("WouldLoseResource", "composed resources would have been deleted without a reason: "+names+
		". Nothing was changed. Look at the steps before function-guardrails: one of them lost what an earlier one wanted, or a stage has no step")
}

func drops(reason string, names ...string) string {
	items := make([]string, 0, len(names))
	for _, name := range names {
		items = append(items, `{name: `+name+`, reason: `+reason+`, message: m}`)
	}
	return `platform.io/drops: {apiVersion: pipeline.platform.io/v1, kind: Drops, items: [` + strings.Join(items, ", ") + `]}`
}

func TestNothingIsLost(t *testing.T) {
	t.Parallel()
	waiting := `{ready: READY_FALSE}`
	cases := map[string]struct {
		why, xr, observed, desired, context, want, status string
	}{
		"OursWithoutDrop": {
			why: "a step lost two of ours: all are named, and nothing is applied", observed: `{vault-policy-reader: {resource: ` + plain +
				`}, database-subnet-group: {resource: ` + plain + `}}`, want: lost("database-subnet-group, vault-policy-reader"),
		},
		"OursWithDrop": {
			why:      "a published drop is a reason",
			observed: `{database-subnet-group: {resource: ` + plain + `}}`, context: drops("SpecChanged", "database-subnet-group"), want: passed,
		},
		"DropOfAnother": {
			why:      "a drop holds for its name only",
			observed: `{database-subnet-group: {resource: ` + plain + `}}`, context: drops("SpecChanged", "database-subnet"), want: lost("database-subnet-group"),
		},
		"OursWantedStill": {
			why: "what is wanted is not missing", observed: `{database-connection-secret: {resource: ` + plain + `}}`,
			desired: `{database-connection-secret: {resource: ` + labelled + `}}`, want: passed,
		},
		"Foreign": {
			why: "a foreign one is core's business: a warning, no more", observed: `{foreign: {resource: ` + plain + `}}`,
			want: passed + `
results: [{severity: SEVERITY_WARNING, reason: ForeignDropped, message: composed resource foreign is no longer wanted by any step and is deleted, target: TARGET_COMPOSITE}]`,
		},
		"ForeignWithDrop": {
			why: "whoever said so", observed: `{foreign: {resource: ` + plain + `}}`, context: drops("SpecChanged", "foreign"), want: passed,
		},
		"OurDataWithoutConsent": {
			why: "a drop is no consent", observed: `{database-instance: {resource: ` + holder + `}}`,
			context: drops("SpecChanged", "database-instance"), want: dataLost("database-instance"),
		},
		"ForeignDataWithoutConsent": {
			why: "data is data, whoever composed it", observed: `{foreign: {resource: ` + holder + `}}`, want: dataLost("foreign"),
		},
		"DataBeforeResources": {
			why:      "the gravest loss is named",
			observed: `{database-aaa: {resource: ` + plain + `}, database-instance: {resource: ` + holder + `}}`, want: dataLost("database-instance"),
		},
		"OurDataWithConsent": {
			why: "both a reason and a consent; the consent is echoed, sorted", xr: allow("foreign, database-instance,"),
			observed: `{database-instance: {resource: ` + holder + `}}`, context: drops("SpecChanged", "database-instance"),
			want: passed, status: `{dataLoss: {allowed: [database-instance, foreign]}}`,
		},
		"OurDataWithConsentWithoutDrop": {
			why: "consent is no reason", xr: allow("database-instance"),
			observed: `{database-instance: {resource: ` + holder + `}}`, want: lost("database-instance"),
		},
		"ForeignDataWithConsent": {
			why: "a foreign one needs no drop", xr: allow("foreign"), observed: `{foreign: {resource: ` + holder + `}}`,
			want: passed + `
results: [{severity: SEVERITY_WARNING, reason: ForeignDropped, message: composed resource foreign is no longer wanted by any step and is deleted, target: TARGET_COMPOSITE}]`,
			status: `{dataLoss: {allowed: [foreign]}}`,
		},
		"ConsentForAnotherName": {
			why: "a consent holds for exactly the names in it", xr: allow("database-,database-instance-2,*"),
			observed: `{database-instance: {resource: ` + holder + `}}`, context: drops("SpecChanged", "database-instance"), want: dataLost("database-instance"),
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			t.Log(c.why)
			if c.desired == "" {
				c.desired = `{}`
			}
			composite := waiting
			if c.status != "" {
				composite = `{ready: READY_FALSE, resource: {apiVersion: platform.io/v1, kind: AppDatabase, status: ` + c.status + `}}`
			}
			review(t, `
observed: {`+xr(c.xr)+`, resources: `+c.observed+`}
desired: {composite: `+waiting+`, resources: `+c.desired+`}
context: {`+c.context+`}`, `
desired: {composite: `+composite+`, resources: `+c.desired+`}
context: {`+c.context+`}
`+c.want)
		})
	}
}

// labelled is plain with the labels of the subject, so that marking it again changes nothing.
const labelled = `{apiVersion: v1, kind: Secret, metadata: {name: s, labels: {platform.io/claim-kind: appdatabase, platform.io/claim-namespace: team, platform.io/claim-name: orders}}}`

func TestFatalKeepsEverything(t *testing.T) {
	t.Parallel()
	review(t, `
observed:
  composite:
    resource:
      apiVersion: platform.io/v1
      kind: AppDatabase
      metadata: {name: orders, namespace: team, uid: u-1}
      status: {host: h, conditions: [{type: GuardrailsPassed, status: "True", reason: Passed, message: before}]}
  resources: {database-instance: {resource: `+holder+`}}
desired: {composite: {resource: {status: {host: new, port: 1}}}, resources: {database-subnet-group: {resource: `+plain+`, ready: READY_TRUE}}}
context: {foreign: 1}`, `
desired:
  composite: {resource: {apiVersion: platform.io/v1, kind: AppDatabase, status: {host: new, port: 1}}}
  resources: {database-subnet-group: {resource: `+plain+`, ready: READY_TRUE}}
context: {foreign: 1}
`+dataLost("database-instance"))
}

func TestReady(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ why, said, foreign, want string }{
		"All":         {"every one is ready, foreign ones too", "READY_UNSPECIFIED", "READY_TRUE", "READY_TRUE"},
		"ForeignNot":  {"core decides, and names what is not ready", "READY_UNSPECIFIED", "READY_FALSE", "READY_UNSPECIFIED"},
		"StepWaits":   {"a step before said not ready", "READY_FALSE", "READY_TRUE", "READY_FALSE"},
		"StepDecided": {"a step before said ready", "READY_TRUE", "READY_FALSE", "READY_TRUE"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			t.Log(c.why)
			resources := `{foreign: {resource: ` + plain + `, ready: ` + c.foreign + `}, database-connection-secret: {resource: ` + labelled + `, ready: READY_TRUE}}`
			review(t, `
observed: {`+xr("")+`}
desired: {composite: {ready: `+c.said+`}, resources: `+resources+`}`, `
desired: {composite: {ready: `+c.want+`}, resources: `+resources+`}
`+passed)
		})
	}
}
