package bench

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/gate"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
)

// resourceName is the annotation that maps an observed object to its composition resource name.
const resourceName = "crossplane.io/composition-resource-name"

// maxCalls is how often core asks until the requirements are stable: once, and five times more.
const maxCalls = 6

// example is one example as core would see it.
type example struct {
	xr                 repo.Document
	observed, required []repo.Document
}

// loadExample reads an example. With stored, the composite is the one of the golden output, with status and references,
// as the API server has it once the XR has been reconciled.
func loadExample(root, dir string, stored bool) (example, error) {
	read := func(name string) ([]repo.Document, error) { return repo.Read(root, filepath.Join(dir, name)) }
	var e example
	xrs, err := read(gate.XRFile)
	if err != nil {
		return e, err
	}
	if len(xrs) != 1 {
		return e, fmt.Errorf("%s holds %d documents: write one", filepath.Join(dir, gate.XRFile), len(xrs))
	}
	e.xr = xrs[0]
	if e.observed, err = read(gate.ObservedFile); err != nil {
		return e, err
	}
	if e.required, err = read(gate.RequiredFile); err != nil {
		return e, err
	}
	golden, err := read(gate.GoldenFile)
	if err != nil {
		return e, err
	}
	err = e.complete(golden, stored)
	return e, err
}

// complete takes from the golden output what render adds to an XR: its uid, and with stored the rest.
func (e *example) complete(golden []repo.Document, stored bool) error {
	uid := e.xr.Meta("uid")
	for _, doc := range golden {
		if uid == "" {
			uid = controller(doc)
		}
		if stored && doc.GVK() == e.xr.GVK() {
			e.xr = doc
		}
	}
	meta, _ := e.xr.Object["metadata"].(map[string]any)
	if uid == "" || meta == nil {
		return fmt.Errorf("%s: no golden output tells the uid of the XR: write it with `harness render --update`", e.xr.File)
	}
	meta["uid"] = uid
	return nil
}

// controller is the uid of the owner of a composed resource.
func controller(doc repo.Document) string {
	meta, _ := doc.Object["metadata"].(map[string]any)
	owners, _ := meta["ownerReferences"].([]any)
	for _, o := range owners {
		if o, ok := o.(map[string]any); ok && o["controller"] == true {
			uid, _ := o["uid"].(string)
			return uid
		}
	}
	return ""
}

// request is the first call of a reconcile, without the answers to what the function requires.
func (e example) request(input *structpb.Struct) (*fnv1.RunFunctionRequest, error) {
	composite, err := resource(e.xr)
	if err != nil {
		return nil, err
	}
	resources := make(map[string]*fnv1.Resource, len(e.observed))
	for _, doc := range e.observed {
		name := doc.Annotation(resourceName)
		if name == "" {
			return nil, fmt.Errorf("%s: %s has no annotation %s", doc.File, doc.Title(), resourceName)
		}
		if resources[name], err = resource(doc); err != nil {
			return nil, err
		}
		if resources[name].ConnectionDetails, err = e.connection(doc); err != nil {
			return nil, err
		}
	}
	return &fnv1.RunFunctionRequest{
		Meta: &fnv1.RequestMeta{Tag: strings.Repeat("0123456789abcdef", 4), Capabilities: []fnv1.Capability{
			fnv1.Capability_CAPABILITY_CAPABILITIES, fnv1.Capability_CAPABILITY_REQUIRED_RESOURCES, fnv1.Capability_CAPABILITY_CREDENTIALS,
			fnv1.Capability_CAPABILITY_CONDITIONS, fnv1.Capability_CAPABILITY_REQUIRED_SCHEMAS,
		}},
		Observed: &fnv1.State{Composite: composite, Resources: resources},
		Desired:  &fnv1.State{},
		Context:  &structpb.Struct{},
		Input:    input,
	}, nil
}

func resource(doc repo.Document) (*fnv1.Resource, error) {
	s, err := structpb.NewStruct(doc.Object)
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %w", doc.File, doc.Title(), err)
	}
	return &fnv1.Resource{Resource: s}, nil
}

