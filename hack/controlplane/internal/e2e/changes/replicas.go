package changes

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
)

const (
	// replica is the start of the composed resources that are read replicas, and member of the instances of a cluster.
	replica = "database-replica-"
	cluster = "database-cluster"
	member  = "database-cluster-instance-"
)

// copiesStep is a change of spec.replicas, and all that has to come of it.
type copiesStep struct {
	replicas int64
	// created and deleted are composed resources.
	created, deleted []string
	// ready are the copies that are there then.
	ready []string
}

// changeReplicas gives a database read replicas and takes them away again. Exactly those come and go, the database itself does not
// notice, and whoever reads the connection knows where they are.
func changeReplicas(ctx context.Context, c *e2e.Case) error {
	u, err := c.Running(ctx, "staging")
	if err != nil {
		return err
	}
	for _, step := range []copiesStep{
		{replicas: 2, created: []string{replica + "1", replica + "2"}, ready: []string{replica + "1", replica + "2"}},
		{replicas: 1, deleted: []string{replica + "2"}, ready: []string{replica + "1"}},
		{replicas: 0, deleted: []string{replica + "1"}},
	} {
		if err := step.play(ctx, c, u); err != nil {
			return fmt.Errorf("%d replicas: %w", step.replicas, err)
		}
		if err := readerHosts(ctx, c, u, step.ready, "address"); err != nil {
			return fmt.Errorf("%d replicas: %w", step.replicas, err)
		}
	}
	return nil
}

// changeReaders takes the readers of an Aurora database away and gives it one again. The instance that writes stays.
func changeReaders(ctx context.Context, c *e2e.Case) error {
	u, err := c.Running(ctx, "staging", aurora, func(spec map[string]any) { spec["replicas"] = int64(2) })
	if err != nil {
		return err
	}
	if err := readerEndpoint(ctx, c, u, true); err != nil {
		return err
	}
	writer, readers, err := instances(ctx, c, u)
	if err != nil {
		return err
	}
	if len(readers) != 2 {
		return fmt.Errorf("the cluster has the readers %v, expected two", readers)
	}
	for _, step := range []copiesStep{
		{replicas: 1, deleted: readers[1:], ready: readers[:1]},
		{replicas: 0, deleted: readers[:1]},
		{replicas: 1, created: readers[:1], ready: readers[:1]},
	} {
		if err := step.play(ctx, c, u); err != nil {
			return fmt.Errorf("%d readers: %w", step.replicas, err)
		}
		if err := readerEndpoint(ctx, c, u, step.replicas > 0); err != nil {
			return fmt.Errorf("%d readers: %w", step.replicas, err)
		}
		is, _, err := instances(ctx, c, u)
		if err != nil {
			return err
		}
		if is != writer {
			return fmt.Errorf("%d readers: %s writes now, and %s did", step.replicas, is, writer)
		}
	}
	return nil
}

// instances are the composed resources of the instances of a cluster: the one that writes, which the cloud decides, and the readers.
func instances(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) (writer string, readers []string, err error) {
	composed, err := c.Composed(ctx, u)
	if err != nil {
		return "", nil, err
	}
	for _, name := range e2e.Names(composed) {
		if !strings.HasPrefix(name, member) {
			continue
		}
		r, err := inCloud(ctx, c, name)
		if err != nil {
			return "", nil, err
		}
		if r.Reported["writer"] == true {
			writer = name
		} else {
			readers = append(readers, name)
		}
	}
	return writer, readers, nil
}

func aurora(spec map[string]any) { spec["engine"] = "aurora-postgresql" }

func (s copiesStep) play(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) error {
	m, err := now(ctx, c, u)
	if err != nil {
		return err
	}
	if err := m.edit(ctx, func(spec map[string]any) { spec["replicas"] = s.replicas }); err != nil {
		return err
	}
	if err := eventually(ctx, c, func(ctx context.Context) error { return s.happened(ctx, m) }); err != nil {
		return err
	}
	if err := c.Settled(ctx, u); err != nil {
		return err
	}
	if err := s.happened(ctx, m); err != nil {
		return err
	}
	composed, err := c.Composed(ctx, u)
	if err != nil {
		return err
	}
	for _, name := range s.created {
		if composed[name].GetAnnotations()[externalName] == "" {
			return fmt.Errorf("%s has no external name: a provider that starts again would create another one", name)
		}
	}
	return s.listed(ctx, m)
}

