package simulator_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/simulator"
)

func (h *environmentHistory) judge(r *simulator.Round, before map[string]object.Object, phase string) error {
	for _, d := range r.Deleted {
		if d.Of != "" {
			// With the network of its own goes what is in it.
			continue
		}
		if err := h.legal(d, before, phase); err != nil {
			return err
		}
	}
	for name, was := range before {
		if is := h.cluster.Get(name); !is.IsZero() && is.Name() != was.Name() {
			return fmt.Errorf("%s was renamed from %s to %s", name, was.Name(), is.Name())
		}
	}
	if len(h.cluster.Cloud.Violations) > 0 {
		return fmt.Errorf("the cloud refuses: %s", h.cluster.Cloud.Violations[0])
	}
	// With everything that there is: deploy/crossplane-values.yaml has the arithmetic for core.
	if len(h.cluster.Composed) > 51 {
		return fmt.Errorf("%d resources", len(h.cluster.Composed))
	}
	if r.Fatal != "" {
		return nil
	}
	// A mistake that is refused with nothing composed says nothing new in the status.
	if want := h.phase(); object.Of(h.cluster.Status).String("phase") != want && len(h.cluster.Composed) > 0 {
		return fmt.Errorf("the phase is %q, want %q", object.Of(h.cluster.Status).String("phase"), want)
	}
	return h.keepsItsWord(before)
}

// longest time that a preview may have where the platform team says nothing.
const longest = 30 * 24 * time.Hour

// phase by the clock, worked out in another way than the function's. A ttl that is refused or taken away ends nothing, and the end that
// was told stays; nobody gets more than the longest by asking for more still.
func (h *environmentHistory) phase() string {
	ttl, ok := map[string]time.Duration{
		"1h": time.Hour, "24h": 24 * time.Hour, "72h": 72 * time.Hour, "14d": 14 * 24 * time.Hour,
		"30d": longest, "400d": longest,
	}[object.Of(h.cluster.XR).String("spec", "ttl")]
	if told, err := time.Parse(time.RFC3339, object.Of(h.cluster.Status).String("expiresAt")); err == nil && !ok {
		ttl, ok = told.Sub(born()), true
	}
	settled := object.Of(h.cluster.XR).String("spec", "ttl") != "400d"
	age := h.clock.Now().Sub(born())
	warn := min(24*time.Hour, ttl/2)
	switch {
	case h.kind != "preview" || !ok || age < ttl-warn || (ttl > 14*24*time.Hour && !h.ends && !settled):
		return "Active"
	case age < ttl:
		return "Expiring"
	default:
		return "Expired"
	}
}

// legal judges a deletion from outside: by the clock, the claim, and what else is there.
func (h *environmentHistory) legal(d simulator.Deletion, before map[string]object.Object, phase string) error {
	xr := object.Of(h.cluster.XR)
	consents := strings.Split(xr.Annotation(v1.AllowDataLossAnnotation), ",")
	data := d.Object.Annotation(v1.DataAnnotation) == v1.DataPrimary
	switch {
	case d.Drop.Message == "":
		return fmt.Errorf("%s was deleted without a reason: %+v", d.Name, d.Drop)
	case d.Drop.Reason == "SpecChanged" && data && !slices.Contains(consents, d.Name):
		return fmt.Errorf("%s was deleted with its data, and nobody consents", d.Name)
	case d.Drop.Reason == "SpecChanged" && (d.Name == "environment-key" || d.Name == "environment-key-alias"):
		return fmt.Errorf("%s was deleted by a change of the spec", d.Name)
	case d.Drop.Reason == "SpecChanged":
		return nil
	case d.Drop.Reason != "EnvironmentExpired":
		return fmt.Errorf("%s was deleted because of %s", d.Name, d.Drop.Reason)
	case h.kind != "preview":
		return fmt.Errorf("%s of an environment of type %s has expired", d.Name, h.kind)
	case h.phase() != "Expired" || phase != "Expired":
		return fmt.Errorf("%s was deleted in phase %s, after a call in phase %s", d.Name, h.phase(), phase)
	case h.inhabited():
		return fmt.Errorf("%s was deleted, and a Usage names the environment", d.Name)
	}
	for name := range before {
		last := strings.HasPrefix(name, "environment-usage-network")
		late := last || name == "environment-key" || name == "environment-network"
		if strings.HasPrefix(d.Name, "environment-usage-network") && !last || d.Name == "environment-key" && !late {
			return fmt.Errorf("%s was deleted before %s", d.Name, name)
		}
	}
	return nil
}

