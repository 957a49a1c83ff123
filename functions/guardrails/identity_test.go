package guardrails_test

import (
	"strings"
	"testing"
)

// made is an observed data holder.
const made = `{apiVersion: rds.aws.m.upbound.io/v1beta1, kind: Instance,
  metadata: {name: db, namespace: team, annotations: {platform.io/data: primary, crossplane.io/external-name: orders-1}},
  spec: {forProvider: {identifier: orders-1, region: r}}, status: {atProvider: {id: db-A}}}`

// What holds data stays what it is under its name, whatever a step in between makes of it.
func TestIdentityIsKept(t *testing.T) {
	t.Parallel()
	const denied = "IdentityChanged"
	cases := map[string]struct{ why, old, with, want string }{
		"Same":            {"nothing is changed", "", "", ""},
		"Size":            {"what is not its identity may change", "region: r}", "region: r, allocatedStorage: 40}", ""},
		"OtherKind":       {"core would forget the one that is there", "kind: Instance", "kind: Cluster", denied},
		"OtherGroup":      {"and so it would of another group", "rds.aws.m.upbound.io", "rds.aws.upbound.io", denied},
		"OtherVersion":    {"a version of the API is no other thing", "v1beta1", "v1beta2", ""},
		"CoreGroup":       {"a group of none is one", "rds.aws.m.upbound.io/v1beta1", "v1", denied},
		"OtherName":       {"another object", "name: db,", "name: db-2,", denied},
		"OtherNamespace":  {"another object", "namespace: team", "namespace: teams", denied},
		"NameLeftOut":     {"core knows the one that is there", "name: db, namespace: team, ", "", ""},
		"ExternalName":    {"the provider would look for another one", "external-name: orders-1", "external-name: billing-1", denied},
		"AssignedName":    {"the name that the cloud has given takes the place of ours", "external-name: orders-1", "external-name: db-A", ""},
		"ExternalNameOut": {"what is left out is the provider's", ", crossplane.io/external-name: orders-1", "", ""},
		"Identifier":      {"another database", "identifier: orders-1", "identifier: billing-1", denied},
		"IdentifierOut":   {"one whose name the provider makes up", "identifier: orders-1, ", "", denied},
		"Region":          {"another one in another place", "region: r", "region: s", denied},
		"Unmarked":        {"the next call would not know that it holds data", "platform.io/data: primary, ", "", denied},
		"MarkedOtherwise": {"a mark that says something else is none", "data: primary", "data: copy", denied},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(made, c.old) {
				t.Fatalf("the holder has no %q", c.old)
			}
			wanted := strings.Replace(made, c.old, c.with, 1)
			for _, named := range []string{"database-instance", "foreign"} {
				for annotations, want := range map[string]string{"": c.want, allow("other"): c.want, allow(named): ""} {
					got, _ := judged(t, `
observed: {`+xr(annotations)+`, resources: {`+named+`: {resource: `+made+`}}}
desired: {resources: {`+named+`: {resource: `+wanted+`}}}`)
					if got != want {
						t.Errorf("%s, %s with %q: refused with %q, want %q", c.why, named, annotations, got, want)
					}
				}
			}
		})
	}
}

// What holds no data may become something else: it is made again.
func TestIdentityOfOthers(t *testing.T) {
	t.Parallel()
	got, _ := judged(t, `
observed: {`+xr("")+`, resources: {foreign: {resource: `+plain+`}}}
desired: {resources: {foreign: {resource: {apiVersion: v1, kind: ConfigMap, metadata: {name: t}}}}}`)
	if got != "" {
		t.Errorf("refused with %q", got)
	}
}
