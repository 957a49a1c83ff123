package simulator_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/functions/appdatabase"
	"github.com/goldenpath-dev/goldenpath/functions/guardrails"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/simulator"
)

// claimUID is what App kinds know an Environment by in the claims flavour. The composite behind it has another one.
const claimUID = "7d0c3c52-5f3b-4f0a-9d0e-3f6f6c1d2a10"

// born is when the environments of the tests were created.
func born() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// environmentSpecs are the forms that an Environment may have, less its type.
func environmentSpecs() map[string]string {
	const common = `
  cloud: {provider: aws, region: eu-west-1, accountId: "123456789012", providerConfigRef: {name: aws-staging}}
  owner: {team: checkout, costCenter: cc-42}
`
	const vault = `
  vault: {providerConfigRef: {name: vault}, source: {cidr: 10.200.0.0/16}}
`
	const identities = `
  identities: [{serviceAccount: orders-api}, {serviceAccount: orders-report}]
`
	return map[string]string{
		"minimal": common + "  networkRef: {name: shared, namespace: platform}\n",
		"Pod Identity": common + vault + identities + `
  networkRef: {name: shared, namespace: platform}
  cluster: {providerConfigRef: {name: workloads}, eks: {name: shared-eks, identityMode: PodIdentity}}
`,
		"IRSA": common + vault + identities + `
  networkRef: {name: shared, namespace: platform}
  cluster: {providerConfigRef: {name: workloads}, eks: {name: shared-eks, identityMode: IRSA}}
`,
		"a network of its own": common + vault + identities + `
  network: {cidr: 10.50.0.0/16, zones: 2, databaseTier: true, nat: single}
  cluster: {providerConfigRef: {name: workloads}, eks: {name: play, identityMode: PodIdentity}}
`,
	}
}

// sharedVPC is the Network of others that the environments name.
func sharedVPC(t testing.TB, legacy bool) *structpb.Struct {
	t.Helper()
	n := parse(t, `
apiVersion: platform.io/v1
kind: Network
metadata: {name: shared, namespace: platform, uid: 0e8c8a53-2f0d-4b55-8f3e-0c1b6a5d4e3f}
status:
  cloud: {provider: aws, region: eu-west-1, accountId: "123456789012"}
  sharedWith: [team-checkout]
  conditions: [{type: Ready, status: "True", reason: Available}]
  vpcId: vpc-0a1
  cidr: 10.40.0.0/16
  subnets:
  - {id: subnet-0b1, role: database, zone: eu-west-1a, cidr: 10.40.68.0/22}
  - {id: subnet-0b2, role: database, zone: eu-west-1b, cidr: 10.40.72.0/22}
`)
	if legacy {
		n = simulator.With(n, simulator.Text("shared-b2c4d"), "status", "composite")
	}
	return n
}

// playground is an Environment of a form and a type, in a flavour, with a clock.
func playground(t testing.TB, form, kind string, legacy bool) (*simulator.Cluster, *simulator.Clock) {
	t.Helper()
	xr := parse(t, `
apiVersion: platform.io/v1
kind: Environment
metadata: {name: play, namespace: team-checkout, uid: 3b1f7d0e-9d54-4c53-a0f7-2c6d5e4f3a2b, creationTimestamp: "2026-03-01T12:00:00Z"}
spec:
  type: `+kind+environmentSpecs()[form])
	if kind == "preview" {
		xr = simulator.With(xr, simulator.Text("72h"), "spec", "ttl")
	}
	clock := simulator.NewClock(born())
	store := simulator.NewStore(sharedVPC(t, legacy))
	if legacy {
		store.Put(simulator.With(simulator.Without(xr, "status"), simulator.Text(claimUID), "metadata", "uid"))
		xr = simulator.With(simulator.Claims(xr), simulator.Text("2026-03-01T12:00:00Z"), "metadata", "creationTimestamp")
	}
	cluster := simulator.New(xr, store, stepsOf(t, compositionOf("environments"), clock.Now)...)
	cluster.Composites = composites(t, clock.Now)
	return cluster, clock
}

// environmentRounds is the most that an Environment may take: one round more than its graph is deep. With Pod Identity that is EKS, the
// role, the association and the service account.
func environmentRounds(form string) int {
	return map[string]int{"minimal": 3, "Pod Identity": 5, "IRSA": 4, "a network of its own": 6}[form]
}

