package iam

import (
	"time"

	inputv1 "github.com/goldenpath-dev/goldenpath/functions/iam/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/kernel"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// New makes the function: the stage as a step of its own, for composites that publish a wiring contract.
func New(now func() time.Time) *kernel.Function[inputv1.Input] {
	return kernel.New("iam", now, func(*inputv1.Input) (kernel.Setup, error) {
		return kernel.Setup{Stages: []plan.Stage{Stage()}}, nil
	})
}
