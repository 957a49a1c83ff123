package usage

import (
	"fmt"
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

// observed are composed resources by their names.
type observed map[string]object.Object

func (o observed) Get(name string) object.Object       { return o[name] }
func (o observed) Connection(string) map[string][]byte { return nil }
func (o observed) Names(string) []string               { return nil }

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
		Observed: observed{},
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
			in, p := input(t, tc.legacy), &plan.Plan{}
			in.Observed = observed{"x-holder": instance(t)}
			kept := Keep(in, p, env, "x-", "x-holder")
			if diff := cmp.Diff(tc.want, summaries(p.Resources)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(p.Requirements) > 0 {
				t.Errorf("what is observed needs no look: %v", p.Requirements)
			}
			for _, r := range p.Resources {
				if !slices.Contains(EnvironmentNames("x-"), r.Name) {
					t.Errorf("%s is not among the names that a stage drops later", r.Name)
				}
				if !kept[r.Name] {
					t.Errorf("%s is planned, and a stage would drop it", r.Name)
				}
			}
		})
	}
}

func instance(t *testing.T) object.Object {
	t.Helper()
	return from(t, fields{"apiVersion": "rds/v1", "kind": "Instance", "metadata": fields{"name": "i"}})
}

// A holder whose deletion core has asked for is not observed any more, and is not gone: only a look tells. The Usages stay as
// they are until core has looked and found nothing.
func TestKeepUntilTheHolderIsGone(t *testing.T) {
	t.Parallel()
	by := fields{"apiVersion": "rds/v1", "kind": "Instance", "resourceRef": fields{"name": "i"}}
	names := map[bool][]string{false: {"x-usage-environment"}, true: {"x-usage-environment-claim", "x-usage-environment"}}
	look := func(namespace string) []plan.Requirement {
		return []plan.Requirement{{Key: "x-usage-holder", APIVersion: "rds/v1", Kind: "Instance", Namespace: namespace, Name: "i"}}
	}
	for reason, tc := range map[string]struct {
		// usage is the spec of the observed Usage.
		usage     fields
		found     *plan.Required
		kept, ask bool
	}{
		"nobody has looked":                 {fields{"by": by}, nil, true, true},
		"core is about to look":             {fields{"by": by}, &plan.Required{}, true, true},
		"the cloud deletes":                 {fields{"by": by}, &plan.Required{Resolved: true, Items: []object.Object{instance(t)}}, true, true},
		"it is gone":                        {fields{"by": by}, &plan.Required{Resolved: true}, false, true},
		"a Usage that names nobody":         {fields{"reason": "because"}, nil, false, false},
		"a Usage that was not composed yet": {nil, nil, false, false},
	} {
		for _, legacy := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, claims %v", reason, legacy), func(t *testing.T) {
				t.Parallel()
				env := &pipelinev1.Environment{Name: "staging", Namespace: "team", UID: "env-uid", Composite: "staging-b2c4d"}
				in, p := input(t, legacy), &plan.Plan{}
				if tc.usage != nil {
					in.Observed = observed{"x-usage-environment": from(t, fields{"metadata": fields{"name": "u"}, "spec": tc.usage})}
				}
				if tc.found != nil {
					in.Required = map[string]plan.Required{"x-usage-holder": *tc.found}
				}
				kept := Keep(in, p, env, "x-", "x-holder")
				var want []string
				if tc.kept {
					want = names[legacy]
				}
				var got []string
				for _, r := range p.Resources {
					got = append(got, r.Name)
					if !kept[r.Name] {
						t.Errorf("%s is planned, and a stage would drop it", r.Name)
					}
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("planned (-want +got):\n%s", diff)
				}
				var asked []plan.Requirement
				if tc.ask {
					asked = look(map[bool]string{false: "team", true: ""}[legacy])
				}
				if diff := cmp.Diff(asked, p.Requirements); diff != "" {
					t.Errorf("asked for (-want +got):\n%s", diff)
				}
				for _, r := range p.Resources {
					if spec := r.Object.At("spec", "by").Map(); r.Name == "x-usage-environment" && !cmp.Equal(by, spec) {
						t.Errorf("the Usage names another holder: %v", spec)
					}
				}
			})
		}
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
