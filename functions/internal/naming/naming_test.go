package naming

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/goldenpath-dev/goldenpath/functions/internal/budget"
)

// legal is the strictest alphabet of the services that take a name: RDS identifiers.
var legal = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// checkUnique is what every name from Unique has to satisfy.
func checkUnique(t *testing.T, got string, limit int) {
	t.Helper()
	if len(got) > limit {
		t.Errorf("%q has %d characters, more than %d", got, len(got), limit)
	}
	if !legal.MatchString(got) {
		t.Errorf("%q is not lower-case letters, digits and single hyphens, with a letter first and no hyphen last", got)
	}
	if strings.HasPrefix(got, "sg-") {
		t.Errorf("%q starts with sg-, which EC2 refuses", got)
	}
}

// kubernetesNames are legal names of Kubernetes objects that a service may refuse.
func kubernetesNames() map[string]string {
	return map[string]string{
		"plain":                    "orders",
		"digit first":              "9lives",
		"two hyphens":              "a--b",
		"dots":                     "orders.v2",
		"one letter":               "a",
		"one digit":                "7",
		"63 characters":            strings.Repeat("a", 63),
		"63 digits":                strings.Repeat("1", 63),
		"hyphen where it is cut":   strings.Repeat("a", 51) + "-" + strings.Repeat("b", 11),
		"hyphens where it is cut":  strings.Repeat("a", 40) + strings.Repeat("-", 22) + "b",
		"253 characters with dots": strings.Repeat("abcdefghi.", 25) + "abc",
		"reserved start":           "sg-orders",
		"reserved start, alone":    "sg",
		"reserved start, by a dot": "sg.orders",
		"only hyphens inside":      "a" + strings.Repeat("-", 61) + "b",
	}
}

func TestUniqueIsLegalForEveryKubernetesName(t *testing.T) {
	t.Parallel()
	suffixes := []struct{ purpose, level string }{
		{"", ""}, {"final", ""}, {"", "reader"}, {"database-security-group", ""}, {"database-parameter-group-postgres17", ""},
		{"database-ingress-10-20-30-0-24", ""}, {strings.Repeat("p", 80), "writer"}, {"purpose", strings.Repeat("l", 80)}, {"9", "--"},
	}
	for reason, name := range kubernetesNames() {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			for _, s := range suffixes {
				for _, limit := range []int{20, 32, LimitRDS, LimitKubernetes, LimitKubernetesName} {
					checkUnique(t, Unique(Subject{UID: "u", Name: name}, s.purpose, s.level, limit), limit)
				}
			}
		})
	}
}

func TestUnique(t *testing.T) {
	t.Parallel()
	orders := Subject{UID: "6f1d3a52", Kind: "appdatabase", Namespace: "team-checkout", Name: "orders"}
	cases := map[string]struct {
		subject        Subject
		purpose, level string
		limit          int
		want           string
	}{
		// A change here renames cloud resources: the values are API.
		"name alone":            {orders, "", "", LimitRDS, "orders-98d278f47f"},
		"with a level":          {orders, "", "reader", LimitKubernetes, "orders-reader-a1772492e5"},
		"with a purpose":        {orders, "final", "", LimitRDS, "orders-final-dd7a759c39"},
		"mended":                {Subject{UID: "6f1d3a52", Name: "9lives"}, "", "", LimitRDS, "x-9lives-98d278f47f"},
		"shortened":             {orders, "final", "", 18, "o-final-dd7a759c39"},
		"reserved start":        {Subject{UID: "6f1d3a52", Name: "sg"}, "", "", LimitRDS, "s-98d278f47f"},
		"reserved start by cut": {Subject{UID: "6f1d3a52", Name: "sgx"}, "final", "", 19, "s-final-dd7a759c39"},
		"no room for a purpose": {orders, "final", "", 16, "order-dd7a759c39"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			if got := Unique(tc.subject, tc.purpose, tc.level, tc.limit); got != tc.want {
				t.Errorf("Unique() = %q, want %q", got, tc.want)
			}
		})
	}
}

// tuple is what a hash is over. What is written before the hash is the same for all of them in the test, so that only the
// hash tells them apart.
type tuple struct{ uid, purpose, level string }

