package vault

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
)

// Vault's database plugins.
const (
	enginePostgreSQL = "postgresql"
	engineMySQL      = "mysql"
)

// engine is how Vault speaks to a database product. {{name}}, {{password}}, {{username}} and {{expiration}} are Vault's.
type engine struct {
	connectionURL func(*pipelinev1.Database) string
	// create and revoke make the statements of an access level on a database.
	create func(role, database string) []string
	revoke func(database string) []string
}

func engines() map[string]engine {
	return map[string]engine{
		enginePostgreSQL: {connectionURL: postgresURL, create: postgresCreate, revoke: postgresRevoke},
		engineMySQL:      {connectionURL: mysqlURL, create: mysqlCreate, revoke: mysqlRevoke},
	}
}

// postgresURL encrypts and does not verify yet: Vault would need the certificates of RDS, which no Environment hands over.
// https://developer.hashicorp.com/vault/docs/secrets/databases/postgresql
func postgresURL(db *pipelinev1.Database) string {
	return fmt.Sprintf("postgresql://{{username}}:{{password}}@%s/%s?sslmode=require", hostPort(db), db.Name)
}

// mysqlURL encrypts and does not verify yet, like postgresURL.
// https://developer.hashicorp.com/vault/docs/secrets/databases/mysql-maria
func mysqlURL(db *pipelinev1.Database) string {
	return fmt.Sprintf("{{username}}:{{password}}@tcp(%s)/?tls=skip-verify", hostPort(db))
}

func hostPort(db *pipelinev1.Database) string {
	return net.JoinHostPort(db.Host, strconv.FormatInt(db.Port, 10))
}

func postgresCreate(role, database string) []string {
	grants := map[string][]string{
		string(v1.AccessReader): {
			`GRANT USAGE ON SCHEMA public TO "{{name}}"`,
			`GRANT SELECT ON ALL TABLES IN SCHEMA public TO "{{name}}"`,
		},
		string(v1.AccessWriter): {
			`GRANT USAGE ON SCHEMA public TO "{{name}}"`,
			`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{{name}}"`,
			`GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{{name}}"`,
		},
		string(v1.AccessAdmin): {
			`GRANT USAGE, CREATE ON SCHEMA public TO "{{name}}"`,
			`GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA public TO "{{name}}"`,
			`GRANT ALL PRIVILEGES ON ALL SEQUENCES IN SCHEMA public TO "{{name}}"`,
		},
	}
	return append([]string{
		`CREATE ROLE "{{name}}" WITH LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'`,
		fmt.Sprintf(`GRANT CONNECT ON DATABASE %q TO "{{name}}"`, database),
	}, grants[role]...)
}

func postgresRevoke(database string) []string {
	return []string{
		fmt.Sprintf(`REVOKE CONNECT ON DATABASE %q FROM "{{name}}"`, database),
		`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{{name}}'`,
		`REASSIGN OWNED BY "{{name}}" TO CURRENT_USER`,
		`DROP OWNED BY "{{name}}"`,
		`DROP ROLE IF EXISTS "{{name}}"`,
	}
}

func mysqlCreate(role, database string) []string {
	privileges := map[string]string{
		string(v1.AccessReader): "SELECT",
		string(v1.AccessWriter): "SELECT, INSERT, UPDATE, DELETE",
		string(v1.AccessAdmin):  "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, REFERENCES",
	}
	return []string{
		`CREATE USER '{{name}}'@'%' IDENTIFIED BY '{{password}}' REQUIRE SSL`,
		// In a grant an underscore stands for any character.
		fmt.Sprintf("GRANT %s ON `%s`.* TO '{{name}}'@'%%'", privileges[role], strings.ReplaceAll(database, "_", `\_`)),
	}
}

func mysqlRevoke(string) []string {
	return []string{`DROP USER IF EXISTS '{{name}}'@'%'`}
}
