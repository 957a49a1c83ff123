package inventory

import (
	"fmt"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
)

// GiveUp is what a person does in the console with what a managed resource has left behind: its protection is turned off, and it is deleted
// with a final snapshot. The error says that nothing was left.
func (c *Cloud) GiveUp(uid string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for k, e := range c.entries {
		if e.Owner.UID != uid || !e.Orphaned {
			continue
		}
		c.aftermath(e)
		delete(c.entries, k)
		c.reportRelatives(e)
		c.note(Target{Kind: e.Kind, Region: e.Region, ExternalName: e.ExternalName, Owner: api.Owner{Name: "somebody"}}, api.Delete, nil, nil)
		return nil
	}
	return fmt.Errorf("the cloud has nothing that managed resource %s has left behind", uid)
}
