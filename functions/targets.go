package main

import (
	"fmt"
	"net"
	"os"
	"strings"

	"sigs.k8s.io/yaml"
)

const (
	// objectPrefix is what the package manager calls our functions: organisation and repository of the package.
	objectPrefix      = "goldenpath-dev-function-"
	runtimeAnnotation = "render.crossplane.io/runtime"
	targetAnnotation  = "render.crossplane.io/runtime-development-target"
)

// target is one function and the loopback address to serve it on.
type target struct{ function, address string }

// functionObject is what is read of a pkg.crossplane.io Function.
type functionObject struct {
	Kind     string `json:"kind"`
	Metadata struct {
		Name        string            `json:"name"`
		Annotations map[string]string `json:"annotations"`
	} `json:"metadata"`
}

// readTargets reads the functions file that `crossplane composition render` reads too. Functions of others are left to
// whoever runs them.
func readTargets[V any](path string, known map[string]V) ([]target, error) {
	b, err := os.ReadFile(path) //nolint:gosec // The path is the user's own flag.
	if err != nil {
		return nil, fmt.Errorf("cannot read the functions file; name one with --functions-file: %w", err)
	}
	var targets []target
	seen := map[string]string{}
	for i, doc := range documents(string(b)) {
		t, err := parseTarget(doc, known)
		if err != nil {
			return nil, fmt.Errorf("%s, document %d: %w", path, i+1, err)
		}
		if t == nil {
			continue
		}
		for _, key := range []string{"function " + t.function, "address " + t.address} {
			if other, ok := seen[key]; ok {
				return nil, fmt.Errorf("%s, document %d: function %s: the %s is already taken by function %s; "+
					"give each function one object and one port", path, i+1, t.function, key, other)
			}
			seen[key] = t.function
		}
		targets = append(targets, *t)
	}
	if len(targets) == 0 {
		return nil, fmt.Errorf("%s has no Function object named %s<name>, where <name> is one of: %s", path, objectPrefix, names(known))
	}
	return targets, nil
}

// documents splits a YAML stream and leaves out what has no content.
func documents(stream string) []string {
	var docs []string
	var doc strings.Builder
	empty := true
	flush := func() {
		if !empty {
			docs = append(docs, doc.String())
		}
		doc.Reset()
		empty = true
	}
	for line := range strings.Lines(stream) {
		text := strings.TrimSpace(line)
		if strings.HasPrefix(line, "---") && (text == "---" || strings.HasPrefix(line, "--- ")) {
			flush()
			continue
		}
		empty = empty && (text == "" || strings.HasPrefix(text, "#"))
		doc.WriteString(line)
	}
	flush()
	return docs
}

// parseTarget returns nil for a function that is not ours.
func parseTarget[V any](doc string, known map[string]V) (*target, error) {
	var f functionObject
	if err := yaml.Unmarshal([]byte(doc), &f); err != nil {
		return nil, fmt.Errorf("not YAML of a Function object: %w", err)
	}
	if f.Kind != "Function" {
		return nil, fmt.Errorf("kind is %q; the file holds Function objects (pkg.crossplane.io/v1) only", f.Kind)
	}
	name, ours := strings.CutPrefix(f.Metadata.Name, objectPrefix)
	if !ours {
		return nil, nil //nolint:nilnil // Not ours is an answer, not an error.
	}
	if _, ok := known[name]; !ok {
		return nil, fmt.Errorf("metadata.name %q: there is no function %q; there are: %s", f.Metadata.Name, name, names(known))
	}
	if r := f.Metadata.Annotations[runtimeAnnotation]; r != "Development" {
		return nil, fmt.Errorf("function %s: the annotation %s is %q; write Development, so that render calls this process",
			name, runtimeAnnotation, r)
	}
	address := f.Metadata.Annotations[targetAnnotation]
	if err := checkLoopback(address); err != nil {
		return nil, fmt.Errorf("function %s: the annotation %s is %q: %w; write a loopback address such as 127.0.0.1:9551",
			name, targetAnnotation, address, err)
	}
	return &target{function: name, address: address}, nil
}

// checkLoopback keeps a server without TLS off the network.
func checkLoopback(address string) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("not host:port: %w", err)
	}
	if _, err := net.LookupPort("tcp", port); err != nil {
		return fmt.Errorf("not a port: %w", err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("%q is not a loopback host", host)
	}
	return nil
}
