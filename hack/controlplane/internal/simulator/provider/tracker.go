package provider

import (
	"math/rand/v2"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/fault"
)

// tracker knows of the operations on one managed resource. Reconciles of one resource follow each other, so it needs no lock.
type tracker struct {
	// verb of the operation that runs. Empty when none does.
	verb    string
	started time.Time
	ends    time.Time
	// err of the last operation that ended.
	err error
	// externalName that the cloud has assigned, before the managed resource says it.
	externalName string
	// created is when the creation ended.
	created time.Time
	faults  fault.Set
}

// running says that an operation goes on.
func (t *tracker) running() bool { return t.verb != "" }

// done says that the running operation is at its end.
func (t *tracker) done(now time.Time) bool { return !t.faults.Has(fault.Stuck) && !now.Before(t.ends) }

// again is how long to wait until something happens. Zero when nothing will by itself.
func (t *tracker) again(now time.Time) time.Duration {
	const aMoment = 20 * time.Millisecond
	switch {
	case t.running() && t.faults.Has(fault.Stuck):
		return 0
	case t.running():
		return max(aMoment, t.ends.Sub(now)+aMoment)
	case t.err != nil:
		return time.Second
	}
	if late := t.created.Add(t.faults.Lasts(fault.SecretLate)).Sub(now); late > 0 {
		return late + aMoment
	}
	return 0
}

// Trackers are those of all managed resources, by their UIDs.
type Trackers struct {
	mu    sync.Mutex
	byUID map[types.UID]*tracker
	now   func() time.Time
}

// NewTrackers makes an empty set.
func NewTrackers(now func() time.Time) *Trackers {
	return &Trackers{byUID: map[types.UID]*tracker{}, now: now}
}

func (s *Trackers) of(uid types.UID) *tracker {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.byUID[uid]
	if t == nil {
		t = &tracker{}
		s.byUID[uid] = t
	}
	return t
}

func (s *Trackers) forget(uid types.UID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.byUID, uid)
}

// PollInterval is when to look at a resource again: at the end of what goes on with it, or at the next poll, give or take a tenth.
func (s *Trackers) PollInterval(mg resource.Managed, interval time.Duration) time.Duration {
	if again := s.of(mg.GetUID()).again(s.now()); again > 0 {
		return again
	}
	return interval + time.Duration((rand.Float64()-0.5)/5*float64(interval)) //nolint:gosec // It spreads load.
}
