package appdatabase

import (
	"strings"
	"testing"

	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// ownSnapshot is a final snapshot of a database of the claim's namespace.
const ownSnapshot = "billing-final-0123456789-fa035b9462"

// found is an AppDatabase to restore from, with changes; nil changes it to nothing at all.
func (w *world) found(changes fields) *world {
	from := parse(w.t, `
apiVersion: platform.io/v1
kind: AppDatabase
metadata: {name: billing, namespace: team-checkout}
status:
  engine: postgres
  identifier: billing-0123456789
  version: "16.4"
  environment: {cloud: {accountId: "123456789012", region: eu-west-1}}
`)
	for k, v := range changes {
		set(from, k, v)
	}
	w.source = &plan.Required{Resolved: true, Items: []object.Object{w.object(from)}}
	return w
}

// restoring is a world whose database is made from a backup.
func restoring(t *testing.T, from fields) *world {
	t.Helper()
	return newWorld(t).with(fields{"restoreFrom": from})
}

// What the database is called, who its master is, how it is encrypted and how large it is comes with the data.
func TestRestoredInstance(t *testing.T) {
	t.Parallel()
	withData := fields{
		"dbName": nil, "username": nil, "kmsKeyId": nil, "allocatedStorage": nil, "maxAllocatedStorage": nil,
	}
	pointInTime := func(changes fields) fields {
		return with(fields{"sourceDbInstanceIdentifier": "billing-0123456789"}, changes)
	}
	cases := map[string]struct {
		from    fields
		claim   fields
		changes fields
	}{
		"a snapshot": {fields{"snapshot": ownSnapshot}, nil, fields{"snapshotIdentifier": ownSnapshot}},
		"the latest moment of another database": {fields{"database": "billing"}, nil, fields{
			"engineVersion": "16", "optionGroupName": "default:postgres-16", "parameterGroupName": "orders-database-parameter-group-postgres16-39b2b8cbea",
			"restoreToPointInTime": pointInTime(fields{"useLatestRestorableTime": true})}},
		"an earlier moment": {fields{"database": "billing", "time": "2026-11-20T10:00:00Z"}, nil, fields{
			"engineVersion": "16", "optionGroupName": "default:postgres-16", "parameterGroupName": "orders-database-parameter-group-postgres16-39b2b8cbea",
			"restoreToPointInTime": pointInTime(fields{"restoreTime": "2026-11-20T10:00:00Z"})}},
		"the version that the claim names": {fields{"snapshot": ownSnapshot}, fields{"version": "16"}, fields{"snapshotIdentifier": ownSnapshot,
			"engineVersion": "16", "optionGroupName": "default:postgres-16", "parameterGroupName": "orders-database-parameter-group-postgres16-39b2b8cbea"}},
		"more storage than the backup has": {fields{"snapshot": ownSnapshot}, fields{"storageGiB": 200},
			fields{"snapshotIdentifier": ownSnapshot, "allocatedStorage": 200.0, "maxAllocatedStorage": 300.0}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := restoring(t, tc.from).with(tc.claim).found(nil)
			w.asleep = []string{nameInstance}
			p := w.settle()
			equal(t, "spec.forProvider", with(with(stagingInstance(), withData), tc.changes), forProvider(p, nameInstance).Map())
			equal(t, "status", []string{"", ""}, []string{p.Status.Done().String("database"), p.Status.Done().String("host")})
			if p.Wiring.Database != nil || p.Wiring.Entry != nil {
				t.Error("a database without a name is handed on")
			}
		})
	}
}

func TestRestoredCluster(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		from    fields
		changes fields
	}{
		"a snapshot": {fields{"snapshot": ownSnapshot}, fields{"snapshotIdentifier": ownSnapshot}},
		"the latest moment of another database": {fields{"database": "billing"}, fields{
			"restoreToPointInTime": fields{"sourceClusterIdentifier": "billing-0123456789", "useLatestRestorableTime": true}}},
		"an earlier moment": {fields{"database": "billing", "time": "2026-11-20T10:00:00Z"}, fields{
			"restoreToPointInTime": fields{"sourceClusterIdentifier": "billing-0123456789", "restoreToTime": "2026-11-20T10:00:00Z"}}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := auroraWorld(t, fields{"restoreFrom": tc.from}).found(fields{"status.engine": "aurora-postgresql", "status.version": "17.4"})
			w.asleep = []string{nameCluster}
			p := w.settle()
			// Aurora encrypts with the key that it is given.
			equal(t, "spec.forProvider", with(with(stagingCluster(w), fields{"databaseName": nil, "masterUsername": nil}), tc.changes),
				forProvider(p, nameCluster).Map())
			w.asleep = nil
			w.wake(nameCluster)
			equal(t, "database", "restored", secretData(t, w.settle())["database"])
		})
	}
}

