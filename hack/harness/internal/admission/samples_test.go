package admission

import (
	"strings"
	"testing"
)

// A tenant cannot keep a right that was taken back: neither by an old revision of the rules, nor by standing still.
func TestTenancy(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		why, annotations, crossplane, was string
		platform                          bool
		want                              string
	}{
		"Right":            {why: "the Composition with the rules", crossplane: "compositionRef: {name: C}"},
		"None":             {why: "the default Composition has other rules", crossplane: "", want: "compositionRef.name"},
		"Another":          {why: "another Composition has other rules", crossplane: "compositionRef: {name: x}", want: "compositionRef.name"},
		"Automatic":        {why: "is the default", crossplane: "compositionRef: {name: C}, compositionUpdatePolicy: Automatic"},
		"Manual":           {why: "stays on the rules of today", crossplane: "compositionRef: {name: C}, compositionUpdatePolicy: Manual", want: "compositionUpdatePolicy"},
		"Selector":         {why: "picks old rules", crossplane: "compositionRef: {name: C}, compositionRevisionSelector: {matchLabels: {a: b}}", want: "compositionRevisionSelector"},
		"Revision":         {why: "picks old rules", crossplane: "compositionRef: {name: C}, compositionRevisionRef: {name: C-1}", want: "compositionRevisionRef"},
		"RevisionOfCore":   {why: "Crossplane writes the newest", crossplane: "compositionRef: {name: C}, compositionRevisionRef: {name: C-2}", platform: true},
		"RevisionStays":    {why: "what Crossplane wrote stays", crossplane: "compositionRef: {name: C}, compositionRevisionRef: {name: C-2}", was: "compositionRef: {name: C}, compositionRevisionRef: {name: C-2}"},
		"RevisionBack":     {why: "and is not turned back", crossplane: "compositionRef: {name: C}, compositionRevisionRef: {name: C-1}", was: "compositionRef: {name: C}, compositionRevisionRef: {name: C-2}", want: "compositionRevisionRef"},
		"Paused":           {why: "nothing is taken from what is paused", annotations: `crossplane.io/paused: "true"`, crossplane: "compositionRef: {name: C}", want: "paused"},
		"PausedByPlatform": {why: "the platform team may", annotations: `crossplane.io/paused: "true"`, crossplane: "compositionRef: {name: C}", platform: true},
		"OtherAnnotation":  {why: "others are free", annotations: `a: b`, crossplane: "compositionRef: {name: C}"},
	}
	for name, c := range cases {
		for file, in := range map[string]struct{ before, after, prefix string }{
			"tenancy.yaml": {"spec: {crossplane: {", "}}", ""}, "tenancy-claims.yaml": {"spec: {", "}", "x"},
		} {
			for kind, composition := range map[string]string{"Environment": "environments.example.org", "Network": "networks.example.org"} {
				t.Run(file+"/"+kind+"/"+name, func(t *testing.T) {
					t.Parallel()
					object := func(fields string) string {
						return "kind: " + kind + "\nmetadata: {name: a, annotations: {" + c.annotations + "}}\n" + in.before +
							strings.ReplaceAll(fields, "name: C", "name: "+in.prefix+composition) + in.after
					}
					a := attempt{object: read(t, object(c.crossplane)), platform: c.platform}
					if c.was != "" {
						a.old = read(t, object(c.was))
					}
					got := load(t, file).denied(t, a)
					if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
						t.Errorf("%s: denied with %q, want %q", c.why, got, c.want)
					}
				})
			}
		}
	}
}

// A claim takes no composite of others.
func TestTenancyOfClaims(t *testing.T) {
	t.Parallel()
	p := load(t, "tenancy-claims.yaml")
	claim := "kind: Environment\nmetadata: {name: a}\nspec: {compositionRef: {name: xenvironments.example.org}, resourceRef: {name: "
	theirs, own := read(t, claim+"theirs}}"), read(t, claim+"own}}")
	for why, c := range map[string]struct {
		attempt
		denied bool
	}{
		"taken when it is made":        {attempt{object: theirs}, true},
		"taken later":                  {attempt{object: theirs, old: own}, true},
		"what it is bound to stays":    {attempt{object: own, old: own}, false},
		"Crossplane binds it":          {attempt{object: own, platform: true}, false},
		"what is deleted is let go of": {attempt{object: read(t, "metadata: {name: a, deletionTimestamp: now}\nspec: {}")}, false},
	} {
		if got := p.denied(t, c.attempt); (got != "") != c.denied {
			t.Errorf("%s: denied with %q", why, got)
		}
	}
}

