package e2e

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/landing"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/recorder"
)

// Case is what a scenario works with: a namespace of its own, and everything that it needs to act and to look.
type Case struct {
	suite *suite
	// Namespace of the scenario.
	Namespace string
}

// Client acts as the administrator.
func (c *Case) Client() client.Client { return c.suite.client }

// Recorder sees every change in the API server.
func (c *Case) Recorder() *recorder.Recorder { return c.suite.recorder }

// begin makes the namespace.
func (c *Case) begin(ctx context.Context) error {
	return c.Client().Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: c.Namespace}})
}

// end removes what a scenario that passed has left, so that the control plane does not get slower. Unprotected first: the
// namespace takes everything with it.
func (c *Case) end(ctx context.Context) error {
	c.Recorder().Allow(recorder.Match{Namespace: c.Namespace}, "the scenario is over")
	err := c.Client().Delete(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: c.Namespace}})
	return client.IgnoreNotFound(err)
}

// As acts as a person of the platform's users. The API server authorises the person, not the administrator.
func (c *Case) As(user string, groups ...string) (client.Client, error) {
	cfg := rest.CopyConfig(c.suite.config)
	cfg.Impersonate = rest.ImpersonationConfig{UserName: user, Groups: append(groups, "system:authenticated")}
	return kube.Client(cfg)
}

// Kubectl runs kubectl in the scenario's namespace and returns all that it prints.
func (c *Case) Kubectl(ctx context.Context, args ...string) (string, error) {
	args = append([]string{"--namespace=" + c.Namespace}, args...)
	cmd := exec.CommandContext(ctx, c.suite.instance.Bin("kubectl"), args...) //nolint:gosec // Our own tool and arguments.
	cmd.Dir = c.suite.instance.Root
	cmd.Env = append(os.Environ(), "KUBECONFIG="+c.suite.instance.Kubeconfig())
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// Kinds of the platform.
func platform(kind string) schema.GroupVersionKind {
	return schema.GroupVersionKind{Group: "platform.io", Version: "v1", Kind: kind}
}

// EnvironmentObject is an Environment in a namespace. Edits change its spec.
func EnvironmentObject(namespace, name, environmentType string, edits ...func(spec map[string]any)) *unstructured.Unstructured {
	u := kube.Object(platform("Environment"), namespace, name)
	u.Object["spec"] = landing.EnvironmentSpec(environmentType, edits...)
	return u
}

// NetworkObject is a Network in a namespace. Edits change its spec.
func NetworkObject(namespace, name, cidr string, edits ...func(spec map[string]any)) *unstructured.Unstructured {
	u := kube.Object(platform("Network"), namespace, name)
	spec := map[string]any{"cloud": landing.EnvironmentSpec("dev")["cloud"], "cidr": cidr}
	for _, edit := range edits {
		edit(spec)
	}
	u.Object["spec"] = spec
	return u
}

// Environment applies an Environment of a type and waits until it is ready.
func (c *Case) Environment(
	ctx context.Context, name, environmentType string, edits ...func(spec map[string]any),
) (*unstructured.Unstructured, error) {
	u := EnvironmentObject(c.Namespace, name, environmentType, edits...)
	if err := c.Apply(ctx, u); err != nil {
		return nil, err
	}
	return u, c.Ready(ctx, u)
}

// Beside makes another namespace beside the scenario's own. The function that it returns removes it.
func (c *Case) Beside(ctx context.Context, suffix string) (namespace string, clean func(context.Context) error, err error) {
	namespace = c.Namespace + "-" + suffix
	ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}
	return namespace, func(ctx context.Context) error {
		c.Recorder().Allow(recorder.Match{Namespace: namespace}, "the scenario is over")
		return client.IgnoreNotFound(c.Client().Delete(ctx, ns))
	}, c.Client().Create(ctx, ns)
}

// Database is the claim of the README in the scenario's namespace. Edits change its spec before it is applied.
func (c *Case) Database(name string, edits ...func(spec map[string]any)) *unstructured.Unstructured {
	u := kube.Object(platform("AppDatabase"), c.Namespace, name)
	spec := map[string]any{
		"engine": "postgres", "size": "small", "environmentRef": map[string]any{"name": "staging"},
		"access": []any{
			map[string]any{"serviceAccount": "orders-api", "role": "writer"},
			map[string]any{"serviceAccount": "orders-report", "role": "reader"},
		},
	}
	for _, edit := range edits {
		edit(spec)
	}
	u.Object["spec"] = spec
	return u
}

// Running is the claim of the README in an Environment of its own, ready and calm.
func (c *Case) Running(
	ctx context.Context, environmentType string, edits ...func(spec map[string]any),
) (*unstructured.Unstructured, error) {
	if _, err := c.Environment(ctx, "staging", environmentType); err != nil {
		return nil, err
	}
	u := c.Database("orders", edits...)
	if err := c.Apply(ctx, u); err != nil {
		return nil, err
	}
	return u, c.Settled(ctx, u)
}

// Apply applies an object as `kubectl apply --server-side` does.
func (c *Case) Apply(ctx context.Context, u *unstructured.Unstructured) error {
	return kube.Apply(ctx, c.Client(), u.DeepCopy())
}

// Edit changes an object that is there, as `kubectl edit` does.
func (c *Case) Edit(ctx context.Context, u *unstructured.Unstructured, edit func(u *unstructured.Unstructured)) error {
	live, err := c.Get(ctx, u)
	if err != nil {
		return err
	}
	before := client.MergeFrom(live.DeepCopy())
	edit(live)
	return c.Client().Patch(ctx, live, before)
}

