// Package holder decides how what holds data is composed: it is made once. What was deleted behind our back is not made again, empty, or
// from an old backup, under the same name, unless somebody consents.
//
// Its copies are not holders and are made again, and so are the mounts of Vault: what services keep there they write anew.
package holder

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	"github.com/goldenpath-dev/goldenpath/functions/internal/kernel"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// Holder is a data holder as it is observed.
type Holder struct {
	// Name of the composed resource.
	Name string
	// Made says that there was one in the cloud, and that none may be made in its place.
	Made bool
	// Lost says that it is gone from the cloud.
	Lost bool
	// Anew is the id of the lost one in whose place one is made, or was made, with the consent that stands there. Empty without.
	Anew string
	// Begins says that nothing has been composed with that consent yet.
	Begins bool
	// ID of what there is, or was.
	ID string
	// itself are the fields that let a creation fail, or what stands in their place.
	itself map[string]string
	// stands says that there are fields of initProvider already.
	stands bool
	// externalName to look for, of one whose managed resource is gone.
	externalName string
}

// externalName is the annotation with the name of a resource in the cloud.
const externalName = managed.ExternalNameAnnotation

// unknownID stands for the id of one whose status is lost.
const unknownID = "unknown"

// Of judges an observed holder. idField below status.atProvider is what the cloud gives every one anew, also under the same name. The
// provider reports an ARN when the creation is through, or when it failed and left something: in both cases nothing is left to create.
// Once composed so, it stays so: a status can be lost. Remembered is the id in the composite's status: somebody may have deleted the
// managed resource, and with it what it managed, or not. Empty when there never was one.
func Of(in plan.In, name, idField, remembered string) Holder {
	observed := in.Observed.Get(name)
	h := Holder{Name: name}
	if observed.IsZero() && remembered == "" {
		return h
	}
	at := observed.At("status", "atProvider")
	h.ID = cmp.Or(at.String(idField), remembered, unknownID)
	h.Made = observed.IsZero() || at.String("arn") != "" || at.String(idField) != "" || composedMade(observed)
	h.Lost = h.Made && health.Lost(observed)
	if !slices.Contains(kernel.AllowedLosses(in.XR), name) {
		return h
	}
	h.Anew = observed.Annotation(v1.MadeAnewAnnotation)
	if h.Anew == "" && (h.Lost || observed.IsZero()) {
		h.Anew, h.Begins = h.ID, true
	}
	// The id changes when the new one is there: then the consent has served.
	if h.Anew == h.ID {
		h.Made = false
	}
	return h
}

// composedMade says that the holder was composed so that it is not made again.
func composedMade(observed object.Object) bool {
	policies := observed.Strings("spec", "managementPolicies")
	creates := len(policies) == 0 || slices.Contains(policies, "*") || slices.Contains(policies, "Create")
	return !creates || managed.MadeFromItself(observed)
}

// Again says that one is being made in the place of the lost one.
func (h Holder) Again() bool { return h.Anew != "" && h.Anew == h.ID }

// AgainMessage says that one is being made in the place of the lost one, and why that does not succeed when the last attempt has failed.
func (h Holder) AgainMessage(in plan.In, what string) string {
	message := fmt.Sprintf("%s is made anew in the place of %s, which was lost, because the annotation %s permits it", what, h.Anew,
		v1.AllowDataLossAnnotation)
	observed := in.Observed.Get(h.Name)
	if last := observed.Condition("LastAsyncOperation"); last.Status == "False" && last.Reason == "AsyncCreateFailure" {
		message += ". The last attempt failed: " + health.Of(observed).Message
	}
	return message
}

// From says what a creation is composed to be made from: itself. What is composed so stays, and else it is the value, when there is one.
//
// Of one that may be made again, initProvider says another field, as forProvider has it anyway: an API server cannot take the last field
// away from an object that the provider owns too, as it does this one. It writes null, and refuses that. An empty string would be written
// as null by the provider, where the field could be a reference.
func (h Holder) From(in plan.In, field, value, instead string) Holder {
	observed := in.Observed.Get(h.Name)
	value = cmp.Or(observed.String("spec", "initProvider", field), value)
	h.stands = observed.At("spec", "initProvider").Len() > 0
	switch {
	case h.Made && value != "":
		h.itself = map[string]string{field: value}
	case h.stands:
		h.itself = map[string]string{instead: observed.String("spec", "forProvider", instead)}
	}
	return h
}

// Adopt looks for what a managed resource that is gone has managed, where the cloud gives it its name, which is its id.
func (h Holder) Adopt(in plan.In) Holder {
	if h.Made && in.Observed.Get(h.Name).IsZero() {
		h.externalName = h.ID
	}
	return h
}

// Write a holder into a managed resource, whose Retain is said. One that is retained has no need of a creation that fails.
func Write[P managed.Parameters](h Holder, r *managed.Resource[P]) {
	r.Made = h.Made
	if !r.Retain || h.stands {
		r.Itself = h.itself
	}
	annotations := map[string]string{v1.MadeAnewAnnotation: h.Anew, externalName: h.externalName}
	maps.DeleteFunc(annotations, func(_, value string) bool { return value == "" })
	r.Annotations = annotations
}

// Message says what was lost, the way back, and the consent that starts anew. Anew is what there is then.
func (h Holder) Message(what, back, anew string) string {
	consent := fmt.Sprintf("annotate this object with %s: %q", v1.AllowDataLossAnnotation, h.Name)
	if h.Anew != "" {
		consent = fmt.Sprintf("take %s out of the annotation %s, which has served for an earlier loss, and write it there again", h.Name,
			v1.AllowDataLossAnnotation)
	}
	return fmt.Sprintf("%s was deleted outside of the platform. It is not made again by itself. The way back: %s. To start anew, %s, %s",
		what, back, anew, consent)
}
