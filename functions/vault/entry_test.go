package vault

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// entryData is the KV entry in the payload Secret of a plan.
func entryData(t *testing.T, p *plan.Plan) map[string]string {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(wanted(p, namePayload).String("data", payloadKey))
	if err != nil {
		t.Fatal(err)
	}
	if len(raw) == 0 {
		return nil
	}
	var data map[string]string
	if err := json.Unmarshal(raw, &data); err != nil {
		t.Fatalf("the payload is not a JSON object of strings: %v", err)
	}
	return data
}

func TestEntry(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.settle()
	equal(t, "dynamic", map[string]string{"host": "db.example.org", "uri": "postgresql://db.example.org:5432/orders"}, entryData(t, p))
	payload := wanted(p, namePayload)
	equal(t, "entry", fields{
		"namespace": "platform", "mount": "staging-kv", "name": "team-checkout/appdatabase/orders", "deleteAllVersions": true,
		"customMetadata":    []any{fields{"maxVersions": 1.0}},
		"dataJsonSecretRef": fields{"name": payload.Name(), "key": "data.json"},
	}, params(p, nameEntry))
	equal(t, "payload", []string{"v1", "Secret", "team-checkout"}, []string{payload.APIVersion(), payload.Kind(), payload.Namespace()})

	static := newWorld(t).static().settle()
	equal(t, "static", map[string]string{
		"host": "db.example.org", "uri": "postgresql://dbmaster:s3cr3t@db.example.org:5432/orders", "username": "dbmaster", "password": "s3cr3t",
	}, entryData(t, static))

	w = newWorld(t)
	w.legacy = true
	p = w.settle()
	equal(t, "claims flavour", []string{"crossplane-system", "crossplane-system"},
		[]string{wanted(p, namePayload).Namespace(), wanted(p, nameEntry).String("spec", "forProvider", "dataJsonSecretRef", "namespace")})
}

// The provider does not watch the Secret: the entry tells it that there is something new, and then rests.
func TestEntryFollowsItsPayload(t *testing.T) {
	t.Parallel()
	for _, legacy := range []bool{false, true} {
		w := newWorld(t)
		w.legacy = legacy
		told := func() string {
			return wanted(w.settle(), nameEntry).String("metadata", "annotations", "platform.io/payload-version")
		}
		stored := func(version string) { w.observed[namePayload]["metadata"].(fields)["resourceVersion"] = version }
		equal(t, "a Secret without a version", "", told())
		for _, version := range []string{"41", "57"} {
			w.versions = map[string]string{namePayload: version}
			stored(version)
			equal(t, "stored as "+version, version, told())
		}
		equal(t, "at rest", w.step().Resources, w.step().Resources, cmp.Comparer(func(a, b object.Object) bool { return cmp.Equal(a.Map(), b.Map()) }))
		delete(w.observed, namePayload)
		equal(t, "the Secret is away", "57", wanted(w.compose(), nameEntry).String("metadata", "annotations", "platform.io/payload-version"))
	}
}

// The entry is written when it is complete, and keeps what it holds while something is away.
func TestEntryIsCompleteOrAsItWas(t *testing.T) {
	t.Parallel()
	cases := map[string]func(*world){
		"no entry":    func(w *world) { w.wiring.Entry = nil },
		"no details":  func(w *world) { w.connections = nil },
		"no password": func(w *world) { w.connections[holder]["password"] = nil },
		"no username": func(w *world) { delete(w.connections[holder], "username") },
	}
	for reason, lose := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			fresh := newWorld(t).static()
			lose(fresh)
			p := fresh.settle()
			if !wanted(p, namePayload).IsZero() || !wanted(p, nameEntry).IsZero() {
				t.Errorf("an entry that is not complete is written: %v", entryData(t, p))
			}
			w := newWorld(t).static()
			before := entryData(t, w.settle())
			lose(w)
			p = w.compose()
			equal(t, "entry", before, entryData(t, p))
			if wanted(p, nameEntry).IsZero() || len(before) == 0 {
				t.Error("the entry goes")
			}

			delete(w.observed, namePayload)
			if p = w.compose(); wanted(p, nameEntry).IsZero() {
				t.Error("the entry goes with the Secret that it was written from")
			}
		})
	}
}

// Secret values stand in the data of Secrets and nowhere else.
func TestNoSecretValueOutsideOfSecrets(t *testing.T) {
	t.Parallel()
	p := newWorld(t).static().settle()
	for _, r := range p.Resources {
		if r.Object.Kind() != "Secret" && mentions(t, r.Object, "s3cr3t") {
			t.Errorf("%s holds the password", r.Name)
		}
	}
	if mentions(t, p.Status.Done(), "s3cr3t") || strings.Contains(vaultReady(p).Message, "s3cr3t") {
		t.Error("the status holds the password")
	}
	if !strings.Contains(string(mustDecode(t, wanted(p, namePayload).String("data", payloadKey))), "s3cr3t") {
		t.Fatal("the fixture has no password")
	}
}

func mentions(t *testing.T, o object.Object, text string) bool {
	t.Helper()
	raw, err := json.Marshal(o.Map())
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(string(raw), text)
}

func mustDecode(t *testing.T, text string) []byte {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
