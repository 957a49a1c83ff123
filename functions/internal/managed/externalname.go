package managed

import "github.com/goldenpath-dev/goldenpath/functions/internal/object"

// ExternalNameAnnotation holds the name that a resource has in the cloud.
const ExternalNameAnnotation = "crossplane.io/external-name"

// ExternalNameOf is the name that the cloud has assigned an observed resource: what its provider reports as the id or, when the status
// is lost, what is written down already. Empty while there is none.
//
// A provider that creates asynchronously knows an assigned name only in its memory. It is written down with what is late-initialised,
// and so never where a resource does without that (managed.Resource.Following): after a restart the provider would find nothing, and
// create a second one. There the composition writes it down.
// https://github.com/crossplane/crossplane/issues/5918
func ExternalNameOf(observed object.Object) string {
	if id := observed.String("status", "atProvider", "id"); id != "" {
		return id
	}
	// Before there is an id, core has the object's own name there. To compose that would name something that does not exist.
	if name := observed.Annotation(ExternalNameAnnotation); name != observed.Name() {
		return name
	}
	return ""
}

// ExternalNameOr is the external name of a resource that the provider finds by a name of ours, although the cloud assigns it another one:
// ours until that is known. A creation that takes minutes outlives a restart of the provider only so: without any name the provider would
// find nothing, create again, and be refused for ever because what it began is there.
// https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/rds/instance.go (findDBInstanceByID)
func ExternalNameOr(observed object.Object, ours string) string {
	if name := ExternalNameOf(observed); name != "" {
		return name
	}
	return ours
}
