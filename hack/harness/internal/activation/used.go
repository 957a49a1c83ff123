package activation

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/facts"
)

// modulePath is the path of the root module.
const modulePath = "github.com/goldenpath-dev/goldenpath/"

// Used lists the types of parameter packages that the functions' own code uses, as <directory of the package>.<name>. Tests and the
// packages below functions/internal do not count: what only those use is composed by nobody.
func Used(root string) (map[string]bool, error) {
	files, err := filepath.Glob(filepath.Join(root, "functions", "*", "*.go"))
	if err != nil {
		return nil, err
	}
	used := map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		if err := selectors(file, used); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return used, nil
}

// selectors notes what a file selects from the parameter packages that it imports.
func selectors(file *ast.File, used map[string]bool) error {
	imported := map[string]string{}
	for _, spec := range file.Imports {
		from, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		dir, ours := strings.CutPrefix(from, modulePath)
		if !ours || !strings.HasPrefix(dir, facts.StructsDir+"/") {
			continue
		}
		name := path.Base(dir)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		imported[name] = dir
	}
	ast.Inspect(file, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := s.X.(*ast.Ident); ok && imported[x.Name] != "" {
			used[imported[x.Name]+"."+s.Sel.Name] = true
		}
		return true
	})
	return nil
}
