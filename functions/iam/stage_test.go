package iam

import (
	"regexp"
	"strings"
	"testing"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
)

// Each service account gets exactly what its access role is granted, on the role of its identity and on no other.
func TestGrants(t *testing.T) {
	t.Parallel()
	spec := func(role, policy string) fields {
		return fields{
			"forProvider":       fields{"role": role, "policy": policy},
			"providerConfigRef": fields{"name": "aws-staging", "kind": "ClusterProviderConfig"},
		}
	}
	p := newWorld(t).settle()
	equal(t, "resources", []string{apiGrant + ": staging-orders-api", reportGrant + ": staging-orders-report"}, grants(p))
	api, report := wanted(p, apiGrant), wanted(p, reportGrant)
	equal(t, "writer", spec("staging-orders-api", connectPolicy("writer")), api.At("spec").Map())
	equal(t, "reader", spec("staging-orders-report", connectPolicy("reader")), report.At("spec").Map())
	equal(t, "kind", []string{"iam.aws.m.upbound.io/v1beta1", "RolePolicy", "team-checkout"},
		[]string{api.APIVersion(), api.Kind(), api.Namespace()})

	w := newWorld(t)
	w.legacy = true
	api = wanted(w.settle(), apiGrant)
	equal(t, "claims flavour", []string{"iam.aws.upbound.io/v1beta1", "RolePolicy", ""}, []string{api.APIVersion(), api.Kind(), api.Namespace()})
	want := spec("staging-orders-api", connectPolicy("writer"))
	want["providerConfigRef"] = fields{"name": "aws-staging"}
	equal(t, "claims flavour", want, api.At("spec").Map())
	for _, r := range p.Resources {
		if r.Data {
			t.Errorf("%s is a data holder", r.Name)
		}
	}
}

func TestDocument(t *testing.T) {
	t.Parallel()
	const head, tail = `{"Version":"2012-10-17","Statement":[`, `]}`
	cases := map[string]struct {
		grants []pipelinev1.Grant
		want   string
	}{
		"actions and resources are sorted, and once": {
			[]pipelinev1.Grant{{Actions: []string{"s3:PutObject", "s3:GetObject", "s3:PutObject"}, Resources: []string{"b", "a", "b"}}},
			`{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":["a","b"]}`},
		"one statement for each grant, in one order": {
			[]pipelinev1.Grant{
				{Actions: []string{"sqs:SendMessage"}, Resources: []string{"q"}}, {Actions: []string{"s3:GetObject"}, Resources: []string{"b"}}},
			`{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["b"]},{"Effect":"Allow","Action":["sqs:SendMessage"],"Resource":["q"]}`},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			equal(t, "document", head+tc.want+tail, document(tc.grants))
		})
	}
	g := cases["actions and resources are sorted, and once"].grants[0]
	document([]pipelinev1.Grant{g})
	equal(t, "the contract is left alone", []string{"s3:PutObject", "s3:GetObject", "s3:PutObject"}, g.Actions)
}

// The order in which the contract lists things is no intent.
func TestOrderChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.compose()
	a, g, i := w.wiring.Access, w.wiring.Grants, w.env.Identities
	a[0], a[1] = a[1], a[0]
	g[0], g[1] = g[1], g[0]
	i[0], i[1] = i[1], i[0]
	after := w.compose()
	for n, r := range before.Resources {
		equal(t, "name", r.Name, after.Resources[n].Name)
		equal(t, r.Name, r.Object.Map(), after.Resources[n].Object.Map())
	}
	equal(t, "conditions", before.Conditions, after.Conditions)
}

// A service account with two access roles has what both are granted, and one resource.
func TestTwoAccessRoles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.wiring.Access = append(w.wiring.Access, pipelinev1.Access{ServiceAccount: "orders-api", Role: "reader"})
	policy := wanted(w.compose(), apiGrant).String("spec", "forProvider", "policy")
	equal(t, "policy", document([]pipelinev1.Grant{connect("reader"), connect("writer")}), policy)
}

