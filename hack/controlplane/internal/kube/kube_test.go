package kube_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
)

func TestEventually(t *testing.T) {
	t.Parallel()
	wrong := errors.New("the database is not ready")
	n := 0
	if err := kube.Eventually(context.Background(), func(context.Context) error {
		if n++; n < 3 {
			return wrong
		}
		return nil
	}); err != nil || n != 3 {
		t.Errorf("got %v after %d checks", err, n)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 150*time.Millisecond)
	defer cancel()
	first := true
	err := kube.Eventually(ctx, func(ctx context.Context) error {
		if first {
			first = false
			return wrong
		}
		<-ctx.Done() // a request that the end of the time cuts off
		return ctx.Err()
	})
	if !errors.Is(err, wrong) {
		t.Errorf("got %v, expected what was still amiss before the time ended", err)
	}
}
