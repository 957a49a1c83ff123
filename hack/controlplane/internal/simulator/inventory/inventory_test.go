package inventory

import (
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
)

const region = "eu-west-1"

// world is a cloud with the groups that an instance needs.
type world struct {
	*Cloud
	t             *testing.T
	securityGroup string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{Cloud: New(func() time.Time { return time.Unix(0, 0) }), t: t}
	w.create(cloud.SubnetGroup, "subnets", map[string]any{"region": region})
	w.create(cloud.ParameterGroup, "postgres17", map[string]any{"region": region, "family": "postgres17"})
	w.create(cloud.ParameterGroup, "postgres18", map[string]any{"region": region, "family": "postgres18"})
	w.securityGroup = w.create(cloud.SecurityGroup, "group", map[string]any{"region": region, "name": "group", "vpcId": "vpc"})
	return w
}

func target(kind, name string) Target {
	return Target{Kind: kind, Region: region, Owner: api.Owner{Namespace: "n", Name: name, UID: "uid-" + kind + name, CompositionResource: kind}}
}

func (w *world) create(kind, name string, parameters map[string]any) string {
	w.t.Helper()
	to := target(kind, name)
	externalName, err := w.Create(to, parameters, Values{"passwordSecretRef": "known", "dataJsonSecretRef": "known"})
	if err != nil {
		w.t.Fatal(err)
	}
	to.ExternalName = externalName
	w.Settle(to)
	return externalName
}

func (w *world) instance(changes map[string]any) map[string]any {
	parameters := map[string]any{
		"region": region, "identifier": "db", "engine": "postgres", "engineVersion": "17", "allocatedStorage": 20.0, "port": 5432.0,
		"dbSubnetGroupName": "subnets", "parameterGroupName": "postgres17", "vpcSecurityGroupIds": []any{w.securityGroup},
		"finalSnapshotIdentifier": "final", "storageType": "gp3", "username": "u", "dbName": "d", "backupRetentionPeriod": 7.0,
	}
	maps.Copy(parameters, changes)
	return parameters
}

// says holds an error against the words of the API, and against how the SDK prints it.
func says(t *testing.T, err error, want string, printed bool) {
	t.Helper()
	var refusal *Refusal
	if !errors.As(err, &refusal) || refusal.Error() != want || refusal.Modelled != printed {
		t.Errorf("error = %v (%+v), want %q, modelled %t", err, refusal, want, printed)
	}
}

func TestCreateInstance(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		changes  map[string]any
		values   Values
		want     string
		modelled bool
	}{
		"its subnet group is not there": {map[string]any{"dbSubnetGroupName": "x"}, nil,
			"DBSubnetGroupNotFoundFault: DB subnet group 'x' does not exist.", true},
		"its parameter group is not there": {map[string]any{"parameterGroupName": "x"}, nil,
			"DBParameterGroupNotFound: DBParameterGroup not found: x", true},
		"a parameter group of another version": {map[string]any{"parameterGroupName": "postgres18"}, nil,
			"InvalidParameterCombination: The parameter group postgres18 with DBParameterGroupFamily postgres18 can't be used for this instance. " +
				"Use a parameter group with DBParameterGroupFamily postgres17.", false},
		"its security group is not there": {map[string]any{"vpcSecurityGroupIds": []any{"sg-x"}}, nil,
			"InvalidParameterValue: Invalid security group , groupId= sg-x, groupName=.", false},
		"no password": {nil, Values{},
			"InvalidParameterValue: The parameter MasterUserPassword must be provided and must not be blank.", false},
		"too little storage": {map[string]any{"allocatedStorage": 5.0}, nil,
			"InvalidParameterValue: Invalid storage size for engine name postgres and storage type gp3: 5", false},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if tc.values == nil {
				tc.values = Values{"passwordSecretRef": "known"}
			}
			_, err := w.Create(target(cloud.Instance, "db"), w.instance(tc.changes), tc.values)
			says(t, err, tc.want, tc.modelled)
			last := w.CallsSince(4).Calls
			if len(last) != 1 || last[0].Error != tc.want {
				t.Errorf("the call is not on record: %+v", last)
			}
		})
	}
	t.Run("the identifier is taken", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.create(cloud.Instance, "db", w.instance(nil))
		_, err := w.Create(target(cloud.Instance, "other"), w.instance(nil), Values{"passwordSecretRef": "known"})
		says(t, err, "DBInstanceAlreadyExists: DB instance already exists", true)
	})
}

