package simulator_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/functions/appdatabase"
	"github.com/goldenpath-dev/goldenpath/functions/environment"
	"github.com/goldenpath-dev/goldenpath/functions/guardrails"
	"github.com/goldenpath-dev/goldenpath/functions/iam"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/simulator"
	"github.com/goldenpath-dev/goldenpath/functions/network"
	"github.com/goldenpath-dev/goldenpath/functions/vault"
)

// root of the repository.
const root = "../../.."

// allExamples holds the examples of every kind.
const allExamples = root + "/examples"

// teamFolder is the example of a whole team.
const teamFolder = "teams" + string(filepath.Separator) + "checkout"

// rendered is what time it is when `make render` runs.
func rendered() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }

// stepsOf the Composition in a file.
func stepsOf(t testing.TB, file string, now func() time.Time) []simulator.Step {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	functions := map[string]simulator.Function{
		"goldenpath-dev-function-appdatabase": appdatabase.New(now),
		"goldenpath-dev-function-environment": environment.New(now),
		"goldenpath-dev-function-network":     network.New(now),
		"goldenpath-dev-function-iam":         iam.New(now),
		"goldenpath-dev-function-vault":       vault.New(now),
		"goldenpath-dev-function-guardrails":  guardrails.New(),
	}
	var pipeline []simulator.Step
	for _, step := range object.Of(parse(t, string(raw))).List("spec", "pipeline") {
		function, ok := functions[step.String("functionRef", "name")]
		if !ok {
			t.Fatalf("%s: step %s runs a function that is not ours", file, step.String("step"))
		}
		pipeline = append(pipeline, simulator.Step{Name: step.String("step"), Function: function, Input: step.At("input").Struct()})
	}
	return pipeline
}

// compositionOf an API is the file with the Composition that the examples are rendered with: that of their platform team, or the API's.
func compositionOf(plural string) string {
	tuned := filepath.Join(allExamples, "platform", plural, "composition.yaml")
	if _, err := os.Stat(tuned); err == nil {
		return tuned
	}
	return filepath.Join(root, "apis", plural, "composition.yaml")
}

// composites are the pipelines of what our composites compose themselves.
func composites(t testing.TB, now func() time.Time) map[string][]simulator.Step {
	t.Helper()
	return map[string][]simulator.Step{
		"Network":               stepsOf(t, compositionOf("networks"), now),
		"NetworkEndpoints":      stepsOf(t, compositionOf("networkendpoints"), now),
		"NetworkRoutes":         stepsOf(t, compositionOf("networkroutes"), now),
		"EnvironmentIdentities": stepsOf(t, compositionOf("environmentidentities"), now),
	}
}

// playExample is an example on its own in a cluster: with its own Composition where it has one.
func playExample(t testing.TB, dir string, clock *simulator.Clock, required ...*structpb.Struct) *simulator.Cluster {
	t.Helper()
	c, err := simulator.ReadCase(filepath.Join(allExamples, dir))
	if err != nil {
		t.Fatal(err)
	}
	if len(required) > 0 {
		c.Required = required
	}
	c.XR, c.Composed = simulator.Without(c.XR, "status"), nil
	file := filepath.Join(allExamples, dir, "composition.yaml")
	if _, err := os.Stat(file); err != nil {
		plural := map[string]string{
			"Network": "networks", "XNetwork": "networks", "NetworkEndpoints": "networkendpoints", "NetworkRoutes": "networkroutes",
			"Environment": "environments", "XEnvironment": "environments", "EnvironmentIdentities": "environmentidentities",
			"AppDatabase": "appdatabases", "XAppDatabase": "appdatabases",
		}[object.Of(c.XR).Kind()]
		file = compositionOf(plural)
	}
	cluster := c.Cluster(stepsOf(t, file, clock.Now)...)
	cluster.Composites = composites(t, clock.Now)
	return cluster
}

