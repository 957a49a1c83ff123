package guardrails_test

import (
	"testing"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/protobuf/proto"

	"github.com/goldenpath-dev/goldenpath/functions/guardrails"
)

// published is the Environment as the pipeline's context has it: a step in between can write that.
func published(kind, phase string) string {
	return `platform.io/environment: {name: env, namespace: team, uid: e-1, type: ` + kind + `, phase: ` + phase +
		`, owner: {team: checkout}, cloud: {provider: aws, region: r}, network: {}}`
}

// inEnvironment is an AppDatabase that has last seen its Environment as one of a type.
func inEnvironment(kind string) string {
	return `{apiVersion: platform.io/v1, kind: AppDatabase, metadata: {name: orders, namespace: team, uid: u-1},
  spec: {environmentRef: {name: env}}, status: {environment: {type: "` + kind + `"}}}`
}

// itself is an Environment as a composite of the namespaced flavour, or of claims.
func itself(composite, kind, phase string) string {
	return `{apiVersion: platform.io/v1, kind: ` + composite + `, metadata: {name: env, namespace: team, uid: e-1},
  spec: {type: ` + kind + `}, status: {phase: ` + phase + `}}`
}

// found is the Environment as the control plane has it.
func found(phase string) string {
	return `{environment: {items: [{resource: {apiVersion: platform.io/v1, kind: Environment, metadata: {name: env, namespace: team}, status: {phase: ` + phase + `}}}]}}`
}

// judged runs the guardrails once. Its outcome is the reason of the Fatal, or what it asks for, or nothing.
func judged(t *testing.T, request string) (outcome string, rsp *fnv1.RunFunctionResponse) {
	t.Helper()
	req := read(t, "meta: {tag: tag-1}"+request, &fnv1.RunFunctionRequest{})
	rsp, err := guardrails.New().RunFunction(t.Context(), proto.Clone(req).(*fnv1.RunFunctionRequest))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rsp.GetResults() {
		if r.GetSeverity() == fnv1.Severity_SEVERITY_FATAL {
			return r.GetReason(), rsp
		}
	}
	return "", rsp
}

// A data holder goes with its preview when the control plane says that the preview has expired. What the steps before say is no proof.
func TestExpiry(t *testing.T) {
	t.Parallel()
	const lost = "WouldLoseData"
	forged := drops("EnvironmentExpired", "database-instance") + ", " + published("preview", "Expired")
	cases := map[string]struct{ why, xr, context, required, want string }{
		"Expired":           {"an expired preview consents for itself", inEnvironment("preview"), forged, found("Expired"), ""},
		"ExpiredStatusLost": {"what is not remembered is no contradiction", inEnvironment(""), forged, found("Expired"), ""},
		"NothingPublished": {
			"the context proves nothing, so it need not say it", inEnvironment("preview"), drops("EnvironmentExpired", "database-instance"),
			found("Expired"), "",
		},
		"ForgedInStaging":   {"a step in between says preview, and expired, of staging", inEnvironment("staging"), forged, found("Active"), lost},
		"ForgedPhase":       {"the preview lives", inEnvironment("preview"), forged, found("Expiring"), lost},
		"ExpiredButWasNone": {"only previews end, whoever says so", inEnvironment("staging"), forged, found("Expired"), lost},
		"NoSuchEnvironment": {"nobody knows it", inEnvironment("preview"), forged, `{environment: {}}`, lost},
		"AnotherReason": {
			"to its expiry, and to nothing else", inEnvironment("preview"), drops("SpecChanged", "database-instance") + ", " +
				published("preview", "Expired"), found("Expired"), lost,
		},
		"NobodyDropped": {"nor to the loss of what nobody dropped", inEnvironment("preview"), published("preview", "Expired"), found("Expired"), lost},
		"WithoutEnvironment": {
			"it lives in none", `{apiVersion: platform.io/v1, kind: Thing, metadata: {name: orders, namespace: team}}`, forged, found("Expired"), lost,
		},
		"Itself":          {"its own status has told the end", itself("Environment", "preview", "Expired"), forged, `{}`, ""},
		"ItselfOfClaims":  {"in the other flavour too", itself("XEnvironment", "preview", "Expired"), forged, `{}`, ""},
		"ItselfForged":    {"its own status has not", itself("Environment", "preview", "Active"), forged, `{}`, lost},
		"ItselfNoPreview": {"only previews end", itself("Environment", "staging", "Expired"), forged, `{}`, lost},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, _ := judged(t, `
observed: {composite: {resource: `+c.xr+`}, resources: {database-instance: {resource: `+holder+`}}}
context: {`+c.context+`}
requiredResources: `+c.required)
			if got != c.want {
				t.Errorf("%s: refused with %q, want %q", c.why, got, c.want)
			}
		})
	}
}

// Before core has looked for the Environment nothing is refused, or it would never look, and nothing goes.
func TestExpiryLooksFirst(t *testing.T) {
	t.Parallel()
	context := `{` + drops("EnvironmentExpired", "database-instance", "database-subnet-group") + `}`
	review(t, `
observed:
  composite: {resource: {apiVersion: platform.io/v1, kind: AppDatabase, metadata: {name: orders, namespace: team, uid: u-1}, spec: {environmentRef: {name: env}}}}
  resources: {database-instance: {resource: `+holder+`}, database-subnet-group: {resource: `+plain+`}}
context: `+context, `
desired:
  composite: {ready: READY_FALSE}
  resources:
    database-instance: {resource: `+holder+`, ready: READY_FALSE}
    database-subnet-group: {resource: `+plain+`, ready: READY_FALSE}
context: `+context+`
requirements: {resources: {environment: {apiVersion: platform.io/v1, kind: Environment, matchName: env, namespace: team}}}
conditions: [{type: GuardrailsPassed, status: STATUS_CONDITION_UNKNOWN, reason: Blocked, target: TARGET_COMPOSITE_AND_CLAIM}]`)
	got, rsp := judged(t, `
observed:
  composite: {resource: `+inEnvironment("preview")+`}
  resources: {database-instance: {resource: `+holder+`}}
context: `+context+`
requiredResources: `+found("Expired"))
	if got != "" || len(rsp.GetDesired().GetResources()) != 0 || rsp.GetRequirements().GetResources()["environment"] == nil {
		t.Errorf("after core has looked: refused with %q, response %v", got, rsp)
	}
}

// Services believe the phase of their Environment, so a step behind function-environment does not write it.
func TestPhaseIsNotForged(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ why, xr, phase, want string }{
		"Preview":   {"a preview ends", itself("Environment", "preview", "Expiring"), "Expired", ""},
		"Staging":   {"staging does not", itself("Environment", "staging", "Active"), "Expired", "ExpiryForged"},
		"OfClaims":  {"in the other flavour too", itself("XEnvironment", "production", "Active"), "Expired", "ExpiryForged"},
		"Active":    {"what lives says so", itself("Environment", "staging", "Active"), "Active", ""},
		"OfAnother": {"a phase of other kinds is theirs", inEnvironment("staging"), "Expired", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, _ := judged(t, `
observed: {composite: {resource: `+c.xr+`}}
desired: {composite: {resource: {status: {phase: `+c.phase+`}}}}`)
			if got != c.want {
				t.Errorf("%s: refused with %q, want %q", c.why, got, c.want)
			}
		})
	}
}
