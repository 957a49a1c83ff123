package sqlaccess

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func roles() []string { return []string{"reader", "writer", "admin"} }

// Group names are told apart whatever the database is called, and PostgreSQL takes each as it is.
func TestGroup(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 63)
	cases := map[string]struct{ database, want string }{
		"plain":                {"shop", "shop_owner"},
		"as long as it may be": {strings.Repeat("a", 57), strings.Repeat("a", 57) + "_owner"},
		"cut by PostgreSQL":    {long, "x_" + strings.Repeat("a", 44) + "_7d3e74a05d_owner"},
		"the next one, which the cut would make equal": {long[:62] + "b", "x_" + strings.Repeat("a", 44) + "_0085f9f520_owner"},
		"PostgreSQL keeps pg_ for itself":              {"pg", "x_pg_d80dc0a202_owner"},
		"in capitals too":                              {"PG", "x_PG_91f026c996_owner"},
		"the users of IAM are called so":               {"iam", "x_iam_d457e3a993_owner"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			got := group(tc.database, "owner")
			if got != tc.want || len(got) > identifierLimit {
				t.Errorf("group() = %q (%d bytes), want %q", got, len(got), tc.want)
			}
			for _, role := range roles() {
				if IAMUsername(role) == group(tc.database, role) {
					t.Errorf("%s is a group and a user", IAMUsername(role))
				}
			}
		})
	}
}

// No statements are better than wrong ones.
func TestUnknown(t *testing.T) {
	t.Parallel()
	for reason, in := range map[string][2]string{"engine": {"oracle", "reader"}, "no engine": {"", "reader"}, "role": {"postgresql", "owner"}, "no role": {"mysql", ""}} {
		if diff := cmp.Diff(Statements{}, For(in[0], "shop", in[1])); diff != "" || IAMUser(in[0], "shop", in[1]) != "" {
			t.Errorf("%s: %s", reason, diff)
		}
	}
}

// end is how Vault's PostgreSQL plugin knows that a statement is not to be cut.
func end() *regexp.Regexp { return regexp.MustCompile(`\bEND\b`) }

// What every statement has to bear, whatever it does: Vault takes spaces off, cuts at semicolons, and fills in names.
func TestStatementsSurviveVault(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{PostgreSQL, MySQL, MariaDB} {
		for _, role := range roles() {
			s := For(engine, "shop_x", role)
			for kind, statements := range map[string][]string{"create": s.Create, "revoke": s.Revoke, "renew": s.Renew, "rollback": s.Rollback} {
				for _, text := range statements {
					where := engine + ", " + role + ", " + kind + ": " + text
					if text == "" || strings.TrimSpace(text) != text {
						t.Errorf("spaces: %s", where)
					}
					if left := regexp.MustCompile(`%!|<[a-z]+>`).FindString(text); left != "" {
						t.Errorf("%s is not filled in: %s", left, where)
					}
					if kind != "create" && strings.Contains(text, "{{password}}") {
						t.Errorf("only a creation has a password: %s", where)
					}
					if strings.Contains(text, "$goldenpath$") && !end().MatchString(text) {
						t.Errorf("Vault cuts a block: %s", where)
					}
					if !strings.Contains(text, "$goldenpath$") {
						checkPieces(t, where, text)
					}
				}
			}
			if joined := strings.Join(append(s.Revoke, s.Rollback...), ";"); strings.Count(joined, "{{name}}") == 0 {
				t.Errorf("%s, %s: nobody is revoked", engine, role)
			}
		}
	}
}

// checkPieces looks at what Vault makes of a statement that it cuts: no piece ends within a literal.
func checkPieces(t *testing.T, where, text string) {
	t.Helper()
	for piece := range strings.SplitSeq(text, ";") {
		if strings.TrimSpace(piece) == "" || strings.Count(piece, "'")%2 != 0 {
			t.Errorf("Vault makes %q of %s", piece, where)
		}
	}
}

