// Command try is not to stay.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e/faults"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/instance"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/up"
)

const root = "/work/main"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Println("ERROR:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	dir := root + "/_output/try-faults"
	i, err := instance.Load(root, dir)
	if len(args) > 0 && args[0] == "stop" {
		if err != nil {
			return err
		}
		return i.Stop()
	}
	if errors.Is(err, instance.ErrNone) {
		i, err = up.Up(ctx, up.Options{Root: root, Dir: dir, Delay: time.Second}, os.Stdout)
	}
	if err != nil {
		return err
	}
	if len(args) > 0 && args[0] == "up" {
		return nil
	}
	var chosen []e2e.Scenario
	for _, s := range faults.Scenarios() {
		if len(args) == 0 || slices.ContainsFunc(args, func(a string) bool { return strings.Contains(s.Name, a) }) {
			chosen = append(chosen, s)
		}
	}
	if err := clear(ctx, i, chosen); err != nil {
		return err
	}
	listen, quiet := context.WithCancel(ctx)
	defer quiet()
	go told(listen, i)
	return e2e.Run(ctx, i, chosen, os.Stdout)
}

// told writes down every condition that was ever seen.
func told(ctx context.Context, i *instance.Instance) {
	cfg, _ := kube.Config(i.Kubeconfig())
	c, _ := kube.Client(cfg)
	f, _ := os.Create("/tmp/told.txt")
	seen := map[string]bool{}
	for ctx.Err() == nil {
		all, _ := kube.List(ctx, c, schema.GroupVersionKind{Group: "platform.io", Version: "v1", Kind: "AppDatabase"})
		for _, u := range all {
			conds, _, _ := unstructured.NestedSlice(u.Object, "status", "conditions")
			for _, raw := range conds {
				m := raw.(map[string]any)
				line := fmt.Sprintf("%s %v=%v %v: %v", u.GetNamespace(), m["type"], m["status"], m["reason"], m["message"])
				if !seen[line] {
					seen[line] = true
					fmt.Fprintln(f, time.Now().Format("05.0"), line)
				}
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func clear(ctx context.Context, i *instance.Instance, chosen []e2e.Scenario) error {
	cfg, err := kube.Config(i.Kubeconfig())
	if err != nil {
		return err
	}
	c, err := kube.Client(cfg)
	if err != nil {
		return err
	}
	for _, s := range chosen {
		ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "e2e-" + s.Name}}
		if err := client.IgnoreNotFound(c.Delete(ctx, ns)); err != nil {
			return err
		}
	}
	for _, s := range chosen {
		for {
			err := c.Get(ctx, client.ObjectKey{Name: "e2e-" + s.Name}, &corev1.Namespace{})
			if apierrors.IsNotFound(err) {
				break
			}
			if err != nil {
				return err
			}
			time.Sleep(300 * time.Millisecond)
		}
	}
	return nil
}
