package stubs

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/facts"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/providers"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
)

// Command writes the stub packages.
type Command struct {
	Out string `required:"" help:"Directory to write to: one directory for each provider package, and packages.json." type:"path"`
}

// Run implements kong's command.
func (c Command) Run(root repo.Dir) error {
	list, err := ReadList()
	if err != nil {
		return err
	}
	structs, err := facts.Structs(string(root))
	if err != nil {
		return err
	}
	plan, err := list.Plan(kinds(structs))
	if err != nil {
		return err
	}
	lock, err := facts.ReadLock(string(root))
	if err != nil {
		return err
	}
	schemas, err := providers.Open(string(root), lock)
	if err != nil {
		return err
	}
	stubs := make([]Stub, 0, len(list.Packages))
	for _, p := range list.Packages {
		stub, err := Collect(p, plan[p.Name], schemas)
		if err != nil {
			return err
		}
		if stub.Judge.Floor == "" {
			return fmt.Errorf("%s: provider %s has no floor in %s, so there is no version to tag the stub with: write one",
				p.Name, p.Provider, providers.PinsFile)
		}
		size, err := write(c.Out, list.Registry, stub)
		if err != nil {
			return fmt.Errorf("%s: %w", filepath.Join(c.Out, p.Name), err)
		}
		fmt.Println(stub.report(size))
		stubs = append(stubs, stub)
	}
	return writeIndex(c.Out, list.Registry, stubs)
}

// kinds that our functions compose.
func kinds(structs []facts.Struct) []facts.Kind {
	all := make([]facts.Kind, 0, len(structs))
	for _, s := range structs {
		all = append(all, s.Kind)
	}
	return all
}

// report says in one line what is in the package and where it came from.
func (s Stub) report(size int) string {
	from := "from " + s.Judge.From
	if s.Judge.Gate == providers.Lock {
		from = "from the lock of fields that we use, because " + s.Judge.Because
	}
	roles := make([]string, 0, len(s.Roles))
	for _, role := range []Role{RoleComposed, RoleNeighbour, RoleConfiguration} {
		roles = append(roles, fmt.Sprintf("%d %s", s.Roles[role], role))
	}
	return fmt.Sprintf("%s %s: %d CRDs (%s), %d KiB, %s",
		s.Package.Name, s.Judge.Version, len(s.CRDs), strings.Join(roles, ", "), size>>10, from)
}
