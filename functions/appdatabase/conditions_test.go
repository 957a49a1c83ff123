package appdatabase

import (
	"testing"

	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
)

func TestConditions(t *testing.T) {
	t.Parallel()
	failing := []any{fields{"type": "Synced", "status": "False", "message": "UnheardOf: too many"}, fields{"type": "Ready", "status": "True"}}
	available := conditions.Condition{Type: "DatabaseReady", Status: conditions.True, Reason: conditions.Available, Message: "available at " + host + ":5432"}
	no := func(reason conditions.Reason, message string) conditions.Condition {
		return conditions.Condition{Type: "DatabaseReady", Status: conditions.False, Reason: reason, Message: message}
	}
	name := func(w *world, resource string) string { return w.in().Name(resource) }
	cases := map[string]struct {
		change func(*world)
		want   func(*world) conditions.Condition
	}{
		"nothing there": {func(w *world) { w.observed = map[string]fields{} }, func(w *world) conditions.Condition {
			return no(conditions.Creating, "SecurityGroup "+name(w, nameSecurityGroup)+": not created yet. A new database takes about ten minutes")
		}},
		"the instance is created": {func(w *world) {
			set(w.instance(), "status", fields{"conditions": []any{fields{"type": "Ready", "status": "False", "reason": "Creating"}}})
			delete(w.xr, "status")
		}, func(w *world) conditions.Condition {
			return no(conditions.Creating, "Instance "+name(w, nameInstance)+": Creating. A new database takes about ten minutes")
		}},
		"the instance that was there is changed": {func(w *world) {
			set(w.instance(), "status.conditions", []any{fields{"type": "Ready", "status": "False", "reason": "Creating"}})
		}, func(w *world) conditions.Condition {
			return no(conditions.Creating, "Instance "+name(w, nameInstance)+": Creating")
		}},
		"the instance fails": {func(w *world) { set(w.instance(), "status.conditions", failing) }, func(w *world) conditions.Condition {
			return no(conditions.Failing, runsOn+"Instance "+name(w, nameInstance)+": UnheardOf: too many")
		}},
		"a failure counts before what only waits": {func(w *world) {
			set(w.observed[nameSecurityGroup], "status.conditions", []any{})
			set(w.observed[nameSubnetGroup], "status.conditions", failing)
			delete(w.instance(), "status")
		}, func(w *world) conditions.Condition {
			return no(conditions.Failing, "SubnetGroup "+name(w, nameSubnetGroup)+": UnheardOf: too many")
		}},
		"a rule that fails is told, though the database is there": {func(w *world) {
			set(w.observed["database-ingress-sg-work"], "status.conditions", failing)
		}, func(w *world) conditions.Condition {
			return no(conditions.Failing, runsOn+"SecurityGroupIngressRule "+name(w, "database-ingress-sg-work")+": UnheardOf: too many")
		}},
		"the instance is being deleted": {func(w *world) { set(w.instance(), "metadata.deletionTimestamp", "2025-01-01T00:00:00Z") },
			func(w *world) conditions.Condition {
				return no(conditions.Deleting, "Instance "+name(w, nameInstance)+": is being deleted")
			}},
		"the instance has no address": {func(w *world) { set(w.instance(), "status.atProvider", nil); delete(w.xr, "status") },
			func(*world) conditions.Condition {
				return no(conditions.Creating, "waits for the provider to publish the address of the database")
			}},
		"the ground is there, and the instance follows": {func(w *world) {
			w.observed = map[string]fields{}
			w.asleep = []string{nameInstance}
			w.step()
		}, func(w *world) conditions.Condition {
			return no(conditions.Creating, "SecurityGroupIngressRule "+name(w, "database-ingress-sg-vault")+": not created yet. A new database takes about ten minutes")
		}},
		"all is well":                         {func(*world) {}, func(*world) conditions.Condition { return available }},
		"a part that is created anew":         {func(w *world) { delete(w.observed, "database-ingress-sg-work") }, func(*world) conditions.Condition { return available }},
		"the address is lost from its status": {func(w *world) { set(w.instance(), "status.atProvider.address", nil) }, func(*world) conditions.Condition { return available }},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t)
			tc.change(w)
			p := w.compose()
			want := tc.want(w)
			equal(t, "DatabaseReady", want, condition(p, "DatabaseReady"))
			if p.Waiting == want.Is() {
				t.Errorf("waiting %v", p.Waiting)
			}
		})
	}
}

