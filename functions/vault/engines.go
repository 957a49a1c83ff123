package vault

import (
	"fmt"
	"net"
	"strconv"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/sqlaccess"
)

// Blocks of a connection: Vault's database plugins.
const (
	blockPostgreSQL = "postgresql"
	blockMySQL      = "mysql"
)

// verifierSCRAM has Vault make the verifier itself, so that no statement has a password in it: whatever a server logs of its statements,
// it logs none. A Vault before 1.14 does not know it.
// https://developer.hashicorp.com/vault/api-docs/secret/databases/postgresql#password_authentication
const verifierSCRAM = "scram-sha-256"

// engine is how Vault speaks to a database product. {{username}} and {{password}} are Vault's.
type engine struct {
	// block of the connection, after Vault's plugin.
	block         string
	connectionURL func(*pipelinev1.Database) string
}

func engines() map[string]engine {
	return map[string]engine{
		sqlaccess.PostgreSQL: {block: blockPostgreSQL, connectionURL: postgresURL},
		sqlaccess.MySQL:      {block: blockMySQL, connectionURL: mysqlURL},
		// One plugin speaks to both.
		sqlaccess.MariaDB: {block: blockMySQL, connectionURL: mysqlURL},
	}
}

// postgresURL verifies the server where its certificates are known, and else encrypts only.
// https://developer.hashicorp.com/vault/docs/secrets/databases/postgresql
func postgresURL(db *pipelinev1.Database) string {
	mode := "require"
	if db.CABundle != "" {
		mode = "verify-full"
	}
	return fmt.Sprintf("postgresql://{{username}}:{{password}}@%s/%s?sslmode=%s", hostPort(db), db.Name, mode)
}

// mysqlURL verifies the server where its certificates are known, and else encrypts only. The plugin puts its own setting, made of
// tls_ca, in the place of tls=true, which alone would verify against the certificates of the machine that Vault runs on.
// https://developer.hashicorp.com/vault/docs/secrets/databases/mysql-maria
func mysqlURL(db *pipelinev1.Database) string {
	mode := "skip-verify"
	if db.CABundle != "" {
		mode = "true"
	}
	return fmt.Sprintf("{{username}}:{{password}}@tcp(%s)/?tls=%s", hostPort(db), mode)
}

func hostPort(db *pipelinev1.Database) string {
	return net.JoinHostPort(db.Host, strconv.FormatInt(db.Port, 10))
}