func (h *environmentHistory) inhabited() bool {
	return !h.cluster.Store.Get(simulator.Reference{
		APIVersion: "protection.crossplane.io/v1beta1", Kind: "Usage", Namespace: "team-checkout", Name: "cart",
	}).IsZero()
}

// keepsItsWord: what App kinds were told of what is there, and what the claim asks for, is told whatever is lost on the way.
func (h *environmentHistory) keepsItsWord(before map[string]object.Object) error {
	status, spec := object.Of(h.cluster.Status), object.Of(h.cluster.XR).At("spec")
	if status.String("phase") == "Expired" && !status.Has("cloud") {
		// Its status was lost while the claim asked for what no rule allows: nothing is told, and consumers change nothing.
		return nil
	}
	now := map[string]string{"environment-key": status.String("kmsKeyArn"), "environment-usage-network": status.String("network", "vpcId")}
	if spec.Has("vault") {
		now["environment-vault-kv-mount"] = status.String("vault", "kvMount")
		now["environment-vault-database-mount"] = status.String("vault", "databaseMount")
		now["environment-vault-kubernetes-auth"] = status.String("vault", "kubernetesAuthMount")
	}
	if spec.Has("cluster") {
		now["environment-namespace"] = status.String("workloadNamespace")
	}
	// While a new one is on its way, the last one is told.
	if own := h.cluster.Get("environment-network").String("status", "vpcId"); own != "" && own == status.String("network", "vpcId") {
		now["environment-network"] = own
	}
	told := map[string]string{}
	for name, is := range now {
		o := h.cluster.Get(name)
		if was := h.told[name]; was != "" && was != is && o.UID() == before[name].UID() && !o.IsZero() {
			return fmt.Errorf("the status says %q of %s, and it was %q", is, name, was)
		}
		if !o.IsZero() {
			told[name] = is
		}
	}
	h.told = told
	return nil
}

// environmentWitness looks at every call of function-environment from the outside, and makes each eighth one twice.
type environmentWitness struct {
	h     *environmentHistory
	inner simulator.Function
}

// RunFunction calls the function: the same request has to give the same bytes, and stay as it is, and every condition is answered.
func (w *environmentWitness) RunFunction(ctx context.Context, req *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error) {
	w.h.figures.calls.Add(1)
	var before []byte
	twice := w.h.rng.IntN(8) == 0
	if twice {
		before = marshal(req)
	}
	rsp, err := w.inner.RunFunction(ctx, req)
	if err != nil {
		return nil, err
	}
	if twice {
		again, err := w.inner.RunFunction(ctx, req)
		if err != nil || !bytes.Equal(marshal(rsp), marshal(again)) {
			w.h.wrong = fmt.Errorf("the same request gave two different responses (%w)", err)
		}
		if !bytes.Equal(before, marshal(req)) {
			w.h.wrong = fmt.Errorf("the function changed its request")
		}
	}
	answered := map[string]bool{}
	for _, c := range rsp.GetConditions() {
		answered[c.GetType()] = c.GetReason() != ""
	}
	for _, conditionType := range []string{
		v1.ConditionNetworkReady, v1.ConditionClusterReady, v1.ConditionAccessReady, v1.ConditionVaultReady,
	} {
		if !answered[conditionType] {
			w.h.wrong = fmt.Errorf("%s is not answered", conditionType)
		}
	}
	return rsp, nil
}
