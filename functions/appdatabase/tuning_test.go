package appdatabase

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	inputv1 "github.com/goldenpath-dev/goldenpath/functions/appdatabase/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/appdatabase/rdsca"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
)

// Our parameters, over them the platform's, then the claim's, and over all what is not for discussion.
func TestParametersAreMerged(t *testing.T) {
	t.Parallel()
	item := func(name, value, method string) any {
		return fields{"name": name, "value": value, "applyMethod": method}
	}
	tls, locks, slow := item("rds.force_ssl", "1", "pending-reboot"), item("log_lock_waits", "1", "immediate"),
		item("log_min_duration_statement", "1000", "immediate")
	cases := map[string]struct {
		platform map[string]string
		claim    fields
		want     []any
	}{
		"ours":            {nil, nil, []any{locks, slow, tls}},
		"of the platform": {map[string]string{"work_mem": "1000"}, nil, []any{locks, slow, tls, item("work_mem", "1000", "immediate")}},
		"of the claim":    {nil, fields{"max_connections": "100"}, []any{locks, slow, item("max_connections", "100", "pending-reboot"), tls}},
		"the claim over the platform": {map[string]string{"work_mem": "1000", "max_connections": "50"}, fields{"work_mem": "2000"},
			[]any{locks, slow, item("max_connections", "50", "pending-reboot"), tls, item("work_mem", "2000", "immediate")}},
		"TLS over all": {map[string]string{"rds.force_ssl": "0"}, nil, []any{locks, slow, tls}},
		"the platform over ours, in RDS's spelling": {map[string]string{"log_lock_waits": "off"}, nil,
			[]any{item("log_lock_waits", "0", "immediate"), slow, tls}},
		"the claim over all but TLS": {map[string]string{"log_lock_waits": "off"}, fields{"log_lock_waits": "ON", "log_min_duration_statement": "-1"},
			[]any{locks, item("log_min_duration_statement", "-1", "immediate"), tls}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			for name, group := range map[v1.DatabaseEngine]string{v1.EnginePostgres: group17, v1.EngineAuroraPostgreSQL: clusterGroup17} {
				w := newWorld(t).with(fields{"engine": string(name), "parameters": tc.claim})
				engine := w.data.engines[name]
				engine.Parameters = tc.platform
				w.data.engines[name] = engine
				equal(t, string(name), any(tc.want), forProvider(w.compose(), group).Map()["parameter"])
			}
		})
	}
}

