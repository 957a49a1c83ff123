package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// intended is the file of differences that are meant.
type intended struct {
	// Base is the commit or tag of the last release.
	Base string `json:"base"`
	// Differences that are meant since then.
	Differences []meant `json:"differences"`
}

// meant is one kind of difference.
type meant struct {
	// Resource is the composition resource name. A * stands for anything.
	Resource string `json:"resource"`
	// Field is the path. A * stands for anything.
	Field string `json:"field"`
	// Reason why nothing breaks.
	Reason string `json:"reason"`
}

func readIntended(file string) (intended, error) {
	var list intended
	text, err := os.ReadFile(file) //nolint:gosec // a file of the repository
	if err != nil {
		return list, fmt.Errorf("cannot read the intended differences: %w", err)
	}
	if err := yaml.UnmarshalStrict(text, &list); err != nil {
		return list, fmt.Errorf("%s: %w", file, err)
	}
	for i, m := range list.Differences {
		if m.Resource == "" || m.Field == "" || strings.TrimSpace(m.Reason) == "" {
			return list, fmt.Errorf("%s: differences[%d] needs resource, field and reason", file, i)
		}
	}
	return list, nil
}

// fits says that a difference is meant.
func (m meant) fits(d difference) bool {
	return glob(m.Resource, d.resource) && glob(m.Field, d.field)
}

func glob(pattern, text string) bool {
	quoted := strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, `.*`)
	return regexp.MustCompile("^" + quoted + "$").MatchString(text)
}

// report prints what differs, and says whether all of it is meant. Of the last release, a line of the file that nothing fits is
// wrong too: it would hide the next mistake.
func (p *proof) report(out io.Writer, b base, list intended) bool {
	fmt.Fprintf(out, "upgrade from %s: %d examples, %d states, %d composed resources compared, %d runs taken over (%d of them ready)\n",
		b.title(), p.played, p.states, p.compared, p.atRest, p.ready)
	for _, name := range p.missing {
		fmt.Fprintf(out, "  not compared: %s, which is gone today\n", name)
	}
	used := make([]int, len(list.Differences))
	var unmeant []difference
	for _, d := range slices.SortedFunc(maps.Keys(p.seen), order) {
		if at := slices.IndexFunc(list.Differences, func(m meant) bool { return m.fits(d) }); at >= 0 {
			used[at] += p.seen[d]
			continue
		}
		unmeant = append(unmeant, d)
	}
	fields := p.print(out, unmeant)
	stale := 0
	for i, m := range list.Differences {
		switch {
		case used[i] > 0:
			fmt.Fprintf(out, "  meant: %s %s, %d times: %s\n", m.Resource, m.Field, used[i], m.Reason)
		case b.release:
			stale++
			fmt.Fprintf(out, "  STALE: no difference is %s %s: remove it from the file\n", m.Resource, m.Field)
		}
	}
	if fields+stale > 0 {
		fmt.Fprintf(out, "upgrade from %s: FAILED: %d fields differ that nobody meant, %d stale lines\n", b.title(), fields, stale)
		return false
	}
	fmt.Fprintf(out, "upgrade from %s: today's functions take over without any change that is not meant\n", b.title())
	return true
}

// print differences in order, with the values of one for every field, and count the fields.
func (p *proof) print(out io.Writer, differences []difference) int {
	fields := 0
	for i, d := range differences {
		if i > 0 && differences[i-1].resource == d.resource && differences[i-1].field == d.field {
			continue
		}
		fields++
		times := 0
		for _, other := range differences[i:] {
			if other.resource == d.resource && other.field == d.field {
				times += p.seen[other]
			}
		}
		fmt.Fprintf(out, "  DIFFERS %s %s, %d times, as in %s\n", d.resource, d.field, times, p.first[d])
		for _, side := range []struct{ title, value string }{{"was", d.was}, {"is", d.is}} {
			if side.value != "" {
				fmt.Fprintf(out, "    %s: %s\n", side.title, shorten(side.value))
			}
		}
	}
	return fields
}

// shorten a value for a line.
func shorten(s string) string {
	const longest = 300
	if len(s) <= longest {
		return s
	}
	return s[:longest] + "..."
}
