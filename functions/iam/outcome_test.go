package iam

import (
	"strings"
	"testing"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
)

// newGrant is the grant of orders-api on the role "new".
const newGrant = "iam-grant-orders-api-187406c1fb"

func TestCondition(t *testing.T) {
	t.Parallel()
	const (
		remedy = "The owner of the Environment has to add the role, or remove the service account from spec.access. Access through Vault works without"
		none   = "status.identities of Environment team-checkout/staging has no IAM role for "
		lost   = "status.identities of Environment team-checkout/staging has no IAM role any more for "
	)
	yes := func(reason conditions.Reason, message string) conditions.Condition {
		return conditions.Condition{Status: conditions.True, Reason: reason, Message: message}
	}
	no := func(reason conditions.Reason, message string) conditions.Condition {
		return conditions.Condition{Status: conditions.False, Reason: reason, Message: message}
	}
	said := func(status, reason, message string) *pipelinev1.Verdict {
		return &pipelinev1.Verdict{Status: status, Reason: reason, Message: message}
	}
	well := yes(conditions.Available, "the details are in Secret orders. IAM login is granted to orders-api, orders-report")
	name := func(w *world, resource string) string { return w.in().Name(resource) }
	cases := map[string]struct {
		change  func(*world)
		want    func(*world) conditions.Condition
		waiting bool
	}{
		"all is well": {func(*world) {}, func(*world) conditions.Condition { return well }, false},
		"the service's reason stays": {func(w *world) { w.wiring.AccessReady = said("True", "StaticCredentials", "everybody is the master") },
			func(*world) conditions.Condition {
				return yes(conditions.StaticCredentials, "everybody is the master. IAM login is granted to orders-api, orders-report")
			}, false},
		"the service says nothing": {func(w *world) { w.wiring.AccessReady = nil }, func(*world) conditions.Condition {
			return yes(conditions.Available, "IAM login is granted to orders-api, orders-report")
		}, false},
		"the service says no more than a word": {func(w *world) { w.wiring.AccessReady.Message = "" }, func(*world) conditions.Condition {
			return yes(conditions.Available, "IAM login is granted to orders-api, orders-report")
		}, false},
		"what the service lacks comes first": {func(w *world) {
			w.wiring.AccessReady = said("False", "Creating", "wait")
			w.loseIdentities("orders-api")
		},
			func(*world) conditions.Condition { return no(conditions.Creating, "wait") }, true},
		"the service does not know": {func(w *world) { w.wiring.AccessReady = said("Unknown", "Blocked", "") },
			func(*world) conditions.Condition {
				return conditions.Condition{Status: conditions.Unknown, Reason: conditions.Blocked}
			}, false},
		"nothing is asked": {func(w *world) { w.wiring.Grants = nil; w.env.Identities = nil },
			func(*world) conditions.Condition {
				return yes(conditions.Available, "the details are in Secret orders")
			}, false},
		"nobody is asked for": {func(w *world) { w.wiring.Access = nil },
			func(*world) conditions.Condition {
				return yes(conditions.Available, "the details are in Secret orders")
			}, false},
		"nothing is asked for a role": {func(w *world) { w.wiring.Grants = w.wiring.Grants[:1]; w.loseIdentities("orders-api") },
			func(*world) conditions.Condition {
				return yes(conditions.Available, "the details are in Secret orders. IAM login is granted to orders-report")
			}, false},
		"nothing is granted any more, and nobody else says so": {func(w *world) { w.wiring.Grants = nil; w.wiring.AccessReady = nil },
			func(*world) conditions.Condition {
				return yes(conditions.NotUsed, "nothing is granted in IAM any more")
			}, false},
		"an identity was never there": {func(w *world) { w.loseIdentities("orders-api"); delete(w.observed, apiGrant) },
			func(*world) conditions.Condition {
				return no(conditions.IdentityUnknown, none+"orders-api: nothing is granted there. "+remedy)
			}, true},
		"all identities are missing": {func(w *world) { w.env.Identities = nil; w.observed = map[string]fields{} },
			func(*world) conditions.Condition {
				return no(conditions.IdentityUnknown, none+"orders-api, orders-report: nothing is granted there. "+remedy)
			}, true},
		"an identity is lost": {func(w *world) { w.loseIdentities("orders-api") }, func(*world) conditions.Condition {
			return no(conditions.IdentityUnknown, lost+"orders-api: what is granted there stays as it is. "+remedy)
		}, true},
		"one never there, one lost, one failing": {func(w *world) {
			w.wiring.Access = append(w.wiring.Access, pipelinev1.Access{ServiceAccount: "orders-batch", Role: "writer"})
			w.loseIdentities("orders-api")
			w.observed[reportGrant]["status"] = failing("out of order")
		}, func(w *world) conditions.Condition {
			return no(conditions.IdentityUnknown, none+"orders-batch: nothing is granted there. "+remedy+". "+
				lost+"orders-api: what is granted there stays as it is. "+remedy+". RolePolicy "+name(w, reportGrant)+": out of order")
		}, true},
		"no Vault, no consolation": {func(w *world) { w.env.Vault = nil; w.loseIdentities("orders-api") }, func(*world) conditions.Condition {
			return no(conditions.IdentityUnknown, lost+"orders-api: what is granted there stays as it is. "+
				"The owner of the Environment has to add the role, or remove the service account from spec.access")
		}, true},
		"an identity that cannot be": {func(w *world) { w.identity("orders-api").RoleARN = "staging-orders-api" }, func(*world) conditions.Condition {
			return no(conditions.IdentityInvalid, "status.identities of Environment team-checkout/staging: roleArn of orders-api is "+
				`"staging-orders-api"; write it as arn:aws:iam::<account>:role/<name>`)
		}, true},
		"an identity of another account": {func(w *world) { w.env.Cloud.AccountID = "999900001111" }, func(*world) conditions.Condition {
			wrong := func(account string) string {
				return "status.identities of Environment team-checkout/staging: roleArn of " + account +
					" is in account 111122223333, and spec.cloud.accountId is 999900001111; write a role of that account"
			}
			return no(conditions.IdentityInvalid, wrong("orders-api")+". "+wrong("orders-report"))
		}, true},
		"not created yet": {func(w *world) { delete(w.observed, apiGrant) }, func(w *world) conditions.Condition {
			return no(conditions.Creating, "RolePolicy "+name(w, apiGrant)+": not created yet")
		}, true},
		"the provider fails": {func(w *world) { w.observed[apiGrant]["status"] = failing("out of order") },
			func(w *world) conditions.Condition {
				return no(conditions.Failing, "RolePolicy "+name(w, apiGrant)+": out of order")
			}, true},
		"a policy that does not fit": {func(w *world) { w.wiring.Grants[1] = manyResources("writer", limitInline) },
			func(*world) conditions.Condition {
				return no(conditions.PolicyTooLarge, "the IAM policy of orders-api does not fit: the inline policies of a role have at most 10240 "+
					"characters together. Remove the service account from spec.access, or give it a role of its own in Environment team-checkout/staging")
			}, true},
		"nothing is added while the Environment is away": {func(w *world) { w.wiring.Hold = true; delete(w.observed, apiGrant) },
			func(*world) conditions.Condition {
				return no(conditions.Blocked, "what is granted in IAM to orders-api follows when Environment team-checkout/staging is back")
			}, true},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t)
			tc.change(w)
			p := w.compose()
			equal(t, "AccessReady", tc.want(w), accessReady(p))
			equal(t, "waiting", tc.waiting, p.Waiting)
		})
	}
}

