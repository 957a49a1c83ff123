package appdatabase

import (
	"testing"

	inputv1 "github.com/goldenpath-dev/goldenpath/functions/appdatabase/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// What cannot be restored is said before anything is made.
func TestRestoreRefusals(t *testing.T) {
	t.Parallel()
	refuse := func(reason conditions.Reason, message string) conditions.Condition {
		return conditions.Condition{Type: "DatabaseReady", Status: conditions.False, Reason: reason, Message: message}
	}
	from := func(changes fields) func(*world) { return func(w *world) { w.found(changes) } }
	billing := fields{"database": "billing"}
	notOurs := func(name string) conditions.Condition {
		return refuse(conditions.SnapshotNotAllowed, `spec.restoreFrom.snapshot: "`+name+`" is not the final snapshot of a database of namespace `+
			`team-checkout. The platform team has to add an entry to snapshots in the input of the composition step: `+
			`{namespaces: [team-checkout], names: [`+name+`]}`)
	}
	cases := map[string]struct {
		from  fields
		world func(*world)
		want  conditions.Condition
	}{
		"no such database": {billing, func(w *world) { w.source = &plan.Required{Resolved: true} }, refuse(conditions.RestoreSourceUnusable,
			`spec.restoreFrom.database: there is no AppDatabase "billing" in namespace team-checkout. Create this one anew with the name of one `+
				`that is there, or, for one that was deleted, with its final snapshot as spec.restoreFrom.snapshot`)},
		"another engine": {billing, from(fields{"status.engine": "mysql"}), refuse(conditions.RestoreSourceUnusable,
			`spec.engine: AppDatabase billing, which spec.restoreFrom names, is mysql and not postgres. Create this one anew with spec.engine: mysql`)},
		"another account": {billing, from(fields{"status.environment.cloud.accountId": "999999999999"}), refuse(conditions.RestoreSourceUnusable,
			"spec.restoreFrom.database: AppDatabase billing is in account 999999999999, region eu-west-1, and a backup stays in its account and region. "+
				"Ask the platform team to copy a snapshot, and restore that with spec.restoreFrom.snapshot")},
		"another region": {billing, from(fields{"status.environment.cloud.region": "us-east-1"}), refuse(conditions.RestoreSourceUnusable,
			"spec.restoreFrom.database: AppDatabase billing is in account 123456789012, region us-east-1, and a backup stays in its account and region. "+
				"Ask the platform team to copy a snapshot, and restore that with spec.restoreFrom.snapshot")},
		"itself": {fields{"database": "orders"}, nil, refuse(conditions.InvalidSpec,
			"spec.restoreFrom.database names this object itself: write the name of another AppDatabase")},
		"both": {fields{"database": "billing", "snapshot": ownSnapshot}, nil, refuse(conditions.InvalidSpec,
			"spec.restoreFrom takes either snapshot or database: write one of the two")},
		"a time without a database": {fields{"snapshot": ownSnapshot, "time": "2026-11-20T10:00:00Z"}, nil, refuse(conditions.InvalidSpec,
			"spec.restoreFrom.time goes with database: a snapshot is of one moment already. Remove time")},
		"a name of its own": {fields{"snapshot": ownSnapshot}, func(w *world) { set(w.xr, "spec.database", "shop") }, refuse(conditions.InvalidSpec,
			"spec.database and spec.restoreFrom exclude each other: a restored database keeps its name. Remove spec.database")},
		"the snapshot of another namespace":    {fields{"snapshot": "billing-final-0123456789-0123456789"}, nil, notOurs("billing-final-0123456789-0123456789")},
		"a snapshot that only looks like ours": {fields{"snapshot": "x" + "fa035b9462"}, nil, notOurs("xfa035b9462")},
		"an automated snapshot":                {fields{"snapshot": "rds:" + ownSnapshot}, nil, notOurs("rds:" + ownSnapshot)},
		"an ARN, whose end is chosen by whoever owns it": {fields{"snapshot": "arn:aws:rds:eu-west-1:666666666666:snapshot:" + ownSnapshot}, nil,
			notOurs("arn:aws:rds:eu-west-1:666666666666:snapshot:" + ownSnapshot)},
		"a snapshot that a rule gives to another namespace": {fields{"snapshot": "golden-2026"}, func(w *world) {
			w.data.snapshots = []inputv1.SnapshotRule{
				{Namespaces: []string{"team-billing"}, Names: []string{"golden-2026"}}, {Namespaces: []string{"team-checkout"}, Names: []string{"other"}},
			}
		}, notOurs("golden-2026")},
		"rules that are too wide to be meant": {fields{"snapshot": "golden-2026"}, func(w *world) {
			w.data.snapshots = []inputv1.SnapshotRule{{Namespaces: []string{"*", "te*"}, Names: []string{"*", "go*"}}}
		}, notOurs("golden-2026")},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := restoring(t, tc.from)
			if tc.world != nil {
				tc.world(w)
			}
			p, refusal := w.refused()
			equal(t, "refusal", tc.want, refusal.Condition)
			equal(t, "resources", []string{}, resourceNames(p))
		})
	}
}

