package appdatabase

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

const (
	replica1 = nameReplica + "1"
	replica2 = nameReplica + "2"
	replica3 = nameReplica + "3"
)

// numbers of the copies that are observed, such as 13.
func (w *world) numbers(prefix string) string {
	var all string
	for _, name := range w.in().Observed.Names(prefix) {
		all += strings.TrimPrefix(name, prefix)
	}
	return all
}

// scale asks for so many replicas and waits until that is so.
func (w *world) scale(n int) *plan.Plan {
	w.t.Helper()
	set(w.xr, "spec.replicas", n)
	return w.settle()
}

// failover lets another instance write.
func (w *world) failover(writer string) {
	w.writer = writer
	for _, name := range w.in().Observed.Names(nameMember) {
		w.wake(name)
	}
}

// clusterOf is a database with so many instances, of which one writes.
func clusterOf(t *testing.T, instances, writer int) *database {
	t.Helper()
	w := &world{t: t, observed: map[string]fields{nameCluster: {"kind": "Cluster"}}}
	for number := 1; number <= instances; number++ {
		w.observed[nameMember+strconv.Itoa(number)] = fields{"status": fields{"atProvider": fields{"writer": number == writer}}}
	}
	return &database{in: plan.In{Observed: look(w)}, form: clusterForm()}
}

// The one that writes is never taken away while another stays: for every number of instances, before and after.
func TestWriterStays(t *testing.T) {
	t.Parallel()
	for instances := 1; instances <= maxReplicas+1; instances++ {
		for left := 1; left <= instances; left++ {
			for writer := 1; writer <= instances; writer++ {
				want := []string{nameMember + strconv.Itoa(writer)}
				var gone []string
				for number := 1; number <= instances; number++ {
					switch name := nameMember + strconv.Itoa(number); {
					case number == writer:
					case len(want) < left:
						want = append(want, name)
					default:
						gone = append(gone, name)
					}
				}
				slices.Sort(want)
				keep, rest := clusterOf(t, instances, writer).copies(int64(left))
				what := fmt.Sprintf("%d of %d with writer %d", left, instances, writer)
				equal(t, what, [][]string{want, gone}, [][]string{keep, rest})
			}
		}
	}
}

// A failover alone changes nothing that is composed.
func TestFailoverChangesNothing(t *testing.T) {
	t.Parallel()
	w := readyAurora(t, fields{"replicas": 2})
	w.failover("3")
	w.scale(1)
	before := w.compose()
	for _, writer := range []string{"1", "3", "1"} {
		w.failover(writer)
		after := w.compose()
		for _, name := range []string{nameCluster, member1, member3} {
			equal(t, name+" with writer "+writer, wanted(before, name).Map(), wanted(after, name).Map())
		}
		equal(t, "resources with writer "+writer, resourceNames(before), resourceNames(after))
		equal(t, "drops with writer "+writer, []string(nil), drops(after))
	}
}

// When it is not known which one writes, or when two say so, a reader that nobody asks for any more is a small price.
func TestScaleDownWaitsForTheWriter(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(*world)
		stay   string
	}{
		"the status of all instances is lost": {func(w *world) {
			for _, name := range []string{member1, member2, member3} {
				delete(w.observed[name], "status")
			}
		}, "123"},
		"nobody writes, in the middle of a failover": {func(w *world) { w.failover("none") }, "123"},
		"two of them say that they write": {func(w *world) {
			w.failover("1")
			set(w.observed[member3], "status.atProvider.writer", true)
		}, "13"},
		"the one that writes is being deleted": {func(w *world) {
			w.failover("3")
			set(w.observed[member3], "metadata.deletionTimestamp", "2026-01-01T00:00:00Z")
		}, "12"},
		"a reader is being deleted": {func(w *world) {
			w.failover("3")
			set(w.observed[member1], "metadata.deletionTimestamp", "2026-01-01T00:00:00Z")
		}, "3"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyAurora(t, fields{"replicas": 2})
			w.asleep = []string{member1, member2, member3}
			tc.change(w)
			set(w.xr, "spec.replicas", 0)
			w.step()
			equal(t, "stay", tc.stay, w.numbers(nameMember))
			w.asleep = nil
			w.failover(tc.stay[len(tc.stay)-1:])
			w.settle()
			equal(t, "at last", tc.stay[len(tc.stay)-1:], w.numbers(nameMember))
		})
	}
}

