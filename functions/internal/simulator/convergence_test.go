package simulator_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/functions/appdatabase"
	"github.com/goldenpath-dev/goldenpath/functions/guardrails"
	"github.com/goldenpath-dev/goldenpath/functions/iam"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/simulator"
	"github.com/goldenpath-dev/goldenpath/functions/vault"
)

// restarting is the name of a run in which the providers start again in every round.
const restarting = "while its providers start again"

// grace is how many rounds more than its dependency depth an example may take.
const grace = 2

// calm is how many rounds nothing may change after that.
const calm = 5

// waits are the examples that are not meant to become ready, and the reason in their conditions.
func waits() map[string]string {
	return map[string]string{
		"06-environment-not-ready":        "EnvironmentNotReady",
		"07-environment-lost":             "EnvironmentNotFound",
		"08-shrink-refused":               "StorageShrink",
		"09-environment-not-found":        "EnvironmentNotFound",
		"13-preview-expired":              "EnvironmentExpired",
		"15-unknown-version":              "UnknownVersion",
		"16-environment-not-shared":       "EnvironmentNotShared",
		"19-environment-on-another-cloud": "EnvironmentCloudUnsupported",
		"20-environment-without-network":  "EnvironmentWithoutNetwork",
		"30-restore-refused":              "SnapshotNotAllowed",
		"34-iam-unknown-identity":         "IdentityUnknown",
		"38-windows-overlap":              "InvalidWindow",
		"39-unknown-parameter":            "InvalidParameter",
		"40-downgrade-refused":            "VersionDowngrade",
	}
}

// TestConvergence feeds every example its own output back as ready, in both flavours, until it is ready or, where it is not
// meant to be, for as long as the others take.
func TestConvergence(t *testing.T) {
	dirs, err := filepath.Glob(filepath.Join(examples, "*", "xr.yaml"))
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no examples in %s (%v)", examples, err)
	}
	seen, takesBack := map[string]bool{}, map[string]bool{"StorageShrink": true, "VersionDowngrade": true}
	for _, path := range dirs {
		c, err := simulator.ReadCase(filepath.Dir(path))
		if err != nil {
			t.Fatal(err)
		}
		seen[c.Name] = true
		for flavour, c := range map[string]simulator.Case{"as it is": c, "in the other flavour": other(c), restarting: other(other(c))} {
			t.Run(c.Name+"/"+flavour, func(t *testing.T) {
				t.Parallel()
				reason, waiting := waits()[c.Name]
				// From its beginning there is nothing to take back yet, and the example becomes ready.
				if waiting && (!takesBack[reason] || len(c.Composed) > 0) {
					staysWaiting(t, c, reason)
					return
				}
				converges(t, c, flavour == restarting)
			})
		}
	}
	for name := range waits() {
		if !seen[name] {
			t.Errorf("there is no example %s any more: take it out of the list of those that wait", name)
		}
	}
}

// other is the example in the other flavour, from its beginning: what is observed belongs to one flavour.
func other(c simulator.Case) simulator.Case {
	c.XR, c.Composed = simulator.Without(c.XR, "status"), nil
	if object.Of(c.XR).Namespace() == "" {
		c.XR = simulator.Namespaced(c.XR)
		return c
	}
	c.XR = simulator.Claims(c.XR)
	return c
}