func TestUpdateInstance(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		changes map[string]any
		want    string
	}{
		"storage shrinks": {map[string]any{"allocatedStorage": 19.0}, "InvalidParameterCombination: Invalid storage size for engine name postgres " +
			"and storage type gp3: 19. The allocated storage of a DB instance can't be reduced."},
		"a major upgrade without the flag": {map[string]any{"engineVersion": "18", "parameterGroupName": "postgres18"},
			"InvalidParameterCombination: The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version."},
		"a major upgrade with the old parameter group": {map[string]any{"engineVersion": "18", "allowMajorVersionUpgrade": true},
			"InvalidParameterCombination: The parameter group postgres17 with DBParameterGroupFamily postgres17 can't be used for this instance. " +
				"Use a parameter group with DBParameterGroupFamily postgres18."},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			to := target(cloud.Instance, "db")
			to.ExternalName = w.create(cloud.Instance, "db", w.instance(nil))
			says(t, w.Update(to, tc.changes, nil, false), tc.want, false)
			if e, _ := w.Get(to); e.Updates != 0 || e.Status != Available {
				t.Errorf("a refused change changes something: %+v", e.Resource)
			}
		})
	}
	t.Run("a major upgrade", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		to := target(cloud.Instance, "db")
		to.ExternalName = w.create(cloud.Instance, "db", w.instance(nil))
		was, _ := w.Get(to)
		change := map[string]any{"engineVersion": "18", "allowMajorVersionUpgrade": true, "parameterGroupName": "postgres18", "allocatedStorage": 30.0}
		if err := w.Update(to, change, nil, false); err != nil {
			t.Fatal(err)
		}
		e, _ := w.Get(to)
		if e.Status != Modifying || e.Reported["engineVersionActual"] != "18.1" || e.Reported["allocatedStorage"] != int64(30) || e.Updates != 1 {
			t.Errorf("the instance is %+v", e.Resource)
		}
		if e.Reported["id"] != was.Reported["id"] || e.Reported["address"] != was.Reported["address"] {
			t.Errorf("it is another instance: %v", e.Reported)
		}
		call := w.CallsSince(5).Calls[0]
		if diff := cmp.Diff([]string{"allocatedStorage", "allowMajorVersionUpgrade", "engineVersion", "parameterGroupName"}, call.Fields); diff != "" {
			t.Error(diff)
		}
	})
}

