package provider

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/fault"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/kinds"
)

// told are faults that a composite tells.
type told struct {
	annotation string
	err        error
}

func (f told) Faults(context.Context, kinds.Kind, kinds.Managed) (string, error) {
	return f.annotation, f.err
}

const setup = "cannot initialize the Terraform plugin SDK async external client: cannot get terraform setup: "

func config(group, kind, namespace, name, source, secretNamespace string) client.Object {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": group + "/v1beta1", "kind": kind, "metadata": map[string]any{"name": name, "namespace": namespace},
		"spec": map[string]any{"address": "https://vault.example.org:8200", "credentials": map[string]any{
			"source": source, "secretRef": map[string]any{"name": "credentials", "namespace": secretNamespace, "key": "k"},
		}},
	}}
}

func secret(namespace, name, key, value string) client.Object {
	return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}, Data: map[string][]byte{key: []byte(value)}}
}

func clientWith(t *testing.T, objects ...client.Object) client.Client {
	t.Helper()
	scheme := runtime.NewScheme()
	kinds.AddToScheme(scheme)
	if err := corev1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	return fake.NewClientBuilder().WithScheme(scheme).WithObjects(objects...).Build()
}

func TestConnect(t *testing.T) {
	t.Parallel()
	const aws, vault = "aws.m.upbound.io", "vault.m.upbound.io"
	cases := map[string]struct {
		kind    string
		ref     *xpv2.ProviderConfigReference
		objects []client.Object
		faults  told
		own     string
		want    string
	}{
		"no reference": {kind: cloud.Instance, want: setup + "no providerConfigRef provided"},
		"a kind that is none": {kind: cloud.Instance, ref: &xpv2.ProviderConfigReference{Kind: "Config", Name: "a"},
			want: setup + `referenced provider config kind "Config" is invalid for team/db`},
		"no configuration": {kind: cloud.Instance, ref: &xpv2.ProviderConfigReference{Kind: "ClusterProviderConfig", Name: "a"},
			want: setup + `cannot get referenced ProviderConfig: clusterproviderconfigs.aws.m.upbound.io "a" not found`},
		"a configuration of another namespace": {kind: cloud.Instance, ref: &xpv2.ProviderConfigReference{Kind: "ProviderConfig", Name: "a"},
			objects: []client.Object{config(aws, "ProviderConfig", "elsewhere", "a", "None", "")},
			want:    setup + `cannot get referenced ProviderConfig: providerconfigs.aws.m.upbound.io "a" not found`},
		"no credentials": {kind: cloud.Instance, ref: &xpv2.ProviderConfigReference{Kind: "ClusterProviderConfig", Name: "a"},
			objects: []client.Object{config(aws, "ClusterProviderConfig", "", "a", "Secret", "system")},
			want:    setup + `cannot get aws config: cannot get credentials: cannot get credentials secret: secrets "credentials" not found`},
		"no credentials for Vault": {kind: cloud.Policy, ref: &xpv2.ProviderConfigReference{Kind: "ClusterProviderConfig", Name: "a"},
			objects: []client.Object{config(vault, "ClusterProviderConfig", "", "a", "Secret", "system")},
			want:    setup + `cannot extract credentials: cannot get credentials secret: secrets "credentials" not found`},
		"credentials for Vault that are no document": {kind: cloud.Policy, ref: &xpv2.ProviderConfigReference{Kind: "ClusterProviderConfig", Name: "a"},
			objects: []client.Object{config(vault, "ClusterProviderConfig", "", "a", "Secret", "system"), secret("system", "credentials", "k", "{")},
			want: setup + "cannot extract credentials: cannot unmarshal vault credentials as JSON: " +
				`the key "k" of the Secret is not a JSON document`},
		"credentials": {kind: cloud.Instance, ref: &xpv2.ProviderConfigReference{Kind: "ClusterProviderConfig", Name: "a"},
			objects: []client.Object{config(aws, "ClusterProviderConfig", "", "a", "Secret", "system"), secret("system", "credentials", "k", "x")}},
		"credentials beside a namespaced configuration": {kind: cloud.Instance, ref: &xpv2.ProviderConfigReference{Kind: "ProviderConfig", Name: "a"},
			objects: []client.Object{config(aws, "ProviderConfig", "team", "a", "Secret", "system"), secret("team", "credentials", "k", "x")}},
		"credentials that AWS does not know": {kind: cloud.Instance, ref: &xpv2.ProviderConfigReference{Kind: "ClusterProviderConfig", Name: "a"},
			objects: []client.Object{config(aws, "ClusterProviderConfig", "", "a", "None", "")}, own: "credentials",
			want: setup + "cache manager failure: cannot get account id: cannot get the caller identity: operation error STS: GetCallerIdentity, " +
				"https response error StatusCode: 403, RequestID: " + requestID +
				", api error InvalidClientTokenId: The security token included in the request is invalid."},
		"credentials that Vault does not know": {kind: cloud.Policy, ref: &xpv2.ProviderConfigReference{Kind: "ClusterProviderConfig", Name: "a"},
			objects: []client.Object{config(vault, "ClusterProviderConfig", "", "a", "None", "")}, faults: told{annotation: "*=credentials"},
			want: setup + "failed to configure the no-fork Vault client: failed to configure the provider: [{0 failed to lookup token, " +
				"err=Error making API request.\n\nURL: GET https://vault.example.org:8200/v1/auth/token/lookup-self\nCode: 403. Errors:\n\n" +
				"* permission denied  []}]"},
		"a fault that there is not": {kind: cloud.Instance, own: "magic", want: `annotation simulator.platform.io/fault: there is no fault "magic": ` +
			"write one of [create-fails credentials drift leased not-synced secret-late slow-delete stuck throttled window-closed]"},
		"the composite cannot be read": {kind: cloud.Instance, faults: told{err: errors.New("no network")}, want: "no network"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, tc.kind, instanceSpec)
			s.mg.SetProviderConfigReference(tc.ref)
			annotations := s.mg.GetAnnotations()
			annotations[fault.Annotation] = tc.own
			s.mg.SetAnnotations(annotations)
			s.connector.Client, s.connector.Composites = clientWith(t, tc.objects...), tc.faults
			_, err := s.connector.Connect(t.Context(), s.mg)
			says(t, err, tc.want)
		})
	}
}

