package environment

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// usageAPI is the group and version of both kinds of Usages.
const usageAPI = "protection.crossplane.io/v1beta1"

// Keys of the requirements about what lives in the environment.
const (
	requirementClaim         = prefix + "claim"
	requirementUsages        = prefix + "usages"
	requirementClusterUsages = prefix + "cluster-usages"
)

// life is where a preview is in its time.
type life struct {
	phase pipelinev1.EnvironmentPhase
	// expiresAt is zero for what does not expire.
	expiresAt time.Time
}

// parseTTL reads a number with m, h or d.
func parseTTL(text string) (time.Duration, error) {
	units := map[byte]time.Duration{'m': time.Minute, 'h': time.Hour, 'd': day}
	malformed := fmt.Errorf("%q is not a time span: write a number with m, h or d, such as 72h or 14d", text)
	if text == "" {
		return 0, malformed
	}
	unit, known := units[text[len(text)-1]]
	digits := text[:len(text)-1]
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || !known || n <= 0 || digits[0] < '1' {
		return 0, malformed
	}
	if n > math.MaxInt64/int64(unit) {
		return 0, fmt.Errorf("%q is longer than can be counted: write less", text)
	}
	return time.Duration(n) * unit, nil
}

// spanOf prints a time span as parseTTL reads it.
func spanOf(d time.Duration) string {
	switch {
	case d%(day) == 0:
		return strconv.FormatInt(int64(d/(day)), 10) + "d"
	case d%time.Hour == 0:
		return strconv.FormatInt(int64(d/time.Hour), 10) + "h"
	default:
		return strconv.FormatInt(int64(d/time.Minute), 10) + "m"
	}
}

// expires says that the environment has an end at all: the one of its ttl or, when that is taken away, the one that was told. Nobody
// outlives the longest ttl by taking it away.
func (e *environment) expires() bool {
	return e.claim.kind == pipelinev1.EnvironmentPreview && (e.claim.ttl != "" || !e.toldEnd().IsZero())
}

// toldEnd is the end that the status tells. Zero when it tells none.
func (e *environment) toldEnd() time.Time {
	told, err := time.Parse(time.RFC3339, e.before().String("expiresAt"))
	if err != nil {
		return time.Time{}
	}
	return told
}

// age decides the phase. What is rendered has not been created yet, and does not age.
func (e *environment) age() {
	e.life.phase = pipelinev1.PhaseActive
	created, err := time.Parse(time.RFC3339, e.in.XR.String("metadata", "creationTimestamp"))
	if err != nil || !e.expires() {
		return
	}
	// The checks say what is wrong with a ttl. A mistake ends nothing, and extends nothing either: the end that was told stays.
	end := e.toldEnd()
	if ttl, err := parseTTL(e.claim.ttl); err == nil {
		end = e.limited(created, created.Add(ttl))
	}
	if e.life.expiresAt = end; end.IsZero() {
		return
	}
	warnAt := end.Add(-min(e.data.warnBefore, end.Sub(created)/2))
	switch now := e.in.Now; {
	case !now.Before(end):
		e.life.phase = pipelinev1.PhaseExpired
	case !now.Before(warnAt):
		e.life.phase, e.plan.Boundary = pipelinev1.PhaseExpiring, end
	default:
		e.plan.Boundary = warnAt
	}
}

// limited is the end of a preview that lasts created to end, or what was told when the platform team lets nobody have that: the checks
// refuse it, and it ends nothing. Limits that are set later change nothing of an end that was told, and nobody gets around them by asking
// for more.
func (e *environment) limited(created, end time.Time) time.Time {
	told := e.toldEnd()
	shortest, longest := created.Add(e.data.shortest), created.Add(e.data.longest)
	switch {
	case !end.Before(shortest) && !end.After(longest), told.Equal(end):
		return end
	case told.IsZero(), end.Before(shortest):
		return told
	case told.After(longest) && told.Before(end):
		return told
	default:
		return longest
	}
}

// require asks core for what the environment is decided by: its Network, and the Usages of what lives in it. It asks for the same
// on every call, whatever the phase is.
func (e *environment) require() {
	add := func(r plan.Requirement) { e.plan.Requirements = append(e.plan.Requirements, r) }
	if r, named := e.networkRequirement(); named {
		add(r)
	}
	if !e.expires() {
		return
	}
	if e.in.Flavour.Legacy {
		add(plan.Requirement{
			Key: requirementClaim, APIVersion: v1.APIVersion, Kind: v1.EnvironmentKind,
			Namespace: e.in.Subject.Namespace, Name: e.in.Subject.Name,
		})
	}
	uid := e.uid()
	if uid == "" {
		return
	}
	labels := map[string]string{v1.EnvironmentUIDLabel: uid}
	add(plan.Requirement{Key: requirementUsages, APIVersion: usageAPI, Kind: "Usage", Labels: labels})
	if e.in.Flavour.Legacy {
		add(plan.Requirement{
			Key: requirementClusterUsages, APIVersion: usageAPI, Kind: "ClusterUsage", Labels: labels,
		})
	}
}

// uid of the Environment as App kinds find it: in the claims flavour that of the claim, which only the claim itself tells. Empty
// before that is known.
func (e *environment) uid() string {
	if e.in.Flavour.Legacy {
		return e.in.Required[requirementClaim].First().UID()
	}
	return e.in.XR.UID()
}

// users are the services that still live in the environment, sorted. Nobody knows them before core has looked.
func (e *environment) users() (users []string, known bool) {
	keys := []string{requirementUsages}
	if e.in.Flavour.Legacy {
		keys = append(keys, requirementClusterUsages)
	}
	for _, key := range keys {
		found := e.in.Required[key]
		if !found.Resolved {
			return nil, false
		}
		for _, usage := range found.Items {
			users = append(users, userOf(usage))
		}
	}
	slices.Sort(users)
	return slices.Compact(users), true
}

// userOf a Usage is the claim that it is marked with or, when somebody else made it, the Usage itself.
func userOf(usage object.Object) string {
	if name := usage.Label("platform.io/claim-name"); name != "" {
		return usage.Label("platform.io/claim-kind") + " " + usage.Label("platform.io/claim-namespace") + "/" + name
	}
	return strings.TrimPrefix(usage.Kind()+" "+usage.Namespace()+"/"+usage.Name(), "ClusterUsage /")
}

// drained says that an expired environment has nothing left in it, so that it may go itself. A service that was on its way has had
// the chance to see it: the call before said so already.
func (e *environment) drained() bool {
	users, known := e.users()
	return e.expired() && known && len(users) == 0 && e.before().String("phase") == string(pipelinev1.PhaseExpired)
}