func TestSnapshotsThatAreAllowed(t *testing.T) {
	t.Parallel()
	const shared = "arn:aws:rds:eu-west-1:666666666666:snapshot:golden-2026"
	rule := func(namespace, name string) []inputv1.SnapshotRule {
		return []inputv1.SnapshotRule{{Namespaces: []string{namespace}, Names: []string{name}}}
	}
	cases := map[string]struct {
		snapshot string
		rules    []inputv1.SnapshotRule
	}{
		"a final snapshot of the namespace": {ownSnapshot, nil},
		"one that a rule names":             {"golden-2026", rule("team-checkout", "golden-2026")},
		"with prefixes":                     {"golden-2026", rule("team-*", "golden-*")},
		"an ARN":                            {shared, rule("team-checkout", shared)},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := restoring(t, fields{"snapshot": tc.snapshot})
			w.data.snapshots = tc.rules
			equal(t, "snapshot", tc.snapshot, forProvider(w.settle(), nameInstance).String("snapshotIdentifier"))
			// A rule that is taken back does not stop what runs.
			w.data.snapshots = nil
			w.compose()
		})
	}
}

// What a database is made of is decided once.
func TestRestoreIsImmutable(t *testing.T) {
	t.Parallel()
	want := conditions.Condition{Type: "DatabaseReady", Status: conditions.False, Reason: conditions.RestoreChanged,
		Message: "spec.restoreFrom cannot be set, changed or removed after creation: write what was there before, or create a new AppDatabase"}
	snapshot, moment := fields{"snapshot": ownSnapshot}, fields{"database": "billing", "time": "2026-11-20T10:00:00Z"}
	cases := map[string]struct{ was, is any }{
		"set":                       {nil, snapshot},
		"set to a database":         {nil, moment},
		"removed":                   {snapshot, nil},
		"removed from a database":   {moment, nil},
		"another snapshot":          {snapshot, fields{"snapshot": "other-final-0123456789-fa035b9462"}},
		"a database for a snapshot": {snapshot, moment},
		"a snapshot for a database": {moment, snapshot},
		"another time":              {moment, fields{"database": "billing", "time": "2026-11-20T11:00:00Z"}},
		"the latest time":           {moment, fields{"database": "billing"}},
		"a time for the latest":     {fields{"database": "billing"}, moment},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			for _, engine := range []string{"postgres", "aurora-postgresql"} {
				w := newWorld(t).with(fields{"engine": engine, "restoreFrom": tc.was}).found(fields{"status.engine": engine})
				w.settle()
				w.compose()
				set(w.xr, "spec.restoreFrom", tc.is)
				_, refusal := w.refused()
				equal(t, engine, want, refusal.Condition)
			}
		})
	}
}

// A version that is not on offer any more could be restored, but not with any group that is on offer.
func TestRestoreFromAVersionThatLeftTheCatalog(t *testing.T) {
	t.Parallel()
	w := restoring(t, fields{"database": "billing"}).found(fields{"status.version": "14.9"})
	_, refusal := w.refused()
	equal(t, "refusal", conditions.Condition{Type: "DatabaseReady", Status: conditions.False, Reason: conditions.RestoreSourceUnusable,
		Message: `spec.restoreFrom.database: AppDatabase billing runs postgres 14.9, which is not on offer any more. Upgrade it first to one of 15, 16, 17, 18`},
		refusal.Condition)
}
