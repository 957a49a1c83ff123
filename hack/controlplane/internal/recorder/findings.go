package recorder

import (
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// FindingType is what happened to a data holder.
type FindingType string

// What can happen unasked.
const (
	// Deleting: somebody asked for its deletion, which nothing takes back; finalizers still hold it.
	Deleting FindingType = "Deleting"
	// Deleted: it is gone.
	Deleted FindingType = "Deleted"
	// Recreated: another object took its place.
	Recreated FindingType = "Recreated"
	// Renamed: its external name changed, so that it stands for something else in the cloud.
	Renamed FindingType = "Renamed"
	// Unmarked: it lost the annotation that says that it holds data.
	Unmarked FindingType = "Unmarked"
	// Blind: a kind cannot be watched, so that nobody knows what happens to it.
	Blind FindingType = "Blind"
)

// Finding is something that must not happen.
type Finding struct {
	// Type of the finding.
	Type FindingType
	// Kind, Namespace and Name of the object.
	Kind            schema.GroupKind
	Namespace, Name string
	// UID of the object. Of a recreated one, the UID of the first object.
	UID string
	// Composite that the object belongs to, and the name of the resource in it.
	Composite, Resource string
	// At is when it was seen.
	At time.Time
	// Sentence says it in words.
	Sentence string
}

// String is the sentence.
func (f Finding) String() string { return f.Sentence }

// Summary counts what was recorded.
type Summary struct {
	// Kinds that are watched.
	Kinds int
	// Objects that are known now.
	Objects int
	// DataHolders that were ever seen.
	DataHolders int
	// Events of all watches.
	Events int
	// Gaps in watches, each closed by a list that was compared by UID.
	Gaps int
	// Allowed and Unasked deletions of data holders.
	Allowed, Unasked int
}

// String is one line.
func (s Summary) String() string {
	return fmt.Sprintf("%d kinds, %d objects, %d data holders, %d events, %d gaps closed by a list; "+
		"deletions of data holders: %d allowed, %d unasked",
		s.Kinds, s.Objects, s.DataHolders, s.Events, s.Gaps, s.Allowed, s.Unasked)
}

// ChangeType is what happened to a composed resource.
type ChangeType string

// What can happen to a composed resource.
const (
	// ResourceCreated: it was not there before.
	ResourceCreated ChangeType = "Created"
	// ResourceChanged: its spec is another one; of a Secret, its data.
	ResourceChanged ChangeType = "Changed"
	// ResourceDeleted: its deletion has begun, or it is gone.
	ResourceDeleted ChangeType = "Deleted"
)

// Change is what happened to a composed resource since a mark.
type Change struct {
	// Type of the change.
	Type ChangeType
	// Namespace and Composite that the resource belongs to, and its name in it.
	Namespace, Composite, Resource string
	// Kind and Name of the object.
	Kind schema.GroupKind
	Name string
}

// String is the change in short.
func (c Change) String() string {
	return fmt.Sprintf("%s %s of %s/%s (%s %s)", c.Type, c.Resource, c.Namespace, c.Composite, c.Kind, c.Name)
}
