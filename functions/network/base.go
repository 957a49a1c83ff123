package network

import (
	"slices"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// base is what both stages share: what they read, what they plan, and how they write a resource.
type base struct {
	in    plan.In
	plan  *plan.Plan
	cloud pipelinev1.Cloud
	// waits says what the first resource waits for that is not in the plan yet. Empty when all of them are.
	waits string
}

func newBase(in plan.In) base {
	spec := in.XR.At("spec")
	return base{in: in, plan: &plan.Plan{}, cloud: readCloud(spec.At("cloud"))}
}

func readCloud(o object.Object) pipelinev1.Cloud {
	cloud := pipelinev1.Cloud{
		Provider: pipelinev1.CloudProvider(o.String("provider")), Region: o.String("region"), AccountID: o.String("accountId"),
	}
	if ref := o.At("providerConfigRef"); ref.String("name") != "" {
		cloud.ProviderConfigRef = &pipelinev1.ProviderConfigReference{Name: ref.String("name"), Kind: ref.String("kind")}
	}
	return cloud
}

// tags of a resource: the name that the console shows. Whose it is function-guardrails adds.
func (b *base) tags(name string, more ...map[string]string) map[string]string {
	tags := map[string]string{"Name": b.in.Subject.Name + "-" + name[strings.Index(name, "-")+1:]}
	for _, m := range more {
		for k, v := range m {
			tags[k] = v
		}
	}
	return tags
}

// add wants an AWS resource.
func add[P managed.Parameters](b *base, name string, r managed.Resource[P]) {
	b.plan.Add(name, write(b, name, r))
}

// write an AWS resource in the flavour of the composite.
func write[P managed.Parameters](b *base, name string, r managed.Resource[P]) object.Object {
	r.Name, r.ProviderConfig = b.in.Name(name), b.cloud.ProviderConfigRef
	if r.Following && r.ExternalName == "" {
		r.ExternalName = managed.ExternalNameOf(b.observed(name))
	}
	return r.Object(b.in.Flavour)
}

func (b *base) observed(name string) object.Object { return b.in.Observed.Get(name) }

func (b *base) there(name string) bool { return !b.observed(name).IsZero() }

// keep is what an observed resource says, or the fresh value: what a cloud cannot change in place is decided once.
func (b *base) keep(resource, field, fresh string) string {
	return first(b.observed(resource).String("spec", "forProvider", field), fresh)
}

// region of a resource.
func (b *base) region(resource string) string { return b.keep(resource, "region", b.cloud.Region) }

// id that AWS has given a resource. Its external name tells it too, when the status is lost. Empty while there is none, or when the
// resource goes: nothing new is built on what goes.
func (b *base) id(resource string) string {
	o := b.observed(resource)
	if o.Deleting() {
		return ""
	}
	return managed.ExternalNameOf(o)
}

// externalName is the annotation with the name of a resource in the cloud.
const externalName = managed.ExternalNameAnnotation

// builtOn is what one of some resources has in a field and works with. Empty when none of them works. A provider that restarted before
// names were written down (managed.ExternalNameOf) reports what it made a second time; what is used is the first.
func (b *base) builtOn(field string, users ...string) string {
	for _, name := range users {
		if user := b.observed(name); health.Of(user).Ready {
			return user.String("spec", "forProvider", field)
		}
	}
	return ""
}

// needs says that a resource can be wanted: it is there already, or what it is made from is known. Otherwise it waits.
func (b *base) needs(resource string, known ...string) bool {
	if b.there(resource) || !slices.Contains(known, "") {
		return true
	}
	b.waiting(resource)
	return false
}

func (b *base) waiting(resource string) {
	if b.waits == "" {
		b.waits = resource
	}
}

// drop lets an observed resource go that is not wanted any more.
func (b *base) drop(name, message string) {
	if b.there(name) {
		b.plan.Drop(name, pipelinev1.DropSpecChanged, message)
	}
}

func ptr[T any](v T) *T { return &v }

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
