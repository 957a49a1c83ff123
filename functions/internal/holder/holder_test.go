package holder

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"sigs.k8s.io/yaml"

	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/rds"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

const (
	seen    = `status: {atProvider: {arn: "arn:x", resourceId: db-1}`
	updates = `, spec: {managementPolicies: [Observe, Update]}`
	creates = `, spec: {initProvider: {replicateSourceDb: "arn:x"}}`
	lost    = `, conditions: [{type: Synced, status: "False", message: 'the following update requires replacing it: cannot change the value of the ` +
		`argument "engine" from "" to "postgres"'}]`
	anew = `, metadata: {annotations: {platform.io/made-anew: db-1}}`
)

// What is known of a holder decides how it is composed.
func TestOf(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		why, observed, consent, remembered string
		want                               Holder
	}{
		"Never":    {why: "there never was one", want: Holder{}},
		"Creating": {why: "it has no ARN yet", observed: `{kind: Instance}`, want: Holder{ID: unknownID}},
		"ToBeMadeAgain": {
			why: "initProvider says what forProvider says", want: Holder{ID: unknownID},
			observed: `{kind: Instance, spec: {forProvider: {engine: mysql}, initProvider: {engine: mysql}}}`,
		},
		"Touched": {
			why: "the real provider writes an empty initProvider", observed: `{kind: Instance, spec: {initProvider: {}}}`, want: Holder{ID: unknownID},
		},
		"There":         {why: "the ARN is reported", observed: `{` + seen + `}}`, want: Holder{Made: true, ID: "db-1"}},
		"StatusLost":    {why: "by its policies", observed: `{kind: Instance` + updates + `}`, want: Holder{Made: true, ID: unknownID}},
		"StatusLostToo": {why: "by what it is made from", observed: `{kind: Instance` + creates + `}`, want: Holder{Made: true, ID: unknownID}},
		"Lost":          {why: "nobody consents", observed: `{` + seen + lost + `}` + updates + `}`, want: Holder{Made: true, Lost: true, ID: "db-1"}},
		"ConsentForAnother": {
			why: "to the loss of something else", observed: `{` + seen + lost + `}` + updates + `}`, consent: "other",
			want: Holder{Made: true, Lost: true, ID: "db-1"},
		},
		"ConsentAhead": {
			why: "it is there: the consent does nothing", observed: `{` + seen + `}}`, consent: "it", want: Holder{Made: true, ID: "db-1"},
		},
		"Consent": {
			why: "it is made anew", observed: `{` + seen + lost + `}` + updates + `}`, consent: "other, it",
			want: Holder{Lost: true, ID: "db-1", Anew: "db-1", Begins: true},
		},
		"Again": {
			why: "it is being made", observed: `{` + seen + `}` + anew + `}`, consent: "it", want: Holder{ID: "db-1", Anew: "db-1"},
		},
		"Served": {
			why:      "another one is there, and the consent has served",
			observed: `{status: {atProvider: {arn: "arn:x", resourceId: db-2}` + lost + `}` + updates + anew + `}`, consent: "it",
			want: Holder{Made: true, Lost: true, ID: "db-2", Anew: "db-1"},
		},
		"ConsentTakenBack": {
			why: "before it is made", observed: `{` + seen + lost + `}` + updates + anew + `}`, want: Holder{Made: true, Lost: true, ID: "db-1"},
		},
		"ManagedResourceGone":            {why: "the status remembers it", remembered: "db-1", want: Holder{Made: true, ID: "db-1"}},
		"ManagedResourceGoneWithConsent": {why: "it is made anew", remembered: "db-1", consent: "it", want: Holder{ID: "db-1", Anew: "db-1", Begins: true}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := plan.In{
				XR:       parse(t, `{metadata: {annotations: {platform.io/allow-data-loss: "`+tc.consent+`"}}}`),
				Observed: one{parse(t, tc.observed)},
			}
			got := Of(in, "it", "resourceId", tc.remembered)
			tc.want.Name = "it"
			if diff := cmp.Diff(tc.want, got, cmpopts.IgnoreUnexported(Holder{})); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.why, diff)
			}
			if adopts := got.Adopt(in).externalName; (adopts != "") != (tc.observed == "" && got.Made) {
				t.Errorf("%s: it looks for %q", tc.why, adopts)
			}
		})
	}
}

// What a second creation is made from stands there as long as the first one does, and something else in its place afterwards: the last field
// of an object that the provider owns too cannot be taken away.
func TestFrom(t *testing.T) {
	t.Parallel()
	const composed = `{spec: {forProvider: {engine: mysql}, initProvider: {replicateSourceDb: "arn:x"}}}`
	const again = `{spec: {forProvider: {engine: mysql}, initProvider: {engine: mysql}}}`
	itself, instead := map[string]string{"replicateSourceDb": "arn:x"}, map[string]string{"engine": "mysql"}
	cases := map[string]struct {
		why, observed, value string
		made, retain         bool
		want                 map[string]string
	}{
		"Never":    {why: "it may be made, and nothing stands there", value: "arn:x"},
		"Touched":  {why: "what the provider writes is nothing", observed: `{spec: {initProvider: {}}}`, value: "arn:x"},
		"Made":     {why: "it is made", observed: `{kind: Instance}`, value: "arn:x", made: true, want: itself},
		"Retained": {why: "nothing may create it at all", observed: `{kind: Instance}`, value: "arn:x", made: true, retain: true},
		"NotKnown": {why: "nothing says what from", observed: `{kind: Instance}`, made: true},
		"Stays":    {why: "as it was composed", observed: composed, value: "arn:y", made: true, want: itself},
		"Since":    {why: "it is retained now", observed: composed, value: "arn:x", made: true, retain: true, want: itself},
		"Anew":     {why: "it may be made again", observed: composed, value: "arn:x", want: instead},
		"Still":    {why: "it has been so since", observed: again, value: "arn:x", want: instead},
		"Again":    {why: "another one is made", observed: again, value: "arn:x", made: true, want: itself},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := Holder{Name: "it", Made: tc.made}.From(plan.In{Observed: one{parse(t, tc.observed)}}, "replicateSourceDb", tc.value, "engine")
			r := &managed.Resource[*rds.Instance]{Retain: tc.retain}
			Write(h, r)
			if diff := cmp.Diff(tc.want, r.Itself); diff != "" || r.Made != tc.made {
				t.Errorf("%s: made %v (-want +got):\n%s", tc.why, r.Made, diff)
			}
		})
	}
}

// one is the only thing that is observed.
type one struct{ o object.Object }

func (o one) Get(string) object.Object            { return o.o }
func (o one) Connection(string) map[string][]byte { return nil }
func (o one) Names(string) []string               { return nil }

func parse(t *testing.T, text string) object.Object {
	t.Helper()
	if text == "" {
		return object.Object{}
	}
	f := map[string]any{}
	if err := yaml.Unmarshal([]byte(text), &f); err != nil {
		t.Fatal(err)
	}
	o, err := object.FromValue(f)
	if err != nil {
		t.Fatal(err)
	}
	return o
}
