package vault

import (
	"time"

	"github.com/goldenpath-dev/goldenpath/functions/internal/kernel"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
	inputv1 "github.com/goldenpath-dev/goldenpath/functions/vault/input/v1"
)

// defaultSecretNamespace holds the Secrets of cluster-scoped managed resources: out of the developers' reach.
const defaultSecretNamespace = "crossplane-system"

// New makes the function: the stage as a step of its own, for composites that publish a wiring contract.
func New(now func() time.Time) *kernel.Function[inputv1.Input] {
	return kernel.New("vault", now, func(in *inputv1.Input) (kernel.Setup, error) {
		namespace := in.SecretNamespace
		if namespace == "" {
			namespace = defaultSecretNamespace
		}
		return kernel.Setup{Stages: []plan.Stage{Stage()}, SecretNamespace: namespace}, nil
	})
}