func TestDrops(t *testing.T) {
	t.Parallel()
	const (
		unnamed = ": SpecChanged: spec.access no longer names the service account that it is for"
		off     = ": SpecChanged: the access of orders-api is granted nothing in IAM any more"
	)
	cases := map[string]struct {
		change func(*world)
		want   []string
	}{
		"nothing changed": {func(*world) {}, nil},
		"access is taken away": {func(w *world) { w.wiring.Access = w.wiring.Access[1:] },
			[]string{reportGrant + unnamed}},
		"access is taken away, and the identity is gone too": {func(w *world) { w.wiring.Access = w.wiring.Access[1:]; w.loseIdentities("orders-report") },
			[]string{reportGrant + unnamed}},
		"an account that looks like one that is left": {func(w *world) { w.wiring.Access[0].ServiceAccount = "orders.report" },
			[]string{reportGrant + unnamed}},
		"no access at all":                     {func(w *world) { w.wiring.Access = nil }, []string{apiGrant + unnamed, reportGrant + unnamed}},
		"the role is granted nothing any more": {func(w *world) { w.wiring.Grants = w.wiring.Grants[:1] }, []string{apiGrant + off}},
		"nothing is granted any more, and the identity is gone too": {func(w *world) { w.wiring.Grants = w.wiring.Grants[:1]; w.loseIdentities("orders-api") },
			[]string{apiGrant + off}},
		"identities are lost":        {func(w *world) { w.env.Identities = nil }, nil},
		"identities are nonsense":    {func(w *world) { w.identity("orders-api").RoleARN = "*" }, nil},
		"another account number":     {func(w *world) { w.env.Cloud.AccountID = "999900001111" }, nil},
		"another path":               {func(w *world) { w.identity("orders-api").RoleARN = roleARN("staging-orders-api") }, nil},
		"the account number is lost": {func(w *world) { w.env.Cloud.AccountID = "" }, nil},
		"the service is not well":    {func(w *world) { w.wiring.AccessReady.Status = "False" }, nil},
		"another role": {func(w *world) { w.identity("orders-api").RoleARN = roleARN("new") },
			[]string{apiGrant + ": SpecChanged: the Environment says that orders-api has the role new now"}},
		"another role, on which the policy does not fit": {func(w *world) {
			w.identity("orders-api").RoleARN = roleARN("new")
			w.wiring.Grants[1] = manyResources("writer", limitInline)
		}, nil},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t)
			tc.change(w)
			equal(t, "drops", tc.want, drops(w.compose()))
		})
	}
}

