package bench

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/gate"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
)

// exampleDir holds the examples, relative to the repository.
const exampleDir = "examples/appdatabases"

// engineExample is the example to measure an engine with.
type engineExample struct{ engine, dir string }

// readyExamples are the first example of every engine that is ready, in the order of their names. An engine that has examples, none
// of them ready, is an error: it would not be measured.
func readyExamples(root string) ([]engineExample, error) {
	dirs, err := gate.Find(root, exampleDir)
	if err != nil {
		return nil, err
	}
	var found []engineExample
	var waiting []string
	for _, dir := range dirs {
		engine, ready, err := engineOf(root, dir)
		if err != nil {
			return nil, err
		}
		known := slices.ContainsFunc(found, func(e engineExample) bool { return e.engine == engine })
		switch {
		case known || engine == "":
		case ready:
			found = append(found, engineExample{engine, dir})
			waiting = slices.DeleteFunc(waiting, func(w string) bool { return w == engine })
		case !slices.Contains(waiting, engine):
			waiting = append(waiting, engine)
		}
	}
	if len(waiting) > 0 {
		return nil, fmt.Errorf("no example of %s is ready in its golden output: write one with `harness render --update`, "+
			"or name an example with --steady", strings.Join(waiting, ", "))
	}
	if len(found) == 0 {
		return nil, errors.New("there is no example with an engine below " + exampleDir + ": name one with --steady")
	}
	return found, nil
}

// engineOf an example, and whether its golden output is ready.
func engineOf(root, dir string) (engine string, ready bool, err error) {
	xrs, err := repo.Read(root, filepath.Join(dir, gate.XRFile))
	if err != nil || len(xrs) != 1 {
		return "", false, err
	}
	spec, _ := xrs[0].Object["spec"].(map[string]any)
	engine, _ = spec["engine"].(string)
	observed, err := repo.Read(root, filepath.Join(dir, gate.ObservedFile))
	if err != nil || len(observed) == 0 {
		return engine, false, err
	}
	golden, err := repo.Read(root, filepath.Join(dir, gate.GoldenFile))
	for _, doc := range golden {
		if doc.GVK() == xrs[0].GVK() {
			return engine, isReady(doc), err
		}
	}
	return engine, false, err
}

// isReady says that the condition Ready of an object is true.
func isReady(doc repo.Document) bool {
	status, _ := doc.Object["status"].(map[string]any)
	conditions, _ := status["conditions"].([]any)
	return slices.ContainsFunc(conditions, func(c any) bool {
		condition, _ := c.(map[string]any)
		return condition["type"] == "Ready" && condition["status"] == "True"
	})
}