// The name of a restored database is handed over when the cloud tells it, and kept from then on.
func TestRestoredDatabaseName(t *testing.T) {
	t.Parallel()
	w := restoring(t, fields{"snapshot": ownSnapshot})
	p := w.settle()
	data := secretData(t, p)
	equal(t, "handed over", []string{"restored", "restored", "restored"}, []string{p.Status.Done().String("database"), data["database"], p.Wiring.Database.Name})
	if forProvider(p, nameInstance).Has("dbName") {
		t.Error("the provider is told the name, and would make the database anew")
	}
	delete(w.instance(), "status")
	equal(t, "when its status is lost", data, secretData(t, w.compose()))
	delete(w.xr, "status")
	equal(t, "when every status is lost", data, secretData(t, w.compose()))
}

// What the provider fills in of a restored database is repeated: to take it out again would be a change.
func TestRestoredDatabaseIsKept(t *testing.T) {
	t.Parallel()
	filled := fields{"username": "oldmaster", "kmsKeyId": "arn:aws:kms:eu-west-1:123456789012:key/old", "dbName": "shop"}
	w := restoring(t, fields{"database": "billing", "time": "2026-11-20T10:00:00Z"}).found(nil)
	w.settle()
	for k, v := range filled {
		set(w.instance(), "spec.forProvider."+k, v)
	}
	w.settle()
	before := forProvider(w.compose(), nameInstance).Map()
	for k, v := range filled {
		equal(t, k, v, before[k])
	}
	// One after the other, so that at the end all of it is lost.
	for _, step := range []struct {
		reason string
		change func()
	}{
		{"its source is another one", func() { w.found(fields{"status.identifier": "other", "status.engine": "mysql"}) }},
		{"its source is gone", func() { w.source = &plan.Required{Resolved: true} }},
		{"nobody has looked", func() { w.source = nil }},
		{"its status is lost", func() { delete(w.instance(), "status") }},
		{"the object's status too", func() { delete(w.xr, "status") }},
	} {
		step.change()
		p, reason := w.compose(), step.reason
		equal(t, reason, before, forProvider(p, nameInstance).Map())
		equal(t, reason+": what is looked for", false, strings.Contains(strings.Join(requirements(p), " "), requirementSource))
	}
}

// As long as the size of a restored database is not known nothing is asked for; then it is a database like all others.
func TestRestoredStorage(t *testing.T) {
	t.Parallel()
	w := restoring(t, fields{"snapshot": ownSnapshot})
	w.asleep = []string{nameInstance}
	w.settle()
	w.asleep = nil
	w.wake(nameInstance)
	set(w.instance(), "status.atProvider.allocatedStorage", 300)
	storage := func(p *plan.Plan) []int64 {
		return []int64{forProvider(p, nameInstance).Int("allocatedStorage"), forProvider(p, nameInstance).Int("maxAllocatedStorage"),
			p.Status.Done().Int("storage", "allocatedGiB")}
	}
	equal(t, "with the backup's size", []int64{300, 450, 300}, storage(w.step()))
	delete(w.instance(), "status")
	equal(t, "when the status is lost", []int64{300, 450, 300}, storage(w.compose()))
	delete(w.xr, "status")
	equal(t, "when every status is lost", []int64{300, 450, 300}, storage(w.compose()))
}

// A backup of a database that is still made is waited for, with all that the new one needs in place.
func TestRestoreWaits(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change  func(*world)
		message string
	}{
		"until core has looked":       {func(w *world) { w.source = nil }, "looks for AppDatabase billing"},
		"until the source is created": {func(w *world) { w.found(fields{"status": nil}) }, "waits for AppDatabase billing, which is not created yet"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := restoring(t, fields{"database": "billing"})
			tc.change(w)
			p := w.settle()
			equal(t, "instance", true, wanted(p, nameInstance).IsZero())
			equal(t, "ground", false, wanted(p, nameSecurityGroup).IsZero())
			equal(t, "DatabaseReady", conditions.Condition{Type: "DatabaseReady", Status: conditions.False, Reason: conditions.Creating, Message: tc.message},
				condition(p, "DatabaseReady"))
			equal(t, "what is looked for", "environment restore-source", strings.Join(requirements(p)[:2], " "))
			if !p.Waiting {
				t.Error("the plan does not wait")
			}
			p = w.found(nil).settle()
			equal(t, "then it goes on", true, condition(p, "DatabaseReady").Is())
			equal(t, "with the version of the source", "16", forProvider(p, nameInstance).String("engineVersion"))
			equal(t, "groups", []string{group16}, w.in().Observed.Names(nameParameterGroup))
		})
	}
}