// Names of service accounts that look alike when they are mended, or that share a role, never share a resource: the second policy
// would overwrite the first.
func TestNamesDoNotCollide(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.wiring.Access, w.env.Identities = nil, nil
	long := strings.Repeat("a", 250)
	accounts := []string{"a.b", "a-b", "a--b", "a-b-c", "9a", "x-9a", long + "bc", long + "b.c"}
	for _, account := range accounts {
		w.wiring.Access = append(w.wiring.Access, pipelinev1.Access{ServiceAccount: account, Role: "reader"})
		w.env.Identities = append(w.env.Identities, pipelinev1.Identity{ServiceAccount: account, RoleARN: roleARN("shared")})
	}
	// What an inline policy may be called, and what every object may be called.
	// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
	legal := regexp.MustCompile(`^[a-z0-9-]{1,63}$`)
	resources, objects := map[string]bool{}, map[string]bool{}
	for _, r := range w.compose().Resources {
		resources[r.Name], objects[r.Object.Name()] = true, true
		if !legal.MatchString(r.Object.Name()) {
			t.Errorf("%q is not a legal name of an inline policy", r.Object.Name())
		}
	}
	if len(resources) != len(accounts) || len(objects) != len(accounts) {
		t.Errorf("%d resources and %d policies for %d service accounts", len(resources), len(objects), len(accounts))
	}
	if grantName("a", "b-c") == grantName("a-b", "c") || grantName("a", "r1") == grantName("a", "r2") {
		t.Error("two grants share a name")
	}
}

// The name of an object is made once.
func TestNamesAreKept(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	w.observed[apiGrant]["metadata"].(fields)["name"] = "given-before"
	equal(t, "name", "given-before", wanted(w.compose(), apiGrant).Name())
}

// A policy that somebody changed by hand is set right.
func TestForeignChangesAreUndone(t *testing.T) {
	t.Parallel()
	for _, field := range []string{"role", "policy"} {
		w := readyWorld(t)
		before := wanted(w.compose(), apiGrant).Map()
		w.observed[apiGrant]["spec"].(fields)["forProvider"].(fields)[field] = "somebody-else"
		p := w.compose()
		equal(t, field, before, wanted(p, apiGrant).Map())
		equal(t, field, []string(nil), drops(p))
	}
}

// Without a contract the stage knows nothing: it wants nothing and drops nothing.
func TestWithoutWiring(t *testing.T) {
	t.Parallel()
	cases := map[string]func(*world){
		"no contract":    func(w *world) { w.wiring = nil },
		"no environment": func(w *world) { w.env, w.wiring.AccessReady = nil, nil },
		"neither":        func(w *world) { w.wiring, w.env = nil, nil },
		"no contract, and the time is over for another type": func(w *world) { w.wiring, w.env.Phase = nil, pipelinev1.PhaseExpired },
	}
	for reason, lose := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t)
			lose(w)
			p := w.compose()
			if len(p.Resources)+len(p.Drops)+len(p.Conditions) > 0 || !p.Waiting {
				t.Errorf("plan = %+v", p)
			}
		})
	}
}

// Without an Environment the service's word on its access is still passed on: nobody else may.
func TestWithoutEnvironment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.env = nil
	p := w.compose()
	equal(t, "AccessReady", "the details are in Secret orders", accessReady(p).Message)
	if len(p.Resources)+len(p.Drops) > 0 || !p.Waiting {
		t.Errorf("plan = %+v", p)
	}
}

// A service that grants nothing in IAM is not touched.
func TestNothingAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.wiring.Grants, w.env.Identities = nil, nil
	p := w.compose()
	if len(p.Resources)+len(p.Drops) > 0 || p.Waiting {
		t.Errorf("plan = %+v", p)
	}
	w.wiring.AccessReady = nil
	equal(t, "conditions", 0, len(w.compose().Conditions))
}

// While the Environment is away nothing is added, and what is granted stays, also when the service has forgotten what it grants.
func TestHold(t *testing.T) {
	t.Parallel()
	both := []string{apiGrant + ": staging-orders-api", reportGrant + ": staging-orders-report"}
	cases := map[string]struct {
		change func(*world)
		want   []string
	}{
		"nothing else":            {func(*world) {}, both},
		"a new service account":   {func(w *world) { delete(w.observed, reportGrant) }, both[:1]},
		"grants are unknown":      {func(w *world) { w.wiring.Grants = nil }, both},
		"identities are unknown":  {func(w *world) { w.env.Identities = nil }, both},
		"everything is unknown":   {func(w *world) { w.wiring.Grants, w.env.Identities = nil, nil }, both},
		"another role":            {func(w *world) { w.identity("orders-api").RoleARN = roleARN("new") }, both},
		"access is taken away":    {func(w *world) { w.wiring.Access = w.wiring.Access[1:] }, both[:1]},
		"nothing was granted yet": {func(w *world) { w.observed = map[string]fields{} }, nil},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t)
			w.wiring.Hold = true
			tc.change(w)
			p := w.compose()
			equal(t, "resources", tc.want, grants(p))
			if !p.Waiting {
				t.Error("the composite is taken for ready")
			}
			for _, r := range p.Resources {
				before := w.observed[r.Name]["spec"].(fields)["forProvider"].(fields)["policy"]
				equal(t, r.Name, before.(string), r.Object.String("spec", "forProvider", "policy"))
			}
		})
	}
}
