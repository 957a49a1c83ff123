package vault

import (
	"strings"
	"testing"
)

// A reader cannot write, a writer cannot change tables, and every statement names the user that Vault makes.
func TestCreationStatements(t *testing.T) {
	t.Parallel()
	writes := []string{"INSERT", "UPDATE", "DELETE"}
	changes := []string{"CREATE ON SCHEMA", "ALL PRIVILEGES", "ALTER", "DROP"}
	for name, engine := range engines() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			statements := func(role string) string { return strings.Join(engine.create(role, "shop"), ";\n") }
			for _, role := range []string{"reader", "writer", "admin"} {
				text := statements(role)
				for _, placeholder := range []string{"{{name}}", "{{password}}", "shop", "SELECT"} {
					if role == "admin" && placeholder == "SELECT" && strings.Contains(text, "ALL PRIVILEGES") {
						continue
					}
					if !strings.Contains(text, placeholder) {
						t.Errorf("%s: %q is missing:\n%s", role, placeholder, text)
					}
				}
				if strings.Contains(text, "%!") {
					t.Errorf("%s: a statement is not filled in:\n%s", role, text)
				}
			}
			for _, word := range append(writes, changes...) {
				if strings.Contains(statements("reader"), word) {
					t.Errorf("a reader may %s:\n%s", word, statements("reader"))
				}
			}
			for _, word := range writes {
				if !strings.Contains(statements("writer"), word) {
					t.Errorf("a writer may not %s:\n%s", word, statements("writer"))
				}
			}
			for _, word := range changes {
				if strings.Contains(statements("writer"), word) {
					t.Errorf("a writer may %s:\n%s", word, statements("writer"))
				}
			}
			if revoked := strings.Join(engine.revoke("shop"), ";"); !strings.Contains(revoked, "DROP") || !strings.Contains(revoked, "{{name}}") {
				t.Errorf("a revoked user stays: %s", revoked)
			}
		})
	}
}

// Users of MySQL have to use TLS; PostgreSQL refuses others by its parameter group.
func TestMySQLUsersNeedTLS(t *testing.T) {
	t.Parallel()
	if text := strings.Join(mysqlCreate("reader", "shop"), ";"); !strings.Contains(text, "REQUIRE SSL") {
		t.Errorf("statements = %s", text)
	}
}
