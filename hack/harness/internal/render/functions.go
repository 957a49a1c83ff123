package render

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"sigs.k8s.io/yaml"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
)

// functionsFile lists every function with the loopback port of local work, relative to the repository.
const functionsFile = "examples/functions.yaml"

// target is the annotation that names the address of a function.
const target = "render.crossplane.io/runtime-development-target"

// writeFunctions copies the functions file with free ports, so that a server of somebody else is never asked by mistake.
func writeFunctions(root, to string) error {
	docs, err := repo.Read(root, functionsFile)
	if err != nil {
		return err
	}
	if len(docs) == 0 {
		return fmt.Errorf("%s is missing or empty: it lists the functions to render with", functionsFile)
	}
	ports, err := freePorts(len(docs))
	if err != nil {
		return err
	}
	var b bytes.Buffer
	for i, doc := range docs {
		if doc.Annotation(target) == "" {
			return fmt.Errorf("%s: %s has no annotation %s", functionsFile, doc.Title(), target)
		}
		meta, _ := doc.Object["metadata"].(map[string]any)
		annotations, _ := meta["annotations"].(map[string]any)
		annotations[target] = ports[i]
		raw, err := yaml.Marshal(doc.Object)
		if err != nil {
			return err
		}
		b.WriteString("---\n")
		b.Write(raw)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, b.Bytes(), 0o600)
}

// freePorts returns loopback addresses that nobody listens on. All are held until the last is found, so they differ.
func freePorts(n int) ([]string, error) {
	addresses := make([]string, 0, n)
	listeners := make([]net.Listener, 0, n)
	defer func() {
		for _, l := range listeners {
			_ = l.Close()
		}
	}()
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // Listening on loopback does not block.
		if err != nil {
			return nil, err
		}
		listeners = append(listeners, l)
		addresses = append(addresses, l.Addr().String())
	}
	return addresses, nil
}
