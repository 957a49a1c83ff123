package schema

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	structural "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	apimachineryvalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
)

// Default implements Schema.
func (c *CRD) Default(obj map[string]any) {
	defaulting.PruneNonNullableNullsWithoutDefaults(obj, c.structural)
	defaulting.Default(obj, c.structural)
}

// Validate implements Schema, in the order of an API server: metadata, unknown fields, defaults, then the rest.
func (c *CRD) Validate(obj map[string]any) []Finding {
	obj = runtime.DeepCopyJSON(obj)
	findings := checkMeta(obj, c.namespaced)

	unknown := pruning.PruneWithOptions(obj, c.structural, true, structural.UnknownFieldPathOptions{TrackUnknownFieldPaths: true})
	for _, path := range unknown {
		findings = append(findings, unknownField(path))
	}
	c.Default(obj)

	errs := objectmeta.Validate(nil, obj, c.structural, false)
	errs = append(errs, validation.ValidateCustomResource(nil, obj, c.validator)...)
	errs = append(errs, listtype.ValidateListSetsAndMaps(nil, c.structural, obj)...)
	if len(errs) == 0 {
		// An API server too leaves CEL rules out while the schema is violated: they may rely on it.
		celErrs, _ := c.cel.Validate(context.Background(), nil, c.structural, obj, nil, celconfig.RuntimeCELCostBudget)
		errs = append(errs, celErrs...)
	}
	findings = append(findings, fromErrors(errs)...)
	// The validators walk maps: their order is random.
	slices.SortFunc(findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Problem, b.Problem))
	})
	return findings
}

// checkMeta checks metadata, and puts it in the state in which an API server validates it: the name is generated, and what only
// the server or core sets is gone.
func checkMeta(obj map[string]any, namespaced bool) []Finding {
	raw, ok := obj["metadata"].(map[string]any)
	if !ok {
		return []Finding{{Field: "metadata", Problem: "is missing"}}
	}
	for _, key := range []string{"ownerReferences", "managedFields"} {
		delete(raw, key)
	}
	if name, _ := raw["name"].(string); name == "" {
		if prefix, _ := raw["generateName"].(string); prefix != "" {
			raw["name"] = prefix + "0123456789ab"
		}
	}
	fieldErr, unknown := objectmeta.CoerceWithOptions(nil, obj, nil, true, objectmeta.CoerceOptions{ReturnUnknownFieldPaths: true})
	findings := make([]Finding, 0, len(unknown))
	for _, path := range unknown {
		findings = append(findings, unknownField(path))
	}
	if fieldErr != nil {
		return append(findings, fromErrors(field.ErrorList{fieldErr})...)
	}
	meta, _, err := objectmeta.GetObjectMeta(obj, false)
	if err != nil {
		return append(findings, Finding{Field: "metadata", Problem: err.Error()})
	}
	errs := apimachineryvalidation.ValidateObjectMeta(meta, namespaced, apimachineryvalidation.NameIsDNSSubdomain, field.NewPath("metadata"))
	return append(findings, fromErrors(errs)...)
}

func unknownField(path string) Finding {
	return Finding{Field: path, Problem: "unknown field: the schema does not have it"}
}

// fromErrors keeps the message of an error and its value where that is short.
func fromErrors(errs field.ErrorList) []Finding {
	findings := make([]Finding, 0, len(errs))
	for _, e := range errs {
		problem := e.ErrorBody()
		switch e.BadValue.(type) {
		case map[string]any, []any:
			if e.Type == field.ErrorTypeDuplicate {
				break // The value is the list-map key, and short.
			}
			problem = fmt.Sprintf("%s: %s", e.Type, e.Detail)
		}
		f := e.Field
		if f == "" || f == "<nil>" {
			f = "."
		}
		findings = append(findings, Finding{Field: f, Problem: problem})
	}
	return findings
}
