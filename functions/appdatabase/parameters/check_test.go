package parameters_test

import (
	"strings"
	"testing"

	"github.com/goldenpath-dev/goldenpath/functions/appdatabase/parameters"
	"github.com/goldenpath-dev/goldenpath/functions/internal/budget"
)

func load(t testing.TB) parameters.Table {
	t.Helper()
	table, err := parameters.Load()
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestCheck(t *testing.T) {
	t.Parallel()
	table := load(t)
	const mine, theirs = "postgres", "mysql"
	cases := map[string]struct {
		engine, name, value string
		// want is the whole error. Empty: may be set.
		want string
	}{
		"a number":                           {mine, "log_min_duration_statement", "500", ""},
		"a number below zero":                {mine, "log_min_duration_statement", "-1", ""},
		"a formula":                          {mine, "work_mem", "{DBInstanceClassMemory/32768}", ""},
		"a formula with a function":          {mine, "shared_buffers", "GREATEST(1024,{DBInstanceClassMemory/32768})", ""},
		"a fraction":                         {mine, "random_page_cost", "1.1", ""},
		"a fraction with an exponent":        {mine, "random_page_cost", "1e1", ""},
		"on, as people write it":             {mine, "jit", "off", ""},
		"on, as RDS writes it":               {mine, "jit", "0", ""},
		"a choice":                           {mine, "log_statement", "ddl", ""},
		"a choice in capitals":               {mine, "pg_stat_statements.track", "ALL", ""},
		"a choice of more than on and off":   {mine, "synchronous_commit", "remote_write", ""},
		"on, of a choice with on":            {mine, "synchronous_commit", "1", ""},
		"a choice of two words":              {mine, "default_transaction_isolation", "repeatable read", ""},
		"any text":                           {mine, "search_path", `"$user", public`, ""},
		"a name that has capitals inside":    {mine, "timezone", "UTC", ""},
		"a parameter of RDS":                 {mine, "rds.logical_replication", "1", ""},
		"an unknown parameter of RDS":        {mine, "rds.something_new", "1", ""},
		"an unknown extension":               {mine, "timescaledb.max_background_workers", "8", ""},
		"PostgreSQL 14 alone":                {mine, "vacuum_defer_cleanup_age", "100", ""},
		"PostgreSQL 18 alone":                {mine, "io_workers", "4", ""},
		"two types in two versions":          {mine, "log_connections", "receipt,authentication", ""},
		"Aurora's own":                       {"aurora-postgresql", "apg_plan_mgmt.max_plans", "10", ""},
		"Aurora's own, on MySQL":             {"aurora-mysql", "aurora_parallel_query", "ON", ""},
		"PostgreSQL's, on Aurora":            {"aurora-postgresql", "work_mem", "65536", ""},
		"a hyphen for an underscore":         {theirs, "gtid-mode", "ON", ""},
		"unknown to the list of MySQL":       {theirs, "innodb_ft_total_cache_size", "640000000", ""},
		"an option of MariaDB":               {"mariadb", "performance_schema_consumer_events_statements_history", "ON", ""},
		"a number above 63 bits":             {"mariadb", "max_heap_table_size", "18446744073709551615", ""},
		"MariaDB 11 alone":                   {"mariadb", "optimizer_disk_read_cost", "10", ""},
		"a function that loads no file":      {"mariadb", "log_bin_trust_function_creators", "1", ""},
		"an engine that the API has not got": {"oracle", "anything", "", ""},

		"a formula of a logarithm":       {mine, "max_connections", "LEAST({log(DBInstanceClassMemory/805306368)*45},5000)", ""},
		"a value of replicas":            {theirs, "event_scheduler", "OFF", ""},
		"text that looks like a formula": {mine, "log_line_prefix", "%t{%p}(%u", ""},
		"a hash that is safe":            {mine, "password_encryption", "SCRAM-SHA-256", ""},
		"a plugin that is safe":          {theirs, "authentication_policy", "caching_sha2_password,,", ""},
		"a hash that is off":             {"mariadb", "old-passwords", "off", ""},

		"a hash that is broken": {mine, "password_encryption", "md5",
			`"password_encryption" stores passwords in MD5, or takes those that are: who gets hold of one logs in with it. ` +
				`Write "scram-sha-256" or "scram", or remove it`},
		"a hash that is broken, in braces": {mine, "password_encryption", "{md5}",
			`"password_encryption" stores passwords in MD5, or takes those that are: who gets hold of one logs in with it. ` +
				`Write "scram-sha-256" or "scram", or remove it`},
		"logins by a hash that is broken": {mine, "rds.accepted_password_auth_method", "md5+scram",
			`"rds.accepted_password_auth_method" stores passwords in MD5, or takes those that are: who gets hold of one logs in with it. ` +
				`Write "scram-sha-256" or "scram", or remove it`},
		"an old plugin": {theirs, "default-authentication-plugin", "mysql_native_password",
			`"default-authentication-plugin" keeps or takes passwords in a hash that is broken. Remove it, for new users get caching_sha2_password`},
		"an old plugin among others": {"aurora-mysql", "authentication_policy", "caching_sha2_password, mysql_native_password",
			`"authentication_policy" keeps or takes passwords in a hash that is broken. Remove it, for new users get caching_sha2_password`},
		"an old hash": {"mariadb", "old_passwords", "1", `"old_passwords" keeps or takes passwords in a hash that is broken. Remove it`},
		"a raw log":   {theirs, "log-raw", "ON", `"log-raw" would have the general log show passwords. Remove it`},

		"a choice in braces":  {mine, "log_statement", "{all}", `"log_statement" cannot be "{all}". Write one of none, ddl, mod, all`},
		"a boolean in braces": {mine, "jit", "{on}", `"jit" is on or off, and not "{on}". Write "1" or "0"`},
		"a formula with a word that nobody knows": {mine, "work_mem", "{Memory/2}",
			`"work_mem" has a formula with "Memory", which RDS does not know: it has AllocatedStorage, DBInstanceClassMemory, DBInstanceVCPU, ` +
				`EndPointPort, TrueIfReplica, GREATEST, LEAST, SUM, IF, LOG. Write one as {DBInstanceClassMemory/32768}, or a number`},
		"a formula with a statement": {mine, "work_mem", "{1;2}",
			`"work_mem" has a formula with the sign ';'. Write one as {DBInstanceClassMemory/32768}, or a number`},
		"a formula that stays open": {mine, "work_mem", "GREATEST(1,{2",
			`"work_mem" has a formula whose '{' is not closed. Write one as {DBInstanceClassMemory/32768}, or a number`},
		"a formula that closes another": {mine, "work_mem", "({1)}",
			`"work_mem" has a formula whose ')' closes nothing. Write one as {DBInstanceClassMemory/32768}, or a number`},
		"a formula without an end": {mine, "work_mem", strings.Repeat("{1}", 200),
			`"work_mem" has a formula of 600 characters, and 500 is the most. Write one as {DBInstanceClassMemory/32768}, or a number`},

		"no name": {mine, "", "1", `a parameter has no name. Write one, or remove it`},
		"a name in capitals": {mine, "TimeZone", "UTC",
			`"TimeZone": names of parameters are lower case. Write "timezone"`},
		"a name with a value inside": {mine, "work_mem=65536", "65536",
			`"work_mem=65536": '=' is not a letter, a digit, or one of _ - . Write the name alone`},
		"no value": {mine, "work_mem", " ",
			`"work_mem" has no value. Write one, or remove the parameter to go back to the default`},

		"TLS": {mine, "rds.force_ssl", "0",
			`"rds.force_ssl" is the platform's: connections without TLS are refused, always. Remove it`},
		"TLS, on MySQL": {theirs, "require_secure_transport", "OFF",
			`"require_secure_transport" is the platform's: connections without TLS are refused, always. Remove it`},
		"TLS, in another spelling": {"aurora-mysql", "require-secure-transport", "OFF",
			`"require-secure-transport" is the platform's: connections without TLS are refused, always. Remove it`},
		"an old TLS version": {mine, "ssl_min_protocol_version", "TLSv1",
			`"ssl_min_protocol_version" is the platform's: which TLS versions and ciphers are safe is not a matter of one database. Remove it`},
		"an old TLS version, on MariaDB": {"mariadb", "tls_version", "TLSv1.1",
			`"tls_version" is the platform's: which TLS versions and ciphers are safe is not a matter of one database. Remove it`},
		"a file": {mine, "hba_file", "/tmp/hba",
			`"hba_file" is about files and sockets of the server, which only RDS reaches. Remove it`},
		"a command": {mine, "archive_command", "true",
			`"archive_command" is about files and sockets of the server, which only RDS reaches. Remove it`},
		"a directory of MySQL": {theirs, "innodb_undo_directory", "/tmp",
			`"innodb_undo_directory" is about files and sockets of the server, which only RDS reaches. Remove it`},
		"a port": {mine, "port", "5433",
			`"port" is how the server listens, which RDS decides. Remove it`},
		"data that a crash loses": {mine, "fsync", "off",
			`"fsync" keeps the data safe when a server fails, and RDS does not let it be changed. Remove it`},
		"logical decoding the wrong way": {mine, "wal_level", "logical",
			`"wal_level" is not set by itself. Write "rds.logical_replication": "1" for logical decoding`},
		"replicas that write": {"mariadb", "read_only", "0",
			`"read_only" is the platform's: replicas are read-only, and the database itself is not. Remove it, and make a transaction read-only where it starts`},
		"anybody gets in": {theirs, "skip-grant-tables", "1", `"skip-grant-tables" would let anybody in. Remove it`},
		"a disguise": {theirs, "loose_require_secure_transport", "0",
			`"loose_require_secure_transport" is an option of the command line, not a parameter. Write the name of the variable`},
		"the storage of Aurora": {"aurora-postgresql", "max_wal_size", "1024",
			`"max_wal_size" is not there on Aurora, which writes its own log and storage. Remove it`},
		"the storage of Aurora, on MySQL": {"aurora-mysql", "innodb_flush_method", "O_DIRECT",
			`"innodb_flush_method" is not there on Aurora, which writes its own log and storage. Remove it`},
		"what the server tells": {mine, "server_version", "15",
			`"server_version" is a value that PostgreSQL tells and nobody sets. Remove it`},
		"what a session has": {"mariadb", "last_insert_id", "1",
			`"last_insert_id" is a value that MariaDB tells and nobody sets. Remove it`},

		"part of a name": {mine, "log_min_duration", "500",
			`"log_min_duration" is not a parameter of PostgreSQL. Did you mean log_min_duration_sample, log_min_duration_statement, auto_explain.log_min_duration?`},
		"a slip of the finger": {mine, "work_mme", "65536",
			`"work_mme" is not a parameter of PostgreSQL. Did you mean work_mem?`},
		"a slip in an extension": {mine, "pg_stat_statements.trak", "all",
			`"pg_stat_statements.trak" is not a parameter of PostgreSQL. Did you mean pg_stat_statements.track, pg_stat_statements.max, pg_stat_statements.save?`},
		"a slip, on MariaDB": {"mariadb", "max-conections", "100",
			`"max-conections" is not a parameter of MariaDB. Did you mean max_connections?`},
		"nothing like it": {mine, "make_it_fast", "1", `"make_it_fast" is not a parameter of PostgreSQL. Remove it`},
		"PostgreSQL's, on MySQL": {theirs, "log_min_duration_statement", "500",
			`"log_min_duration_statement" is not a parameter of MySQL, only of PostgreSQL. Remove it`},
		"PostgreSQL's, on MariaDB": {"mariadb", "shared_buffers", "500",
			`"shared_buffers" is not a parameter of MariaDB, only of PostgreSQL. Remove it`},
		"MySQL's, on PostgreSQL": {mine, "long_query_time", "1",
			`"long_query_time" is not a parameter of PostgreSQL, only of MySQL and MariaDB. Remove it`},
		"MySQL's, on MariaDB": {"mariadb", "temptable_max_ram", "1",
			`"temptable_max_ram" is not a parameter of MariaDB, only of MySQL. Remove it`},
		"MariaDB's, on PostgreSQL": {mine, "aria_block_size", "8192",
			`"aria_block_size" is not a parameter of PostgreSQL, only of MariaDB. Remove it`},
		"MariaDB's, on MySQL": {theirs, "aria_block_size", "8192",
			`"aria_block_size" is a variable of MariaDB, which MySQL does not have. Remove it`},
		"Aurora's, elsewhere": {theirs, "aurora_parallel_query", "ON",
			`"aurora_parallel_query" is a parameter of Aurora. Remove it, or choose an Aurora engine for a new database`},

		"a unit": {mine, "work_mem", "64MB",
			`"work_mem" needs a whole number in kB, without a unit, and not "64MB". Write 64 to 2147483647, or a formula of RDS in braces`},
		"a unit, on MariaDB": {"mariadb", "max_allowed_packet", "64M",
			`"max_allowed_packet" needs a whole number, without a unit, and not "64M". Write 1024 to 1073741824, or a formula of RDS in braces`},
		"a fraction of what is whole": {mine, "max_connections", "100.5",
			`"max_connections" needs a whole number, without a unit, and not "100.5". Write 1 to 262143, or a formula of RDS in braces`},
		"too little": {mine, "work_mem", "63", `"work_mem" cannot be 63 in kB. Write 64 to 2147483647`},
		"too much":   {mine, "max_connections", "262144", `"max_connections" cannot be 262144. Write 1 to 262143`},
		"a fraction that is too much": {mine, "checkpoint_completion_target", "1.5",
			`"checkpoint_completion_target" cannot be 1.5. Write 0 to 1`},
		"no number at all": {mine, "random_page_cost", "NaN",
			`"random_page_cost" needs a number, without a unit, and not "NaN". Write 0 to 1.79769e+308, or a formula of RDS in braces`},
		"neither on nor off": {mine, "jit", "maybe", `"jit" is on or off, and not "maybe". Write "1" or "0"`},
		"no choice":          {mine, "log_statement", "some", `"log_statement" cannot be "some". Write one of none, ddl, mod, all`},
		"no choice of numbers": {theirs, "innodb_flush_log_at_trx_commit", "3",
			`"innodb_flush_log_at_trx_commit" cannot be "3". Write one of 0, 1, 2`},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			var got string
			if err := table.Check(tc.engine, tc.name, tc.value); err != nil {
				got = err.Error()
			}
			if got != tc.want {
				t.Errorf("Check(%s, %s, %s) =\n %s\nwant\n %s", tc.engine, tc.name, tc.value, got, tc.want)
			}
		})
	}
}

