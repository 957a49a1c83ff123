package kernel

import (
	"fmt"
	"runtime/debug"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
)

// panics turns a panic into an answer, here and not in the server, because only here the conditions and the status are known.
// What it takes from the server's sight it reports.
type panics struct {
	report func(value any, stack []byte)
}

// OnPanic says who is told of a panic. It is set before the first call.
func (p *panics) OnPanic(report func(value any, stack []byte)) { p.report = report }

// answer is deferred around a call.
func (p *panics) answer(name string, c *call, rsp **fnv1.RunFunctionResponse) {
	value := recover()
	if value == nil {
		return
	}
	if p.report != nil {
		p.report(value, debug.Stack())
	}
	*rsp = c.fatal(conditions.Internal, fmt.Sprintf("function-%s panicked: %v. Nothing was changed; please report this", name, value))
}
