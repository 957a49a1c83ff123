package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/simulator"
)

// exampleDir holds the examples of a tree.
const exampleDir = "examples/appdatabases"

const (
	// most is how many rounds an example may take until nothing changes any more.
	most = 30
	// calm is how many rounds nothing may change until it counts as at rest.
	calm = 3
	// takeover is how many rounds today's functions play on from there.
	takeover = 6
)

// proof is one comparison of two releases.
type proof struct {
	before, today *release
	// seen counts the states in which a difference was seen, and first says where.
	seen  map[difference]int
	first map[difference]string
	// figures for the report.
	played, states, compared, atRest, ready int
	missing                                 []string
}

func newProof(before, today *release) *proof {
	return &proof{before: before, today: today, seen: map[difference]int{}, first: map[difference]string{}}
}

// examples plays every example that both trees have, as the earlier one wrote it.
func (p *proof) examples() error {
	entries, err := os.ReadDir(filepath.Join(p.before.tree, exampleDir))
	if err != nil {
		return fmt.Errorf("cannot read the examples: %w", err)
	}
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		if _, err := os.Stat(filepath.Join(p.today.tree, exampleDir, entry.Name())); errors.Is(err, fs.ErrNotExist) {
			p.missing = append(p.missing, entry.Name())
			continue
		}
		c, err := simulator.ReadCase(filepath.Join(p.before.tree, exampleDir, entry.Name()))
		if err != nil {
			return err
		}
		if err := p.example(c); err != nil {
			return fmt.Errorf("%s: %w", c.Name, err)
		}
		p.played++
	}
	if p.played == 0 {
		return errors.New("both commits have no example in common")
	}
	return nil
}

// example plays one from its recorded state, and from its beginning in both flavours.
func (p *proof) example(c simulator.Case) error {
	c.Required = published(c.Required)
	begin := c
	begin.XR, begin.Composed = simulator.Without(c.XR, "status"), nil
	other := begin
	if object.Of(c.XR).Namespace() == "" {
		other.XR = simulator.Namespaced(begin.XR)
	} else {
		other.XR = simulator.Claims(begin.XR)
	}
	for _, from := range []struct {
		title string
		c     simulator.Case
		skip  bool
	}{
		{"as recorded", c, len(c.Composed) == 0}, {"from its beginning", begin, false}, {"in the other flavour", other, false},
	} {
		if from.skip {
			continue
		}
		if err := p.play(c.Name+" "+from.title, from.c); err != nil {
			return fmt.Errorf("%s: %w", from.title, err)
		}
	}
	return nil
}

// successor is today's functions with a Composition.
type successor struct {
	title    string
	pipeline []simulator.Step
}

// successors are today's functions with today's Composition, and, where that is another one, with the earlier one: packages are
// updated one after the other, and a platform team's own copy stays.
func (p *proof) successors(name string, claims bool) ([]successor, error) {
	old, latest := p.before.composition(name, claims), p.today.composition(name, claims)
	pipeline, err := p.today.pipeline(latest)
	if err != nil {
		return nil, err
	}
	all := []successor{{"today's Composition", pipeline}}
	oldText, err := os.ReadFile(old) //nolint:gosec // a file of the earlier tree
	if err != nil {
		return nil, err
	}
	latestText, err := os.ReadFile(latest) //nolint:gosec // a file of the repository
	if err != nil {
		return nil, err
	}
	if bytes.Equal(oldText, latestText) {
		return all, nil
	}
	if pipeline, err = p.today.pipeline(old); err != nil {
		return nil, err
	}
	return append(all, successor{"the earlier Composition", pipeline}), nil
}