// What servers log that reaches more people than a password is for.
func TestLeaks(t *testing.T) {
	t.Parallel()
	table := load(t)
	cases := map[string]struct {
		engine, name, value string
		leaks               bool
	}{
		"statements of PostgreSQL, which sees a verifier": {"postgres", "log_statement", "all", false},
		"the general log":                    {"mysql", "general_log", "1", true},
		"the general log, of MariaDB":        {"mariadb", "general-log", "ON", true},
		"the general log, by a formula":      {"mariadb", "general_log", "{TrueIfReplica}", true},
		"no general log":                     {"mariadb", "general_log", "off", false},
		"all that is slow":                   {"mariadb", "long_query_time", "0", false},
		"an audit of logins":                 {"aurora-mysql", "server_audit_events", "CONNECT,TABLE", false},
		"an audit of statements":             {"aurora-mysql", "server_audit_events", "CONNECT,QUERY", true},
		"an audit of rights":                 {"aurora-mysql", "server_audit_events", "QUERY_DCL", true},
		"another parameter":                  {"mysql", "max_connections", "1", false},
		"an engine that the API has not got": {"oracle", "general_log", "1", false},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			if err := table.Leaks(tc.engine, tc.name, tc.value); (err != nil) != tc.leaks {
				t.Errorf("Leaks(%s, %s, %s) = %v", tc.engine, tc.name, tc.value, err)
			}
		})
	}
}

