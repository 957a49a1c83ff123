package provider

import (
	"encoding/json"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/fault"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/kinds"
)

// theObject is an Object, and a cluster to apply it to.
type theObject struct {
	t      *testing.T
	client client.Client
	mg     kinds.Managed
	faults fault.Set
}

const quota = `{"metadata": {"name": "o", "namespace": "team", "uid": "u1"}, "spec": {"forProvider": {"manifest": {
	"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "workload", "namespace": "apps"}, "data": {"pods": "10"}}}}}`

func newObject(t *testing.T, document string) *theObject {
	t.Helper()
	o := &theObject{t: t, client: fake.NewClientBuilder().Build(), faults: fault.Set{}}
	for _, k := range kinds.All() {
		if k.Objects() {
			o.mg = k.New()
		}
	}
	if err := json.Unmarshal([]byte(document), o.mg); err != nil {
		t.Fatal(err)
	}
	return o
}

func (o *theObject) connect() *appliedObject {
	o.t.Helper()
	e, err := (&Objects{Connector: &Connector{Client: o.client}, Live: o.client}).object(o.mg, o.faults)
	if err != nil {
		o.t.Fatal(err)
	}
	return e
}

func (o *theObject) observe() managed.ExternalObservation {
	o.t.Helper()
	seen, err := o.connect().Observe(o.t.Context(), o.mg)
	if err != nil {
		o.t.Fatal(err)
	}
	return seen
}

func (o *theObject) live() (*corev1.ConfigMap, error) {
	found := &corev1.ConfigMap{}
	return found, o.client.Get(o.t.Context(), types.NamespacedName{Namespace: "apps", Name: "workload"}, found)
}

// TestObjects: a manifest is really applied, changed and deleted.
func TestObjects(t *testing.T) {
	t.Parallel()
	o := newObject(t, quota)
	if o.observe().ResourceExists {
		t.Fatal("it exists already")
	}
	if _, err := o.connect().Create(t.Context(), o.mg); err != nil {
		t.Fatal(err)
	}
	if found, err := o.live(); err != nil || found.Data["pods"] != "10" {
		t.Errorf("it is not there: %v, %v", found, err)
	}
	if seen := o.observe(); !seen.ResourceExists || !seen.ResourceUpToDate {
		t.Errorf("it is not up to date: %+v", seen)
	}
	at, err := o.mg.Observation()
	if err != nil {
		t.Fatal(err)
	}
	if manifest, _ := at["manifest"].(map[string]any); manifest["kind"] != "ConfigMap" || manifest["metadata"].(map[string]any)["managedFields"] != nil { //nolint:forcetypeassert // A test.
		t.Errorf("what is there is reported as %v", at)
	}
	if err := json.Unmarshal([]byte(strings.ReplaceAll(quota, `"10"`, `"20"`)), o.mg); err != nil {
		t.Fatal(err)
	}
	if o.observe().ResourceUpToDate {
		t.Error("a change is not seen")
	}
	if _, err := o.connect().Update(t.Context(), o.mg); err != nil {
		t.Fatal(err)
	}
	if found, err := o.live(); err != nil || found.Data["pods"] != "20" {
		t.Errorf("it is not changed: %v, %v", found, err)
	}
	for range 2 {
		if _, err := o.connect().Delete(t.Context(), o.mg); err != nil {
			t.Error(err)
		}
	}
	if _, err := o.live(); !apierrors.IsNotFound(err) {
		t.Errorf("it is still there: %v", err)
	}
}

func TestObjectsFail(t *testing.T) {
	t.Parallel()
	o := newObject(t, quota)
	o.faults = fault.Set{fault.NotSynced: "no route", fault.CreateFails: "quota"}
	if _, err := o.connect().Observe(t.Context(), o.mg); err == nil || err.Error() != "cannot get object: no route" {
		t.Errorf("error = %v", err)
	}
	if _, err := o.connect().Create(t.Context(), o.mg); err == nil || err.Error() != "cannot apply object: workload is forbidden: quota" {
		t.Errorf("error = %v", err)
	}
	for reason, manifest := range map[string]string{"nothing": `{}`, "no name": `{"apiVersion": "v1", "kind": "ConfigMap"}`} {
		bad := newObject(t, `{"spec": {"forProvider": {"manifest": `+manifest+`}}}`)
		if _, err := (&Objects{Connector: &Connector{Client: o.client}}).object(bad.mg, nil); err == nil {
			t.Errorf("%s is taken", reason)
		}
	}
}

// TestOnlyObserved: what belongs to somebody else gets no tags and no external name, and nobody adopts it.
func TestOnlyObserved(t *testing.T) {
	t.Parallel()
	const document = `{"metadata": {"name": "v", "namespace": "team", "uid": "u1", "annotations": {"crossplane.io/external-name": "vpc-0e00000000000002a"}},
		"spec": {"managementPolicies": ["Observe"], "forProvider": {"region": "eu-west-1"}}}`
	s := newStage(t, cloud.VPC, document)
	if o := s.observe(); !o.ResourceExists || !o.ResourceUpToDate || o.ResourceLateInitialized {
		t.Errorf("it is seen as %+v", o)
	}
	if got := s.observation("cidrBlock"); got != "10.42.0.0/16" {
		t.Errorf("cidrBlock = %v", got)
	}
	if err := (tagger{kind: s.connector.Kind}).tag(t.Context(), s.mg); err != nil {
		t.Error(err)
	}
	if parameters, err := s.mg.Parameters(); err != nil || parameters["tags"] != nil {
		t.Errorf("it is tagged: %v, %v", parameters, err)
	}
	if got := len(s.connector.Cloud.Cloud().Resources); got != 0 {
		t.Errorf("%d resources are ours", got)
	}
	gone := newStage(t, cloud.VPC, strings.ReplaceAll(document, "vpc-0e", "vpc-dead"))
	if o := gone.observe(); o.ResourceExists {
		t.Errorf("nothing is seen as %+v", o)
	}
}
