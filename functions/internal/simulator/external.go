package simulator

import (
	"maps"
	"slices"
	"strconv"

	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/internal/cloud"
)

// What a provider does with one managed resource: find the thing in the cloud, or create it, copy what nobody has said into the spec, and
// send what differs, all in one call. What late initialisation copies, who names things and what is refused is told by package cloud.

// Annotations of what holds data, and of what is made anew with somebody's consent.
const (
	holdsData = "platform.io/data"
	madeAnew  = "platform.io/made-anew"
)

// external is the thing in the cloud. It is never written in place.
type external struct {
	// has are its parameters. Nil when it is not there.
	has *structpb.Struct
	// id that the provider has to find it by.
	id string
	// known is the id that the provider remembers for as long as it runs.
	known string
	// made counts how often the managed resource has created it.
	made int
	// gone says that somebody else has deleted it.
	gone bool
	// hand are the parameters that somebody else has changed.
	hand []string
	// seen says that functions have seen its id since, and could act on it.
	seen bool
	// quiet says that everything that is said now has been written before.
	quiet bool
	// refusal is the last word of the cloud against what is said now.
	refusal string
	// logged are the log groups that were there, or were made, for a database.
	logged bool
}

// RestartProviders starts all providers again, before they work the next time: what they have in memory, and nobody has written down, is
// gone.
func (c *Cluster) RestartProviders() { c.restarting = true }

// restart forgets. An id that no function could see yet is spared: nobody can write it down in time.
func (c *Cluster) restart() {
	if !c.restarting {
		return
	}
	c.restarting = false
	c.each(func(composed *Composed) {
		if composed.external.seen {
			composed.external.known = ""
		}
		composed.settled, composed.again = 0, true
	})
}

// found is a thing from a file: the cloud has what the file says, and the provider knows it.
func (c *Cluster) found(composed *Composed) {
	o := object.Of(composed.Object)
	id := o.String("status", "atProvider", "id")
	if !managed(o) || onlyObserved(o) || id == "" {
		return
	}
	said := o.At("spec", "forProvider").Struct()
	composed.external = external{has: c.filled(o, said), id: id, known: id, made: 1, quiet: true, logged: true}
}

// filled are parameters with what the cloud makes of those that are not said.
func (c *Cluster) filled(o object.Object, said *structpb.Struct) *structpb.Struct {
	facts := c.Cloud.kinds[kindOf(o)]
	if facts.Defaults == nil {
		return said
	}
	return Merge(fieldsOf(facts.Defaults(c.plain(o, facts, said.GetFields()))), nil, said)
}

// settle is the end of what a provider does.
func (c *Cluster) settle(composed *Composed) {
	o := object.Of(composed.Object)
	if onlyObserved(o) {
		c.look(composed)
		return
	}
	if c.refused(composed, cloud.PoliciesRefused(o.Strings("spec", "managementPolicies"))) {
		return
	}
	c.tag(composed)
	if !c.find(composed) {
		if !mayCreate(o) {
			c.lost(composed)
			return
		}
		if !c.create(composed) {
			return
		}
	}
	if !c.modify(composed) {
		return
	}
	o = object.Of(composed.Object)
	facts := c.Cloud.kinds[kindOf(o)]
	resource := c.plain(o, facts, composed.external.has.GetFields())
	composed.external.id = c.report(composed, facts, resource)
	c.initialise(composed, facts)
	c.persist(composed, facts)
	out := object.Of(composed.Object)
	generation := out.Int("metadata", "generation")
	composed.Object = withConditions(composed.Object, synced(generation), Condition{Type: "Ready", Status: "True", Reason: "Available"})
	composed.settled, composed.again = generation, true
	composed.Details = detailsOf(composed.Object)
	c.logGroups(composed)
	c.takeAlong(object.Of(composed.Object))
}

// poll looks once more, when nothing is wanted that has not been written: a provider that writes now will do so for ever.
func (c *Cluster) poll(composed *Composed) {
	composed.again = false
	if c.find(composed) {
		c.modify(composed)
		return
	}
	composed.settled = 0
}

// tag adds the provider's own tags.
func (c *Cluster) tag(composed *Composed) {
	o := object.Of(composed.Object)
	if tagged := o.At("spec", "forProvider", "tags"); !tagged.IsZero() && tagged.String("crossplane-name") == "" {
		composed.Object = With(composed.Object, Nested(Merge(tagged.Struct(), nil, providerTags(o))), "spec", "forProvider", "tags")
	}
}

