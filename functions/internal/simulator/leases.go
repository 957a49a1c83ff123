package simulator

import (
	"strings"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/internal/cloud"
)

// leased notes databases that go while Vault has users in them: a lease is revoked over the connection, in the database, and one that
// cannot be revoked keeps its mount for ever. Every connection that Vault has is taken to have leases open.
func (c *Cluster) leased(deletions []Deletion) {
	c.each(func(composed *Composed) {
		if o := object.Of(composed.Object); is(o, cloud.DatabaseConnection) && o.String("status", "atProvider", "id") != "" {
			c.connected[o.String("spec", "forProvider", "backend")] = true
		}
	})
	for _, d := range deletions {
		host := d.Object.String("status", "atProvider", "address")
		if host == "" {
			host = d.Object.String("status", "atProvider", "endpoint")
		}
		// Vault makes its users in the one that takes the writes.
		replica := d.Object.String("spec", "forProvider", "replicateSourceDb") != ""
		if !is(d.Object, cloud.Instance) && !is(d.Object, cloud.Cluster) || host == "" || replica {
			continue
		}
		note := func(o object.Object) {
			if role, open := c.leases(o, host); open {
				c.Cloud.violation("round %d: %s is deleted while Vault has users in it (%s): %s", c.rounds, d.Name, o.Name(),
					cloud.Unrevoked(o.String("spec", "forProvider", "backend"), role))
			}
		}
		c.each(func(composed *Composed) { note(object.Of(composed.Object)) })
		for _, with := range deletions {
			if !c.terminates(with.Object) {
				note(with.Object)
			}
		}
	}
}

// terminates says that an object is still there, so that it is seen anyway.
func (c *Cluster) terminates(o object.Object) bool {
	_, there := c.Terminating[ReferenceTo(o.Struct())]
	return there
}

// leases says that a connection that is there leads to a host, and names one of its roles; or that an object is a mount for databases of
// the service's own, which had a connection and still has to be unmounted.
func (c *Cluster) leases(o object.Object, host string) (role string, open bool) {
	spec := o.At("spec", "forProvider")
	switch {
	case o.String("status", "atProvider", "id") == "":
		return "", false
	case is(o, cloud.Mount):
		return "", spec.String("type") == "database" && c.connected[spec.String("path")]
	case !is(o, cloud.DatabaseConnection):
		return "", false
	}
	for _, engine := range []string{"postgresql", "mysql"} {
		for _, block := range spec.List(engine) {
			open = open || strings.Contains(block.String("connectionUrl"), host)
		}
	}
	for _, allowed := range spec.Strings("allowedRoles") {
		role = allowed
	}
	return role, open
}