// tuples are random ones and, for every second one, all ways to split the same characters elsewhere.
func tuples(n int) map[tuple]struct{} {
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a fixed seed makes a failure reproducible
	word := func() string {
		b := make([]byte, random.IntN(8))
		for i := range b {
			b[i] = "ab-"[random.IntN(3)]
		}
		return string(b)
	}
	set := make(map[tuple]struct{}, n)
	for len(set) < n {
		t := tuple{word(), word(), word()}
		set[t] = struct{}{}
		all := t.uid + t.purpose + t.level
		for range 2 {
			i, j := random.IntN(len(all)+1), random.IntN(len(all)+1)
			i, j = min(i, j), max(i, j)
			set[tuple{all[:i], all[i:j], all[j:]}] = struct{}{}
		}
	}
	return set
}

func TestDifferentTuplesNeverCollide(t *testing.T) {
	t.Parallel()
	const n = 200_000
	seen := make(map[string]tuple, n)
	for tp := range tuples(n) {
		name := Unique(Subject{UID: tp.uid, Name: "orders"}, tp.purpose, tp.level, 16)
		if other, twice := seen[name]; twice {
			t.Fatalf("%+v and %+v are both %q", tp, other, name)
		}
		seen[name] = tp
	}
	t.Logf("figures: %d tuples, no two with the same name", len(seen))
}

func TestNamesThatReadTheSameDiffer(t *testing.T) {
	t.Parallel()
	cases := map[string][2]tuple{
		"the level takes a part of the purpose": {{"u", "a-b", "c"}, {"u", "a", "b-c"}},
		"purpose and level change places":       {{"u", "a", ""}, {"u", "", "a"}},
		"the uid ends where the purpose begins": {{"u-a", "b", ""}, {"u", "a-b", ""}},
		"the parts hold a separator":            {{"u", "a\x00b", ""}, {"u", "a", "\x00b"}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			a := Unique(Subject{UID: tc[0].uid, Name: "orders"}, tc[0].purpose, tc[0].level, LimitRDS)
			b := Unique(Subject{UID: tc[1].uid, Name: "orders"}, tc[1].purpose, tc[1].level, LimitRDS)
			if a == b {
				t.Errorf("both are %q", a)
			}
		})
	}
}

func TestMend(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ name, want string }{
		"legal stays":         {"orders-v2", "orders-v2"},
		"digit first":         {"9lives", "x-9lives"},
		"two hyphens":         {"a--b", "a-b"},
		"dot":                 {"orders.v2", "orders-v2"},
		"dot beside a hyphen": {"a.-b", "a-b"},
		"capitals":            {"Orders", "orders"},
		"reserved start":      {"sg-orders", "x-sg-orders"},
		"ends":                {"-a-", "a"},
		"nothing":             {"", "x"},
		"nothing legal":       {"--", "x"},
		"other scripts":       {"größe", "gr-e"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			got := Mend(tc.name)
			if got != tc.want {
				t.Errorf("Mend(%q) = %q, want %q", tc.name, got, tc.want)
			}
			if again := Mend(got); again != got {
				t.Errorf("Mend is not stable: %q becomes %q", got, again)
			}
		})
	}
}

func TestHash(t *testing.T) {
	t.Parallel()
	if got := Hash("a", "b"); !regexp.MustCompile(`^[0-9a-f]{10}$`).MatchString(got) {
		t.Errorf("Hash() = %q, want ten hex digits", got)
	}
	if Hash("ab", "c") == Hash("a", "bc") {
		t.Error("the parts of a hash are joined ambiguously")
	}
}

func FuzzUnique(f *testing.F) {
	for _, name := range kubernetesNames() {
		f.Add("uid", name, "database-instance", "reader", 63)
	}
	f.Add("", "", "", "", 20)
	f.Fuzz(func(t *testing.T, uid, name, purpose, level string, limit int) {
		defer budget.Start(t, len(uid)+len(name)+len(purpose)+len(level))()
		// A limit below twenty leaves no room for a readable part: no service has one.
		limit = 20 + abs(limit)%234
		s := Subject{UID: uid, Name: name}
		got := Unique(s, purpose, level, limit)
		checkUnique(t, got, limit)
		if again := Unique(s, purpose, level, limit); again != got {
			t.Errorf("the same input gives %q and %q", got, again)
		}
		if other := Unique(s, purpose, level+"x", limit); other == got {
			t.Errorf("levels %q and %q are both %q", level, level+"x", got)
		}
	})
}

func abs(n int) int {
	if n < 0 {
		return -(n + 1)
	}
	return n
}
