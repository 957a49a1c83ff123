package appdatabase

import (
	"slices"
	"strings"

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
	// extendedSupport says that RDS asks at creation whether Extended Support may be charged once standard support is over.
	extendedSupport bool
	// noInsights are the classes without Database Insights, and so without Performance Insights: names, or the start of names that
	// end in *.
	noInsights []string
	// pausesSince are the first versions, each of one major version, whose serverless capacity can be zero. Newer major versions all
	// can.
	pausesSince []string
	// parameters that every database gets, unless the platform or the claim says otherwise. All of them take effect without a restart.
	parameters map[string]string
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

// burstable classes that are too small for Database Insights on MySQL and MariaDB.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DatabaseInsights.Engines.html
func tooSmall() []string {
	return []string{"db.t2.micro", "db.t2.small", "db.t3.micro", "db.t3.small", "db.t4g.micro", "db.t4g.small"}
}

// slowPostgres logs statements that last a second, and locks that are waited for longer than deadlock_timeout.
// https://www.postgresql.org/docs/current/runtime-config-logging.html
func slowPostgres() map[string]string {
	return map[string]string{"log_min_duration_statement": "1000", "log_lock_waits": "1"}
}

// slowMySQL writes the slow log that is exported: it is off otherwise, and goes to a table. The last one lets a user who is not SUPER,
// which nobody is on RDS, create triggers and functions while there is a binary log.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.MySQL.LogFileSize.html
// https://repost.aws/knowledge-center/rds-mysql-functions
func slowMySQL() map[string]string {
	return map[string]string{
		"slow_query_log": "1", "log_output": "FILE", "long_query_time": "1", "log_bin_trust_function_creators": "1",
	}
}

// facts of the engines.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-ssl-connections.html
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mariadb-ssl-connections.html
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Security.html
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.MySQL.html
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/extended-support-creating-db-instance.html
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_DatabaseInsights.Engines.html
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.how-it-works.html
func facts() map[v1.DatabaseEngine]engineFacts {
	return map[v1.DatabaseEngine]engineFacts{
		v1.EnginePostgres: {
			port: 5432, versionParts: 1, tlsParameter: "rds.force_ssl", tlsValue: "1",
			logs: []string{"postgresql", "upgrade"}, dialect: dialectPostgreSQL, bindingType: "postgresql",
			uri: postgresURI, jdbc: postgresJDBC, extendedSupport: true, parameters: slowPostgres(),
		},
		v1.EngineMySQL: {
			port: 3306, versionParts: 2, tlsParameter: "require_secure_transport", tlsValue: "1", replicasFirst: true,
			logs: []string{"error", "slowquery"}, dialect: dialectMySQL, bindingType: "mysql",
			uri: mysqlURI, jdbc: mysqlJDBC, extendedSupport: true, noInsights: tooSmall(), parameters: slowMySQL(),
		},
		v1.EngineMariaDB: {
			port: 3306, versionParts: 2, tlsParameter: "require_secure_transport", tlsValue: "1", replicasFirst: true,
			iamSince: "10.6", logs: []string{"error", "slowquery"}, dialect: dialectMariaDB, bindingType: "mariadb",
			// Clients that know the scheme mariadb are few, and all of them know mysql.
			uri: mysqlURI, jdbc: mariadbJDBC, noInsights: tooSmall(), parameters: slowMySQL(),
		},
		v1.EngineAuroraPostgreSQL: {
			port: 5432, aurora: true, versionParts: 1, tlsParameter: "rds.force_ssl", tlsValue: "1",
			logs: []string{"postgresql"}, dialect: dialectPostgreSQL, bindingType: "postgresql",
			uri: postgresURI, jdbc: postgresJDBC, extendedSupport: true, parameters: slowPostgres(),
			pausesSince: []string{"13.15", "14.12", "15.7", "16.3"},
		},
		v1.EngineAuroraMySQL: {
			port: 3306, aurora: true, versionParts: 2, tlsParameter: "require_secure_transport", tlsValue: "ON",
			logs: []string{"error", "slowquery"}, dialect: dialectMySQL, bindingType: "mysql",
			uri: mysqlURI, jdbc: mysqlJDBC, extendedSupport: true, parameters: slowMySQL(),
			noInsights: []string{"db.t2.*", "db.t3.*", "db.t4g.micro", "db.t4g.small"}, pausesSince: []string{"3.08.0"},
		},
	}
}

// insights says that a class has Database Insights.
func (f engineFacts) insights(class string) bool {
	return !slices.ContainsFunc(f.noInsights, func(pattern string) bool {
		start, open := strings.CutSuffix(pattern, "*")
		return class == pattern || open && strings.HasPrefix(class, start)
	})
}

// pauses says that serverless instances of a version can have no capacity while nobody uses them. A version of Aurora MySQL is a
// number of its own behind that of MySQL.
func (f engineFacts) pauses(version string) bool {
	if _, own, ok := strings.Cut(version, "mysql_aurora."); ok {
		version = own
	}
	major, _, _ := strings.Cut(version, ".")
	for _, since := range f.pausesSince {
		if of, _, _ := strings.Cut(since, "."); of == major {
			return !lower(version, since)
		}
	}
	return len(f.pausesSince) > 0 && !lower(version, f.pausesSince[0])
}