func TestApplyMethod(t *testing.T) {
	t.Parallel()
	table := load(t)
	const now, later = "immediate", "pending-reboot"
	cases := map[string]struct{ engine, name, want string }{
		"takes effect at once":                     {"postgres", "work_mem", now},
		"takes effect at a reload":                 {"postgres", "log_min_duration_statement", now},
		"the server asks for a restart":            {"postgres", "shared_buffers", later},
		"one version asks for a restart":           {"postgres", "autovacuum_max_workers", later},
		"RDS asks for a restart, not PostgreSQL":   {"postgres", "temp_file_limit", later},
		"RDS's own, with a restart":                {"postgres", "rds.logical_replication", later},
		"RDS's own, without":                       {"postgres", "rds.log_retention_period", now},
		"an extension's":                           {"postgres", "pg_stat_statements.track", now},
		"an extension's, with a restart":           {"postgres", "pg_stat_statements.max", later},
		"unknown":                                  {"postgres", "timescaledb.max_background_workers", later},
		"Aurora speaks PostgreSQL":                 {"aurora-postgresql", "work_mem", now},
		"MySQL":                                    {"mysql", "long_query_time", now},
		"MySQL, with a restart":                    {"mysql", "performance_schema", later},
		"MySQL, unknown":                           {"mysql", "innodb_ft_total_cache_size", later},
		"a hyphen for an underscore":               {"mysql", "long-query-time", now},
		"Aurora speaks MySQL":                      {"aurora-mysql", "max_connections", now},
		"MariaDB":                                  {"mariadb", "max_connections", now},
		"MariaDB, read-only":                       {"mariadb", "performance_schema", later},
		"an engine that the API has not got":       {"oracle", "open_cursors", later},
		"another engine's list does not help here": {"postgres", "max_user_connections", later},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			if got := table.ApplyMethod(tc.engine, tc.name); got != tc.want {
				t.Errorf("ApplyMethod(%s, %s) = %s, want %s", tc.engine, tc.name, got, tc.want)
			}
		})
	}
}

