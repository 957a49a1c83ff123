package landing

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/request"
	"github.com/crossplane/function-sdk-go/resource"
	"github.com/crossplane/function-sdk-go/response"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
)

const (
	// ttl of a response: nothing here depends on time.
	ttl = 10 * time.Minute
	// simulated is the condition that says that the status is made up.
	simulated = "Simulated"
)

// Function is the stand-in for function-environment.
type Function struct {
	fnv1.UnimplementedFunctionRunnerServiceServer

	log *slog.Logger
}

// NewFunction returns the stand-in.
func NewFunction(log *slog.Logger) *Function { return &Function{log: log} }

// RunFunction gives an Environment the status that its spec and its annotation ask for. It composes nothing.
func (f *Function) RunFunction(_ context.Context, req *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error) {
	rsp := response.To(req, ttl)
	env, err := environment(req)
	if err == nil {
		err = answer(rsp, env)
	}
	if err != nil {
		f.log.Warn("cannot play an Environment", "namespace", env.Namespace, "name", env.Name, "error", err)
		response.Fatal(rsp, err)
	}
	return rsp, nil
}

// environment reads the observed composite.
func environment(req *fnv1.RunFunctionRequest) (*v1.Environment, error) {
	env := &v1.Environment{}
	xr, err := request.GetObservedCompositeResource(req)
	if err != nil {
		return env, fmt.Errorf("cannot read the composite: %w", err)
	}
	encoded, err := json.Marshal(xr.Resource.Object)
	if err != nil {
		return env, fmt.Errorf("cannot read the composite: %w", err)
	}
	if err := json.Unmarshal(encoded, env); err != nil {
		return env, fmt.Errorf("cannot read the composite as an Environment: %w", err)
	}
	if env.APIVersion != v1.APIVersion || env.Kind != v1.EnvironmentKind {
		return env, fmt.Errorf("the stand-in for function-environment plays %s %s only, not %s %s: correct the Composition",
			v1.APIVersion, v1.EnvironmentKind, env.APIVersion, env.Kind)
	}
	return env, nil
}

// answer fills the response.
func answer(rsp *fnv1.RunFunctionResponse, env *v1.Environment) error {
	fault := Fault(env.Annotations[FaultAnnotation])
	status, err := play(env, fault)
	if err != nil {
		return err
	}
	xr := resource.Composite{Resource: desired(env), Ready: resource.ReadyTrue}
	if status != nil {
		if err := xr.Resource.SetValue("status", status); err != nil {
			return fmt.Errorf("cannot write the status: %w", err)
		}
	}
	if !fault.ready() {
		xr.Ready = resource.ReadyFalse
	}
	if err := response.SetDesiredCompositeResource(rsp, &xr); err != nil {
		return fmt.Errorf("cannot write the composite: %w", err)
	}
	message := "the control plane's simulator makes this status up: there is no such network, key or Vault"
	if fault != FaultNone {
		message += fmt.Sprintf("; it plays %q, as the annotation %s asks", fault, FaultAnnotation)
	}
	response.ConditionTrue(rsp, simulated, "StandIn").WithMessage(message).TargetCompositeAndClaim()
	return nil
}
