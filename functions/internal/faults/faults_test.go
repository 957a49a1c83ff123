package faults

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/goldenpath-dev/goldenpath/functions/internal/budget"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
)

// config of the samples.
const config = "ClusterProviderConfig staging"

// sample is what a provider really says, and what a person reads.
type sample struct {
	message string
	reason  conditions.Reason
	who     Who
	want    string
}

// samples of all services. The keys are told apart by the service.
func samples() map[string]sample {
	all := map[string]sample{}
	for service, some := range map[string]map[string]sample{
		"aws": awsSamples(), "rds": rdsSamples(), "rds states": rdsStateSamples(), "rds restores": rdsRestoreSamples(), "ec2": ec2Samples(), "iam": iamSamples(),
		"vault": vaultSamples(), "crossplane": crossplaneSamples(),
	} {
		for reason, s := range some {
			all[service+", "+reason] = s
		}
	}
	return all
}

// entries of all services.
func entries() []entry {
	var all []entry
	for _, service := range catalog() {
		all = append(all, service()...)
	}
	return all
}

func TestExplain(t *testing.T) {
	t.Parallel()
	for reason, s := range samples() {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			got, known := Explain(config, s.message)
			if !known || got.Reason != s.reason || got.Who != s.who {
				t.Errorf("Explain() = %v, %s, %s; want %s, %s", known, got.Reason, got.Who, s.reason, s.who)
			}
			if got.Message() != s.want {
				t.Errorf("Message() =\n%s\nwant\n%s", got.Message(), s.want)
			}
			if len(got.Message()) > limit {
				t.Errorf("the message has %d bytes", len(got.Message()))
			}
		})
	}
}

// What two entries explain is explained by chance, and what no sample has is not known to be real.
func TestEachErrorHasOneEntry(t *testing.T) {
	t.Parallel()
	all := entries()
	used := make([]bool, len(all))
	for reason, s := range samples() {
		var by []string
		for n, e := range all {
			if e.applies(Clean(s.message)) {
				used[n] = true
				by = append(by, e.means)
			}
		}
		if len(by) != 1 {
			t.Errorf("%s: explained by %d entries: %q", reason, len(by), by)
		}
	}
	for n, e := range all {
		if !used[n] {
			t.Errorf("no sample is explained by %q", e.means)
		}
	}
}

// An entry leaves room for the provider's words, and is made like the others.
func TestEntries(t *testing.T) {
	t.Parallel()
	told := map[string]bool{}
	for _, e := range entries() {
		sentence := e.sentence(config, answer+"DELETE sys/mounts/"+strings.Repeat("m", mountLength)+" with 400: failed to revoke")
		switch {
		case len(e.codes)+len(e.says) == 0:
			t.Errorf("%q applies to everything", e.means)
		case e.reason == "" || e.means == "" || e.remedy == "":
			t.Errorf("%q is not complete", e.means)
		case e.who != Developer && e.who != PlatformTeam && e.who != Nobody:
			t.Errorf("%q: %q has to act", e.means, e.who)
		case len(sentence) > limit-wordsLeast:
			t.Errorf("%q has %d bytes", sentence, len(sentence))
		case strings.HasSuffix(e.means, ".") || strings.HasSuffix(e.remedy, "."):
			t.Errorf("%q ends with a full stop", sentence)
		case told[e.means]:
			t.Errorf("%q is there twice", e.means)
		}
		told[e.means] = true
	}
}

// The next attempt has other identifiers, and says the same.
func TestMessageOfTheNextAttempt(t *testing.T) {
	t.Parallel()
	again := strings.NewReplacer(
		"5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42", "00000000-1111-2222-3333-444444444444",
		"5edaec05-73f3-4a22-8a3a-cf6ebe39610d", "99999999-1111-2222-3333-444444444444",
		"20251121T14", "20251122T09", "20251121T15", "20251122T10", ":41873->", ":50001->", "1763736051123456789", "1763739999999999999",
		"2_QNDsmBj_", "9_zzzz_", "2025-11-21T14", "2025-11-22T03", "Request ID: 1f2e;", "Request ID: 77aa;",
		"/2Xq\" (1 / 2)", "/9bY\" (1 / 7)", "/h7c\" (1 / 1)", "/k0p\" (3 / 3)",
	)
	changed := 0
	for reason, s := range samples() {
		next := again.Replace(s.message)
		if next != s.message {
			changed++
		}
		got, _ := Explain(config, next)
		if got.Message() != s.want {
			t.Errorf("%s: the next attempt says\n%s\nand not\n%s", reason, got.Message(), s.want)
		}
	}
	if changed < len(samples())/2 {
		t.Errorf("only %d samples differ from one attempt to the next", changed)
	}
}

