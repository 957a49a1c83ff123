package budget_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/goldenpath-dev/goldenpath/functions/internal/budget"
)

// recorder is a test that may fail.
type recorder struct {
	testing.TB
	failed string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) { r.failed = fmt.Sprintf(format, args...) }

func TestBudgetGrowsWithItsInput(t *testing.T) {
	t.Parallel()
	if got := budget.Of(0); got != time.Second {
		t.Errorf("Of(0) = %s, want a second", got)
	}
	if got := budget.Of(1 << 20); got != 3*time.Second {
		t.Errorf("Of(1 MiB) = %s, want 3s", got)
	}
}

func TestStartFailsWhatTakesTooLong(t *testing.T) {
	t.Parallel()
	quick, slow := &recorder{}, &recorder{}
	budget.Start(quick, 1)()
	done := budget.Start(slow, 1)
	time.Sleep(budget.Of(1) + 10*time.Millisecond)
	done()
	if quick.failed != "" || slow.failed == "" {
		t.Errorf("quick: %q, slow: %q", quick.failed, slow.failed)
	}
}
