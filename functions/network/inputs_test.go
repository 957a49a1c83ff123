package network

import (
	"bytes"
	"context"
	"testing"
	"time"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/functions/internal/inputwalk"
)

// answer of function-network to a composite with an input, in the state that a world has come to.
func (w *world) answer(xr, input fields) []byte {
	w.t.Helper()
	req := &fnv1.RunFunctionRequest{
		Meta: &fnv1.RequestMeta{Tag: "t"}, Input: w.structOf(input),
		Observed: &fnv1.State{Composite: &fnv1.Resource{Resource: w.structOf(xr)}, Resources: map[string]*fnv1.Resource{}},
	}
	for name, o := range w.observed {
		req.Observed.Resources[name] = &fnv1.Resource{Resource: w.structOf(o)}
	}
	rsp, err := New(func() time.Time { return time.Unix(0, 0) }).RunFunction(context.Background(), req)
	if err != nil {
		w.t.Fatal(err)
	}
	raw, err := proto.MarshalOptions{Deterministic: true}.Marshal(rsp)
	if err != nil {
		w.t.Fatal(err)
	}
	return raw
}

func (w *world) structOf(f fields) *structpb.Struct { return w.object(f).Struct() }

// input is the document of an input with some fields.
func (w *world) input(f inputwalk.Fields) fields {
	w.t.Helper()
	document, err := inputwalk.Document(fields{"apiVersion": "network.fn.platform.io/v1", "kind": "Input"}, f)
	if err != nil {
		w.t.Fatal(err)
	}
	return document
}

// claims is the composite of a world with some fields of its spec.
func (w *world) claims(f inputwalk.Fields) fields {
	w.t.Helper()
	below := inputwalk.Fields{}
	for path, value := range f {
		below["spec."+path] = value
	}
	document, err := inputwalk.Document(w.xr, below)
	if err != nil {
		w.t.Fatal(err)
	}
	return document
}

// Everything that the input takes shows in what is composed, or is refused.
func TestEveryInputShows(t *testing.T) {
	t.Parallel()
	// rule is the tenancy of the namespace, with some lists.
	rule := func(lists fields) inputwalk.Fields {
		r := fields{
			"namespaces": []any{"platform"}, "providerConfigs": []any{"*"}, "accounts": []any{"*"}, "owners": []any{"*"}, "costCenters": []any{"*"},
			"cidrs": []any{"*"},
		}
		for list, value := range lists {
			r[list] = value
		}
		return inputwalk.Fields{"tenancy.rules": []any{r}}
	}
	const theirs = "the rules of a tenancy are one text for all functions; function-environment acts on this list"
	samples := map[string]inputwalk.Sample{
		"stage":                               {Then: inputwalk.Fields{"stage": "endpoints"}},
		"regions":                             {Then: inputwalk.Fields{"regions": []any{"moon"}}},
		"zones":                               {Then: inputwalk.Fields{"zones": fields{"eu-west-1": []any{"eu-west-1c"}}}},
		"endpointPresets":                     {Then: inputwalk.Fields{"endpointPresets": fields{"batch": []any{"s3"}}}},
		"flowLogs.enabled":                    {Then: inputwalk.Fields{"flowLogs.enabled": false}},
		"flowLogs.retentionDays":              {Then: inputwalk.Fields{"flowLogs.retentionDays": 90}},
		"secretNamespace":                     {Elsewhere: "no resource of a network has a Secret; the field is that of every function"},
		"tenancy.rules[].namespaces":          {Given: rule(nil), Then: inputwalk.Fields{"tenancy.rules": []any{fields{"namespaces": []any{"other"}}}}},
		"tenancy.rules[].providerConfigs":     {Given: rule(nil), Then: rule(fields{"providerConfigs": []any{"other"}})},
		"tenancy.rules[].accounts":            {Given: rule(nil), Then: rule(fields{"accounts": []any{"999999999999"}})},
		"tenancy.rules[].permissionsBoundary": {Given: rule(nil), Then: rule(fields{"permissionsBoundary": "arn:aws:iam::aws:policy/base"})},
		"tenancy.rules[].vpcs":                {Elsewhere: "TestEveryTargetNeedsLeave"},
		"tenancy.rules[].routeTargets":        {Elsewhere: "TestEveryTargetNeedsLeave"},
		"tenancy.rules[].cidrs":               {Given: rule(nil), Then: rule(fields{"cidrs": []any{"10.64.0.0/12"}})},
		"tenancy.rules[].peerGroups":          {Elsewhere: "TestRangesAndGroupsNeedLeave"},
		"tenancy.systemNamespaces":            {Elsewhere: theirs},
		"tenancy.rules[].clusters":            {Elsewhere: theirs},
		"tenancy.rules[].eksClusters":         {Elsewhere: theirs},
		"tenancy.rules[].workloadNamespaces":  {Elsewhere: theirs},
		"tenancy.rules[].vaultConfigs":        {Elsewhere: theirs},
		"tenancy.rules[].vaultMounts":         {Elsewhere: theirs},
		"tenancy.rules[].vaultNamespaces":     {Elsewhere: theirs},
		"tenancy.rules[].vaultSources":        {Elsewhere: theirs},
		"tenancy.rules[].kubernetesHosts":     {Elsewhere: theirs},
		"tenancy.rules[].securityGroups":      {Elsewhere: theirs},
		"tenancy.rules[].groups":              {Elsewhere: theirs},
		"tenancy.rules[].serviceAccounts":     {Elsewhere: theirs},
		"tenancy.rules[].owners":              {Given: rule(nil), Then: rule(fields{"owners": []any{"other"}})},
		"tenancy.rules[].costCenters":         {Given: rule(nil), Then: rule(fields{"costCenters": []any{"other"}})},
	}
	// Without a rule nothing is composed, whatever else the input says.
	for path, sample := range samples {
		if sample.Elsewhere == "" && sample.Given == nil {
			sample.Given = rule(nil)
			samples[path] = sample
		}
	}
	w := newWorld(t)
	inputwalk.Walk(t, inputwalk.Input(t, "../../package/network/input/network.fn.platform.io_inputs.yaml"), samples,
		func(f inputwalk.Fields) []byte { return w.answer(w.claims(nil), w.input(f)) })
}