// until plays rounds until something is so.
func until(t testing.TB, cluster *simulator.Cluster, done func(*simulator.Cluster) bool) {
	t.Helper()
	for range 30 {
		round, err := cluster.Step()
		if err != nil || round.Fatal != "" {
			t.Fatalf("error %v, fatal %q", err, round.Fatal)
		}
		for _, v := range cluster.Cloud.Violations {
			t.Error(v)
		}
		if done(cluster) {
			return
		}
	}
	t.Fatalf("never came to that point: %v", cluster.Conditions)
}

func ready(c *simulator.Cluster) bool { return c.Ready() }

// become is what a composite has become when it is ready, as another one finds it.
func become(t testing.TB, dir string, required ...*structpb.Struct) *structpb.Struct {
	t.Helper()
	cluster := playExample(t, dir, simulator.NewClock(rendered()), required...)
	until(t, cluster, ready)
	return cluster.Observed()
}

// sharedNetwork is the platform team's, of the team's folder.
func sharedNetwork(t testing.TB) *structpb.Struct {
	t.Helper()
	return become(t, "teams/checkout/01-network")
}

// productionNetwork is another account's.
func productionNetwork(t testing.TB) *structpb.Struct {
	t.Helper()
	n := sharedNetworkSpec(t)
	n = simulator.With(n, simulator.Text("production"), "metadata", "name")
	n = simulator.With(n, simulator.Text("0d5c1f2e-7a3b-4c9d-8e6f-1a2b3c4d5e6f"), "metadata", "uid")
	n = simulator.With(n, simulator.Text("210987654321"), "spec", "cloud", "accountId")
	n = simulator.With(n, simulator.Text("aws-production"), "spec", "cloud", "providerConfigRef", "name")
	n = simulator.With(n, simulator.Text("10.60.0.0/16"), "spec", "cidr")
	n = simulator.With(n, simulator.Number(3), "spec", "zones")
	n = simulator.With(n, simulator.Text("perZone"), "spec", "nat")
	clock := simulator.NewClock(rendered())
	cluster := simulator.New(n, simulator.NewStore(), stepsOf(t, compositionOf("networks"), clock.Now)...)
	cluster.Composites = composites(t, clock.Now)
	until(t, cluster, ready)
	return cluster.Observed()
}

func sharedNetworkSpec(t testing.TB) *structpb.Struct {
	t.Helper()
	c, err := simulator.ReadCase(filepath.Join(allExamples, teamFolder, "01-network"))
	if err != nil {
		t.Fatal(err)
	}
	return simulator.Without(c.XR, "status")
}

// landing is an example of the landing zone whose inputs come out of a run.
type landing struct {
	dir string
	// required makes what the example finds. Nil leaves required.yaml alone.
	required func(testing.TB) []*structpb.Struct
	// begin is when the run begins, if it is not when it is rendered.
	begin time.Time
	// done ends the run. Nil when the example is a first reconcile.
	done func(*simulator.Cluster) bool
	// after the run, what the example finds more.
	after func(*simulator.Cluster) []*structpb.Struct
}

