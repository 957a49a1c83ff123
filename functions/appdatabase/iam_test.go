package appdatabase

import (
	"fmt"
	"strings"
	"testing"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	inputv1 "github.com/goldenpath-dev/goldenpath/functions/appdatabase/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/sqlaccess"
)

const dbUsers = "arn:aws:rds-db:eu-west-1:123456789012:dbuser:"

// connects is a grant to log in as the user of a role, on the servers with these ids.
func connects(role string, ids ...string) pipelinev1.Grant {
	grant := pipelinev1.Grant{Role: role, Actions: []string{"rds-db:connect"}}
	for _, id := range ids {
		grant.Resources = append(grant.Resources, dbUsers+id+"/iam_"+role)
	}
	return grant
}

// authenticated is a world with IAM authentication.
func authenticated(t *testing.T, claim fields) *world {
	t.Helper()
	return newWorld(t).with(fields{"iamAuthentication": true}).with(claim)
}

// Exactly the servers of this database, exactly as the user of each role.
func TestGrants(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		claim fields
		want  []pipelinev1.Grant
	}{
		"an instance": {nil, []pipelinev1.Grant{connects("reader", "db-ABC"), connects("writer", "db-ABC")}},
		"with replicas, which IAM knows by ids of their own": {fields{"replicas": 2}, []pipelinev1.Grant{
			connects("reader", "db-ABC", "db-REPLICA1", "db-REPLICA2"), connects("writer", "db-ABC", "db-REPLICA1", "db-REPLICA2")}},
		"a cluster, which has one id for all": {fields{"engine": "aurora-mysql", "replicas": 2}, []pipelinev1.Grant{
			connects("reader", "cluster-ABC"), connects("writer", "cluster-ABC")}},
		"a role that two have": {fields{"access": []any{
			fields{"serviceAccount": "b", "role": "admin"}, fields{"serviceAccount": "a", "role": "admin"}}},
			[]pipelinev1.Grant{connects("admin", "db-ABC")}},
		"nobody":     {fields{"access": nil}, nil},
		"not wanted": {fields{"iamAuthentication": nil}, nil},
		"turned off": {fields{"iamAuthentication": false}, nil},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			p := authenticated(t, tc.claim).settle()
			equal(t, "grants", tc.want, p.Wiring.Grants)
			equal(t, "hold", false, p.Wiring.Hold)
		})
	}
}

// The account is the one that the database says it is in, or else the Environment's.
func TestGrantsNameTheAccountOfTheDatabase(t *testing.T) {
	t.Parallel()
	for arn, want := range map[any]string{
		"arn:aws:rds:eu-west-1:999999999999:db:orders": "999999999999", nil: "123456789012", "odd": "123456789012", "arn:aws:rds:::db": "123456789012",
	} {
		w := authenticated(t, nil)
		w.settle()
		delete(w.xr, "status")
		set(w.instance(), "status.atProvider.arn", arn)
		reader := "arn:aws:rds-db:eu-west-1:" + want + ":dbuser:db-ABC/iam_reader"
		equal(t, fmt.Sprint(arn), reader, w.step().Wiring.Grants[0].Resources[0])
		delete(w.instance(), "status")
		equal(t, fmt.Sprint(arn)+", when the status is lost", reader, w.compose().Wiring.Grants[0].Resources[0])
	}
}

// A name that is not the server's own yet is granted to nobody.
func TestGrantsWaitForTheServer(t *testing.T) {
	t.Parallel()
	w := authenticated(t, nil)
	w.asleep = []string{nameInstance}
	w.settle()
	for _, external := range []string{"", "orders-database-instance-cc9da36c58", "db-orders-database-instance"} {
		// Core names what is not created yet after its object.
		if external != "" {
			set(w.instance(), "metadata.name", external)
			set(w.instance(), "metadata.annotations", fields{"crossplane.io/external-name": external})
		}
		p := w.compose()
		equal(t, "grants of "+external, []pipelinev1.Grant(nil), p.Wiring.Grants)
		equal(t, "hold of "+external, false, p.Wiring.Hold)
	}
	w.wake(nameInstance)
	equal(t, "grants", []pipelinev1.Grant{connects("reader", "db-ABC"), connects("writer", "db-ABC")}, w.settle().Wiring.Grants)
}

