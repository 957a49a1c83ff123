// Package parameters knows the parameters of the database engines: which exist, which take effect while the database runs,
// which values they take, and which belong to the platform.
//
// The data are text files beside the code. hack/gen/parameters.sh wrote postgres.txt and mariadb.txt from real servers; the
// others are written by hand.
package parameters

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

//go:embed data/*.txt
var files embed.FS

// Table is what is known. It is read-only after Load, and safe for concurrent use.
type Table struct {
	engines map[string]engine
}

// engine is what is known of one engine.
type engine struct {
	// product is the name that people know.
	product string
	// names of parameters, each with the rest of its line in a data file: d (takes effect while the database runs), s (waits for
	// a reboot) or x (cannot be set), and the values.
	names map[string]string
	// complete says that a name which is not there does not exist.
	complete bool
	// contrib are the extensions, with their dot, of which all names are known. Others' names pass.
	contrib []string
	// hyphens says that a hyphen in a name stands for an underscore.
	hyphens bool
	// own begin the names that only the vendor knows.
	own []string
	// refused in order: the first that fits counts. leaks are refused too where Vault issues credentials.
	refused, leaks []refusal
	// rdsNames are the names that RDS writes in another way, words the booleans that it calls ON and OFF, and aliases the names that
	// stand for a parameter of another name.
	rdsNames, aliases map[string]string
	words             []string
	// defaults of the parameter group families, as far as they matter.
	defaults []familyDefault
}

// refusal is why nobody may set parameters.
type refusal struct {
	pattern, reason string
	// but are values that they may be set to. Empty: none.
	but []string
}

// fits says that a parameter is refused with a value. A value that has several, with commas, is refused when any of them is: also a
// formula, which nobody has computed yet.
func (r refusal) fits(name, value string) bool {
	if !fits(r.pattern, name) {
		return false
	}
	return len(r.but) == 0 || slices.ContainsFunc(strings.Split(value, ","), func(part string) bool {
		part = strings.TrimSpace(part)
		return part != "" && !slices.ContainsFunc(r.but, func(allowed string) bool { return means(allowed, part) })
	})
}

// means says that two words are the same to every engine.
func means(a, b string) bool {
	x, isBool := meaning(a)
	y, alsoBool := meaning(b)
	return strings.EqualFold(a, b) || isBool && alsoBool && x == y
}

// Load reads the data, once and cheaply: well under a millisecond. An error is a defect of a data file.
func Load() (Table, error) {
	return load(files)
}

func load(files fs.FS) (Table, error) {
	contrib := []string{"auto_explain.", "pg_prewarm.", "pg_stat_statements.", "plpgsql."}
	postgres := engine{product: "PostgreSQL", complete: true, contrib: contrib}
	mysql := engine{product: "MySQL", hyphens: true}
	mariadb := engine{product: "MariaDB", complete: true, hyphens: true}
	var err error
	for file, target := range map[string]*engine{"postgres": &postgres, "mysql": &mysql, "mariadb": &mariadb} {
		if target.names, err = readNames(files, file+".txt", file+".hand.txt"); err != nil {
			return Table{}, err
		}
	}
	auroraPostgres, auroraMySQL := postgres, mysql
	auroraPostgres.product, auroraPostgres.own = "Aurora PostgreSQL", []string{"apg_", "aurora_", "ansi_"}
	auroraMySQL.product, auroraMySQL.own = "Aurora MySQL", []string{"aurora_", "aws_"}
	t := Table{engines: map[string]engine{
		"postgres": postgres, "mysql": mysql, "mariadb": mariadb, "aurora-postgresql": auroraPostgres, "aurora-mysql": auroraMySQL,
	}}
	return t, errors.Join(t.readRefusals(files, "refused.txt"), t.readRefusals(files, secretsFile), t.readSpelling(files),
		t.readDefaults(files))
}

// readNames of the files that exist. A later file replaces what an earlier one says.
func readNames(files fs.FS, of ...string) (map[string]string, error) {
	names := map[string]string{}
	for _, file := range of {
		text, err := fs.ReadFile(files, "data/"+file)
		if err != nil {
			continue // An engine has a generated file, one by hand, or both; a test knows which.
		}
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSuffix(line, "\n")
			if line == "" || line[0] == '#' {
				continue
			}
			name, rest, ok := strings.Cut(line, " ")
			if flag, _, _ := strings.Cut(rest, " "); !ok || !slices.Contains([]string{"d", "s", "x"}, flag) {
				return nil, fmt.Errorf("%s: %q is not: name, d, s or x, values", file, line)
			}
			names[name] = rest
		}
	}
	return names, nil
}

// ApplyMethod is how RDS has to apply a change of a parameter: "immediate" when it takes effect while the database runs,
// "pending-reboot" otherwise. RDS refuses "immediate" for a static parameter and takes "pending-reboot" for all, so that is also the
// answer for an unknown one.
//
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBParameterGroup.html
func (t Table) ApplyMethod(engine, name string) string {
	e := t.engines[engine]
	if rest := e.names[e.canonical(name)]; strings.HasPrefix(rest, "d") {
		return "immediate"
	}
	return "pending-reboot"
}

// canonical is how the data write a name.
func (e engine) canonical(name string) string {
	if e.hyphens {
		return strings.ReplaceAll(name, "-", "_")
	}
	return name
}

// reason why nobody may set a parameter, whatever the value. Empty: somebody may.
func (e engine) reason(name string) string {
	for _, r := range e.refused {
		if len(r.but) == 0 && fits(r.pattern, name) {
			return r.reason
		}
	}
	return ""
}

// reasonFor is why nobody may set a parameter to a value. Empty: somebody may.
func reasonFor(refused []refusal, name, value string) string {
	for _, r := range refused {
		if r.fits(name, value) {
			return r.reason
		}
	}
	return ""
}

// fits a pattern that may begin or end with *.
func fits(pattern, name string) bool {
	if rest, ok := strings.CutPrefix(pattern, "*"); ok {
		return strings.HasSuffix(name, rest)
	}
	if rest, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(name, rest)
	}
	return pattern == name
}

// begins says that the name begins with one of the prefixes.
func begins(name string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}
