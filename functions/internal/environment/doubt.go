package environment

import (
	"fmt"
	"slices"
	"strings"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// doubts are the conditions by which an object says that it is not what it publishes, beside Ready: core leaves that True when a request
// is refused. That networks overlap is not among them: whoever joins a peer group later would stop all who live in it.
func doubts() []string {
	return []string{
		v1.ConditionNetworkReady, v1.ConditionClusterReady, v1.ConditionAccessReady, v1.ConditionVaultReady, v1.ConditionEndpointsReady,
		v1.ConditionRoutesReady, v1.ConditionGuardrailsPassed, "Synced",
	}
}

// innocent are reasons that change nothing in what was allowed: a rule that somebody added to a group that nothing has is for people to see
// and to remove, and one who holds an object still for a while does not stop all who live in it. That a pause keeps no right that was taken
// back is for admission (deploy/samples/tenancy.yaml).
func innocent() []string { return []string{string(conditions.DefaultGroupOpen), paused} }

// paused is the reason of Synced of an object with the annotation crossplane.io/paused.
// https://github.com/crossplane/crossplane-runtime/blob/main/apis/common/condition.go
const paused = "ReconcilePaused"

// Doubt says why an Environment or a Network is not to be acted on now, in words that follow its name. Empty when it is: it is ready, and
// nothing that it was asked for is refused or fails.
func Doubt(o object.Object) string {
	if c := o.Condition("Ready"); c.Status != "True" {
		why := ""
		if words := strings.TrimSpace(c.Reason + " " + c.Message); words != "" {
			why = ": " + words
		}
		return "is not ready yet" + why
	}
	types := doubts()
	at := slices.IndexFunc(types, func(t string) bool {
		c := o.Condition(t)
		return c.Status == "False" && !slices.Contains(innocent(), c.Reason)
	})
	if at < 0 {
		return ""
	}
	c := o.Condition(types[at])
	return fmt.Sprintf("is not as it is asked to be: %s is False, %s", types[at], strings.TrimSpace(c.Reason+" "+c.Message))
}

// Judged says that an Environment or a Network has published what of its request was allowed. One of an earlier version does so with its
// next call.
func Judged(o object.Object) bool { return o.Has("status", "cloud") }

// Unjudged says so in words that follow the name of the object.
func Unjudged(o object.Object) string {
	if why := Doubt(o); why != "" {
		return why
	}
	return "has not published its status.cloud yet"
}