// find says that the provider finds the thing: by the annotation, by its name, or by what it remembers.
func (c *Cluster) find(composed *Composed) bool {
	o, e := object.Of(composed.Object), &composed.external
	if e.has == nil {
		return false
	}
	facts := c.Cloud.kinds[kindOf(o)]
	name := first(o.Annotation(externalName), e.known)
	if facts.Named || !facts.Ruled() || !facts.Law.Assigned() {
		return true
	}
	return name == e.id
}

// create makes the thing. A second one is what nobody wants.
func (c *Cluster) create(composed *Composed) bool {
	o, e := object.Of(composed.Object), &composed.external
	name := o.Annotation(compositionResourceName)
	if e.has != nil {
		c.Cloud.violation("round %d: %s: %s is created twice: the name of the first one, %s, is written down nowhere that the provider could "+
			"find it after it started again", c.rounds, name, o.Kind(), e.id)
	}
	said := Merge(o.At("spec", "initProvider").Struct(), nil, o.At("spec", "forProvider").Struct())
	call := c.call(o, c.filled(o, said), said)
	call.Creates, call.Sent = true, cloud.Changes(call.Kind, call.Sent, nil, nil)
	refusal, orphan := call.Refused(), c.withoutOrigin(call)
	switch {
	case orphan != nil || e.gone && refusal != nil:
		// Nobody could know that the origin is gone, and one that is gone is to stay so.
		c.unmade(composed, firstOf(refusal, orphan))
		return false
	case c.refused(composed, refusal):
		return false
	case e.gone && e.seen && o.Annotation(holdsData) == "primary" && o.Annotation(madeAnew) == "":
		c.Cloud.violation("round %d: %s: what held data and was deleted is created again, empty, under the same name", c.rounds, name)
	}
	c.Cloud.Calls = append(c.Cloud.Calls, ProviderCall{Round: c.rounds, Kind: o.Kind(), Name: o.Name(), Creates: true})
	has := fieldsOf(call.Accepted())
	*e = external{has: has, made: e.made + 1, quiet: true}
	return true
}

// withoutOrigin refuses what is to be made of an instance that is not there.
func (c *Cluster) withoutOrigin(call cloud.Call) *cloud.Refusal {
	origin := cloud.OriginOf(call.Kind, call.Sent)
	if origin.Kind != cloud.Instance || !origin.Follows {
		return nil
	}
	for _, composed := range c.Composed {
		if o := object.Of(composed.Object); is(o, origin.Kind) && identifierOf(o) == origin.Name && composed.external.has != nil {
			return nil
		}
	}
	return &cloud.Refusal{Code: "DBInstanceNotFound", Message: "The source instance could not be found: " + origin.Name}
}

// call is what goes to the cloud, as package cloud takes it.
func (c *Cluster) call(o object.Object, has, sent *structpb.Struct) cloud.Call {
	kind, call := kindOf(o), cloud.Call{Has: has.AsMap(), Sent: sent.AsMap()}
	call.Kind = kind
	if isDatabase(o) {
		call.Reported = stateOf(o)
		call.Source = c.sourceOf(cloud.OriginOf(kind, call.Sent))
	}
	return call
}

// modify sends what differs. It says that nothing was refused.
func (c *Cluster) modify(composed *Composed) bool {
	o, e := object.Of(composed.Object), &composed.external
	said := o.At("spec", "forProvider").Struct()
	if covers(e.has, said) {
		e.refusal = ""
		return true
	}
	call := c.call(o, e.has, said)
	changes := cloud.Changes(call.Kind, call.Sent, call.Has, call.Reported)
	if len(changes) == 0 {
		return true
	}
	name := o.Annotation(compositionResourceName)
	call.Sent = cloud.Sent(call.Kind, changes, call.Has)
	fields := slices.Sorted(maps.Keys(call.Sent))
	if c.refused(composed, firstOf(c.Cloud.kinds[call.Kind].Replaces(changes, call.Has), call.Refused())) {
		return false
	}
	if len(fields) > 0 {
		c.Cloud.Calls = append(c.Cloud.Calls, ProviderCall{Round: c.rounds, Kind: o.Kind(), Name: o.Name(), Fields: fields})
		if e.quiet {
			c.Cloud.violation("round %d: %s: the provider writes %v again, and nothing was changed: it will do so for ever", c.rounds, name, fields)
		}
		e.quiet, composed.again = true, true
	}
	maps.Copy(call.Sent, changes)
	e.has, e.refusal, e.logged = fieldsOf(call.Accepted()), "", e.logged && !slices.Contains(fields, "enabledCloudwatchLogsExports")
	return true
}

