package changes

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/recorder"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
)

const (
	// instance is the composed resource that holds the data.
	instance = "database-instance"
	// externalName is the annotation that says what a managed resource stands for.
	externalName = "crossplane.io/external-name"
	// patience with a change: the cloud takes a second for an instance, and the control plane is shared.
	patience = 30 * time.Second
	// quietChecks and quietPause are how often and how far apart one looks whether something happens that must not.
	quietChecks, quietPause = 5, 500 * time.Millisecond
)

// moment is a point in the record of the API server and of the cloud, and what a composite was made of then.
type moment struct {
	c        *e2e.Case
	u        *unstructured.Unstructured
	mark     recorder.Mark
	call     int
	composed map[string]*unstructured.Unstructured
}

// now is the present moment of a composite.
func now(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) (*moment, error) {
	m := &moment{c: c, u: u, mark: c.Recorder().Mark()}
	cloud, err := c.Cloud().Cloud(ctx)
	if err != nil {
		return nil, err
	}
	m.call = cloud.LastCall
	m.composed, err = c.Composed(ctx, u)
	return m, err
}

// delta is what happens between two moments.
type delta struct {
	// resources of the composite that are created, changed or deleted, as in "Changed database-instance". Sorted by name.
	resources []string
	// calls of the cloud, as in "update database-instance instanceClass,multiAz". Sorted.
	calls []string
}

// String is the delta in short.
func (d delta) String() string {
	return fmt.Sprintf("resources [%s], calls [%s]", strings.Join(d.resources, "; "), strings.Join(d.calls, "; "))
}

func (d delta) equal(other delta) bool {
	return slices.Equal(d.resources, other.resources) && slices.Equal(d.calls, other.calls)
}

// until waits until exactly this has happened and the composite has come to rest, and nothing but this has happened then.
func (m *moment) until(ctx context.Context, want delta) error {
	if err := eventually(ctx, m.c, func(ctx context.Context) error { return m.exactly(ctx, want) }); err != nil {
		return err
	}
	return m.atRest(ctx, want)
}

// eventually is c.Eventually that keeps the last finding, where the time is over in the middle of a check.
func eventually(ctx context.Context, c *e2e.Case, check func(context.Context) error) error {
	var last error
	err := c.Eventually(ctx, patience, func(ctx context.Context) error {
		err := check(ctx)
		if err == nil || ctx.Err() == nil {
			last = err
		}
		return err
	})
	if err != nil && last != nil {
		return last
	}
	return err
}

// atRest waits until the composite has come to rest, and checks that exactly this has happened then.
func (m *moment) atRest(ctx context.Context, want delta) error {
	if err := m.c.Settled(ctx, m.u); err != nil {
		return err
	}
	if err := m.c.Recorder().Sync(ctx); err != nil {
		return err
	}
	return m.exactly(ctx, want)
}

// quiet checks that nothing changes, for as long as it takes for a composite to count as settled.
func (m *moment) quiet(ctx context.Context) error {
	for range quietChecks {
		if err := m.exactly(ctx, delta{}); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(quietPause):
		}
	}
	if err := m.c.Recorder().Sync(ctx); err != nil {
		return err
	}
	return m.exactly(ctx, delta{})
}

// statusKept checks that the composite's status says what it said before, conditions aside.
func (m *moment) statusKept(ctx context.Context, before *unstructured.Unstructured) error {
	live, err := m.c.Get(ctx, m.u)
	if err != nil {
		return err
	}
	was, is := statusOf(before), statusOf(live)
	if diff := cmp.Diff(was, is); diff != "" {
		return fmt.Errorf("the status has changed (-before +now):\n%s", diff)
	}
	return nil
}

func statusOf(u *unstructured.Unstructured) map[string]any {
	status, _, _ := unstructured.NestedMap(u.Object, "status")
	delete(status, "conditions")
	return status
}

// exactly compares what has happened since the moment, and checks that everything that was there and was not to go is the same
// object and stands for the same thing in the cloud.
func (m *moment) exactly(ctx context.Context, want delta) error {
	got, err := m.since(ctx)
	if err != nil {
		return err
	}
	if !got.equal(want) {
		return fmt.Errorf("since the change of %s there was %s;\nexpected %s", m.u.GetName(), got, want)
	}
	return m.same(ctx, got)
}

