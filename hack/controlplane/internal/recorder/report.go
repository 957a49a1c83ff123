package recorder

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// note writes a change of a composed resource down.
func (l *ledger) note(what ChangeType, r *record) {
	if !r.composed() {
		return
	}
	l.journal = append(l.journal, Change{
		Type: what, Namespace: r.namespace, Composite: r.composite, Resource: r.resource, Kind: r.kind, Name: r.name,
	})
}

// find writes a finding down.
func (l *ledger) find(what FindingType, r *record, sentence string) {
	l.found = append(l.found, Finding{
		Type: what, Kind: r.kind, Namespace: r.namespace, Name: r.name, UID: r.uid, Composite: r.composite, Resource: r.resource,
		At: l.now(), Sentence: sentence,
	})
}

// replace a finding about an object by what became of it.
func (l *ledger) replace(old, what FindingType, r *record, sentence string) {
	l.found = slices.DeleteFunc(l.found, func(f Finding) bool { return f.Type == old && f.UID == r.uid })
	l.find(what, r, sentence)
}

// see says that a kind can be watched, or why not.
func (l *ledger) see(name string, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err == nil {
		delete(l.blind, name)
		return
	}
	if _, ok := l.blind[name]; !ok {
		l.blind[name] = Finding{
			Type: Blind, At: l.now(), Sentence: fmt.Sprintf("%s cannot be watched, and nobody knows what happens to it: %v", name, err),
		}
	}
}

// blindness says why a kind cannot be watched. Empty when it can.
func (l *ledger) blindness(name string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.blind[name].Sentence
}

// count events and gaps.
func (l *ledger) count(events, gaps int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts.Events += events
	l.counts.Gaps += gaps
}

// watched counts the kinds that are watched.
func (l *ledger) watched(more int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts.Kinds += more
}

func (l *ledger) findings() []Finding {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := slices.Clone(l.found)
	for _, name := range slices.Sorted(maps.Keys(l.blind)) {
		all = append(all, l.blind[name])
	}
	return all
}

func (l *ledger) summary() Summary {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.counts
	s.Objects = len(l.known)
	return s
}

func (l *ledger) mark() Mark {
	l.mu.Lock()
	defer l.mu.Unlock()
	return Mark(len(l.journal))
}

func (l *ledger) changes(since Mark, of []Match) []Change {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []Change
	for _, c := range l.journal[min(max(0, int(since)), len(l.journal)):] {
		meant := slices.ContainsFunc(of, func(m Match) bool { return m.covers(c.Namespace, c.Composite) })
		if len(of) == 0 || meant {
			all = append(all, c)
		}
	}
	slices.SortFunc(all, compareChanges)
	return slices.Compact(all)
}

func compareChanges(a, b Change) int {
	return cmp.Or(
		cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Composite, b.Composite), cmp.Compare(a.Resource, b.Resource),
		cmp.Compare(a.Kind.String(), b.Kind.String()), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Type, b.Type))
}

// who names a data holder in a sentence.
func who(r *record) string {
	name := r.name
	if r.namespace != "" {
		name = r.namespace + "/" + name
	}
	s := fmt.Sprintf("%s %s", r.kind, name)
	if r.composed() {
		s = fmt.Sprintf("%s, which is %s of composite %s,", s, r.resource, r.composite)
	}
	return s
}

func identity(r *record) string {
	if r.externalName == "" {
		return "uid " + r.uid
	}
	return fmt.Sprintf("uid %s, external name %s", r.uid, r.externalName)
}

func deleting(r *record) string {
	return fmt.Sprintf("%s holds data and is being deleted, and nothing had permitted that (%s)", who(r), identity(r))
}

func deleted(r *record) string {
	return fmt.Sprintf("%s held data and was deleted, and nothing had permitted that (%s)", who(r), identity(r))
}

func recreated(before, now *record) string {
	return fmt.Sprintf("%s held data and has been replaced by %s %s, which is empty (before: %s; now: %s)",
		who(before), now.kind, now.name, identity(before), identity(now))
}

func renamed(r *record, before string) string {
	if r.externalName == "" {
		return fmt.Sprintf("%s holds data and lost its external name %s: nothing tells what it stands for (uid %s)", who(r), before, r.uid)
	}
	return fmt.Sprintf("%s holds data and changed its external name from %s to %s: it stands for something else now (uid %s)",
		who(r), before, r.externalName, r.uid)
}

func unmarked(r *record) string {
	return fmt.Sprintf("%s holds data and lost the annotation that says so: guardrails no longer watch over it (%s)", who(r), identity(r))
}
