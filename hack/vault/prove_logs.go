package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// loud are settings that have a server log as much as it can, of those that parameters of a claim may be set to. The administrator has no
// right to any of them; RDS sets them from the parameter group.
func (s *service) loud() []string {
	if s.db.Name() != "PostgreSQL" {
		return []string{
			"SET GLOBAL log_output = 'FILE,TABLE'", "SET GLOBAL slow_query_log = 1", "SET GLOBAL long_query_time = 0", "SET GLOBAL log_warnings = 9",
			"SET GLOBAL log_queries_not_using_indexes = 1", "SET GLOBAL log_slow_admin_statements = 1", "SET GLOBAL min_examined_row_limit = 0",
			"SET GLOBAL log_slow_verbosity = 'query_plan,innodb,explain'", "SET GLOBAL log_slow_disabled_statements = ''",
			"SET GLOBAL log_slow_rate_limit = 1", "SET GLOBAL log_slow_filter = ''",
		}
	}
	out := []string{"LOAD 'auto_explain'", "ALTER SYSTEM SET session_preload_libraries = 'auto_explain'"}
	for _, setting := range []string{
		"log_statement = 'all'", "log_min_duration_statement = 0", "log_min_duration_sample = 0", "log_statement_sample_rate = 1",
		"log_transaction_sample_rate = 1", "log_duration = on", "log_parameter_max_length = -1", "log_parameter_max_length_on_error = -1",
		"log_min_error_statement = 'debug5'", "log_min_messages = 'debug1'", "log_error_verbosity = 'verbose'", "debug_print_parse = on",
		"debug_print_rewritten = on", "debug_print_plan = on", "auto_explain.log_min_duration = 0", "auto_explain.log_analyze = on",
		"auto_explain.log_verbose = on", "auto_explain.log_nested_statements = on",
	} {
		out = append(out, "ALTER SYSTEM SET "+setting)
	}
	return append(out, "SELECT pg_reload_conf()")
}

// quiet takes back what loud set.
func (s *service) quiet() []string {
	if s.db.Name() != "PostgreSQL" {
		return []string{
			"SET GLOBAL general_log = 0", "SET GLOBAL slow_query_log = 0", "SET GLOBAL long_query_time = 10", "SET GLOBAL log_output = 'FILE'",
			"TRUNCATE TABLE mysql.slow_log", "TRUNCATE TABLE mysql.general_log",
		}
	}
	return []string{"ALTER SYSTEM RESET ALL", "SELECT pg_reload_conf()"}
}

// logs has the server log all that parameters may have it log, issues a user of each level, and looks for their passwords in every file
// of every server: logs, and the tables that logs are written to. The administrator's own statement is found there, or nothing is proven.
func (s *service) logs(ctx context.Context, w *world) error {
	conn, err := s.db.Open(ctx, s.db.Superuser(s.login.Database))
	if err != nil {
		return err
	}
	super := &session{ctx, conn}
	defer super.close()
	if err := all(super, s.loud()...); err != nil {
		return err
	}
	// Sessions see a reload, and MariaDB's new global values hold for new ones: Vault logs in anew.
	time.Sleep(time.Second)
	if err := s.reset(ctx); err != nil {
		return err
	}
	canary := fmt.Sprintf("C4nary-%d", time.Now().UnixNano())
	another, err := s.db.Open(ctx, s.login)
	if err != nil {
		return err
	}
	administrator := &session{ctx, another}
	defer administrator.close()
	s.Can("the administrator", "run a statement that is logged", administrator.do("SELECT '"+canary+"'"))
	var users []user
	for _, level := range levels() {
		u, err := s.issue(ctx, level)
		if err != nil {
			return err
		}
		in, err := s.open(ctx, u)
		s.Can(u.String(), "log in to a server that logs everything", err)
		if err != nil {
			return err
		}
		in.close()
		users = append(users, u)
	}
	found, err := w.logged(canary)
	if err != nil {
		return err
	}
	s.Is("the administrator's statement is in a log", "true", fmt.Sprint(found != ""))
	for _, u := range users {
		if found, err = w.logged(u.password); err != nil {
			return err
		}
		s.Is("the file with the password of "+u.String(), "", found)
	}
	if err := s.refusedLog(ctx, w, super); err != nil {
		return err
	}
	return all(super, s.quiet()...)
}

// refusedLog is why the general log is refused: MariaDB writes passwords there.
func (s *service) refusedLog(ctx context.Context, w *world, super *session) error {
	if s.db.Name() == "PostgreSQL" {
		return nil
	}
	if err := super.do("SET GLOBAL general_log = 1"); err != nil {
		return err
	}
	u, err := s.issue(ctx, "reader")
	if err != nil {
		return err
	}
	found, err := w.logged(u.password)
	s.Is("the general log, which the table of parameters refuses, has the password", "true", fmt.Sprint(found != ""))
	// The password is in a log that is kept until the next run: the user is not.
	s.Can("Vault", "take back "+u.String(), s.revoke(ctx, u))
	if off := super.do("SET GLOBAL general_log = 0"); off != nil {
		return off
	}
	delete(s.issued, u.name)
	return err
}

// reset has Vault open its connection anew.
func (s *service) reset(ctx context.Context) error {
	_, err := s.root.Do(ctx, "PUT", s.param("vault-role-reader", "backend")+"/reset/"+s.param("vault-connection", "name"), nil)
	return err
}

// logged is a file of a server that has a text, without what the scenarios wrote themselves. Empty: none has.
func (w *world) logged(text string) (string, error) {
	found := ""
	err := filepath.WalkDir(w.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || found != "" || !entry.Type().IsRegular() {
			return nil //nolint:nilerr // A server may have taken the file away in between.
		}
		raw, err := os.ReadFile(path)
		if err == nil && bytes.Contains(raw, []byte(text)) {
			found = path
		}
		return nil
	})
	return found, err
}
