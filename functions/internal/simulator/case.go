package simulator

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"google.golang.org/protobuf/types/known/structpb"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// Case is one example: a directory with the inputs of a render.
type Case struct {
	// Name of the directory.
	Name string
	// XR is the composite.
	XR *structpb.Struct
	// Required objects.
	Required []*structpb.Struct
	// Composed resources that are observed.
	Composed []*structpb.Struct
}

// ReadCase reads an example. Only xr.yaml has to be there.
func ReadCase(dir string) (Case, error) {
	c := Case{Name: filepath.Base(dir)}
	for _, f := range []struct {
		name string
		into *[]*structpb.Struct
	}{{"required.yaml", &c.Required}, {"observed.yaml", &c.Composed}} {
		objects, err := readAll(filepath.Join(dir, f.name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return c, err
		}
		*f.into = objects
	}
	xrs, err := readAll(filepath.Join(dir, "xr.yaml"))
	if err != nil {
		return c, err
	}
	if len(xrs) != 1 {
		return c, fmt.Errorf("%s: xr.yaml holds %d objects; write one", c.Name, len(xrs))
	}
	c.XR = xrs[0]
	if object.Of(c.XR).UID() == "" {
		c.XR = With(c.XR, Text(uidOf(c.Name)), "metadata", "uid")
	}
	return c, nil
}

// readAll reads the documents of a YAML file.
func readAll(path string) ([]*structpb.Struct, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read an example: %w", err)
	}
	var objects []*structpb.Struct
	reader := utilyaml.NewDocumentDecoder(io.NopCloser(bytes.NewReader(raw)))
	defer reader.Close() //nolint:errcheck // nothing is open
	for buffer := make([]byte, len(raw)+1); ; {
		n, err := reader.Read(buffer)
		if errors.Is(err, io.EOF) {
			return objects, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if len(bytes.TrimSpace(buffer[:n])) == 0 {
			continue
		}
		o, err := Parse(buffer[:n])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if len(o.GetFields()) > 0 {
			objects = append(objects, o)
		}
	}
}

// Cluster to play the case in.
func (c Case) Cluster(pipeline ...Step) *Cluster {
	cluster := New(c.XR, NewStore(c.Required...), pipeline...)
	cluster.Adopt(c.Composed...)
	return cluster
}

// Claims is the composite of the claims flavour behind a claim that says the same as a namespaced composite.
func Claims(xr *structpb.Struct) *structpb.Struct {
	o := object.Of(xr)
	name, namespace := o.Name()+"-x7k2p", o.Namespace()
	if len(name) > 63 {
		name = o.Name()[:57] + "-x7k2p"
	}
	out := fields(map[string]*structpb.Value{"apiVersion": Text(o.APIVersion()), "kind": Text("X" + o.Kind())})
	out = With(out, Text(name), "metadata", "name")
	out = With(out, Text(o.UID()), "metadata", "uid")
	out = born(out, o)
	if annotations := o.At("metadata", "annotations"); !annotations.IsZero() {
		out = With(out, Nested(annotations.Struct()), "metadata", "annotations")
	}
	out = With(out, Text(name), "metadata", "labels", "crossplane.io/composite")
	out = With(out, Text(o.Name()), "metadata", "labels", "crossplane.io/claim-name")
	out = With(out, Text(namespace), "metadata", "labels", "crossplane.io/claim-namespace")
	out = With(out, Nested(Without(o.At("spec").Struct(), "crossplane")), "spec")
	out = With(out, Nested(fields(map[string]*structpb.Value{
		"apiVersion": Text(o.APIVersion()), "kind": Text(o.Kind()), "namespace": Text(namespace), "name": Text(o.Name()),
	})), "spec", "claimRef")
	return With(out, Nested(fields(map[string]*structpb.Value{
		"namespace": Text("crossplane-system"), "name": Text(o.UID()),
	})), "spec", "writeConnectionSecretToRef")
}

// Namespaced is the namespaced composite that says the same as a composite of the claims flavour.
func Namespaced(xr *structpb.Struct) *structpb.Struct {
	o := object.Of(xr)
	claim := o.At("spec", "claimRef")
	out := fields(map[string]*structpb.Value{"apiVersion": Text(o.APIVersion()), "kind": Text(claim.String("kind"))})
	out = With(out, Text(claim.String("name")), "metadata", "name")
	out = With(out, Text(claim.String("namespace")), "metadata", "namespace")
	out = born(With(out, Text(o.UID()), "metadata", "uid"), o)
	spec := o.At("spec").Struct()
	for _, field := range []string{"claimRef", "writeConnectionSecretToRef", "resourceRefs", "compositionRef"} {
		spec = Without(spec, field)
	}
	return With(out, Nested(spec), "spec")
}

// born when the other one was: the ttl of an environment counts from then.
func born(out *structpb.Struct, other object.Object) *structpb.Struct {
	if when := other.String("metadata", "creationTimestamp"); when != "" {
		return With(out, Text(when), "metadata", "creationTimestamp")
	}
	return out
}
