package naming

import (
	"regexp"
	"strings"
	"testing"

	"github.com/goldenpath-dev/goldenpath/functions/internal/budget"
)

// legalDatabase is what PostgreSQL and MySQL on RDS both take as DBName.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
var legalDatabase = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)

func checkDatabase(t *testing.T, got string) {
	t.Helper()
	if !legalDatabase.MatchString(got) {
		t.Errorf("%q is not a letter and up to 62 letters, digits and underscores", got)
	}
	if strings.HasPrefix(got, "pg_") || strings.HasPrefix(got, "rds") {
		t.Errorf("%q has a start that is reserved", got)
	}
	if strings.Contains(reservedWords, " "+got+" ") {
		t.Errorf("%q is a word that an engine reserves", got)
	}
}

func TestDatabase(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ name, want string }{
		"legal stays":              {"orders", "orders"},
		"hyphens are underscores":  {"orders-v2", "orders_v2"},
		"63 characters stay":       {strings.Repeat("a", 63), strings.Repeat("a", 63)},
		"reserved word":            {"user", "user_f6eb4a78c6"},
		"digit first":              {"9lives", "x_9lives_595260c1cf"},
		"two hyphens":              {"a--b", "a_b_5c2b80a5b8"},
		"dot":                      {"orders.v2", "orders_v2_06b0f5fa18"},
		"word that holds a word":   {"users", "users"},
		"start of PostgreSQL":      {"pg-orders", "x_pg_orders_15f693fb1d"},
		"start of RDS":             {"rdsadmin", "x_rdsadmin_4108aa2d64"},
		"start of RDS, with words": {"rds-orders", "x_rds_orders_b3c8077bd6"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			got := Database(Subject{UID: "6f1d3a52", Name: tc.name})
			checkDatabase(t, got)
			if got != tc.want {
				t.Errorf("Database() = %q, want %q", got, tc.want)
			}
		})
	}
}

func TestDatabaseIsLegalForEveryKubernetesName(t *testing.T) {
	t.Parallel()
	for reason, name := range kubernetesNames() {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			checkDatabase(t, Database(Subject{UID: "u", Name: name}))
		})
	}
	for word := range strings.FieldsSeq(reservedWords) {
		checkDatabase(t, Database(Subject{UID: "u", Name: strings.ReplaceAll(word, "_", "-")}))
	}
}

// The engines' own databases and words that a person would really name a service after.
func TestReservedWordsHoldWhatMatters(t *testing.T) {
	t.Parallel()
	for _, word := range []string{
		"postgres", "template0", "template1", "mysql", "sys", "information_schema", "performance_schema", "user", "order", "group",
		"table", "database", "select", "default", "system", "rdsadmin", "pg_catalog",
	} {
		if !ReservedDatabase(word) {
			t.Errorf("%q is not among the reserved words", word)
		}
	}
}

func FuzzDatabase(f *testing.F) {
	for _, name := range kubernetesNames() {
		f.Add("uid", name)
	}
	f.Add("", "user")
	f.Add("", "pg-x")
	f.Add("", "rds")
	f.Add("", "pg.")
	f.Fuzz(func(t *testing.T, uid, name string) {
		defer budget.Start(t, len(uid)+len(name))()
		s := Subject{UID: uid, Name: name}
		got := Database(s)
		checkDatabase(t, got)
		if again := Database(s); again != got {
			t.Errorf("the same input gives %q and %q", got, again)
		}
	})
}