// Get reads an object again.
func (c *Case) Get(ctx context.Context, u *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	return kube.Get(ctx, c.Client(), u.GroupVersionKind(), u.GetNamespace(), u.GetName())
}

// Eventually polls a check for a time.
func (c *Case) Eventually(ctx context.Context, patience time.Duration, check func(context.Context) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errors.New(patience.String()))
	defer cancel()
	return kube.Eventually(ctx, check)
}

// patience is how long a composite may take for what comes to an end by itself. Six scenarios share a machine, which has two cores.
const patience = 2 * time.Minute

// Ready waits until an object is Synced and Ready.
func (c *Case) Ready(ctx context.Context, u *unstructured.Unstructured) error {
	return c.Eventually(ctx, patience, func(ctx context.Context) error {
		live, err := c.Get(ctx, u)
		if err != nil {
			return err
		}
		for _, t := range []string{"Synced", "Ready"} {
			if status, reason, message := kube.Condition(live, t); status != "True" {
				return fmt.Errorf("%s %s: %s is %q (%s: %s)%s", u.GetKind(), u.GetName(), t, status, reason, message, kube.Unhappy(live))
			}
		}
		return nil
	})
}

// calm is how long nothing may change before a composite counts as settled.
const calm = 1500 * time.Millisecond

// Settled waits until a composite is ready and nothing of it has changed for a moment.
func (c *Case) Settled(ctx context.Context, u *unstructured.Unstructured) error {
	if err := c.Ready(ctx, u); err != nil {
		return err
	}
	mark := c.Recorder().Mark()
	since := time.Now()
	return c.Eventually(ctx, patience, func(ctx context.Context) error {
		if changes := c.Recorder().Changes(mark, recorder.Match{Namespace: c.Namespace}); len(changes) > 0 {
			mark, since = c.Recorder().Mark(), time.Now()
			return fmt.Errorf("%s is not calm: %v", u.GetName(), changes)
		}
		if rest := calm - time.Since(since); rest > 0 {
			return fmt.Errorf("%s is calm, for %s more", u.GetName(), rest)
		}
		if err := c.Recorder().Sync(ctx); err != nil { // calm, or only not heard of
			return err
		}
		if changes := c.Recorder().Changes(mark, recorder.Match{Namespace: c.Namespace}); len(changes) > 0 {
			mark, since = c.Recorder().Mark(), time.Now()
			return fmt.Errorf("%s is not calm: %v", u.GetName(), changes)
		}
		return c.Ready(ctx, u)
	})
}

// Condition waits for a condition with a status, a reason and words in its message.
func (c *Case) Condition(ctx context.Context, u *unstructured.Unstructured, conditionType, status, reason string, words ...string) error {
	return c.Eventually(ctx, patience, func(ctx context.Context) error {
		live, err := c.Get(ctx, u)
		if err != nil {
			return err
		}
		s, r, m := kube.Condition(live, conditionType)
		if s != status || r != reason {
			return fmt.Errorf("%s: %s is %s/%s (%s); expected %s/%s%s", u.GetName(), conditionType, s, r, m, status, reason, kube.Unhappy(live))
		}
		for _, w := range words {
			if !strings.Contains(m, w) {
				return fmt.Errorf("%s: the message of %s does not say %q: %s", u.GetName(), conditionType, w, m)
			}
		}
		return nil
	})
}

// Composed reads the composed resources of a composite, by their name in the composition.
func (c *Case) Composed(ctx context.Context, u *unstructured.Unstructured) (map[string]*unstructured.Unstructured, error) {
	live, err := c.Get(ctx, u)
	if err != nil {
		return nil, err
	}
	refs, _, err := unstructured.NestedSlice(live.Object, "spec", "crossplane", "resourceRefs")
	if err != nil {
		return nil, err
	}
	out := map[string]*unstructured.Unstructured{}
	for _, raw := range refs {
		ref, _ := raw.(map[string]any)
		apiVersion, _ := ref["apiVersion"].(string)
		kind, _ := ref["kind"].(string)
		name, _ := ref["name"].(string)
		o, err := kube.Get(ctx, c.Client(), schema.FromAPIVersionAndKind(apiVersion, kind), u.GetNamespace(), name)
		if apierrors.IsNotFound(err) {
			continue // referenced a moment before it is created
		}
		if err != nil {
			return nil, err
		}
		out[o.GetAnnotations()["crossplane.io/composition-resource-name"]] = o
	}
	return out, nil
}

// Names of composed resources, sorted.
func Names(composed map[string]*unstructured.Unstructured) []string {
	return slices.Sorted(maps.Keys(composed))
}

// Gone waits until objects do not exist any more.
func (c *Case) Gone(ctx context.Context, patience time.Duration, objects ...*unstructured.Unstructured) error {
	return c.Eventually(ctx, patience, func(ctx context.Context) error {
		for _, u := range objects {
			if live, err := c.Get(ctx, u); err == nil {
				return fmt.Errorf("%s %s is still there (deletion asked: %v)%s", u.GetKind(), u.GetName(),
					live.GetDeletionTimestamp() != nil, kube.Unhappy(live))
			} else if !apierrors.IsNotFound(err) {
				return err
			}
		}
		return nil
	})
}

// AllowLoss lets the recorder know that the scenario deletes the data of a composite on purpose, until end is called.
func (c *Case) AllowLoss(u *unstructured.Unstructured, why string) (end func()) {
	return c.Recorder().Allow(recorder.Match{Namespace: u.GetNamespace(), Composite: u.GetName()}, why)
}