func TestPostgreSQLUsersActAsTheirGroup(t *testing.T) {
	t.Parallel()
	for role, group := range map[string]string{"reader": "shop_reader", "writer": "shop_writer", "admin": "shop_owner"} {
		s := For(PostgreSQL, "shop", role)
		user := []string{
			`CREATE ROLE "{{name}}" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}' IN ROLE "` + group + `"`,
			`ALTER ROLE "{{name}}" SET role TO '` + group + `'`,
		}
		if diff := cmp.Diff(user, s.Create[1:3]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", role, diff)
		}
		if more := len(s.Create) > 3; more != (role == "admin") {
			t.Errorf("%s has default privileges of their own: %v", role, more)
		}
		if diff := cmp.Diff([]string{`ALTER ROLE "{{name}}" VALID UNTIL '{{expiration}}'`}, s.Renew); diff != "" {
			t.Errorf("%s, renewal (-want +got):\n%s", role, diff)
		}
		if diff := cmp.Diff(For(PostgreSQL, "shop", "reader").Create[0], s.Create[0]); diff != "" {
			t.Errorf("%s makes other groups (-want +got):\n%s", role, diff)
		}
		for _, text := range s.Create[1:3] {
			if strings.Contains(text, "GRANT") {
				t.Errorf("%s has rights beside the group's: %s", role, text)
			}
		}
	}
}

// A reader and a writer are given nothing on what is created later but what their role is for.
func TestPostgreSQLDefaultPrivileges(t *testing.T) {
	t.Parallel()
	want := []string{
		"USAGE ON SCHEMAS TO writer, reader", "SELECT, INSERT, UPDATE, DELETE ON TABLES TO writer", "SELECT ON TABLES TO reader",
		"USAGE, SELECT ON SEQUENCES TO writer", "SELECT ON SEQUENCES TO reader",
	}
	g := groupsOf("shop")
	short := func(creator string) []string {
		var out []string
		for _, text := range g.defaults(creator) {
			text, found := strings.CutPrefix(text, `ALTER DEFAULT PRIVILEGES FOR ROLE "`+creator+`" GRANT `)
			if !found {
				t.Errorf("not about %s: %s", creator, text)
			}
			out = append(out, strings.NewReplacer(`"`, "", "shop_", "").Replace(text))
		}
		return out
	}
	if diff := cmp.Diff(want, short(g.owner)); diff != "" {
		t.Errorf("owner (-want +got):\n%s", diff)
	}
	own := append(slices.Clone(want), "ALL ON SCHEMAS TO owner", "ALL ON TABLES TO owner", "ALL ON SEQUENCES TO owner")
	if diff := cmp.Diff(own, short("v-admin")); diff != "" {
		t.Errorf("user (-want +got):\n%s", diff)
	}
}

func TestPostgreSQLIAMUser(t *testing.T) {
	t.Parallel()
	for _, role := range roles() {
		text := IAMUser(PostgreSQL, "shop", role)
		for _, part := range []string{
			`CREATE ROLE "iam_` + role + `" LOGIN;`, `GRANT "` + groupsOf("shop").of(role) + `" TO "iam_` + role + `"`,
			`GRANT rds_iam TO "iam_` + role + `"`, `ALTER ROLE "iam_` + role + `" SET role TO`, "COMMENT ON ROLE",
		} {
			if !strings.Contains(text, part) {
				t.Errorf("%s: %q is missing:\n%s", role, part, text)
			}
		}
		given := strings.Index(text, `GRANT "iam_`+role+`" TO CURRENT_USER`)
		if taken := strings.Index(text, `REVOKE "iam_`+role+`" FROM CURRENT_USER`); (given < 0) != (taken < 0) || taken < given {
			t.Errorf("%s: the administrator stays a member of rds_iam and cannot log in with a password:\n%s", role, text)
		}
		if strings.Contains(text, "{{") || strings.Contains(text, "PASSWORD") {
			t.Errorf("%s: there is no Vault and no password:\n%s", role, text)
		}
	}
}
