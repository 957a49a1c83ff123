package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"google.golang.org/protobuf/types/known/structpb"
	"sigs.k8s.io/yaml"
)

// WithStatus is the text of an xr.yaml with the composite's present status: what a person wrote above it stays as it is.
func (c *Cluster) WithStatus(dir string) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(dir, "xr.yaml"))
	if err != nil {
		return nil, fmt.Errorf("cannot read the composite of an example: %w", err)
	}
	if at := bytes.Index(text, []byte("\nstatus:")); at >= 0 {
		text = text[:at+1]
	}
	status, ok := c.Observed().GetFields()["status"]
	if !ok {
		return text, nil
	}
	written, err := write(fields(map[string]*structpb.Value{"status": status}))
	return append(text, written...), err
}

// ObservedFile is an observed.yaml with everything that is composed now, in the order of the composition resource names.
func (c *Cluster) ObservedFile() ([]byte, error) {
	var file []byte
	for _, name := range slices.Sorted(maps.Keys(c.Composed)) {
		written, err := write(c.Composed[name].Object)
		if err != nil {
			return nil, err
		}
		file = append(append(file, "---\n"...), written...)
	}
	return file, nil
}

// YAML of an object, with sorted keys.
func YAML(s *structpb.Struct) ([]byte, error) { return write(s) }

func write(s *structpb.Struct) ([]byte, error) {
	raw, err := json.Marshal(s.AsMap())
	if err != nil {
		return nil, fmt.Errorf("cannot write an object: %w", err)
	}
	written, err := yaml.JSONToYAML(raw)
	if err != nil {
		return nil, fmt.Errorf("cannot write an object: %w", err)
	}
	return written, nil
}
