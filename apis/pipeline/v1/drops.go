package v1

// Drops is what the functions of a pipeline removed on purpose.
type Drops struct {
	// APIVersion is pipeline.platform.io/v1.
	APIVersion string `json:"apiVersion"`
	// Kind is Drops.
	Kind string `json:"kind"`
	// Items, in the order of their names.
	Items []Drop `json:"items,omitempty"`
}

// DropReason says why a resource is no longer composed.
type DropReason string

// The reasons. There is no other way for a resource to go.
const (
	// DropSpecChanged: the developer changed the spec so that the resource is no longer asked for.
	DropSpecChanged DropReason = "SpecChanged"
	// DropEnvironmentChanged: the environment no longer names what the resource was for.
	DropEnvironmentChanged DropReason = "EnvironmentChanged"
	// DropEnvironmentExpired: the preview environment expired.
	DropEnvironmentExpired DropReason = "EnvironmentExpired"
	// DropSuperseded: another resource took its place.
	DropSuperseded DropReason = "Superseded"
	// DropRetired: this version of the function no longer composes a resource of this name.
	DropRetired DropReason = "Retired"
)

// Drop is one composed resource that was removed on purpose.
type Drop struct {
	// Name of the composed resource.
	Name string `json:"name"`
	// Reason is one of the reasons above.
	Reason DropReason `json:"reason"`
	// Message says what changed, in a sentence.
	Message string `json:"message"`
}
