package inventory

import (
	"maps"
	"slices"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"
)

// postpone puts the changes aside that wait for the maintenance window, and returns the others. The parameter group of another
// major version waits with the version.
func (e *Entry) postpone(changes map[string]any) map[string]any {
	now, later := map[string]any{}, maps.Clone(e.Pending)
	if later == nil {
		later = map[string]any{}
	}
	waits := cloud.WindowFields(e.Kind)
	if _, upgrade := changes["engineVersion"]; upgrade {
		waits = append(waits, cloud.GroupField(e.Kind))
	}
	for field, value := range changes {
		if slices.Contains(waits, field) {
			later[field] = value
		} else {
			now[field] = value
		}
	}
	if len(later) > 0 {
		e.Pending = later
	}
	return now
}

// OpenWindow lets the maintenance window of a resource come.
func (c *Cloud) OpenWindow(t Target) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[t.key()]
	if e == nil || len(e.Pending) == 0 {
		return
	}
	changes := e.Pending
	e.Pending = nil
	c.change(e, changes)
}
