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
	// forgiven counts the refusals that nobody could know of yet: the cloud has moved on by itself.
	forgiven int
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
	planned := cloud.PlanRefused(kindOf(o), some(o.At("spec", "forProvider"), cloud.PlanReads()...))
	if c.refused(composed, firstOf(cloud.PoliciesRefused(o.Strings("spec", "managementPolicies")), planned)) {
		return
	}
	c.tag(composed)
	touch(composed)
	if !c.find(composed) {
		if !mayCreate(o) {
			c.lost(composed)
			return
		}
		if !c.create(composed) {
			return
		}
	}
	facts := c.Cloud.kinds[kindOf(o)]
	// What is there is reported, also when the cloud then refuses to change it.
	composed.external.id = c.report(composed, facts)
	if !c.modify(composed) {
		return
	}
	composed.external.id = c.report(composed, facts)
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

// touch writes what a provider of upjet writes with whatever else it writes: an initProvider, empty where nothing is said in it.
func touch(composed *Composed) {
	if o := object.Of(composed.Object); !is(o, cloud.Object) && !o.Has("spec", "initProvider") {
		composed.Object = With(composed.Object, Nested(fields(nil)), "spec", "initProvider")
		composed.touched = true
	}
}

// find says that the provider finds the thing: by the annotation, by its name, or by what it remembers.
func (c *Cluster) find(composed *Composed) bool {
	o, e := object.Of(composed.Object), &composed.external
	if e.has == nil && !c.adopt(composed) {
		return false
	}
	facts := c.Cloud.kinds[kindOf(o)]
	name := first(o.Annotation(externalName), e.known)
	if facts.Named || !facts.Ruled() || !facts.Law.Assigned() {
		return true
	}
	return name == e.id || name != "" && facts.Alias != "" && name == o.String("spec", "forProvider", facts.Alias)
}

// leave notes what stays in the cloud when its managed resource has gone.
func (c *Cluster) leave(composed *Composed) {
	if o := object.Of(composed.Object); composed.external.has != nil && keeps(o) && !onlyObserved(o) {
		c.outermost().left[c.address(o, composed.external.id)] = composed.external
	}
}

// adopt finds what another managed resource has left, by the name that is written down, or that it has.
func (c *Cluster) adopt(composed *Composed) bool {
	o := object.Of(composed.Object)
	id := o.Annotation(externalName)
	if c.believes && id != "" && composed.external.made == 0 {
		composed.external = external{has: c.filled(o, o.At("spec", "forProvider").Struct()), id: id, known: id, made: 1}
		return true
	}
	address := c.address(o, id)
	was, there := c.outermost().left[address]
	if !there || composed.external.gone {
		return false
	}
	delete(c.outermost().left, address)
	composed.external = external{has: was.has, id: was.id, known: was.id, made: was.made, logged: was.logged, hand: was.hand}
	return true
}

// address of a thing in the cloud.
func (c *Cluster) address(o object.Object, id string) string {
	kind := kindOf(o)
	if c.Cloud.kinds[kind].Named {
		id = first(o.Annotation(externalName), o.Name())
	}
	return kind + "/" + id
}

// report writes status.atProvider, and returns the id.
func (c *Cluster) report(composed *Composed, facts cloud.Facts) string {
	o := object.Of(composed.Object)
	resource := c.plain(o, facts, composed.external.has.GetFields())
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
	for field, value := range with.GetFields() {
		if _, before := said.GetFields()[field]; !before {
			composed.late = withField(composed.late, field, value)
		}
	}
	composed.Object = With(composed.Object, Nested(with), "spec", "forProvider")
	composed.Object = With(composed.Object, Number(o.Int("metadata", "generation")+1), "metadata", "generation")
}

// withField is the map with one field more. Maps are shared by the forks of a cluster.
func withField(m map[string]*structpb.Value, field string, value *structpb.Value) map[string]*structpb.Value {
	out := make(map[string]*structpb.Value, len(m)+1)
	maps.Copy(out, m)
	out[field] = value
	return out
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
