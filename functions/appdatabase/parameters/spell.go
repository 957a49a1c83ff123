package parameters

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Setting is a parameter as RDS writes it.
type Setting struct {
	// Name and Value in RDS's own spelling.
	Name, Value string
	// Counts as is the same for all names of one parameter.
	CountsAs string
}

// Spell writes a parameter as RDS does, which stores its own spelling and would take every other one for a change, for ever. What is
// not known stays as it is.
func (t Table) Spell(engine, name, value string) Setting {
	e := t.engines[engine]
	name = e.canonical(name)
	s := Setting{Name: name, Value: e.value(name, value), CountsAs: name}
	if own, ok := e.rdsNames[name]; ok {
		s.Name = own
	}
	if one, ok := e.aliases[name]; ok {
		s.CountsAs = one
	}
	return s
}

// Twice is an error when two names stand for one parameter: which of the values counts cannot be known.
func (t Table) Twice(engine string, names []string) error {
	seen := make(map[string]string, len(names))
	for _, name := range slices.Sorted(slices.Values(names)) {
		one := t.Spell(engine, name, "").CountsAs
		if other, twice := seen[one]; twice {
			return fmt.Errorf("%q and %q are the same parameter. Write one of them, %s", other, name, one)
		}
		seen[one] = name
	}
	return nil
}

// Same says that two values of a parameter mean the same, as far as can be known: booleans in other words, choices in other letters.
func (t Table) Same(engine, name, a, b string) bool {
	if a == b {
		return true
	}
	if x, ok := meaning(a); ok {
		y, alsoOK := meaning(b)
		return alsoOK && x == y
	}
	e := t.engines[engine]
	_, values, _ := strings.Cut(e.names[e.canonical(name)], " ")
	return strings.HasPrefix(values, "enum ") && strings.EqualFold(a, b)
}

// value in RDS's spelling.
func (e engine) value(name, value string) string {
	_, values, _ := strings.Cut(e.names[name], " ")
	kind, rest, _ := strings.Cut(values, " ")
	on, isBool := meaning(value)
	switch {
	case isBool && slices.Contains(e.words, name):
		return map[bool]string{true: "ON", false: "OFF"}[on]
	case isBool && kind == "bool":
		return map[bool]string{true: "1", false: "0"}[on]
	case kind == "enum":
		return choice(strings.Split(rest, "|"), value)
	}
	return value
}

// choice as the data write it. On and off have other words too, where there is no choice of that very name.
func choice(choices []string, value string) string {
	wanted := []string{value}
	if on, ok := meaning(value); ok {
		wanted = append(wanted, map[bool]string{true: "on", false: "off"}[on])
	}
	for _, word := range wanted {
		if i := slices.IndexFunc(choices, func(c string) bool { return strings.EqualFold(c, word) }); i >= 0 {
			return choices[i]
		}
	}
	return value
}

// meaning of a boolean. Not ok: it is none.
func meaning(value string) (on, ok bool) {
	switch strings.ToLower(value) {
	case "1", "on", "true", "yes":
		return true, true
	case "0", "off", "false", "no":
		return false, true
	}
	return false, false
}

// IsDefault says that RDS has the value as the default of a parameter group family. Only what the platform sets is known.
func (t Table) IsDefault(engine, family, name, value string) bool {
	version := strings.TrimPrefix(family, engine)
	for _, d := range t.engines[engine].defaults {
		if d.name == name && d.value == value && atLeast(version, d.since) {
			return true
		}
	}
	return false
}

// familyDefault is what a parameter is in the families of an engine from a version on.
type familyDefault struct{ since, name, value string }

// atLeast compares versions number by number.
func atLeast(version, least string) bool {
	have, want := strings.Split(version, "."), strings.Split(least, ".")
	for i := range want {
		if i >= len(have) {
			return true
		}
		a, aErr := strconv.Atoi(have[i])
		b, bErr := strconv.Atoi(want[i])
		if aErr != nil || bErr != nil {
			return false
		}
		if a != b {
			return a > b
		}
	}
	return true
}
