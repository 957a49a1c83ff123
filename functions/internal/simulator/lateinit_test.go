package simulator_test

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/simulator"
	"github.com/goldenpath-dev/goldenpath/internal/cloud"
)

// decisionsFile says how every field that late initialisation would write is decided.
const decisionsFile = root + "/internal/cloud/law/decisions.yaml"

// Ways in which a field is decided for a resource. All but the last are seen, and not believed.
const (
	// composed: our functions say it.
	composed = "composed"
	// keptOut: the managementPolicies have no LateInitialize.
	keptOut = "kept out"
	// unreported: AWS has no value, or a zero one, which is never copied.
	unreported = "not reported"
	// copied: the provider writes it into the spec, and that is harmless for a reason.
	copied = "copied"
)

// decision is an entry of the file.
type decision struct {
	// Is are the ways that occur, of all resources of the kind in all states.
	Is string `json:"is"`
	// Harmless is why it does no harm where it is copied.
	Harmless string `json:"harmless,omitempty"`
}

// seen are the ways by kind and field.
type seen map[string]map[string]map[string]bool

func (s seen) note(kind, field, way string) {
	if s[kind] == nil {
		s[kind] = map[string]map[string]bool{}
	}
	if s[kind][field] == nil {
		s[kind][field] = map[string]bool{}
	}
	s[kind][field][way] = true
}

// watch a round: what is wanted, and what became of it.
func (s seen) watch(kinds map[string]cloud.Facts, cluster *simulator.Cluster, round *simulator.Round) {
	for name, d := range round.Desired {
		wanted, is := object.Of(d.GetResource()), cluster.Get(name)
		kind := cloud.KindOf(wanted.APIVersion(), wanted.Kind())
		policies := wanted.Strings("spec", "managementPolicies")
		out := len(policies) > 0 && !slices.Contains(policies, "*") && !slices.Contains(policies, "LateInitialize")
		for _, field := range kinds[kind].Law.LateInitialised() {
			path := append([]string{"spec", "forProvider"}, strings.Split(field, ".")...)
			switch {
			case wanted.Has(path...) || below(wanted, path):
				s.note(kind, field, composed)
			case out:
				s.note(kind, field, keptOut)
			case is.Has(path...):
				s.note(kind, field, copied)
			default:
				s.note(kind, field, unreported)
			}
		}
	}
	for name, child := range round.Children {
		s.watch(kinds, cluster.Child(name), child)
	}
}

// below says that a field is one of each item of a list that is said as a whole.
func below(o object.Object, path []string) bool {
	for i := 3; i < len(path); i++ {
		for _, item := range o.List(path[:i]...) {
			if item.Has(path[i:]...) {
				return true
			}
		}
	}
	return false
}

// decided are the entries, with the reasons that stand in the file.
func (s seen) decided(written map[string]map[string]decision) map[string]map[string]decision {
	out := map[string]map[string]decision{}
	for kind, fields := range s {
		out[kind] = map[string]decision{}
		for field, ways := range fields {
			if ways[copied] || ways[composed] || ways[keptOut] {
				// Before the provider has looked, nothing is reported of anything.
				delete(ways, unreported)
			}
			d := decision{Is: strings.Join(slices.Sorted(maps.Keys(ways)), ", ")}
			if ways[copied] {
				d.Harmless = written[kind][field].Harmless
			}
			out[kind][field] = d
		}
	}
	return out
}

// TestEveryLateInitialisedFieldIsDecided plays every example in both flavours and holds the file against what is really composed and
// copied. With -update it writes what is seen; a reason has to be written by a person.
func TestEveryLateInitialisedFieldIsDecided(t *testing.T) {
	written := map[string]map[string]decision{}
	raw, err := os.ReadFile(decisionsFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(raw, &written); err != nil {
		t.Fatal(err)
	}
	kinds, s := cloud.Kinds(), seen{}
	playEverything(t, func(cluster *simulator.Cluster, round *simulator.Round) { s.watch(kinds, cluster, round) })
	for kind, facts := range kinds {
		if facts.Ruled() && len(facts.Law.LateInitialised()) > 0 && s[kind] == nil {
			t.Errorf("no example composes a %s", kind)
		}
	}
	decided := s.decided(written)
	if *update {
		document, err := yaml.Marshal(decided)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(decisionsFile, append([]byte(decisionsHead), document...), 0o644); err != nil {
			t.Fatal(err)
		}
		written = decided
	}
	if diff := cmp.Diff(written, decided); diff != "" {
		t.Errorf("%s is not what is composed (-written +seen). What is seen is written by go test ./functions/internal/simulator -run %s "+
			"-update; decide what is new in it\n%s", decisionsFile, t.Name(), diff)
	}
	for kind, fields := range decided {
		for field, d := range fields {
			if strings.Contains(d.Is, copied) && len(d.Harmless) < 20 {
				t.Errorf("%s: late initialisation writes %s into the spec. Compose it, keep it out (Following), or write why it does no harm",
					kind, field)
			}
		}
	}
}

const decisionsHead = `# How every field is decided that the provider would late-initialise (law.json): by kind and field.
# is: composed (our functions say it, if only because they hold on to what is there), kept out (managementPolicies without LateInitialize),
# not reported (AWS has no value, or a zero one, which is never copied), copied (the provider writes it into the spec; then harmless says why
# that does no harm). Where several stand, each is true of some resources or states. "is" is seen in a run of all examples, in both flavours;
# only "harmless" is written by hand. See functions/internal/simulator/lateinit_test.go.
`

// playEverything plays every example in both flavours until it rests.
func playEverything(t *testing.T, watch func(*simulator.Cluster, *simulator.Round)) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(allExamples, "*", "*", "xr.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples (%v)", err)
	}
	const rounds = 12
	for _, file := range files {
		example, err := filepath.Rel(allExamples, filepath.Dir(file))
		if err != nil {
			t.Fatal(err)
		}
		c, err := simulator.ReadCase(filepath.Dir(file))
		if err != nil {
			t.Fatal(err)
		}
		for _, cluster := range bothFlavours(t, example, c) {
			for range rounds {
				round, err := cluster.Step()
				if err != nil {
					t.Fatalf("%s: %v", example, err)
				}
				watch(cluster, round)
			}
		}
	}
}

// bothFlavours of an example from its beginning, and as it is in its files.
func bothFlavours(t *testing.T, example string, c simulator.Case) []*simulator.Cluster {
	t.Helper()
	first := playExample(t, example, simulator.NewClock(rendered()))
	second := other(c).Cluster(first.Pipeline...)
	third := c.Cluster(first.Pipeline...)
	second.Composites, third.Composites = first.Composites, first.Composites
	return []*simulator.Cluster{first, second, third}
}
