package appdatabase

import (
	"context"
	"testing"
	"time"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/protobuf/proto"

	inputv1 "github.com/goldenpath-dev/goldenpath/functions/appdatabase/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/environment"
	"github.com/goldenpath-dev/goldenpath/functions/internal/inputwalk"
	"github.com/goldenpath-dev/goldenpath/functions/internal/kernel"
)

// answer of function-appdatabase to the claim of a world, with some fields, and to an input.
func (w *world) answer(function *kernel.Function[inputv1.Input], claim, input inputwalk.Fields) []byte {
	w.t.Helper()
	below := inputwalk.Fields{}
	for path, value := range claim {
		below["spec."+path] = value
	}
	xr, err := inputwalk.Document(w.xr, below)
	if err != nil {
		w.t.Fatal(err)
	}
	step, err := inputwalk.Document(fields{"apiVersion": "appdatabase.fn.platform.io/v1", "kind": "Input"}, input)
	if err != nil {
		w.t.Fatal(err)
	}
	req := &fnv1.RunFunctionRequest{
		Meta: &fnv1.RequestMeta{Tag: "t"}, Input: w.object(step).Struct(),
		Observed: &fnv1.State{Composite: &fnv1.Resource{Resource: w.object(xr).Struct()}, Resources: map[string]*fnv1.Resource{}},
		RequiredResources: map[string]*fnv1.Resources{
			environment.RequirementKey: {Items: []*fnv1.Resource{{Resource: w.object(w.env).Struct()}}}, requirementSecret: {},
		},
	}
	for name, o := range w.observed {
		req.Observed.Resources[name] = &fnv1.Resource{Resource: w.object(o).Struct(), ConnectionDetails: w.connections[name]}
	}
	rsp, err := function.RunFunction(context.Background(), req)
	if err != nil {
		w.t.Fatal(err)
	}
	raw, err := proto.MarshalOptions{Deterministic: true}.Marshal(rsp)
	if err != nil {
		w.t.Fatal(err)
	}
	return raw
}

// Everything that the input takes shows in what is composed, or is refused.
func TestEveryInputShows(t *testing.T) {
	t.Parallel()
	type given = inputwalk.Fields
	const tierOf = "tiers.staging."
	// size is the size of the claim, with a change at a dotted path.
	size := func(path string, value any) given {
		s := fields{
			"instanceClass": "db.m7g.large", "storageGiB": 20, "maxStorageGiB": 100,
			"aurora": fields{"instanceClass": "db.serverless", "serverless": fields{"minCapacity": "1", "maxCapacity": "4"}},
		}
		if path != "" {
			set(s, path, value)
		}
		return given{"sizes": fields{"small": s}}
	}
	aurora := func(input given) given {
		input["claim.engine"] = "aurora-postgresql"
		return input
	}
	snapshot := func(namespace, name string) given {
		return given{
			"claim.restoreFrom": fields{"snapshot": "theirs"},
			"snapshots":         []any{fields{"namespaces": []any{namespace}, "names": []any{name}}},
		}
	}
	versions := func(family string) given {
		return given{"engines": fields{"postgres": fields{"defaultVersion": "17", "versions": fields{"17": fields{"family": family}, "16": fields{"family": "postgres16"}}}}}
	}
	samples := map[string]inputwalk.Sample{
		"stages":                                {Then: given{"stages": []any{"database"}}},
		"secretNamespace":                       {Elsewhere: "where the Secrets of the claims flavour are: the flavour of it is tested in package managed"},
		"caBundles":                             {Then: given{"caBundles": fields{"eu-west-1": "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"}}},
		"snapshots[].namespaces":                {Given: snapshot("team-checkout", "theirs"), Then: snapshot("other", "theirs")},
		"snapshots[].names":                     {Given: snapshot("team-checkout", "theirs"), Then: snapshot("team-checkout", "other")},
		"sizes{}.instanceClass":                 {Given: size("", nil), Then: size("instanceClass", "db.r7g.large")},
		"sizes{}.storageGiB":                    {Given: size("", nil), Then: size("storageGiB", 30)},
		"sizes{}.maxStorageGiB":                 {Given: size("", nil), Then: size("maxStorageGiB", 200)},
		"sizes{}.performanceInsights":           {Given: size("", nil), Then: size("performanceInsights", false)},
		"sizes{}.aurora.instanceClass":          {Given: aurora(size("", nil)), Then: size("aurora", fields{"instanceClass": "db.r7g.large"})},
		"sizes{}.aurora.serverless.minCapacity": {Given: aurora(size("", nil)), Then: size("aurora.serverless.minCapacity", "2")},
		"sizes{}.aurora.serverless.maxCapacity": {Given: aurora(size("", nil)), Then: size("aurora.serverless.maxCapacity", "8")},
		"engines{}.defaultVersion":              {Then: given{"engines": fields{"postgres": fields{"defaultVersion": "16"}}}},
		"engines{}.versions{}.family":           {Given: versions("postgres17"), Then: versions("postgres16")},
		"engines{}.parameters":                  {Then: given{"engines": fields{"postgres": fields{"parameters": fields{"work_mem": "65536"}}}}},
		"engines{}.maxReplicas":                 {Given: given{"claim.replicas": 2}, Then: given{"engines": fields{"postgres": fields{"maxReplicas": 1}}}},
		"engines{}.extendedSupport":             {Elsewhere: "it is decided when a database is created: see TestExtendedSupport"},
		"permissionsBoundary": {
			Given: given{tierOf + "monitoringIntervalSeconds": 60},
			Then:  given{"permissionsBoundary": "arn:{partition}:iam::{accountId}:policy/boundary"},
		},
		tierPath("monitoringIntervalSeconds"): {Then: given{tierOf + "monitoringIntervalSeconds": 30}},
		tierPath("pauseAfterSeconds"):         {Given: aurora(size("", nil)), Then: given{tierOf + "pauseAfterSeconds": 600}},
		tierPath("multiAZ"):                   {Then: given{tierOf + "multiAZ": true}},
		tierPath("backupRetentionDays"):       {Then: given{tierOf + "backupRetentionDays": 9}},
		tierPath("deletionProtection"):        {Then: given{tierOf + "deletionProtection": true}},
		tierPath("finalSnapshot"):             {Then: given{tierOf + "finalSnapshot": false}},
		tierPath("keepAutomatedBackups"):      {Then: given{tierOf + "keepAutomatedBackups": true}},
		tierPath("applyImmediately"):          {Then: given{tierOf + "applyImmediately": false}},
		tierPath("backupWindow"):              {Then: given{tierOf + "backupWindow": "05:00-06:00"}},
		tierPath("keepLogs"):                  {Then: given{tierOf + "keepLogs": false}},
		tierPath("logRetentionDays"):          {Then: given{tierOf + "logRetentionDays": 14}},
		tierPath("maintenanceWindow"):         {Then: given{tierOf + "maintenanceWindow": "mon:07:30-mon:08:30"}},
	}
	function := New(func() time.Time { return time.Unix(0, 0) })
	fresh, running := newWorld(t), readyWorld(t)
	inputwalk.Walk(t, inputwalk.Input(t, "../../package/appdatabase/input/appdatabase.fn.platform.io_inputs.yaml"), samples, func(f given) []byte {
		claim, input := inputwalk.Split(f, "claim")
		return append(fresh.answer(function, claim, input), running.answer(function, claim, input)...)
	})
}

func tierPath(field string) string { return "tiers{}." + field }
