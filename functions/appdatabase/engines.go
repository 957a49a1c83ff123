package appdatabase

import (
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
)

// engineFacts are what RDS asks of an engine. They are not tunable: turning TLS off is not a preference.
type engineFacts struct {
	port int64
	// aurora says that the engine runs as a cluster.
	aurora bool
	// tls is the parameter that refuses connections without TLS.
	tlsParameter, tlsValue string
	// logs that RDS can export.
	logs []string
	// dialect is what the server speaks.
	dialect string
	// versionParts is how many numbers a major version has.
	versionParts int
	// iamSince is the first version with IAM database authentication. Empty: all have it.
	iamSince string
	// replicasFirst says that a major upgrade has to reach the read replicas before their source. RDS takes those of
	// PostgreSQL along.
	replicasFirst bool
	// bindingType is the type of the Service Binding specification.
	bindingType string
	// uri and jdbc take host, port and database, in this order. Clients are told to verify the server, not only to encrypt.
	uri, jdbc string
}

// Where clients speak to a server of each dialect.
const (
	postgresURI  = "postgresql://%s%s:%d/%s?sslmode=verify-full"
	postgresJDBC = "jdbc:postgresql://%s:%d/%s?sslmode=verify-full"
	mysqlURI     = "mysql://%s%s:%d/%s?ssl-mode=VERIFY_IDENTITY"
	mysqlJDBC    = "jdbc:mysql://%s:%d/%s?sslMode=VERIFY_IDENTITY"
	mariadbJDBC  = "jdbc:mariadb://%s:%d/%s?sslMode=verify-full"
)

// Dialects of the servers, as the wiring contract names them.
const (
	dialectPostgreSQL = "postgresql"
	dialectMySQL      = "mysql"
	dialectMariaDB    = "mariadb"
)

// facts of the engines.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-ssl-connections.html
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mariadb-ssl-connections.html
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Security.html
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.MySQL.html
func facts() map[v1.DatabaseEngine]engineFacts {
	return map[v1.DatabaseEngine]engineFacts{
		v1.EnginePostgres: {
			port: 5432, versionParts: 1, tlsParameter: "rds.force_ssl", tlsValue: "1",
			logs: []string{"postgresql", "upgrade"}, dialect: dialectPostgreSQL, bindingType: "postgresql",
			uri: postgresURI, jdbc: postgresJDBC,
		},
		v1.EngineMySQL: {
			port: 3306, versionParts: 2, tlsParameter: "require_secure_transport", tlsValue: "1", replicasFirst: true,
			logs: []string{"error", "slowquery"}, dialect: dialectMySQL, bindingType: "mysql",
			uri: mysqlURI, jdbc: mysqlJDBC,
		},
		v1.EngineMariaDB: {
			port: 3306, versionParts: 2, tlsParameter: "require_secure_transport", tlsValue: "1", replicasFirst: true,
			iamSince: "10.6", logs: []string{"error", "slowquery"}, dialect: dialectMariaDB, bindingType: "mariadb",
			// Clients that know the scheme mariadb are few, and all of them know mysql.
			uri: mysqlURI, jdbc: mariadbJDBC,
		},
		v1.EngineAuroraPostgreSQL: {
			port: 5432, aurora: true, versionParts: 1, tlsParameter: "rds.force_ssl", tlsValue: "1",
			logs: []string{"postgresql"}, dialect: dialectPostgreSQL, bindingType: "postgresql",
			uri: postgresURI, jdbc: postgresJDBC,
		},
		v1.EngineAuroraMySQL: {
			port: 3306, aurora: true, versionParts: 2, tlsParameter: "require_secure_transport", tlsValue: "ON",
			logs: []string{"error", "slowquery"}, dialect: dialectMySQL, bindingType: "mysql",
			uri: mysqlURI, jdbc: mysqlJDBC,
		},
	}
}
