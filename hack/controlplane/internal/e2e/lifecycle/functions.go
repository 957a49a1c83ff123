package lifecycle

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/process"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/up"
)

// functionsKilled kills the processes of our functions three times while three databases are being created. They are started
// again, and everything is made once.
func functionsKilled(ctx context.Context, c *e2e.Case) error {
	w, err := begin(ctx, c)
	if err != nil {
		return err
	}
	databases, err := three(ctx, c)
	if err != nil {
		return err
	}
	for n, composed := range []string{"", "database-security-group", instanceName} {
		if composed != "" {
			if err := composedAny(ctx, c, composed, databases...); err != nil {
				return err
			}
		}
		if err := unfinished(ctx, c, databases...); err != nil {
			return fmt.Errorf("kill number %d: %w", n+1, err)
		}
		if err := killFunctions(ctx, c); err != nil {
			return fmt.Errorf("kill number %d: %w", n+1, err)
		}
	}
	if err := ready(ctx, c, databases...); err != nil {
		return err
	}
	return w.madeOnce(ctx, databases...)
}

// killFunctions kills all functions, as a kernel short of memory would, and waits until others run in their place.
func killFunctions(ctx context.Context, c *e2e.Case) error {
	before, err := runningFunctions(c)
	if err != nil {
		return err
	}
	for _, p := range before {
		if err := p.Kill(); err != nil {
			return err
		}
	}
	return functionsBack(ctx, c, before)
}

// runningFunctions are the processes of our functions; all of them run.
func runningFunctions(c *e2e.Case) ([]process.Process, error) {
	functions, err := c.Instance().Functions()
	if err != nil {
		return nil, err
	}
	if len(functions) < 2 {
		return nil, fmt.Errorf("%d functions run, expected at least appdatabase and guardrails", len(functions))
	}
	for _, p := range functions {
		if !p.Alive() {
			return nil, fmt.Errorf("%s (pid %d) does not run", p.Name, p.PID)
		}
	}
	return functions, nil
}

// functionsBack waits until functions that have ended run again, as other processes.
func functionsBack(ctx context.Context, c *e2e.Case, before []process.Process) error {
	return c.Eventually(ctx, patience, func(context.Context) error {
		now, err := runningFunctions(c)
		if err != nil {
			return err
		}
		for _, old := range before {
			if old.Alive() {
				return fmt.Errorf("%s (pid %d) still runs", old.Name, old.PID)
			}
			if !slices.ContainsFunc(now, func(p process.Process) bool { return p.Name == old.Name }) {
				return fmt.Errorf("%s was not started again", old.Name)
			}
		}
		return nil
	})
}

// functionsDown takes the functions away from a database that runs, in the three ways in which that happens: their pods are gone
// for a while, the package runtime is replaced, and the package is switched off.
func functionsDown(ctx context.Context, c *e2e.Case) error {
	u, err := c.Running(ctx, "staging")
	if err != nil {
		return err
	}
	w, err := begin(ctx, c)
	if err != nil {
		return err
	}
	if err := podsGone(ctx, c, w, u); err != nil {
		return fmt.Errorf("functions are gone for a while: %w", err)
	}
	if err := runtimeReplaced(ctx, c, u); err != nil {
		return fmt.Errorf("the package runtime is replaced: %w", err)
	}
	if err := switchedOff(ctx, c, u); err != nil {
		return fmt.Errorf("a function is switched off: %w", err)
	}
	return w.nothingDeleted(ctx)
}

