package parameters

import (
	"errors"
	"slices"
	"strings"
)

// CheckName judges a name alone: some value of it may be set.
func (t Table) CheckName(engine, name string) error {
	var errs []error
	values := []string{"1", "0", "x"}
	e := t.engines[engine]
	_, rest, _ := strings.Cut(e.names[e.canonical(name)], " ")
	if choices, ok := strings.CutPrefix(rest, "enum "); ok {
		values = append(values, strings.Split(choices, "|")...)
	}
	if words := strings.Fields(rest); len(words) > 2 {
		values = append(values, words[1], words[2])
	}
	for _, r := range slices.Concat(e.refused, e.leaks) {
		values = append(values, r.but...)
	}
	for _, value := range values {
		err := t.Check(engine, name, value)
		if err == nil {
			return nil
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
