package recorder

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// clock is a time that only the test moves.
type clock struct{ time.Time }

func (c *clock) now() time.Time { return c.Time }

func newClock() *clock { return &clock{time.Date(2026, 1, 1, 0, 0, 0, 500e6, time.UTC)} }

var (
	instanceKind = schema.GroupKind{Group: "rds.aws.m.upbound.io", Kind: "Instance"}
	secretKind   = schema.GroupKind{Kind: "Secret"}
)

// instance is a data holder of composite orders; edits change it.
func instance(uid string, edits ...func(*object)) object {
	o := object{
		key: key{instanceKind, "team", "orders-1"}, uid: uid, composite: "orders", resource: "database-instance", primary: true,
		externalName: "orders-ext", generation: 1,
	}
	for _, edit := range edits {
		edit(&o)
	}
	return o
}

func named(name string) func(*object)    { return func(o *object) { o.name = name } }
func external(name string) func(*object) { return func(o *object) { o.externalName = name } }
func ours(o *object)                     { o.externalName, o.ours = "", true }
func plain(o *object)                    { o.primary, o.resource = false, "database-subnet-group" }
func unmarkedNow(o *object)              { o.primary = false }
func loose(o *object)                    { o.composite, o.resource = "", "" }
func generation(n int64) func(*object)   { return func(o *object) { o.generation = n } }
func deletedAt(t time.Time) func(*object) {
	return func(o *object) { o.deletion = t.Truncate(time.Second) }
}
func of(composite string) func(*object)     { return func(o *object) { o.composite = composite } }
func inNamespace(name string) func(*object) { return func(o *object) { o.namespace = name } }

// step is something that happens to a ledger.
type step func(l *ledger, c *clock)

func see(o object) step  { return func(l *ledger, _ *clock) { l.seen(o) } }
func gone(o object) step { return func(l *ledger, _ *clock) { l.gone(o) } }
func list(all ...object) step {
	return func(l *ledger, _ *clock) { l.listed(instanceKind, all) }
}
func tick(d time.Duration) step { return func(_ *ledger, c *clock) { c.Time = c.Add(d) } }
func allow(m Match) step        { return func(l *ledger, _ *clock) { l.allow(m, "test") } }

// allowed permits while some steps happen.
func allowed(m Match, steps ...step) step {
	return func(l *ledger, c *clock) {
		end := l.allow(m, "test")
		for _, s := range steps {
			s(l, c)
		}
		end()
	}
}

// remove deletes an object as a provider with a finalizer does: marked now, gone a while later.
func remove(o object) step {
	return func(l *ledger, c *clock) {
		o.deletion = c.Truncate(time.Second)
		l.seen(o)
		c.Time = c.Add(3 * time.Second)
		l.gone(o)
	}
}

