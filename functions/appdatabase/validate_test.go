package appdatabase

import (
	"errors"
	"strings"
	"testing"

	inputv1 "github.com/goldenpath-dev/goldenpath/functions/appdatabase/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// refused calls the stage and expects a refusal.
func (w *world) refused() (*plan.Plan, *plan.Refusal) {
	w.t.Helper()
	p, err := Stage(w.data).Compose(w.in())
	refusal := (*plan.Refusal)(nil)
	if !errors.As(err, &refusal) {
		w.t.Fatalf("Compose() = %v, want a refusal", err)
	}
	return p, refusal
}

// A mistake in a new claim: one condition that names the field and what to write, and nothing is composed.
func TestRefusalOfANewClaim(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		claim   fields
		reason  conditions.Reason
		on      string
		message string
	}{
		"unknown engine": {fields{"engine": "oracle"}, conditions.UnknownEngine, "DatabaseReady",
			`spec.engine: "oracle" is not on offer; write one of aurora-mysql, aurora-postgresql, mariadb, mysql, postgres`},
		"no engine": {fields{"engine": nil}, conditions.UnknownEngine, "DatabaseReady",
			`spec.engine: "" is not on offer; write one of aurora-mysql, aurora-postgresql, mariadb, mysql, postgres`},
		"unknown version": {fields{"version": "9.6"}, conditions.UnknownVersion, "DatabaseReady",
			`spec.version: "9.6" is not on offer for postgres; write one of 15, 16, 17, 18, in quotes, or remove the field`},
		"a version of the other engine": {fields{"version": "8.4"}, conditions.UnknownVersion, "DatabaseReady",
			`spec.version: "8.4" is not on offer for postgres; write one of 15, 16, 17, 18, in quotes, or remove the field`},
		"a minor version": {fields{"version": "17.4"}, conditions.UnknownVersion, "DatabaseReady",
			`spec.version: "17.4" is not on offer for postgres; write one of 15, 16, 17, 18, in quotes, or remove the field`},
		"unknown size": {fields{"size": "huge"}, conditions.UnknownSize, "DatabaseReady",
			`spec.size: "huge" is not in the catalog for postgres; write one of large, medium, small, xlarge`},
		"reserved database name": {fields{"database": "user"}, conditions.InvalidSpec, "DatabaseReady",
			`spec.database: "user" is a word that the engines reserve. Create the AppDatabase anew with another name, such as user_data, ` +
				`or without the field`},
		"unknown role": {fields{"access": []any{fields{"serviceAccount": "a", "role": "reader"}, fields{"serviceAccount": "b", "role": "owner"}}},
			conditions.InvalidSpec, "AccessReady", `spec.access[1]: needs a serviceAccount, and a role that is reader, writer or admin`},
		"no service account": {fields{"access": []any{fields{"role": "reader"}}}, conditions.InvalidSpec, "AccessReady",
			`spec.access[0]: needs a serviceAccount, and a role that is reader, writer or admin`},
		"service account twice": {fields{"access": []any{
			fields{"serviceAccount": "orders-api", "role": "reader"}, fields{"serviceAccount": "orders-api", "role": "admin"}}},
			conditions.DuplicateAccess, "AccessReady",
			`spec.access: service account "orders-api" stands there twice. Write one entry for it, with the highest role it needs`},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.with(tc.claim)
			p, refusal := w.refused()
			equal(t, "refusal", conditions.Condition{Type: tc.on, Status: conditions.False, Reason: tc.reason, Message: tc.message}, refusal.Condition)
			equal(t, "resources", []string{}, resourceNames(p))
			if c := condition(p, "EnvironmentResolved"); !c.Is() {
				t.Errorf("EnvironmentResolved = %+v, want what is known of it", c)
			}
			if len(p.Requirements) != 1 {
				t.Errorf("%d requirements, want the Environment: core would forget it", len(p.Requirements))
			}
		})
	}
}

// A mistake in the claim of a database that runs.
func TestRefusalOfAChange(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change  func(*world)
		reason  conditions.Reason
		on      string
		message string
	}{
		"engine": {func(w *world) { set(w.xr, "spec.engine", "mysql") }, conditions.EngineChanged, "DatabaseReady",
			"spec.engine: the database is postgres and cannot become mysql. Write postgres again, or create a new AppDatabase and migrate the data"},
		"environment": {func(w *world) { set(w.xr, "spec.environmentRef.name", "production") }, conditions.EnvironmentRefChanged, "EnvironmentResolved",
			"spec.environmentRef: the database lives in Environment team-checkout/staging and cannot move to team-checkout/production. " +
				"Write the old reference again, or create a new AppDatabase there and migrate the data"},
		"namespace of the environment": {func(w *world) { set(w.xr, "spec.environmentRef.namespace", "platform") },
			conditions.EnvironmentRefChanged, "EnvironmentResolved",
			"spec.environmentRef: the database lives in Environment team-checkout/staging and cannot move to platform/staging. " +
				"Write the old reference again, or create a new AppDatabase there and migrate the data"},
		"lower version": {func(w *world) { set(w.xr, "spec.version", "15") }, conditions.VersionDowngrade, "DatabaseReady",
			`spec.version: the database runs 17 and cannot go back to 15. Write "17", or create a new AppDatabase and migrate the data`},
		"less storage than what runs": {func(w *world) {
			set(w.instance(), "status.atProvider.allocatedStorage", 50)
			w.step()
			set(w.xr, "spec.storageGiB", 40)
		},
			conditions.StorageShrink, "DatabaseReady",
			"spec.storageGiB: 40 is less than the 50 GiB that the database has, and RDS storage only grows. Write 50 or more, or remove the field"},
		"less storage than before": {func(w *world) { set(w.xr, "spec.storageGiB", 90); w.step(); set(w.xr, "spec.storageGiB", 80) },
			conditions.StorageShrink, "DatabaseReady",
			"spec.storageGiB: 80 is less than the 90 GiB that the database has, and RDS storage only grows. Write 90 or more, or remove the field"},
		"less storage, with a pause": {func(w *world) {
			set(w.xr, "spec.storageGiB", 90)
			w.step()
			set(w.xr, "spec.storageGiB", nil)
			w.step()
			set(w.xr, "spec.storageGiB", 80)
		}, conditions.StorageShrink, "DatabaseReady",
			"spec.storageGiB: 80 is less than the 90 GiB that the database has, and RDS storage only grows. Write 90 or more, or remove the field"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t)
			tc.change(w)
			_, refusal := w.refused()
			equal(t, "refusal", conditions.Condition{Type: tc.on, Status: conditions.False, Reason: tc.reason, Message: tc.message}, refusal.Condition)
		})
	}
}