// What a claim gets when it tunes what cannot be tuned.
func TestTuningRefusals(t *testing.T) {
	t.Parallel()
	refuse := func(reason conditions.Reason, message string) conditions.Condition {
		return conditions.Condition{Type: "DatabaseReady", Status: conditions.False, Reason: reason, Message: message}
	}
	cases := map[string]struct {
		claim fields
		most  *int64
		want  conditions.Condition
	}{
		"more replicas than there can be": {fields{"replicas": 6}, nil,
			refuse(conditions.ReplicasNotOffered, "spec.replicas: 6 is not on offer for postgres; write 0 to 5")},
		"fewer than none": {fields{"replicas": -1}, nil,
			refuse(conditions.ReplicasNotOffered, "spec.replicas: -1 is not on offer for postgres; write 0 to 5")},
		"more replicas than the platform offers": {fields{"replicas": 3}, ptr[int64](2),
			refuse(conditions.ReplicasNotOffered, "spec.replicas: 3 is not on offer for postgres; write 0 to 2")},
		"replicas where the platform offers none": {fields{"replicas": 1}, ptr[int64](0),
			refuse(conditions.ReplicasNotOffered, "spec.replicas: 1 is not on offer for postgres; remove the field, or ask the platform team for "+
				"an engine with replicas")},
		"storage on Aurora": {fields{"engine": "aurora-mysql", "storageGiB": 20}, nil,
			refuse(conditions.InvalidSpec, "spec.storageGiB is not for Aurora, whose storage grows by itself: remove the field")},
		"more storage than RDS has": {fields{"storageGiB": 70000}, nil,
			refuse(conditions.InvalidSpec, "spec.storageGiB: RDS has no storage of 70000 GiB for postgres. Write 20 to 65536, or remove the field")},
		"less storage than RDS has": {fields{"storageGiB": 19}, nil,
			refuse(conditions.InvalidSpec, "spec.storageGiB: RDS has no storage of 19 GiB for postgres. Write 20 to 65536, or remove the field")},
		"a backup window that is none": {fields{"backupWindow": "25:00-26:00"}, nil, refuse(conditions.InvalidWindow,
			`spec.backupWindow: "25:00-26:00" is not a daily window hh:mm-hh:mm in UTC. Write for example 02:00-03:00`)},
		"a maintenance window that is none": {fields{"maintenanceWindow": "sunday"}, nil, refuse(conditions.InvalidWindow,
			`spec.maintenanceWindow: "sunday" is not a weekly window ddd:hh:mm-ddd:hh:mm in UTC with days mon, tue, wed, thu, fri, sat or sun. `+
				`Write for example sun:03:30-sun:04:30`)},
		"windows that overlap": {fields{"backupWindow": "05:00-06:00", "maintenanceWindow": "mon:05:30-mon:06:30"}, nil, refuse(conditions.InvalidWindow,
			`spec.maintenanceWindow: "mon:05:30-mon:06:30" overlaps the daily backup window 05:00-06:00, and RDS keeps them apart. `+
				`Write for example mon:06:00-mon:07:00`)},
		"one parameter in two spellings": {fields{"engine": "mysql", "parameters": fields{"gtid-mode": "ON", "gtid_mode": "OFF"}}, nil,
			refuse(conditions.InvalidParameter, `spec.parameters: "gtid-mode" and "gtid_mode" are the same parameter. Write one of them, gtid_mode`)},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).with(tc.claim)
			engine := w.data.engines["postgres"]
			engine.MaxReplicas = tc.most
			w.data.engines["postgres"] = engine
			p, refusal := w.refused()
			equal(t, "refusal", tc.want, refusal.Condition)
			equal(t, "resources", []string{}, resourceNames(p))
		})
	}
}

// The words about a parameter are those of its table; here it counts that they come with the field.
func TestUnknownParameter(t *testing.T) {
	t.Parallel()
	w := newWorld(t).with(fields{"parameters": fields{"work_mem": "1000", "max_conections": "100", "zero": "1"}})
	problem := w.data.parameters.Check("postgres", "max_conections", "100")
	if problem == nil {
		t.Fatal("the table knows a name that is mistyped")
	}
	_, refusal := w.refused()
	equal(t, "refusal", conditions.Condition{Type: "DatabaseReady", Status: conditions.False, Reason: conditions.InvalidParameter,
		Message: `spec.parameters["max_conections"]: ` + problem.Error()}, refusal.Condition)
}

// A claim's windows stand beside those that nobody has said, which make way for them. A read replica has those of its source.
func TestWindows(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		claim fields
		want  []string
	}{
		"an hour of the night":                       {nil, []string{"00:20-01:20", "wed:03:20-wed:04:20"}},
		"a backup window":                            {fields{"backupWindow": "10:00-11:00"}, []string{"10:00-11:00", "wed:03:20-wed:04:20"}},
		"a maintenance window":                       {fields{"maintenanceWindow": "wed:10:00-wed:11:00"}, []string{"00:20-01:20", "wed:10:00-wed:11:00"}},
		"a backup window where maintenance would be": {fields{"backupWindow": "03:00-04:00"}, []string{"03:00-04:00", "wed:04:00-wed:05:00"}},
		"a maintenance window where the backup would be": {fields{"maintenanceWindow": "mon:00:00-mon:01:00"},
			[]string{"01:00-02:00", "mon:00:00-mon:01:00"}},
		"one after the other":     {fields{"backupWindow": "10:00-11:00", "maintenanceWindow": "wed:11:00-wed:12:00"}, []string{"10:00-11:00", "wed:11:00-wed:12:00"}},
		"one that spans midnight": {fields{"backupWindow": "23:30-00:30"}, []string{"23:30-00:30", "wed:03:20-wed:04:20"}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).with(tc.claim).with(fields{"replicas": 1})
			p := w.settle()
			params, status := forProvider(p, nameInstance), p.Status.Done()
			equal(t, "instance", tc.want, []string{params.String("backupWindow"), params.String("maintenanceWindow")})
			equal(t, "replica", tc.want,
				[]string{forProvider(p, replica1).String("backupWindow"), forProvider(p, replica1).String("maintenanceWindow")})
			equal(t, "status", tc.want, []string{status.String("backupWindow"), status.String("maintenanceWindow")})
		})
	}
}

