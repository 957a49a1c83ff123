package recorder

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// record is an object that was seen.
type record struct {
	object
	// holder says that it holds data. It stays when the annotation goes.
	holder bool
	// deleting says that its deletion has begun or is over, permit whether that was permitted.
	deleting, permit bool
}

// allowance is a permission to delete. It has ended when until is set.
type allowance struct {
	match        Match
	reason       string
	since, until time.Time
}

// ledger judges what happens to objects. It knows nothing of how events arrive.
type ledger struct {
	now func() time.Time

	mu sync.Mutex
	// begun says that what exists from the start has been seen.
	begun bool
	known map[key]*record
	// holders are the data holders that have a place, by where they are found and by their place in a composite: the live
	// ones, and those that went unasked.
	holdersByKey  map[key]*record
	holdersBySlot map[slot]*record
	allowances    []*allowance
	found         []Finding
	journal       []Change
	blind         map[string]Finding
	counts        Summary
}

func newLedger(now func() time.Time) *ledger {
	return &ledger{
		now: now, known: map[key]*record{}, holdersByKey: map[key]*record{}, holdersBySlot: map[slot]*record{}, blind: map[string]Finding{},
	}
}

// begin says that what exists from the start has been seen: what comes now is created.
func (l *ledger) begin() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.begun = true
}

func (l *ledger) allow(match Match, reason string) func() {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := &allowance{match: match, reason: reason, since: l.now()}
	l.allowances = append(l.allowances, a)
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if a.until.IsZero() {
			a.until = l.now()
		}
	}
}

// late is how long after its end a permission still covers what tells no time of its deletion: that is seen a moment later.
const late = 5 * time.Second

// covers says whether the deletion of an object was permitted when it began, or now where the object does not tell.
func (a *allowance) covers(o object, now time.Time) bool {
	at, until := o.deletion, a.until
	if at.IsZero() {
		at, until = now, until.Add(late)
	}
	// Deletion timestamps are whole seconds.
	begun, ended := !at.Before(a.since.Truncate(time.Second)), !a.until.IsZero() && at.After(until)
	return a.match.covers(o.namespace, o.composite) && begun && !ended
}

// permitted says whether some permission covers a deletion.
func (l *ledger) permitted(o object) bool {
	now := l.now()
	return slices.ContainsFunc(l.allowances, func(a *allowance) bool { return a.covers(o, now) })
}

// seen takes in an object that exists.
func (l *ledger) seen(o object) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.observe(o)
}

// gone takes in the last of an object.
func (l *ledger) gone(o object) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r := l.known[o.key]; r != nil && r.uid == o.uid {
		l.remove(r, o)
	}
}

// listed takes in everything that exists of a kind: what is known and not listed has gone while nobody watched.
func (l *ledger) listed(kind schema.GroupKind, objects []object) {
	l.mu.Lock()
	defer l.mu.Unlock()
	exists := make(map[key]bool, len(objects))
	for _, o := range objects {
		exists[o.key] = true
	}
	for _, r := range l.ofKind(kind) {
		if !exists[r.key] {
			l.remove(r, r.object)
		}
	}
	for _, o := range objects {
		l.observe(o)
	}
}

// ofKind returns the known objects of a kind, in a stable order.
func (l *ledger) ofKind(kind schema.GroupKind) []*record {
	var all []*record
	for k, r := range l.known {
		if k.kind == kind {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b *record) int {
		return cmp.Or(cmp.Compare(a.namespace, b.namespace), cmp.Compare(a.name, b.name))
	})
	return all
}

func (l *ledger) observe(o object) {
	r := l.known[o.key]
	if r != nil && r.uid != o.uid {
		l.remove(r, r.object) // its end was not seen
		r = nil
	}
	switch {
	case r != nil:
		l.update(r, o)
	case o.primary || o.composed() || l.holdersByKey[o.key] != nil:
		l.add(o)
	}
}

// add takes in an object that was not there before.
func (l *ledger) add(o object) {
	r := &record{object: o}
	l.known[o.key] = r
	if l.begun {
		l.note(ResourceCreated, r)
	}
	before := l.predecessor(r)
	if before != nil && !before.permit {
		r.holder = true // the mark may have got lost on the way
		l.find(Recreated, before, recreated(before, r))
	}
	r.holder = r.holder || o.primary
	if r.holder {
		l.hold(r)
	}
	if !o.deletion.IsZero() {
		l.deletion(r, o)
	}
}

// predecessor is the data holder whose place an object takes.
func (l *ledger) predecessor(r *record) *record {
	if before := l.holdersByKey[r.key]; before != nil && before.uid != r.uid {
		return before
	}
	if before := l.holdersBySlot[r.slot()]; r.composed() && before != nil && before.uid != r.uid {
		return before
	}
	return nil
}

// hold gives a data holder its place.
func (l *ledger) hold(r *record) {
	l.counts.DataHolders++
	l.holdersByKey[r.key] = r
	if r.composed() {
		l.holdersBySlot[r.slot()] = r
	}
}

// update takes in what changed on an object.
func (l *ledger) update(r *record, o object) {
	before := r.object
	r.object = o
	if o.composite == "" { // a label may get lost; whose it was does not
		r.composite = before.composite
	}
	if o.resource == "" {
		r.resource = before.resource
	}
	if o.ours { // it still stands for what it stood for
		r.externalName = before.externalName
	}
	if before.generation < o.generation || before.digest != o.digest {
		l.note(ResourceChanged, r)
	}
	switch {
	case !r.holder && o.primary:
		r.holder = true
		l.hold(r)
	case r.holder && before.primary && !o.primary:
		l.find(Unmarked, r, unmarked(r))
	}
	if r.holder && before.externalName != "" && before.externalName != r.externalName {
		l.find(Renamed, r, renamed(r, before.externalName))
	}
	if !o.deletion.IsZero() {
		l.deletion(r, o)
	}
}

// deletion takes in that the deletion of an object has begun. It is judged once.
func (l *ledger) deletion(r *record, o object) {
	if r.deleting {
		return
	}
	r.deleting = true
	l.note(ResourceDeleted, r)
	if !r.holder {
		return
	}
	o.composite, o.resource = r.composite, r.resource
	r.permit = l.permitted(o)
	if r.permit {
		l.counts.Allowed++
		return
	}
	l.counts.Unasked++
	l.find(Deleting, r, deleting(r))
}

// remove takes in that an object is gone.
func (l *ledger) remove(r *record, last object) {
	l.deletion(r, last)
	delete(l.known, r.key)
	switch {
	case !r.holder:
	case r.permit:
		l.release(r)
	default:
		l.replace(Deleting, Deleted, r, deleted(r))
	}
}

// release frees the place of a data holder that went as asked.
func (l *ledger) release(r *record) {
	if l.holdersByKey[r.key] == r {
		delete(l.holdersByKey, r.key)
	}
	if l.holdersBySlot[r.slot()] == r {
		delete(l.holdersBySlot, r.slot())
	}
}
