package health

import (
	"slices"
	"strings"

	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// Words of a provider that would have to make a resource and may only change it: every field that decides about its identity changes
// from nothing to something. Which of them it names differs from one attempt to the next.
// https://github.com/crossplane/upjet/blob/main/pkg/controller/external_tfpluginsdk.go (assertNoForceNew)
const (
	replacing   = "the following update requires replacing it: cannot change the value of the argument "
	fromNothing = ` from "" to `
)

// createFailed is the reason of LastAsyncOperation when a creation failed.
// https://github.com/crossplane/upjet/blob/main/pkg/resource/conditions.go
const createFailed = "AsyncCreateFailure"

// reconcileCreate begins what Synced says when a creation failed.
// https://github.com/crossplane/crossplane-runtime/blob/main/pkg/reconciler/managed/reconciler.go (errReconcileCreate)
const reconcileCreate = "create failed"

// Lost says that a resource that is made once (see managed.Resource) is gone from the cloud. No provider says so: where it may not create,
// it takes what is not there for something to change, and refuses, while Ready stays as it was; where it may, the creation fails, because
// it is composed to.
func Lost(observed object.Object) bool {
	synced, last := observed.Condition("Synced"), observed.Condition("LastAsyncOperation")
	policies := observed.Strings("spec", "managementPolicies")
	switch {
	case len(policies) > 0 && slices.Contains(policies, "Update") && !slices.Contains(policies, "Create"):
		return (synced.Status == "False" && remakes(synced.Message)) || (last.Status == "False" && remakes(last.Message))
	case managed.MadeFromItself(observed):
		// A creation that failed half-way has left something: it is observed, and then Ready is true.
		return observed.Condition("Ready").Status != "True" && triedToCreate(synced, last)
	default:
		return false
	}
}

// triedToCreate says that the last creation failed. The provider says so in LastAsyncOperation, and where somebody else wrote the object at
// that moment it never does: then only Synced has it.
func triedToCreate(synced, last object.Condition) bool {
	return last.Status == "False" && last.Reason == createFailed ||
		synced.Status == "False" && strings.HasPrefix(synced.Message, reconcileCreate)
}

func remakes(message string) bool {
	_, change, found := strings.Cut(message, replacing)
	return found && strings.Contains(change, fromNothing)
}