func landings() []landing {
	shared := func(t testing.TB) []*structpb.Struct { return []*structpb.Struct{sharedNetwork(t)} }
	production := func(t testing.TB) []*structpb.Struct { return []*structpb.Struct{productionNetwork(t)} }
	// created is when the previews of the examples that have expired were created.
	created := time.Date(2025, 12, 28, 12, 30, 0, 0, time.UTC)
	inUse := func(c *simulator.Cluster) []*structpb.Struct { return []*structpb.Struct{usageOf(c)} }
	return []landing{
		{dir: "teams/checkout/01-network", done: ready},
		{dir: "teams/checkout/02-environment", required: shared, done: ready},
		{dir: "teams/checkout/03-database", done: ready, required: func(t testing.TB) []*structpb.Struct {
			return []*structpb.Struct{become(t, "teams/checkout/02-environment", sharedNetwork(t))}
		}},
		{dir: "environments/01-new", required: shared},
		{dir: "environments/02-preview-shared-network", required: shared, done: ready},
		{dir: "environments/03-staging-dedicated-network", done: ready},
		{dir: "environments/04-production-irsa", required: production, done: ready},
		{dir: "environments/05-production-pod-identity", required: production, done: ready},
		{dir: "environments/06-preview-fresh", required: shared, done: ready},
		{dir: "environments/07-preview-expiring", required: shared, done: ready},
		{dir: "environments/08-preview-expired", required: shared, begin: created, done: ready, after: inUse},
		{dir: "environments/09-preview-drained", required: shared, begin: created, done: expired},
		{dir: "environments/10-preview-extended", required: shared},
		{dir: "environments/13-tenancy-provider-config", required: shared},
		{dir: "environments/14-tenancy-vault-mount", required: shared},
		{dir: "environments/15-tenancy-namespace", required: shared},
		{dir: "environments/16-tenancy-allowed", required: shared, done: ready},
		{dir: "environments/17-ttl-too-short", required: shared},
		{dir: "environments/18-quota-not-a-quantity", required: shared},
		{dir: "environments/19-cluster-in-another-vpc", required: shared, done: func(c *simulator.Cluster) bool {
			return c.Condition("NetworkReady").Status == "True" && c.Condition("AccessReady").Status == "True"
		}},
		{dir: "environments/24-tenancy-closed", required: shared},
		{dir: "environments/25-pod-security-group", required: shared, done: ready},
		{dir: "environments/26-thirty-identities", required: shared, done: ready},
		{dir: "environments/27-identities", done: ready},
		{dir: "environments/21-claim-ready", required: shared, done: ready},
		{dir: "environments/22-claim-dedicated-network", done: ready},
		{dir: "environments/11-network-not-shared", required: func(t testing.TB) []*structpb.Struct {
			network := simulator.With(sharedNetwork(t), simulator.Texts("team-search"), "spec", "sharedWith")
			return []*structpb.Struct{simulator.With(network, simulator.Texts("team-search"), "status", "sharedWith")}
		}},
	}
}

// expired: the preview has run out in a call before, with something in it, which has gone since.
func expired(c *simulator.Cluster) bool { return object.Of(c.Status).String("phase") == "Expired" }

// usageOf is the Usage of a database that lives in an Environment.
func usageOf(c *simulator.Cluster) *structpb.Struct {
	xr := object.Of(c.XR)
	s, err := simulator.Parse([]byte(`
apiVersion: protection.crossplane.io/v1beta1
kind: Usage
metadata:
  name: cart-database-usage-environment-0123456789
  namespace: ` + xr.Namespace() + `
  labels:
    platform.io/claim-kind: appdatabase
    platform.io/claim-name: cart
    platform.io/claim-namespace: ` + xr.Namespace() + `
    platform.io/environment-uid: ` + xr.UID() + `
spec:
  of: {apiVersion: platform.io/v1, kind: Environment, resourceRef: {name: ` + xr.Name() + `}}
  by: {apiVersion: rds.aws.m.upbound.io/v1beta1, kind: Instance, resourceRef: {name: cart-database-instance-0123456789}}
`))
	if err != nil {
		panic(err) // It is written above.
	}
	return s
}

