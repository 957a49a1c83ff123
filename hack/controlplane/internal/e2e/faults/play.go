package faults

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/fault"
)

// patience with what shows within seconds, on a machine that has other things to do.
const patience = time.Minute

// play applies a claim with the fault, reads what it says, takes the fault away and waits for the rest to happen by itself. In
// the end the claim is deleted, and nothing of it is left.
func (s story) play(ctx context.Context, c *e2e.Case) error {
	if _, err := c.Environment(ctx, "staging", "staging"); err != nil {
		return err
	}
	w, err := newWitness(ctx, c)
	if err != nil {
		return err
	}
	u := c.Database("orders")
	u.SetAnnotations(map[string]string{fault.CompositeAnnotation: s.faults})
	if err := c.Apply(ctx, u); err != nil {
		return err
	}
	if err := s.told(ctx, c, u); err != nil {
		return err
	}
	if err := w.undisturbed(ctx); err != nil {
		return err
	}
	for _, resource := range s.refused {
		if err := w.refused(ctx, resource); err != nil {
			return err
		}
	}
	if err := setFaults(ctx, c, u, ""); err != nil {
		return err
	}
	if err := whole(ctx, c, u, w); err != nil {
		return err
	}
	return gone(ctx, c, u)
}

// told waits until the claim says everything that it is to say and everything is composed that can be, and that this stays so.
func (s story) told(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) error {
	if err := composed(ctx, c, u, s.composed); err != nil {
		return err
	}
	for _, say := range s.says {
		if err := say.heard(ctx, c, u); err != nil {
			return err
		}
	}
	if err := steady(ctx, c, u); err != nil {
		return err
	}
	// Once more: what is steady has to be what was heard.
	for _, say := range s.says {
		if err := say.heard(ctx, c, u); err != nil {
			return err
		}
	}
	live, err := c.Get(ctx, u)
	if err != nil {
		return err
	}
	if status, _, _ := kube.Condition(live, "Ready"); status != "False" {
		return fmt.Errorf("%s has a fault, and Ready is %q", u.GetName(), status)
	}
	for _, condition := range append([]string{"EnvironmentResolved", "GuardrailsPassed", "Synced"}, s.fine...) {
		if status, reason, message := kube.Condition(live, condition); status != "True" {
			return fmt.Errorf("%s is not concerned by the fault, and is %s %s: %s", condition, status, reason, message)
		}
	}
	return composed(ctx, c, u, s.composed)
}

// heard waits until a condition says it: the resources by their kinds and names, in order, and the words.
func (s says) heard(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) error {
	all, err := c.Composed(ctx, u)
	if err != nil {
		return err
	}
	words := slices.Clone(s.words)
	var named []string
	for _, resource := range s.about {
		o := all[resource]
		if o == nil {
			return fmt.Errorf("%s is not composed", resource)
		}
		named = append(named, o.GetKind()+" "+o.GetName())
	}
	if err := c.Condition(ctx, u, s.condition, "False", s.reason, append(words, named...)...); err != nil {
		return err
	}
	live, err := c.Get(ctx, u)
	if err != nil {
		return err
	}
	_, _, message := kube.Condition(live, s.condition)
	for n := range named[:max(0, len(named)-1)] {
		if strings.Index(message, named[n]) > strings.Index(message, named[n+1]) {
			return fmt.Errorf("%s names %s after %s: %s", s.condition, named[n], named[n+1], message)
		}
	}
	return nil
}

// setFaults sets the annotation of the claim, or removes it.
func setFaults(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured, faults string) error {
	return c.Edit(ctx, u, func(live *unstructured.Unstructured) {
		annotations := live.GetAnnotations()
		if annotations == nil {
			annotations = map[string]string{}
		}
		annotations[fault.CompositeAnnotation] = faults
		if faults == "" {
			delete(annotations, fault.CompositeAnnotation)
		}
		live.SetAnnotations(annotations)
	})
}

// composed waits until exactly these resources exist.
func composed(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured, want []string) error {
	want = slices.Sorted(slices.Values(want))
	return c.Eventually(ctx, patience, func(ctx context.Context) error {
		live, err := c.Get(ctx, u)
		if err != nil {
			return err
		}
		// Counted first: to read them all is a matter of many calls, and this is asked often.
		if refs, _, _ := unstructured.NestedSlice(live.Object, "spec", "crossplane", "resourceRefs"); len(refs) != len(want) {
			return fmt.Errorf("%s is composed of %d resources, expected %d: %v", u.GetName(), len(refs), len(want), want)
		}
		all, err := c.Composed(ctx, u)
		if err != nil {
			return err
		}
		got := e2e.Names(all)
		for n, name := range got {
			if strings.HasPrefix(name, "database-ingress-sg-") {
				got[n] = "database-ingress-sg-*"
			}
		}
		if !slices.Equal(got, want) {
			return fmt.Errorf("%s is composed of %v, expected %v", u.GetName(), got, want)
		}
		return nil
	})
}

// whole waits until a claim is ready and calm, and checks that it is complete and that nothing was made twice on the way.
func whole(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured, w *witness) error {
	if err := c.Settled(ctx, u); err != nil {
		return err
	}
	if err := composed(ctx, c, u, everything()); err != nil {
		return err
	}
	return w.once(ctx, u)
}

// steady waits until no condition of a claim has changed for a moment: a message that flaps is one that nobody can read.
func steady(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) error {
	const long = 2 * time.Second
	var last string
	var since time.Time
	return c.Eventually(ctx, patience, func(ctx context.Context) error {
		live, err := c.Get(ctx, u)
		if err != nil {
			return err
		}
		if is := conditions(live); is != last {
			was := last
			last, since = is, time.Now()
			return fmt.Errorf("the conditions of %s do not come to rest: they were\n%s\nand are\n%s", u.GetName(), was, is)
		}
		if rest := long - time.Since(since); rest > 0 {
			return fmt.Errorf("the conditions of %s have been the same, but for %s less than needed", u.GetName(), rest)
		}
		return nil
	})
}

// conditions as text, without times.
func conditions(u *unstructured.Unstructured) string {
	var b strings.Builder
	all, _, _ := unstructured.NestedSlice(u.Object, "status", "conditions")
	for _, raw := range all {
		if condition, ok := raw.(map[string]any); ok {
			fmt.Fprintf(&b, "%v=%v %v: %v\n", condition["type"], condition["status"], condition["reason"], condition["message"])
		}
	}
	return b.String()
}