// connection is the Secret that an observed resource writes, as core reads it; render takes it from the required resources.
func (e example) connection(doc repo.Document) (map[string][]byte, error) {
	spec, _ := doc.Object["spec"].(map[string]any)
	ref, _ := spec["writeConnectionSecretToRef"].(map[string]any)
	details := map[string][]byte{}
	for _, secret := range e.required {
		if ref == nil || secret.GVK().Kind != "Secret" || secret.Meta("name") != ref["name"] {
			continue
		}
		data, _ := secret.Object["data"].(map[string]any)
		for key, value := range data {
			text, _ := value.(string)
			raw, err := base64.StdEncoding.DecodeString(text)
			if err != nil {
				return nil, fmt.Errorf("%s: %s: data.%s is not base64: %w", secret.File, secret.Title(), key, err)
			}
			details[key] = raw
		}
	}
	return details, nil
}

// settle asks until the requirements are stable and returns the last request with its response.
func (e example) settle(
	ctx context.Context, conn *grpc.ClientConn, req *fnv1.RunFunctionRequest,
) (*fnv1.RunFunctionRequest, *fnv1.RunFunctionResponse, error) {
	var before *fnv1.Requirements
	for range maxCalls {
		rsp, err := call(ctx, conn, req)
		if err != nil {
			return nil, nil, err
		}
		wants := rsp.GetRequirements()
		if proto.Equal(wants, before) || len(wants.GetResources()) == 0 {
			return req, rsp, nil
		}
		before = wants
		answers, err := e.answer(wants)
		if err != nil {
			return nil, nil, err
		}
		req.RequiredResources, req.Context = answers, rsp.GetContext()
	}
	return nil, nil, errors.New("the requirements of the function do not become stable")
}

// answer looks requirements up among what the example requires. One that matches nothing has an empty answer.
func (e example) answer(wants *fnv1.Requirements) (map[string]*fnv1.Resources, error) {
	answers := map[string]*fnv1.Resources{}
	for key, want := range wants.GetResources() {
		found := &fnv1.Resources{}
		for _, doc := range e.required {
			if !matches(want, doc) {
				continue
			}
			r, err := resource(doc)
			if err != nil {
				return nil, err
			}
			found.Items = append(found.Items, r)
		}
		answers[key] = found
	}
	return answers, nil
}

// matches by name, by labels, or every object of a kind; without a namespace and a name in all namespaces.
func matches(want *fnv1.ResourceSelector, doc repo.Document) bool {
	version, kind := doc.GVK().ToAPIVersionAndKind()
	if version != want.GetApiVersion() || kind != want.GetKind() {
		return false
	}
	if name := want.GetMatchName(); name != "" {
		return doc.Meta("name") == name && doc.Meta("namespace") == want.GetNamespace()
	}
	if want.GetNamespace() != "" && doc.Meta("namespace") != want.GetNamespace() {
		return false
	}
	meta, _ := doc.Object["metadata"].(map[string]any)
	labels, _ := meta["labels"].(map[string]any)
	for key, value := range want.GetMatchLabels().GetLabels() {
		if labels[key] != value {
			return false
		}
	}
	return true
}

// inputOf is the input of the step that runs a function in the Composition that the examples of an API are rendered with; nil when it
// has none.
func inputOf(root, api, function string) (*structpb.Struct, error) {
	file := gate.CompositionOf(root, api)
	docs, err := repo.Read(root, file)
	if err != nil {
		return nil, err
	}
	for _, doc := range docs {
		spec, _ := doc.Object["spec"].(map[string]any)
		steps, _ := spec["pipeline"].([]any)
		for _, s := range steps {
			step, _ := s.(map[string]any)
			ref, _ := step["functionRef"].(map[string]any)
			if ref["name"] != "goldenpath-dev-function-"+function {
				continue
			}
			input, _ := step["input"].(map[string]any)
			if input == nil {
				return nil, nil //nolint:nilnil // A step needs no input.
			}
			return structpb.NewStruct(input)
		}
	}
	return nil, fmt.Errorf("%s has no step that runs function %s", file, function)
}
