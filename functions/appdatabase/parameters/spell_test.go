package parameters

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// What goes out is what RDS stores: everything else would be a change for ever.
func TestSpell(t *testing.T) {
	t.Parallel()
	table, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct{ engine, name, value, wantName, wantValue string }{
		"a boolean in words":                        {"postgres", "log_lock_waits", "on", "log_lock_waits", "1"},
		"a boolean in large letters":                {"postgres", "log_lock_waits", "OFF", "log_lock_waits", "0"},
		"a boolean in other words":                  {"mysql", "slow_query_log", "yes", "slow_query_log", "1"},
		"a boolean in RDS's own words":              {"mariadb", "slow_query_log", "0", "slow_query_log", "0"},
		"a boolean of RDS's own":                    {"postgres", "rds.logical_replication", "true", "rds.logical_replication", "1"},
		"a boolean that RDS has words for":          {"aurora-mysql", "require_secure_transport", "1", "require_secure_transport", "ON"},
		"a hyphen for an underscore":                {"mysql", "long-query-time", "2", "long_query_time", "2"},
		"a name that RDS hyphenates":                {"mysql", "gtid_mode", "on", "gtid-mode", "ON"},
		"that name as RDS has it":                   {"aurora-mysql", "gtid-mode", "OFF_PERMISSIVE", "gtid-mode", "OFF_PERMISSIVE"},
		"a choice in small letters":                 {"mysql", "log_output", "file", "log_output", "FILE"},
		"a choice in large letters":                 {"postgres", "log_statement", "DDL", "log_statement", "ddl"},
		"a choice of on and off":                    {"mysql", "event_scheduler", "1", "event_scheduler", "ON"},
		"a choice of PostgreSQL of on and off":      {"postgres", "synchronous_commit", "false", "synchronous_commit", "off"},
		"a choice that is a number":                 {"mysql", "innodb_flush_log_at_trx_commit", "1", "innodb_flush_log_at_trx_commit", "1"},
		"a choice of MariaDB":                       {"mariadb", "binlog_format", "row", "binlog_format", "ROW"},
		"a number":                                  {"postgres", "work_mem", "1000", "work_mem", "1000"},
		"a formula":                                 {"postgres", "shared_buffers", "{DBInstanceClassMemory/32768}", "shared_buffers", "{DBInstanceClassMemory/32768}"},
		"a formula for a boolean":                   {"mysql", "performance_schema", "{TRUE}", "performance_schema", "{TRUE}"},
		"any text":                                  {"mysql", "init_connect", "SET x=On", "init_connect", "SET x=On"},
		"a text that changed its type":              {"postgres", "log_connections", "on", "log_connections", "on"},
		"an extension's, of which nothing is known": {"postgres", "timescaledb.telemetry", "on", "timescaledb.telemetry", "on"},
		"an engine that is not known":               {"oracle", "open-cursors", "on", "open-cursors", "on"},
		"a name of MariaDB that means another":      {"mariadb", "log_slow_query", "on", "log_slow_query", "1"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			got := table.Spell(tc.engine, tc.name, tc.value)
			if got.Name != tc.wantName || got.Value != tc.wantValue {
				t.Errorf("Spell(%s, %s, %s) = %s: %s, want %s: %s", tc.engine, tc.name, tc.value, got.Name, got.Value, tc.wantName, tc.wantValue)
			}
			if again := table.Spell(tc.engine, got.Name, got.Value); again != got {
				t.Errorf("spelled again it is %+v, and was %+v", again, got)
			}
		})
	}
}

// Everything that may be written for a boolean or a choice is spelled in one way for each of its meanings.
func TestSpellingIsOne(t *testing.T) {
	t.Parallel()
	table, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for name, e := range table.engines {
		for _, parameter := range slices.Sorted(maps.Keys(e.names)) {
			_, values, _ := strings.Cut(e.names[parameter], " ")
			kind, rest, _ := strings.Cut(values, " ")
			if kind != "bool" && kind != "enum" {
				continue
			}
			for _, value := range append([]string{"on", "OFF", "1", "0", "true"}, strings.Split(rest, "|")...) {
				if checkValue(parameter, kind+" "+rest, value) != nil {
					continue
				}
				once := table.Spell(name, parameter, value)
				if twice := table.Spell(name, once.Name, once.Value); once != twice {
					t.Errorf("%s: %s: %q is %+v, and that is %+v", name, parameter, value, once, twice)
				}
				if err := checkValue(parameter, kind+" "+rest, once.Value); err != nil {
					t.Errorf("%s: %q becomes what cannot be written: %v", name, value, err)
				}
			}
		}
	}
}