// Numbers of readers are filled from below, and those that are there keep theirs.
func TestScaling(t *testing.T) {
	t.Parallel()
	w := readyAurora(t, fields{"replicas": 2})
	w.failover("3")
	equal(t, "fewer", []string{"13", "3"}, []string{scaled(w, 1), scaled(w, 0)})
	equal(t, "more", []string{"13", "123", "123456"}, []string{scaled(w, 1), scaled(w, 2), scaled(w, 5)})
	w = readyWorld(t)
	w.with(fields{"engine": "mysql"})
	w.observed = map[string]fields{}
	equal(t, "read replicas", []string{"", "12345", "12", "1", "", "1"},
		[]string{replicated(w, 0), replicated(w, 5), replicated(w, 2), replicated(w, 1), replicated(w, 0), replicated(w, 1)})
}

func scaled(w *world, n int) string     { w.scale(n); return w.numbers(nameMember) }
func replicated(w *world, n int) string { w.scale(n); return w.numbers(nameReplica) }

func TestCopiesGoWithAReason(t *testing.T) {
	t.Parallel()
	for engine, name := range map[string]string{"postgres": replica2, "aurora-postgresql": member3} {
		w := newWorld(t).with(fields{"engine": engine, "replicas": 2})
		w.settle()
		set(w.xr, "spec.replicas", 1)
		equal(t, engine, pipelinev1.Drop{Name: name, Reason: "SpecChanged", Message: "fewer copies are asked for, by spec.replicas or by the tier"},
			w.compose().Drops[0])
	}
}

// While the Environment is away no copy is added. One that the claim lets go goes.
func TestCopiesWhileTheEnvironmentIsAway(t *testing.T) {
	t.Parallel()
	for engine, prefix := range map[string]string{"postgres": nameReplica, "aurora-postgresql": nameMember} {
		w := newWorld(t).with(fields{"engine": engine, "replicas": 1})
		w.settle()
		before := w.numbers(prefix)
		w.env = nil
		w.scale(3)
		equal(t, engine+", more", before, w.numbers(prefix))
		w.scale(0)
		equal(t, engine+", fewer", before[:len(before)-1], w.numbers(prefix))
	}
}

// A replica is only made of what is there to be copied.
func TestReplicasWaitForTheirSource(t *testing.T) {
	t.Parallel()
	w := newWorld(t).with(fields{"replicas": 2})
	w.asleep = []string{nameInstance}
	for range 4 {
		w.step()
	}
	equal(t, "while the instance is created", "", w.numbers(nameReplica))
	w.asleep = nil
	w.wake(nameInstance)
	equal(t, "with the instance", "", func() string { w.step(); return w.numbers(nameReplica) }())
	set(w.instance(), "status.conditions", []any{})
	equal(t, "their log groups stay when the instance is not well", "", strings.Join(drops(w.compose()), ""))
	w.wake(nameInstance)
	equal(t, "with their log groups", "12", func() string { w.step(); return w.numbers(nameReplica) }())
	// What is there is composed on every call, whatever its source says.
	set(w.instance(), "status.conditions", []any{})
	equal(t, "when the instance is not well", "", strings.Join(drops(w.compose()), ""))
	delete(w.observed, nameInstance)
	w.asleep = []string{nameInstance}
	p := w.step()
	if wanted(p, replica1).IsZero() || wanted(p, replica2).IsZero() || len(p.Resources) == 0 {
		t.Errorf("the replicas of an instance that somebody deleted are lost: %v", resourceNames(p))
	}
}

