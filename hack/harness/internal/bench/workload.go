package bench

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
)

// steadyResources is the number of observed resources that the budget of the steady state is for.
const steadyResources = 20

// workload is one request, with the response that the baseline repeats.
type workload struct {
	name, function string
	// dir of the example, relative to the repository.
	dir      string
	request  []byte
	response []byte
	observed int
	desired  int
	// added says how many of the observed resources the example does not have.
	added int
	// budget of the median latency, as a multiple of the baseline's.
	budget float64
	// rounds in which the latency is measured.
	rounds int
}

// servers are ours, one process for each function.
type servers map[string]*process

// kind is what a pair of workloads is of.
type kind struct {
	name, dir string
	steady    bool
	budget    float64
	rounds    int
}

// kinds are the steady state of every engine and of the other kinds, and their first reconciles. The first engine's stand for all in
// what is measured once.
func (b *bench) kinds(c Command) ([]kind, error) {
	if c.Steady != "" {
		return []kind{
			{"steady state", c.Steady, true, steadyBudget, b.plan.rounds}, {"first reconcile", c.First, false, firstBudget, b.plan.rounds},
		}, nil
	}
	var all []kind
	for _, f := range families() {
		ready, err := readyExamples(b.root, f)
		if err != nil {
			return nil, err
		}
		if f.engines {
			all = append(all, kind{"steady state", ready[0].dir, true, steadyBudget, b.plan.rounds},
				kind{"first reconcile", c.First, false, firstBudget, b.plan.rounds})
			for _, e := range ready[1:] {
				all = append(all, kind{"steady state of " + e.engine, e.dir, true, steadyBudget, b.plan.engineRounds})
			}
			continue
		}
		first, err := firstExample(b.root, f)
		if err != nil {
			return nil, err
		}
		all = append(all, kind{"steady state of " + f.function, ready[0].dir, true, steadyBudget, b.plan.engineRounds},
			kind{"first reconcile of " + f.function, first, false, firstBudget, b.plan.engineRounds})
	}
	return all, nil
}

// workloads builds the requests of both steps of the pipeline, for the steady states and for the first reconcile.
func (b *bench) workloads(ctx context.Context, c Command, ours servers) ([]*workload, error) {
	kinds, err := b.kinds(c)
	if err != nil {
		return nil, err
	}
	var all []*workload
	for _, k := range kinds {
		if _, err := os.Stat(filepath.Join(b.root, k.dir)); err != nil {
			return nil, fmt.Errorf("there is no example %s: name one with --steady or --first: %w", k.dir, err)
		}
		e, err := loadExample(b.root, k.dir, k.steady)
		if err != nil {
			return nil, err
		}
		both, err := b.pipeline(ctx, e, ours, k.steady)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", k.dir, err)
		}
		for _, w := range both {
			w.name, w.budget, w.rounds, w.dir = k.name, k.budget, k.rounds, k.dir
		}
		all = append(all, both...)
	}
	return all, nil
}

// pipeline runs both steps once and records what goes in and what comes out.
func (b *bench) pipeline(ctx context.Context, e example, ours servers, steady bool) ([]*workload, error) {
	if steady && len(e.observed) == 0 {
		return nil, errors.New("nothing is observed in it: the steady state needs an example that is ready")
	}
	f, err := familyOf(e.xr.File)
	if err != nil {
		return nil, err
	}
	input, err := inputOf(b.root, f.api, f.function)
	if err != nil {
		return nil, err
	}
	req, err := e.request(input)
	if err != nil {
		return nil, err
	}
	added := 0
	if steady {
		added = pad(req, steadyResources)
	}
	req, rsp, err := e.settle(ctx, ours[f.function].conn, req)
	if err != nil {
		return nil, fmt.Errorf("function %s: %w", f.function, err)
	}
	if steady {
		// Core answers the requirements of the last reconcile in advance, so there is one call, without a context from another.
		req.Context = &structpb.Struct{}
		if rsp, err = call(ctx, ours[f.function].conn, req); err != nil {
			return nil, fmt.Errorf("function %s: %w", f.function, err)
		}
	}
	first, err := record(f.function, req, rsp, added)
	if err != nil {
		return nil, err
	}
	input, err = inputOf(b.root, f.api, guardrails)
	if err != nil {
		return nil, err
	}
	req.RequiredResources, req.Input, req.Desired, req.Context = nil, input, rsp.GetDesired(), rsp.GetContext()
	if rsp, err = call(ctx, ours[guardrails].conn, req); err != nil {
		return nil, fmt.Errorf("function %s: %w", guardrails, err)
	}
	second, err := record(guardrails, req, rsp, added)
	return []*workload{first, second}, err
}

func record(function string, req *fnv1.RunFunctionRequest, rsp *fnv1.RunFunctionResponse, added int) (*workload, error) {
	w := &workload{
		function: function, added: added,
		observed: len(req.GetObserved().GetResources()), desired: len(rsp.GetDesired().GetResources()),
	}
	var err error
	if w.request, err = proto.Marshal(req); err != nil {
		return nil, err
	}
	w.response, err = proto.MarshalOptions{Deterministic: true}.Marshal(rsp)
	return w, err
}

// pad adds observed resources up to a number: copies of those that are there, under names of nobody's, wanted by a step in
// front of ours. It returns how many.
func pad(req *fnv1.RunFunctionRequest, to int) int {
	observed := req.GetObserved().GetResources()
	names := slices.Sorted(maps.Keys(observed))
	added := 0
	for len(observed) < to {
		name := fmt.Sprintf("other-step-%02d", added)
		copied := observed[names[added%len(names)]]
		observed[name] = copied
		if req.Desired.Resources == nil {
			req.Desired.Resources = map[string]*fnv1.Resource{}
		}
		req.Desired.Resources[name] = &fnv1.Resource{Resource: intent(copied.GetResource()), Ready: fnv1.Ready_READY_TRUE}
		added++
	}
	return added
}

// intent is an observed object as a step would want it: without status.
func intent(observed *structpb.Struct) *structpb.Struct {
	fields := maps.Clone(observed.GetFields())
	delete(fields, "status")
	return &structpb.Struct{Fields: fields}
}