func TestDelete(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	to := target(cloud.Instance, "db")
	to.ExternalName = w.create(cloud.Instance, "db", w.instance(map[string]any{"deletionProtection": true}))
	rule := target(cloud.SecurityGroupIngressRule, "rule")
	rule.ExternalName = w.create(cloud.SecurityGroupIngressRule, "rule", map[string]any{"region": region, "securityGroupId": w.securityGroup})
	says(t, w.Delete(to), "InvalidParameterCombination: Cannot delete protected DB Instance, please disable deletion protection and try again.", false)

	inUse := map[string]Target{}
	for kind, name := range map[string]string{cloud.SubnetGroup: "subnets", cloud.ParameterGroup: "postgres17", cloud.SecurityGroup: w.securityGroup} {
		group := target(kind, kind)
		group.ExternalName = name
		inUse[kind] = group
	}
	refused := func() {
		t.Helper()
		says(t, w.Delete(inUse[cloud.SubnetGroup]), "InvalidDBSubnetGroupStateFault: Cannot delete the subnet group 'subnets' "+
			"because at least one database instance: db is still using it.", true)
		says(t, w.Delete(inUse[cloud.ParameterGroup]), "InvalidDBParameterGroupState: One or more database instances are still members of this "+
			"parameter group postgres17, so the group cannot be deleted", true)
		says(t, w.Delete(inUse[cloud.SecurityGroup]), "DependencyViolation: resource "+w.securityGroup+" has a dependent object", false)
	}
	refused()
	if err := w.Update(to, map[string]any{"deletionProtection": false}, nil, false); err != nil {
		t.Fatal(err)
	}
	if err := w.Delete(to); err != nil {
		t.Fatal(err)
	}
	refused() // An instance that is being deleted is still there.
	w.Settle(to)
	if _, there := w.Get(to); there {
		t.Error("the instance is still there")
	}
	want := []api.Snapshot{{Identifier: "final", Region: region, Instance: "db", Engine: "postgres", EngineVersion: "17.6", Username: "u", Database: "d",
		AllocatedStorage: 20}}
	if diff := cmp.Diff(want, w.Cloud.Cloud().Snapshots, cmpopts.IgnoreFields(api.Snapshot{}, "Taken")); diff != "" {
		t.Error(diff)
	}
	for kind, group := range inUse {
		if err := w.Delete(group); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
	if _, there := w.Get(rule); there {
		t.Error("a rule outlives its group")
	}

	again := newWorld(t)
	again.snapshots = want
	to.ExternalName = again.create(cloud.Instance, "db", again.instance(nil))
	says(t, again.Delete(to), "DBSnapshotAlreadyExists: Cannot create the snapshot because a snapshot with the identifier final already exists.", true)
	if err := again.Update(to, map[string]any{"skipFinalSnapshot": true}, nil, false); err != nil {
		t.Fatal(err)
	}
	if err := again.Delete(to); err != nil || len(again.snapshots) != 1 {
		t.Errorf("Delete() = %v, with %d snapshots", err, len(again.snapshots))
	}
}

func TestVault(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(cloud.Instance, "db", w.instance(nil))
	address := ""
	for _, r := range w.Cloud.Cloud().Resources {
		if r.Kind == "Instance" {
			address, _ = r.Reported["address"].(string)
		}
	}
	connect := func(engine, url string, values Values) error {
		_, err := w.Create(target(cloud.DatabaseConnection, "c"), map[string]any{
			"backend": "b", "name": "c", engine: []any{map[string]any{"connectionUrl": url, "username": "u"}},
		}, values)
		return err
	}
	postgres := func(host string) string {
		return "postgresql://{{username}}:{{password}}@" + host + ":5432/db?sslmode=require"
	}
	says(t, connect("postgresql", postgres("nowhere"), Values{"postgresql.0.passwordSecretRef": "known"}),
		"error creating database object: error verifying connection: dial tcp: lookup nowhere: no such host", false)
	says(t, connect("postgresql", postgres(address), nil),
		"error creating database object: error verifying connection: password authentication failed for user \"u\"", false)
	if err := connect("postgresql", postgres(address), Values{"postgresql.0.passwordSecretRef": "known"}); err != nil {
		t.Error(err)
	}
	if err := connect("mysql", "{{username}}:{{password}}@tcp("+address+":3306)/", Values{"mysql.0.passwordSecretRef": "known"}); err != nil {
		t.Error(err)
	}
	_, err := w.Create(target(cloud.KVSecret, "entry"), map[string]any{"mount": "m", "name": "n"}, Values{})
	says(t, err, "data_json syntax error: unexpected end of JSON input", false)
	// A role is written even without its connection, and what is there is overwritten.
	w.create(cloud.DatabaseRole, "one", map[string]any{"backend": "b", "name": "r", "dbName": "nowhere"})
	w.create(cloud.DatabaseRole, "two", map[string]any{"backend": "b", "name": "r", "dbName": "nowhere"})
}

func TestOwners(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	to := target(cloud.SubnetGroup, "subnets")
	to.ExternalName = "subnets"
	w.Abandon(to.Owner.UID)
	if e, _ := w.Get(to); !e.Orphaned {
		t.Error("what a managed resource leaves behind is an orphan")
	}
	other := to
	other.Owner.UID = "another"
	w.Adopt(other)
	if e, _ := w.Get(to); e.Orphaned || e.Owner.UID != "another" || e.CreatedBy.UID != to.Owner.UID {
		t.Errorf("it was adopted: %+v", e.Resource)
	}
	verbs := []string{}
	for _, call := range w.CallsSince(4).Calls {
		verbs = append(verbs, call.Verb)
	}
	if diff := cmp.Diff([]string{api.Orphan}, verbs); diff != "" {
		t.Error(diff)
	}
}

func TestDrift(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	to := target(cloud.Instance, "db")
	to.ExternalName = w.create(cloud.Instance, "db", w.instance(nil))
	before, _ := w.Get(to)
	add := func(p map[string]any) map[string]any { return map[string]any{"port": p["port"].(float64) + 1} } //nolint:forcetypeassert // A fixture.
	for range 3 {
		w.Drift(to, "drift=port", add)
	}
	if e, _ := w.Get(to); e.Parameters["port"] != 5433.0 || e.Reported["port"] != int64(5433) {
		t.Errorf("somebody changes it once: %v", e.Parameters["port"])
	}
	if before.Parameters["port"] != 5432.0 {
		t.Error("what was handed out has changed")
	}
	w.Drift(to, "", nil)
	w.Drift(to, "drift=port", add)
	if e, _ := w.Get(to); e.Parameters["port"] != 5434.0 {
		t.Errorf("and once more after the fault was taken away: %v", e.Parameters["port"])
	}
}

func TestRestore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	to := target(cloud.Instance, "db")
	to.ExternalName = "db-OLD"
	reported := map[string]any{"id": "db-OLD", "address": "old.host", "allocatedStorage": 50.0}
	w.Restore(to, w.instance(nil), reported)
	w.Restore(to, w.instance(map[string]any{"port": 1.0}), reported)
	e, there := w.Get(to)
	if !there || e.Reported["address"] != "old.host" || e.Reported["allocatedStorage"] != int64(50) || e.Parameters["port"] != 5432.0 || !e.Restored {
		t.Errorf("restored: %+v", e.Resource)
	}
	if calls := w.CallsSince(4); len(calls.Calls) != 0 {
		t.Errorf("restoring is no call: %+v", calls)
	}
}

func TestCallsSince(t *testing.T) {
	t.Parallel()
	c := New(func() time.Time { return time.Unix(0, 0) })
	for range keepCalls + 10 {
		c.Refuse(target(cloud.Policy, "p"), api.Create, nil, errors.New("no"))
	}
	if got := c.CallsSince(keepCalls + 7); len(got.Calls) != 3 || got.Calls[0].Seq != keepCalls+8 || got.Last != keepCalls+10 {
		t.Errorf("the last three calls: %d from %d to %d", len(got.Calls), got.Calls[0].Seq, got.Last)
	}
	if got := c.CallsSince(0); len(got.Calls) > keepCalls || !strings.Contains(got.Calls[0].Error, "no") {
		t.Errorf("%d calls are kept", len(got.Calls))
	}
	if got := c.CallsSince(keepCalls + 10); len(got.Calls) != 0 {
		t.Errorf("there is nothing new: %v", got.Calls)
	}
}
