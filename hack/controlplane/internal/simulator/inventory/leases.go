package inventory

import (
	"github.com/goldenpath-dev/goldenpath/internal/cloud"
)

// Leases of Vault: users that it has made in a database, and takes back over the connection, in the database.

// lease is an open one.
type lease struct{ region, mount, role, connection string }

// Lease opens one of a database role that exists.
func (c *Cloud) Lease(t Target) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[t.key()]
	if e == nil || e.Kind != cloud.DatabaseRole {
		return
	}
	c.leases[lease{e.Region, text(e.Parameters, "backend"), text(e.Parameters, "name"), text(e.Parameters, "dbName")}] = true
}

// Leases is how many are open.
func (c *Cloud) Leases() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.leases)
}

// canUnmount revokes the leases of a mount. One whose connection is gone, or whose database does not answer, keeps it mounted.
// https://developer.hashicorp.com/vault/docs/commands/secrets/disable
func (c *Cloud) canUnmount(e *Entry) error {
	for l := range c.leases {
		if l.region != e.Region || l.mount != text(e.Parameters, "path") {
			continue
		}
		if !c.revocable(l) {
			return vaultError(cloud.Unrevoked(l.mount, l.role).Message)
		}
		delete(c.leases, l)
	}
	return nil
}

func (c *Cloud) revocable(l lease) bool {
	for _, e := range c.entries {
		if e.Kind != cloud.DatabaseConnection || e.Region != l.region || text(e.Parameters, "backend") != l.mount ||
			text(e.Parameters, "name") != l.connection {
			continue
		}
		for _, engine := range []string{"postgresql", "mysql"} {
			blocks, _ := e.Parameters[engine].([]any)
			for _, block := range blocks {
				fields, _ := block.(map[string]any)
				if c.answers(hostIn(text(fields, "connectionUrl"))) {
					return true
				}
			}
		}
	}
	return false
}

// unmount lets go what was at a mount: with it, everything below is gone.
func (c *Cloud) unmount(e *Entry) {
	path := text(e.Parameters, "path")
	for k, below := range c.entries {
		at := text(below.Parameters, "backend") + text(below.Parameters, "mount")
		if below != e && below.Region == e.Region && at == path && cloud.Provider(below.Kind) == "vault" {
			delete(c.entries, k)
		}
	}
}
