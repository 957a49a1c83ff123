package sqlaccess

import (
	"strings"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
)

// groups are the roles that hold the rights on a database of PostgreSQL. Nobody logs in as one: users are members and act as
// their group from the start of a session, so that what they create is the group's and outlives them.
type groups struct {
	database, owner, writer, reader string
}

func groupsOf(database string) groups {
	return groups{database, group(database, "owner"), group(database, "writer"), group(database, "reader")}
}

// of an access role.
func (g groups) of(role string) string {
	switch v1.AccessRole(role) {
	case v1.AccessAdmin:
		return g.owner
	case v1.AccessWriter:
		return g.writer
	}
	return g.reader
}

// fill puts the names into a text. It is not a format: the text has formats of PostgreSQL.
func (g groups) fill(text, user, role string) string {
	return strings.NewReplacer(
		"<database>", g.database, "<owner>", g.owner, "<writer>", g.writer, "<reader>", g.reader, "<user>", user, "<group>", g.of(role),
	).Replace(text)
}

// statements run in one transaction each. VALID UNTIL refuses a later login and ends no session: that is for Revoke, which Vault
// runs at the end of every lease.
func (g groups) statements(role string) Statements {
	const user = "{{name}}"
	create := []string{
		g.setup(),
		g.fill(`CREATE ROLE "<user>" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}' IN ROLE "<group>"`, user, role),
		g.fill(`ALTER ROLE "<user>" SET role TO '<group>'`, user, role),
	}
	if role == string(v1.AccessAdmin) {
		create = append(create, g.fill(`GRANT "<user>" TO CURRENT_USER`, user, role))
		create = append(create, g.defaults(user)...)
	}
	return Statements{
		Create:   create,
		Revoke:   []string{g.fill(postgresRevoke, user, role)},
		Renew:    []string{g.fill(`ALTER ROLE "<user>" VALID UNTIL '{{expiration}}'`, user, role)},
		Rollback: []string{g.fill(postgresRevoke, user, role)},
	}
}

// defaults give the groups their rights on what a role creates from now on, in whatever schema. A user has them too: a driver or a
// pooler that sends DISCARD ALL between clients makes the session the user's own again, no longer the group's.
func (g groups) defaults(creator string) []string {
	statements := []string{
		`ALTER DEFAULT PRIVILEGES FOR ROLE "<user>" GRANT USAGE ON SCHEMAS TO "<writer>", "<reader>"`,
		`ALTER DEFAULT PRIVILEGES FOR ROLE "<user>" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "<writer>"`,
		`ALTER DEFAULT PRIVILEGES FOR ROLE "<user>" GRANT SELECT ON TABLES TO "<reader>"`,
		`ALTER DEFAULT PRIVILEGES FOR ROLE "<user>" GRANT USAGE, SELECT ON SEQUENCES TO "<writer>"`,
		`ALTER DEFAULT PRIVILEGES FOR ROLE "<user>" GRANT SELECT ON SEQUENCES TO "<reader>"`,
	}
	if creator != g.owner {
		statements = append(statements,
			`ALTER DEFAULT PRIVILEGES FOR ROLE "<user>" GRANT ALL ON SCHEMAS TO "<owner>"`,
			`ALTER DEFAULT PRIVILEGES FOR ROLE "<user>" GRANT ALL ON TABLES TO "<owner>"`,
			`ALTER DEFAULT PRIVILEGES FOR ROLE "<user>" GRANT ALL ON SEQUENCES TO "<owner>"`)
	}
	for i, s := range statements {
		statements[i] = g.fill(s, creator, "")
	}
	return statements
}

// setup makes the groups and gives them their rights, once. All later calls see that it is done and do no more: a right that somebody
// took away by hand stays away.
func (g groups) setup() string {
	return strings.Replace(g.fill(postgresSetup, "", ""), "<defaults>", strings.Join(g.defaults(g.owner), ";\n    "), 1)
}

// iamUser makes the user and takes away what else they were a member of. The administrator is a member of an IAM user only within
// the transaction: a member of rds_iam, however indirect, cannot log in with a password any more.
func (g groups) iamUser(role string) string {
	user, defaults := IAMUsername(role), ""
	if role == string(v1.AccessAdmin) {
		lines := append([]string{g.fill(`GRANT "<user>" TO CURRENT_USER`, user, role)}, g.defaults(user)...)
		lines = append(lines, g.fill(`REVOKE "<user>" FROM CURRENT_USER`, user, role))
		defaults = "\n  " + strings.Join(lines, ";\n  ") + ";"
	}
	return g.setup() + ";\n" + strings.Replace(g.fill(postgresIAMUser, user, role), "<defaults>", defaults, 1) + ";\n"
}
