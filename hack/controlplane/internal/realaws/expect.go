package realaws

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/realaws/wire"
)

// expectation is a call that a change has to send: exactly these parameters. A value of * is any; a name that begins with ? may be left
// out.
type expectation struct {
	action string
	params map[string]string
}

// formal are parameters that say how, not what.
func formal() []string {
	return []string{"DBInstanceIdentifier", "DBClusterIdentifier", "ApplyImmediately"}
}

// check compares a call with what was expected of it.
func (e expectation) check(c wire.Call) error {
	var wrong []string
	for _, name := range slices.Sorted(maps.Keys(e.params)) {
		want := e.params[name]
		name, optional := strings.CutPrefix(name, "?")
		got, there := c.Params[name]
		switch {
		case !there && !optional:
			wrong = append(wrong, fmt.Sprintf("%s=%s is missing", name, want))
		case there && want != "*" && got != want:
			wrong = append(wrong, fmt.Sprintf("%s is %s and not %s", name, got, want))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Params)) {
		_, wanted := e.params[name]
		_, allowed := e.params["?"+name]
		if !wanted && !allowed && !slices.Contains(formal(), name) {
			wrong = append(wrong, fmt.Sprintf("%s=%s was not asked for", name, c.Params[name]))
		}
	}
	if c.Refused() {
		wrong = append(wrong, "it was refused: "+strings.Join(strings.Fields(c.Error), " "))
	}
	if len(wrong) > 0 {
		return fmt.Errorf("%s: %s", c.Action, strings.Join(wrong, "; "))
	}
	return nil
}

// shown are the parameters of a call that say what, in a line.
func shown(c wire.Call) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(c.Params)) {
		if !slices.Contains(formal(), name) {
			all = append(all, name+"="+c.Params[name])
		}
	}
	return c.Action + " {" + strings.Join(all, ", ") + "}"
}