// The provider gives away what an Environment is made of in a workload cluster, and no more.
func TestWorkloadCluster(t *testing.T) {
	t.Parallel()
	p := load(t, "workload-cluster.yaml")
	binding := func(kind, name, namespace, role, subject string) string {
		return "kind: " + kind + "\nmetadata: {name: " + name + ", namespace: " + namespace + "}\nroleRef: {kind: ClusterRole, name: '" + role +
			"'}\nsubjects: [" + subject + "]"
	}
	const hash = "team-checkout-staging-token-review-0123456789"
	for why, c := range map[string]struct {
		object string
		denied bool
	}{
		"a team's role":            {binding("RoleBinding", "goldenpath-team-view", "checkout", "view", "{kind: Group, name: checkout}"), false},
		"a deployer":               {binding("RoleBinding", "d", "checkout", "edit", "{kind: ServiceAccount, namespace: argocd, name: a}"), false},
		"another role":             {binding("RoleBinding", "d", "checkout", "cluster-admin", "{kind: Group, name: checkout}"), true},
		"everybody":                {binding("RoleBinding", "d", "checkout", "edit", "{kind: Group, name: 'system:authenticated'}"), true},
		"one person":               {binding("RoleBinding", "d", "checkout", "edit", "{kind: User, name: a}"), true},
		"the system's account":     {binding("RoleBinding", "d", "checkout", "edit", "{kind: ServiceAccount, namespace: kube-system, name: a}"), true},
		"the system's namespace":   {binding("RoleBinding", "d", "kube-system", "edit", "{kind: Group, name: checkout}"), true},
		"reviews of tokens":        {binding("ClusterRoleBinding", hash, "''", "system:auth-delegator", "{kind: Group, name: 'system:serviceaccounts:checkout'}"), false},
		"reviews by everybody":     {binding("ClusterRoleBinding", hash, "''", "system:auth-delegator", "{kind: Group, name: 'system:authenticated'}"), true},
		"a role for the cluster":   {binding("ClusterRoleBinding", hash, "''", "edit", "{kind: Group, name: checkout}"), true},
		"a name of others":         {binding("ClusterRoleBinding", "cluster-admin", "''", "system:auth-delegator", "{kind: Group, name: 'system:serviceaccounts:checkout'}"), true},
		"keys of tokens":           {binding("ClusterRoleBinding", hash, "''", "system:service-account-issuer-discovery", "{kind: Group, name: 'system:unauthenticated'}"), false},
		"a namespace":              {"kind: Namespace\nmetadata: {name: checkout}", false},
		"the system's own":         {"kind: Namespace\nmetadata: {name: kube-system}", true},
		"a namespace for nobody":   {"kind: Namespace\nmetadata: {name: crossplane-system}", true},
		"a policy of the system's": {"kind: NetworkPolicy\nmetadata: {name: a, namespace: kube-system}", true},
	} {
		for _, operation := range []string{"CREATE", "DELETE"} {
			a := attempt{request: map[string]any{"operation": operation, "userInfo": map[string]any{"groups": []any{"goldenpath-provider"}}}}
			if o := read(t, c.object); operation == "DELETE" {
				a.old = o
			} else {
				a.object = o
			}
			if got := p.denied(t, a); (got != "") != c.denied {
				t.Errorf("%s (%s): denied with %q", why, operation, got)
			}
			a.request["userInfo"] = map[string]any{"groups": []any{"admins"}}
			if got := p.denied(t, a); got != "" {
				t.Errorf("%s (%s): somebody else is denied with %q", why, operation, got)
			}
		}
	}
}
