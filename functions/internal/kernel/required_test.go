package kernel

import (
	"testing"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/protobuf/types/known/structpb"
)

// No stage sees what is asked of a required object of ours: only what it publishes has been judged. Of what tenants cannot write, such as
// managed resources, it sees all.
func TestRequiredObjectsHaveNoSpec(t *testing.T) {
	t.Parallel()
	for apiVersion, want := range map[string]bool{
		"platform.io/v1": false, "platform.io/v2beta1": false, "platform.io.example.org/v1": true, "rds.aws.m.upbound.io/v1beta1": true, "v1": true,
	} {
		o, err := structpb.NewStruct(map[string]any{
			"apiVersion": apiVersion, "kind": "Environment", "metadata": map[string]any{"name": "n"}, "spec": map[string]any{"a": "b"}, "status": map[string]any{"c": "d"},
		})
		if err != nil {
			t.Fatal(err)
		}
		req := &fnv1.RunFunctionRequest{RequiredResources: map[string]*fnv1.Resources{"key": {Items: []*fnv1.Resource{{Resource: o}}}}}
		seen := requiredOf(req)["key"].First()
		if seen.Has("spec") != want || seen.Name() != "n" || seen.String("status", "c") != "d" {
			t.Errorf("%s: a stage sees %v", apiVersion, seen.Map())
		}
		if _, kept := o.GetFields()["spec"]; !kept {
			t.Errorf("%s: the request is changed", apiVersion)
		}
	}
}
