package environment

import (
	"fmt"
	"slices"
	"strings"
	"time"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/kernel"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
	"github.com/goldenpath-dev/goldenpath/functions/internal/usage"
)

// named is how many users and resources a message names.
const named = 5

// levels are the order in which an environment goes: dependants before what they use. A name that ends in a hyphen stands for all that
// begin with it.
func levels() [][]string {
	return [][]string{
		{
			nameIdentities, nameAssociation, nameAccount, nameTeam + "-", nameDeployers, nameTokenReview, nameTokenKeys, namePolicy, nameQuota,
			nameLimits, nameVaultPolicy, nameAuthConfig, namePodGroupPolicy,
		},
		append([]string{nameRole, nameNamespace, namePodGroupRule}, vaultMounts()...),
		{nameAlias, namePodGroup, nameEKS},
		{nameKey, nameNetwork},
		// The Network is kept until the last.
		append(usage.ProtectionNames(prefix), usage.NetworkNames(prefix)...),
	}
}

// expire keeps an expired environment for as long as something lives in it, and takes it down when it is drained. Nothing is composed from
// the claim any more: nobody judges what it asks for by now. What is there stays as it is observed, or goes.
func (e *environment) expire() {
	e.plan.Waiting = true
	e.hold()
	drained := e.drained()
	if drained {
		e.lookForMounts()
		e.dismantle()
	}
	e.expiredConditions(drained)
}

// hold wants everything as it is observed, but ready to go: nothing protects an expired environment.
func (e *environment) hold() {
	for _, name := range e.in.Observed.Names(prefix) {
		if slices.Contains(usage.ProtectionNames(prefix), name) {
			e.plan.Drop(name, pipelinev1.DropSpecChanged, "deletion protection is off")
			continue
		}
		o := e.in.Observed.Get(name)
		e.plan.Resources = append(e.plan.Resources, plan.Resource{
			Name: name, Object: e.unprotected(name, plan.AsObserved(o)), Data: kernel.HoldsData(o),
		})
	}
}

// unprotected is a resource that goes with its managed resource when that is deleted. A key goes only where the type says so.
func (e *environment) unprotected(name string, o object.Object) object.Object {
	spec := o.At("spec")
	policies := spec.Strings("managementPolicies")
	deletable := len(policies) == 0 || slices.Contains(policies, "*") || slices.Contains(policies, "Delete")
	switch {
	case name == nameNetwork:
		f := object.NewFields()
		f.Merge(spec)
		f.SetBool("deletionProtection", false)
		object.EditFields(o).SetObject("spec", f.Done())
	case deletable, slices.Equal(policies, []string{"Observe"}), name == nameKey && !e.data.tiers[e.claim.kind].KeyDeletable:
	default:
		f := object.NewFields()
		f.Merge(object.Without(spec, "managementPolicies"))
		if name == nameKey {
			// Without policies it may be created, and it is made once.
			f.SetStringMap("initProvider", map[string]string{keyStore: noKeyStore})
		}
		object.EditFields(o).SetObject("spec", f.Done())
	}
	return o
}

// dismantle drops the first level of which something is left.
func (e *environment) dismantle() {
	message := "the preview environment expired at " + e.expiry() + " and nothing lives in it any more"
	for i, d := range e.plan.Drops {
		e.plan.Drops[i] = pipelinev1.Drop{Name: d.Name, Reason: pipelinev1.DropEnvironmentExpired, Message: message}
	}
	going := e.going()
	for _, name := range going {
		if !e.dropped(name) {
			e.plan.Drop(name, pipelinev1.DropEnvironmentExpired, message)
		}
	}
	e.plan.Resources = slices.DeleteFunc(e.plan.Resources, func(r plan.Resource) bool { return slices.Contains(going, r.Name) })
}

// going are the observed resources of the first level of which something is left.
func (e *environment) going() []string {
	for _, level := range levels() {
		var names []string
		for _, name := range level {
			names = append(names, e.observedAs(name)...)
		}
		if len(names) > 0 {
			return names
		}
		if slices.Contains(level, nameKVMount) && e.mountsLeft() {
			return nil
		}
	}
	return nil
}

// observedAs are the observed resources of a name, or of all names that begin with it when it ends in a hyphen. Sorted.
func (e *environment) observedAs(name string) []string {
	if strings.HasSuffix(name, "-") {
		return e.in.Observed.Names(name)
	}
	if e.observes(name) {
		return []string{name}
	}
	return nil
}

func (e *environment) dropped(name string) bool {
	return slices.ContainsFunc(e.plan.Drops, func(d pipelinev1.Drop) bool { return d.Name == name })
}

// expiry is the time of the end as people read it. Empty for what does not expire.
func (e *environment) expiry() string {
	if e.life.expiresAt.IsZero() {
		return ""
	}
	return e.life.expiresAt.UTC().Format(time.RFC3339)
}

// expiredConditions say what the environment waits for, and how to get it back.
func (e *environment) expiredConditions(drained bool) {
	e.plan.Conditions = nil
	message := fmt.Sprintf("the preview expired at %s; %s. Raise spec.ttl to extend it: what was removed starts anew, without its data",
		e.expiry(), e.expiryStep(drained))
	for _, t := range []string{v1.ConditionNetworkReady, v1.ConditionClusterReady, v1.ConditionAccessReady} {
		e.plan.Set(t, conditions.False, conditions.EnvironmentExpired, message)
	}
	if words := e.mountsFail(); words != "" {
		message = words + ". " + message
	}
	e.plan.Set(v1.ConditionVaultReady, conditions.False, conditions.EnvironmentExpired, message)
}

func (e *environment) expiryStep(drained bool) string {
	users, known := e.users()
	switch {
	case !known:
		return "looking up what still lives in it"
	case len(users) > 0:
		return "its services are removed with their data, and it stays until they are gone: " + some(users)
	case !drained:
		return "nothing lives in it any more, and it goes next"
	}
	if e.mountsLeft() {
		return "nothing lives in it any more, and it waits for Vault to unmount what is there: see VaultReady"
	}
	if observed := e.in.Observed.Names(prefix); len(observed) > 0 {
		return "nothing lives in it any more, and it is going: " + some(observed)
	}
	return "everything in it is gone, and this object can be deleted"
}

// some of a list, in words.
func some(list []string) string {
	if len(list) <= named {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:named], ", "), len(list)-named)
}