// podsGone kills the functions and keeps the package runtime from starting them again. Meanwhile a database is changed and
// another one is claimed. Core waits for its functions, up to two minutes before it says so: nothing is changed, and both are
// done when the functions are back.
func podsGone(ctx context.Context, c *e2e.Case, w *witness, u *unstructured.Unstructured) error {
	runtime, ok := c.Instance().Process(up.RuntimeProcess)
	if !ok {
		return fmt.Errorf("there is no process %s", up.RuntimeProcess)
	}
	before, err := runningFunctions(c)
	if err != nil {
		return err
	}
	if err := syscall.Kill(runtime.PID, syscall.SIGSTOP); err != nil {
		return err
	}
	goOn := func() error { return syscall.Kill(runtime.PID, syscall.SIGCONT) }
	defer goOn() //nolint:errcheck // Also when the story fails; twice does no harm.
	for _, p := range before {
		if err := p.Kill(); err != nil {
			return err
		}
	}
	if err := resize(ctx, c, u, "medium"); err != nil {
		return err
	}
	other := c.Database("payments")
	if err := c.Apply(ctx, other); err != nil {
		return err
	}
	if err := untouched(ctx, c, w, u, 5*time.Second); err != nil {
		return err
	}
	if err := goOn(); err != nil {
		return err
	}
	if err := functionsBack(ctx, c, before); err != nil {
		return err
	}
	if err := statusIs(ctx, c, u, "size", "medium"); err != nil {
		return err
	}
	if err := ready(ctx, c, u, other); err != nil {
		return err
	}
	got, err := w.changed(ctx, u)
	if err != nil {
		return err
	}
	if want := []string{"Changed " + instanceName}; !slices.Equal(got, want) {
		return fmt.Errorf("with the functions back there was %v, expected %v", got, want)
	}
	return nil
}

// untouched watches for a time that nothing is created, changed or deleted, and that nobody is told anything wrong.
func untouched(ctx context.Context, c *e2e.Case, w *witness, u *unstructured.Unstructured, lasts time.Duration) error {
	for end := time.Now().Add(lasts); time.Now().Before(end); {
		if err := w.unchanged(ctx, u); err != nil {
			return err
		}
		live, err := c.Get(ctx, u)
		if err != nil {
			return err
		}
		for _, t := range []string{"Ready", "DatabaseReady"} {
			if status, reason, message := kube.Condition(live, t); status != "True" {
				return fmt.Errorf("%s is %s (%s: %s), and the database runs", t, status, reason, message)
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(250 * time.Millisecond):
		}
	}
	return nil
}

// runtimeReplaced stops the package runtime, which takes its functions along, and starts another one. Its functions listen
// elsewhere, and core follows.
func runtimeReplaced(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) error {
	before, err := runningFunctions(c)
	if err != nil {
		return err
	}
	runtime, _ := c.Instance().Process(up.RuntimeProcess)
	if err := runtime.Stop(20 * time.Second); err != nil {
		return err
	}
	for _, p := range before {
		if p.Alive() {
			return fmt.Errorf("%s outlives the package runtime", p.Name)
		}
	}
	if err := up.StartRuntime(c.Instance()); err != nil {
		return err
	}
	if err := functionsBack(ctx, c, before); err != nil {
		return err
	}
	if err := announced(ctx, c); err != nil {
		return err
	}
	if err := resize(ctx, c, u, "small"); err != nil {
		return err
	}
	if err := statusIs(ctx, c, u, "size", "small"); err != nil {
		return err
	}
	return ready(ctx, c, u)
}

// announced waits until core knows where the functions listen now.
func announced(ctx context.Context, c *e2e.Case) error {
	return c.Eventually(ctx, patience, func(ctx context.Context) error {
		functions, err := runningFunctions(c)
		if err != nil {
			return err
		}
		revisions, err := kube.List(ctx, c.Client(), functionRevision())
		if err != nil {
			return err
		}
		for _, p := range functions {
			grpc, _, _ := strings.Cut(p.Listens, ",")
			if !slices.ContainsFunc(revisions, func(r unstructured.Unstructured) bool {
				endpoint, _, _ := unstructured.NestedString(r.Object, "status", "endpoint")
				return endpoint == "dns:///"+grpc
			}) {
				return fmt.Errorf("core does not know yet that %s listens on %s", p.Name, grpc)
			}
		}
		return nil
	})
}

func functionRevision() schema.GroupVersionKind {
	return schema.GroupVersionKind{Group: "pkg.crossplane.io", Version: "v1", Kind: "FunctionRevision"}
}
