package environment

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/quote"
)

// maxLoadBalancers of a workload namespace: each one costs money by the hour and is a way in.
const maxLoadBalancers = 2

// What a container requests that says nothing. Without it the quota refuses its pod.
const (
	defaultCPURequest    = "100m"
	defaultMemoryRequest = "256Mi"
)

// bound is what a quantity of the quota may be.
type bound struct{ least, most, example string }

// bounds catch the slips: 400m of memory are less than a byte, and 40Gi of CPU are more than there is.
func bounds() map[string]bound {
	return map[string]bound{
		"cpu":     {least: "10m", most: "100k", example: "20"},
		"memory":  {least: "1Mi", most: "1Pi", example: "40Gi"},
		"storage": {least: "1Mi", most: "100Pi", example: "500Gi"},
	}
}

// checkQuota says what is wrong with spec.quota.
func checkQuota(q v1.Quota) error {
	for _, f := range []struct{ field, value string }{{"cpu", q.CPU}, {"memory", q.Memory}, {"storage", q.Storage}} {
		if f.value == "" {
			continue
		}
		if err := checkQuantity(f.field, f.value); err != nil {
			return fmt.Errorf("spec.quota.%w", err)
		}
	}
	if q.Pods < 0 {
		return fmt.Errorf("spec.quota.pods: %d; write 1 or more", q.Pods)
	}
	return nil
}

// checkQuantity wants a quantity of Kubernetes between the bounds of a field.
func checkQuantity(field, value string) error {
	b := bounds()[field]
	q, err := parseQuantity(value)
	switch {
	case err != nil:
		return fmt.Errorf("%s: %q is not a quantity; write for example %s", field, quote.Short(value), b.example)
	case q.Cmp(resource.MustParse(b.least)) < 0:
		return fmt.Errorf("%s: %q is less than %s; write for example %s", field, value, b.least, b.example)
	case q.Cmp(resource.MustParse(b.most)) > 0:
		return fmt.Errorf("%s: %q is more than %s; write for example %s", field, value, b.most, b.example)
	}
	return nil
}

// maxQuantity is how long a quantity may be, as the schema says.
const maxQuantity = 20

// parseQuantity alone reads quantities. It takes none with an exponent: nobody means one, and "9e-999999999" is computed until the memory
// is full.
// https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
func parseQuantity(text string) (resource.Quantity, error) {
	if len(text) > maxQuantity || strings.ContainsAny(text, "eE") {
		return resource.Quantity{}, fmt.Errorf("%q is no quantity without an exponent, of %d characters at most", quote.Short(text), maxQuantity)
	}
	return resource.ParseQuantity(text)
}

// quota of the workload namespace: what the claim says, and what the tier says where it says nothing.
func (e *environment) quota() v1.Quota {
	t, q := e.data.tiers[e.claim.kind], e.claim.quota
	q.CPU, q.Memory, q.Storage = first(q.CPU, t.CPU), first(q.Memory, t.Memory), first(q.Storage, t.Storage)
	if q.Pods == 0 {
		q.Pods = t.Pods
	}
	return q
}

// resourceQuota bounds what is reserved. Limits are not in it: they take nothing from others until they are used, and a quota of
// them would refuse every pod that has none.
func (e *environment) resourceQuota() {
	q := e.quota()
	f := e.manifest("v1", "ResourceQuota", "goldenpath")
	hard := f.Object("spec").Object("hard")
	hard.SetString("requests.cpu", canonical(q.CPU))
	hard.SetString("requests.memory", canonical(q.Memory))
	hard.SetString("requests.storage", canonical(q.Storage))
	hard.SetString("pods", fmt.Sprint(q.Pods))
	hard.SetString("services.loadbalancers", fmt.Sprint(maxLoadBalancers))
	e.inNamespace(nameQuota, f.Done())
}

// canonical is the form in which the API server gives a quantity back.
func canonical(quantity string) string {
	q, err := parseQuantity(quantity)
	if err != nil {
		// Quantities have been checked where anything is composed from them.
		return quantity
	}
	return q.String()
}

// limitRange gives a request to containers without one. It gives no limit: one that is smaller than what a container requests makes
// its pod invalid, and nobody would know where it came from.
// https://kubernetes.io/docs/concepts/policy/limit-range/
func (e *environment) limitRange() {
	f := e.manifest("v1", "LimitRange", "goldenpath")
	limit := f.Object("spec").Objects("limits", 1)[0]
	limit.SetString("type", "Container")
	request := limit.Object("defaultRequest")
	request.SetString("cpu", defaultCPURequest)
	request.SetString("memory", defaultMemoryRequest)
	e.inNamespace(nameLimits, f.Done())
}

// manifest starts an object of the workload namespace.
func (e *environment) manifest(apiVersion, kind, name string) object.Fields {
	f := clusterManifest(apiVersion, kind, name)
	f.Object("metadata").SetString("namespace", e.workloadNamespace())
	return f
}

// clusterManifest starts an object of the cluster.
func clusterManifest(apiVersion, kind, name string) object.Fields {
	f := object.NewFields()
	f.SetString("apiVersion", apiVersion)
	f.SetString("kind", kind)
	f.Object("metadata").SetString("name", name)
	return f
}
