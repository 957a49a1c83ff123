package provider

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"
)

func TestChanges(t *testing.T) {
	t.Parallel()
	list := func(items ...any) []any { return items }
	cases := map[string]struct {
		kind                  string
		wanted, has, reported map[string]any
		want                  map[string]any
	}{
		"the same": {cloud.Policy, map[string]any{"policy": "a"}, map[string]any{"policy": "a", "name": "n"}, nil, map[string]any{}},
		"another":  {cloud.Policy, map[string]any{"policy": "b"}, map[string]any{"policy": "a"}, nil, map[string]any{"policy": "b"}},
		"a set in another order": {cloud.Instance, map[string]any{"vpcSecurityGroupIds": list("b", "a")},
			map[string]any{"vpcSecurityGroupIds": list("a", "b")}, nil, map[string]any{}},
		"a set with one less": {cloud.Instance, map[string]any{"vpcSecurityGroupIds": list("a")},
			map[string]any{"vpcSecurityGroupIds": list("a", "b")}, nil, map[string]any{"vpcSecurityGroupIds": list("a")}},
		"statements in another order": {cloud.DatabaseRole, map[string]any{"creationStatements": list("b", "a")},
			map[string]any{"creationStatements": list("a", "b")}, nil, map[string]any{"creationStatements": list("b", "a")}},
		"parameters of a group in another order": {cloud.ParameterGroup, map[string]any{"parameter": list(map[string]any{"name": "a"}, map[string]any{"name": "b"})},
			map[string]any{"parameter": list(map[string]any{"name": "b"}, map[string]any{"name": "a"})}, nil, map[string]any{}},
		"storage that has grown by itself": {cloud.Instance, map[string]any{"allocatedStorage": 20.0, "maxAllocatedStorage": 100.0},
			map[string]any{"allocatedStorage": 50.0, "maxAllocatedStorage": 100.0}, nil, map[string]any{}},
		"storage that would shrink": {cloud.Instance, map[string]any{"allocatedStorage": 20.0, "maxAllocatedStorage": 20.0},
			map[string]any{"allocatedStorage": 50.0, "maxAllocatedStorage": 20.0}, nil, map[string]any{"allocatedStorage": 20.0}},
		"storage that grows": {cloud.Instance, map[string]any{"allocatedStorage": 60.0, "maxAllocatedStorage": 100.0},
			map[string]any{"allocatedStorage": 50.0, "maxAllocatedStorage": 100.0}, nil, map[string]any{"allocatedStorage": 60.0}},
		"an older version": {cloud.Instance, map[string]any{"engineVersion": "16"}, map[string]any{"engineVersion": "17"},
			map[string]any{"engineVersionActual": "17.6"}, map[string]any{}},
		"a newer version": {cloud.Instance, map[string]any{"engineVersion": "18"}, map[string]any{"engineVersion": "17"},
			map[string]any{"engineVersionActual": "17.6"}, map[string]any{"engineVersion": "18"}},
		"a newer release, by number": {cloud.Instance, map[string]any{"engineVersion": "17.10"}, map[string]any{"engineVersion": "17"},
			map[string]any{"engineVersionActual": "17.6"}, map[string]any{"engineVersion": "17.10"}},
		"versions of other kinds are not looked at": {cloud.Policy, map[string]any{"engineVersion": "1"}, map[string]any{"engineVersion": "2"},
			map[string]any{"engineVersionActual": "2"}, map[string]any{"engineVersion": "1"}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, changes(tc.kind, tc.wanted, tc.has, tc.reported)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSecretRefs(t *testing.T) {
	t.Parallel()
	fields := map[string]any{
		"passwordSecretRef": map[string]any{"name": "a", "key": "k"}, "identifier": "i", "autoGeneratePassword": true,
		"postgresql": []any{map[string]any{"passwordSecretRef": map[string]any{"name": "b", "key": "k"}, "username": "u"}},
	}
	want := map[string]secretRef{"passwordSecretRef": {"a", "k"}, "postgresql.0.passwordSecretRef": {"b", "k"}}
	if diff := cmp.Diff(want, secretRefs("", fields), cmp.AllowUnexported(secretRef{})); diff != "" {
		t.Error(diff)
	}
	without := map[string]any{"identifier": "i", "postgresql": []any{map[string]any{"username": "u"}}}
	if diff := cmp.Diff(without, withoutSecrets(fields)); diff != "" {
		t.Error(diff)
	}
	if len(fields) != 4 || len(fields["postgresql"].([]any)[0].(map[string]any)) != 2 { //nolint:forcetypeassert // A fixture.
		t.Error("the fields themselves have changed")
	}
}