// What is longer than any name is not compared with those that there are.
func TestCheckIsBounded(t *testing.T) {
	t.Parallel()
	table := load(t)
	for reason, tc := range map[string]struct{ name, value, want string }{
		"a long name":       {strings.Repeat("a", 101), "1", `"` + strings.Repeat("a", 100) + `..." has 101 characters, and no parameter has more than 100. Write the name of a parameter`},
		"as long as may be": {strings.Repeat("a", 100), "1", `"` + strings.Repeat("a", 100) + `" is not a parameter of PostgreSQL. Remove it`},
		"a long value":      {"work_mem", strings.Repeat("9", 1025), `"work_mem" has a value of more than 1024 characters. Write a shorter one`},
	} {
		if err := table.Check("postgres", tc.name, tc.value); err == nil || err.Error() != tc.want {
			t.Errorf("%s: Check() = %v, want %s", reason, err, tc.want)
		}
	}
}

// An advice that is refused in its turn is none.
func FuzzCheck(f *testing.F) {
	table := load(f)
	for _, seed := range [][3]string{
		{"postgres", "work_mem", "64MB"}, {"mysql", "gtid-mode", "ON"}, {"mariadb", "max_connection", "1e9"}, {"aurora-mysql", "loose_x", "{"},
		{"postgres", "pg_stat_statements.trak", "é"}, {"postgres", "Ä.b", ""}, {"aurora-postgresql", "max_wal", "1"},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	for _, long := range []string{"work_mem", "a", "{DBInstanceClassMemory/", "9", "é"} { // They cost a look, and no more.
		f.Add("postgres", strings.Repeat(long, 1<<17), strings.Repeat(long, 1<<17))
	}
	f.Fuzz(func(t *testing.T, engine, name, value string) {
		defer budget.Start(t, len(engine)+len(name)+len(value))()
		method := table.ApplyMethod(engine, name)
		if method != "immediate" && method != "pending-reboot" {
			t.Fatalf("ApplyMethod(%q, %q) = %q", engine, name, method)
		}
		err := table.Check(engine, name, value)
		if err == nil {
			return
		}
		_, advice, ok := strings.Cut(err.Error(), "Did you mean ")
		if !ok {
			return
		}
		for near := range strings.SplitSeq(strings.TrimSuffix(advice, "?"), ", ") {
			if err := table.CheckName(engine, near); err != nil {
				t.Fatalf("Check(%q, %q, %q) advises %q, and that: %v", engine, name, value, near, err)
			}
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := parameters.Load(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheckUnknown(b *testing.B) {
	table := load(b)
	for b.Loop() {
		_ = table.Check("mariadb", "innodb_bufer_pool", "1")
	}
}
