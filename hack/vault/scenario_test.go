package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func resource(name, kind string) object {
	return object{"kind": kind, "metadata": map[string]any{"annotations": map[string]any{resourceName: name}}, "spec": map[string]any{"forProvider": map[string]any{}}}
}

func TestParse(t *testing.T) {
	t.Parallel()
	got, err := parse([]byte("# a comment\n---\nkind: A\n---\n\n---\nkind: B\ntext: |\n  --- is no end\n"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]object{{"kind": "A"}, {"kind": "B", "text": "--- is no end\n"}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := parse([]byte("kind: [")); err == nil {
		t.Error("parse() takes what is no YAML")
	}
}

// Only what is new is observed in the next round, ready where it has a provider; the claim is never a resource of its own.
func TestUnseen(t *testing.T) {
	t.Parallel()
	secret := resource("payload", "Secret")
	delete(secret, "spec")
	composed := []object{{"kind": "AppDatabase"}, resource("old", "Policy"), resource("new", "SecretV2"), secret}
	got := unseen(composed, []object{resource("old", "Policy")})
	want := []object{resource("new", "SecretV2"), secret}
	want[0]["status"] = map[string]any{"conditions": []any{condition("Synced"), condition("Ready")}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Each level has one service account, so that a login as another level is a login of somebody else.
func TestEveryLevel(t *testing.T) {
	t.Parallel()
	claim := object{"spec": map[string]any{"access": []any{"before"}}}
	everyLevel(claim, nil)
	want := []any{
		map[string]any{"serviceAccount": "orders-reader", "role": "reader"}, map[string]any{"serviceAccount": "orders-writer", "role": "writer"},
		map[string]any{"serviceAccount": "orders-admin", "role": "admin"},
	}
	if diff := cmp.Diff(want, claim["spec"].(map[string]any)["access"]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The database's credentials are found where the database says it leaves them.
func TestNamed(t *testing.T) {
	t.Parallel()
	instance := object{"metadata": map[string]any{"namespace": "team"}, "spec": map[string]any{"writeConnectionSecretToRef": map[string]any{"name": "details"}}}
	got := named([]object{{"kind": "Secret"}}, []object{resource("other", "Policy"), instance})
	if diff := cmp.Diff([]object{{"kind": "Secret", "metadata": map[string]any{"name": "details", "namespace": "team"}}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