func TestAccessReady(t *testing.T) {
	t.Parallel()
	const where = "the connection details are in Secret orders-appdatabase-connection"
	const static = ". With static credentials everybody has the master user: the roles in spec.access are not enforced. " +
		"With spec.credentials set to dynamic they are, once the master password that was handed out is reset"
	cases := map[string]struct {
		change func(*world)
		want   conditions.Condition
	}{
		"dynamic": {func(*world) {}, conditions.Condition{Status: conditions.True, Reason: conditions.Available,
			Message: where + ". User name and password are issued by Vault"}},
		"dynamic, and nobody in the list": {func(w *world) { set(w.xr, "spec.access", nil) },
			conditions.Condition{Status: conditions.True, Reason: conditions.Available,
				Message: where + ". spec.access is empty, so nobody can log in: list the service accounts that use the database"}},
		"static": {func(w *world) { set(w.xr, "spec.credentials", "static"); w.settle() },
			conditions.Condition{Status: conditions.True, Reason: conditions.StaticCredentials, Message: where + static}},
		"static claim": {func(w *world) {
			w.observed = map[string]fields{}
			w.claimed()
			set(w.xr, "spec.credentials", "static")
			w.settle()
		}, conditions.Condition{Status: conditions.True, Reason: conditions.StaticCredentials,
			Message: "the connection details are in the Secret that spec.writeConnectionSecretToRef names" + static}},
		"nothing there": {func(w *world) { w.observed = map[string]fields{} }, conditions.Condition{Status: conditions.False, Reason: conditions.Blocked,
			Message: "the connection details follow when the database is available"}},
		"nobody can connect": {func(w *world) { set(w.env, "status.workloadSecurityGroupIds", nil) },
			conditions.Condition{Status: conditions.False, Reason: conditions.EnvironmentNotReady,
				Message: "Environment team-checkout/staging lists no status.workloadSecurityGroupIds, so no further workload can connect. " +
					"Its owner has to add the security groups that workloads call from"}},
		"dynamic, and no Vault": {func(w *world) {
			set(w.env, "status.vault", nil)
			set(w.xr, "spec.credentials", "dynamic")
		}, conditions.Condition{Status: conditions.False, Reason: conditions.VaultNotConfigured,
			Message: "spec.credentials is dynamic, and Environment team-checkout/staging has no Vault to issue them. Set spec.credentials to static, " +
				"or ask the platform team for Vault"}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t)
			tc.change(w)
			p := w.compose()
			tc.want.Type = "AccessReady"
			equal(t, "AccessReady", tc.want, condition(p, "AccessReady"))
			if !tc.want.Is() && !p.Waiting {
				t.Error("the plan does not wait")
			}
		})
	}
}

// runsOn begins the message of a database that answers while something about it fails.
const runsOn = "the database runs on at " + host + ":5432, but "

func TestStatus(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	set(w.xr, "spec.storageGiB", 30)
	first := w.step()
	want := fields{
		"database": "orders", "engine": "postgres", "version": "17", "size": "small", "instanceClass": "db.t4g.medium", "tier": "staging", "multiAZ": false,
		"storage":             fields{"allocatedGiB": 30.0, "maxGiB": 100.0, "requestedGiB": 30.0},
		"backupRetentionDays": 7.0, "backupWindow": "00:20-01:20", "maintenanceWindow": "wed:03:20-wed:04:20",
		"finalSnapshot": "orders-final-eae1e50f1a-fa035b9462", "deletionProtection": false, "credentials": "dynamic", "caBundleURL": caBundle,
	}
	equal(t, "before there is an instance", want, first.Status.Done().Map())

	ready := w.settle()
	want = with(want, fields{
		"host": host, "port": 5432.0, "endpoint": host + ":5432", "version": "17.4", "arn": "arn:aws:rds:eu-west-1:123456789012:db:orders-4ab79ab1a4",
		"identifier": w.object(w.instance()).String("spec", "forProvider", "identifier"), "connectionSecret": "orders-appdatabase-connection",
		"resourceId": "db-ABC",
	})
	equal(t, "ready", want, ready.Status.Done().Map())

	// What an instance says once stays known, also when its status is lost.
	delete(w.instance(), "status")
	equal(t, "with a lost status", want, w.compose().Status.Done().Map())

	// What is said of an instance that is gone is not said of the next one, but for what it was: it is looked for.
	delete(w.observed, nameInstance)
	delete(w.connections, nameInstance)
	delete(w.observed, nameConnection)
	set(w.xr, "spec.version", "16")
	got := w.compose().Status.Done().Map()
	equal(t, "without an instance", with(want, fields{
		"host": nil, "port": nil, "endpoint": nil, "identifier": nil, "connectionSecret": nil, "version": "16",
	}), got)
}

