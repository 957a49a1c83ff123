// Package runtime plays Crossplane's External package runtime. What a kubelet does for a package in a cluster, it does with
// processes: it pulls the image of every active revision of a Function from the registry, runs what the image says to run,
// with a certificate of core's authority, starts it again when it ends, and tells core where it listens. Provider revisions are
// only declared healthy: the packages are stubs without a controller, and the simulator plays that.
package runtime

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/instance"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/process"
)

const (
	// period is how often revisions and processes are looked at.
	period = 250 * time.Millisecond
	// pausedAnnotation marks objects that are not of a real package.
	pausedAnnotation = "crossplane.io/paused"
)

// Run plays the runtime until the context ends, and ends the functions then.
func Run(ctx context.Context, i *instance.Instance, log *slog.Logger) error {
	cfg, err := kube.Config(i.Kubeconfig())
	if err != nil {
		return err
	}
	c, err := kube.Client(cfg)
	if err != nil {
		return err
	}
	k := &kubelet{instance: i, client: c, log: log, pods: map[string]*pod{}, healthy: map[string]bool{}}
	defer k.stop()
	failure := ""
	for {
		if err := k.round(ctx); err != nil && ctx.Err() == nil && err.Error() != failure {
			failure = err.Error() // once, not four times a second
			log.Error("cannot play the package runtime", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(period):
		}
	}
}

// kubelet knows the processes of the active revisions of our functions.
type kubelet struct {
	instance *instance.Instance
	client   client.Client
	log      *slog.Logger
	// pods by the name of the revision.
	pods map[string]*pod
	// healthy are the revisions of providers that were declared so.
	healthy map[string]bool
}

func (k *kubelet) round(ctx context.Context) error {
	functions, err := kube.List(ctx, k.client, revision("Function"))
	if err != nil {
		return err
	}
	if err := k.functions(ctx, functions); err != nil {
		return err
	}
	providers, err := kube.List(ctx, k.client, revision("Provider"))
	if err != nil {
		return err
	}
	for n := range providers {
		if err := k.provider(ctx, &providers[n]); err != nil {
			return err
		}
	}
	return nil
}

func revision(kind string) schema.GroupVersionKind {
	return schema.GroupVersionKind{Group: "pkg.crossplane.io", Version: "v1", Kind: kind + "Revision"}
}

// active says that a revision is to run, and that core has said what.
func active(u *unstructured.Unstructured) bool {
	state, _, _ := unstructured.NestedString(u.Object, "spec", "desiredState")
	image, _, _ := unstructured.NestedString(u.Object, "status", "resolvedImage")
	return state == "Active" && image != "" && u.GetAnnotations()[pausedAnnotation] == "" && u.GetDeletionTimestamp() == nil
}

func (k *kubelet) functions(ctx context.Context, revisions []unstructured.Unstructured) error {
	wanted := map[string]bool{}
	changed := false
	for n := range revisions {
		u := &revisions[n]
		if !active(u) {
			continue
		}
		wanted[u.GetName()] = true
		p := k.pods[u.GetName()]
		if p == nil {
			started, err := k.newPod(ctx, u)
			if err != nil {
				return err
			}
			k.pods[u.GetName()], p, changed = started, started, true
		}
		again, err := p.keep(k.instance)
		if err != nil {
			return err
		}
		changed = changed || again
		if again {
			k.log.Info("started", "revision", u.GetName(), "pid", p.process.PID, "address", p.address())
		}
		if err := k.announce(ctx, u, p.secret, p.endpoint()); err != nil {
			return err
		}
	}
	for name, p := range k.pods {
		if !wanted[name] {
			k.log.Info("stopping", "revision", name)
			delete(k.pods, name)
			changed = true
			if err := p.process.Stop(30 * time.Second); err != nil {
				return err
			}
		}
	}
	if !changed {
		return nil
	}
	return k.save()
}

func (k *kubelet) save() error {
	var all []process.Process
	for _, p := range k.pods {
		all = append(all, p.process)
	}
	slices.SortFunc(all, func(a, b process.Process) int { return strings.Compare(a.Name, b.Name) })
	return k.instance.SaveFunctions(all)
}

// announce tells core where a revision listens and that its runtime is healthy.
func (k *kubelet) announce(ctx context.Context, u *unstructured.Unstructured, tlsSecret, endpoint string) error {
	was, _, _ := unstructured.NestedString(u.Object, "status", "endpoint")
	status, _, _ := kube.Condition(u, "RuntimeHealthy")
	secretName, _, _ := unstructured.NestedString(u.Object, "status", "tlsServerSecretName")
	if was == endpoint && status == "True" && secretName == tlsSecret {
		return nil
	}
	before := client.MergeFromWithOptions(u.DeepCopy(), client.MergeFromWithOptimisticLock{})
	fields := map[string]string{"tlsServerSecretName": tlsSecret}
	if endpoint != "" {
		fields["endpoint"] = endpoint
	}
	for field, value := range fields {
		if err := unstructured.SetNestedField(u.Object, value, "status", field); err != nil {
			return err
		}
	}
	setCondition(u, "RuntimeHealthy")
	if err := k.client.Status().Patch(ctx, u, before); client.IgnoreNotFound(err) != nil && !apierrors.IsConflict(err) {
		return fmt.Errorf("cannot announce %s: %w", u.GetName(), err)
	}
	return nil
}

// setCondition sets a condition to True and keeps the others: a merge patch replaces the whole list.
func setCondition(u *unstructured.Unstructured, conditionType string) {
	conditions, _, _ := unstructured.NestedSlice(u.Object, "status", "conditions")
	conditions = slices.DeleteFunc(conditions, func(raw any) bool {
		c, ok := raw.(map[string]any)
		return ok && c["type"] == conditionType
	})
	conditions = append(conditions, map[string]any{
		"type": conditionType, "status": "True", "reason": "HealthyPackageRevision",
		"lastTransitionTime": time.Now().UTC().Format(time.RFC3339),
	})
	_ = unstructured.SetNestedSlice(u.Object, conditions, "status", "conditions") // cannot fail: the parent is an object
}

// provider declares the stub of a provider healthy. Core asks for a certificate, for webhooks that the stub does not have.
func (k *kubelet) provider(ctx context.Context, u *unstructured.Unstructured) error {
	if !active(u) {
		return nil
	}
	name := u.GetName() + "-server-tls"
	if !k.healthy[u.GetName()] {
		a, err := readAuthority(ctx, k.client)
		if err != nil {
			return err
		}
		files, err := a.issue(u.GetName(), time.Now())
		if err != nil {
			return err
		}
		if err := secret(ctx, k.client, name, files); err != nil {
			return err
		}
		k.healthy[u.GetName()] = true
	}
	return k.announce(ctx, u, name, "")
}

func (k *kubelet) stop() {
	for name, p := range k.pods {
		if err := p.process.Stop(30 * time.Second); err != nil {
			k.log.Error("cannot stop a function", "revision", name, "error", err)
		}
	}
	k.pods = map[string]*pod{}
	_ = k.save() // the directory may be gone
}