// stagingReplica is spec.forProvider of a read replica of the claim in the fixture.
func stagingReplica() fields {
	return fields{
		"region": "eu-west-1", "identifier": "orders-replica-1-f909a72aca", "instanceClass": "db.t4g.medium",
		"replicateSourceDb":  "arn:aws:rds:eu-west-1:123456789012:db:orders-4ab79ab1a4",
		"engineVersion":      "17",
		"parameterGroupName": "orders-database-parameter-group-postgres17-2395be2244", "storageEncrypted": true,
		"vpcSecurityGroupIds": []any{"sg-db"}, "publiclyAccessible": false, "backupWindow": "00:20-01:20",
		"maintenanceWindow": "wed:03:20-wed:04:20", "optionGroupName": "default:postgres-17", "databaseInsightsMode": "standard",
		"autoMinorVersionUpgrade": true, "applyImmediately": true, "skipFinalSnapshot": true, "copyTagsToSnapshot": true,
		"maxAllocatedStorage": 100.0, "performanceInsightsEnabled": true, "performanceInsightsKmsKeyId": stagingKey,
		"performanceInsightsRetentionPeriod": 7.0, "enabledCloudwatchLogsExports": []any{"postgresql", "upgrade"},
	}
}

func TestReplica(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		claim, environment fields
		changes            fields
	}{
		"staging": {nil, nil, nil},
		"production, whose replica has no snapshot, standby or protection either": {nil, fields{"status.type": "production"},
			fields{"applyImmediately": false, "maintenanceWindow": "sun:03:20-sun:04:20", "monitoringInterval": 60.0, "monitoringRoleArn": monitoringRole}},
		"retained, which does not go for replicas": {fields{"deletionPolicy": "Retain"}, nil, nil},
		"another size": {fields{"size": "large"}, nil, fields{
			"instanceClass": "db.r7g.xlarge", "maxAllocatedStorage": 2000.0, "iops": 12000.0, "storageThroughput": 500.0}},
		"with IAM": {fields{"iamAuthentication": true}, nil, fields{"iamDatabaseAuthenticationEnabled": true}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).with(fields{"replicas": 1}).with(tc.claim).within(tc.environment)
			p := w.settle()
			equal(t, "spec.forProvider", with(stagingReplica(), tc.changes), forProvider(p, replica1).Map())
			// What RDS calls an instance comes by late initialisation.
			equal(t, "managementPolicies", []string(nil), wanted(p, replica1).Strings("spec", "managementPolicies"))
			if ref := wanted(p, replica1).At("spec", "writeConnectionSecretToRef"); !ref.IsZero() {
				t.Errorf("a replica publishes %v", ref.Map())
			}
		})
	}
}

// The provider takes nothing but the ARN of the source once a replica has a subnet group, so nothing else is composed: not before it is
// known, and in place of the identifier in it. A replica of something else stays what it is.
func TestReplicaFollowsAnARN(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:rds:eu-west-1:123456789012:db:orders-4ab79ab1a4"
	cases := map[string]struct {
		was, want string
		lost      bool
	}{
		"composed with the identifier":                    {"orders-4ab79ab1a4", arn, false},
		"composed with the ARN":                           {arn, arn, false},
		"with the identifier of something else":           {"orders-old", "orders-old", false},
		"with the identifier, and no ARN is known":        {"orders-4ab79ab1a4", "orders-4ab79ab1a4", true},
		"with the ARN, and the status of its source gone": {arn, arn, true},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).with(fields{"replicas": 1})
			w.settle()
			set(w.observed[replica1], "spec.forProvider.replicateSourceDb", tc.was)
			if tc.lost {
				delete(w.instance(), "status")
				delete(w.xr, "status")
			}
			equal(t, "source", tc.want, forProvider(w.compose(), replica1).String("replicateSourceDb"))
		})
	}
	w := newWorld(t).with(fields{"replicas": 1})
	w.settle()
	delete(w.observed, replica1)
	delete(w.xr, "status")
	set(w.instance(), "status.atProvider.arn", "")
	if wanted(w.compose(), replica1).IsZero() {
		return
	}
	t.Error("a replica is made of an instance whose ARN nobody knows")
}

