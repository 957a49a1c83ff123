package vault

import (
	"testing"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/sqlaccess"
)

// An engine without statements would issue users who may do nothing, or none.
func TestEveryEngineHasStatements(t *testing.T) {
	t.Parallel()
	for name := range engines() {
		for _, role := range []string{"reader", "writer", "admin"} {
			if s := sqlaccess.For(name, "shop", role); len(s.Create) == 0 || len(s.Revoke) == 0 {
				t.Errorf("%s, %s: %+v", name, role, s)
			}
		}
	}
}

// An address of IPv6 stands in brackets.
func TestHostPort(t *testing.T) {
	t.Parallel()
	equal(t, "name", "db.example.org:5432", hostPort(&pipelinev1.Database{Host: "db.example.org", Port: 5432}))
	equal(t, "IPv6", "[::1]:3306", hostPort(&pipelinev1.Database{Host: "::1", Port: 3306}))
}