// happened checks that the copies have come and gone, and that of all others only what tells where they are has changed.
func (s copiesStep) happened(ctx context.Context, m *moment) error {
	got, err := m.since(ctx)
	if err != nil {
		return err
	}
	var want, wantCalls []string
	for _, name := range s.created {
		for _, made := range append(logsOf(name), name) {
			want, wantCalls = append(want, "Created "+made), append(wantCalls, "create "+made)
		}
	}
	for _, name := range s.deleted {
		want, wantCalls = append(want, "Deleted "+name), append(wantCalls, "delete "+name)
		for _, kept := range logsOf(name) {
			want, wantCalls = append(want, "Deleted "+kept), append(wantCalls, "orphan "+kept)
		}
	}
	telling := []string{
		"Changed database-connection-secret", "Changed vault-kv-payload", "update vault-kv-entry dataJsonSecretRef",
		// It keeps one server of a cluster for Vault's mount, and moves on before that one goes.
		"Changed database-usage-vault-server",
	}
	told := func(words string) bool { return slices.Contains(telling, words) }
	copies := delta{slices.DeleteFunc(got.resources, told), slices.DeleteFunc(got.calls, told)}
	if wanted := (delta{want, wantCalls}).sorted(); !copies.equal(wanted) {
		return fmt.Errorf("since the change of %s there was %s;\nexpected %s", m.u.GetName(), copies, wanted)
	}
	return m.same(ctx, copies)
}

// logsOf are the log groups of a read replica, which stay in the cloud when it goes. The instances of a cluster have none of their own.
func logsOf(name string) []string {
	number, own := strings.CutPrefix(name, replica)
	if !own {
		return nil
	}
	return []string{"database-log-group-replica-" + number + "-postgresql", "database-log-group-replica-" + number + "-upgrade"}
}

// listed checks status.replicas.
func (s copiesStep) listed(ctx context.Context, m *moment) error {
	live, err := m.c.Get(ctx, m.u)
	if err != nil {
		return err
	}
	composed, err := m.c.Composed(ctx, m.u)
	if err != nil {
		return err
	}
	list, _, err := unstructured.NestedSlice(live.Object, "status", "replicas")
	if err != nil {
		return err
	}
	var got, want []string
	for _, raw := range list {
		item, _ := raw.(map[string]any)
		got = append(got, fmt.Sprintf("%v ready: %v, host: %v", item["name"], item["ready"], item["host"] != nil))
	}
	for _, name := range s.ready {
		if composed[name] == nil {
			return fmt.Errorf("%s is not composed", name)
		}
		want = append(want, composed[name].GetName()+" ready: true, host: true")
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("status.replicas is %v, expected %v", got, want)
	}
	return nil
}

// readerHosts checks what the connection Secret says about copies.
func readerHosts(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured, copies []string, field string) error {
	hosts := make([]string, 0, len(copies))
	for _, name := range copies {
		r, err := inCloud(ctx, c, name)
		if err != nil {
			return err
		}
		hosts = append(hosts, fmt.Sprint(r.Reported[field]))
	}
	return readersAre(ctx, c, u, strings.Join(hosts, ","))
}

func readersAre(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured, want string) error {
	s := &corev1.Secret{}
	key := types.NamespacedName{Namespace: c.Namespace, Name: u.GetName() + "-appdatabase-connection"}
	if err := c.Client().Get(ctx, key, s); err != nil {
		return err
	}
	if len(s.Data["host"]) == 0 {
		return errors.New("the connection Secret has lost its host")
	}
	if got := string(s.Data["reader-hosts"]); got != want {
		return fmt.Errorf("reader-hosts in the connection Secret is %q, expected %q", got, want)
	}
	return nil
}

// readerEndpoint checks that the connection names the reader endpoint of the cluster, or, without readers, none.
func readerEndpoint(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured, readers bool) error {
	r, err := inCloud(ctx, c, cluster)
	if err != nil {
		return err
	}
	want := ""
	if readers {
		want = fmt.Sprint(r.Reported["readerEndpoint"])
	}
	return readersAre(ctx, c, u, want)
}
