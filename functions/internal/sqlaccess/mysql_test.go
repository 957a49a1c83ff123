package sqlaccess

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const everything = "SELECT, SHOW VIEW, INSERT, UPDATE, DELETE, EXECUTE, CREATE TEMPORARY TABLES, CREATE, DROP, ALTER, INDEX, REFERENCES, LOCK TABLES, " +
	"CREATE VIEW, TRIGGER, EVENT, CREATE ROUTINE, ALTER ROUTINE"

// Each level has what it is for on this database and no other; whoever logs in encrypts.
func TestMySQLCreate(t *testing.T) {
	t.Parallel()
	rights := map[string]string{
		"reader": "SELECT, SHOW VIEW",
		"writer": "SELECT, SHOW VIEW, INSERT, UPDATE, DELETE, EXECUTE, CREATE TEMPORARY TABLES",
		"admin":  everything,
	}
	for role, privileges := range rights {
		want := []string{
			// The slow log would have the password.
			`SET SESSION long_query_time = 31536000`,
			`CREATE USER '{{name}}'@'%' IDENTIFIED BY '{{password}}' REQUIRE SSL`,
			"GRANT " + privileges + " ON `shop\\_x`.* TO '{{name}}'@'%'",
		}
		for _, engine := range []string{MySQL, MariaDB} {
			if diff := cmp.Diff(want, For(engine, "shop_x", role).Create); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", engine, role, diff)
			}
		}
	}
}

// Nobody logs in again before the sessions end, and the account goes last: a server that fails in between is asked again.
func TestMySQLRevoke(t *testing.T) {
	t.Parallel()
	s := For(MySQL, "shop", "admin")
	order := []string{"ACCOUNT LOCK", "rds_kill", "PREPARE goldenpath_next", "EXECUTE goldenpath_next", "DROP USER IF EXISTS", "EXECUTE goldenpath_drop"}
	at := 0
	for _, part := range order {
		next := slices.IndexFunc(s.Revoke[at:], func(text string) bool { return strings.Contains(text, part) })
		if next < 0 {
			t.Fatalf("%q does not follow: %q", part, s.Revoke[at:])
		}
		at += next
	}
	text := strings.Join(s.Revoke, ";")
	if got := strings.Count(text, "EXECUTE goldenpath_kill"); got != mysqlKills {
		t.Errorf("%d sessions end, want %d", got, mysqlKills)
	}
	for _, table := range []string{"VIEWS", "ROUTINES", "TRIGGERS", "EVENTS"} {
		if !strings.Contains(text, "information_schema."+table+" WHERE DEFINER = '{{name}}@%'") {
			t.Errorf("%s of a user who is dropped fail", table)
		}
	}
	// Vault's plugin does nothing at a renewal.
	if len(s.Renew) > 0 {
		t.Errorf("renewal = %q", s.Renew)
	}
}

func TestMySQLIAMUser(t *testing.T) {
	t.Parallel()
	want := "CREATE USER IF NOT EXISTS 'iam_admin'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS';\n" +
		"ALTER USER 'iam_admin'@'%' REQUIRE SSL;\n" +
		"REVOKE ALL PRIVILEGES, GRANT OPTION FROM 'iam_admin'@'%';\n" +
		"GRANT " + everything + " ON `shop\\_x`.* TO 'iam_admin'@'%';\n"
	for _, engine := range []string{MySQL, MariaDB} {
		if diff := cmp.Diff(want, IAMUser(engine, "shop_x", "admin")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", engine, diff)
		}
	}
}
