package object

// Condition is one entry of status.conditions.
type Condition struct {
	Status  string
	Reason  string
	Message string
	// ObservedGeneration is the generation that the condition was set for. Zero when it does not say.
	ObservedGeneration int64
}

// APIVersion returns the group and version.
func (o Object) APIVersion() string { return o.String("apiVersion") }

// Kind returns the kind.
func (o Object) Kind() string { return o.String("kind") }

// Name returns metadata.name.
func (o Object) Name() string { return o.String("metadata", "name") }

// Namespace returns metadata.namespace.
func (o Object) Namespace() string { return o.String("metadata", "namespace") }

// UID returns metadata.uid.
func (o Object) UID() string { return o.String("metadata", "uid") }

// Annotation returns one annotation.
func (o Object) Annotation(key string) string { return o.String("metadata", "annotations", key) }

// Label returns one label.
func (o Object) Label(key string) string { return o.String("metadata", "labels", key) }

// Deleting says that the object waits for its finalizers.
func (o Object) Deleting() bool { return o.String("metadata", "deletionTimestamp") != "" }

// ControlledBy says that the owner with this uid controls the object.
func (o Object) ControlledBy(uid string) bool {
	for _, ref := range o.List("metadata", "ownerReferences") {
		if ref.Bool("controller") {
			return ref.String("uid") == uid && uid != ""
		}
	}
	return false
}

// Condition returns a condition by its type; the zero Condition when there is none.
func (o Object) Condition(conditionType string) Condition {
	for _, c := range o.List("status", "conditions") {
		if c.String("type") == conditionType {
			return Condition{
				Status: c.String("status"), Reason: c.String("reason"), Message: c.String("message"),
				ObservedGeneration: c.Int("observedGeneration"),
			}
		}
	}
	return Condition{}
}
