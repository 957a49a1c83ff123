package environment

import (
	"strings"
	"testing"
	"time"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/budget"
	"github.com/goldenpath-dev/goldenpath/functions/internal/quote"
)

func hard(w *world) fields {
	return wanted(w.settleParts(), nameQuota).At("spec", "forProvider", "manifest", "spec", "hard").Map()
}

func TestResourceQuota(t *testing.T) {
	t.Parallel()
	quota := func(cpu, memory, storage, pods string) fields {
		return fields{
			"requests.cpu": cpu, "requests.memory": memory, "requests.storage": storage, "pods": pods, "services.loadbalancers": "2",
		}
	}
	cases := map[string]struct {
		claim fields
		want  fields
	}{
		"the type's": {fields{}, quota("16", "32Gi", "200Gi", "100")},
		"some of it": {fields{"quota": fields{"memory": "64Gi", "pods": 20}}, quota("16", "64Gi", "200Gi", "20")},
		"all of it, as the API server writes it": {fields{"quota": fields{"cpu": "0.5", "memory": "1024Mi", "storage": "1.5Gi", "pods": 1}},
			quota("500m", "1Gi", "1536Mi", "1")},
		"production": {fields{"type": "production"}, quota("64", "128Gi", "1000Gi", "400")},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			equal(t, "hard", tc.want, hard(newWorld(t).with(tc.claim)))
		})
	}
}

// A default limit below what a container requests would make its pod invalid.
func TestLimitRangeGivesNoLimit(t *testing.T) {
	t.Parallel()
	got := wanted(newWorld(t).settleParts(), nameLimits).At("spec", "forProvider", "manifest").Map()
	equal(t, "limit range", fields{
		"apiVersion": "v1", "kind": "LimitRange", "metadata": fields{"name": "goldenpath", "namespace": workloadsName},
		"spec": fields{"limits": []any{fields{"type": "Container", "defaultRequest": fields{"cpu": "100m", "memory": "256Mi"}}}},
	}, got)
}

func TestCheckQuota(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		quota v1.Quota
		want  string
	}{
		"nothing":            {v1.Quota{}, ""},
		"all":                {v1.Quota{CPU: "20", Memory: "40Gi", Storage: "500G", Pods: 10}, ""},
		"fractions":          {v1.Quota{CPU: "500m", Memory: "1.5Gi"}, ""},
		"a space":            {v1.Quota{Memory: "40G B"}, `spec.quota.memory: "40G B" is not a quantity; write for example 40Gi`},
		"another unit":       {v1.Quota{Memory: "40GB"}, `spec.quota.memory: "40GB" is not a quantity; write for example 40Gi`},
		"words":              {v1.Quota{CPU: "many"}, `spec.quota.cpu: "many" is not a quantity; write for example 20`},
		"less than nothing":  {v1.Quota{CPU: "-1"}, `spec.quota.cpu: "-1" is less than 10m; write for example 20`},
		"nothing at all":     {v1.Quota{Storage: "0"}, `spec.quota.storage: "0" is less than 1Mi; write for example 500Gi`},
		"millibytes":         {v1.Quota{Memory: "400m"}, `spec.quota.memory: "400m" is less than 1Mi; write for example 40Gi`},
		"bytes without unit": {v1.Quota{Memory: "40"}, `spec.quota.memory: "40" is less than 1Mi; write for example 40Gi`},
		"memory as CPU":      {v1.Quota{CPU: "40Gi"}, `spec.quota.cpu: "40Gi" is more than 100k; write for example 20`},
		"more than there is": {v1.Quota{Memory: "2Pi"}, `spec.quota.memory: "2Pi" is more than 1Pi; write for example 40Gi`},
		"an exponent":        {v1.Quota{Memory: "1e3"}, `spec.quota.memory: "1e3" is not a quantity; write for example 40Gi`},
		"a large exponent":   {v1.Quota{CPU: "9e999999999"}, `spec.quota.cpu: "9e999999999" is not a quantity; write for example 20`},
		"a small exponent":   {v1.Quota{CPU: "9e-999999999"}, `spec.quota.cpu: "9e-999999999" is not a quantity; write for example 20`},
		"a capital exponent": {v1.Quota{CPU: "9E-999999999"}, `spec.quota.cpu: "9E-999999999" is not a quantity; write for example 20`},
		"too many digits":    {v1.Quota{CPU: strings.Repeat("9", 21)}, `spec.quota.cpu: "` + strings.Repeat("9", 21) + `" is not a quantity; write for example 20`},
		"no pods":            {v1.Quota{Pods: -1}, `spec.quota.pods: -1; write 1 or more`},
		"the first mistake":  {v1.Quota{CPU: "x", Memory: "y"}, `spec.quota.cpu: "x" is not a quantity; write for example 20`},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			got := ""
			if err := checkQuota(tc.quota); err != nil {
				got = err.Error()
			}
			equal(t, "checkQuota()", tc.want, got)
		})
	}
}

// Also where no check has been asked before, nothing is computed from what an exponent makes of a quantity.
func TestCanonicalLooksBeforeItReads(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"9e-999999999", "9E999999999", "1e-20000000", strings.Repeat("9", 1<<20)} {
		start := time.Now()
		if got := canonical(text); got != text {
			t.Errorf("canonical(%q) = %q, want it as it is", quote.Short(text), quote.Short(got))
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("canonical(%q) takes %s", quote.Short(text), took)
		}
	}
}

// Whatever is written, the answer comes at once. What passes is what the API server takes, and is written in one form.
func FuzzQuantity(f *testing.F) {
	for _, seed := range []string{"20", "40Gi", "1e999999999", "1E-999999999", "0.000000000000000001", strings.Repeat("9", 20), "-0", "+1", "Ki"} {
		f.Add(seed)
	}
	f.Add(strings.Repeat("9", 1<<20))
	f.Fuzz(func(t *testing.T, text string) {
		defer budget.Start(t, len(text))()
		for field := range bounds() {
			if canonical(text); checkQuantity(field, text) != nil {
				continue
			}
			if once := canonical(text); canonical(once) != once || checkQuantity(field, once) != nil {
				t.Errorf("%s: %q becomes %q", field, text, once)
			}
		}
	})
}
