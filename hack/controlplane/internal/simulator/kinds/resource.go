package kinds

import (
	"encoding/json"
	"fmt"
	"maps"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
)

// Managed is a managed resource of any kind.
type Managed interface {
	resource.ModernManaged
	// Parameters returns spec.forProvider, to read.
	Parameters() (map[string]any, error)
	// SetParameters replaces spec.forProvider.
	SetParameters(parameters map[string]any) error
	// InitialParameters returns spec.initProvider, to read.
	InitialParameters() (map[string]any, error)
	// Observation returns status.atProvider, to read.
	Observation() (map[string]any, error)
	// SetObservation replaces status.atProvider.
	SetObservation(observation map[string]any) error
}

// Resource is a managed resource. K only tells the kinds apart: a scheme knows a kind by its Go type.
type Resource[K any] struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec   Spec   `json:"spec"`
	Status Status `json:"status,omitempty"` //nolint:modernize // The wire has to look like the providers'.
}

// Spec is the envelope that all kinds share. What is below it is kept as it came.
type Spec struct {
	xpv2.ManagedResourceSpec `json:",inline"`

	ForProvider Raw `json:"forProvider"`
	// InitProvider is written when it is empty too, as upjet does: then it is the provider's as much as ours.
	InitProvider Raw `json:"initProvider"`
}

// Status is what the provider reports.
type Status struct {
	xpv2.ManagedResourceStatus `json:",inline"`

	AtProvider Raw `json:"atProvider,omitzero"`
}

// Raw is a JSON object as it came. It is never written in place, so copies may share it.
type Raw struct{ document json.RawMessage }

// MarshalJSON returns the document.
func (r Raw) MarshalJSON() ([]byte, error) {
	if len(r.document) == 0 {
		return []byte("{}"), nil
	}
	return r.document, nil
}

// UnmarshalJSON keeps the document.
func (r *Raw) UnmarshalJSON(document []byte) error {
	r.document = append(json.RawMessage(nil), document...)
	return nil
}

// IsZero says that there is no document.
func (r Raw) IsZero() bool { return len(r.document) == 0 }

func (r Raw) decode() (map[string]any, error) {
	fields := map[string]any{}
	if r.IsZero() {
		return fields, nil
	}
	if err := json.Unmarshal(r.document, &fields); err != nil {
		return nil, fmt.Errorf("cannot read the fields of a managed resource: %w", err)
	}
	return fields, nil
}

func encode(fields map[string]any) (Raw, error) {
	document, err := json.Marshal(fields)
	if err != nil {
		return Raw{}, fmt.Errorf("cannot write the fields of a managed resource: %w", err)
	}
	return Raw{document: document}, nil
}

// Parameters returns spec.forProvider, to read.
func (r *Resource[K]) Parameters() (map[string]any, error) { return r.Spec.ForProvider.decode() }

// SetParameters replaces spec.forProvider.
func (r *Resource[K]) SetParameters(parameters map[string]any) (err error) {
	r.Spec.ForProvider, err = encode(parameters)
	return err
}

// InitialParameters returns spec.initProvider, to read.
func (r *Resource[K]) InitialParameters() (map[string]any, error) {
	return r.Spec.InitProvider.decode()
}

// Observation returns status.atProvider, to read.
func (r *Resource[K]) Observation() (map[string]any, error) { return r.Status.AtProvider.decode() }

// SetObservation replaces status.atProvider.
func (r *Resource[K]) SetObservation(observation map[string]any) (err error) {
	r.Status.AtProvider, err = encode(observation)
	return err
}

// SetConditions sets conditions.
func (r *Resource[K]) SetConditions(c ...xpv2.Condition) { r.Status.SetConditions(c...) }

// GetCondition returns a condition.
func (r *Resource[K]) GetCondition(t xpv2.ConditionType) xpv2.Condition {
	return r.Status.GetCondition(t)
}

// SetManagementPolicies sets the management policies.
func (r *Resource[K]) SetManagementPolicies(p xpv2.ManagementPolicies) { r.Spec.ManagementPolicies = p }

// GetManagementPolicies returns the management policies.
func (r *Resource[K]) GetManagementPolicies() xpv2.ManagementPolicies {
	return r.Spec.ManagementPolicies
}

// SetProviderConfigReference sets the provider config.
func (r *Resource[K]) SetProviderConfigReference(p *xpv2.ProviderConfigReference) {
	r.Spec.ProviderConfigReference = p
}

// GetProviderConfigReference returns the provider config.
func (r *Resource[K]) GetProviderConfigReference() *xpv2.ProviderConfigReference {
	return r.Spec.ProviderConfigReference
}

// SetWriteConnectionSecretToReference sets the connection secret.
func (r *Resource[K]) SetWriteConnectionSecretToReference(s *xpv2.LocalSecretReference) {
	r.Spec.WriteConnectionSecretToReference = s
}

// GetWriteConnectionSecretToReference returns the connection secret.
func (r *Resource[K]) GetWriteConnectionSecretToReference() *xpv2.LocalSecretReference {
	return r.Spec.WriteConnectionSecretToReference
}

// GetLastHandledReconcileAt returns the last request to reconcile that was handled.
func (r *Resource[K]) GetLastHandledReconcileAt() string { return r.Status.LastHandledReconcileAt }

// SetLastHandledReconcileAt sets the last request to reconcile that was handled.
func (r *Resource[K]) SetLastHandledReconcileAt(token string) {
	r.Status.LastHandledReconcileAt = token
}

// DeepCopyObject copies the resource.
func (r *Resource[K]) DeepCopyObject() runtime.Object {
	out := &Resource[K]{TypeMeta: r.TypeMeta, Spec: r.Spec, Status: r.Status}
	r.DeepCopyInto(&out.ObjectMeta)
	r.Spec.DeepCopyInto(&out.Spec.ManagedResourceSpec)
	r.Status.DeepCopyInto(&out.Status.ManagedResourceStatus)
	return out
}

// List of managed resources.
type List[K any] struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []Resource[K] `json:"items"`
}

// DeepCopyObject copies the list.
func (l *List[K]) DeepCopyObject() runtime.Object {
	out := &List[K]{TypeMeta: l.TypeMeta, Items: make([]Resource[K], 0, len(l.Items))}
	l.DeepCopyInto(&out.ListMeta)
	for i := range l.Items {
		out.Items = append(out.Items, *l.Items[i].DeepCopyObject().(*Resource[K])) //nolint:forcetypeassert // It copies its own type.
	}
	return out
}

// GetItems returns the resources.
func (l *List[K]) GetItems() []resource.Managed {
	items := make([]resource.Managed, 0, len(l.Items))
	for i := range l.Items {
		items = append(items, &l.Items[i])
	}
	return items
}

// With returns a copy of some fields in which others are set too.
func With(fields, others map[string]any) map[string]any {
	out := maps.Clone(fields)
	maps.Copy(out, others)
	return out
}