// What a cloud cannot change in place is decided once, for each replica by itself.
func TestReplicaIdentityIsKept(t *testing.T) {
	t.Parallel()
	cases := map[string]func(*world){
		"another key of the Environment":   func(w *world) { set(w.env, "status.kmsKeyArn", "arn:aws:kms:eu-west-1:123456789012:key/2") },
		"the status of the object is lost": func(w *world) { delete(w.xr, "status") },
		"its status is lost":               func(w *world) { delete(w.observed[replica1], "status") },
		"the status of its source is lost": func(w *world) { delete(w.instance(), "status") },
		"the Environment is lost":          func(w *world) { w.env = nil },
		"the instance has another name":    func(w *world) { set(w.instance(), "spec.forProvider.identifier", "renamed") },
	}
	for reason, change := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).with(fields{"replicas": 1})
			w.settle()
			set(w.observed[replica1], "spec.forProvider.identifier", "old-identifier")
			set(w.observed[replica1], "metadata.name", "old-name")
			before := wanted(w.compose(), replica1).Map()
			change(w)
			equal(t, "replica", before, wanted(w.compose(), replica1).Map())
		})
	}
}

func TestReplicasInTheClaimsFlavour(t *testing.T) {
	t.Parallel()
	w := newWorld(t).claimed().with(fields{"replicas": 1})
	o := wanted(w.settle(), replica1)
	equal(t, "replica", []string{"rds.aws.upbound.io/v1beta3", "Instance", ""}, []string{o.APIVersion(), o.Kind(), o.Namespace()})
}

// The status names each copy that can be read, and never the one that writes.
func TestReplicaStatus(t *testing.T) {
	t.Parallel()
	w := newWorld(t).with(fields{"replicas": 2})
	w.settle()
	set(w.observed[replica2], "status.conditions", []any{})
	item := func(number, identifier string, ready bool) any {
		return fields{
			"name": w.in().Name(nameReplica + number), "identifier": identifier, "host": "replica-" + number + ".abc.eu-west-1.rds.amazonaws.com", "ready": ready,
		}
	}
	id := func(name string) string {
		return w.object(w.observed[name]).String("spec", "forProvider", "identifier")
	}
	equal(t, "read replicas", any([]any{item("1", id(replica1), true), item("2", id(replica2), false)}), w.compose().Status.Done().Map()["replicas"])

	w = readyAurora(t, fields{"replicas": 1})
	w.failover("2")
	got := w.compose().Status.Done().Map()
	equal(t, "readers", any([]any{fields{
		"name": w.in().Name(member1), "identifier": w.in().Name(member1), "host": "member-1.abc.eu-west-1.rds.amazonaws.com", "ready": true,
	}}), got["replicas"])
	equal(t, "their address", []any{readerHost + ":5432", true}, []any{got["readerEndpoint"], got["multiAZ"]})
	got = w.scale(0).Status.Done().Map()
	equal(t, "alone", []any{nil, nil, false}, []any{got["replicas"], got["readerEndpoint"], got["multiAZ"]})
}

// A replica that fails or is still made does not take the database away.
func TestDatabaseIsReadyWithoutItsReplicas(t *testing.T) {
	t.Parallel()
	w := newWorld(t).with(fields{"replicas": 1})
	w.asleep = []string{replica1}
	p := w.settle()
	if c := condition(p, "DatabaseReady"); !c.Is() {
		t.Errorf("DatabaseReady = %+v", c)
	}
}