func TestUnknown(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("word ", 100)
	cases := map[string]struct{ message, want string }{
		"nothing": {"", ""},
		"AWS says something new": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS DB Instance (orders): operation error RDS: " +
				"CreateDBInstance, https response error StatusCode: 400, RequestID: 5f0c, api error InvalidParameterCombination: Something new.  []}]",
			"InvalidParameterCombination: Something new."},
		"Vault says something new": {
			"create failed: async create failed: failed to create the resource: [{0 error writing: Error making API request.\n\nURL: PUT " +
				"http://vault:8200/v1/a/b?c=d\nCode: 400. Errors:\n\n* 2 errors occurred:\n\t* one\n\t* two\n\n  []}]",
			"Vault answers PUT a/b with 400: 2 errors occurred:; one; two"},
		"permission denied without an answer of Vault": {"permission denied", "permission denied"},
		"a code within another":                        {"XAccessDenied: no", "XAccessDenied: no"},
		"a code with more to it":                       {"AccessDeniedForever: no", "AccessDeniedForever: no"},
		"a code in a sentence":                         {"AccessDenied is what it said", "AccessDenied is what it said"},
		"cut at a word":                                {long, strings.Repeat("word ", 79) + "..."},
		"cut where there is no word":                   {strings.Repeat("a", 500), strings.Repeat("a", 396) + " ..."},
		"not cut within a letter":                      {strings.Repeat("ä", 250), strings.Repeat("ä", 198) + " ..."},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			got, known := Explain(config, tc.message)
			if known || got.Reason != "" || got.Who != "" || got.Message() != tc.want {
				t.Errorf("Explain() = %+v, %v; want the words %q", got, known, tc.want)
			}
		})
	}
}

// With a remedy, it is the provider's words that are cut, and not to nothing.
func TestLongWords(t *testing.T) {
	t.Parallel()
	got, _ := Explain("ProviderConfig "+strings.Repeat("n", 300), "ExpiredToken: "+strings.Repeat("word ", 100))
	want := "ExpiredToken:" + strings.Repeat(" word", 31) + " ... AWS does not accept the credentials of ProviderConfig " + strings.Repeat("n", 101) +
		" .... The platform team has to renew them. What runs goes on running"
	if got.Message() != want {
		t.Errorf("Message() =\n%s\nwant\n%s", got.Message(), want)
	}
}

func TestWithoutConfig(t *testing.T) {
	t.Parallel()
	got, _ := Explain("", "connect failed: cannot get credentials secret: secrets \"a\" not found")
	const want = `cannot get credentials secret: secrets "a" not found. The provider has no credentials for the ProviderConfig. ` +
		"The platform team has to create the Secret that it names, with valid credentials. What runs goes on running"
	if got.Message() != want {
		t.Errorf("Message() = %s", got.Message())
	}
}

// FuzzExplain: whatever a provider says, the message is one line of a bounded length, and cleaning it twice changes nothing.
func FuzzExplain(f *testing.F) {
	for s := range maps.Values(samples()) {
		f.Add(config, s.message)
	}
	f.Add("", "a://b:c@d 12345678T123456Z 1.2.3.4:5->1.2.3.4:6 [{0 []} {0 operation error a: b, c ")
	for _, long := range []string{"arn:aws:iam::", "RequestID: ", "{", "\\\"", " ", "error: "} { // A provider says what the cloud says.
		f.Add("ProviderConfig a", strings.Repeat(long, 1<<16))
	}
	f.Fuzz(func(t *testing.T, config, message string) {
		defer budget.Start(t, len(config)+len(message))()
		got, known := Explain(config, message)
		if again := Clean(got.Words); again != got.Words {
			t.Errorf("cleaned twice: %q becomes %q", got.Words, again)
		}
		if strings.ContainsAny(got.Words, "\n\r\t\x00") || strings.Contains(got.Words, "  ") {
			t.Errorf("not one line: %q", got.Words)
		}
		if len(got.Words) > len(message) {
			t.Errorf("%q is longer than %q", got.Words, message)
		}
		if said := got.Message(); len(said) > limit+wordsLeast {
			t.Errorf("%d bytes: %s", len(said), said)
		}
		if known != (got.Remedy != "") {
			t.Error(fmt.Sprint("known ", known, ", with the remedy ", got.Remedy))
		}
		if same, _ := Explain(config, message); same != got {
			t.Errorf("%v, and then %v", got, same)
		}
	})
}
