// Package health decides whether a composed resource is ready: one rule per kind, and one for all others.
package health

import (
	"strings"

	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/faults"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// State is what is known of a composed resource.
type State struct {
	// Ready to be used.
	Ready bool
	// Reason is Available, Creating, Failing or Deleting.
	Reason conditions.Reason
	// Cause is why it is Failing, such as QuotaExceeded. Empty when nobody knows, or when several resources fail for several
	// reasons.
	Cause conditions.Reason
	// Message says what the resource waits for. When it failed it has the provider's words, and what they mean and who has to
	// act where that is known.
	Message string
}

// Of judges an observed resource. A resource that is not observed yet is Creating; one with a deletion timestamp is never
// ready, whatever its kind.
func Of(observed object.Object) State {
	switch {
	case observed.IsZero():
		return State{Reason: conditions.Creating, Message: "not created yet"}
	case observed.Deleting():
		return deleting(observed)
	}
	return ruleFor(observed.APIVersion(), observed.Kind())(observed)
}

// deleting tells the provider's words where it cannot delete: nobody else would.
func deleting(observed object.Object) State {
	for _, condition := range []string{"Synced", "LastAsyncOperation"} {
		if c := observed.Condition(condition); c.Status == "False" {
			state := failed(observed, c, "the provider reports an error")
			state.Message = "cannot be deleted: " + state.Message
			return state
		}
	}
	return State{Reason: conditions.Deleting, Message: "is being deleted"}
}

// Resource is a composed resource: what it is planned as, and what is observed.
type Resource struct {
	Kind, Name string
	Observed   object.Object
}

// told is how many different errors a sum tells in full. A provider that is cut off fails everywhere, each time in other words.
const told = 3

// Sum judges several resources in the order of the graph. It names every resource that fails, those with the same words
// together. When none does, it names the first that is not ready: the others wait for it.
func Sum(resources []Resource) State {
	var words []string
	failing := map[string][]string{}
	var cause conditions.Reason
	waiting := available()
	for _, r := range resources {
		state, name := Of(r.Observed), r.Kind+" "+r.Name
		switch {
		case state.Ready:
		case state.Reason == conditions.Failing:
			if len(words) == 0 {
				cause = state.Cause
			} else if cause != state.Cause {
				cause = ""
			}
			if failing[state.Message] == nil {
				words = append(words, state.Message)
			}
			failing[state.Message] = append(failing[state.Message], name)
		case waiting.Ready:
			waiting = State{Reason: state.Reason, Message: name + ": " + state.Message}
		}
	}
	if len(words) == 0 {
		return waiting
	}
	var parts, rest []string
	for n, w := range words {
		if n < told {
			parts = append(parts, strings.Join(failing[w], ", ")+": "+w)
		} else {
			rest = append(rest, failing[w]...)
		}
	}
	if len(rest) > 0 {
		parts = append(parts, "also failing: "+strings.Join(rest, ", "))
	}
	return State{Reason: conditions.Failing, Cause: cause, Message: strings.Join(parts, "; ")}
}

type rule func(object.Object) State

func ruleFor(apiVersion, kind string) rule {
	group, _, found := strings.Cut(apiVersion, "/")
	switch {
	case !found && kind == "Secret":
		return exists
	case group == "protection.crossplane.io":
		// A Usage protects as soon as it exists. By its own condition it would wait for the object that uses, which may
		// wait for us.
		return exists
	default:
		return managedResource
	}
}

func exists(object.Object) State { return available() }

func available() State { return State{Ready: true, Reason: conditions.Available} }

// managedResource is the rule of everything that a provider reconciles. Synced=False with Ready=True is a resource that
// works while its last change does not: that is not ready, so that nobody takes the change for done.
func managedResource(observed object.Object) State {
	synced, ready, last := observed.Condition("Synced"), observed.Condition("Ready"), observed.Condition("LastAsyncOperation")
	switch {
	case Lost(observed):
		return State{
			Reason: conditions.Failing, Cause: conditions.DataLost, Message: "was deleted outside of the platform, and is not made again by itself",
		}
	case synced.Status == "False":
		return failed(observed, synced, "the provider reports an error")
	case last.Status == "False":
		// The error of the last asynchronous operation, which upjet providers report beside Synced.
		return failed(observed, last, "the last operation of the provider failed")
	case ready.Status == "True" && isCurrent(observed):
		return available()
	case ready.Status == "True":
		return State{Reason: conditions.Creating, Message: "the provider has not seen the last change yet"}
	default:
		return State{Reason: conditions.Creating,
			Message: firstOf(faults.Clean(ready.Message), ready.Reason, "no status from the provider yet")}
	}
}

// failed tells a failure in the provider's words, with what is known of it.
func failed(observed object.Object, condition object.Condition, otherwise string) State {
	config := ""
	if ref := observed.At("spec", "providerConfigRef"); ref.String("name") != "" {
		config = firstOf(ref.String("kind"), "ProviderConfig") + " " + ref.String("name")
	}
	fault, _ := faults.Explain(config, firstOf(condition.Message, condition.Reason, otherwise))
	return State{Reason: conditions.Failing, Cause: fault.Reason, Message: fault.Message()}
}

// isCurrent says that the provider has acted on the current generation. Providers built on crossplane-runtime v2 report it in
// the condition Synced only; those that report none are believed.
func isCurrent(observed object.Object) bool {
	seen := max(observed.Int("status", "observedGeneration"), observed.Condition("Synced").ObservedGeneration)
	return seen == 0 || seen >= observed.Int("metadata", "generation")
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