// covers says that the cloud has all that is said, letter by letter.
func covers(has, said *structpb.Struct) bool {
	for field, value := range said.GetFields() {
		if !sameValue(has.GetFields()[field], value) {
			return false
		}
	}
	return true
}

// firstOf some refusals.
func firstOf(refusals ...*cloud.Refusal) *cloud.Refusal {
	for _, r := range refusals {
		if r != nil {
			return r
		}
	}
	return nil
}

// refused notes a refusal once, and lets the resource wait in the words of the cloud.
func (c *Cluster) refused(composed *Composed, r *cloud.Refusal) bool {
	if r == nil {
		return false
	}
	o := object.Of(composed.Object)
	if composed.external.refusal != r.Error() {
		composed.external.refusal = r.Error()
		c.Cloud.violation("round %d: %s: the cloud refuses: %s", c.rounds, o.Annotation(compositionResourceName), r.Error())
	}
	composed.settled = 0
	composed.Object = withConditions(composed.Object, Condition{
		Type: "Synced", Status: "False", Reason: "ReconcileError", Message: r.Error(), Generation: o.Int("metadata", "generation"),
	}, readyCondition(o))
	return true
}

// report writes status.atProvider, and returns the id.
func (c *Cluster) report(composed *Composed, facts cloud.Facts, resource cloud.Resource) string {
	o := object.Of(composed.Object)
	reported := fieldsOf(facts.Late(some(object.Of(composed.external.has), facts.Law.Roots()...)))
	if composed.external.made > 1 {
		resource.Seed += "#" + strconv.Itoa(composed.external.made)
	}
	if facts.Report != nil {
		reported = Merge(reported, nil, fieldsOf(facts.Report(resource)))
	}
	at := Merge(o.At("status", "atProvider").Struct(), nil, c.Cloud.awaited(o, reported))
	composed.Object = With(composed.Object, Nested(at), "status", "atProvider")
	return object.Of(at).String("id")
}

// initialise writes into the spec what the cloud has and nobody has said, where the provider may.
func (c *Cluster) initialise(composed *Composed, facts cloud.Facts) {
	o := object.Of(composed.Object)
	if !initialises(o) || !facts.Ruled() {
		return
	}
	said := o.At("spec", "forProvider").Struct()
	late := fieldsOf(facts.Late(some(object.Of(composed.external.has), facts.Law.Roots()...)))
	with := Merge(late, nil, said)
	if Same(with, said) {
		return
	}
	for _, field := range composed.external.hand {
		if _, before := said.GetFields()[field]; !before && with.GetFields()[field] != nil {
			c.Cloud.violation("round %d: %s: late initialisation makes %s, which somebody has changed by hand, what is wanted", c.rounds,
				o.Annotation(compositionResourceName), field)
		}
	}
	composed.Object = With(composed.Object, Nested(with), "spec", "forProvider")
	composed.Object = With(composed.Object, Number(o.Int("metadata", "generation")+1), "metadata", "generation")
}

// initialises says that the provider may write into the spec.
func initialises(o object.Object) bool {
	policies := o.Strings("spec", "managementPolicies")
	return len(policies) == 0 || slices.Contains(policies, "*") || slices.Contains(policies, "LateInitialize")
}

// persist writes the external name down: at once where it is known before, and where AWS assigns it only together with late
// initialisation, because every creation is asynchronous.
func (c *Cluster) persist(composed *Composed, facts cloud.Facts) {
	o, e := object.Of(composed.Object), &composed.external
	name := e.id
	if facts.Named {
		name = first(o.Annotation(externalName), o.Name())
	}
	e.known = e.id
	if name == "" || facts.Ruled() && facts.Law.Assigned() && !initialises(o) {
		return
	}
	composed.Object = With(composed.Object, Text(name), "metadata", "annotations", externalName)
}