// What the input of the composition step may say, and what the platform team reads when it is wrong.
func TestInputMistakes(t *testing.T) {
	t.Parallel()
	size := func(class, least, most string) inputv1.Input {
		s := inputv1.Size{InstanceClass: "db.m7g.large", StorageGiB: 20, MaxStorageGiB: 40, Aurora: &inputv1.AuroraSize{InstanceClass: class}}
		if least != "" {
			s.Aurora.Serverless = &inputv1.Serverless{MinCapacity: least, MaxCapacity: most}
		}
		return inputv1.Input{Sizes: map[string]inputv1.Size{"odd": s}}
	}
	engine := func(e inputv1.Engine) inputv1.Input {
		return inputv1.Input{Engines: map[string]inputv1.Engine{"postgres": e}}
	}
	const serverless, bounds = "sizes.odd.aurora: serverless goes with the instanceClass db.serverless, and with no other",
		"; write halves between 0 and 256, in quotes, and a maxCapacity of 1 or more that is not below minCapacity"
	cases := map[string]struct {
		input inputv1.Input
		want  string
	}{
		"serverless without bounds":    {size("db.serverless", "", ""), serverless},
		"bounds without serverless":    {size("db.r7g.large", "1", "2"), serverless},
		"bounds that are no number":    {size("db.serverless", "one", "2"), `sizes.odd.aurora: serverless: "one" to "2" is no capacity` + bounds},
		"too little":                   {size("db.serverless", "-0.5", "2"), `sizes.odd.aurora: serverless: "-0.5" to "2" is no capacity` + bounds},
		"too much":                     {size("db.serverless", "1", "256.5"), `sizes.odd.aurora: serverless: "1" to "256.5" is no capacity` + bounds},
		"too little at most":           {size("db.serverless", "0.5", "0.5"), `sizes.odd.aurora: serverless: "0.5" to "0.5" is no capacity` + bounds},
		"the wrong way round":          {size("db.serverless", "4", "2"), `sizes.odd.aurora: serverless: "4" to "2" is no capacity` + bounds},
		"no halves":                    {size("db.serverless", "0.7", "2"), `sizes.odd.aurora: serverless: "0.7" to "2" is no capacity` + bounds},
		"not a number at all":          {size("db.serverless", "NaN", "2"), `sizes.odd.aurora: serverless: "NaN" to "2" is no capacity` + bounds},
		"an infinity":                  {size("db.serverless", "1", "Inf"), `sizes.odd.aurora: serverless: "1" to "Inf" is no capacity` + bounds},
		"fewer replicas than none":     {engine(inputv1.Engine{MaxReplicas: ptr[int64](-1)}), "engines.postgres.maxReplicas: -1 is not between 0 and 5"},
		"more replicas than there are": {engine(inputv1.Engine{MaxReplicas: ptr[int64](6)}), "engines.postgres.maxReplicas: 6 is not between 0 and 5"},
		"windows that overlap": {inputv1.Input{Tiers: map[string]inputv1.Tier{"dev": {BackupWindow: "04:00-05:00", MaintenanceWindow: "sun:03:30-sun:04:30"}}},
			`tiers.dev: "sun:03:30-sun:04:30" overlaps the daily backup window 04:00-05:00, and RDS keeps them apart. Write for example sun:05:00-sun:06:00`},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			_, err := wholeCatalog(t).with(&tc.input)
			if err == nil {
				t.Fatal("with() accepts it")
			}
			equal(t, "error", tc.want, err.Error())
		})
	}
	mistyped := engine(inputv1.Engine{Parameters: map[string]string{"max_conections": "1"}})
	problem := wholeCatalog(t).parameters.Check("postgres", "max_conections", "1")
	if _, err := wholeCatalog(t).with(&mistyped); err == nil || err.Error() != `engines.postgres.parameters["max_conections"]: `+problem.Error() {
		t.Errorf("with() = %v", err)
	}
}

