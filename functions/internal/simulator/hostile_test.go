package simulator_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
	"sigs.k8s.io/yaml"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/quote"
	"github.com/goldenpath-dev/goldenpath/functions/internal/simulator"
)

// Places of a text in a spec that are not fields: the first item of a list, the value of an entry, and its name.
const (
	item  = "[]"
	value = "{}"
	name  = "{name}"
)

// places of all texts in the spec of a kind, as its schema lists them.
func places(t *testing.T, plural string) [][]string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(root, "apis", plural, "definition.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := yaml.Unmarshal(raw, &fields); err != nil {
		t.Fatal(err)
	}
	definition, err := object.FromValue(fields)
	if err != nil {
		t.Fatal(err)
	}
	schema := definition.List("spec", "versions")[0].At("schema", "openAPIV3Schema", "properties", "spec")
	var found [][]string
	var walk func(at object.Object, path []string)
	walk = func(at object.Object, path []string) {
		if at.String("type") == "string" {
			found = append(found, path)
		}
		if items := at.At("items"); !items.IsZero() {
			walk(items, append(slices.Clone(path), item))
		}
		if values := at.At("additionalProperties"); !values.IsZero() {
			found = append(found, append(slices.Clone(path), name))
			walk(values, append(slices.Clone(path), value))
		}
		properties := at.At("properties")
		for _, key := range slices.Sorted(slices.Values(properties.Keys())) {
			walk(properties.At(key), append(slices.Clone(path), key))
		}
	}
	walk(schema, nil)
	return found
}

// put is a value with a text at a place in it.
func put(v *structpb.Value, path []string, text string) *structpb.Value {
	if len(path) == 0 {
		return structpb.NewStringValue(text)
	}
	switch key := path[0]; key {
	case item:
		items := slices.Clone(v.GetListValue().GetValues())
		if len(items) == 0 {
			items = []*structpb.Value{nil}
		}
		items[0] = put(items[0], path[1:], text)
		return structpb.NewListValue(&structpb.ListValue{Values: items})
	case name:
		return structpb.NewStructValue(simulator.With(v.GetStructValue(), structpb.NewStringValue("1"), text))
	case value:
		key = "work_mem"
		return structpb.NewStructValue(simulator.With(v.GetStructValue(), put(nil, path[1:], text), key))
	default:
		return structpb.NewStructValue(simulator.With(v.GetStructValue(), put(v.GetStructValue().GetFields()[key], path[1:], text), key))
	}
}

// told is everything that a round says to people.
func told(round *simulator.Round) []string {
	all := []string{round.Fatal}
	for _, c := range round.Answered {
		all = append(all, c.GetMessage())
	}
	for _, r := range round.Last.GetResults() {
		all = append(all, r.GetMessage())
	}
	return all
}

// beginning is an example before anything is composed, or when it is ready.
type beginning struct {
	name, plural string
	cluster      *simulator.Cluster
}

func hostileBeginnings(t *testing.T) []beginning {
	t.Helper()
	var all []beginning
	for _, dir := range []string{
		"appdatabases/01-new", "appdatabases/29-restore-point-in-time", "environments/01-new", "environments/02-preview-shared-network", "environments/03-staging-dedicated-network",
		"networks/01-new", "networks/05-existing", "networks/12-interface-endpoints", "networks/15-routes",
	} {
		clock := simulator.NewClock(now())
		cluster := playExample(t, dir, clock)
		all = append(all, beginning{dir, filepath.Dir(dir), cluster.Fork()})
		for range 12 {
			if _, err := cluster.Step(); err != nil {
				t.Fatal(err)
			}
		}
		all = append(all, beginning{dir + ", running", filepath.Dir(dir), cluster})
	}
	return all
}

// play plays one round in which a text stands at a place of the claim.
func (b beginning) play(t *testing.T, path []string, text string) *simulator.Round {
	t.Helper()
	cluster := b.cluster.Fork()
	xr := proto.Clone(cluster.XR).(*structpb.Struct) //nolint:forcetypeassert // A clone has the type of the original.
	xr.Fields["spec"] = put(xr.GetFields()["spec"], path, text)
	cluster.XR = xr
	round, err := cluster.Reconcile()
	if err != nil {
		t.Fatalf("%s: %s: %v", b.name, strings.Join(path, "."), err)
	}
	return round
}

// A message repeats a hundred characters at most of what somebody wrote, wherever it stands: the rest is for nobody to read, and etcd and
// every list of objects would carry it.
func TestMessagesQuoteLittle(t *testing.T) {
	t.Parallel()
	for _, b := range hostileBeginnings(t) {
		for _, path := range places(t, b.plural) {
			// As long as what names something may be, and as the longest of all.
			for _, text := range []string{strings.Repeat("a", 253), strings.Repeat("0", 253), strings.Repeat("-", 1024), strings.Repeat("a", 1<<20)} {
				for _, message := range told(b.play(t, path, text)) {
					if strings.Contains(message, text[:quote.Longest+1]) {
						t.Errorf("%s: %s with %d of %q: %.400s", b.name, strings.Join(path, "."), len(text), text[:1], message)
						break
					}
				}
			}
		}
	}
}