func TestEnvironmentsConverge(t *testing.T) {
	t.Parallel()
	for form := range environmentSpecs() {
		for _, kind := range []string{"dev", "staging", "preview", "production"} {
			for _, legacy := range []bool{false, true} {
				name := form + ", " + kind
				if legacy {
					name += ", claims"
				}
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					cluster, _ := playground(t, form, kind, legacy)
					rounds := converge(t, cluster, environmentRounds(form))
					t.Logf("ready after %d rounds, %d resources", rounds, len(cluster.Composed))
				})
			}
		}
	}
}

// converge plays until the composite is ready, and a little longer. No condition flaps, nothing is renamed, nothing goes.
func converge(t *testing.T, cluster *simulator.Cluster, most int) int {
	t.Helper()
	ready, was, names := 0, map[string]string{}, map[string]string{}
	for round := 1; round <= most+3; round++ {
		cluster.RestartProviders()
		one, err := cluster.Step()
		if err != nil || one.Fatal != "" || len(one.Deleted) > 0 {
			t.Fatalf("round %d: %v, fatal %q, deleted %v", round, err, one.Fatal, one.Deleted)
		}
		for name, c := range cluster.Composed {
			if is := object.Of(c.Object).Name(); names[name] != "" && names[name] != is {
				t.Errorf("%s was %s and is %s", name, names[name], is)
			}
			names[name] = object.Of(c.Object).Name()
		}
		for _, c := range cluster.Conditions {
			if was[c.Type] == "True" && c.Status != "True" && c.Type != "Synced" {
				t.Errorf("round %d: %s flaps: %s", round, c.Type, c.Message)
			}
			was[c.Type] = c.Status
		}
		if cluster.Ready() && ready == 0 {
			ready = round
		}
	}
	if ready == 0 || ready > most {
		t.Errorf("ready after %d rounds, want %d at most: %v", ready, most, cluster.Conditions)
	}
	if len(cluster.Cloud.Violations) > 0 {
		t.Errorf("the cloud refuses: %v", cluster.Cloud.Violations)
	}
	return ready
}

// usageIn is a Usage of the Environment, as something that lives in it composes one.
func usageIn(t testing.TB, cluster *simulator.Cluster, name string) *structpb.Struct {
	t.Helper()
	uid := object.Of(cluster.XR).UID()
	if object.Of(cluster.XR).Namespace() == "" {
		uid = claimUID
	}
	return parse(t, `
apiVersion: protection.crossplane.io/v1beta1
kind: Usage
metadata: {name: `+name+`, namespace: team-checkout, labels: {platform.io/environment-uid: `+uid+`}}
spec: {of: {apiVersion: platform.io/v1, kind: Environment, resourceRef: {name: play}}}
`)
}

// inOrder says that nothing that is left by now uses what is gone: what is observed after a deletion never depends on it.
func inOrder(t *testing.T, deleted string, left []string) {
	t.Helper()
	uses := map[string][]string{
		"environment-namespace": {
			"environment-resource-quota", "environment-limit-range", "environment-network-policy-", "environment-team-role-binding",
			"environment-service-account-",
		},
		"environment-key":                   {"environment-key-alias"},
		"environment-identity-role-":        {"environment-identity-association-", "environment-service-account-"},
		"environment-vault-kubernetes-auth": {"environment-vault-kubernetes-config"},
		"environment-vault-kv-mount":        {"environment-vault-policy-"},
		"environment-vault-database-mount":  {"environment-vault-policy-"},
		"environment-usage-network":         {"environment-"},
	}
	for used, users := range uses {
		if several := strings.HasSuffix(used, "-"); deleted != used && (!several || !strings.HasPrefix(deleted, used)) {
			continue
		}
		for _, name := range left {
			uses := slices.ContainsFunc(users, func(user string) bool { return strings.HasPrefix(name, user) })
			if uses && !strings.HasPrefix(name, "environment-usage-network") {
				t.Errorf("%s is gone, and %s uses it", deleted, name)
			}
		}
	}
}

