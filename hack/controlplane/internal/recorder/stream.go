package recorder

import (
	"context"
	"errors"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/watch"
)

const (
	// pause between attempts while the API server is away, and after a watch that ended.
	pause = 200 * time.Millisecond
	// patience is how often an API server that answers may refuse to resume a watch before everything is listed.
	patience = 5
)

// source is one resource of an API server.
type source interface {
	list(ctx context.Context) (items []unstructured.Unstructured, version string, err error)
	watch(ctx context.Context, version string) (watch.Interface, error)
}

// sink takes in what a stream brings.
type sink interface {
	// listed is everything that exists.
	listed(items []unstructured.Unstructured)
	// event is what happened to one object.
	event(what watch.EventType, u *unstructured.Unstructured)
}

// stream follows one resource. A watch that ends is resumed where it ended. Where that is not possible there is a gap, and
// everything is listed and compared.
type stream struct {
	name   string
	source source
	sink   sink
	ledger *ledger
	// asked are those who wait for a list that begins after they asked.
	asked chan chan struct{}
	// ended is closed when nothing is followed any more.
	ended chan struct{}
}

func newStream(name string, from source, to sink, l *ledger) *stream {
	return &stream{name: name, source: from, sink: to, ledger: l, asked: make(chan chan struct{}), ended: make(chan struct{})}
}

// sync returns when everything that happened before the call was taken in. A stream that has ended has nothing to take in.
func (s *stream) sync(ctx context.Context) error {
	done := make(chan struct{})
	select {
	case s.asked <- done:
	case <-s.ended:
		return s.late(ctx)
	case <-ctx.Done():
		return s.late(ctx)
	}
	select {
	case <-done:
		return nil
	case <-s.ended:
	case <-ctx.Done():
	}
	return s.late(ctx)
}

// late says why a list takes too long. It is nil where there is time: the kind itself is gone then.
func (s *stream) late(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	if why := s.ledger.blindness(s.name); why != "" {
		return fmt.Errorf("%s (%w)", why, context.Cause(ctx))
	}
	return fmt.Errorf("%s cannot be listed in time: %w", s.name, context.Cause(ctx))
}

func (s *stream) run(ctx context.Context) {
	defer close(s.ended)
	var waiting []chan struct{}
	for {
		version, also, ok := s.relist(ctx)
		if !ok {
			return
		}
		for _, done := range append(waiting, also...) {
			close(done)
		}
		waiting = nil
		done, gap := s.follow(ctx, version)
		if done != nil {
			waiting = append(waiting, done)
		}
		if gap {
			s.ledger.count(0, 1)
		}
	}
}

// relist lists until it works, and returns those who asked for it meanwhile. It fails when the context ends.
func (s *stream) relist(ctx context.Context) (version string, waiting []chan struct{}, ok bool) {
	for ctx.Err() == nil {
		items, version, err := s.source.list(ctx)
		if err == nil {
			s.ledger.see(s.name, nil)
			s.sink.listed(items)
			return version, waiting, true
		}
		if ctx.Err() != nil {
			break
		}
		s.ledger.see(s.name, err)
		if done := s.wait(ctx); done != nil {
			waiting = append(waiting, done)
		}
	}
	return "", nil, false
}

// follow watches from a version on, until somebody asks for a list or there is a gap.
func (s *stream) follow(ctx context.Context, version string) (done chan struct{}, gap bool) {
	refused := 0
	for ctx.Err() == nil {
		w, err := s.source.watch(ctx, version)
		if err == nil {
			s.ledger.see(s.name, nil)
			before := version
			done, version, err = s.drain(ctx, w, version)
			w.Stop()
			if version != before {
				refused = 0
			}
		}
		if done != nil {
			return done, false
		}
		if err != nil && ctx.Err() == nil {
			if status := apierrors.APIStatus(nil); errors.As(err, &status) {
				refused++
			}
			if apierrors.IsResourceExpired(err) || apierrors.IsGone(err) || refused >= patience {
				return nil, true
			}
			s.ledger.see(s.name, err)
		}
		if done := s.wait(ctx); done != nil {
			return done, false
		}
	}
	return nil, false
}

// drain takes in a watch until it ends, and returns the version that it came to.
func (s *stream) drain(ctx context.Context, w watch.Interface, from string) (done chan struct{}, version string, err error) {
	version = from
	for {
		select {
		case done := <-s.asked:
			return done, version, nil
		case <-ctx.Done():
			return nil, version, nil
		case e, open := <-w.ResultChan():
			if !open {
				return nil, version, nil
			}
			if e.Type == watch.Error {
				return nil, version, apierrors.FromObject(e.Object)
			}
			u, ok := e.Object.(*unstructured.Unstructured)
			if !ok {
				return nil, version, fmt.Errorf("the watch of %s brings %T", s.name, e.Object)
			}
			if e.Type != watch.Bookmark {
				s.ledger.count(1, 0)
				s.sink.event(e.Type, u)
			}
			version = u.GetResourceVersion()
		}
	}
}

// wait waits a moment, or until somebody asks for a list.
func (s *stream) wait(ctx context.Context) (done chan struct{}) {
	select {
	case done := <-s.asked:
		return done
	case <-ctx.Done():
	case <-time.After(pause):
	}
	return nil
}