// TestWriteLandingInputs holds the inputs of the landing zone's examples against what the simulator makes of them: of each one its
// observed resources and status, and what it finds, which is what the examples before it have become. With -update it writes them.
func TestWriteLandingInputs(t *testing.T) {
	for _, l := range landings() {
		t.Run(l.dir, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(allExamples, l.dir)
			var required []*structpb.Struct
			if l.required != nil {
				required = l.required(t)
			}
			clock := simulator.NewClock(rendered())
			if !l.begin.IsZero() {
				clock.Set(l.begin)
			}
			cluster := playExample(t, l.dir, clock, required...)
			if l.begin.IsZero() || l.dir != "environments/09-preview-drained" {
				if l.done != nil {
					until(t, cluster, l.done)
				}
			} else {
				// In use until it has expired, and for one call more.
				until(t, cluster, ready)
				cluster.Store.Put(usageOf(cluster))
				clock.Set(rendered())
				until(t, cluster, l.done)
			}
			if l.after != nil {
				required = append(required, l.after(cluster)...)
			}
			if len(required) > 0 {
				holds(t, filepath.Join(dir, "required.yaml"), documents(t, required))
			}
			if l.done == nil {
				return
			}
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

func documents(t *testing.T, objects []*structpb.Struct) []byte {
	t.Helper()
	var file bytes.Buffer
	for _, o := range objects {
		written, err := simulator.YAML(o)
		if err != nil {
			t.Fatal(err)
		}
		file.WriteString("---\n")
		file.Write(written)
	}
	return file.Bytes()
}

// databaseEnvironments are the Environments of the examples of databases, by the names of the examples. An example that is not named is
// in the team's staging environment.
func databaseEnvironments(t *testing.T) map[string][]*structpb.Struct {
	t.Helper()
	shared := sharedNetwork(t)
	one := func(dir string, required *structpb.Struct, edit func(*structpb.Struct) *structpb.Struct) []*structpb.Struct {
		return []*structpb.Struct{environmentOf(t, dir, required, edit)}
	}
	const team = "teams/checkout/02-environment"
	staging := one(team, shared, nil)
	production := one("environments/05-production-pod-identity", productionNetwork(t), nil)
	preview := one("environments/02-preview-shared-network", shared, nil)
	claim := []*structpb.Struct{claimOf(environmentOf(t, "environments/21-claim-ready", shared, nil))}
	platform := one(team, shared, func(s *structpb.Struct) *structpb.Struct {
		s = simulator.With(s, simulator.Text("team-platform"), "metadata", "namespace")
		return simulator.With(s, simulator.Texts("team-search", "team-payments-*"), "spec", "sharedWith")
	})
	sharing := one(team, shared, func(s *structpb.Struct) *structpb.Struct {
		s = simulator.With(s, simulator.Text("team-platform"), "metadata", "namespace")
		return simulator.With(s, simulator.Texts("team-checkout"), "spec", "sharedWith")
	})
	without := func(field string) []*structpb.Struct {
		return one(team, shared, func(s *structpb.Struct) *structpb.Struct { return simulator.Without(s, "spec", field) })
	}
	orders, err := simulator.ReadCase(filepath.Join(examples, "03-ready"))
	if err != nil {
		t.Fatal(err)
	}
	return map[string][]*structpb.Struct{
		"":                           staging,
		"04-production":              production,
		"25-aurora-mysql-production": production,
		"41-production-pending":      production,
		"05-mysql-preview":           preview,
		"13-preview-expired":         {simulator.With(preview[0], simulator.Text("Expired"), "status", "phase")},
		"06-environment-not-ready":   {unfinished(t, team, shared)},
		"11-claim-ready":             claim,
		"14-claim-new":               claim,
		"36-claim-aurora":            claim,
		"37-claim-mariadb-iam":       claim,
		"16-environment-not-shared":  platform,
		"17-environment-shared":      sharing,
		"18-static-credentials":      without("vault"),
		// No Environment of ours is on another cloud yet: this is what one will look like.
		"19-environment-on-another-cloud": {simulator.With(simulator.With(staging[0], simulator.Text("gcp"), "status", "cloud", "provider"),
			simulator.Text("europe-west1"), "status", "cloud", "region")},
		"20-environment-without-network": without("networkRef"),
		"29-restore-point-in-time":       {staging[0], orders.XR},
		"34-iam-unknown-identity": one(team, shared, func(s *structpb.Struct) *structpb.Struct {
			return simulator.With(s, listOf(parse(t, "{serviceAccount: orders-api}")), "spec", "identities")
		}),
	}
}

// environmentOf is what an example's Environment becomes, with another spec where it is edited.
func environmentOf(t *testing.T, dir string, required *structpb.Struct, edit func(*structpb.Struct) *structpb.Struct) *structpb.Struct {
	t.Helper()
	cluster := playExample(t, dir, simulator.NewClock(rendered()), required)
	if edit != nil {
		cluster.XR = edit(cluster.XR)
	}
	until(t, cluster, ready)
	return cluster.Observed()
}

func listOf(objects ...*structpb.Struct) *structpb.Value {
	list := &structpb.ListValue{}
	for _, o := range objects {
		list.Values = append(list.Values, simulator.Nested(o))
	}
	return structpb.NewListValue(list)
}

// unfinished is an Environment that has only begun.
func unfinished(t *testing.T, dir string, required *structpb.Struct) *structpb.Struct {
	t.Helper()
	cluster := playExample(t, dir, simulator.NewClock(rendered()), required)
	for range 2 {
		if _, err := cluster.Step(); err != nil {
			t.Fatal(err)
		}
	}
	return cluster.Observed()
}

// claimOf is the claim in front of a composite of the claims flavour: core copies the status to it.
func claimOf(composite *structpb.Struct) *structpb.Struct {
	o := object.Of(composite)
	claim := simulator.Namespaced(composite)
	ref := map[string]*structpb.Value{
		"apiVersion": simulator.Text(o.APIVersion()), "kind": simulator.Text(o.Kind()), "name": simulator.Text(o.Name()),
	}
	claim = simulator.With(claim, simulator.Nested(&structpb.Struct{Fields: ref}), "spec", "resourceRef")
	return simulator.With(claim, simulator.Nested(o.At("status").Struct()), "status")
}

// TestWriteEnvironmentsOfDatabases holds the Environments that the examples of databases find against what function-environment makes
// of them. With -update it writes them; the examples' own inputs come out of the next run.
func TestWriteEnvironmentsOfDatabases(t *testing.T) {
	known := databaseEnvironments(t)
	dirs, err := filepath.Glob(filepath.Join(examples, "*", "required.yaml"))
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no examples in %s (%v)", examples, err)
	}
	seen := map[string]bool{"": true}
	for _, path := range dirs {
		name := filepath.Base(filepath.Dir(path))
		if strings.HasSuffix(name, "-from-before") {
			continue // Its Environment is as an earlier version made it.
		}
		objects, ok := known[name]
		if !ok {
			objects = known[""]
		}
		seen[name] = true
		holds(t, path, documents(t, objects))
	}
	for name := range known {
		if !seen[name] {
			t.Errorf("there is no example %s any more", name)
		}
	}
}

// TestChain: in a team's folder each step finds exactly what the step before it is rendered as.
func TestChain(t *testing.T) {
	for before, after := range map[string]string{"01-network": "02-environment", "02-environment": "03-database"} {
		dir := filepath.Join(allExamples, teamFolder)
		golden, err := os.ReadFile(filepath.Join(dir, before, "golden.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		found, err := simulator.ReadCase(filepath.Join(dir, after))
		if err != nil || len(found.Required) != 1 {
			t.Fatalf("%s finds %d objects (%v)", after, len(found.Required), err)
		}
		want := object.Of(found.Required[0])
		is := object.Object{}
		for _, document := range bytes.Split(golden, []byte("\n---\n")) {
			if o := object.Of(parse(t, string(document))); o.Kind() == want.Kind() && o.Name() == want.Name() {
				is = o
			}
		}
		for _, o := range []*object.Object{&want, &is} {
			*o = object.Without(o.At("status"), "conditions")
		}
		if diff := cmp.Diff(want.Map(), is.Map()); diff != "" || want.Len() == 0 {
			t.Errorf("%s is rendered otherwise than %s finds it (-found +rendered):\n%s", before, after, diff)
		}
	}
}