// TestExpiryTakesEverythingDown: an expired preview that nothing lives in is gone in the end, dependants before what they use.
func TestExpiryTakesEverythingDown(t *testing.T) {
	t.Parallel()
	for form := range environmentSpecs() {
		for _, legacy := range []bool{false, true} {
			name := form
			if legacy {
				name += ", claims"
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				cluster, clock := playground(t, form, "preview", legacy)
				cluster.XR = simulator.With(cluster.XR, simulator.Text("72h"), "spec", "ttl")
				converge(t, cluster, environmentRounds(form))
				usage := usageIn(t, cluster, "cart")
				cluster.Store.Put(usage)
				clock.Advance(72 * time.Hour)
				was := len(cluster.Composed)
				for range 4 {
					if one, err := cluster.Step(); err != nil || one.Fatal != "" || len(cluster.Composed) != was {
						t.Fatalf("%v, fatal %q, %d of %d are left while something lives in it", err, one.Fatal, len(cluster.Composed), was)
					}
				}
				cluster.Store.Delete(simulator.ReferenceTo(usage))
				for range 8 {
					one, err := cluster.Step()
					if err != nil || one.Fatal != "" || len(one.Created) > 0 || cluster.Ready() {
						t.Fatalf("%v, fatal %q, created %v, ready %v", err, one.Fatal, one.Created, cluster.Ready())
					}
					for _, d := range one.Deleted {
						if d.Of == "" {
							inOrder(t, d.Name, slices.Collect(maps.Keys(cluster.Composed)))
						}
					}
				}
				if len(cluster.Composed) > 0 {
					t.Errorf("left: %v", slices.Sorted(maps.Keys(cluster.Composed)))
				}
				cluster.XR = simulator.With(cluster.XR, simulator.Text("20d"), "spec", "ttl")
				until(t, cluster, ready)
			})
		}
	}
}

// TestExpiryWithADatabase plays an Environment and a database in it side by side, as one control plane would: each finds what the other
// has become.
func TestExpiryWithADatabase(t *testing.T) {
	t.Parallel()
	env, clock := playground(t, "Pod Identity", "preview", false)
	env.XR = simulator.With(env.XR, simulator.Text("72h"), "spec", "ttl")
	until(t, env, ready)
	database := simulator.New(parse(t, `
apiVersion: platform.io/v1
kind: AppDatabase
metadata: {name: cart, namespace: team-checkout, uid: 9d5b1c57-3a0e-4c1b-8a55-6b7c8d9e0f11}
spec:
  engine: postgres
  size: small
  environmentRef: {name: play}
  access: [{serviceAccount: orders-api, role: writer}]
`), simulator.NewStore(),
		simulator.Step{Name: "appdatabase", Function: appdatabase.New(clock.Now)}, simulator.Step{Name: "guardrails", Function: guardrails.New()})
	database.Cloud.Teardown = 3
	meet := func() {
		database.Store.Put(env.Observed())
		for _, c := range database.Composed {
			if strings.HasSuffix(object.Of(c.Object).Kind(), "Usage") {
				env.Store.Put(c.Object)
			}
		}
		for _, d := range database.Deletions {
			env.Store.Delete(simulator.ReferenceTo(d.Object.Struct()))
		}
	}
	meet()
	until(t, database, ready)
	meet()
	clock.Advance(72 * time.Hour)
	before := len(env.Composed)
	for round := range 40 {
		one, err := env.Step()
		if err != nil || one.Fatal != "" {
			t.Fatalf("round %d: environment: %v, fatal %q", round, err, one.Fatal)
		}
		// The log groups go last, and need nothing of the environment to go.
		living := len(database.Composed)
		for _, c := range database.Terminating {
			if object.Of(c.Object).Kind() != "Group" {
				living++
			}
		}
		if living > 0 && len(env.Composed) < before {
			t.Fatalf("round %d: the environment goes before what lives in it: %v, going %v", round,
				slices.Sorted(maps.Keys(database.Composed)), len(database.Terminating))
		}
		meet()
		other, err := database.Step()
		if err != nil || other.Fatal != "" {
			t.Fatalf("round %d: database: %v, fatal %q", round, err, other.Fatal)
		}
		meet()
		if len(env.Composed)+len(database.Composed)+len(database.Terminating) == 0 {
			if round < 5 {
				t.Errorf("all is gone after %d rounds: nothing waited", round)
			}
			if c := database.Condition("EnvironmentResolved"); c.Reason != "EnvironmentExpired" {
				t.Errorf("the database does not know why: %+v", c)
			}
			return
		}
	}
	t.Errorf("left: %v and %v", slices.Sorted(maps.Keys(env.Composed)), slices.Sorted(maps.Keys(database.Composed)))
}
