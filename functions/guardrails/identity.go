package guardrails

import (
	"fmt"
	"strings"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/kernel"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// identityKept refuses to make something else of a data holder under its name, whoever wants that: core would forget the one that is
// there, or its provider look for another one.
func identityKept(r kernel.Review) (*plan.Refusal, []string) {
	for _, name := range r.Observed.Names("") {
		was, wanted := r.Observed.Get(name), r.Desired[name]
		if wanted.IsZero() || !kernel.HoldsData(was) || allowed(r, name) {
			continue
		}
		for _, check := range []func(was, wanted object.Object) string{kindChanged, markChanged, externalNameChanged, fieldChanged} {
			if what := check(was, wanted); what != "" {
				return plan.Refuse(v1.ConditionGuardrailsPassed, conditions.IdentityChanged, fmt.Sprintf(
					"the data in %s would be left: %s. Nothing was changed. Look at the steps before function-guardrails: one of them has changed it. "+
						"If you mean it, annotate the object with %s: %q", name, what, v1.AllowDataLossAnnotation, name)), nil
			}
		}
	}
	return nil, nil
}

func changed(field, was, wanted string) string {
	return fmt.Sprintf("its %s is %q and would be %q", field, was, wanted)
}

func kindChanged(was, wanted object.Object) string {
	if is, would := groupKind(was), groupKind(wanted); is != would {
		return changed("kind", is, would)
	}
	for _, field := range []string{"name", "namespace"} {
		// Left out it is core's, which knows the one that is there.
		if is, would := was.String("metadata", field), wanted.String("metadata", field); would != "" && is != would {
			return changed("metadata."+field, is, would)
		}
	}
	return ""
}

func groupKind(o object.Object) string {
	group, _, found := strings.Cut(o.APIVersion(), "/")
	if !found {
		return o.Kind()
	}
	return o.Kind() + "." + group
}

// markChanged: without its mark nobody would know the next time that it holds data.
func markChanged(_, wanted object.Object) string {
	if kernel.HoldsData(wanted) {
		return ""
	}
	return changed("annotation "+v1.DataAnnotation, v1.DataPrimary, wanted.Annotation(v1.DataAnnotation))
}

// externalNameChanged: the name that the cloud has assigned may take the place of the one that we gave. Left out it is the provider's.
func externalNameChanged(was, wanted object.Object) string {
	is, would := was.Annotation(managed.ExternalNameAnnotation), wanted.Annotation(managed.ExternalNameAnnotation)
	if is == "" || would == "" || is == would || would == managed.ExternalNameOf(was) {
		return ""
	}
	return changed("annotation "+managed.ExternalNameAnnotation, is, would)
}

// fieldChanged: what says which one of its kind it is, and where.
func fieldChanged(was, wanted object.Object) string {
	for _, path := range identifiers() {
		if is, would := was.String(path...), wanted.String(path...); is != "" && is != would {
			return changed(strings.Join(path, "."), is, would)
		}
	}
	return ""
}

// identifiers are the fields by which clouds, Vault and clusters know what holds data. No kind has all of them.
func identifiers() [][]string {
	return [][]string{
		{"spec", "forProvider", "region"},
		{"spec", "forProvider", "identifier"},
		{"spec", "forProvider", "clusterIdentifier"},
		{"spec", "forProvider", "namespace"},
		{"spec", "forProvider", "path"},
		{"spec", "forProvider", "manifest", "kind"},
		{"spec", "forProvider", "manifest", "metadata", "name"},
		{"spec", "forProvider", "manifest", "metadata", "namespace"},
	}
}
