package sqlaccess

import (
	"fmt"
	"strings"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
)

// MySQL and MariaDB know no owner of a table, so users have the rights on the whole database themselves, also on what is created
// later. There is no end of a user's time either: Renew is empty, and Vault's plugin would not run it.

// mysqlPrivileges of an access role on the whole database. DROP includes the database itself: there is no lesser right to drop a
// table.
func mysqlPrivileges(role string) string {
	const (
		read   = "SELECT, SHOW VIEW"
		write  = read + ", INSERT, UPDATE, DELETE, EXECUTE, CREATE TEMPORARY TABLES"
		change = write + ", CREATE, DROP, ALTER, INDEX, REFERENCES, LOCK TABLES, CREATE VIEW, TRIGGER, EVENT, CREATE ROUTINE, ALTER ROUTINE"
	)
	switch v1.AccessRole(role) {
	case v1.AccessAdmin:
		return change
	case v1.AccessWriter:
		return write
	}
	return read
}

func mysqlGrant(database, role, user string) string {
	// In a grant an underscore stands for any character.
	return fmt.Sprintf("GRANT %s ON `%s`.* TO %s", mysqlPrivileges(role), strings.ReplaceAll(database, "_", `\_`), user)
}

// mysqlStatements ends every statement at once: the servers know no transaction about users.
func mysqlStatements(database, role string) Statements {
	const user = `'{{name}}'@'%'`
	return Statements{
		Create: []string{
			mysqlNeverSlow, `CREATE USER ` + user + ` IDENTIFIED BY '{{password}}' REQUIRE SSL`, mysqlGrant(database, role, user),
		},
		Revoke:   mysqlRevoke(),
		Rollback: []string{`DROP USER IF EXISTS ` + user},
	}
}

// mysqlNeverSlow keeps the password out of the slow log, however long the statement with it waits: MariaDB writes it there as it came. It
// is for the session, which is Vault's, and needs no right. The general log has no such word for an administrator who is not SUPER.
// https://mariadb.com/kb/en/server-system-variables/#long_query_time
// https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_long_query_time
const mysqlNeverSlow = `SET SESSION long_query_time = 31536000`

// mysqlKills is how many sessions of one user a revocation ends. A loop needs a stored program, and that needs semicolons, at
// which Vault cuts. A session beyond these has an account that is locked or gone, and lasts until it is closed.
const mysqlKills = 64

// mysqlRevoke locks the account, ends its sessions and drops it. On RDS the administrator may end a session only by a procedure of
// RDS, and KILL USER is MariaDB's alone. A user who created a view, a routine, a trigger or an event is its definer, and it would
// fail without them an hour later: such a user stays, locked.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-stored-proc-ending.html
// https://dev.mysql.com/doc/refman/8.4/en/stored-objects-security.html
func mysqlRevoke() []string {
	const (
		kill = `SELECT IFNULL(CONCAT(@goldenpath_how, MIN(ID), '')''), ''DO 0''), IFNULL(MIN(ID), @goldenpath_seen) ` +
			`INTO @goldenpath_kill, @goldenpath_seen FROM information_schema.PROCESSLIST ` +
			`WHERE USER = ''{{name}}'' AND ID > @goldenpath_seen`
		defines = `(SELECT COUNT(*) FROM information_schema.%s WHERE DEFINER = '{{name}}@%%')`
	)
	objects := make([]string, 0, 4)
	for _, table := range []string{"VIEWS", "ROUTINES", "TRIGGERS", "EVENTS"} {
		objects = append(objects, fmt.Sprintf(defines, table))
	}
	return []string{
		`ALTER USER IF EXISTS '{{name}}'@'%' ACCOUNT LOCK`,
		`SET @goldenpath_seen = 0, @goldenpath_how = IF(EXISTS (SELECT 1 FROM information_schema.ROUTINES ` +
			`WHERE ROUTINE_SCHEMA = 'mysql' AND ROUTINE_NAME = 'rds_kill'), 'CALL mysql.rds_kill(', 'KILL (')`,
		`PREPARE goldenpath_next FROM '` + kill + `'`,
		strings.TrimSuffix(strings.Repeat(
			"EXECUTE goldenpath_next; PREPARE goldenpath_kill FROM @goldenpath_kill; EXECUTE goldenpath_kill; ", mysqlKills), "; "),
		`SET @goldenpath_drop = IF(` + strings.Join(objects, " + ") + ` > 0, 'DO 0', 'DROP USER IF EXISTS ''{{name}}''@''%''')`,
		`PREPARE goldenpath_drop FROM @goldenpath_drop`,
		`EXECUTE goldenpath_drop`,
	}
}

// mysqlIAMUser takes all rights away before it gives those of the role.
func mysqlIAMUser(database, role string) string {
	user := `'` + IAMUsername(role) + `'@'%'`
	return strings.Join([]string{
		`CREATE USER IF NOT EXISTS ` + user + ` IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'`,
		`ALTER USER ` + user + ` REQUIRE SSL`,
		`REVOKE ALL PRIVILEGES, GRANT OPTION FROM ` + user,
		mysqlGrant(database, role, user),
	}, ";\n") + ";\n"
}
