// Package recorder watches the API server's event stream and finds what must never happen: that an object which holds data is
// deleted or recreated unasked. It also knows which composed resources were created, changed or deleted since a mark, so that
// a scenario can say that exactly the intended ones were.
package recorder

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
)

// startTimeout is how long the first lists may take.
const startTimeout = 30 * time.Second

// Recorder records until its context ends or it is stopped. Its methods may be called from everywhere, at any time.
type Recorder struct {
	ledger *ledger
	open   func(schema.GroupVersionResource) source
	cancel context.CancelFunc
	// stopped is closed when the record ends.
	stopped <-chan struct{}

	// mu guards streams. No list, watch or call into the ledger happens under it.
	mu      sync.Mutex
	streams map[string]*stream
	running sync.WaitGroup
}

// Start begins to record, and returns once everything that exists now is known.
func Start(ctx context.Context, cfg *rest.Config) (*Recorder, error) {
	cfg = rest.CopyConfig(cfg)
	cfg.QPS = -1 // some dozens of lists at once
	cfg.Timeout = 0
	cfg.UserAgent = "goldenpath-recorder"
	client, err := dynamic.NewForConfig(cfg)
	if err != nil {
		return nil, fmt.Errorf("cannot record: %w", err)
	}
	return start(ctx, func(r schema.GroupVersionResource) source { return apiServer{client.Resource(r)} }, time.Now)
}

func start(ctx context.Context, open func(schema.GroupVersionResource) source, now func() time.Time) (*Recorder, error) {
	ctx, cancel := context.WithCancel(ctx)
	r := &Recorder{ledger: newLedger(now), open: open, cancel: cancel, stopped: ctx.Done(), streams: map[string]*stream{}}
	r.objects(ctx, schema.GroupKind{Kind: "Secret"}, secrets())
	r.launch(ctx, definitionStream, definitions(), &kinds{
		ledger: r.ledger, stops: map[schema.GroupKind]func(){},
		follow: func(kind schema.GroupKind, resource schema.GroupVersionResource) func() {
			return r.objects(ctx, kind, resource)
		},
	})
	first, done := context.WithTimeoutCause(ctx, startTimeout, fmt.Errorf("the API server has not answered for %s", startTimeout))
	defer done()
	if err := r.Sync(first); err != nil {
		r.Stop()
		return nil, fmt.Errorf("cannot record: %w", err)
	}
	r.ledger.begin()
	return r, nil
}

// Stop ends the record. What was recorded can still be asked for.
func (r *Recorder) Stop() {
	r.cancel()
	r.running.Wait()
}

// objects follows the objects of a kind. What it returns ends that, and waits for the end.
func (r *Recorder) objects(ctx context.Context, kind schema.GroupKind, resource schema.GroupVersionResource) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	r.ledger.watched(1)
	s := r.launch(ctx, kind.String(), resource, objectSink{ledger: r.ledger, kind: kind})
	return func() {
		cancel()
		<-s.ended
		r.ledger.watched(-1)
	}
}

// launch follows one resource until the context ends.
func (r *Recorder) launch(ctx context.Context, name string, resource schema.GroupVersionResource, to sink) *stream {
	s := newStream(name, r.open(resource), to, r.ledger)
	r.mu.Lock()
	r.streams[name] = s
	r.mu.Unlock()
	r.running.Go(func() { s.run(ctx) })
	return s
}

// Sync returns when everything that happened before the call is recorded. It is called before Findings, Changes and Summary
// where they have to be up to date.
func (r *Recorder) Sync(ctx context.Context) error {
	// The definitions first: what they bring has to be listed as well.
	if err := r.sync(ctx, func(name string) bool { return name == definitionStream }); err != nil {
		return err
	}
	if err := r.sync(ctx, func(name string) bool { return name != definitionStream }); err != nil {
		return err
	}
	select {
	case <-r.stopped:
		err := errors.New("the recorder has been stopped, and nothing that happened since is recorded")
		if why := r.ledger.blindness(definitionStream); why != "" {
			return fmt.Errorf("%s; %w", why, err)
		}
		return err
	default:
		return nil
	}
}

func (r *Recorder) sync(ctx context.Context, which func(name string) bool) error {
	r.mu.Lock()
	streams := maps.Clone(r.streams)
	r.mu.Unlock()
	var failed []error
	var mu sync.Mutex
	var group sync.WaitGroup
	for _, name := range slices.Sorted(maps.Keys(streams)) {
		if !which(name) {
			continue
		}
		group.Go(func() {
			if err := streams[name].sync(ctx); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed = append(failed, err)
			}
		})
	}
	group.Wait()
	return errors.Join(failed...)
}

// Match says whose resources are meant.
type Match struct {
	// Namespace of the composite. Empty for composites in no namespace.
	Namespace string
	// Composite is its name. Empty for all composites of the namespace.
	Composite string
}

// covers says whether a resource of a composite is meant. An empty Match covers nothing: nobody permits everything by accident.
func (m Match) covers(namespace, composite string) bool {
	if m == (Match{}) {
		return false
	}
	return m.Namespace == namespace && (m.Composite == "" || m.Composite == composite)
}

// Allow permits that data holders are deleted from now on, and says why. The function that it returns ends the permission;
// what has begun to be deleted until then stays permitted. A deletion that begins before the call is not permitted, as far as
// the API server tells: deletion timestamps are whole seconds.
func (r *Recorder) Allow(match Match, reason string) (end func()) {
	return r.ledger.allow(match, reason)
}

// Findings is everything that happened to data holders unasked, in the order in which it was seen. A kind that cannot be
// watched right now is a finding too.
func (r *Recorder) Findings() []Finding { return r.ledger.findings() }

// Summary counts.
func (r *Recorder) Summary() Summary { return r.ledger.summary() }

// Mark is a moment in the record.
type Mark int

// Mark returns the present moment.
func (r *Recorder) Mark() Mark { return r.ledger.mark() }

// Changes are the composed resources that were created, changed or deleted since a mark, sorted: all, or those of the given
// composites.
func (r *Recorder) Changes(since Mark, of ...Match) []Change { return r.ledger.changes(since, of) }
