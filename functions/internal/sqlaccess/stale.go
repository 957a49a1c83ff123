package sqlaccess

import (
	"fmt"
	"strings"
)

// StaleUsers is SQL to be run by the administrator of a MySQL or MariaDB server that was restored from a backup: Vault's users of the
// database that was backed up are in it, with passwords that somebody knew, and no Vault takes them away. It takes all users whose
// password is older than any lease of Vault can be (in seconds), so that nobody who is logged in by this Vault is among them. Whoever
// defines a view, a routine, a trigger or an event stays, locked: it would fail without them. Running it again does no harm. PostgreSQL
// has none: its users end by themselves.
// https://dev.mysql.com/doc/refman/8.4/en/grant-tables.html
// https://mariadb.com/kb/en/mysql-global_priv-table/
func StaleUsers(engine string, maxTTL int64) string {
	table, changed := "mysql.user", "password_last_changed < NOW() - INTERVAL %d SECOND"
	switch engine {
	case MySQL:
	case MariaDB:
		table, changed = "mysql.global_priv", "JSON_VALUE(priv, '$.password_last_changed') < UNIX_TIMESTAMP() - %d"
	default:
		return ""
	}
	stale := fmt.Sprintf("FROM %s WHERE user LIKE 'v-%%' AND "+changed, table, maxTTL)
	defines := make([]string, 0, 4)
	for _, objects := range []string{"VIEWS", "ROUTINES", "TRIGGERS", "EVENTS"} {
		defines = append(defines, "SELECT DEFINER FROM information_schema."+objects)
	}
	const users = "GROUP_CONCAT(QUOTE(user), '@', QUOTE(host))"
	return strings.Join([]string{
		"SET SESSION group_concat_max_len = 1000000",
		"SET @lock = (SELECT IFNULL(CONCAT('ALTER USER ', " + users + ", ' ACCOUNT LOCK'), 'DO 0') " + stale + ")",
		"PREPARE stale FROM @lock",
		"EXECUTE stale",
		"SET @drop = (SELECT IFNULL(CONCAT('DROP USER ', " + users + "), 'DO 0') " + stale +
			" AND CONCAT(user, '@', host) NOT IN (" + strings.Join(defines, " UNION ") + "))",
		"PREPARE stale FROM @drop",
		"EXECUTE stale",
	}, ";\n") + ";\n"
}