// The name of a final snapshot is made to be restored from: restoreFrom in another claim of the namespace takes it.
func TestFinalSnapshotCanBeRestored(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	name := w.compose().Status.Done().String("finalSnapshot")
	equal(t, "name", forProvider(w.compose(), nameInstance).String("finalSnapshotIdentifier"), name)
	w = restoring(t, fields{"snapshot": name})
	equal(t, "restored from", name, forProvider(w.settle(), nameInstance).String("snapshotIdentifier"))

	// One that was composed before names carried the namespace stays: the snapshot may be taken at any time.
	set(w.instance(), "spec.forProvider.finalSnapshotIdentifier", "old-final")
	p := w.settle()
	equal(t, "kept", []string{"old-final", "old-final"},
		[]string{forProvider(p, nameInstance).String("finalSnapshotIdentifier"), p.Status.Done().String("finalSnapshot")})

	long := newWorld(t)
	long.xr["metadata"] = fields{"name": strings.Repeat("long-name-", 6), "namespace": "team-checkout", "uid": "xr-uid"}
	in := long.in()
	in.Subject.Name = strings.Repeat("long-name-", 6)
	d := &database{in: in, form: instanceForm()}
	if got := d.finalSnapshotName(); len(got) > 63 || !strings.HasSuffix(got, "-fa035b9462") || strings.Contains(got, "--") {
		t.Errorf("a long name gives %q", got)
	}
}

// A backup cannot go back to an older version. A newer one is reached by an upgrade, which follows.
func TestRestoreToAnotherVersion(t *testing.T) {
	t.Parallel()
	w := restoring(t, fields{"database": "billing"}).with(fields{"version": "15"}).found(nil)
	_, refusal := w.refused()
	equal(t, "lower", conditions.Condition{Type: "DatabaseReady", Status: conditions.False, Reason: conditions.RestoreSourceUnusable,
		Message: `spec.version: AppDatabase billing, which spec.restoreFrom names, runs 16.4, and a backup cannot go back to 15. ` +
			`Write "16" or newer, or remove the field`}, refusal.Condition)

	w = restoring(t, fields{"database": "billing"}).with(fields{"version": "17"}).found(nil)
	w.asleep = []string{nameInstance}
	var p *plan.Plan
	for range 4 {
		p = w.step()
	}
	equal(t, "created with", []string{"16", w.in().Name(group16)},
		[]string{forProvider(p, nameInstance).String("engineVersion"), forProvider(p, nameInstance).String("parameterGroupName")})
	w.asleep = nil
	w.wake(nameInstance)
	p = w.settle()
	equal(t, "and upgraded", []string{"17", w.in().Name(group17)},
		[]string{forProvider(p, nameInstance).String("engineVersion"), forProvider(p, nameInstance).String("parameterGroupName")})
	equal(t, "groups", []string{group17}, w.in().Observed.Names(nameParameterGroup))
}

// The version of a snapshot is not known here. One that was not guessed right is mended by writing it.
func TestRestoreOfASnapshotOfAnotherVersion(t *testing.T) {
	t.Parallel()
	w := restoring(t, fields{"snapshot": ownSnapshot})
	w.asleep = []string{nameInstance}
	w.settle()
	set(w.instance(), "status", fields{"conditions": []any{fields{"type": "Synced", "status": "False", "message": "InvalidParameterCombination"}}})
	set(w.xr, "spec.version", "16")
	p := w.settle()
	equal(t, "mended", []string{"16", w.in().Name(group16)},
		[]string{forProvider(p, nameInstance).String("engineVersion"), forProvider(p, nameInstance).String("parameterGroupName")})
	w.asleep = nil
	w.wake(nameInstance)
	p = w.settle()
	equal(t, "groups", []string{group16}, w.in().Observed.Names(nameParameterGroup))
	if !condition(p, "DatabaseReady").Is() {
		t.Errorf("DatabaseReady = %+v", condition(p, "DatabaseReady"))
	}
}

// A backup of MySQL and MariaDB brings Vault's users along; the status says so, with what takes them away. In PostgreSQL they end by
// themselves.
func TestRestoredUsers(t *testing.T) {
	t.Parallel()
	snapshot := "orders-final-x-" + snapshotOwner("team-checkout")
	for engine, want := range map[string]string{"mysql": "DROP USER", "mariadb": "DROP USER", "aurora-mysql": "DROP USER", "postgres": ""} {
		w := newWorld(t).with(fields{"engine": engine, "restoreFrom": fields{"snapshot": snapshot}})
		equal(t, engine+" before it is there", false, w.compose().Status.Done().Has("restored"))
		w.settle()
		restored := w.compose().Status.Done().At("restored")
		if restored.String("from") != snapshot {
			t.Errorf("%s: %v", engine, restored.Map())
		}
		if sql := restored.String("sql"); !strings.Contains(sql, want) || (want == "") != (sql == "") || (want == "") != (restored.String("users") == "") {
			t.Errorf("%s: %v", engine, restored.Map())
		}
	}
	w := readyWorld(t)
	equal(t, "not restored", false, w.compose().Status.Done().Has("restored"))
}

// A database that core has forgotten is looked for by its id: it is the same, and so is its final snapshot.
func TestFinalSnapshotOfAForgottenDatabase(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	want := w.compose().Status.Done().Map()["finalSnapshot"]
	set(w.xr, "status.resourceId", "db-ABC")
	delete(w.observed, nameInstance)
	got := w.compose().Status.Done().Map()
	equal(t, "final snapshot", want, got["finalSnapshot"])
	equal(t, "the one before", nil, got["previousResourceId"])
}
