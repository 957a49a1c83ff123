package parameters

import (
	"maps"
	"math/big"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// Every file is sorted by name, names a parameter once, and says nothing that the code does not understand.
func TestDataFiles(t *testing.T) {
	t.Parallel()
	line := regexp.MustCompile(`^[a-z][a-z0-9_.]* [dsx]( bool| enum \S.*| (int|real) \S+ \S+( \S+)?)?$`)
	least := map[string]int{"postgres.txt": 440, "postgres.hand.txt": 10, "mariadb.txt": 750, "mariadb.hand.txt": 20, "mysql.hand.txt": 150}
	for file, floor := range least {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile("data/" + file)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, l := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
				if strings.HasPrefix(l, "#") {
					continue
				}
				if !line.MatchString(l) {
					t.Errorf("%q is not: name, d, s or x, values", l)
				}
				fields := strings.Fields(l)
				names = append(names, fields[0])
				if len(fields) > 4 && (fields[2] == "int" || fields[2] == "real") {
					limits(t, fields)
				}
			}
			if !slices.IsSorted(names) {
				t.Error("names are not sorted")
			}
			if len(slices.Compact(slices.Clone(names))) != len(names) {
				t.Error("a name stands there twice")
			}
			if len(names) < floor {
				t.Errorf("%d names, want %d or more: was the file truncated?", len(names), floor)
			}
		})
	}
	entries, err := os.ReadDir("data")
	if err != nil || len(entries) != len(least)+4 {
		t.Errorf("%d files in data, %v: this test knows %d, refused.txt, secrets.txt, rds.txt and defaults.txt", len(entries), err, len(least))
	}
}

func limits(t *testing.T, fields []string) {
	t.Helper()
	if fields[2] == "int" {
		low, lowOK := new(big.Int).SetString(fields[3], 10)
		high, highOK := new(big.Int).SetString(fields[4], 10)
		if !lowOK || !highOK || low.Cmp(high) > 0 {
			t.Errorf("%s: %s to %s is no range", fields[0], fields[3], fields[4])
		}
		return
	}
	low, lowErr := strconv.ParseFloat(fields[3], 64)
	high, highErr := strconv.ParseFloat(fields[4], 64)
	if lowErr != nil || highErr != nil || low > high {
		t.Errorf("%s: %s to %s is no range", fields[0], fields[3], fields[4])
	}
}

// What the platform relies on, whatever the data become.
func TestNobodyWeakensTLS(t *testing.T) {
	t.Parallel()
	table, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for engine, names := range map[string][]string{
		"postgres":          {"rds.force_ssl", "ssl", "ssl_min_protocol_version", "ssl_max_protocol_version", "ssl_ciphers"},
		"aurora-postgresql": {"rds.force_ssl", "ssl", "ssl_min_protocol_version", "ssl_max_protocol_version", "ssl_ciphers"},
		"mysql":             {"require_secure_transport", "tls_version", "ssl_cipher", "skip_ssl", "skip-ssl"},
		"mariadb":           {"require_secure_transport", "tls_version", "ssl_cipher", "skip_ssl", "skip-ssl"},
		"aurora-mysql":      {"require_secure_transport", "tls_version", "ssl_cipher", "skip_ssl", "skip-ssl"},
	} {
		for _, name := range names {
			if err := table.Check(engine, name, "1"); err == nil {
				t.Errorf("%s: %s can be set", engine, name)
			}
		}
	}
}

// A reason ends with what to do, and every pattern without a star is spelled like a name.
func TestRefusals(t *testing.T) {
	t.Parallel()
	table, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	spelling := regexp.MustCompile(`^\*?[a-z_][a-z0-9_.]*\*?$`)
	for name, e := range table.engines {
		if len(e.refused) < 50 {
			t.Errorf("%s: %d refusals, want 50 or more", name, len(e.refused))
		}
		for _, r := range slices.Concat(e.refused, e.leaks) {
			if !regexp.MustCompile(`\. (Remove|Write|Ask)`).MatchString(r.reason) || strings.HasSuffix(r.reason, ".") {
				t.Errorf("%s: %q does not say what to do", r.pattern, r.reason)
			}
			if !spelling.MatchString(r.pattern) || (strings.HasPrefix(r.pattern, "*") && strings.HasSuffix(r.pattern, "*")) {
				t.Errorf("%q is no pattern", r.pattern)
			}
		}
	}
}

