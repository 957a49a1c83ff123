package simulator_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/simulator"
)

var update = flag.Bool("update", false, "write the generated inputs of the examples")

const examples = "../../../examples/appdatabases"

// generated is an example whose observed state comes out of a run of the simulator.
type generated struct {
	name, reason string
	// environment is the case whose required.yaml the run starts with; its own when empty.
	environment string
	// before edits the composite for the run: what the claim said at first.
	before func(*structpb.Struct) *structpb.Struct
	// active is the environment's state during the run.
	active func(*structpb.Struct) *structpb.Struct
	// done ends the run.
	done func(*simulator.Cluster) bool
}

func generatedCases() []generated {
	ready := (*simulator.Cluster).Ready
	same := func(s *structpb.Struct) *structpb.Struct { return s }
	spec := func(value *structpb.Value, field string) func(*structpb.Struct) *structpb.Struct {
		return func(s *structpb.Struct) *structpb.Struct { return simulator.With(s, value, "spec", field) }
	}
	return []generated{
		{name: "02-creating", reason: "the instance takes a while", before: same, active: same, done: func(c *simulator.Cluster) bool {
			return c.Get("database-instance").Condition("Ready").Status == "False" && !c.Get("database-usage-environment").IsZero()
		}},
		{name: "03-ready", reason: "everything is there", before: same, active: same, done: ready},
		{name: "04-production", reason: "everything is there, for production", before: same, active: same, done: ready},
		{name: "05-mysql-preview", reason: "everything is there, on the other engine", before: same, active: same, done: ready},
		{name: "07-environment-lost", reason: "it was ready before", environment: "03-ready", before: same, active: same, done: ready},
		{name: "08-shrink-refused", reason: "it was created with more", before: spec(simulator.Number(50), "storageGiB"), active: same, done: ready},
		{name: "11-claim-ready", reason: "everything is there, in the claims flavour", before: same, active: same, done: ready},
		{name: "18-static-credentials", reason: "everything is there, without Vault", before: same, active: same, done: ready},
		{name: "12-upgrade", reason: "it runs the older version", before: spec(simulator.Text("16"), "version"), active: same, done: ready},
		{name: "23-mariadb", reason: "everything is there", before: same, active: same, done: ready},
		{name: "24-aurora-postgresql", reason: "everything is there", before: same, active: same, done: ready},
		{name: "25-aurora-mysql-production", reason: "everything is there", before: same, active: same, done: ready},
		{name: "26-replicas", reason: "everything is there", before: same, active: same, done: ready},
		{name: "27-fewer-replicas", reason: "it had two", before: spec(simulator.Number(2), "replicas"), active: same, done: ready},
		{name: "28-restore-snapshot", reason: "everything is there", before: same, active: same, done: ready},
		{name: "29-restore-point-in-time", reason: "everything is there", before: same, active: same, done: ready},
		{name: "31-parameters", reason: "it runs with the defaults", active: same, done: ready, before: func(s *structpb.Struct) *structpb.Struct {
			for _, field := range []string{"parameters", "backupWindow", "maintenanceWindow"} {
				s = simulator.Without(s, "spec", field)
			}
			return s
		}},
		{name: "32-retain", reason: "everything is there", before: same, active: same, done: ready},
		{name: "33-iam", reason: "everything is there", before: same, active: same, done: ready},
		{name: "34-iam-unknown-identity", reason: "all but one grant is there", before: same, active: same, done: func(c *simulator.Cluster) bool {
			return c.Condition("VaultReady").Status == "True" && c.Condition("AccessReady").Reason == "IdentityUnknown"
		}},
		{name: "35-upgrade-mariadb", reason: "it runs the older version", before: spec(simulator.Text("10.11"), "version"), active: same, done: ready},
		{name: "36-claim-aurora", reason: "everything is there, in the claims flavour", before: same, active: same, done: ready},
		{name: "37-claim-mariadb-iam", reason: "everything is there, in the claims flavour", before: same, active: same, done: ready},
		{name: "40-downgrade-refused", reason: "it runs a newer version", before: spec(simulator.Text("17"), "version"), active: same, done: ready},
		{name: "41-production-pending", reason: "it was smaller", before: spec(simulator.Text("medium"), "size"), active: same, done: ready},
		{
			name: "13-preview-expired", reason: "it was ready before", before: same, done: ready,
			active: func(env *structpb.Struct) *structpb.Struct {
				return simulator.With(env, simulator.Text("Active"), "status", "phase")
			},
		},
	}
}

// TestWriteExampleInputs holds the generated inputs of the examples against what the simulator makes of them. With -update
// it writes them.
func TestWriteExampleInputs(t *testing.T) {
	for _, g := range generatedCases() {
		t.Run(g.name, func(t *testing.T) {
			dir := filepath.Join(examples, g.name)
			cluster := g.run(t, dir)
			observed, err := cluster.ObservedFile()
			if err != nil {
				t.Fatal(err)
			}
			xr, err := cluster.WithStatus(dir)
			if err != nil {
				t.Fatal(err)
			}
			holds(t, filepath.Join(dir, "observed.yaml"), observed)
			holds(t, filepath.Join(dir, "xr.yaml"), xr)
		})
	}
}

func (g generated) run(t *testing.T, dir string) *simulator.Cluster {
	t.Helper()
	c, err := simulator.ReadCase(dir)
	if err != nil {
		t.Fatal(err)
	}
	if g.environment != "" {
		other, err := simulator.ReadCase(filepath.Join(examples, g.environment))
		if err != nil {
			t.Fatal(err)
		}
		c.Required = other.Required
	}
	// Without a uid in the file, the objects would belong to another composite than render's.
	if raw, err := os.ReadFile(filepath.Join(dir, "xr.yaml")); err != nil || !cmp.Equal(object.Of(parse(t, string(raw))).UID(), object.Of(c.XR).UID()) {
		t.Fatalf("xr.yaml needs a metadata.uid (%v)", err)
	}
	c.XR, c.Composed = g.before(simulator.Without(c.XR, "status")), nil
	for i := range c.Required {
		c.Required[i] = g.active(c.Required[i])
	}
	cluster := c.Cluster(oneStep(nil)...)
	cluster.Cloud.Delay = func(kind string) int {
		if kind == "Instance" {
			return 2
		}
		return 0
	}
	for range 20 {
		round, err := cluster.Step()
		if err != nil || round.Fatal != "" || len(round.Deleted) > 0 {
			t.Fatalf("error %v, fatal %q, deleted %v", err, round.Fatal, round.Deleted)
		}
		if g.done(cluster) {
			return cluster
		}
	}
	t.Fatalf("%s: never came to the point where %s: %v", g.name, g.reason, cluster.Conditions)
	return nil
}

func holds(t *testing.T, path string, want []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: write it with go test ./functions/internal/simulator -run TestWriteExampleInputs -update", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s is not what the simulator writes (-want +got); write it with go test ./functions/internal/simulator "+
			"-run TestWriteExampleInputs -update\n%s", path, diff)
	}
}