// A refusal that is about the Environment does not say it twice.
func TestRefusalReplacesTheConditionItIsAbout(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	set(w.xr, "spec.environmentRef.name", "production")
	if p, _ := w.refused(); condition(p, "EnvironmentResolved").Type != "" {
		t.Errorf("conditions beside the refusal: %+v", p.Conditions)
	}
}

// What looks like a mistake and is none.
func TestAccepted(t *testing.T) {
	t.Parallel()
	cases := map[string]func(*world){
		"storage that grew beyond the claim by itself": func(w *world) {
			set(w.xr, "spec.storageGiB", 30)
			w.settle()
			set(w.instance(), "status.atProvider.allocatedStorage", 60)
		},
		"a smaller size":                     func(w *world) { set(w.xr, "spec.size", "large"); w.settle(); set(w.xr, "spec.size", "small") },
		"no storage any more":                func(w *world) { set(w.xr, "spec.storageGiB", 90); w.settle(); set(w.xr, "spec.storageGiB", nil) },
		"storage, when the status is lost":   func(w *world) { delete(w.xr, "status"); set(w.xr, "spec.storageGiB", 20) },
		"the version that runs":              func(w *world) { set(w.xr, "spec.version", "17") },
		"the namespace of the claim, spelt":  func(w *world) { set(w.xr, "spec.environmentRef.namespace", "team-checkout") },
		"the reference, when status is lost": func(w *world) { delete(w.xr, "status") },
		"another environment, with nothing composed": func(w *world) {
			w.observed = map[string]fields{}
			set(w.xr, "spec.environmentRef.name", "other")
		},
	}
	for reason, change := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t)
			change(w)
			w.compose()
		})
	}
}

func TestLower(t *testing.T) {
	t.Parallel()
	cases := []struct {
		a, b string
		want bool
	}{
		{"16", "17", true}, {"17", "16", false}, {"17", "17", false}, {"8.0", "8.4", true}, {"8.4", "8.0", false},
		{"9", "10", true}, {"10", "9", false}, {"17", "17.4", false}, {"17.4", "17", false}, {"16", "17.4", true},
		{"x", "17", false}, {"17", "", false}, {"8.x", "8.4", false},
	}
	for _, tc := range cases {
		if got := lower(tc.a, tc.b); got != tc.want {
			t.Errorf("lower(%q, %q) = %v", tc.a, tc.b, got)
		}
	}
}

func TestWithin(t *testing.T) {
	t.Parallel()
	cases := []struct {
		full, major string
		want        bool
	}{
		{"17.4", "17", true}, {"17", "17", true}, {"8.4.3", "8.4", true}, {"17.4", "1", false}, {"17", "17.4", false}, {"", "17", false},
		{"8.40.1", "8.4", false},
	}
	for _, tc := range cases {
		if got := within(tc.full, tc.major); got != tc.want {
			t.Errorf("within(%q, %q) = %v", tc.full, tc.major, got)
		}
	}
}

// What has left the catalog since runs on; a size that is mistyped does not.
func TestSizeThatLeftTheCatalog(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.data.sizes["huge"] = w.data.sizes["xlarge"]
	set(w.xr, "spec.size", "huge")
	w.settle()
	before := wanted(w.compose(), nameInstance).At("spec").Map()
	delete(w.data.sizes, "huge")
	equal(t, "the instance", before, wanted(w.compose(), nameInstance).At("spec").Map())

	set(w.xr, "spec.size", "hgue")
	if _, err := Stage(w.data).Compose(w.in()); err == nil {
		t.Error("a size that is in no catalog is accepted")
	}
}

// An exact version would be a downgrade as soon as RDS has upgraded it.
func TestCatalogTakesMajorVersions(t *testing.T) {
	t.Parallel()
	for engine, version := range map[string]string{"postgres": "17.4", "mysql": "8"} {
		in := &inputv1.Input{Engines: map[string]inputv1.Engine{engine: {DefaultVersion: version, Versions: map[string]inputv1.Version{
			version: {Family: "f"},
		}}}}
		if _, err := defaultCatalog().with(in); err == nil || !strings.Contains(err.Error(), "engines."+engine+".versions."+version) {
			t.Errorf("with(%s %s) = %v", engine, version, err)
		}
	}
}
