// Package inventory is the simulated cloud itself: what exists, what was called, and what the cloud refuses. It knows nothing of
// Kubernetes.
package inventory

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
)

// Target names a resource in the cloud.
type Target struct {
	// Kind as package cloud names it.
	Kind string
	// Region, or the Vault namespace.
	Region string
	// Account that the credentials are for. That of most provider configurations when it is empty.
	Account string
	// ExternalName is how the provider finds it. Empty before the creation of kinds whose name the cloud assigns.
	ExternalName string
	// Owner is the managed resource on whose behalf a call is made.
	Owner api.Owner
}

// Values are what Kubernetes Secrets add to parameters: a fingerprint by field. The value itself is nowhere in the cloud.
type Values map[string]string

// Changed are the fields whose values differ, of those that are known on both sides.
func (v Values) Changed(now Values) []string {
	var fields []string
	for field, value := range now {
		if was := v[field]; was != "" && value != "" && was != value {
			fields = append(fields, field)
		}
	}
	return fields
}

// Entry is a resource that exists. A copy of it is handed out, whose maps are not to be written. Its kind is one of package cloud:
// what is shown to others has service and kind apart.
type Entry struct {
	api.Resource

	// Values that the cloud was given. An empty fingerprint is not known.
	Values  Values
	account string
	drift   string
}

// Cloud is the inventory. It is safe for concurrent use.
type Cloud struct {
	mu        sync.Mutex
	entries   map[key]*Entry
	snapshots []api.Snapshot
	calls     []api.Call
	last      int
	restored  int
	facts     map[string]cloud.Facts
	leases    map[lease]bool
	now       func() time.Time

	databasesElsewhere bool
}

type key struct{ kind, region, externalName string }

// keepCalls is how many calls are remembered.
const keepCalls = 50_000

// New makes an empty cloud.
func New(now func() time.Time) *Cloud {
	return &Cloud{entries: map[key]*Entry{}, facts: cloud.Kinds(), leases: map[lease]bool{}, now: now}
}

// LeaveDatabases says that databases are in another cloud: whatever is connected to answers.
func (c *Cloud) LeaveDatabases() { c.databasesElsewhere = true }

// Get looks a resource up.
func (c *Cloud) Get(t Target) (Entry, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[t.key()]
	if e == nil {
		return Entry{}, false
	}
	return *e, true
}

// Found is the external name of what a target names by a parameter of ours; the target's own where nothing is found by one.
func (c *Cloud) Found(t Target) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	alias := c.facts[t.Kind].Alias
	for _, e := range c.entries {
		if alias != "" && e.Kind == t.Kind && e.Region == t.Region && text(e.Parameters, alias) == t.ExternalName {
			return e.ExternalName
		}
	}
	return t.ExternalName
}

func (t Target) key() key { return key{t.Kind, t.Region, t.ExternalName} }

// Create makes a resource, and returns its external name.
func (c *Cloud) Create(t Target, parameters map[string]any, values Values) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r, err := c.prepare(t, parameters)
	if err == nil {
		err = c.canCreate(t, r.Parameters, values)
	}
	call := cloud.Call{Kind: t.Kind, Creates: true, Has: r.Parameters, Sent: parameters, Source: r.Source}
	if err == nil {
		err = inWords(t.Kind, call.Refused())
	}
	if err != nil {
		c.note(t, api.Create, nil, err)
		return "", err
	}
	r.Parameters = call.Accepted()
	reported := c.facts[t.Kind].Report(r)
	t.ExternalName = r.Name
	if !c.facts[t.Kind].Named {
		t.ExternalName, _ = reported["id"].(string)
	}
	c.note(t, api.Create, nil, nil)
	e := &Entry{Values: values, account: t.Account, Resource: api.Resource{
		Kind: t.Kind, Region: t.Region, ExternalName: t.ExternalName, Name: nameOf(t, parameters), Status: Creating,
		Parameters: r.Parameters, Reported: reported, CreatedBy: t.Owner, Owner: t.Owner, Created: c.last,
		DeletionProtection: parameters["deletionProtection"] == true,
	}}
	c.entries[t.key()] = e
	c.reportRelatives(e)
	c.writeLogs(e)
	return t.ExternalName, nil
}

// prepare makes what the cloud knows of a resource to create: what is said, what it is a copy of, and what nobody says.
func (c *Cloud) prepare(t Target, parameters map[string]any) (cloud.Resource, error) {
	// What was restored counts: an identifier is never assigned twice.
	r := cloud.Resource{
		Kind: t.Kind, Name: t.ExternalName, Seed: t.Kind + "/" + t.Owner.UID + "/" + fmt.Sprint(c.last+c.restored), Account: t.Account,
		Parameters: parameters,
	}
	if r.Name == "" || r.Name == text(parameters, c.facts[t.Kind].Alias) {
		r.Name = t.Owner.Name
	}
	if err := c.canCopy(t, parameters); err != nil {
		return r, err
	}
	c.relate(&r, t.Region)
	if defaults := c.facts[t.Kind].Defaults; defaults != nil {
		r.Parameters = numbers(merged(defaults(r), parameters))
		c.inherit(&r, t.Region)
	}
	return r, nil
}

// Status of a resource.
const (
	Creating  = "creating"
	Available = "available"
	Modifying = "modifying"
	Deleting  = "deleting"
)

// Settle ends what goes on with a resource: it is available, or gone when it was being deleted.
func (c *Cloud) Settle(t Target) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[t.key()]
	switch {
	case e == nil:
	case e.Status == Deleting:
		delete(c.entries, t.key())
		c.reportRelatives(e)
	default:
		e.Status = Available
	}
}

