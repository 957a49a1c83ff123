package appdatabase

import (
	"strings"
	"testing"
)

// Every log that RDS exports has a log group of ours before the database is made: with the environment's key, with the tier's retention,
// and gone with a preview alone.
func TestLogGroups(t *testing.T) {
	t.Parallel()
	keeps, goes := "Observe Create Update LateInitialize", ""
	cases := map[string]struct {
		tier     string
		claim    fields
		want     []string
		days     float64
		policies string
	}{
		"dev":        {"dev", nil, []string{"/aws/rds/instance/orders-4ab79ab1a4/postgresql", "/aws/rds/instance/orders-4ab79ab1a4/upgrade"}, 7, keeps},
		"preview":    {"preview", fields{"engine": "mysql"}, []string{"/aws/rds/instance/orders-4ab79ab1a4/error", "/aws/rds/instance/orders-4ab79ab1a4/slowquery"}, 7, goes},
		"staging":    {"staging", fields{"engine": "aurora-mysql"}, []string{"/aws/rds/cluster/orders-database-cluster-eed33cda00/error", "/aws/rds/cluster/orders-database-cluster-eed33cda00/slowquery"}, 30, keeps},
		"production": {"production", fields{"engine": "aurora-postgresql"}, []string{"/aws/rds/cluster/orders-database-cluster-eed33cda00/postgresql"}, 365, keeps},
		"retained":   {"preview", fields{"engine": "aurora-postgresql", "deletionPolicy": "Retain"}, []string{"/aws/rds/cluster/orders-database-cluster-eed33cda00/postgresql"}, 7, keeps},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).with(tc.claim).within(fields{"status.type": tc.tier})
			paths := func() []string {
				var paths []string
				for _, r := range w.compose().Resources {
					if r.Object.Kind() != "Group" {
						continue
					}
					paths = append(paths, r.Object.Annotation(externalName))
					group := r.Object.At("spec", "forProvider")
					equal(t, r.Name, fields{"region": "eu-west-1", "retentionInDays": tc.days, "kmsKeyId": stagingKey}, group.Map())
					equal(t, r.Name, tc.policies, strings.Join(r.Object.Strings("spec", "managementPolicies"), " "))
				}
				return paths
			}
			equal(t, "before", tc.want, paths())
			w.settle()
			w.settle()
			equal(t, "after", tc.want, paths())
			equal(t, "identifier", strings.Split(tc.want[0], "/")[4], w.compose().Status.Done().String("identifier"))
		})
	}
}

// A read replica writes to log groups of its own, which go after it.
func TestReplicaLogGroups(t *testing.T) {
	t.Parallel()
	const name, other = "database-log-group-replica-1-postgresql", "database-log-group-replica-1-upgrade"
	kept := readyWorld(t).with(fields{"replicas": 1})
	kept.settle()
	kept.settle()
	kept.with(fields{"replicas": 0})
	equal(t, "what the cloud keeps is let go at once", []string{replica1 + ": SpecChanged", name + ": SpecChanged", other + ": SpecChanged"},
		drops(kept.step()))

	w := newWorld(t).with(fields{"replicas": 1}).within(fields{"status.type": "preview"})
	w.settle()
	w.settle()
	p := w.settle()
	equal(t, "path", "/aws/rds/instance/"+forProvider(p, replica1).String("identifier")+"/postgresql", wanted(p, name).Annotation(externalName))
	w.with(fields{"replicas": 0})
	p = w.step()
	equal(t, "the replica goes first", []string{replica1 + ": SpecChanged"}, drops(p))
	equal(t, "and the plan waits", true, p.Waiting)
	equal(t, "then its log groups", []string{name + ": SpecChanged", other + ": SpecChanged"}, drops(w.step()))
}

// A database that runs does not wait for log groups, whatever is wrong with them.
func TestLogGroupsHoldNothingUp(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	delete(w.observed, logGroup)
	set(w.observed[logUpgrade], "status.conditions", []any{fields{"type": "Synced", "status": "False", "message": "no"}})
	w.asleep = []string{logGroup}
	p := w.step()
	if wanted(p, nameInstance).IsZero() || len(drops(p)) > 0 {
		t.Errorf("%v, drops %v", resourceNames(p), drops(p))
	}
}