// While the Environment is away nothing is added, and nothing goes.
func TestEnvironmentIsAway(t *testing.T) {
	t.Parallel()
	cases := map[string]func(*world){
		"gone":       func(w *world) { w.env = nil },
		"not ready":  func(w *world) { set(w.env, "status.conditions", []any{fields{"type": "Ready", "status": "False"}}) },
		"moved":      func(w *world) { set(w.env, "status.network.vpcId", "vpc-2") },
		"not shared": func(w *world) { set(w.env, "metadata.namespace", "team-checkout"); w.env = nil },
	}
	for reason, change := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t)
			change(w)
			delete(w.observed, "database-ingress-sg-work")
			set(w.xr, "spec.deletionProtection", true)
			set(w.xr, "spec.size", "medium")
			p := w.compose()
			if wanted(p, "database-usage-protection").IsZero() {
				t.Error("deletion protection goes on in the cloud, and the object can be deleted all the same")
			}
			for _, name := range resourceNames(p) {
				// What protects is added all the same: the cloud's flag goes on now, and a delete would hang.
				if _, there := w.observed[name]; !there && name != "database-usage-protection" {
					t.Errorf("%s is added", name)
				}
			}
			for name := range w.observed {
				if wanted(p, name).IsZero() {
					t.Errorf("%s goes", name)
				}
			}
			if len(p.Drops) > 0 || !p.Waiting || condition(p, "EnvironmentResolved").Is() {
				t.Errorf("drops %v, waiting %v, %+v", drops(p), p.Waiting, condition(p, "EnvironmentResolved"))
			}
			equal(t, "what the claim changes is changed", "db.m7g.large", wanted(p, nameInstance).String("spec", "forProvider", "instanceClass"))
		})
	}
}

func TestEnvironmentIsAwayAndNothingIsComposed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.env = nil
	p := w.compose()
	equal(t, "resources", []string{}, resourceNames(p))
	if !p.Waiting || p.Environment != nil || p.Wiring != nil || condition(p, "EnvironmentResolved").Reason != conditions.EnvironmentNotFound {
		t.Errorf("waiting %v, %+v", p.Waiting, p.Conditions)
	}
}

// With the last Environment lost too there is nothing to compose from: what runs stays as it is.
func TestEnvironmentIsAwayAndTheStatusIsLost(t *testing.T) {
	t.Parallel()
	for reason, status := range map[string]any{"lost": nil, "lost in part": fields{"environment": fields{"name": "staging", "namespace": "team-checkout"}}} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t)
			w.env = nil
			set(w.xr, "status", status)
			_, refusal := w.refused()
			equal(t, "reason", conditions.EnvironmentNotFound, refusal.Reason)
			equal(t, "message", `spec.environmentRef: there is no Environment "staging" in namespace "team-checkout". Create it, or name one that exists `+
				`(kubectl get environments -n team-checkout). status.environment is lost too, so nothing is changed until the Environment is back`, refusal.Message)
		})
	}
}

// A type that the catalog does not know is a sentence, not a panic.
func TestEnvironmentOfAnUnknownType(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	set(w.env, "status.type", "sandbox")
	_, err := Stage(w.data).Compose(w.in())
	if err == nil || err.Error() != `spec.type of Environment team-checkout/staging is "sandbox", and the catalog has only the tiers dev, preview, production, staging` {
		t.Errorf("Compose() = %v", err)
	}
}
