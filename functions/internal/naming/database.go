package naming

import "strings"

// databaseLimit is the shortest limit of the engines on RDS: 63 characters for PostgreSQL, 64 for MySQL.
const databaseLimit = 63

// Database makes the name of a database inside a server from the claim's name. Engines take a letter, then letters, digits
// and underscores, and refuse their own words, so such a name is mended with a hash.
func Database(s Subject) string {
	name := strings.ReplaceAll(Mend(s.Name), "-", "_")
	if !strings.HasSuffix(strings.ReplaceAll(s.Name, "-", "_"), name) || len(name) > databaseLimit || ReservedDatabase(name) {
		suffix := "_" + hash(s.UID, "database", s.Name)
		if hasReservedStart(name + suffix) {
			name = "x_" + name
		}
		if len(name) > databaseLimit-len(suffix) {
			name = name[:databaseLimit-len(suffix)]
		}
		return strings.TrimRight(name, "_") + suffix
	}
	return name
}

// ReservedDatabase says that an engine refuses the word as the name of a database.
func ReservedDatabase(name string) bool {
	return hasReservedStart(name) || strings.Contains(reservedWords, " "+name+" ")
}

// hasReservedStart says that a name begins like the system's own: a hash at its end does not mend it.
func hasReservedStart(name string) bool {
	return strings.HasPrefix(name, "pg_") || strings.HasPrefix(name, "rds")
}

// reservedWords are the names of the engines' own databases and the key words that PostgreSQL or MySQL reserve and that are
// plausible names of a service. A space stands before and behind each.
// https://www.postgresql.org/docs/current/sql-keywords-appendix.html, https://dev.mysql.com/doc/refman/8.4/en/keywords.html
const reservedWords = "" +
	" postgres template0 template1 mysql sys innodb tmp information_schema performance_schema access account action add all " +
	"alter analyse analyze and any array as asc asymmetric authorization before between bigint binary blob both by call " +
	"cascade case cast change char character check collate collation column concurrently condition connection constraint " +
	"continue convert create cross cube current cursor database databases date day default deferrable delayed delete desc " +
	"describe deterministic distinct div do double drop dual each else elseif empty enclosed end escaped event except exists " +
	"exit explain false fetch float for force foreign freeze from full fulltext function generated get grant group grouping " +
	"groups having hour if ignore ilike in index infile initially inner inout insert int integer intersect interval into is " +
	"isnull iterate join key keys kill lag last lateral lead leading leave left library like limit linear lines load local " +
	"localtime lock long loop manual master match maxvalue merge minute mod modifies month natural not notnull null numeric " +
	"of offset on only optimize option optionally or order out outer outfile over overlaps parallel partition percent placing " +
	"precision primary procedure purge qualify range rank read reads real recursive references regexp release rename repeat " +
	"replace require resignal restrict return returning revoke right rlike row rows schema schemas second select sensitive " +
	"separator session_user set show signal similar smallint some spatial specific sql ssl starting stored symmetric system " +
	"system_user table tables tablesample terminated test text then time timestamp to trailing trigger true undo union unique " +
	"unlock unsigned update usage use user using value values variadic varying verbose view virtual when where while window " +
	"with write xor year zerofill zone "