// Who may log in goes on to while a status is lost.
func TestGrantsAreNotLost(t *testing.T) {
	t.Parallel()
	lose := func(names ...string) func(*world) {
		return func(w *world) {
			for _, name := range names {
				delete(w.observed[name], "status")
			}
		}
	}
	cases := map[string]struct {
		engine string
		change func(*world)
	}{
		"the status of the instance":   {"postgres", lose(nameInstance)},
		"the status of a replica":      {"postgres", lose(replica1)},
		"the status of all of them":    {"postgres", lose(nameInstance, replica1)},
		"every status":                 {"postgres", func(w *world) { lose(nameInstance, replica1)(w); delete(w.xr, "status") }},
		"the status of the cluster":    {"aurora-postgresql", lose(nameCluster)},
		"the status of its object":     {"aurora-postgresql", func(w *world) { delete(w.xr, "status") }},
		"the Environment":              {"postgres", func(w *world) { w.env = nil }},
		"the Environment of a cluster": {"aurora-postgresql", func(w *world) { w.env = nil }},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := authenticated(t, fields{"engine": tc.engine, "replicas": 1})
			before := w.settle().Wiring.Grants
			tc.change(w)
			equal(t, "grants", before, w.compose().Wiring.Grants)
		})
	}
}

// When the id of a cluster is lost everywhere, what is granted is held.
func TestGrantsOfAClusterThatLostItsIdentityAreHeld(t *testing.T) {
	t.Parallel()
	w := authenticated(t, fields{"engine": "aurora-postgresql"})
	w.settle()
	w.observed["iam-grant-orders-api"] = fields{"apiVersion": "iam.aws.m.upbound.io/v1beta1", "kind": "RolePolicy"}
	delete(w.observed[nameCluster], "status")
	delete(w.xr, "status")
	wiring := w.compose().Wiring
	equal(t, "held", []any{[]pipelinev1.Grant(nil), true}, []any{wiring.Grants, wiring.Hold})
	delete(w.observed, "iam-grant-orders-api")
	equal(t, "with nothing to hold", false, w.compose().Wiring.Hold)
	w.observed["iam-grant-orders-api"] = fields{"apiVersion": "iam.aws.m.upbound.io/v1beta1", "kind": "RolePolicy"}
	w.with(fields{"iamAuthentication": false})
	equal(t, "when it is not wanted any more", false, w.compose().Wiring.Hold)
}

func TestPartitions(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]string{
		"eu-west-1": "arn:aws:rds-db:eu-west-1:", "cn-north-1": "arn:aws-cn:rds-db:cn-north-1:", "cn-northwest-1": "arn:aws-cn:rds-db:cn-northwest-1:",
		"us-gov-west-1": "arn:aws-us-gov:rds-db:us-gov-west-1:", "us-east-1": "arn:aws:rds-db:us-east-1:",
	} {
		w := authenticated(t, nil).within(fields{"status.cloud.region": region})
		for _, grant := range w.settle().Wiring.Grants {
			equal(t, region, want+"123456789012:dbuser:db-ABC/iam_"+grant.Role, grant.Resources[0])
		}
	}
}

// IAM authentication that was never asked for is left to the cloud. Once it was, it is turned off, not forgotten.
func TestIAMAuthenticationIsTurnedOnAndOff(t *testing.T) {
	t.Parallel()
	for engine, servers := range map[string][]string{"postgres": {nameInstance, replica1}, "aurora-postgresql": {nameCluster}} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).with(fields{"engine": engine, "replicas": 1})
			state := func(when string, want ...any) {
				t.Helper()
				p := w.settle()
				for _, name := range servers {
					got, there := forProvider(p, name).Map()["iamDatabaseAuthenticationEnabled"]
					if !there {
						got = nil
					}
					found := false
					for _, option := range want {
						found = found || option == got
					}
					if !found {
						t.Errorf("%s, %s: %v, want %v", name, when, got, want)
					}
				}
			}
			state("never asked for", nil)
			w.with(fields{"iamAuthentication": true})
			state("on", true)
			for _, name := range servers {
				set(w.observed[name], "status.atProvider.iamDatabaseAuthenticationEnabled", true)
			}
			w.with(fields{"iamAuthentication": false})
			w.asleep = servers
			// Not said any more it would be filled in again from what still is.
			for range 3 {
				state("off, and the cloud has not done it", false)
			}
			w.asleep = nil
			for _, name := range servers {
				w.wake(name)
			}
			state("off", nil, false)
			w.with(fields{"iamAuthentication": true})
			state("on again", true)
		})
	}
}

