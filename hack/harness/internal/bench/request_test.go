package bench

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
)

// doc makes a document of one object.
func doc(t *testing.T, text string) repo.Document {
	t.Helper()
	docs, err := repo.Parse("test.yaml", []byte(text))
	if err != nil || len(docs) != 1 {
		t.Fatalf("not one document: %v", err)
	}
	return docs[0]
}

const environment = `{apiVersion: platform.io/v1, kind: Environment, metadata: {name: staging, namespace: team}}`

func TestRequest(t *testing.T) {
	t.Parallel()
	e := example{
		xr: doc(t, `{apiVersion: platform.io/v1, kind: AppDatabase, metadata: {name: orders, namespace: team}}`),
		observed: []repo.Document{doc(t, `{apiVersion: rds.aws.m.upbound.io/v1beta1, kind: Instance,
			metadata: {name: orders-x, annotations: {crossplane.io/composition-resource-name: database-instance}},
			spec: {writeConnectionSecretToRef: {name: master}}}`)},
		required: []repo.Document{doc(t, `{apiVersion: v1, kind: Secret, metadata: {name: master, namespace: team}, data: {username: YXBw}}`)},
	}
	golden := doc(t, `{apiVersion: v1, kind: Secret, metadata: {name: s, ownerReferences: [{controller: true, uid: the-uid}]}}`)
	if err := e.complete([]repo.Document{golden}, true); err != nil {
		t.Fatal(err)
	}
	req, err := e.request(nil)
	if err != nil {
		t.Fatal(err)
	}
	if uid := req.GetObserved().GetComposite().GetResource().AsMap()["metadata"].(map[string]any)["uid"]; uid != "the-uid" {
		t.Errorf("the composite has the uid %v, want that of the owner of what was rendered", uid)
	}
	instance := req.GetObserved().GetResources()["database-instance"]
	if instance.GetResource().AsMap()["kind"] != "Instance" || string(instance.GetConnectionDetails()["username"]) != "app" {
		t.Errorf("observed %v, want the Instance with its connection details", instance)
	}

	e.observed = append(e.observed, doc(t, environment))
	if _, err := e.request(nil); err == nil || !strings.Contains(err.Error(), resourceName) {
		t.Errorf("an observed object without the annotation: %v, want an error that names it", err)
	}
}

func TestAnswer(t *testing.T) {
	t.Parallel()
	e := example{required: []repo.Document{doc(t, environment)}}
	team, other := "team", "other"
	selector := func(name string, namespace *string) *fnv1.ResourceSelector {
		return &fnv1.ResourceSelector{
			ApiVersion: "platform.io/v1", Kind: "Environment", Namespace: namespace,
			Match: &fnv1.ResourceSelector_MatchName{MatchName: name},
		}
	}
	answers, err := e.answer(&fnv1.Requirements{Resources: map[string]*fnv1.ResourceSelector{
		"found": selector("staging", &team), "other-name": selector("production", &team), "other-namespace": selector("staging", &other),
	}})
	if err != nil {
		t.Fatal(err)
	}
	found, err := resource(e.required[0])
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]*fnv1.Resources{"found": {Items: []*fnv1.Resource{found}}, "other-name": {}, "other-namespace": {}}
	if d := cmp.Diff(want, answers, protocmp.Transform()); d != "" {
		t.Errorf("answers (-want +got):\n%s", d)
	}
}

func TestAnswerSeveral(t *testing.T) {
	t.Parallel()
	labelled := func(name, namespace, uid string) repo.Document {
		return doc(t, "{apiVersion: protection.crossplane.io/v1beta1, kind: Usage, metadata: {name: "+name+", namespace: "+namespace+
			", labels: {platform.io/environment-uid: "+uid+"}}}")
	}
	e := example{required: []repo.Document{labelled("a", "team", "u-1"), labelled("b", "other", "u-1"), labelled("c", "team", "u-2"), doc(t, environment)}}
	team := "team"
	labels := func(uid string) *fnv1.ResourceSelector_MatchLabels {
		return &fnv1.ResourceSelector_MatchLabels{MatchLabels: &fnv1.MatchLabels{Labels: map[string]string{"platform.io/environment-uid": uid}}}
	}
	const version, kind = "protection.crossplane.io/v1beta1", "Usage"
	answers, err := e.answer(&fnv1.Requirements{Resources: map[string]*fnv1.ResourceSelector{
		"labels":           {ApiVersion: version, Kind: kind, Match: labels("u-1")},
		"labels-namespace": {ApiVersion: version, Kind: kind, Namespace: &team, Match: labels("u-1")},
		"no-labels":        {ApiVersion: version, Kind: kind, Match: labels("u-3")},
		"all":              {ApiVersion: version, Kind: kind},
		"other-kind":       {ApiVersion: version, Kind: "ClusterUsage"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for key, answer := range answers {
		got[key] = len(answer.GetItems())
	}
	if d := cmp.Diff(map[string]int{"labels": 2, "labels-namespace": 1, "no-labels": 0, "all": 3, "other-kind": 0}, got); d != "" {
		t.Errorf("answers (-want +got):\n%s", d)
	}
}

func TestPad(t *testing.T) {
	t.Parallel()
	observed, err := structpb.NewStruct(map[string]any{"kind": "Policy", "spec": map[string]any{"a": "b"}, "status": map[string]any{"c": "d"}})
	if err != nil {
		t.Fatal(err)
	}
	req := &fnv1.RunFunctionRequest{
		Observed: &fnv1.State{Resources: map[string]*fnv1.Resource{"one": {Resource: observed}}},
		Desired:  &fnv1.State{},
	}
	if added := pad(req, 3); added != 2 || len(req.GetObserved().GetResources()) != 3 || len(req.GetDesired().GetResources()) != 2 {
		t.Errorf("%d added, %d observed, %d desired; want 2, 3, 2",
			added, len(req.GetObserved().GetResources()), len(req.GetDesired().GetResources()))
	}
	for name, r := range req.GetDesired().GetResources() {
		if _, ok := r.GetResource().GetFields()["status"]; ok {
			t.Errorf("desired %s has a status: a step wants none", name)
		}
	}
	if added := pad(req, 3); added != 0 {
		t.Errorf("%d added to what is enough already, want 0", added)
	}
}

func TestStoredComposite(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	const xr = `{apiVersion: platform.io/v1, kind: AppDatabase, metadata: {name: orders, uid: u}`
	for name, text := range map[string]string{"xr.yaml": xr + "}", "golden.yaml": xr + ", status: {version: '17'}}"} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, stored := range []bool{true, false} {
		e, err := loadExample(root, ".", stored)
		if err != nil {
			t.Fatal(err)
		}
		if _, got := e.xr.Object["status"]; got != stored || e.xr.Meta("uid") != "u" {
			t.Errorf("stored %t: the composite is %v", stored, e.xr.Object)
		}
	}
}
