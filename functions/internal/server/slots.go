package server

import (
	"context"
	"slices"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const (
	// maxWaitingBytes is how much may wait for a slot, all calls together: a hundred composites of the largest kind with a tenth of the
	// memory limit of deploy/runtimeconfig.yaml to spare.
	maxWaitingBytes = 64 << 20
	// stuckAfter is how long no call may end while all slots are taken. A call takes milliseconds.
	stuckAfter = 3 * time.Minute
)

// slots bound how many calls are decoded at a time, over all functions of the process. Crossplane reconciles up to 100 XRs of a kind at
// once; a call only computes, so more of them at a time than the processors can take costs memory and latency and brings nothing. Those
// that wait are held undecoded, a tenth of the size, in the order of their arrival. One composite has half of the slots at most: when its
// calls do not end, and Crossplane gives each up and makes another one, the others are still served.
type slots struct {
	total, share int
	now          func() time.Time

	mu           sync.Mutex
	taken        int
	held         map[string]int // by composite
	waiting      []*waiter
	waitingBytes int
	// moved is when a slot was taken last. While all are taken, that is when the last call ended, too.
	moved time.Time
}

// waiter is a call that waits for a slot.
type waiter struct {
	composite string
	granted   chan struct{}
}

func newSlots(total int, now func() time.Time) *slots {
	return &slots{total: total, share: max(1, total/2), now: now, held: map[string]int{}, moved: now()}
}

// take waits for a slot for a call of so many bytes. Who has no error gives it back with release.
func (s *slots) take(ctx context.Context, composite string, size int) error {
	w := s.enter(composite, size)
	if w == nil {
		return status.Errorf(codes.ResourceExhausted, "more than %d bytes of calls wait for one of %d slots: try again later",
			maxWaitingBytes, s.total)
	}
	select {
	case <-w.granted:
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waitingBytes -= size
	if ctx.Err() == nil {
		return nil
	}
	if at := slices.Index(s.waiting, w); at >= 0 {
		s.waiting = slices.Delete(s.waiting, at, at+1)
	} else {
		s.free(composite) // It was granted in the same moment.
	}
	return status.FromContextError(ctx.Err()).Err()
}

// enter queues a call, and grants what can be granted. Nil when too much waits.
func (s *slots) enter(composite string, size int) *waiter {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waitingBytes > 0 && s.waitingBytes+size > maxWaitingBytes {
		return nil
	}
	w := &waiter{composite: composite, granted: make(chan struct{})}
	s.waitingBytes += size
	s.waiting = append(s.waiting, w)
	s.grant()
	return w
}

func (s *slots) release(composite string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.free(composite)
}

func (s *slots) free(composite string) {
	s.taken--
	if s.held[composite]--; s.held[composite] == 0 {
		delete(s.held, composite)
	}
	s.grant()
}

// grant gives free slots to the first that may have one. A call whose composite is not known has no share.
func (s *slots) grant() {
	s.waiting = slices.DeleteFunc(s.waiting, func(w *waiter) bool {
		if s.taken == s.total || w.composite != "" && s.held[w.composite] >= s.share {
			return false
		}
		s.taken++
		s.held[w.composite]++
		s.moved = s.now()
		close(w.granted)
		return true
	})
}

// stuck says that all slots have been taken for long, and no call has ended. Only a restart frees what computes without an end.
func (s *slots) stuck() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.taken == s.total && s.now().Sub(s.moved) > stuckAfter
}
