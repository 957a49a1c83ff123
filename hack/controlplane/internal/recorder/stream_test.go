package recorder

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
)

// eventually waits until a recorder sees what it should, without asking for a list.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it does not happen: %s", what)
		}
	}
}

func typesOf(all []Finding) []FindingType {
	var out []FindingType
	for _, f := range all {
		out = append(out, f.Type)
	}
	return out
}

// started is a recorder that knows one data holder.
func started(t *testing.T) (*fakeServer, *Recorder) {
	t.Helper()
	f := newFakeServer()
	f.happen(definitions(), watch.Added, crd(true))
	f.happen(instances(), watch.Added, live("1"))
	r := startOn(t, f)
	if diff := cmp.Diff(Summary{Kinds: 2, Objects: 1, DataHolders: 1}, r.Summary()); diff != "" {
		t.Fatalf("summary at the start (-want +got):\n%s", diff)
	}
	if got := r.Changes(0); len(got) > 0 {
		t.Fatalf("what was there at the start counts as changed: %v", got)
	}
	eventually(t, "it watches", func() bool {
		n := 0
		f.do(func() {
			for w := range f.watches {
				if !w.IsStopped() {
					n++
				}
			}
		})
		return n == 3
	})
	return f, r
}

// The stream brings what happens by itself: nobody asks for a list.
func TestWatch(t *testing.T) {
	t.Parallel()
	f, r := started(t)
	lists := f.lists["instances"]
	f.happen(instances(), watch.Deleted, live("1"))
	f.happen(instances(), watch.Added, live("2"))
	eventually(t, "the finding", func() bool { return len(r.Findings()) == 2 })
	if diff := cmp.Diff([]FindingType{Deleted, Recreated}, typesOf(r.Findings())); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	if s := r.Summary(); f.lists["instances"] != lists || s.Events != 2 || s.Gaps != 0 {
		t.Errorf("%d lists before, %d after; %s", lists, f.lists["instances"], s)
	}
}

// A watch that ends is resumed where it ended: what happened meanwhile comes as events, and there is no gap.
func TestWatchResumes(t *testing.T) {
	t.Parallel()
	for reason, away := range map[string]bool{"the API server ends the watch": false, "the API server restarts": true} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			f, r := started(t)
			f.happen(instances(), watch.Modified, live("1"))
			eventually(t, "the first event", func() bool { return r.Summary().Events == 1 })
			f.do(func() { f.away = away })
			f.cut()
			f.happen(instances(), watch.Modified, live("1"))
			if away {
				eventually(t, "it says that it is blind", func() bool { return len(r.Findings()) == 3 })
				want := "Instance.rds.aws.m.upbound.io cannot be watched, and nobody knows what happens to it: connect: connection refused"
				if got := r.Findings()[1].Sentence; got != want {
					t.Errorf("finding %q, want %q", got, want)
				}
			}
			f.happen(instances(), watch.Deleted, live("1"))
			f.happen(instances(), watch.Added, live("2"))
			f.do(func() { f.away = false })
			eventually(t, "the findings", func() bool { return cmp.Equal([]FindingType{Deleted, Recreated}, typesOf(r.Findings())) })
			if s := r.Summary(); s.Gaps != 0 || s.Events != 4 {
				t.Errorf("%s, want 4 events and no gap", s)
			}
		})
	}
}