// Under one name a policy never changes its role: the provider would leave it on the old one.
func TestAnotherRole(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	old := w.identity("orders-api").RoleARN
	w.identity("orders-api").RoleARN = roleARN("new")
	p := w.compose()
	equal(t, "moved", []string{newGrant + ": new", reportGrant + ": staging-orders-report"}, grants(p))
	if before := w.in().Name(apiGrant); wanted(p, newGrant).Name() == before {
		t.Error("the new policy has the object of the old one")
	}
	w.settle()
	w.identity("orders-api").RoleARN = old
	equal(t, "and back", []string{apiGrant + ": staging-orders-api", reportGrant + ": staging-orders-report"}, grants(w.settle()))
}

// What somebody may do shrinks with spec.access, also while the identity is lost.
func TestLostIdentityKeepsNoMoreThanItsRole(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	w.loseIdentities("orders-api")
	equal(t, "as it was", connectPolicy("writer"), wanted(w.compose(), apiGrant).String("spec", "forProvider", "policy"))
	w.wiring.Access[1].Role = "reader"
	equal(t, "a reader now", connectPolicy("reader"), wanted(w.compose(), apiGrant).String("spec", "forProvider", "policy"))
}

// The limit is one of the role: what two service accounts have on it counts together, and what is there stays.
func TestPoliciesOfOneRoleCountTogether(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.identity("orders-report").RoleARN = w.identity("orders-api").RoleARN
	w.wiring.Grants = []pipelinev1.Grant{manyResources("reader", limitInline/2), manyResources("writer", limitInline/4)}
	p := w.compose()
	if n := len(p.Resources); n != 2 || accessReady(p).Reason != conditions.Creating {
		t.Fatalf("%d policies that fit, %+v", n, accessReady(p))
	}
	w.settle()
	fits := w.wiring.Grants[0]
	w.wiring.Grants[0] = manyResources("reader", limitInline-limitInline/4)
	p = w.compose()
	equal(t, "reason", conditions.PolicyTooLarge, accessReady(p).Reason)
	shared := grantName("orders-report", "staging-orders-api")
	equal(t, "what is there stays", document([]pipelinev1.Grant{fits}), wanted(p, shared).String("spec", "forProvider", "policy"))
	delete(w.observed, shared)
	if p = w.compose(); !wanted(p, shared).IsZero() || len(p.Resources) != 1 {
		t.Errorf("resources = %v", grants(p))
	}
}

// A document of exactly the limit fits, one of a character more does not.
func TestLimit(t *testing.T) {
	t.Parallel()
	for more, want := range map[int]int{0: 1, 1: 0} {
		w := newWorld(t)
		w.wiring.Access = w.wiring.Access[1:]
		g := connect("writer")
		g.Resources[0] += strings.Repeat("x", limitInline+more-len(document([]pipelinev1.Grant{g})))
		w.wiring.Grants = []pipelinev1.Grant{g}
		if got := len(w.compose().Resources); got != want {
			t.Errorf("%d characters: %d resources, want %d", limitInline+more, got, want)
		}
	}
}

func TestExpired(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	w.env.Type, w.env.Phase = pipelinev1.EnvironmentPreview, pipelinev1.PhaseExpired
	if p := w.compose(); len(p.Drops) > 0 || len(p.Resources) != 2 {
		t.Errorf("a service that stays in an expired preview loses its grants: %v", drops(p))
	}
	w.wiring = nil
	p := w.compose()
	const expired = ": EnvironmentExpired: the preview environment staging has expired"
	equal(t, "drops", []string{apiGrant + expired, reportGrant + expired}, drops(p))
	if len(p.Resources)+len(p.Conditions) > 0 || !p.Waiting {
		t.Errorf("plan = %+v", p)
	}
}
