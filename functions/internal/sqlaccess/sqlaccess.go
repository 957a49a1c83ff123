// Package sqlaccess holds the SQL that gives an access role its rights in a database: the statements by which Vault issues and
// takes back users, and the one by which an administrator makes the users of IAM. The rights are the same either way. Every name
// that goes into a statement is a plain one: a letter, then letters, digits and underscores. Who calls has seen to that.
package sqlaccess

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
)

// What a server speaks.
const (
	PostgreSQL = "postgresql"
	MySQL      = "mysql"
	MariaDB    = "mariadb"
)

// Statements are what Vault runs as the administrator. {{name}}, {{password}} and {{expiration}} are Vault's. Vault cuts a
// statement at every semicolon, and in PostgreSQL leaves one in a piece that has the word END. It takes spaces off the ends, so
// a statement has none there, or its provider would see a difference for ever.
// https://developer.hashicorp.com/vault/api-docs/secret/databases/postgresql#statements
type Statements struct {
	// Create makes a user.
	Create []string
	// Revoke takes a user away with everything that is theirs. It succeeds too when the user is gone.
	Revoke []string
	// Renew moves the end of a user's time. Empty where users have none.
	Renew []string
	// Rollback takes back what a failed Create left. Vault's own plugins do not run it: in PostgreSQL the transaction ends with
	// nothing left, and in the MySQL family a user stays that has no rights and a password that nobody knows.
	Rollback []string
}

// For are the statements of an access role (reader, writer or admin) on a database. An engine or a role that is none has no
// statements.
func For(engine, database, role string) Statements {
	switch {
	case !known(role):
		return Statements{}
	case engine == PostgreSQL:
		return groupsOf(database).statements(role)
	case engine == MySQL, engine == MariaDB:
		return mysqlStatements(database, role)
	}
	return Statements{}
}

// IAMUsername is the user of an access role who logs in with IAM: iam_reader, iam_writer, iam_admin.
func IAMUsername(role string) string { return "iam_" + role }

// IAMUser is SQL to be run by the administrator, connected to the database. It makes the user of an access role who logs in with
// IAM and gives them exactly the rights of that role, however often it is run. An engine or a role that is none has none.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.DBAccounts.html
func IAMUser(engine, database, role string) string {
	switch {
	case !known(role):
		return ""
	case engine == PostgreSQL:
		return groupsOf(database).iamUser(role)
	case engine == MySQL, engine == MariaDB:
		return mysqlIAMUser(database, role)
	}
	return ""
}

func known(role string) bool {
	switch v1.AccessRole(role) {
	case v1.AccessReader, v1.AccessWriter, v1.AccessAdmin:
		return true
	}
	return false
}

// identifierLimit of PostgreSQL in bytes: it cuts longer names without a word.
// https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS
const identifierLimit = 63

// hashLength in hex digits, as in all names that are mended.
const hashLength = 10

// group is the name of a group role: <database>_<suffix>. It is mended where PostgreSQL would cut it, keeps such names for itself,
// or the user of IAM has that name.
func group(database, suffix string) string {
	name := database + "_" + suffix
	if len(name) <= identifierLimit && !strings.HasPrefix(strings.ToLower(name), "pg_") && !strings.EqualFold(database, "iam") {
		return name
	}
	sum := sha256.Sum256([]byte(database))
	tail := "_" + hex.EncodeToString(sum[:])[:hashLength] + "_" + suffix
	start := "x_" + database
	if room := identifierLimit - len(tail); len(start) > room {
		start = start[:room]
	}
	return start + tail
}