func TestInputOfDayTwo(t *testing.T) {
	t.Parallel()
	rules := []inputv1.SnapshotRule{{Namespaces: []string{"a"}, Names: []string{"b"}}}
	got, err := defaultCatalog().with(&inputv1.Input{
		Snapshots: rules, CABundles: map[string]string{"eu-west-1": "PEM"},
		Engines: map[string]inputv1.Engine{"mariadb": {MaxReplicas: ptr[int64](2), Parameters: map[string]string{"max_connections": "100"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	base := defaultCatalog().engines["mariadb"]
	want := []any{rules, "PEM", inputv1.Engine{DefaultVersion: base.DefaultVersion, Versions: base.Versions, MaxReplicas: ptr[int64](2),
		Parameters: map[string]string{"max_connections": "100"}}}
	if diff := cmp.Diff(want, []any{got.snapshots, got.caBundles["eu-west-1"], got.engines["mariadb"]}); diff != "" {
		t.Errorf("with() (-want +got):\n%s", diff)
	}
}

// Vault verifies a database of the region whose certificates it is given.
func TestCABundleOfTheRegion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.data.caBundles = map[string]string{"eu-west-1": "PEM", "us-east-1": "other"}
	equal(t, "bundle", "PEM", w.settle().Wiring.Database.CABundle)
	w.data.caBundles = map[string]string{"us-east-1": "other"}
	p := w.settle()
	equal(t, "without one", rdsca.Bundle("eu-west-1"), p.Wiring.Database.CABundle)
	equal(t, "for workloads", rdsca.Bundle("eu-west-1"), p.Wiring.Entry.Values["ca.crt"])
}

// In a region whose certificates nobody knows Vault encrypts only, and that is said.
func TestCABundleOfAnUnknownRegion(t *testing.T) {
	t.Parallel()
	w := newWorld(t).within(fields{"status.cloud.region": "us-gov-west-1", "status.cloud.accountId": "123456789012"})
	p := w.settle()
	equal(t, "bundle", "", p.Wiring.Database.CABundle)
	if _, there := p.Wiring.Entry.Values["ca.crt"]; there {
		t.Error("an empty ca.crt is handed out")
	}
	c := condition(p, "AccessReady")
	if !c.Is() || !strings.Contains(c.Message, "does not verify") || !strings.Contains(c.Message, "us-gov-west-1-bundle.pem to caBundles") {
		t.Errorf("%+v", c)
	}
}

// With credentials of Vault no parameter of a claim and none of the platform has the server log a password; with static ones there is none.
func TestParametersLogNoIssuedPassword(t *testing.T) {
	t.Parallel()
	const said = `"general_log" would log the passwords that Vault issues. Remove it, and look for slow statements with long_query_time`
	cases := map[string]struct {
		claim    fields
		platform map[string]string
		want     string
	}{
		"of the claim":            {fields{"parameters": fields{"general-log": "on"}}, nil, "spec.parameters: " + said},
		"of the platform":         {nil, map[string]string{"general_log": "1"}, "the platform's parameters of mariadb: " + said},
		"the claim over it":       {fields{"parameters": fields{"general_log": "0"}}, map[string]string{"general_log": "1"}, ""},
		"static credentials":      {fields{"parameters": fields{"general_log": "1"}, "credentials": "static"}, nil, ""},
		"every statement is slow": {fields{"parameters": fields{"long_query_time": "0"}}, nil, ""},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).with(fields{"engine": "mariadb", "credentials": "dynamic"}).with(tc.claim)
			engine := w.data.engines[v1.EngineMariaDB]
			engine.Parameters = tc.platform
			w.data.engines[v1.EngineMariaDB] = engine
			if tc.want == "" {
				w.compose()
				return
			}
			_, refusal := w.refused()
			equal(t, "refusal", conditions.Condition{Type: "DatabaseReady", Status: conditions.False, Reason: conditions.InvalidParameter,
				Message: tc.want}, refusal.Condition)
		})
	}
}
