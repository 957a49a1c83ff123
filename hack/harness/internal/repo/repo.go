// Package repo finds the repository and reads YAML documents in it.
package repo

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

// module is the first line of the root go.mod.
const module = "module github.com/goldenpath-dev/goldenpath"

// Root returns the absolute path of the repository that contains a directory.
func Root(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for at := dir; ; at = filepath.Dir(at) {
		raw, err := os.ReadFile(filepath.Join(at, "go.mod"))
		if line, _, _ := strings.Cut(string(raw), "\n"); err == nil && strings.TrimSpace(line) == module {
			return at, nil
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("%s is not inside the goldenpath repository: change into it, or pass --root", dir)
		}
	}
}

// Document is one object of a YAML file.
type Document struct {
	// File that holds it, relative to the repository.
	File string
	// Object as JSON knows it: integers are int64, other numbers float64.
	Object map[string]any
}

// GVK of the document.
func (d Document) GVK() schema.GroupVersionKind {
	apiVersion, _ := d.Object["apiVersion"].(string)
	kind, _ := d.Object["kind"].(string)
	return schema.FromAPIVersionAndKind(apiVersion, kind)
}

// Meta returns a string field of metadata; empty when there is none.
func (d Document) Meta(key string) string {
	meta, _ := d.Object["metadata"].(map[string]any)
	s, _ := meta[key].(string)
	return s
}

// Annotation returns the value of an annotation; empty when there is none.
func (d Document) Annotation(key string) string {
	meta, _ := d.Object["metadata"].(map[string]any)
	annotations, _ := meta["annotations"].(map[string]any)
	s, _ := annotations[key].(string)
	return s
}

// Title is kind/name, as people look for a document.
func (d Document) Title() string {
	name := d.Meta("name")
	if name == "" {
		name = d.Meta("generateName") + "*"
	}
	if resource := d.Annotation("crossplane.io/composition-resource-name"); resource != "" {
		name += " (" + resource + ")"
	}
	return d.GVK().Kind + "/" + name
}

// Read returns the documents of a file. A file that does not exist has none.
func Read(root, file string) ([]Document, error) {
	raw, err := os.ReadFile(filepath.Join(root, file))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return Parse(file, raw)
}

// Parse splits YAML into documents. Duplicate keys are an error: a YAML reader would drop one of the two silently.
func Parse(file string, raw []byte) ([]Document, error) {
	var docs []Document
	reader := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(raw)))
	for {
		chunk, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return docs, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		asJSON, err := yaml.YAMLToJSONStrict(chunk)
		if err != nil {
			return nil, fmt.Errorf("%s: document %d: %w", file, len(docs)+1, err)
		}
		if string(asJSON) == "null" {
			continue
		}
		doc := Document{File: file, Object: map[string]any{}}
		if err := utiljson.Unmarshal(asJSON, &doc.Object); err != nil {
			return nil, fmt.Errorf("%s: document %d: %w", file, len(docs)+1, err)
		}
		docs = append(docs, doc)
	}
}

// Dir is the absolute path of the repository, as commands get it.
type Dir string

// ErrReported ends a command that has printed what is wrong already.
var ErrReported = errors.New("reported")
