package appdatabase

import (
	"testing"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// The option group goes along with the version, in the same change. The provider would send the old one for ever.
func TestOptionGroupFollowsTheVersion(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ engine, from, to, before, after string }{
		"postgres": {"postgres", "16", "17", "default:postgres-16", "default:postgres-17"},
		"mysql":    {"mysql", "8.4", "9.7", "default:mysql-8-4", "default:mysql-9-7"},
		"mariadb":  {"mariadb", "10.11", "11.4", "default:mariadb-10-11", "default:mariadb-11-4"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).with(fields{"engine": tc.engine, "version": tc.from, "replicas": 1})
			pair := func(p *plan.Plan, name string) [2]string {
				return [2]string{forProvider(p, name).String("engineVersion"), forProvider(p, name).String("optionGroupName")}
			}
			p := w.settle()
			for _, name := range []string{nameInstance, replica1} {
				equal(t, name+" before", [2]string{tc.from, tc.before}, pair(p, name))
				// The provider has copied it, and holds on to it.
				set(w.observed[name], "spec.forProvider.optionGroupName", tc.before)
			}
			set(w.xr, "spec.version", tc.to)
			for range 8 {
				p = w.step()
				for _, name := range []string{nameInstance, replica1} {
					got := pair(p, name)
					equal(t, name+" on the way", map[string]string{tc.from: tc.before, tc.to: tc.after}[got[0]], got[1])
				}
			}
			equal(t, "after", [][2]string{{tc.to, tc.after}, {tc.to, tc.after}}, [][2]string{pair(p, nameInstance), pair(p, replica1)})
		})
	}
}

// A group that somebody has chosen stays until the major version that it is of goes.
func TestOptionGroupThatSomebodyChose(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		field string
		lose  bool
		want  string
	}{
		"reported":                 {"status.atProvider.optionGroupName", false, "audited"},
		"copied":                   {"spec.forProvider.optionGroupName", false, "audited"},
		"copied, nothing reported": {"spec.forProvider.optionGroupName", true, "audited"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).with(fields{"engine": "mysql"})
			w.settle()
			set(w.instance(), tc.field, "audited")
			if tc.lose {
				delete(w.instance(), "status")
			}
			equal(t, "before an upgrade", tc.want, forProvider(w.compose(), nameInstance).String("optionGroupName"))
			w.wake(nameInstance)
			set(w.instance(), tc.field, "audited")
			set(w.xr, "spec.version", "9.7")
			equal(t, "after", "default:mysql-9-7", forProvider(w.settle(), nameInstance).String("optionGroupName"))
		})
	}
}

// Extended Support is bought by nobody who has not said so, and what runs has what it was made with.
func TestExtendedSupport(t *testing.T) {
	t.Parallel()
	const bought = "open-source-rds-extended-support"
	lifecycle := func(w *world) string {
		p := w.compose()
		return first(forProvider(p, nameInstance).String("engineLifecycleSupport"), forProvider(p, nameCluster).String("engineLifecycleSupport"))
	}
	for engine, want := range map[v1.DatabaseEngine]string{
		v1.EnginePostgres: extendedSupportOff, v1.EngineMySQL: extendedSupportOff, v1.EngineMariaDB: "",
		v1.EngineAuroraPostgreSQL: extendedSupportOff, v1.EngineAuroraMySQL: extendedSupportOff,
	} {
		w := newWorld(t).with(fields{"engine": string(engine)})
		w.settle()
		equal(t, "new "+string(engine), want, lifecycle(w))
		if want == "" {
			continue
		}
		w = newWorld(t).with(fields{"engine": string(engine)})
		offered := w.data.engines[engine]
		offered.ExtendedSupport = ptr(true)
		w.data.engines[engine] = offered
		w.settle()
		equal(t, "new "+string(engine)+" with it", bought, lifecycle(w))
		offered.ExtendedSupport = nil
		w.data.engines[engine] = offered
		equal(t, string(engine)+" that has it", bought, lifecycle(w))
	}
	w := readyWorld(t)
	set(w.instance(), "spec.forProvider.engineLifecycleSupport", nil)
	equal(t, "made by an earlier function, and nothing reported", "", lifecycle(w))
	set(w.instance(), "status.atProvider.engineLifecycleSupport", bought)
	equal(t, "made by an earlier function", bought, lifecycle(w))
	set(w.instance(), "spec.forProvider.engineLifecycleSupport", extendedSupportOff)
	equal(t, "what the cloud says counts", bought, lifecycle(w))
}