// Which of two values of one parameter counts cannot be known.
func TestTwice(t *testing.T) {
	t.Parallel()
	table, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		engine string
		names  []string
		want   string
	}{
		"different parameters":         {"mysql", []string{"long_query_time", "log_output"}, ""},
		"hyphen and underscore":        {"mysql", []string{"long_query_time", "long-query-time"}, `"long-query-time" and "long_query_time" are the same parameter. Write one of them, long_query_time`},
		"two names of MariaDB":         {"mariadb", []string{"slow_query_log", "log_slow_query"}, `"log_slow_query" and "slow_query_log" are the same parameter. Write one of them, slow_query_log`},
		"PostgreSQL has no such names": {"postgres", []string{"work_mem", "work-mem"}, ""},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			got := ""
			if err := table.Twice(tc.engine, tc.names); err != nil {
				got = err.Error()
			}
			if got != tc.want {
				t.Errorf("Twice() = %s, want %s", got, tc.want)
			}
		})
	}
}

// A default of a family holds for it and for the ones behind it.
func TestIsDefault(t *testing.T) {
	t.Parallel()
	table, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		engine, family, name, value string
		want                        bool
	}{
		"the first family with it":   {"postgres", "postgres15", "rds.force_ssl", "1", true},
		"a later one":                {"postgres", "postgres18", "rds.force_ssl", "1", true},
		"the one before":             {"postgres", "postgres14", "rds.force_ssl", "1", false},
		"another value":              {"postgres", "postgres17", "rds.force_ssl", "0", false},
		"Aurora began later":         {"aurora-postgresql", "aurora-postgresql16", "rds.force_ssl", "1", false},
		"Aurora":                     {"aurora-postgresql", "aurora-postgresql17", "rds.force_ssl", "1", true},
		"MariaDB, numbers not texts": {"mariadb", "mariadb10.11", "require_secure_transport", "1", false},
		"MariaDB":                    {"mariadb", "mariadb11.8", "require_secure_transport", "1", true},
		"MySQL":                      {"mysql", "mysql8.4", "require_secure_transport", "1", false},
		"MySQL, later":               {"mysql", "mysql9.7", "require_secure_transport", "1", true},
		"a family of its own":        {"postgres", "ours", "rds.force_ssl", "1", false},
		"an unknown engine":          {"oracle", "oracle19", "rds.force_ssl", "1", false},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			if got := table.IsDefault(tc.engine, tc.family, tc.name, tc.value); got != tc.want {
				t.Errorf("IsDefault(%s, %s, %s, %s) = %t", tc.engine, tc.family, tc.name, tc.value, got)
			}
		})
	}
}

// Values that mean the same need not look the same.
func TestSame(t *testing.T) {
	t.Parallel()
	table, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		engine, name, a, b string
		want               bool
	}{
		"a boolean":                     {"postgres", "log_lock_waits", "on", "1", true},
		"the other one":                 {"postgres", "log_lock_waits", "on", "0", false},
		"a boolean and something else":  {"mysql", "innodb_new", "on", "2", false},
		"a choice":                      {"mysql", "log_output", "file", "FILE", true},
		"another choice":                {"mysql", "log_output", "FILE", "TABLE", false},
		"text, whose letters may count": {"postgres", "log_line_prefix", "%T", "%t", false},
		"nothing and a boolean":         {"postgres", "log_lock_waits", "", "0", false},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			if table.Same(tc.engine, tc.name, tc.a, tc.b) != tc.want || table.Same(tc.engine, tc.name, tc.b, tc.a) != tc.want {
				t.Errorf("Same(%s, %q, %q) is not %t", tc.name, tc.a, tc.b, tc.want)
			}
		})
	}
}
