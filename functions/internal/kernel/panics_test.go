package kernel_test

import (
	"context"
	"strings"
	"testing"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

type panicReporter interface {
	OnPanic(report func(value any, stack []byte))
}

// The server cannot see a panic that is answered here, so it is told: once, with the stack of the panic.
func TestPanicIsReported(t *testing.T) {
	t.Parallel()
	f := function(func(plan.In) (*plan.Plan, error) { panic("index out of range") }, fixed(nothing))
	var values []any
	var stack string
	f.(panicReporter).OnPanic(func(value any, s []byte) { values, stack = append(values, value), string(s) })
	req := given{}.request(t)
	if _, err := f.RunFunction(context.Background(), req); err != nil {
		t.Fatal(err)
	}
	if len(values) != 1 || values[0] != "index out of range" || !strings.Contains(stack, "TestPanicIsReported") {
		t.Errorf("reported %v with the stack %.200s", values, stack)
	}
	calm := function(fixed(nothing), fixed(nothing))
	calm.(panicReporter).OnPanic(func(value any, _ []byte) { t.Errorf("a call without a panic reports %v", value) })
	if _, err := calm.RunFunction(context.Background(), &fnv1.RunFunctionRequest{}); err != nil {
		t.Fatal(err)
	}
}
