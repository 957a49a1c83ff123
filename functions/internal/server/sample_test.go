package server

import (
	"fmt"
	"math/rand/v2"
	"testing"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/structpb"
)

// sampleRequest is about 200 KiB: an XR with the given number of observed and desired resources of a usual shape.
func sampleRequest(tb testing.TB, resources int) *fnv1.RunFunctionRequest {
	tb.Helper()
	return &fnv1.RunFunctionRequest{
		Meta:     &fnv1.RequestMeta{Tag: "tag-1", Capabilities: []fnv1.Capability{fnv1.Capability_CAPABILITY_CAPABILITIES, fnv1.Capability_CAPABILITY_REQUIRED_RESOURCES}},
		Observed: sampleState(tb, resources),
		Desired:  sampleState(tb, resources),
		Input:    sampleObject(tb, "input"),
		Context:  sampleObject(tb, "context"),
		RequiredResources: map[string]*fnv1.Resources{
			"environment": {Items: []*fnv1.Resource{{Resource: sampleObject(tb, "environment")}}},
			"none":        {},
		},
		ExtraResources: map[string]*fnv1.Resources{"old": {Items: []*fnv1.Resource{{Resource: sampleObject(tb, "old")}}}},
		Credentials: map[string]*fnv1.Credentials{
			"c": {Source: &fnv1.Credentials_CredentialData{CredentialData: &fnv1.CredentialData{Data: map[string][]byte{"key": []byte("value")}}}},
		},
		RequiredSchemas: map[string]*fnv1.Schema{"schema": {OpenapiV3: sampleObject(tb, "schema")}},
	}
}

func sampleState(tb testing.TB, resources int) *fnv1.State {
	tb.Helper()
	s := &fnv1.State{Composite: &fnv1.Resource{Resource: sampleObject(tb, "xr")}, Resources: map[string]*fnv1.Resource{}}
	for i := range resources {
		name := fmt.Sprintf("resource-%02d", i)
		s.Resources[name] = &fnv1.Resource{
			Resource:          sampleObject(tb, name),
			ConnectionDetails: map[string][]byte{"username": []byte("app"), "password": []byte("s3cret"), "endpoint": []byte("db.example.org")},
			Ready:             fnv1.Ready_READY_TRUE,
		}
	}
	return s
}

func sampleObject(tb testing.TB, name string) *structpb.Struct {
	tb.Helper()
	tags := map[string]any{}
	fields := map[string]any{"deletionProtection": true, "skipFinalSnapshot": false, "kmsKeyId": nil}
	for i := range 12 {
		tags[fmt.Sprintf("platform.io/tag-%02d", i)] = fmt.Sprintf("value-%s-%d", name, i)
		fields[fmt.Sprintf("parameterNumber%d", i)] = float64(i) * 1.5
		fields[fmt.Sprintf("parameterName%d", i)] = fmt.Sprintf("a-value-of-a-usual-length-%d", i)
	}
	rules := []any{}
	for i := range 6 {
		rules = append(rules, map[string]any{"fromPort": 5432, "toPort": 5432, "cidrBlocks": []any{"10.0.0.0/16", fmt.Sprintf("10.%d.0.0/16", i)}})
	}
	fields["tags"], fields["rules"] = tags, rules
	s, err := structpb.NewStruct(map[string]any{
		"apiVersion": "rds.aws.m.upbound.io/v1beta1",
		"kind":       "Instance",
		"metadata":   map[string]any{"name": name, "namespace": "team-checkout", "annotations": tags, "labels": tags},
		"spec":       map[string]any{"forProvider": fields, "managementPolicies": []any{"*"}},
		"status":     map[string]any{"atProvider": fields, "conditions": []any{map[string]any{"type": "Ready", "status": "True", "message": "ünïcode"}}},
	})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// sampleResponse has every field of a response set.
func sampleResponse(tb testing.TB, req *fnv1.RunFunctionRequest) *fnv1.RunFunctionResponse {
	tb.Helper()
	ns := "team-checkout"
	return &fnv1.RunFunctionResponse{
		Meta:    &fnv1.ResponseMeta{Tag: req.GetMeta().GetTag(), Ttl: durationpb.New(600e9)},
		Desired: req.GetDesired(),
		Results: []*fnv1.Result{
			{Severity: fnv1.Severity_SEVERITY_WARNING, Message: "careful", Reason: &ns, Target: fnv1.Target_TARGET_COMPOSITE_AND_CLAIM.Enum()},
			{Severity: fnv1.Severity_SEVERITY_NORMAL, Message: "fine"},
		},
		Context: req.GetContext(),
		Requirements: &fnv1.Requirements{
			Resources: map[string]*fnv1.ResourceSelector{
				"b": {ApiVersion: "platform.io/v1", Kind: "Environment", Match: &fnv1.ResourceSelector_MatchName{MatchName: "staging"}, Namespace: &ns},
				"a": {ApiVersion: "v1", Kind: "Secret", Match: &fnv1.ResourceSelector_MatchLabels{MatchLabels: &fnv1.MatchLabels{Labels: map[string]string{"x": "1", "y": "2", "z": "3"}}}},
			},
			Schemas: map[string]*fnv1.SchemaSelector{"s": {ApiVersion: "v1", Kind: "Secret"}},
		},
		Conditions: []*fnv1.Condition{{Type: "DatabaseReady", Status: fnv1.Status_STATUS_CONDITION_TRUE, Reason: "Available", Message: &ns}},
		Output:     sampleObject(tb, "output"),
	}
}

// randomStruct nests at most depth levels and holds every kind of value, empty and nil ones included.
func randomStruct(r *rand.Rand, depth int) *structpb.Struct {
	s := &structpb.Struct{Fields: map[string]*structpb.Value{}}
	for range r.IntN(14) {
		s.Fields[randomString(r)] = randomValue(r, depth)
	}
	return s
}

func randomValue(r *rand.Rand, depth int) *structpb.Value {
	kinds := 9
	if depth == 0 {
		kinds = 6
	}
	switch r.IntN(kinds) {
	case 0:
		return structpb.NewNullValue()
	case 1:
		return structpb.NewBoolValue(r.IntN(2) == 0)
	case 2:
		return structpb.NewNumberValue([]float64{0, -1, 3.5, 1e300, r.NormFloat64()}[r.IntN(5)])
	case 3:
		return &structpb.Value{}
	case 4, 5:
		return structpb.NewStringValue(randomString(r))
	case 6:
		l := &structpb.ListValue{}
		for range r.IntN(5) {
			l.Values = append(l.Values, randomValue(r, depth-1))
		}
		return structpb.NewListValue(l)
	default:
		return structpb.NewStructValue(randomStruct(r, depth-1))
	}
}

func randomString(r *rand.Rand) string {
	b := make([]rune, r.IntN(1<<r.IntN(9)))
	for i := range b {
		b[i] = []rune("abcxyz-./09éλ世")[r.IntN(14)]
	}
	return string(b)
}
