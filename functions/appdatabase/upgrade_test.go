package appdatabase

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	inputv1 "github.com/goldenpath-dev/goldenpath/functions/appdatabase/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

const (
	group16 = "database-parameter-group-postgres16"
	group17 = "database-parameter-group-postgres17"
)

// upgradeState is what an upgrade is about.
type upgradeState struct {
	Version, Group string
	Allowed        bool
	Groups         []string
	Drops          []string
}

func (w *world) upgradeState(p *plan.Plan) upgradeState {
	params := wanted(p, nameInstance).At("spec", "forProvider")
	s := upgradeState{Version: params.String("engineVersion"), Allowed: params.Bool("allowMajorVersionUpgrade"), Drops: drops(p)}
	for _, r := range p.Resources {
		if r.Object.Kind() != "ParameterGroup" {
			continue
		}
		s.Groups = append(s.Groups, r.Name)
		if r.Object.Name() == params.String("parameterGroupName") {
			s.Group = r.Name
		}
	}
	return s
}

// world16 runs version 16.
func world16(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	set(w.xr, "spec.version", "16")
	w.settle()
	return w
}

// An upgrade is done in steps, and each one waits for the one before.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	w := world16(t)
	equal(t, "before", upgradeState{"16", group16, false, []string{group16}, nil}, w.upgradeState(w.compose()))

	set(w.xr, "spec.version", "17")
	w.asleep = []string{group17}
	equal(t, "the new group is composed", upgradeState{"16", group16, true, []string{group17, group16}, nil}, w.upgradeState(w.step()))
	equal(t, "and waited for", upgradeState{"16", group16, true, []string{group17, group16}, nil}, w.upgradeState(w.step()))

	w.wake(group17)
	w.asleep = []string{nameInstance}
	equal(t, "the instance is switched", upgradeState{"17", group17, true, []string{group17, group16}, nil}, w.upgradeState(w.step()))
	// The instance has the new spec, and still runs the old version.
	equal(t, "and waited for", upgradeState{"17", group17, true, []string{group17, group16}, nil}, w.upgradeState(w.step()))

	set(w.instance(), "status.atProvider.engineVersionActual", nil)
	if s := w.upgradeState(w.compose()); len(s.Drops) > 0 || len(s.Groups) != 2 {
		t.Errorf("a version that is not reported is taken for the new one: %+v", s)
	}
	set(w.instance(), "status.atProvider.engineVersionActual", "17.1")
	set(w.instance(), "status.conditions", []any{fields{"type": "Synced", "status": "True"}, fields{"type": "Ready", "status": "False"}})
	if s := w.upgradeState(w.compose()); len(s.Drops) > 0 || len(s.Groups) != 2 {
		t.Errorf("the old group goes while the instance is not well: %+v", s)
	}
	w.wake(nameInstance)
	p := w.step()
	equal(t, "the old group goes", upgradeState{"17", group17, false, []string{group17}, []string{group16 + ": Superseded"}}, w.upgradeState(p))
	equal(t, "after", upgradeState{"17", group17, false, []string{group17}, nil}, w.upgradeState(w.step()))
}

// Nobody is asked for a permission to upgrade when nothing is to be upgraded.
func TestUpgradeIsAllowedOnlyForAnUpgrade(t *testing.T) {
	t.Parallel()
	cases := map[string]func(*world){
		"while the instance is created":  func(w *world) { delete(w.instance(), "status") },
		"when the instance is not ready": func(w *world) { set(w.instance(), "status.conditions", []any{}) },
		"after a minor upgrade":          func(w *world) { set(w.instance(), "status.atProvider.engineVersionActual", "17.9") },
	}
	for reason, change := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t)
			change(w)
			if s := w.upgradeState(w.compose()); s.Allowed {
				t.Errorf("a major upgrade is allowed: %+v", s)
			}
		})
	}
}

// An upgrade that RDS refuses is taken back by writing the old version again.
func TestUpgradeThatFailsIsTakenBack(t *testing.T) {
	t.Parallel()
	w := world16(t)
	set(w.xr, "spec.version", "17")
	w.step()
	w.asleep = []string{nameInstance}
	w.step()
	set(w.instance(), "status.conditions", []any{fields{"type": "Synced", "status": "False", "message": "pre-check failed"}})
	w.step()
	equal(t, "composed", "17", w.object(w.instance()).String("spec", "forProvider", "engineVersion"))

	set(w.xr, "spec.version", "15")
	_, refusal := w.refused()
	equal(t, "lower than what runs", `spec.version: the database runs 16 and cannot go back to 15. Write "16", or create a new AppDatabase and migrate the data`,
		refusal.Message)

	set(w.instance(), "status.atProvider.engineVersionActual", "16.9-R2")
	data := w.data.engines["postgres"]
	w.data.engines["postgres"] = inputv1.Engine{DefaultVersion: "17", Versions: map[string]inputv1.Version{
		"15": {Family: "postgres15"}, "17": {Family: "postgres17"},
	}}
	_, refusal = w.refused()
	equal(t, "lower than what runs, which has left the catalog",
		`spec.version: the database runs 16.9-R2 and cannot go back to 15. Write "16.9-R2", or create a new AppDatabase and migrate the data`, refusal.Message)
	w.data.engines["postgres"] = data

	set(w.xr, "spec.version", "16")
	back := w.step()
	equal(t, "switched back", upgradeState{"16", group16, false, []string{group16, group17}, nil},
		with16(w.upgradeState(back)))
	w.asleep = nil
	last := w.settle()
	equal(t, "after", upgradeState{"16", group16, false, []string{group16}, nil}, w.upgradeState(last))
}

