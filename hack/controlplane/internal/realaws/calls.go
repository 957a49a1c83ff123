package realaws

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/realaws/wire"
)

// creates says that a call makes something new.
func creates(c wire.Call) bool {
	return slices.ContainsFunc([]string{"Create", "Allocate", "Restore", "Authorize", "Run"}, func(prefix string) bool {
		return strings.HasPrefix(c.Action, prefix)
	}) && c.Action != "CreateTags"
}

// subject is what a call is about: the name of the managed resource, which the provider writes into the tags, or else all parameters.
func subject(c wire.Call) string {
	for key, value := range c.Params {
		if prefix, tag := strings.CutSuffix(key, ".Key"); tag && value == "crossplane-name" {
			return c.Params[prefix+".Value"]
		}
	}
	var all []string
	for _, key := range slices.Sorted(maps.Keys(c.Params)) {
		if !strings.Contains(strings.ToLower(key), "token") { // a new one each time
			all = append(all, key+"="+c.Params[key])
		}
	}
	return strings.Join(all, " ")
}

// twice are the things that were made more than once, in words.
func twice(calls []wire.Call) []string {
	made := map[string]int{}
	for _, c := range calls {
		if creates(c) && !c.Refused() {
			made[c.Service+" "+c.Action+" of "+subject(c)]++
		}
	}
	var words []string
	for _, what := range slices.Sorted(maps.Keys(made)) {
		if made[what] > 1 {
			words = append(words, fmt.Sprintf("%d times %s", made[what], what))
		}
	}
	return words
}

// unasked is an error that counts calls, with the first of each kind.
func unasked(calls []wire.Call) error {
	if len(calls) == 0 {
		return nil
	}
	seen, order := map[string]int{}, []string{}
	for _, c := range calls {
		what := c.Action + " of " + subject(c)
		if seen[what]++; seen[what] == 1 {
			order = append(order, c.String())
		}
	}
	if len(order) > 10 {
		order = append(order[:10], fmt.Sprintf("and %d others", len(order)-10))
	}
	return fmt.Errorf("%d calls that nobody asked for:\n  %s", len(calls), strings.Join(order, "\n  "))
}
