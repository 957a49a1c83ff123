package landing

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/kube-openapi/pkg/validation/spec"
	"k8s.io/kube-openapi/pkg/validation/strfmt"
	"k8s.io/kube-openapi/pkg/validation/validate"
	"sigs.k8s.io/yaml"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
)

// environmentWith is an Environment with some fields set.
func environmentWith(t *testing.T, edit func(*v1.Environment)) *v1.Environment {
	t.Helper()
	env := &v1.Environment{}
	if err := yaml.UnmarshalStrict([]byte(staging), env); err != nil {
		t.Fatal(err)
	}
	if edit != nil {
		edit(env)
	}
	return env
}

func encoded(t *testing.T, status *v1.EnvironmentStatus) []byte {
	t.Helper()
	b, err := json.Marshal(status)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The API server takes the status: it passes the schema of the XRD and is all that the API type knows.
func TestStatusFitsTheSchema(t *testing.T) {
	t.Parallel()
	validator := statusValidator(t)
	for reason, edit := range map[string]func(*v1.Environment){
		"staging":          nil,
		"a capital team":   func(e *v1.Environment) { e.Spec.Owner.Team = "Check Out (EU)" },
		"a very long team": func(e *v1.Environment) { e.Spec.Owner.Team, e.Name = strings.Repeat("t", 63), strings.Repeat("e", 63) },
		"a name with dots": func(e *v1.Environment) { e.Name = "pr.1234" },
		"a team of signs":  func(e *v1.Environment) { e.Spec.Owner.Team = "***" },
		"on another cloud": func(e *v1.Environment) { e.Spec.Cloud = pipelinev1.Cloud{Provider: "gcp", Region: "europe-west1"} },
		"in China":         func(e *v1.Environment) { e.Spec.Cloud.Region = "cn-north-1" },
		"for the US":       func(e *v1.Environment) { e.Spec.Cloud.Region = "us-gov-west-1" },
	} {
		for _, fault := range []Fault{FaultNone, FaultNotReady, FaultNoVault, FaultExpired} {
			status, err := play(environmentWith(t, edit), fault)
			if err != nil {
				t.Fatal(err)
			}
			wire := encoded(t, status)
			decoder := json.NewDecoder(bytes.NewReader(wire))
			decoder.DisallowUnknownFields()
			if err := decoder.Decode(&v1.EnvironmentStatus{}); err != nil {
				t.Errorf("%s, %q: %v", reason, fault, err)
			}
			var object any
			if err := json.Unmarshal(wire, &object); err != nil {
				t.Fatal(err)
			}
			if got := validator.Validate(object); !got.IsValid() {
				t.Errorf("%s, %q: the XRD refuses the status: %v", reason, fault, got.Errors)
			}
		}
	}
}

func statusValidator(t *testing.T) *validate.SchemaValidator {
	t.Helper()
	content, err := os.ReadFile("../../../../apis/environments/definition.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var xrd struct {
		Spec struct {
			DefaultCompositionRef *struct{ Name string }
			Versions              []struct {
				Schema struct {
					OpenAPIV3Schema spec.Schema
				}
			}
		}
	}
	if err := yaml.Unmarshal(content, &xrd); err != nil {
		t.Fatal(err)
	}
	if ref := xrd.Spec.DefaultCompositionRef; ref != nil && ref.Name != CompositionName {
		t.Fatalf("the XRD names the default Composition %s: Environments no longer get the stand-in %s by themselves", ref.Name, CompositionName)
	}
	schema := xrd.Spec.Versions[0].Schema.OpenAPIV3Schema.Properties["status"]
	validator := validate.NewSchemaValidator(&schema, nil, "status", strfmt.Default)
	if validator.Validate(map[string]any{"phase": "Nonsense"}).IsValid() {
		t.Fatal("the validator accepts everything")
	}
	return validator
}

// What AppDatabase demands of an Environment: a network with two zones for data, and sources that can be meant.
func TestStatusHoldsWhatADatabaseNeeds(t *testing.T) {
	t.Parallel()
	status := statusOf(environmentWith(t, nil))
	zones := map[string]map[pipelinev1.SubnetRole]bool{}
	for _, s := range status.Network.Subnets {
		if zones[s.Zone] == nil {
			zones[s.Zone] = map[pipelinev1.SubnetRole]bool{}
		}
		zones[s.Zone][s.Role] = true
	}
	both := map[pipelinev1.SubnetRole]bool{"private": true, "database": true}
	if diff := cmp.Diff(map[string]map[pipelinev1.SubnetRole]bool{"eu-west-1a": both, "eu-west-1b": both}, zones); diff != "" {
		t.Errorf("zones (-want +got):\n%s", diff)
	}
	v := status.Vault
	if status.Network.VPCID == "" || len(status.WorkloadSecurityGroupIDs) == 0 || v.Source.SecurityGroupID == "" ||
		v.KVMount == "" || v.DatabaseMount == "" || v.KubernetesAuthMount == "" {
		t.Errorf("the status is not whole: %+v", status)
	}
}

// Two Environments share no id, no mount and no workload namespace, however alike they are.
func TestTwoEnvironmentsDiffer(t *testing.T) {
	t.Parallel()
	words := regexp.MustCompile(`(vpc|subnet|sg)-[0-9a-f]{17}|key/[-0-9a-f]{36}|"[-a-z0-9.]+-(kv|db|k8s)"|"workloadNamespace":"[^"]+"`)
	of := func(namespace, name string) []string {
		return words.FindAllString(string(encoded(t, statusOf(environmentWith(t, func(e *v1.Environment) { e.Namespace, e.Name = namespace, name })))), -1)
	}
	seen := map[string]string{}
	for _, where := range [][2]string{{"a", "b"}, {"b", "a"}, {"a-b", "c"}, {"a", "b-c"}, {"team-checkout", "staging"}, {"team-search", "staging"}} {
		got := of(where[0], where[1])
		if len(got) != 12 {
			t.Errorf("%v has %d names, want 12: %v", where, len(got), got)
		}
		for _, word := range got {
			if other := seen[word]; other != "" {
				t.Errorf("%s and %v share %s", other, where, word)
			}
			seen[word] = strings.Join(where[:], "/")
		}
	}
}

// Another cloud is not played: there is nothing of AWS in its status.
func TestStatusOnAnotherCloud(t *testing.T) {
	t.Parallel()
	got := statusOf(environmentWith(t, func(e *v1.Environment) { e.Spec.Cloud = pipelinev1.Cloud{Provider: "gcp", Region: "europe-west1"} }))
	if got.Network != nil || got.WorkloadSecurityGroupIDs != nil || got.KMSKeyARN != "" || got.Vault.Source != nil {
		t.Errorf("status on another cloud is %+v", got)
	}
	if got.Phase != pipelinev1.PhaseActive || got.WorkloadNamespace == "" || got.Vault.KVMount == "" {
		t.Errorf("the rest is missing: %+v", got)
	}
}

func TestKeyARN(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]string{
		"eu-west-1": "arn:aws:kms:eu-west-1:123456789012:key/", "cn-north-1": "arn:aws-cn:kms:cn-north-1:123456789012:key/",
		"us-gov-west-1": "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/",
	} {
		got := statusOf(environmentWith(t, func(e *v1.Environment) { e.Spec.Cloud.Region = region })).KMSKeyARN
		if !strings.HasPrefix(got, want) {
			t.Errorf("the key in %s is %s, want %s...", region, got, want)
		}
	}
}
