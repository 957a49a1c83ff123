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

// exampleDir holds the examples of databases, relative to the repository.
const exampleDir = "examples/appdatabases"

// family is a kind of ours: the function of its first step, and where its Composition and its examples are.
type family struct {
	function, api, dir string
	// engines says that every spec.engine is measured. Otherwise one example stands for the kind.
	engines bool
}

// families are the kinds that are measured. The first one's examples stand for all in what is measured once.
func families() []family {
	return []family{
		{function: appDatabase, api: "apis/appdatabases", dir: exampleDir, engines: true},
		{function: "network", api: "apis/networks", dir: "examples/networks"},
		{function: "environment", api: "apis/environments", dir: "examples/environments"},
	}
}

// familyOf an example.
func familyOf(dir string) (family, error) {
	for _, f := range families() {
		if strings.HasPrefix(filepath.ToSlash(filepath.Clean(dir))+"/", f.dir+"/") {
			return f, nil
		}
	}
	return family{}, fmt.Errorf("%s is not below the examples of a kind that is measured", dir)
}

// engineExample is the example to measure an engine, or a kind without engines, with.
type engineExample struct{ engine, dir string }

// readyExamples are the first example of every engine that is ready, in the order of their names. An engine that has examples, none
// of them ready, is an error: it would not be measured.
func readyExamples(root string, f family) ([]engineExample, error) {
	dirs, err := gate.Find(root, f.dir)
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
		if !f.engines {
			engine = f.function
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
		return nil, errors.New("there is no example with an engine below " + f.dir + ": name one with --steady")
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

// firstExample is the first example of a kind in which nothing is observed yet and something is composed.
func firstExample(root string, f family) (string, error) {
	dirs, err := gate.Find(root, f.dir)
	if err != nil {
		return "", err
	}
	for _, dir := range dirs {
		observed, err := repo.Read(root, filepath.Join(dir, gate.ObservedFile))
		if err != nil {
			return "", err
		}
		golden, err := repo.Read(root, filepath.Join(dir, gate.GoldenFile))
		if err != nil {
			return "", err
		}
		if len(observed) == 0 && slices.ContainsFunc(golden, func(doc repo.Document) bool { return doc.Annotation(resourceName) != "" }) {
			return dir, nil
		}
	}
	return "", errors.New("there is no example of a first reconcile below " + f.dir)
}
