package inventory

import (
	"testing"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"
)

// update changes a resource, and returns what it has then.
func (w *world) update(to Target, changes map[string]any) (map[string]any, error) {
	w.t.Helper()
	err := w.Update(to, changes, known(), false)
	e, _ := w.Get(to)
	return e.Parameters, err
}

// TestOneCall: everything goes out in one call, and one field that is refused blocks all others.
func TestOneCall(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	db := w.add(cloud.Instance, "db", w.instance(map[string]any{"allocatedStorage": 100.0, "deletionProtection": true}))
	has, err := w.update(db, map[string]any{"allocatedStorage": 400.0, "deletionProtection": false})
	says(t, err, "InvalidParameterCombination: Invalid iops value for engine name postgres and storage type gp3: 3000", false)
	if has["deletionProtection"] != true || has["allocatedStorage"] != 100.0 {
		t.Errorf("it happened in part: %v", has)
	}
	has, err = w.update(db, map[string]any{"allocatedStorage": 400.0, "iops": 12000.0, "storageThroughput": 500.0, "deletionProtection": false})
	if err != nil || has["iops"] != 12000.0 || has["deletionProtection"] != false {
		t.Errorf("%v, %v", has, err)
	}
}

// TestOptionGroup moves along with the major version, and does not go back.
func TestOptionGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	db := w.add(cloud.Instance, "db", w.instance(nil))
	has, err := w.update(db, map[string]any{"engineVersion": "18", "allowMajorVersionUpgrade": true, "parameterGroupName": "postgres18"})
	if err != nil || has["optionGroupName"] != "default:postgres-18" {
		t.Fatalf("%v, %v", has["optionGroupName"], err)
	}
	_, err = w.update(db, map[string]any{"optionGroupName": "default:postgres-17"})
	says(t, err, "InvalidParameterCombination: The option group default:postgres-17 is not valid for engine postgres and version 18.1", false)
}

// TestParameters are stored in RDS's own spelling.
func TestParameters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	to := target(cloud.ParameterGroup, "g")
	to.ExternalName = w.create(cloud.ParameterGroup, "g", map[string]any{"region": region, "family": "postgres17", "parameter": []any{
		map[string]any{"name": "log_lock_waits", "value": "on", "applyMethod": "immediate"},
	}})
	e, _ := w.Get(to)
	list, _ := e.Parameters["parameter"].([]any)
	if fields, _ := list[0].(map[string]any); fields["value"] != "1" {
		t.Errorf("a boolean is a digit: %v", list)
	}
	_, err := w.Create(target(cloud.ParameterGroup, "h"), map[string]any{"region": region, "family": "mysql8.4", "parameter": []any{
		map[string]any{"name": "max-connections", "value": "9", "applyMethod": "immediate"},
	}}, nil)
	says(t, err, "InvalidParameterValue: Could not find parameter with name: max-connections", false)
}

// TestLogGroups appear when exports are on, and stay. One that was there before is left alone.
func TestLogGroups(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(cloud.LogGroup, "/aws/rds/instance/db/upgrade", map[string]any{"region": region, "retentionInDays": 30.0})
	db := w.add(cloud.Instance, "db", w.instance(map[string]any{"enabledCloudwatchLogsExports": []any{"upgrade"}}))
	if _, err := w.update(db, map[string]any{"enabledCloudwatchLogsExports": []any{"upgrade", "postgresql"}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Delete(db); err != nil {
		t.Fatal(err)
	}
	w.Settle(db)
	for name, owner := range map[string]string{"upgrade": "/aws/rds/instance/db/upgrade", "postgresql": logsOwner} {
		group := w.find(cloud.LogGroup, region, "/aws/rds/instance/db/"+name)
		if group == nil || group.Owner.Name != owner {
			t.Errorf("%s: %+v, want it to be of %s", name, group, owner)
		}
	}
}

// TestLeases: a mount goes when its leases can be revoked, and takes with it what is below.
func TestLeases(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	db := w.add(cloud.Instance, "db", w.instance(map[string]any{"skipFinalSnapshot": true}))
	address := w.reported(db, "address")["address"].(string) //nolint:forcetypeassert // It is one.
	mount, role := target(cloud.Mount, "m"), target(cloud.DatabaseRole, "r")
	mount.ExternalName = w.create(cloud.Mount, "m", map[string]any{"path": "b", "type": "database"})
	connection := target(cloud.DatabaseConnection, "c")
	var err error
	connection.ExternalName, err = w.Create(connection, map[string]any{"backend": "b", "name": "c", "postgresql": []any{map[string]any{
		"connectionUrl": "postgresql://{{username}}:{{password}}@" + address + ":5432/d",
	}}}, Values{"postgresql.0.passwordSecretRef": "known"})
	if err != nil {
		t.Fatal(err)
	}
	role.ExternalName = w.create(cloud.DatabaseRole, "r", map[string]any{"backend": "b", "name": "r", "dbName": "c"})
	w.Lease(role)
	w.Lease(mount)
	if w.Leases() != 1 {
		t.Errorf("%d leases, want one", w.Leases())
	}
	kept := *w.entries[connection.key()]
	if err := w.Delete(connection); err != nil {
		t.Fatal(err)
	}
	w.Settle(connection)
	says(t, w.Delete(mount), cloud.Unrevoked("b", "r").Message, false)
	w.entries[connection.key()] = &kept
	if err := w.Delete(mount); err != nil || w.Leases() != 0 {
		t.Errorf("while the connection lives it goes: %v, %d leases", err, w.Leases())
	}
	if _, there := w.Get(role); there {
		t.Error("a role outlives its mount")
	}
}

// TestRestoreCarries what its snapshot has.
func TestRestoreCarries(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	db := w.add(cloud.Instance, "db", w.instance(map[string]any{"storageEncrypted": false}))
	if err := w.Delete(db); err != nil {
		t.Fatal(err)
	}
	w.Settle(db)
	restored := map[string]any{"identifier": "again", "snapshotIdentifier": "final", "storageEncrypted": true, "kmsKeyId": "ours"}
	e, _ := w.Get(w.add(cloud.Instance, "again", w.instance(restored)))
	if e.Parameters["storageEncrypted"] != false {
		t.Errorf("an unencrypted snapshot is restored unencrypted: %v", e.Parameters)
	}
	diff := cloud.Changes(cloud.Instance, restored, e.Parameters, e.Reported)
	if cloud.Kinds()[cloud.Instance].Replaces(diff, e.Parameters) == nil {
		t.Error("and the provider refuses to make it an encrypted one")
	}
}