// When standard support is over RDS upgrades by itself. Nothing leads back, so what is composed follows.
func TestVersionThatTheCloudHasMoved(t *testing.T) {
	t.Parallel()
	w := newWorld(t).with(fields{"version": "15"})
	w.settle()
	set(w.xr, "spec.version", nil)
	w.asleep = []string{nameInstance}
	set(w.instance(), "status.atProvider.engineVersionActual", "16.9")
	p := w.settle()
	equal(t, "version and groups", []string{"16", w.in().Name(group16), "default:postgres-16"}, []string{
		forProvider(p, nameInstance).String("engineVersion"), forProvider(p, nameInstance).String("parameterGroupName"),
		forProvider(p, nameInstance).String("optionGroupName"),
	})
}

// RDS does not note a value that the family has anyway, and reports another method than it was told. The provider would tell it for ever.
func TestApplyMethodThatIsNotNoted(t *testing.T) {
	t.Parallel()
	const slow = "log_min_duration_statement"
	method := func(p *plan.Plan) string {
		for _, parameter := range forProvider(p, group17).List("parameter") {
			if parameter.String("name") == slow {
				return parameter.String("value") + " " + parameter.String("applyMethod")
			}
		}
		return ""
	}
	reports := func(value, method string) any {
		return []any{fields{"name": "work_mem", "value": "1", "applyMethod": "pending-reboot"},
			fields{"name": slow, "value": value, "applyMethod": method}}
	}
	cases := map[string]struct {
		reported any
		want     string
	}{
		"nothing reported":         {nil, "1000 immediate"},
		"noted":                    {reports("1000", "immediate"), "1000 immediate"},
		"not noted":                {reports("1000", "pending-reboot"), "1000 pending-reboot"},
		"not noted, and changed":   {reports("500", "pending-reboot"), "1000 immediate"},
		"another one is not noted": {[]any{fields{"name": "work_mem", "value": "1000", "applyMethod": "pending-reboot"}}, "1000 immediate"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t)
			set(w.observed[group17], "status.atProvider.parameter", tc.reported)
			p := w.compose()
			equal(t, "parameter", tc.want, method(p))
			equal(t, "what waits", nil, waiting(p))
		})
	}
}

// A database that was composed with the spelling of its claim has the same value, and waits for nothing.
func TestSpellingOfAnEarlierFunction(t *testing.T) {
	t.Parallel()
	const logical = "rds.logical_replication"
	w := newWorld(t).with(fields{"parameters": fields{logical: "on"}})
	w.settle()
	list := w.observed[group17]["spec"].(fields)["forProvider"].(fields)["parameter"].([]any)
	for _, item := range list {
		if p := item.(fields); p["name"] == logical {
			equal(t, "composed", "1", p["value"])
			p["value"] = "on"
		}
	}
	equal(t, "pending", nil, waiting(w.compose()))
	set(w.xr, "status.pending", []any{fields{
		"change": "parameter rds.logical_replication: on becomes 0", "parameter": logical, "from": "on", "since": sinceNow, "waitsFor": "a reboot"}})
	equal(t, "written back in other words", nil, waiting(w.compose()))
}

// How RDS spells what nobody here knows is seen when it reports it.
func TestSpellingThatRDSReports(t *testing.T) {
	t.Parallel()
	const unknown = "innodb_something_new"
	cases := map[string]struct{ claim, reported, want string }{
		"a boolean":             {"on", "1", "1"},
		"another boolean":       {"on", "0", "on"},
		"the same":              {"on", "on", "on"},
		"text in other letters": {"Text", "text", "Text"},
		"nothing of it":         {"on", "", "on"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).with(fields{"engine": "mysql", "parameters": fields{unknown: tc.claim}})
			w.settle()
			const group = "database-parameter-group-mysql8-4"
			set(w.observed[group], "status.atProvider.parameter", []any{fields{"name": unknown, "value": tc.reported, "applyMethod": "pending-reboot"}})
			w.asleep = []string{group}
			for range 2 {
				p := w.step()
				for _, parameter := range forProvider(p, group).List("parameter") {
					if parameter.String("name") == unknown {
						equal(t, "value", tc.want, parameter.String("value"))
					}
				}
				equal(t, "pending", nil, waiting(p))
			}
		})
	}
}