// TestSecrets: the cloud gets fingerprints, of Secrets that are there.
func TestSecrets(t *testing.T) {
	t.Parallel()
	s := newStage(t, cloud.Instance, instanceSpec)
	e, err := s.connector.external(s.mg, fault.Set{}, "")
	if err != nil {
		t.Fatal(err)
	}
	s.connector.Client = clientWith(t)
	if err := s.connector.secrets(t.Context(), s.mg, e); err != nil || len(e.values) != 0 || e.password != "" {
		t.Errorf("there is no Secret: %v, %v", e.values, err)
	}
	s.connector.Client = clientWith(t, secret("team", "s", "password", "hunter2"))
	if err := s.connector.secrets(t.Context(), s.mg, e); err != nil || e.password != "hunter2" {
		t.Errorf("the password is %q, %v", e.password, err)
	}
	if v := e.values["passwordSecretRef"]; v == "" || strings.Contains(v, "hunter2") {
		t.Errorf("the cloud gets %q", v)
	}
}

func initialize(t *testing.T, s *stage, c client.Client) {
	t.Helper()
	for _, i := range Initializers(s.connector.Kind, c) {
		if err := i.Initialize(t.Context(), s.mg); err != nil {
			t.Fatal(err)
		}
	}
}

func TestInitializers(t *testing.T) {
	t.Parallel()
	s := newStage(t, cloud.Instance, instanceSpec)
	s.mg.SetProviderConfigReference(&xpv2.ProviderConfigReference{Kind: "ClusterProviderConfig", Name: "aws"})
	c := clientWith(t, s.mg)
	initialize(t, s, c)
	parameters, err := s.mg.Parameters()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"a": "b", "crossplane-kind": "instance.rds.aws.m.upbound.io", "crossplane-name": "db", "crossplane-providerconfig": "aws",
	}
	if diff := cmp.Diff(want, parameters["tags"]); diff != "" {
		t.Error(diff)
	}
	made := &corev1.Secret{}
	if err := c.Get(t.Context(), types.NamespacedName{Namespace: "team", Name: "s"}, made); err != nil {
		t.Fatal(err)
	}
	if len(made.Data["password"]) < 16 || len(made.OwnerReferences) != 1 || made.OwnerReferences[0].Kind != "Instance" {
		t.Errorf("a password is generated into a Secret of the instance: %d bytes, owned by %v", len(made.Data["password"]), made.OwnerReferences)
	}
	version := s.mg.GetResourceVersion()
	initialize(t, s, c)
	again := &corev1.Secret{}
	if err := c.Get(t.Context(), types.NamespacedName{Namespace: "team", Name: "s"}, again); err != nil {
		t.Fatal(err)
	}
	if s.mg.GetResourceVersion() != version || !cmp.Equal(again.Data, made.Data) {
		t.Error("the second time nothing is to be done")
	}
}

// TestForeignSecret: a Secret that was there before is filled, and belongs to whom it belonged.
func TestForeignSecret(t *testing.T) {
	t.Parallel()
	for value, filled := range map[string]bool{"": true, "mine": false} {
		s := newStage(t, cloud.Instance, instanceSpec)
		before := secret("team", "s", "password", value)
		before.SetCreationTimestamp(metav1.Time{Time: time.Unix(1, 0)})
		c := clientWith(t, s.mg, before)
		initialize(t, s, c)
		got := &corev1.Secret{}
		if err := c.Get(t.Context(), types.NamespacedName{Namespace: "team", Name: "s"}, got); err != nil {
			t.Fatal(err)
		}
		if len(got.OwnerReferences) != 0 || (string(got.Data["password"]) != value) != filled {
			t.Errorf("a Secret with %q: filled %t, owned by %v", value, string(got.Data["password"]) != value, got.OwnerReferences)
		}
	}
}

func TestNamedKinds(t *testing.T) {
	t.Parallel()
	const annotation = "crossplane.io/external-name"
	for kind, want := range map[string]string{cloud.SubnetGroup: "db", cloud.ParameterGroup: "db", cloud.SecurityGroup: "", cloud.Policy: ""} {
		s := newStage(t, kind, `{"metadata": {"name": "db", "namespace": "team", "uid": "u"}, "spec": {"forProvider": {}}}`)
		initialize(t, s, clientWith(t, s.mg))
		if got := s.mg.GetAnnotations()[annotation]; got != want {
			t.Errorf("external name of a %s = %q, want %q", kind, got, want)
		}
	}
}

func TestTargetIsInTheAccountOfItsConfiguration(t *testing.T) {
	for config, want := range map[string]string{"aws-staging": cloud.Account, "aws-production": cloud.ProductionAccount, "": ""} {
		s := newStage(t, cloud.VPC, `{"metadata": {"name": "v", "uid": "u"}, "spec": {"forProvider": {"region": "eu-west-1"}}}`)
		if config != "" {
			s.mg.SetProviderConfigReference(&xpv2.ProviderConfigReference{Kind: "ClusterProviderConfig", Name: config})
		}
		if got := s.connect().target.Account; got != want {
			t.Errorf("with configuration %q the account is %q, want %q", config, got, want)
		}
	}
}
