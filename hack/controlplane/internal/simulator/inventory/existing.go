package inventory

import (
	"slices"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
)

// claimName is the tag that says which Network a VPC belongs to.
const claimName = "platform.io/claim-name"

// Look is Get for who only observes: what nobody of us made may have been there before (package cloud says what it is). Such a thing
// is in no inventory.
func (c *Cloud) Look(t Target, parameters map[string]any) (Entry, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.entries[t.key()]; e != nil {
		return *e, true
	}
	facts := c.facts[t.Kind]
	if !facts.Exists(t.ExternalName) {
		return Entry{}, false
	}
	r := cloud.Resource{Kind: t.Kind, Name: t.ExternalName, Account: t.Account, Parameters: parameters}
	if t.Kind == cloud.EKSCluster {
		r.VPC = c.vpcOf(t)
	}
	return Entry{Resource: api.Resource{
		Kind: t.Kind, Region: t.Region, ExternalName: t.ExternalName, Name: t.ExternalName, Status: Available,
		Parameters: parameters, Reported: facts.Existing(r),
	}}, true
}

// vpcOf an EKS cluster is that of the Network that it is named after: one of the namespace of who observes it, or else any.
func (c *Cloud) vpcOf(t Target) string {
	if vpc := cloud.VPCOf(t.ExternalName, c.networks(t.Region, t.Owner.Namespace)); vpc != "" {
		return vpc
	}
	return cloud.VPCOf(t.ExternalName, c.networks(t.Region, ""))
}

// networks of a region, and of a namespace where one is given.
func (c *Cloud) networks(region, namespace string) []cloud.Network {
	var list []cloud.Network
	for _, e := range c.entries {
		if e.Kind != cloud.VPC || e.Region != region || namespace != "" && e.Owner.Namespace != namespace {
			continue
		}
		tags, _ := e.Parameters["tags"].(map[string]any)
		list = append(list, cloud.Network{Name: text(tags, claimName), VPC: e.ExternalName})
	}
	return list
}

// known says that a resource is there, made by us or before us.
func (c *Cloud) known(kind, region, id string) bool {
	return c.find(kind, region, id) != nil || c.facts[kind].Exists(id)
}

// users are the resources that keep another one from being deleted, by their external names.
func (c *Cloud) users(e *Entry) []string {
	var names []string
	id := text(e.Reported, "id")
	for _, use := range cloud.Users(e.Kind) {
		for _, user := range c.entries {
			if user.Kind == use.Kind && user.Status != Deleting && id != "" && user.Parameters[use.Field] == id {
				names = append(names, user.ExternalName)
			}
		}
	}
	slices.Sort(names)
	return names
}
