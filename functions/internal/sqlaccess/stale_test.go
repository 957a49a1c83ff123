package sqlaccess

import (
	"strings"
	"testing"
)

// The statements were run on MariaDB 10.11: users beyond the time go, one that defines a view stays and is locked, the others stay.
func TestStaleUsers(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ from, old string }{
		MySQL:      {"FROM mysql.user WHERE user LIKE 'v-%'", "password_last_changed < NOW() - INTERVAL 86400 SECOND"},
		MariaDB:    {"FROM mysql.global_priv WHERE user LIKE 'v-%'", "JSON_VALUE(priv, '$.password_last_changed') < UNIX_TIMESTAMP() - 86400"},
		PostgreSQL: {},
	}
	for engine, tc := range cases {
		sql := StaleUsers(engine, 86400)
		if tc.from == "" {
			if sql != "" {
				t.Errorf("%s: %s", engine, sql)
			}
			continue
		}
		statements := strings.Split(strings.TrimSuffix(sql, ";\n"), ";\n")
		if len(statements) != 7 || strings.Count(sql, tc.from) != 2 || strings.Count(sql, tc.old) != 2 || strings.Contains(sql, "!") {
			t.Errorf("%s: %d statements: %s", engine, len(statements), sql)
		}
		if lock, drop := statements[1], statements[4]; !strings.Contains(lock, "ACCOUNT LOCK") || !strings.Contains(drop, "DROP USER") ||
			!strings.Contains(drop, "DEFINER") {
			t.Errorf("%s: %s; %s", engine, lock, drop)
		}
	}
}
