package inventory

import (
	"github.com/goldenpath-dev/goldenpath/internal/cloud"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
)

// logsOwner is who makes the log groups that nobody else has made.
const logsOwner = "rds.amazonaws.com"

// writeLogs lets RDS make the log groups of a database that are missing: without retention and key. They stay when the database goes.
func (c *Cloud) writeLogs(e *Entry) {
	for _, name := range cloud.LogGroups(e.Kind, e.Name, e.Parameters) {
		t := Target{Kind: cloud.LogGroup, Region: e.Region, Account: e.account, ExternalName: name, Owner: api.Owner{Name: logsOwner}}
		if c.entries[t.key()] != nil {
			continue
		}
		r := cloud.Resource{Kind: t.Kind, Name: name, Account: t.Account, Parameters: map[string]any{"region": t.Region}}
		r.Parameters = merged(c.facts[t.Kind].Defaults(r), r.Parameters)
		c.note(t, api.Create, nil, nil)
		c.entries[t.key()] = &Entry{account: t.Account, Resource: api.Resource{
			Kind: t.Kind, Region: t.Region, ExternalName: name, Name: name, Status: Available, Parameters: r.Parameters,
			Reported: c.facts[t.Kind].Report(r), CreatedBy: t.Owner, Owner: t.Owner, Created: c.last,
		}}
	}
}
