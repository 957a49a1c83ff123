package usage

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

type fields = map[string]any

// nothing is observed.
type nothing struct{}

func (nothing) Get(string) object.Object            { return object.Object{} }
func (nothing) Connection(string) map[string][]byte { return nil }
func (nothing) Names(string) []string               { return nil }

func from(t *testing.T, f fields) object.Object {
	t.Helper()
	o, err := object.FromValue(f)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func input(t *testing.T, legacy bool) plan.In {
	t.Helper()
	in := plan.In{
		XR:       from(t, fields{"apiVersion": "platform.io/v1", "kind": "AppDatabase", "metadata": fields{"name": "orders"}}),
		Subject:  naming.Subject{UID: "u", Kind: "appdatabase", Namespace: "team", Name: "orders"},
		Flavour:  managed.Flavour{Namespace: "team"},
		Observed: nothing{},
	}
	if legacy {
		in.XR = from(t, fields{"apiVersion": "platform.io/v1", "kind": "XAppDatabase", "metadata": fields{"name": "orders-x7k2p"},
			"spec": fields{"claimRef": fields{"apiVersion": "platform.io/v1", "kind": "AppDatabase", "namespace": "team", "name": "orders"}}})
		in.Flavour = managed.Flavour{Legacy: true, Namespace: "team"}
	}
	return in
}

func resource(kind, name, namespace string) fields {
	ref := fields{"name": name}
	if namespace != "" {
		ref["namespace"] = namespace
	}
	return fields{"apiVersion": "platform.io/v1", "kind": kind, "resourceRef": ref}
}

// summary of a Usage: what it is, where it lives, and its spec.
type summary struct {
	Name, Kind, Namespace, Label string
	Spec                         fields
}

func summaries(resources []plan.Resource) []summary {
	var out []summary
	for _, r := range resources {
		out = append(out, summary{
			r.Name, r.Object.Kind(), r.Object.Namespace(), r.Object.Label("platform.io/environment-uid"), r.Object.At("spec").Map(),
		})
	}
	return out
}

// In the claims flavour the claim and the composite behind it are two objects: with a Usage of only one, the delete of the
// other is accepted. A Usage of another namespace's object lives in the namespace of what uses it, and names the other one.
func TestEnvironment(t *testing.T) {
	t.Parallel()
	by := fields{"apiVersion": "rds/v1", "kind": "Instance", "resourceRef": fields{"name": "i"}}
	const reason = "appdatabase team/orders lives in it: delete that first"
	cases := map[string]struct {
		legacy               bool
		namespace, composite string
		want                 []summary
	}{
		"own namespace": {false, "team", "", []summary{
			{"x-usage-environment", "Usage", "team", "env-uid", fields{"of": resource("Environment", "staging", ""), "by": by}}}},
		"another namespace": {false, "platform", "", []summary{
			{"x-usage-environment", "Usage", "team", "env-uid", fields{"of": resource("Environment", "staging", "platform"), "by": by}}}},
		"claims": {true, "platform", "staging-b2c4d", []summary{
			{"x-usage-environment-claim", "Usage", "platform", "env-uid", fields{"of": resource("Environment", "staging", ""), "reason": reason}},
			{"x-usage-environment", "ClusterUsage", "", "env-uid", fields{"of": resource("XEnvironment", "staging-b2c4d", ""), "by": by}}}},
		"claims, without a composite": {true, "team", "", []summary{
			{"x-usage-environment-claim", "Usage", "team", "env-uid", fields{"of": resource("Environment", "staging", ""), "reason": reason}}}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			env := &pipelinev1.Environment{Name: "staging", Namespace: tc.namespace, UID: "env-uid", Composite: tc.composite}
			holder := from(t, fields{"apiVersion": "rds/v1", "kind": "Instance", "metadata": fields{"name": "i"}})
			got := Environment(input(t, tc.legacy), env, "x-", holder)
			if diff := cmp.Diff(tc.want, summaries(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for _, r := range got {
				if !slices.Contains(EnvironmentNames("x-"), r.Name) {
					t.Errorf("%s is not among the names that a stage drops later", r.Name)
				}
			}
		})
	}
}

func TestProtection(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		legacy bool
		want   []summary
	}{
		"namespaced": {false, []summary{
			{"x-usage-protection", "Usage", "team", "", fields{"of": resource("AppDatabase", "orders", ""), "reason": "because"}}}},
		"claims": {true, []summary{
			{"x-usage-protection", "ClusterUsage", "", "", fields{"of": resource("XAppDatabase", "orders-x7k2p", ""), "reason": "because"}},
			{"x-usage-protection-claim", "Usage", "team", "", fields{"of": resource("AppDatabase", "orders", ""), "reason": "because"}}}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			got := Protection(input(t, tc.legacy), "x-", "because")
			if diff := cmp.Diff(tc.want, summaries(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for _, r := range got {
				if !slices.Contains(ProtectionNames("x-"), r.Name) {
					t.Errorf("%s is not among the names that a stage drops later", r.Name)
				}
			}
		})
	}
}