// Update changes parameters of a resource. With closed, what can wait for the maintenance window does.
func (c *Cloud) Update(t Target, changes map[string]any, values Values, closed bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	fields := slices.Collect(maps.Keys(changes))
	if e := c.entries[t.key()]; e != nil {
		fields = append(fields, e.Values.Changed(values)...)
	}
	slices.Sort(fields)
	err := c.update(t, changes, values, closed)
	c.note(t, api.Update, fields, err)
	return err
}

func (c *Cloud) update(t Target, changes map[string]any, values Values, closed bool) error {
	e := c.entries[t.key()]
	if e == nil {
		return notFound(t)
	}
	if err := c.canUpdate(e, changes); err != nil {
		return err
	}
	changes = merged(changes, cloud.Sent(e.Kind, changes, e.Parameters))
	call := cloud.Call{Kind: e.Kind, Has: e.Parameters, Sent: changes, Reported: e.Reported}
	if err := inWords(e.Kind, call.Refused()); err != nil {
		return err
	}
	e.Values = values
	e.Status = Modifying
	e.Updates++
	wanted := merged(e.Parameters, changes)
	if !closed || wanted["applyImmediately"] == true {
		// What was left for the window goes along.
		changes = merged(e.Pending, changes)
		e.Pending = nil
	} else {
		changes = e.postpone(changes)
	}
	c.change(e, changes)
	return nil
}

// change carries out changes, with what follows from them.
func (c *Cloud) change(e *Entry, changes map[string]any) {
	e.Parameters = cloud.Call{Kind: e.Kind, Has: e.Parameters, Sent: changes, Reported: e.Reported}.Accepted()
	c.report(e)
	c.reportRelatives(e)
	c.writeLogs(e)
}

// report makes anew what the cloud reports of a resource.
func (c *Cloud) report(e *Entry) {
	r := cloud.Resource{
		Kind: e.Kind, Name: e.ExternalName, Seed: e.ExternalName, Account: e.account, Parameters: e.Parameters, Observed: e.Reported,
	}
	c.relate(&r, e.Region)
	e.Reported = c.facts[e.Kind].Report(r)
	e.DeletionProtection = e.Parameters["deletionProtection"] == true
}

// Delete begins the deletion of a resource.
func (c *Cloud) Delete(t Target) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[t.key()]
	err := c.canDelete(t, e)
	c.note(t, api.Delete, nil, err)
	if err != nil {
		return err
	}
	e.Status = Deleting
	c.aftermath(e)
	return nil
}

// Refuse notes a call that a fault lets fail.
func (c *Cloud) Refuse(t Target, verb string, fields []string, reason error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.note(t, verb, fields, reason)
}

// Drift changes a parameter behind the back of the managed resource, once for each mark. An empty mark ends it.
func (c *Cloud) Drift(t Target, mark string, changes func(parameters map[string]any) map[string]any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[t.key()]
	if e == nil || e.drift == mark || e.Status != Available {
		return
	}
	e.drift = mark
	if mark == "" {
		return
	}
	changed := changes(e.Parameters)
	c.change(e, changed)
	c.note(Target{Kind: t.Kind, Region: t.Region, ExternalName: t.ExternalName, Owner: api.Owner{Name: "somebody"}}, api.Drift,
		slices.Sorted(maps.Keys(changed)), nil)
}

// Adopt gives a resource to a managed resource that found it.
func (c *Cloud) Adopt(t Target) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.entries[t.key()]; e != nil && (e.Orphaned || e.Owner.UID != t.Owner.UID) {
		e.Owner, e.Orphaned = t.Owner, false
	}
}

// Abandon says that the managed resource of a UID is gone. What it has left behind is an orphan.
func (c *Cloud) Abandon(uid string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range c.entries {
		if e.Owner.UID == uid && e.Status != Deleting {
			e.Orphaned = true
			c.note(Target{Kind: e.Kind, Region: e.Region, ExternalName: e.ExternalName, Owner: e.Owner}, api.Orphan, nil, nil)
		}
	}
}

// Restore puts a resource back that was there before the simulator started.
func (c *Cloud) Restore(t Target, parameters, reported map[string]any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entries[t.key()] != nil {
		return
	}
	e := &Entry{account: t.Account, Resource: api.Resource{
		Kind: t.Kind, Region: t.Region, ExternalName: t.ExternalName, Name: nameOf(t, parameters), Status: Available,
		Parameters: parameters, Reported: reported, CreatedBy: t.Owner, Owner: t.Owner, Restored: true,
	}}
	e.rememberOrigin()
	if defaults := c.facts[t.Kind].Defaults; defaults != nil {
		r := cloud.Resource{Kind: t.Kind, Name: t.ExternalName, Account: t.Account, Parameters: e.Parameters, Observed: reported}
		e.Parameters = numbers(merged(defaults(r), e.Parameters))
	}
	c.entries[t.key()] = e
	c.restored++
	c.report(e)
}

func (c *Cloud) note(t Target, verb string, fields []string, err error) {
	c.last++
	call := api.Call{
		Seq: c.last, Time: c.now(), Verb: verb, Service: cloud.Service(t.Kind), Kind: cloud.Short(t.Kind), Region: t.Region,
		ExternalName: t.ExternalName, Owner: t.Owner, Fields: fields,
	}
	if err != nil {
		call.Error = err.Error()
	}
	if len(c.calls) == keepCalls {
		c.calls = slices.Delete(c.calls, 0, keepCalls/2)
	}
	c.calls = append(c.calls, call)
}

// nameOf is what a person calls a resource in the cloud.
func nameOf(t Target, parameters map[string]any) string {
	for _, field := range []string{"identifier", "roleName", "name"} {
		if name, ok := parameters[field].(string); ok && name != "" {
			return name
		}
	}
	return t.Owner.Name
}