// play lets the earlier functions work until nothing changes, and compares in every state.
func (p *proof) play(title string, c simulator.Case) error {
	claims := object.Of(c.XR).Namespace() == ""
	steps, err := p.before.pipeline(p.before.composition(c.Name, claims))
	if err != nil {
		return err
	}
	after, err := p.successors(c.Name, claims)
	if err != nil {
		return err
	}
	cluster := c.Cluster(steps...)
	// What takes time in the cloud takes a round, so that the states in between are there.
	cluster.Cloud.Delay = func(kind string) int {
		if kind == "Instance" || kind == "Cluster" || kind == "ClusterInstance" {
			return 1
		}
		return 0
	}
	fatal := false
	for round, quiet := 0, 0; quiet < calm; round++ {
		if round == most {
			return fmt.Errorf("still changing after %d rounds", most)
		}
		was, changed, err := p.state(fmt.Sprintf("%s, round %d", title, round+1), cluster, after, quiet == calm-1)
		if err != nil {
			return err
		}
		fatal = was.Fatal != ""
		if quiet++; changed {
			quiet = 0
		}
	}
	p.atRest++
	if cluster.Ready() {
		p.ready++
	}
	for _, s := range after {
		if err := p.takeOver(title+", taken over with "+s.title, cluster.Fork(), s, fatal); err != nil {
			return err
		}
	}
	return nil
}

// state compares what both want now, and lets the earlier functions have their way. At the end, what only today's functions want is a
// difference too: before, both may just be differently far.
func (p *proof) state(
	title string, cluster *simulator.Cluster, after []successor, end bool,
) (was *simulator.Round, changed bool, err error) {
	p.states++
	observed := slices.Sorted(maps.Keys(cluster.Composed))
	snapshot := contents(cluster)
	forks := make([]*simulator.Cluster, len(after))
	for i := range after {
		forks[i] = cluster.Fork()
	}
	if was, err = cluster.Step(); err != nil {
		return nil, false, fmt.Errorf("the earlier functions: %w", err)
	}
	for i, s := range after {
		forks[i].Pipeline = s.pipeline
		is, err := forks[i].Reconcile()
		at := title + ", " + s.title
		switch {
		case err != nil:
			return nil, false, fmt.Errorf("%s: %w", at, err)
		case was.Fatal != "":
			continue // What was wanted did not count.
		case is.Fatal != "":
			p.add(at, difference{resource: composite, field: fieldFatal, is: is.Fatal})
			continue
		}
		p.compared += len(observed)
		p.add(at, resources(observed, was.Desired, is.Desired)...)
		for name := range is.Desired {
			if _, both := was.Desired[name]; end && !both {
				p.add(at, difference{resource: name, field: fieldAdded})
			}
		}
	}
	return was, !maps.EqualFunc(snapshot, contents(cluster), simulator.Same), nil
}

// takeOver lets today's functions play on: what is composed stays as it is, and a composite that was ready stays ready. One that was
// refused before may be refused again.
func (p *proof) takeOver(title string, cluster *simulator.Cluster, s successor, fatal bool) error {
	ready, refused, before := cluster.Ready(), len(cluster.Cloud.Violations), contents(cluster)
	cluster.Pipeline = s.pipeline
	for range takeover {
		round, err := cluster.Step()
		if err != nil {
			return fmt.Errorf("%s: %w", title, err)
		}
		if round.Fatal != "" && !fatal {
			p.add(title, difference{resource: composite, field: fieldFatal, is: round.Fatal})
		}
		for _, d := range round.Deleted {
			p.add(title, difference{resource: d.Name, field: fieldRemoved})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if now, ok := cluster.Composed[name]; ok {
			p.add(title, objects(name, before[name], now.Object)...)
		}
	}
	for _, violation := range cluster.Cloud.Violations[refused:] {
		p.add(title, difference{resource: composite, field: fieldRefused, is: violation})
	}
	if ready && !cluster.Ready() {
		p.add(title, difference{resource: composite, field: fieldReady, is: unready(cluster)})
	}
	return nil
}

// unready is what a composite says of why it is not ready.
func unready(cluster *simulator.Cluster) string {
	var words []string
	for _, c := range cluster.Conditions {
		if c.Status != "True" && c.Message != "" {
			words = append(words, c.Type+": "+c.Message)
		}
	}
	return strings.Join(words, "; ")
}

func (p *proof) add(at string, found ...difference) {
	for _, d := range found {
		if p.seen[d]++; p.seen[d] == 1 {
			p.first[d] = at
		}
	}
}

// contents of a cluster: objects are never written, so they can be kept.
func contents(cluster *simulator.Cluster) map[string]*structpb.Struct {
	all := make(map[string]*structpb.Struct, len(cluster.Composed))
	for name, composed := range cluster.Composed {
		all[name] = composed.Object
	}
	return all
}
