package simulator

import (
	"maps"
	"slices"

	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/internal/cloud"
)

// The calls that a provider sends, and what becomes of them.

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
	composed.external.forgiven--
	if composed.external.forgiven < 0 && composed.external.refusal != r.Error() {
		composed.external.refusal = r.Error()
		c.Cloud.violation("round %d: %s: the cloud refuses: %s", c.rounds, o.Annotation(compositionResourceName), r.Error())
	}
	composed.settled = 0
	composed.Object = withConditions(composed.Object, Condition{
		Type: "Synced", Status: "False", Reason: "ReconcileError", Message: r.Error(), Generation: o.Int("metadata", "generation"),
	}, readyCondition(o))
	return true
}
