package core

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

type fields = map[string]any

// Nothing but what is meant: a zero value that is written is owned.
func TestSecret(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		secret Secret
		want   fields
	}{
		"typed": {Secret{Name: "n", Namespace: "ns", Type: "servicebinding.io/postgresql", Data: map[string]string{"a": "1", "empty": ""}}, fields{
			"apiVersion": "v1", "kind": "Secret", "metadata": fields{"name": "n", "namespace": "ns"}, "type": "servicebinding.io/postgresql",
			"data": fields{"a": "MQ==", "empty": ""},
		}},
		"opaque": {Secret{Name: "n", Namespace: "ns", Data: map[string]string{"a": "1"}}, fields{
			"apiVersion": "v1", "kind": "Secret", "metadata": fields{"name": "n", "namespace": "ns"}, "data": fields{"a": "MQ=="},
		}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, tc.secret.Object().Map()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.secret.Data, SecretData(tc.secret.Object())); diff != "" {
				t.Errorf("SecretData() (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSecretDataOfWhatIsNoSecret(t *testing.T) {
	t.Parallel()
	o, err := object.FromValue(fields{"data": fields{"good": "MQ==", "bad": "!"}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"good": "1"}, SecretData(o)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := SecretData(object.Object{}); len(got) != 0 {
		t.Errorf("SecretData() of nothing = %v", got)
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	of := Resource{APIVersion: "platform.io/v1", Kind: "Environment", Name: "staging"}
	ofFields := fields{"apiVersion": "platform.io/v1", "kind": "Environment", "resourceRef": fields{"name": "staging"}}
	by := &Resource{APIVersion: "a/v1", Kind: "B", Name: "b"}
	byFields := fields{"apiVersion": "a/v1", "kind": "B", "resourceRef": fields{"name": "b"}}
	elsewhere := of
	elsewhere.Namespace = "platform"
	cases := map[string]struct {
		usage Usage
		want  fields
	}{
		"by a resource": {Usage{Name: "u", Namespace: "ns", Labels: map[string]string{"l": "1"}, Of: of, By: by}, fields{
			"kind": "Usage", "metadata": fields{"name": "u", "namespace": "ns", "labels": fields{"l": "1"}}, "spec": fields{"of": ofFields, "by": byFields},
		}},
		"for a reason": {Usage{Name: "u", Namespace: "ns", Of: of, Reason: "because"}, fields{
			"kind": "Usage", "metadata": fields{"name": "u", "namespace": "ns"}, "spec": fields{"of": ofFields, "reason": "because"},
		}},
		"of the cluster": {Usage{Name: "u", Of: of, By: by}, fields{
			"kind": "ClusterUsage", "metadata": fields{"name": "u"}, "spec": fields{"of": ofFields, "by": byFields},
		}},
		"of another namespace": {Usage{Name: "u", Namespace: "ns", Of: elsewhere, By: by}, fields{
			"kind": "Usage", "metadata": fields{"name": "u", "namespace": "ns"}, "spec": fields{"by": byFields, "of": fields{
				"apiVersion": "platform.io/v1", "kind": "Environment", "resourceRef": fields{"name": "staging", "namespace": "platform"}}},
		}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			tc.want["apiVersion"] = "protection.crossplane.io/v1beta1"
			if diff := cmp.Diff(tc.want, tc.usage.Object().Map()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
