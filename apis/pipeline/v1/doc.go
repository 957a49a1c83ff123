// Package v1 is the contract between the steps of a pipeline: what the kind's function publishes in the pipeline context
// and what the stages behind it act on. Readers refuse unknown fields, so a field is added here before it is written.
//
// +kubebuilder:object:generate=true
package v1

// Context keys.
const (
	// EnvironmentKey holds an Environment.
	EnvironmentKey = "platform.io/environment"
	// WiringKey holds a Wiring.
	WiringKey = "platform.io/wiring"
	// DropsKey holds Drops.
	DropsKey = "platform.io/drops"
)

// APIVersion of every value in the context.
const APIVersion = "pipeline.platform.io/v1"