func (m *moment) since(ctx context.Context) (delta, error) {
	got := delta{}
	of := recorder.Match{Namespace: m.u.GetNamespace(), Composite: m.u.GetName()}
	for _, change := range m.c.Recorder().Changes(m.mark, of) {
		got.resources = append(got.resources, string(change.Type)+" "+change.Resource)
	}
	// A deletion that is asked for is a change of the object too, and so is what a provider adds to a new one.
	got.resources = slices.DeleteFunc(got.resources, func(words string) bool {
		name, changed := strings.CutPrefix(words, string(recorder.ResourceChanged)+" ")
		return changed && (slices.Contains(got.resources, string(recorder.ResourceDeleted)+" "+name) ||
			slices.Contains(got.resources, string(recorder.ResourceCreated)+" "+name))
	})
	calls, err := m.c.Cloud().Calls(ctx, m.call)
	if err != nil {
		return got, err
	}
	for _, call := range calls.Calls {
		if call.Owner.Namespace == m.u.GetNamespace() {
			got.calls = append(got.calls, inWords(call))
		}
	}
	slices.Sort(got.calls)
	return got, nil
}

func inWords(call api.Call) string {
	words := strings.TrimSpace(call.Verb + " " + call.Owner.CompositionResource + " " + strings.Join(call.Fields, ","))
	if call.Error != "" {
		words += " refused: " + call.Error
	}
	return words
}

// same checks that what was composed at the moment is what is composed now, but for what was deleted.
func (m *moment) same(ctx context.Context, got delta) error {
	composed, err := m.c.Composed(ctx, m.u)
	if err != nil {
		return err
	}
	for _, name := range e2e.Names(m.composed) {
		was, is := m.composed[name], composed[name]
		switch {
		case slices.Contains(got.resources, string(recorder.ResourceDeleted)+" "+name):
		case is == nil:
			return fmt.Errorf("%s is not composed any more", name)
		case is.GetDeletionTimestamp() != nil:
			return fmt.Errorf("%s is being deleted", name)
		case is.GetUID() != was.GetUID():
			return fmt.Errorf("%s was recreated: uid %s before, %s now", name, was.GetUID(), is.GetUID())
		case is.GetAnnotations()[externalName] != was.GetAnnotations()[externalName]:
			return fmt.Errorf("%s was %s and is %s now", name, was.GetAnnotations()[externalName], is.GetAnnotations()[externalName])
		}
	}
	return nil
}

// edit changes the spec of the composite.
func (m *moment) edit(ctx context.Context, edit func(spec map[string]any)) error {
	return m.c.Edit(ctx, m.u, func(live *unstructured.Unstructured) {
		spec, _ := live.Object["spec"].(map[string]any)
		edit(spec)
	})
}

// inCloud reads what the cloud has of a composed resource.
func inCloud(ctx context.Context, c *e2e.Case, resource string) (*api.Resource, error) {
	cloud, err := c.Cloud().Cloud(ctx)
	if err != nil {
		return nil, err
	}
	var found []*api.Resource
	for n, r := range cloud.Resources {
		if r.Owner.Namespace == c.Namespace && r.Owner.CompositionResource == resource && !r.Orphaned {
			found = append(found, &cloud.Resources[n])
		}
	}
	if len(found) != 1 {
		return nil, fmt.Errorf("the cloud has %d of %s, expected one", len(found), resource)
	}
	return found[0], nil
}

// parameters checks what the cloud has of a composed resource, and the live status of the composite.
func (m *moment) parameters(ctx context.Context, resource string, want map[string]any) error {
	r, err := inCloud(ctx, m.c, resource)
	if err != nil {
		return err
	}
	for field, value := range want {
		if got := fmt.Sprint(r.Parameters[field]); got != fmt.Sprint(value) {
			return fmt.Errorf("%s of %s in the cloud is %s, expected %v", field, resource, got, value)
		}
	}
	return nil
}

// status checks fields of the composite's status.
func (m *moment) status(ctx context.Context, want map[string]any) error {
	live, err := m.c.Get(ctx, m.u)
	if err != nil {
		return err
	}
	for path, value := range want {
		got, _, err := unstructured.NestedFieldNoCopy(live.Object, append([]string{"status"}, strings.Split(path, ".")...)...)
		if err != nil {
			return err
		}
		if fmt.Sprint(got) != fmt.Sprint(value) {
			return fmt.Errorf("status.%s of %s is %v, expected %v", path, m.u.GetName(), got, value)
		}
	}
	return nil
}

// sorted is the delta in the order in which one is read: resources by their names, calls by their verbs.
func (d delta) sorted() delta {
	byName := func(a, b string) int {
		_, first, _ := strings.Cut(a, " ")
		_, second, _ := strings.Cut(b, " ")
		return strings.Compare(first, second)
	}
	out := delta{resources: slices.Clone(d.resources), calls: slices.Clone(d.calls)}
	slices.SortFunc(out.resources, byName)
	slices.Sort(out.calls)
	return out
}
