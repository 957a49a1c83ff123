package simulator

import (
	"net/netip"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/internal/cloud"
)

// What the cloud refuses about networks, identities, keys and mounts.

// landing notes what the cloud does not create.
func (cl *Cloud) landing(c *Cluster, name string, o object.Object) {
	kind, spec := kindOf(o), o.At("spec", "forProvider")
	for _, field := range cloud.Needs(kind) {
		if !spec.Has(field) || spec.String(field) == "" && spec.At(field).IsZero() {
			cl.violation("round %d: %s: there is no %s without %s", c.rounds, name, o.Kind(), field)
		}
	}
	if fields := cloud.Sole(kind); len(fields) > 0 {
		c.outermost().each(func(other *Composed) {
			if rival := object.Of(other.Object); rival.UID() != o.UID() && is(rival, kind) && sameFields(spec, rival, fields) {
				cl.violation("round %d: %s: the %s %s has the same %v", c.rounds, name, o.Kind(), rival.Name(), fields)
			}
		})
	}
	switch kind {
	case cloud.VPC:
		cl.block(c, name, spec.String("cidrBlock"))
	case cloud.Subnet:
		cl.subnet(c, name, o)
	}
	cl.documents(c, name, o)
}

func sameFields(spec, other object.Object, fields []string) bool {
	for _, field := range fields {
		if spec.String(field) != other.String("spec", "forProvider", field) {
			return false
		}
	}
	return !onlyObserved(other)
}

// block is the address range of a VPC or a subnet: /16 to /28.
// https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
func (cl *Cloud) block(c *Cluster, name, cidr string) netip.Prefix {
	prefix, err := netip.ParsePrefix(cidr)
	if err != nil || prefix != prefix.Masked() || prefix.Bits() < 16 || prefix.Bits() > 28 {
		cl.violation("round %d: %s: %q is no block that AWS takes", c.rounds, name, cidr)
		return netip.Prefix{}
	}
	return prefix
}

// subnet has to be inside its VPC, and beside every other one. A VPC that is not composed here is not known.
func (cl *Cloud) subnet(c *Cluster, name string, o object.Object) {
	spec := o.At("spec", "forProvider")
	prefix := cl.block(c, name, spec.String("cidrBlock"))
	if !prefix.IsValid() {
		return
	}
	c.outermost().each(func(composed *Composed) {
		other := object.Of(composed.Object)
		switch {
		case is(other, cloud.VPC) && other.String("status", "atProvider", "id") == spec.String("vpcId"):
			block, err := netip.ParsePrefix(other.String("status", "atProvider", "cidrBlock"))
			if err == nil && (!block.Contains(prefix.Addr()) || prefix.Bits() < block.Bits()) {
				cl.violation("round %d: %s: %s is not inside %s of its VPC", c.rounds, name, prefix, block)
			}
		case is(other, cloud.Subnet) && other.UID() != o.UID() && other.String("spec", "forProvider", "vpcId") == spec.String("vpcId"):
			block, err := netip.ParsePrefix(other.String("spec", "forProvider", "cidrBlock"))
			if err == nil && block.Overlaps(prefix) {
				cl.violation("round %d: %s: %s overlaps %s of %s", c.rounds, name, prefix, block, other.Name())
			}
		}
	})
}

// documents notes policies that no service takes.
func (cl *Cloud) documents(c *Cluster, name string, o object.Object) {
	wrong := ""
	switch policy := o.String("spec", "forProvider", "policy"); {
	case is(o, cloud.Key) && policy != "":
		wrong = cloud.KeyPolicy(policy)
	case is(o, cloud.Role):
		wrong = cloud.TrustPolicy(o.String("spec", "forProvider", "assumeRolePolicy"))
		if len(o.Name()) > 64 {
			wrong = "the name of a role has 64 characters at most"
		}
	}
	if wrong != "" {
		cl.violation("round %d: %s: %s", c.rounds, name, wrong)
	}
}

// manifest notes an Object that becomes another object: the provider would leave the old one behind.
func (cl *Cloud) manifest(c *Cluster, name string, was, o object.Object) {
	if !is(o, cloud.Object) {
		return
	}
	before, after := was.At("spec", "forProvider", "manifest"), o.At("spec", "forProvider", "manifest")
	for _, path := range [][]string{{"apiVersion"}, {"kind"}, {"metadata", "namespace"}, {"metadata", "name"}} {
		if before.String(path...) != after.String(path...) {
			cl.violation("round %d: %s: %v of a manifest cannot change from %q to %q", c.rounds, name, path,
				before.String(path...), after.String(path...))
		}
	}
}

// needed notes deletions of what something that stays still needs.
func (c *Cluster) needed(deletions []Deletion) {
	for _, d := range deletions {
		users := cloud.Users(kindOf(d.Object))
		if len(users) == 0 || onlyObserved(d.Object) || keeps(d.Object) {
			continue
		}
		id := d.Object.String("status", "atProvider", "id")
		c.outermost().each(func(composed *Composed) {
			user := object.Of(composed.Object)
			for _, use := range users {
				if id != "" && is(user, use.Kind) && !user.Deleting() && user.String("spec", "forProvider", use.Field) == id {
					c.Cloud.violation("round %d: %s is deleted while %s uses it", c.rounds, d.Name, user.Name())
				}
			}
		})
	}
}
