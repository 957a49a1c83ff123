package guardrails

import (
	"fmt"
	"slices"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/kernel"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// requirementEnvironment is the key of the Environment that is said to have expired.
const requirementEnvironment = "environment"

// allowed says that the annotation of the object lets a data holder go.
func allowed(r kernel.Review, name string) bool {
	return slices.Contains(kernel.AllowedLosses(r.XR), name)
}

// endsWith says that a data holder goes because its preview has expired. That it goes for this reason the steps before say. That there is
// such a preview only the control plane says: any step in between writes what it likes into the pipeline's context.
func endsWith(r kernel.Review, name string) bool {
	if r.Drops[name].Reason != pipelinev1.DropEnvironmentExpired {
		return false
	}
	if isEnvironment(r.XR) {
		// Nothing of it goes before its status has told the end.
		return preview(r.XR.String("spec", "type")) && expired(r.XR.At("status"))
	}
	was := r.XR.String("status", "environment", "type")
	named := r.XR.String("spec", "environmentRef", "name") != ""
	return named && (was == "" || preview(was)) && expired(r.Required[requirementEnvironment].First().At("status"))
}

// requirements asks for the Environment when something is to go with it, and for nothing else: no call pays for what seldom happens.
func requirements(r kernel.Review) []plan.Requirement {
	ends := slices.ContainsFunc(missing(r), func(name string) bool {
		return kernel.HoldsData(r.Observed.Get(name)) && !allowed(r, name) && r.Drops[name].Reason == pipelinev1.DropEnvironmentExpired
	})
	ref := r.XR.At("spec", "environmentRef")
	if !ends || isEnvironment(r.XR) || ref.String("name") == "" {
		return nil
	}
	namespace := ref.String("namespace")
	if namespace == "" {
		namespace = r.Subject.Namespace
	}
	return []plan.Requirement{{
		Key: requirementEnvironment, APIVersion: v1.APIVersion, Kind: v1.EnvironmentKind, Namespace: namespace, Name: ref.String("name"),
	}}
}

// endMeant refuses a status that says of an Environment which does not end that it has expired: its services would believe it.
func endMeant(r kernel.Review) (*plan.Refusal, []string) {
	if !isEnvironment(r.XR) || !expired(r.Status) || preview(r.XR.String("spec", "type")) {
		return nil, nil
	}
	return plan.Refuse(v1.ConditionGuardrailsPassed, conditions.ExpiryForged, fmt.Sprintf(
		"status.phase would say %s of an Environment of type %q, and only previews end. Nothing was changed. Look at the steps before "+
			"function-guardrails: one of them has written it", pipelinev1.PhaseExpired, r.XR.String("spec", "type"))), nil
}

func expired(status object.Object) bool {
	return status.String("phase") == string(pipelinev1.PhaseExpired)
}

func preview(kind string) bool { return kind == string(pipelinev1.EnvironmentPreview) }

// isEnvironment says that the composite is an Environment, in either flavour.
func isEnvironment(xr object.Object) bool {
	return strings.TrimPrefix(xr.Kind(), "X") == v1.EnvironmentKind
}
