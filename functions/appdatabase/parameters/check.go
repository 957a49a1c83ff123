package parameters

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goldenpath-dev/goldenpath/functions/internal/quote"
)

// Check judges a parameter for an engine as the API names it: nil when it may be set, as far as can be known. The error says
// what is wrong and what to write instead. It does not name the engine's version: a parameter that only some versions
// have passes. An unknown engine is somebody else's to refuse.
func (t Table) Check(engine, name, value string) error {
	e, ok := t.engines[engine]
	if !ok {
		return nil
	}
	if err := bounded(name, value); err != nil {
		return err
	}
	if err := spelled(name); err != nil {
		return err
	}
	canonical := e.canonical(name)
	if reason := e.reason(canonical); reason != "" {
		return fmt.Errorf("%q %s", name, reason)
	}
	if strings.TrimSpace(value) == "" {
		return fmt.Errorf("%q has no value. Write one, or remove the parameter to go back to the default", name)
	}
	if reason := reasonFor(e.refused, canonical, value); reason != "" {
		return fmt.Errorf("%q %s", name, reason)
	}
	rest, known := e.names[canonical]
	if !known {
		return t.unknown(engine, name)
	}
	flag, values, _ := strings.Cut(rest, " ")
	if flag == "x" {
		return fmt.Errorf("%q is a value that %s tells and nobody sets. Remove it", name, e.product)
	}
	return checkValue(name, values, value)
}

// No engine has a parameter with a longer name: the longest has 60 characters. Values are as long as the schema takes them.
const (
	maxName  = 100
	maxValue = 1024
)

// bounded comes before everything that reads: finding what a name is close to costs its length times that of all names.
func bounded(name, value string) error {
	switch {
	case len(name) > maxName:
		return fmt.Errorf("%q has %d characters, and no parameter has more than %d. Write the name of a parameter",
			quote.Short(name), len(name), maxName)
	case len(value) > maxValue*utf8.UTFMax || utf8.RuneCountInString(value) > maxValue:
		return fmt.Errorf("%q has a value of more than %d characters. Write a shorter one", name, maxValue)
	}
	return nil
}

// Leaks is an error when a value of a parameter, both of which Check admits, would let the server write a password to a log that Vault
// issues. It says what to write instead.
func (t Table) Leaks(engine, name, value string) error {
	e := t.engines[engine]
	if reason := reasonFor(e.leaks, e.canonical(name), value); reason != "" {
		return fmt.Errorf("%q %s", name, reason)
	}
	return nil
}

// spelled says whether it can be a name at all.
func spelled(name string) error {
	if name == "" {
		return errors.New("a parameter has no name. Write one, or remove it")
	}
	if lower := strings.ToLower(name); lower != name {
		return fmt.Errorf("%q: names of parameters are lower case. Write %q", name, lower)
	}
	for _, r := range name {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune("_-.", r) {
			return fmt.Errorf("%q: %q is not a letter, a digit, or one of _ - . Write the name alone", name, r)
		}
	}
	return nil
}

// unknown judges a name that the engine's list does not have.
func (t Table) unknown(engine, name string) error {
	e := t.engines[engine]
	if begins(name, e.own) {
		return nil
	}
	// Extensions bring parameters of their own, and RDS adds extensions.
	if e.complete && !e.hyphens && strings.Contains(name, ".") && !begins(name, e.contrib) {
		return nil
	}
	elsewhere := t.elsewhere(engine, name)
	if !e.complete && elsewhere == "" {
		return nil
	}
	problem := fmt.Sprintf("%q is not a parameter of %s", name, e.product)
	if elsewhere != "" {
		problem += ", only of " + elsewhere
	}
	if near := e.nearest(e.canonical(name)); len(near) > 0 {
		return fmt.Errorf("%s. Did you mean %s?", problem, strings.Join(near, ", "))
	}
	return fmt.Errorf("%s. Remove it", problem)
}

// elsewhere is the other product that alone has the parameter, as far as can be known. MySQL and MariaDB share so many that
// the one's list says nothing about the other.
func (t Table) elsewhere(engine, name string) string {
	_, inPostgres := t.engines["postgres"].names[name]
	_, inMariaDB := t.engines["mariadb"].names[t.engines["mariadb"].canonical(name)]
	_, inMySQL := t.engines["mysql"].names[t.engines["mysql"].canonical(name)]
	switch {
	case t.engines[engine].hyphens && inPostgres && !inMariaDB && !inMySQL:
		return "PostgreSQL"
	case !t.engines[engine].hyphens && inMySQL && inMariaDB:
		return "MySQL and MariaDB"
	case !t.engines[engine].hyphens && inMariaDB:
		return "MariaDB"
	case engine != "mysql" && engine != "aurora-mysql" && inMySQL && !inMariaDB:
		return "MySQL"
	}
	return ""
}

// nearest names that may be set, best first, three at most: those that the wanted name is a part of, and those that differ in
// few letters.
func (e engine) nearest(wanted string) []string {
	type candidate struct {
		name     string
		distance int
	}
	var found []candidate
	for _, name := range slices.Sorted(maps.Keys(e.names)) {
		if strings.HasPrefix(e.names[name], "x") || e.reason(name) != "" {
			continue
		}
		d := distance(wanted, name)
		if d <= max(2, len(wanted)/5) || (len(wanted) > 4 && strings.Contains(name, wanted)) {
			found = append(found, candidate{name, d})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return a.distance - b.distance })
	var names []string
	for _, c := range found[:min(3, len(found))] {
		names = append(names, c.name)
	}
	return names
}

// distance in letters to put in, take out or change.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