// The status prints what the administrator has to run, for the roles in use and only when it is asked for.
func TestIAMStatus(t *testing.T) {
	t.Parallel()
	users := func(dialect string, roles ...string) any {
		var list []any
		for _, role := range roles {
			list = append(list, fields{"role": role, "username": "iam_" + role, "sql": sqlaccess.IAMUser(dialect, "orders", role)})
		}
		return fields{"users": list}
	}
	cases := map[string]struct {
		claim fields
		want  any
	}{
		"postgres":          {nil, users("postgresql", "reader", "writer")},
		"mysql":             {fields{"engine": "mysql"}, users("mysql", "reader", "writer")},
		"mariadb":           {fields{"engine": "mariadb"}, users("mariadb", "reader", "writer")},
		"aurora-mysql":      {fields{"engine": "aurora-mysql"}, users("mysql", "reader", "writer")},
		"aurora-postgresql": {fields{"engine": "aurora-postgresql"}, users("postgresql", "reader", "writer")},
		"static":            {fields{"credentials": "static"}, users("postgresql", "reader", "writer")},
		"nobody":            {fields{"access": nil}, nil},
		"not wanted":        {fields{"iamAuthentication": false}, nil},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := authenticated(t, tc.claim)
			equal(t, "from the first call", tc.want, w.compose().Status.Done().Map()["iam"])
			equal(t, "at the end", tc.want, w.settle().Status.Done().Map()["iam"])
		})
	}
	w := restoring(t, fields{"snapshot": ownSnapshot}).with(fields{"iamAuthentication": true})
	w.asleep = []string{nameInstance}
	equal(t, "while the name of the database is not known", nil, w.settle().Status.Done().Map()["iam"])
	w.asleep = nil
	w.wake(nameInstance)
	sql := w.settle().Status.Done().At("iam").List("users")[0].String("sql")
	if !strings.Contains(sql, "restored") {
		t.Errorf("the SQL is not for the restored database: %s", sql)
	}
}

// MariaDB has it from 10.6 on.
func TestIAMOnAnOldMariaDB(t *testing.T) {
	t.Parallel()
	versions := inputv1.Engine{DefaultVersion: "10.5", Versions: map[string]inputv1.Version{
		"10.5": {Family: "mariadb10.5"}, "10.6": {Family: "mariadb10.6"}, "11.4": {Family: "mariadb11.4"},
	}}
	want := conditions.Condition{Type: "AccessReady", Status: conditions.False, Reason: conditions.IAMNotOffered,
		Message: "spec.iamAuthentication: mariadb has it from version 10.6 on, and this one is 10.5. Set spec.version to 10.6 or newer, or remove the field"}
	cases := map[string]struct {
		claim   fields
		refused bool
	}{
		"the default":                 {nil, true},
		"an old version":              {fields{"version": "10.5"}, true},
		"the first with it":           {fields{"version": "10.6"}, false},
		"a newer one, by its number":  {fields{"version": "11.4"}, false},
		"an old version, without IAM": {fields{"version": "10.5", "iamAuthentication": false}, false},
		"another engine":              {fields{"engine": "mysql"}, false},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := authenticated(t, fields{"engine": "mariadb"}).with(tc.claim)
			w.data.engines["mariadb"] = versions
			if !tc.refused {
				w.settle()
				return
			}
			_, refusal := w.refused()
			equal(t, "refusal", want, refusal.Condition)
		})
	}
	w := newWorld(t).with(fields{"engine": "mariadb", "version": "10.5"})
	w.data.engines["mariadb"] = versions
	w.settle()
	w.with(fields{"version": nil, "iamAuthentication": true})
	w.data.engines["mariadb"] = inputv1.Engine{DefaultVersion: "11.4", Versions: versions.Versions}
	_, refusal := w.refused()
	equal(t, "what runs counts, not the default", want, refusal.Condition)
}