// hostile texts of about so many bytes: what parsers count, look for and go back over.
func hostile(size int) map[string]string {
	texts := map[string]string{}
	for reason, part := range map[string]string{
		"letters": "a", "digits": "9", "a quantity": "9e-999999999", "signs": "-", "brackets": "(", "braces": "{DB", "paths": "../", "commas": "a,", "wide": "ä",
		"ranges": "10.0.0.0/8", "certificates": "-----BEGIN CERTIFICATE-----\n", "half certificates": "-----BEGIN \n", "ends": "-----END ", "spaces": " ",
		"underscores": "work_mem", "stars": "*", "colons": "arn:aws:", "NUL": "\x00", "days": "sun:", "tokens": "hvs.",
	} {
		texts[reason] = strings.Repeat(part, size/len(part)+1)
	}
	return texts
}

// stopwatch remembers the slowest of each kind of text.
type stopwatch struct {
	t     *testing.T
	worst map[string]time.Duration
}

// time one text somewhere. Bytes that are fewer have the same time: what is not linear shows at a megabyte.
func (s stopwatch) time(where, reason string, bytes int, play func()) {
	const most = time.Second
	start := time.Now()
	play()
	took := time.Since(start)
	if took > most {
		s.t.Errorf("%d bytes of %s in %s take %s, and may take %s", bytes, reason, where, took, most)
	}
	if took > s.worst[reason] {
		s.worst[reason] = took
	}
}

func (s stopwatch) print() {
	for _, what := range slices.Sorted(maps.Keys(s.worst)) {
		s.t.Logf("seconds for a megabyte at most: %.4f %s", s.worst[what].Seconds(), what)
	}
}

// A megabyte costs the time of a look at it, wherever it stands in a claim, and so does as much as the bounds let pass: 253 characters, 1024
// for the value of a parameter, 64 KiB for a certificate. The figures are for the closing note.
func TestHostileTextCostsItsLength(t *testing.T) {
	t.Parallel()
	watch := stopwatch{t, map[string]time.Duration{}}
	texts := hostile(1 << 20)
	reasons := slices.Sorted(maps.Keys(texts))
	each := 4
	if testing.Short() {
		each = 1
	}
	for n, b := range hostileBeginnings(t) {
		for i, path := range places(t, b.plural) {
			for j := range each { // Every text comes to every place, in one beginning or another.
				reason := reasons[(i+5*n+5*j)%len(reasons)]
				for _, size := range []int{253, 1024, 1 << 16, 1 << 20} {
					text := strings.ToValidUTF8(texts[reason][:size], "")
					watch.time(b.name+": "+strings.Join(path, "."), reason, size, func() { b.play(t, path, text) })
				}
			}
		}
	}
	watch.print()
}

// Nor is more computed of a consent, of fifty parameters that are all wrong, or of what a provider reports.
func TestHostileTextElsewhereCostsItsLength(t *testing.T) {
	t.Parallel()
	watch := stopwatch{t, map[string]time.Duration{}}
	for _, b := range hostileBeginnings(t) {
		for reason, text := range hostile(1 << 20) {
			consents := b.cluster.Fork()
			consents.XR = simulator.With(consents.XR, structpb.NewStringValue(text), "metadata", "annotations", "platform.io/allow-data-loss")
			reports := b.cluster.Fork()
			if names := slices.Sorted(maps.Keys(reports.Composed)); len(names) > 0 {
				composed := reports.Composed[names[0]]
				failed := structpb.NewListValue(&structpb.ListValue{Values: []*structpb.Value{structpb.NewStructValue(parse(t,
					`{type: Synced, status: "False", reason: ReconcileError}`))}})
				composed.Object = simulator.With(composed.Object, put(failed, []string{item, "message"}, text), "status", "conditions")
			}
			for where, cluster := range map[string]*simulator.Cluster{"a consent": consents, "a report": reports} {
				watch.time(b.name+": "+where, reason+" in "+where, len(text), func() {
					if _, err := cluster.Reconcile(); err != nil {
						t.Fatalf("%s: %v", where, err)
					}
				})
			}
		}
	}
	parameters := hostileBeginnings(t)[0]
	for reason, text := range hostile(253) {
		cluster := parameters.cluster.Fork()
		many := map[string]any{}
		for i := range 50 {
			many[strings.ToValidUTF8(text[:200], "")+strings.Repeat("x", i)] = text
		}
		value, err := structpb.NewValue(many)
		if err != nil {
			t.Fatal(err)
		}
		cluster.XR = simulator.With(cluster.XR, value, "spec", "parameters")
		watch.time("fifty parameters", reason+" in parameters", 50*2*253, func() {
			if _, err := cluster.Reconcile(); err != nil {
				t.Fatal(err)
			}
		})
	}
	watch.print()
}