func TestFindings(t *testing.T) {
	t.Parallel()
	orders, begin := Match{"team", "orders"}, newClock().Time
	which := "Instance.rds.aws.m.upbound.io team/orders-1, which is database-instance of composite orders,"
	isDeleting := which + " holds data and is being deleted, and nothing had permitted that (uid 1, external name orders-ext)"
	wasDeleted := which + " held data and was deleted, and nothing had permitted that (uid 1, external name orders-ext)"
	replaced := which + " held data and has been replaced by Instance.rds.aws.m.upbound.io orders-1, which is empty " +
		"(before: uid 1, external name orders-ext; now: uid 2, external name orders-ext)"
	replacedByOther := which + " held data and has been replaced by Instance.rds.aws.m.upbound.io orders-2, which is empty " +
		"(before: uid 1, external name orders-ext; now: uid 2, external name orders-ext)"
	cases := map[string]struct {
		steps []step
		want  []string
	}{
		"it lives":                          {[]step{see(instance("1")), see(instance("1", generation(2)))}, nil},
		"its deletion begins":               {[]step{see(instance("1")), see(instance("1", deletedAt(begin)))}, []string{isDeleting}},
		"its deletion begins, seen twice":   {[]step{see(instance("1")), see(instance("1", deletedAt(begin))), see(instance("1", deletedAt(begin)))}, []string{isDeleting}},
		"it is deleted":                     {[]step{see(instance("1")), remove(instance("1"))}, []string{wasDeleted}},
		"it is deleted at once":             {[]step{see(instance("1")), gone(instance("1"))}, []string{wasDeleted}},
		"it is deleted from the start":      {[]step{see(instance("1", deletedAt(begin)))}, []string{isDeleting}},
		"it goes in a gap":                  {[]step{list(instance("1")), list()}, []string{wasDeleted}},
		"it is recreated":                   {[]step{see(instance("1")), remove(instance("1")), see(instance("2"))}, []string{wasDeleted, replaced}},
		"it is recreated in a gap":          {[]step{list(instance("1")), list(instance("2"))}, []string{wasDeleted, replaced}},
		"it is recreated, and that lives":   {[]step{list(instance("1")), list(instance("2")), see(instance("2", generation(2)))}, []string{wasDeleted, replaced}},
		"it is recreated by another name":   {[]step{see(instance("1")), remove(instance("1")), see(instance("2", named("orders-2")))}, []string{wasDeleted, replacedByOther}},
		"another takes its place":           {[]step{see(instance("1")), see(instance("2", named("orders-2")))}, []string{replacedByOther}},
		"a gap gives its place to another":  {[]step{list(instance("1")), list(instance("2", named("orders-2")))}, []string{wasDeleted, replacedByOther}},
		"it is recreated without its mark":  {[]step{see(instance("1")), remove(instance("1")), see(instance("2", unmarkedNow))}, []string{wasDeleted, replaced}},
		"the last event of an earlier life": {[]step{see(instance("1")), gone(instance("0"))}, nil},
		"it gets its external name":         {[]step{see(instance("1", external(""))), see(instance("1"))}, nil},
		"it changes its external name": {[]step{see(instance("1")), see(instance("1", external("other")))}, []string{
			which + " holds data and changed its external name from orders-ext to other: it stands for something else now (uid 1)",
		}},
		"it is called by our name for it, and by its own again": {[]step{see(instance("1", ours)), see(instance("1")), see(instance("1", ours)), see(instance("1"))}, nil},
		"it is called by our name for it, and is another one then": {[]step{see(instance("1")), see(instance("1", ours)), see(instance("1", external("other")))}, []string{
			which + " holds data and changed its external name from orders-ext to other: it stands for something else now (uid 1)",
		}},
		"it loses its external name": {[]step{see(instance("1")), see(instance("1", external("")))}, []string{
			which + " holds data and lost its external name orders-ext: nothing tells what it stands for (uid 1)",
		}},
		"it loses its mark": {[]step{see(instance("1")), see(instance("1", unmarkedNow)), see(instance("1", unmarkedNow))}, []string{
			which + " holds data and lost the annotation that says so: guardrails no longer watch over it (uid 1, external name orders-ext)",
		}},
		"it loses its mark and goes": {[]step{see(instance("1")), see(instance("1", unmarkedNow)), remove(instance("1", unmarkedNow))}, []string{
			which + " holds data and lost the annotation that says so: guardrails no longer watch over it (uid 1, external name orders-ext)", wasDeleted,
		}},
		"it loses its composite and goes": {[]step{see(instance("1")), remove(instance("1", loose))}, []string{wasDeleted}},
		"it gets its mark and goes":       {[]step{see(instance("1", unmarkedNow)), see(instance("1")), remove(instance("1"))}, []string{wasDeleted}},
		"it belongs to nobody and goes": {[]step{see(instance("1", loose)), remove(instance("1", loose))}, []string{
			"Instance.rds.aws.m.upbound.io team/orders-1 held data and was deleted, and nothing had permitted that (uid 1, external name orders-ext)",
		}},
		"it belongs to nobody and is recreated": {[]step{see(instance("1", loose)), remove(instance("1", loose)), see(instance("2", loose))}, []string{
			"Instance.rds.aws.m.upbound.io team/orders-1 held data and was deleted, and nothing had permitted that (uid 1, external name orders-ext)",
			"Instance.rds.aws.m.upbound.io team/orders-1 held data and has been replaced by Instance.rds.aws.m.upbound.io orders-1, which is empty " +
				"(before: uid 1, external name orders-ext; now: uid 2, external name orders-ext)",
		}},
		"it is recreated without its mark, and that goes": {[]step{list(instance("1")), list(instance("2", unmarkedNow)), list()}, []string{
			wasDeleted, replaced, which + " held data and was deleted, and nothing had permitted that (uid 2, external name orders-ext)",
		}},
		"what holds no data may go":             {[]step{see(instance("1", plain)), remove(instance("1", plain)), see(instance("2", plain))}, nil},
		"what holds no data may be renamed":     {[]step{see(instance("1", plain)), see(instance("1", plain, external("other")))}, nil},
		"permitted":                             {[]step{see(instance("1")), allow(orders), remove(instance("1"))}, nil},
		"permitted at once":                     {[]step{see(instance("1")), allow(orders), gone(instance("1"))}, nil},
		"permitted in a gap":                    {[]step{list(instance("1")), allow(orders), list()}, nil},
		"permitted for the namespace":           {[]step{see(instance("1")), allow(Match{Namespace: "team"}), remove(instance("1"))}, nil},
		"permitted, and created anew":           {[]step{see(instance("1")), allowed(orders, remove(instance("1"))), see(instance("2"))}, nil},
		"permitted, and created anew meanwhile": {[]step{see(instance("1")), allow(orders), see(instance("1", deletedAt(begin))), see(instance("2", named("orders-2")))}, nil},
		"permitted without its composite label": {[]step{see(instance("1")), allow(orders), remove(instance("1", loose))}, nil},
		"permitted for another composite":       {[]step{see(instance("1")), allow(Match{"team", "invoices"}), remove(instance("1"))}, []string{wasDeleted}},
		"permitted for another namespace":       {[]step{see(instance("1")), allow(Match{"team-b", "orders"}), remove(instance("1"))}, []string{wasDeleted}},
		"permitted for nobody":                  {[]step{see(instance("1", inNamespace(""), of(""))), allow(Match{}), gone(instance("1", inNamespace(""), of("")))}, []string{"Instance.rds.aws.m.upbound.io orders-1 held data and was deleted, and nothing had permitted that (uid 1, external name orders-ext)"}},
		"permitted too late":                    {[]step{see(instance("1")), see(instance("1", deletedAt(begin))), allow(orders), gone(instance("1"))}, []string{wasDeleted}},
		"permitted before it is seen, too late": {[]step{see(instance("1")), tick(2 * time.Second), allow(orders), see(instance("1", deletedAt(begin)))}, []string{isDeleting}},
		"permitted for a while that is over":    {[]step{see(instance("1")), allowed(orders), tick(time.Minute), remove(instance("1"))}, []string{wasDeleted}},
		"over, but it had begun":                {[]step{see(instance("1")), allowed(orders, see(instance("1", deletedAt(begin)))), tick(time.Minute), gone(instance("1", deletedAt(begin)))}, nil},
		"over, but it had begun unseen":         {[]step{see(instance("1")), allowed(orders, tick(3*time.Second)), tick(time.Minute), see(instance("1", deletedAt(begin.Add(time.Second))))}, nil},
		"over, and gone at once just before":    {[]step{see(instance("1")), allowed(orders), tick(time.Second), gone(instance("1"))}, nil},
		"over, and gone at once much later":     {[]step{see(instance("1")), allowed(orders), tick(time.Minute), gone(instance("1"))}, []string{wasDeleted}},
		"a permission does not cover the next one": {[]step{
			see(instance("1")), allowed(orders, remove(instance("1"))), tick(time.Minute), see(instance("2")), remove(instance("2")),
		}, []string{which + " held data and was deleted, and nothing had permitted that (uid 2, external name orders-ext)"}},
		"a permission to delete is none to rename": {[]step{see(instance("1")), allow(orders), see(instance("1", external("other")))}, []string{
			which + " holds data and changed its external name from orders-ext to other: it stands for something else now (uid 1)",
		}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			c := newClock()
			l := newLedger(c.now)
			for _, s := range tc.steps {
				s(l, c)
			}
			var got []string
			for _, f := range l.findings() {
				got = append(got, f.Sentence)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// A finding says everything in fields too, for those who count.
func TestFinding(t *testing.T) {
	t.Parallel()
	c := newClock()
	l := newLedger(c.now)
	l.seen(instance("1"))
	remove(instance("1"))(l, c)
	want := []Finding{{
		Type: Deleted, Kind: instanceKind, Namespace: "team", Name: "orders-1", UID: "1", Composite: "orders", Resource: "database-instance",
		At: c.Time,
	}}
	got := l.findings()
	if len(got) == 1 {
		got[0].Sentence = ""
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestSummary(t *testing.T) {
	t.Parallel()
	c := newClock()
	l := newLedger(c.now)
	for _, s := range []step{
		see(instance("1")), see(instance("1", generation(2))), see(instance("p", plain, named("group"))), remove(instance("1")), see(instance("2")),
		allowed(Match{"team", "orders"}, remove(instance("2"))),
		see(instance("3", named("other"), of("invoices"))),
	} {
		s(l, c)
	}
	l.count(9, 2)
	want := Summary{Objects: 2, DataHolders: 3, Events: 9, Gaps: 2, Allowed: 1, Unasked: 1}
	if diff := cmp.Diff(want, l.summary()); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	line := "0 kinds, 2 objects, 3 data holders, 9 events, 2 gaps closed by a list; deletions of data holders: 1 allowed, 1 unasked"
	if got := want.String(); got != line {
		t.Errorf("summary is %q, want %q", got, line)
	}
}

func TestChanges(t *testing.T) {
	t.Parallel()
	secret := func(digest byte) object {
		o := object{key: key{secretKind, "team", "orders-connection"}, uid: "s", composite: "orders", resource: "connection-secret"}
		o.digest[0] = digest
		return o
	}
	group := instance("g", plain, named("group"))
	change := func(what ChangeType, o object) Change {
		return Change{what, o.namespace, o.composite, o.resource, o.kind, o.name}
	}
	cases := map[string]struct {
		steps []step
		of    []Match
		want  []Change
	}{
		"nothing":                        {nil, nil, nil},
		"a status or a label":            {[]step{see(instance("1")), see(group)}, nil, nil},
		"a spec, twice":                  {[]step{see(instance("1", generation(2))), see(instance("1", generation(3)))}, nil, []Change{change(ResourceChanged, instance("1"))}},
		"a spec, and its last event":     {[]step{see(instance("1", generation(2))), see(instance("1", generation(2)))}, nil, []Change{change(ResourceChanged, instance("1"))}},
		"the data of a Secret":           {[]step{see(secret(2))}, nil, []Change{change(ResourceChanged, secret(2))}},
		"a new one":                      {[]step{see(instance("n", named("new")))}, nil, []Change{change(ResourceCreated, instance("n", named("new")))}},
		"a deletion that has begun":      {[]step{see(instance("g", plain, named("group"), deletedAt(newClock().Time)))}, nil, []Change{change(ResourceDeleted, group)}},
		"a deletion":                     {[]step{remove(group)}, nil, []Change{change(ResourceDeleted, group)}},
		"one that was recreated":         {[]step{remove(group), see(instance("h", plain, named("group")))}, nil, []Change{change(ResourceCreated, group), change(ResourceDeleted, group)}},
		"one that is recreated in a gap": {[]step{list(instance("1"), instance("h", plain, named("group")))}, nil, []Change{change(ResourceCreated, group), change(ResourceDeleted, group)}},
		"what is not composed":           {[]step{see(instance("l", loose, named("loose"))), see(instance("l", loose, named("loose"), generation(2)))}, nil, nil},
		"sorted by composite and name": {[]step{
			see(instance("z", of("z"), named("z"))), see(instance("1", generation(2))), remove(group), see(instance("a", of("a"), named("a"))),
		}, nil, []Change{
			change(ResourceCreated, instance("a", of("a"), named("a"))), change(ResourceChanged, instance("1")), change(ResourceDeleted, group),
			change(ResourceCreated, instance("z", of("z"), named("z"))),
		}},
		"of one composite": {[]step{see(instance("z", of("z"), named("z"))), see(instance("1", generation(2)))}, []Match{{"team", "z"}},
			[]Change{change(ResourceCreated, instance("z", of("z"), named("z")))}},
		"of another namespace": {[]step{see(instance("1", generation(2)))}, []Match{{"team-b", "orders"}}, nil},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			c := newClock()
			l := newLedger(c.now)
			for _, s := range []step{see(instance("1")), see(group), see(secret(1))} {
				s(l, c)
			}
			l.begin()
			l.seen(instance("b", plain, named("before")))
			l.gone(instance("b", plain, named("before")))
			mark := l.mark()
			for _, s := range tc.steps {
				s(l, c)
			}
			if diff := cmp.Diff(tc.want, l.changes(mark, tc.of)); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
			before := instance("b", plain, named("before"))
			want := []Change{change(ResourceCreated, before), change(ResourceDeleted, before)}
			all := l.changes(0, []Match{{Namespace: "team"}})
			if n := slices.Index(all, want[0]); n < 0 || !slices.Equal(want, all[n:n+2]) {
				t.Errorf("changes from the start are %v, without %v", all, want)
			}
		})
	}
}
