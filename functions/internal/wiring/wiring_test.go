package wiring

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

func TestExpand(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		entry              pipelinev1.Entry
		username, password string
		want               map[string]string
	}{
		"without credentials": {pipelinev1.Entry{Values: map[string]string{"host": "h"}, URLs: map[string]string{"uri": "x://h/d"}}, "", "",
			map[string]string{"host": "h", "uri": "x://h/d"}},
		"with credentials": {pipelinev1.Entry{Values: map[string]string{"host": "h"}, URLs: map[string]string{"uri": "x://{username}:{password}@h/d"}}, "u", "p",
			map[string]string{"host": "h", "uri": "x://u:p@h/d", "username": "u", "password": "p"}},
		"values are no templates": {pipelinev1.Entry{Values: map[string]string{"hint": "{username}"}}, "u", "p",
			map[string]string{"hint": "{username}", "username": "u", "password": "p"}},
		"credentials are no templates": {pipelinev1.Entry{URLs: map[string]string{"uri": "x://{username}:{password}@h"}}, "{password}", "p",
			map[string]string{"uri": "x://%7Bpassword%7D:p@h", "username": "{password}", "password": "p"}},
		"nothing": {pipelinev1.Entry{}, "", "", map[string]string{}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, Expand(tc.entry, tc.username, tc.password)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A password with characters that mean something in a URL arrives as it is.
func TestExpandEscapes(t *testing.T) {
	t.Parallel()
	var printable strings.Builder
	for c := ' '; c <= '~'; c++ {
		printable.WriteRune(c)
	}
	for _, password := range []string{printable.String(), "a+b c", "%20", "é"} {
		out := Expand(pipelinev1.Entry{URLs: map[string]string{"uri": "x://{username}:{password}@h/d"}}, password, password)
		u, err := url.Parse(out["uri"])
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := u.User.Password(); got != password || u.User.Username() != password || u.Host != "h" {
			t.Errorf("%q arrives as %q and %q at %q", password, u.User.Username(), got, u.Host)
		}
	}
}

// An entry is used by more than one stage: none may write into it.
func TestExpandLeavesTheEntryAlone(t *testing.T) {
	t.Parallel()
	e := pipelinev1.Entry{Values: map[string]string{"host": "h"}, URLs: map[string]string{"uri": "x://{username}@h"}}
	Expand(e, "u", "p")
	if diff := cmp.Diff(pipelinev1.Entry{Values: map[string]string{"host": "h"}, URLs: map[string]string{"uri": "x://{username}@h"}}, e); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRolesAndAccounts(t *testing.T) {
	t.Parallel()
	access := []pipelinev1.Access{
		{ServiceAccount: "z", Role: "writer"}, {ServiceAccount: "b", Role: "reader"}, {ServiceAccount: "a", Role: "writer"},
	}
	for reason, got := range map[string][2][]string{
		"roles, sorted and once": {Roles(access), {"reader", "writer"}},
		"roles of nobody":        {Roles(nil), {}},
		"writers, sorted":        {Accounts(access, "writer"), {"a", "z"}},
		"readers":                {Accounts(access, "reader"), {"b"}},
		"admins":                 {Accounts(access, "admin"), nil},
	} {
		if diff := cmp.Diff(got[1], got[0]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", reason, diff)
		}
	}
	if access[0].ServiceAccount != "z" {
		t.Error("the contract was sorted in place")
	}
}

// composed is one observed resource with one field below spec.forProvider.
type composed struct{ resource, field, value string }

func (c composed) Get(name string) object.Object {
	f := object.NewFields()
	if name == c.resource {
		f.Object("spec").Object("forProvider").SetString(c.field, c.value)
	}
	return f.Done()
}
func (composed) Connection(string) map[string][]byte { return nil }
func (composed) Names(string) []string               { return nil }

func TestNames(t *testing.T) {
	t.Parallel()
	subject := naming.Subject{UID: "u", Kind: "appdatabase", Namespace: "team", Name: "orders"}
	fresh := plan.In{Subject: subject, Observed: composed{}}
	name := naming.Unique(subject, "", "reader", naming.LimitKubernetes)
	env := &pipelinev1.Environment{Vault: &pipelinev1.Vault{DatabaseMount: "db"}}
	cases := map[string]struct {
		of              func(plan.In, string) string
		resource, field string
	}{
		"auth role":     {AuthRoleName, "vault-auth-reader", "roleName"},
		"database role": {DatabaseRoleName, "vault-role-reader", "name"},
		"policy":        {PolicyName, "vault-policy-reader", "name"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			if got := tc.of(fresh, "reader"); got != name {
				t.Errorf("new: %q, want %q", got, name)
			}
			if got := tc.of(fresh, "writer"); got == name {
				t.Errorf("two levels share the name %q", got)
			}
			in := plan.In{Subject: subject, Observed: composed{tc.resource, tc.field, "old"}}
			if got := tc.of(in, "reader"); got != "old" {
				t.Errorf("composed: %q, want old", got)
			}
		})
	}
	if got := CredentialsPath(fresh, env, "reader"); got != "db/creds/"+name {
		t.Errorf("CredentialsPath() = %q", got)
	}
	if got := CredentialsPath(plan.In{Subject: subject, Observed: composed{"vault-role-reader", "name", "old"}}, env, "reader"); got != "db/creds/old" {
		t.Errorf("CredentialsPath() of a composed role = %q", got)
	}
}

// A Vault write is an upsert: two subjects with one path would overwrite each other.
func TestKVPath(t *testing.T) {
	t.Parallel()
	orders := naming.Subject{UID: "u", Kind: "appdatabase", Namespace: "team", Name: "orders"}
	if got := KVPath(plan.In{Subject: orders, Observed: composed{}}); got != "team/appdatabase/orders" {
		t.Errorf("KVPath() = %q", got)
	}
	before := composed{"vault-kv-entry", "name", "team-before/appdatabase/orders"}
	if got := KVPath(plan.In{Subject: orders, Observed: before}); got != "team-before/appdatabase/orders" {
		t.Errorf("KVPath() of a composed entry = %q: a moved claim keeps its path", got)
	}
	seen := map[string]naming.Subject{}
	for _, s := range []naming.Subject{
		{Kind: "appdatabase", Namespace: "a-b", Name: "c"}, {Kind: "appdatabase", Namespace: "a", Name: "b-c"},
		{Kind: "appdatabase", Namespace: "a", Name: "b.c"}, {Kind: "appcache", Namespace: "a-b", Name: "c"},
		{Kind: "appdatabase", Namespace: "appdatabase", Name: "a"}, {Kind: "appdatabase", Namespace: "a", Name: "appdatabase"},
	} {
		path := KVPath(plan.In{Subject: s, Observed: composed{}})
		if other, twice := seen[path]; twice {
			t.Errorf("%+v and %+v share the path %q", s, other, path)
		}
		seen[path] = s
	}
}