// pipelineOf an example: its own Composition, or the default one.
func pipelineOf(t *testing.T, name string) []simulator.Step {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(examples, name, "composition.yaml"))
	if os.IsNotExist(err) {
		return oneStep(nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	functions := map[string]simulator.Function{
		"goldenpath-dev-function-appdatabase": appdatabase.New(now),
		"goldenpath-dev-function-iam":         iam.New(now),
		"goldenpath-dev-function-vault":       vault.New(now),
		"goldenpath-dev-function-guardrails":  guardrails.New(),
	}
	var steps []simulator.Step
	for _, step := range object.Of(parse(t, string(raw))).List("spec", "pipeline") {
		function, ok := functions[step.String("functionRef", "name")]
		if !ok {
			t.Fatalf("step %s runs a function that is not ours", step.String("step"))
		}
		steps = append(steps, simulator.Step{Name: step.String("step"), Function: function, Input: step.At("input").Struct()})
	}
	return steps
}

func converges(t *testing.T, c simulator.Case, restarts bool) {
	t.Helper()
	cluster := c.Cluster(pipelineOf(t, c.Name)...)
	depth, rounds, resources := 0, 0, 0
	for limit := grace; !cluster.Ready() || rounds == 0; rounds++ {
		if restarts {
			cluster.RestartProviders()
		}
		round := step(t, cluster)
		if len(round.Created) > 0 || len(round.Deleted) > 0 {
			// Each round that adds something is one level of the graph; the others only wait.
			depth, limit = depth+1, limit+1
		}
		for _, d := range round.Deleted {
			replica := strings.HasPrefix(d.Name, "database-replica-") || strings.HasPrefix(d.Name, "database-log-group-replica-")
			if d.Drop.Reason != "Superseded" && !replica {
				t.Errorf("round %d: %s was deleted: %s", rounds, d.Name, d.Drop.Reason)
			}
		}
		if rounds > limit {
			t.Fatalf("not ready after %d rounds at a depth of %d: %v", rounds, depth, cluster.Conditions)
		}
	}
	resources = len(cluster.Composed)
	stays(t, cluster)
	if !cluster.Ready() {
		t.Errorf("it was ready, and is not any more: %v", cluster.Conditions)
	}
	t.Logf("figures: %s: %d resources, depth %d, ready in round %d", t.Name(), resources, depth, rounds)
}

// staysWaiting: an example that waits says why, and changes nothing. An expired preview goes until nothing is left.
func staysWaiting(t *testing.T, c simulator.Case, reason string) {
	t.Helper()
	cluster := c.Cluster(pipelineOf(t, c.Name)...)
	if reason == "IdentityUnknown" && len(c.Composed) == 0 {
		// One grant waits, and all else is composed.
		for range 2 * calm {
			step(t, cluster)
		}
	}
	// Expiry goes in steps: Vault, what kept the database for it, the database, what kept the Environment for that.
	for range 7 {
		round := step(t, cluster)
		for _, d := range round.Deleted {
			if reason != "EnvironmentExpired" {
				t.Errorf("%s was deleted: %s", d.Name, d.Drop.Reason)
			}
		}
		if len(round.Created) > 0 {
			t.Errorf("created %v", round.Created)
		}
	}
	if said := conditionOf(cluster, reason); said.Message == "" || said.Status != "False" {
		t.Errorf("no condition says %s: %v", reason, cluster.Conditions)
	}
	if reason == "EnvironmentExpired" && len(cluster.Composed) > 0 {
		t.Errorf("%d resources are left", len(cluster.Composed))
	}
	stays(t, cluster)
}

func conditionOf(cluster *simulator.Cluster, reason string) simulator.Condition {
	for _, cond := range cluster.Conditions {
		if cond.Reason == reason {
			return cond
		}
	}
	return simulator.Condition{}
}

// stays: rounds that change nothing give the same bytes, and leave every object as it is. No provider writes anything, nor when all of them
// start again.
func stays(t *testing.T, cluster *simulator.Cluster) {
	t.Helper()
	var before []byte
	calls := len(cluster.Cloud.Calls)
	defer func() {
		cluster.RestartProviders()
		for range 3 {
			step(t, cluster)
		}
		if written := cluster.Cloud.Calls[calls:]; len(written) > 0 {
			t.Errorf("at rest the providers wrote %v", written)
		}
	}()
	for i := range calm {
		generations := generationsOf(cluster)
		round := step(t, cluster)
		if len(round.Created)+len(round.Deleted) > 0 {
			t.Errorf("calm round %d created %v and deleted %d", i, round.Created, len(round.Deleted))
		}
		for name, was := range generations {
			if is := cluster.Get(name).Int("metadata", "generation"); is != was {
				t.Errorf("calm round %d changed %s", i, name)
			}
		}
		round.Last.Meta = nil // The tag is core's, and counts the rounds.
		after := marshal(round.Last)
		if i > 0 && !bytes.Equal(before, after) {
			t.Errorf("calm round %d gave another response than the one before", i)
		}
		before = after
	}
}

func generationsOf(cluster *simulator.Cluster) map[string]int64 {
	generations := map[string]int64{}
	for name := range cluster.Composed {
		generations[name] = cluster.Get(name).Int("metadata", "generation")
	}
	return generations
}

// step is a round in which no object is renamed and the cloud refuses nothing.
func step(t *testing.T, cluster *simulator.Cluster) *simulator.Round {
	t.Helper()
	names := map[string]string{}
	for name := range cluster.Composed {
		names[name] = cluster.Get(name).Name()
	}
	round, err := cluster.Step()
	if err != nil {
		t.Fatal(err)
	}
	for name, was := range names {
		if is := object.Of(round.Desired[name].GetResource()).Name(); is != "" && is != was {
			t.Errorf("%s is renamed from %s to %s", name, was, is)
		}
	}
	for _, v := range cluster.Cloud.Violations {
		t.Error(v)
	}
	cluster.Cloud.Violations = nil
	return round
}

// TestSplitAndBack moves the vault stage of a database that is ready into a step of its own, and back: nothing is deleted and
// nothing that is composed changes.
func TestSplitAndBack(t *testing.T) {
	for _, flavour := range []string{"namespaced", "claims"} {
		t.Run(flavour, func(t *testing.T) {
			t.Parallel()
			c, err := simulator.ReadCase(filepath.Join(examples, "01-new"))
			if err != nil {
				t.Fatal(err)
			}
			if flavour == "claims" {
				c = other(c)
			}
			cluster := c.Cluster(oneStep(nil)...)
			for range 8 {
				step(t, cluster)
			}
			moves := []struct {
				name     string
				pipeline []simulator.Step
			}{{"out", split(nil)}, {"back", oneStep(nil)}, {"out again", split(nil)}}
			want := desired(step(t, cluster))
			for _, move := range moves {
				cluster.Pipeline = move.pipeline
				cluster.RestartCore()
				if round := step(t, cluster); !bytes.Equal(want, desired(round)) || round.Fatal != "" {
					t.Errorf("moved %s: another desired state (fatal: %q)", move.name, round.Fatal)
				}
				stays(t, cluster)
				if !cluster.Ready() || len(cluster.Deletions) > 0 {
					t.Errorf("moved %s: ready %v, deletions %v", move.name, cluster.Ready(), cluster.Deletions)
				}
			}
		})
	}
}

// TestSplitWithoutStep leaves the vault step out: nothing may be lost.
func TestSplitWithoutStep(t *testing.T) {
	t.Parallel()
	c, err := simulator.ReadCase(filepath.Join(examples, "03-ready"))
	if err != nil {
		t.Fatal(err)
	}
	steps := split(nil)
	cluster := c.Cluster(steps[0], steps[1], steps[3])
	round := step(t, cluster)
	if round.Reason != "WouldLoseResource" || len(cluster.Deletions) > 0 {
		t.Errorf("reason %q, deletions %v", round.Reason, cluster.Deletions)
	}
}

// desired is what the last step wants, as bytes.
func desired(round *simulator.Round) []byte {
	state := &fnv1.State{Resources: round.Desired, Composite: &fnv1.Resource{Resource: &structpb.Struct{}}}
	return marshal(state)
}