// What a claim names of others is composed with a rule that lists it, and not without.
func TestEveryTargetNeedsLeave(t *testing.T) {
	t.Parallel()
	for list, tc := range map[string]struct {
		claim inputwalk.Fields
		value string
	}{
		"vpcs":         {inputwalk.Fields{"cidr": nil, "existing": existing()}, "vpc-0a"},
		"routeTargets": {inputwalk.Fields{"routes": []any{fields{"cidr": "10.9.0.0/16", "transitGatewayId": "tgw-1"}}}, "tgw-1"},
	} {
		w := newWorld(t)
		rule := fields{
			"namespaces": []any{"platform"}, "providerConfigs": []any{"*"}, "accounts": []any{"*"}, "owners": []any{"*"}, "costCenters": []any{"*"},
			"cidrs": []any{"*"},
		}
		without := w.answer(w.claims(tc.claim), w.input(inputwalk.Fields{"tenancy.rules": []any{rule}}))
		rule[list] = []any{tc.value}
		if with := w.answer(w.claims(tc.claim), w.input(inputwalk.Fields{"tenancy.rules": []any{rule}})); bytes.Equal(with, without) {
			t.Errorf("%s changes nothing", list)
		}
	}
}

// Everything that a Network says shows in what is composed, or is refused.
func TestEverySpecShows(t *testing.T) {
	t.Parallel()
	route := func(cidr, field, id string) inputwalk.Fields {
		return inputwalk.Fields{"routes": []any{fields{"cidr": cidr, field: id}}}
	}
	adopted := func(vpc, subnet, role string) inputwalk.Fields {
		return inputwalk.Fields{"cidr": nil, "existing": fields{"vpcId": vpc, "subnets": []any{fields{"id": subnet, "role": role}}}}
	}
	const gateway = "transitGatewayId"
	samples := map[string]inputwalk.Sample{
		"cloud.provider":               {Then: inputwalk.Fields{"cloud.provider": "gcp"}},
		"cloud.region":                 {Then: inputwalk.Fields{"cloud.region": "eu-west-2"}},
		"cloud.accountId":              {Then: inputwalk.Fields{"cloud.accountId": "999999999999"}},
		"cloud.providerConfigRef.name": {Then: inputwalk.Fields{"cloud.providerConfigRef.name": "aws-other"}},
		"cloud.providerConfigRef.kind": {Then: inputwalk.Fields{"cloud.providerConfigRef.kind": "ProviderConfig"}},
		"owner.team":                   {Then: inputwalk.Fields{"owner.team": "other"}},
		"owner.costCenter":             {Then: inputwalk.Fields{"owner.costCenter": "other"}},
		"owner.contact":                {Then: inputwalk.Fields{"owner.contact": "other@example.org"}},
		"cidr":                         {Then: inputwalk.Fields{"cidr": "10.41.0.0/16"}},
		"zones":                        {Then: inputwalk.Fields{"zones": 3}},
		"databaseTier":                 {Then: inputwalk.Fields{"databaseTier": false}},
		"nat":                          {Then: inputwalk.Fields{"nat": "perZone"}},
		"flowLogs.enabled":             {Then: inputwalk.Fields{"flowLogs.enabled": false}},
		"flowLogs.retentionDays":       {Then: inputwalk.Fields{"flowLogs.retentionDays": 90}},
		"flowLogs.kmsKeyArn":           {Then: inputwalk.Fields{"flowLogs.kmsKeyArn": "arn:aws:kms:eu-west-1:123456789012:key/1"}},
		"endpoints":                    {Then: inputwalk.Fields{"endpoints": []any{"sts"}}},
		"endpointPresets":              {Then: inputwalk.Fields{"endpointPresets": []any{"eksPrivate"}}},
		"routes[].cidr":                {Given: route("10.9.0.0/16", gateway, "tgw-1"), Then: route("10.8.0.0/16", gateway, "tgw-1")},
		"routes[].transitGatewayId":    {Given: route("10.9.0.0/16", gateway, "tgw-1"), Then: route("10.9.0.0/16", gateway, "tgw-2")},
		"routes[].peeringConnectionId": {Given: route("10.9.0.0/16", gateway, "tgw-1"), Then: route("10.9.0.0/16", "peeringConnectionId", "pcx-1")},
		"peerGroup":                    {Then: inputwalk.Fields{"peerGroup": "corporate"}},
		"existing.vpcId":               {Given: adopted("vpc-0a", "subnet-0b", "private"), Then: adopted("vpc-0b", "subnet-0b", "private")},
		"existing.subnets[].id":        {Given: adopted("vpc-0a", "subnet-0b", "private"), Then: adopted("vpc-0a", "subnet-0c", "private")},
		"existing.subnets[].role":      {Elsewhere: "status.subnets of what is observed: TestEveryRoleShows"},
		"sharedWith":                   {Elsewhere: "function-environment looks whether the Network is shared with it"},
		"deletionProtection":           {Then: inputwalk.Fields{"deletionProtection": false}},
	}
	w := newWorld(t)
	w.settle()
	fresh := newWorld(t)
	input := fresh.input(inputwalk.Fields{"tenancy.rules": []any{fields{
		"namespaces": []any{"*"}, "providerConfigs": []any{"*"}, "accounts": []any{"*"}, "owners": []any{"*"}, "costCenters": []any{"*"},
		"vpcs": []any{"*"}, "routeTargets": []any{"*"}, "cidrs": []any{"*"}, "peerGroups": []any{"*"},
	}}})
	inputwalk.Walk(t, inputwalk.Spec(t, "../../apis/networks/definition.yaml"), samples, func(f inputwalk.Fields) []byte {
		// A network that is new, and one that runs.
		return append(fresh.answer(fresh.claims(f), input), w.answer(w.claims(f), input)...)
	})
}

// The role of a subnet that others own is told in the status.
func TestEveryRoleShows(t *testing.T) {
	t.Parallel()
	w := existingWorld(t)
	w.settle()
	before := w.compose().Status.Done().Map()["subnets"]
	w.xr["spec"].(fields)["existing"].(fields)["subnets"].([]any)[0].(fields)["role"] = "public"
	after := w.compose().Status.Done().Map()["subnets"]
	if len(before.([]any)) != 2 || before.([]any)[0].(fields)["role"] == after.([]any)[0].(fields)["role"] {
		t.Errorf("before %v, after %v", before, after)
	}
}
