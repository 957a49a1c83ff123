package vault

import (
	"errors"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/sqlaccess"
)

// check judges the values of a wiring contract, which may come from somebody else's composite: they end up in statements that
// run as the administrator, and in what service accounts may do.
func check(w *pipelinev1.Wiring) error {
	var errs []error
	for i, a := range w.Access {
		switch v1.AccessRole(a.Role) {
		case v1.AccessReader, v1.AccessWriter, v1.AccessAdmin:
		default:
			errs = append(errs, fmt.Errorf("access[%d].role: %q; write reader, writer or admin", i, a.Role))
		}
		if len(validation.IsDNS1123Subdomain(a.ServiceAccount)) > 0 {
			errs = append(errs, fmt.Errorf("access[%d].serviceAccount: %q is not the name of a service account", i, a.ServiceAccount))
		}
	}
	if db := w.Database; db != nil {
		if _, ok := engines()[db.Engine]; !ok {
			errs = append(errs, fmt.Errorf("database.engine: %q; write %s, %s or %s",
				db.Engine, sqlaccess.PostgreSQL, sqlaccess.MySQL, sqlaccess.MariaDB))
		}
		if !plainName(db.Name) {
			errs = append(errs, fmt.Errorf("database.name: %q; write a letter, then letters, digits and underscores", db.Name))
		}
		if db.Host != "" && len(validation.IsDNS1123Subdomain(db.Host)) > 0 {
			errs = append(errs, fmt.Errorf("database.host: %q is not the name of a host", db.Host))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("the wiring contract is wrong: %w", err)
	}
	return nil
}

// plainName says that a name needs no quotes in any statement.
func plainName(name string) bool {
	for i, r := range strings.ToLower(name) {
		letter := r >= 'a' && r <= 'z'
		if !letter && (i == 0 || (r != '_' && (r < '0' || r > '9'))) {
			return false
		}
	}
	return name != ""
}
