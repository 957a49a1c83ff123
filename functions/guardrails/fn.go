// Package guardrails is the last step of a pipeline. It judges everything: what the kind's function wants and what the
// steps in between made of it. It marks what is composed with its owner, and refuses to lose anything by accident.
package guardrails

import (
	"fmt"
	"slices"
	"strings"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	inputv1 "github.com/goldenpath-dev/goldenpath/functions/guardrails/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/kernel"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/ownership"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// New makes the function.
func New() *kernel.Reviewer[inputv1.Input] {
	return kernel.NewReviewer("guardrails", []string{v1.ConditionGuardrailsPassed}, review)
}

// check is one rule over the whole state. Checks run in order, the gravest first; the first refusal ends the review.
type check func(kernel.Review) (*plan.Refusal, []string)

func review(in *inputv1.Input, r kernel.Review) kernel.Verdict {
	v := kernel.Verdict{
		Labels:   labels(r),
		Tags:     tags(in, r),
		Labelled: func(name string, _ object.Object) bool { return ownership.Ours(name) },
		Tagged:   func(name string, o object.Object) bool { return ownership.Ours(name) && tagged(o) },
		Status:   status(r),
	}
	v.Requirements = requirements(r)
	for _, c := range []check{dataKept, identityKept, endMeant, resourcesKept} {
		refusal, warnings := c(r)
		if refusal != nil {
			return kernel.Verdict{Refused: refusal, Requirements: v.Requirements}
		}
		v.Warnings = append(v.Warnings, warnings...)
	}
	v.Conditions = []conditions.Condition{{
		Type: v1.ConditionGuardrailsPassed, Status: conditions.True, Reason: conditions.Passed,
		Message: "nothing is lost by accident, and everything is marked with its owner",
	}}
	return v
}

// missing are the observed resources that nobody wants any more, sorted.
func missing(r kernel.Review) []string {
	return slices.DeleteFunc(r.Observed.Names(""), func(name string) bool {
		_, wanted := r.Desired[name]
		return wanted
	})
}

// dataKept refuses to lose a data holder without consent, whoever composed it.
func dataKept(r kernel.Review) (*plan.Refusal, []string) {
	for _, name := range missing(r) {
		if kernel.HoldsData(r.Observed.Get(name)) && !allowed(r, name) && !endsWith(r, name) {
			return plan.Refuse(v1.ConditionGuardrailsPassed, conditions.WouldLoseData, kernel.DataLossMessage(name)), nil
		}
	}
	return nil, nil
}

// resourcesKept refuses to lose one of our resources without a published drop. A foreign one is core's business.
func resourcesKept(r kernel.Review) (*plan.Refusal, []string) {
	var lost, warnings []string
	for _, name := range missing(r) {
		if _, dropped := r.Drops[name]; dropped {
			continue
		}
		if ownership.Ours(name) {
			lost = append(lost, name)
			continue
		}
		warnings = append(warnings, fmt.Sprintf("composed resource %s is no longer wanted by any step and is deleted", name))
	}
	if len(lost) > 0 {
		return plan.Refuse(v1.ConditionGuardrailsPassed, conditions.WouldLoseResource, fmt.Sprintf(
			"composed resources would have been deleted without a reason: %s. Nothing was changed. Look at the steps before function-guardrails: "+
				"one of them lost what an earlier one wanted, or a stage has no step", strings.Join(lost, ", "))), nil
	}
	return nil, warnings
}

// status echoes the consent that is given.
func status(r kernel.Review) object.Fields {
	allowed := kernel.AllowedLosses(r.XR)
	if len(allowed) == 0 {
		return object.Fields{}
	}
	f := object.NewFields()
	f.Object("dataLoss").SetStrings("allowed", allowed)
	return f
}