// A gap is noticed, counted and closed by a list that is compared by UID.
func TestGap(t *testing.T) {
	t.Parallel()
	for reason, tc := range map[string]struct {
		refusal error
		end     func(*fakeServer)
		// atOnce says that the first refusal is a gap.
		atOnce bool
	}{
		"410 Gone as an event":           {apierrors.NewResourceExpired("old"), (*fakeServer).expire, true},
		"410 Gone on resuming":           {apierrors.NewResourceExpired("old"), (*fakeServer).cut, true},
		"410 Gone, other words":          {&apierrors.StatusError{ErrStatus: metav1.Status{Reason: metav1.StatusReasonGone}}, (*fakeServer).cut, true},
		"the version is of another life": {apierrors.NewTimeoutError("too large resource version", 0), (*fakeServer).cut, false},
	} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			f, r := started(t)
			f.do(func() { f.refusal = tc.refusal })
			tc.end(f)
			f.happen(instances(), watch.Deleted, live("1"))
			f.happen(instances(), watch.Added, live("2"))
			eventually(t, "the findings", func() bool {
				got := typesOf(r.Findings())
				return cmp.Equal([]FindingType{Deleted, Recreated}, got[:min(2, len(got))])
			})
			f.do(func() { f.refusal = nil })
			if err := r.Sync(t.Context()); err != nil {
				t.Fatal(err)
			}
			s := r.Summary()
			if s.Gaps == 0 || s.Events != 0 {
				t.Errorf("%s, want gaps and no events", s)
			}
			if atOnce := s.Gaps >= f.refusals; atOnce != tc.atOnce {
				t.Errorf("%d refusals, %d gaps: at once is %v", f.refusals, s.Gaps, atOnce)
			}
			if got := typesOf(r.Findings()); len(got) != 2 {
				t.Errorf("findings are %v", got)
			}
		})
	}
}

// Sync waits for what has happened, also where the API server comes back only later.
func TestSync(t *testing.T) {
	t.Parallel()
	f, r := started(t)
	f.do(func() { f.away = true })
	f.cut()
	f.happen(instances(), watch.Deleted, live("1"))
	short, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := r.Sync(short); err == nil || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("with the API server away, Sync says %v", err)
	}
	back := time.AfterFunc(300*time.Millisecond, func() { f.do(func() { f.away = false }) })
	defer back.Stop()
	if err := r.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]FindingType{Deleted}, typesOf(r.Findings())); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	r.Stop()
	if err := r.Sync(t.Context()); err == nil || !strings.Contains(err.Error(), "has been stopped") {
		t.Errorf("a recorder that was stopped says %v", err)
	}
}

// A kind is followed from the moment it is served until it is gone, and its objects go with it.
func TestKindsComeAndGo(t *testing.T) {
	t.Parallel()
	for reason, drop := range map[string]func(*fakeServer){
		"deleted": func(f *fakeServer) { f.happen(definitions(), watch.Deleted, crd(true)) },
		"deleted in a gap": func(f *fakeServer) {
			f.do(func() { f.away = true })
			f.cut()
			f.happen(definitions(), watch.Deleted, crd(true))
			f.do(func() { f.away, f.compacted = false, f.version })
		},
	} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			f := newFakeServer()
			f.happen(definitions(), watch.Added, crd(false))
			r := startOn(t, f)
			f.happen(instances(), watch.Added, live("1"))
			if err := r.Sync(t.Context()); err != nil {
				t.Fatal(err)
			}
			if s := r.Summary(); s.Kinds != 1 || s.Objects != 0 {
				t.Errorf("%s: a kind that is not served is watched", s)
			}
			f.happen(definitions(), watch.Modified, crd(true))
			eventually(t, "the object is known", func() bool { return r.Summary().DataHolders == 1 })
			want := []Change{{ResourceCreated, "team", "orders", "database-instance", instanceKind, "orders-1"}}
			if diff := cmp.Diff(want, r.Changes(0)); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
			f.do(func() { delete(f.objects, instances()) })
			drop(f)
			eventually(t, "the object is gone", func() bool { return cmp.Equal([]FindingType{Deleted}, typesOf(r.Findings())) })
			eventually(t, "the kind is gone", func() bool { s := r.Summary(); return s.Kinds == 1 && s.Objects == 0 })
			f.happen(definitions(), watch.Added, crd(true))
			f.happen(instances(), watch.Added, live("2"))
			eventually(t, "the kind is followed again", func() bool { return cmp.Equal([]FindingType{Deleted, Recreated}, typesOf(r.Findings())) })
		})
	}
}

func TestStartFails(t *testing.T) {
	t.Parallel()
	f := newFakeServer()
	f.away = true
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := start(ctx, f.open, newClock().now); err == nil || !strings.HasPrefix(err.Error(), "cannot record: ") || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("without an API server, Start says %v", err)
	}
}