// Patterns with a star reach further than one thinks: these are what people tune, and stay settable.
func TestWhatPeopleTuneCanBeSet(t *testing.T) {
	t.Parallel()
	table, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for engine, names := range map[string]string{
		"postgres": `work_mem maintenance_work_mem shared_buffers effective_cache_size max_connections random_page_cost statement_timeout
			lock_timeout idle_in_transaction_session_timeout log_min_duration_statement log_statement log_lock_waits log_temp_files
			shared_preload_libraries autovacuum_vacuum_scale_factor autovacuum_naptime max_wal_size checkpoint_timeout wal_buffers
			max_parallel_workers_per_gather default_statistics_target timezone search_path hot_standby_feedback
			max_standby_streaming_delay rds.logical_replication max_replication_slots max_wal_senders wal_sender_timeout
			track_activity_query_size pg_stat_statements.max auto_explain.log_min_duration pgaudit.log cron.database_name jit
			password_encryption log_connections log_disconnections log_line_prefix log_destination log_filename log_rotation_age
			rds.log_retention_period rds.restrict_password_commands session_replication_role tcp_keepalives_idle`,
		"mysql": `max_connections innodb_buffer_pool_size innodb_log_buffer_size innodb_flush_log_at_trx_commit sync_binlog slow_query_log
			long_query_time log_output general_log character_set_server collation_server time_zone sql_mode wait_timeout
			interactive_timeout max_allowed_packet binlog_format gtid_mode gtid-mode enforce_gtid_consistency event_scheduler
			log_bin_trust_function_creators performance_schema transaction_isolation table_open_cache tmp_table_size
			explicit_defaults_for_timestamp innodb_lock_wait_timeout innodb_print_all_deadlocks local_infile group_concat_max_len
			max_execution_time optimizer_switch init_connect skip_name_resolve innodb_io_capacity`,
		"mariadb": `max_connections innodb_buffer_pool_size innodb_flush_log_at_trx_commit sync_binlog slow_query_log long_query_time
			log_output general_log character_set_server collation_server time_zone sql_mode wait_timeout max_allowed_packet
			binlog_format event_scheduler log_bin_trust_function_creators performance_schema tx_isolation table_open_cache
			max_statement_time query_cache_size local_infile thread_handling innodb_log_file_size innodb_io_capacity`,
		"aurora-postgresql": `work_mem max_connections shared_preload_libraries rds.logical_replication log_min_duration_statement
			apg_plan_mgmt.use_plan_baselines aurora_parallel_query statement_timeout`,
		"aurora-mysql": `max_connections binlog_format aurora_parallel_query server_audit_logging slow_query_log time_zone
			innodb_buffer_pool_size aws_default_s3_role transaction_isolation event_scheduler`,
	} {
		for name := range strings.FieldsSeq(names) {
			if err := table.CheckName(engine, name); err != nil {
				t.Errorf("%s: %v", engine, err)
			}
		}
	}
}

// A parameter is settable or refused in Aurora as it is in its engine, but for what only Aurora refuses.
func TestAuroraRefusesNoLess(t *testing.T) {
	t.Parallel()
	table, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for aurora, plain := range map[string]string{"aurora-postgresql": "postgres", "aurora-mysql": "mysql"} {
		for _, name := range slices.Sorted(maps.Keys(table.engines[plain].names)) {
			if table.CheckName(plain, name) != nil && table.CheckName(aurora, name) == nil {
				t.Errorf("%s takes %s, and %s does not", aurora, name, plain)
			}
		}
	}
}

// A defect of a data file is told at the start, with its line.
func TestLoadTellsDefects(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ names, refused, want string }{
		"a name alone":               {"work_mem\n", "", `postgres.txt: "work_mem" is not: name, d, s or x, values`},
		"another flag":               {"work_mem y\n", "", `postgres.txt: "work_mem y" is not: name, d, s or x, values`},
		"no flag":                    {"work_mem \n", "", `postgres.txt: "work_mem " is not: name, d, s or x, values`},
		"names without a reason":     {"", "mysql: port\n", `refused.txt: "mysql: port" is not: engines, a colon, names, below a reason in brackets`},
		"names without an engine":    {"", "[x. Remove it]\nport\n", `refused.txt: "port" is not: engines, a colon, names, below a reason in brackets`},
		"an engine that we have not": {"", "[x. Remove it]\noracle: port\n", `refused.txt: "oracle" is no engine`},
		"nothing wrong":              {"work_mem d\n# comment\n\n", "# comment\n\n[x. Remove it]\nmysql: port\n", ""},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			var got string
			_, err := load(fstest.MapFS{
				"data/postgres.txt": {Data: []byte(tc.names)}, "data/refused.txt": {Data: []byte(tc.refused)},
				"data/secrets.txt": {}, "data/rds.txt": {}, "data/defaults.txt": {},
			})
			if err != nil {
				got = err.Error()
			}
			if got != tc.want {
				t.Errorf("load() = %s, want %s", got, tc.want)
			}
		})
	}
	for text, want := range map[[2]string]string{
		{"[names]\nmysql: a\n", ""}:  `rds.txt: "mysql: a" is not: engines, a colon, one or two names, below what they are`,
		{"mysql: a b\n", ""}:         `rds.txt: "mysql: a b" is not: engines, a colon, one or two names, below what they are`,
		{"", "postgres 15 a\n"}:      `defaults.txt: "postgres 15 a" is not: engine, first version, name, value`,
		{"", "oracle 19 a 1\n"}:      `defaults.txt: "oracle" is no engine`,
		{"[words]\noracle: a\n", ""}: `rds.txt: "oracle" is no engine`,
		{"[aliases]\nmysql a\n", ""}: `rds.txt: "mysql a" is not: engines, a colon, one or two names, below what they are`,
	} {
		_, err := load(fstest.MapFS{"data/refused.txt": {}, "data/secrets.txt": {}, "data/rds.txt": {Data: []byte(text[0])}, "data/defaults.txt": {Data: []byte(text[1])}})
		if err == nil || err.Error() != want {
			t.Errorf("load() = %v, want %s", err, want)
		}
	}
	if _, err := load(fstest.MapFS{}); err == nil {
		t.Error("load() without refused.txt succeeds, and anything may be set")
	}
}