// with16 ignores the permission, which does nothing when the version is the one that runs.
func with16(s upgradeState) upgradeState {
	s.Allowed = false
	return s
}

// A claim without a version keeps the one that it was created with, whatever the catalog offers now.
func TestVersionIsSticky(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	set(w.xr, "spec.version", nil)
	engine := w.data.engines["postgres"]
	engine.DefaultVersion = "18"
	engine.Versions = map[string]inputv1.Version{"17": {Family: "postgres17"}, "18": {Family: "postgres18"}}
	w.data.engines["postgres"] = engine
	equal(t, "what runs", upgradeState{"17", group17, false, []string{group17}, nil}, w.upgradeState(w.compose()))
	w.observed = map[string]fields{}
	if p := w.settle(); wanted(p, "database-parameter-group-postgres18").IsZero() {
		t.Error("a new database does not get the new default")
	}
}

// A version that has left the catalog runs on; a claim cannot ask for it anew.
func TestVersionThatLeftTheCatalog(t *testing.T) {
	t.Parallel()
	for reason, version := range map[string]any{"written": "16", "not written": nil} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := world16(t)
			w.data.engines["postgres"] = inputv1.Engine{DefaultVersion: "17", Versions: map[string]inputv1.Version{"17": {Family: "postgres17"}}}
			set(w.xr, "spec.version", version)
			equal(t, "runs on", upgradeState{"16", group16, false, []string{group16}, nil}, w.upgradeState(w.compose()))
			set(w.xr, "spec.version", "17")
			equal(t, "and is upgraded", upgradeState{"17", group17, false, []string{group17}, nil}, w.upgradeState(w.settle()))

			set(w.xr, "spec.version", "16")
			if _, refusal := w.refused(); refusal.Reason != conditions.UnknownVersion {
				t.Errorf("refusal = %+v", refusal.Condition)
			}
		})
	}
}

// Without its parameter group nobody knows the family of such a version: the running service stays as it is.
func TestVersionThatLeftTheCatalogWithoutItsGroup(t *testing.T) {
	t.Parallel()
	w := world16(t)
	w.data.engines["postgres"] = inputv1.Engine{DefaultVersion: "17", Versions: map[string]inputv1.Version{"17": {Family: "postgres17"}}}
	delete(w.observed, group16)
	if _, refusal := w.refused(); refusal.Reason != conditions.UnknownVersion {
		t.Errorf("refusal = %+v", refusal.Condition)
	}
}

func TestParameterGroupForcesTLS(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		engine, group string
		want          fields
	}{
		"postgres": {"postgres", group17, fields{"name": "rds.force_ssl", "value": "1", "applyMethod": "pending-reboot"}},
		"mysql":    {"mysql", "database-parameter-group-mysql8-4", fields{"name": "require_secure_transport", "value": "1", "applyMethod": "immediate"}},
		"mariadb":  {"mariadb", "database-parameter-group-mariadb11-4", fields{"name": "require_secure_transport", "value": "1", "applyMethod": "immediate"}},
		"aurora":   {"aurora-mysql", "database-cluster-parameter-group-aurora-mysql8-0", fields{"name": "require_secure_transport", "value": "ON", "applyMethod": "immediate"}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			set(w.xr, "spec.engine", tc.engine)
			params := wanted(w.compose(), tc.group).At("spec", "forProvider").Map()
			if list, _ := params["parameter"].([]any); !slices.ContainsFunc(list, func(p any) bool { return cmp.Equal(p, any(tc.want)) }) {
				t.Errorf("parameters %v, want %v among them", list, tc.want)
			}
		})
	}
}

// A group that is observed keeps its family: another one would replace it under the instance.
func TestParameterGroupKeepsItsFamily(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	w.data.engines["postgres"] = inputv1.Engine{DefaultVersion: "17", Versions: map[string]inputv1.Version{"17": {Family: "postgres17"}}}
	set(w.observed[group17], "spec.forProvider.description", "old words")
	group := wanted(w.compose(), group17).At("spec", "forProvider")
	equal(t, "group", []string{"postgres17", "old words", "eu-west-1"},
		[]string{group.String("family"), group.String("description"), group.String("region")})
}

// A retained group that nothing uses any more would stay in the cloud for ever.
func TestRetainedGroupIsReleasedFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	set(w.xr, "spec.version", "16")
	set(w.xr, "spec.deletionPolicy", "Retain")
	w.settle()
	set(w.xr, "spec.version", "17")
	w.step()
	w.step()
	p := w.step()
	if policies := wanted(p, group16).Strings("spec", "managementPolicies"); policies != nil || len(drops(p)) > 0 {
		t.Errorf("managementPolicies = %v, drops = %v; want the group released first", policies, drops(p))
	}
	equal(t, "drops of the next call", []string{group16 + ": Superseded"}, drops(w.step()))
}
