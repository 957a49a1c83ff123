package environment

import (
	"strings"
	"testing"
	"time"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	inputv1 "github.com/goldenpath-dev/goldenpath/functions/environment/input/v1"
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

// What all environments together may reserve is the platform's to say. Who has more keeps it.
func TestQuotaHasABound(t *testing.T) {
	t.Parallel()
	more := func(field, value, most string) string {
		return "spec.quota." + field + ": " + value + " is more than " + most + ", the most that an environment of type staging may have here. Write " + most +
			" or less, or ask the platform team to raise tiers.staging.maxQuota." + field + " in the input of the Composition"
	}
	for reason, tc := range map[string]struct {
		input inputv1.Tier
		quota fields
		want  string
	}{
		"ten times the type's":           {inputv1.Tier{}, fields{"cpu": "160", "memory": "320Gi", "storage": "2000Gi", "pods": 1000}, ""},
		"the cores of a data centre":     {inputv1.Tier{}, fields{"cpu": "100k"}, more("cpu", "100k", "160")},
		"a petabyte":                     {inputv1.Tier{}, fields{"storage": "1Pi"}, more("storage", "1Pi", "2000Gi")},
		"in another unit":                {inputv1.Tier{}, fields{"memory": "343597383681"}, more("memory", "343597383681", "320Gi")},
		"more pods":                      {inputv1.Tier{}, fields{"pods": 1001}, more("pods", "1001", "1000")},
		"what the platform team says":    {inputv1.Tier{MaxQuota: &inputv1.MaxQuota{CPU: "20"}}, fields{"cpu": "21"}, more("cpu", "21", "20")},
		"and what it does not say":       {inputv1.Tier{MaxQuota: &inputv1.MaxQuota{CPU: "20"}}, fields{"pods": 1001}, more("pods", "1001", "1000")},
		"pods that the platform says":    {inputv1.Tier{MaxQuota: &inputv1.MaxQuota{Pods: 150}}, fields{"pods": 151}, more("pods", "151", "150")},
		"a tier that has more than ours": {inputv1.Tier{CPU: "500"}, fields{"cpu": "500"}, ""},
		"and no more":                    {inputv1.Tier{CPU: "500"}, fields{"cpu": "501"}, more("cpu", "501", "500")},
	} {
		w := newWorld(t).with(fields{"quota": tc.quota})
		data, err := defaultSettings().with(&inputv1.Input{Tiers: map[string]inputv1.Tier{"staging": tc.input}, Tenancy: everything()})
		if err != nil {
			t.Fatalf("%s: %v", reason, err)
		}
		w.data = data
		equal(t, reason, tc.want, refused(t, w).Message)
	}
	w := newWorld(t).with(fields{"quota": fields{"cpu": "100"}})
	before := hard(w)
	staging := w.data.tiers["staging"]
	staging.Most.CPU = "50"
	w.data.tiers["staging"] = staging
	equal(t, "a bound that is set later", more("cpu", "100", "50"), refused(t, w).Message)
	equal(t, "what it has", before["requests.cpu"], any("100"))
}

func TestQuotaBoundsOfTheInput(t *testing.T) {
	t.Parallel()
	for reason, tc := range map[string]struct {
		tier inputv1.Tier
		want string
	}{
		"no quantity": {inputv1.Tier{MaxQuota: &inputv1.MaxQuota{Memory: "1e3"}},
			`tiers.dev.maxQuota.memory: "1e3" is not a quantity; write for example 40Gi`},
		"less than the tier has": {inputv1.Tier{CPU: "40", MaxQuota: &inputv1.MaxQuota{CPU: "20"}},
			"tiers.dev.maxQuota.cpu: 20 is less than 40, what the tier has when a claim says nothing; write more, or lower that"},
		"fewer pods": {inputv1.Tier{MaxQuota: &inputv1.MaxQuota{Pods: 49}},
			"tiers.dev.maxQuota.pods: 49 is less than 50, what the tier has when a claim says nothing; write more, or lower that"},
		"no pods": {inputv1.Tier{MaxQuota: &inputv1.MaxQuota{Pods: -1}}, "tiers.dev.maxQuota.pods: -1; write 1 or more"},
	} {
		_, err := defaultSettings().with(&inputv1.Input{Tiers: map[string]inputv1.Tier{"dev": tc.tier}})
		if err == nil || err.Error() != tc.want {
			t.Errorf("%s: %v", reason, err)
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
