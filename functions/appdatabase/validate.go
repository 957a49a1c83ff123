package appdatabase

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	inputv1 "github.com/goldenpath-dev/goldenpath/functions/appdatabase/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// request is what the checks look at: the claim, the catalog, and what runs already.
type request struct {
	in    plan.In
	claim claim
	data  catalog
	form  form
	// tier of the Environment. Empty while that is not known.
	tier pipelinev1.EnvironmentType
	// holder of the data.
	holder object.Object
	// composed says that anything of ours is observed.
	composed bool
}

// validate runs the checks in order and returns the first refusal. Each one is for a mistake of the developer; what only
// time heals is not refused.
func validate(in plan.In, c claim, data catalog, f form, env *pipelinev1.Environment) *plan.Refusal {
	r := request{
		in: in, claim: c, data: data, form: f, holder: in.Observed.Get(f.holder),
		composed: len(in.Observed.Names(prefix)) > 0,
	}
	if env != nil {
		r.tier = env.Type
	}
	checks := []func(request) *plan.Refusal{
		engineKnown, engineUnchanged, environmentUnchanged, versionKnown, versionNotLower, sizeKnown, storagePossible, storageNotSmaller,
		databaseNameFree, rolesKnown, accountsUnique, restoreUnchanged, restoreComplete, snapshotAllowed, replicasOffered, parametersKnown,
		windowsApart, iamOffered,
	}
	for _, check := range checks {
		if refusal := check(r); refusal != nil {
			return refusal
		}
	}
	return nil
}

func engineKnown(r request) *plan.Refusal {
	if _, ok := r.data.engines[r.claim.engine]; ok {
		return nil
	}
	return plan.Refuse(v1.ConditionDatabaseReady, conditions.UnknownEngine, fmt.Sprintf(
		"spec.engine: %q is not on offer; write one of %s", r.claim.engine, choices(r.data.engines)))
}

func engineUnchanged(r request) *plan.Refusal {
	was := r.holder.String("spec", "forProvider", "engine")
	if was == "" || was == string(r.claim.engine) {
		return nil
	}
	return plan.Refuse(v1.ConditionDatabaseReady, conditions.EngineChanged, fmt.Sprintf(
		"spec.engine: the database is %s and cannot become %s. Write %s again, or create a new AppDatabase and migrate the data",
		was, r.claim.engine, was))
}

func environmentUnchanged(r request) *plan.Refusal {
	name, namespace := r.in.XR.String("status", "environment", "name"), r.in.XR.String("status", "environment", "namespace")
	wanted := first(r.claim.environment.Namespace, r.in.Subject.Namespace)
	if !r.composed || name == "" || (name == r.claim.environment.Name && namespace == wanted) {
		return nil
	}
	return plan.Refuse(v1.ConditionEnvironmentResolved, conditions.EnvironmentRefChanged, fmt.Sprintf(
		"spec.environmentRef: the database lives in Environment %s/%s and cannot move to %s/%s. Write the old reference again, or create a new "+
			"AppDatabase there and migrate the data", namespace, name, wanted, r.claim.environment.Name))
}

// versionKnown also judges a version that nobody wrote: what runs may have left the catalog. It runs on for as long as its
// parameter group tells the family.
func versionKnown(r request) *plan.Refusal {
	engine := r.data.engines[r.claim.engine]
	running := r.holder.String("spec", "forProvider", "engineVersion")
	version := first(r.claim.version, running, engine.DefaultVersion)
	if _, ok := engine.Versions[version]; ok {
		return nil
	}
	if version == running && familyOf(r.in, r.form, engine, version) != "" {
		return nil
	}
	return plan.Refuse(v1.ConditionDatabaseReady, conditions.UnknownVersion, fmt.Sprintf(
		"spec.version: %q is not on offer for %s; write one of %s, in quotes, or remove the field",
		version, r.claim.engine, choices(engine.Versions)))
}

// runs is the major version that the database has: of an upgrade that has not happened one can still step back. One that was
// never made has none: perhaps its version was the mistake.
func (r request) runs() string {
	composed := r.holder.String("spec", "forProvider", "engineVersion")
	actual := r.holder.String("status", "atProvider", "engineVersionActual")
	if actual == "" && r.holder.String("status", "atProvider", "arn") == "" && r.in.XR.String("status", "arn") == "" {
		return ""
	}
	if actual == "" || within(actual, composed) {
		return composed
	}
	for _, version := range slices.Sorted(maps.Keys(r.data.engines[r.claim.engine].Versions)) {
		if within(actual, version) {
			return version
		}
	}
	return actual
}

func versionNotLower(r request) *plan.Refusal {
	was := r.runs()
	if was == "" || r.claim.version == "" || !lower(r.claim.version, was) {
		return nil
	}
	return plan.Refuse(v1.ConditionDatabaseReady, conditions.VersionDowngrade, fmt.Sprintf(
		"spec.version: the database runs %s and cannot go back to %s. Write %q, or create a new AppDatabase and migrate the data",
		was, r.claim.version, was))
}

// sizeKnown lets a database run on whose size has left the catalog since.
func sizeKnown(r request) *plan.Refusal {
	if size, ok := r.data.sizes[r.claim.size]; ok && (!r.form.aurora || size.Aurora != nil) {
		return nil
	}
	if !r.holder.IsZero() && r.in.XR.String("status", "size") == r.claim.size {
		return nil
	}
	return plan.Refuse(v1.ConditionDatabaseReady, conditions.UnknownSize, fmt.Sprintf(
		"spec.size: %q is not in the catalog for %s; write one of %s", r.claim.size, r.claim.engine, choices(r.sizes())))
}

// sizes on offer for the engine.
func (r request) sizes() map[string]inputv1.Size {
	sizes := maps.Clone(r.data.sizes)
	maps.DeleteFunc(sizes, func(_ string, size inputv1.Size) bool { return r.form.aurora && size.Aurora == nil })
	return sizes
}

// databaseNameFree is for a database that is still to be created: RDS refuses the engines' own words, and the field cannot
// change afterwards.
func databaseNameFree(r request) *plan.Refusal {
	if !r.holder.IsZero() || !naming.ReservedDatabase(r.claim.database) {
		return nil
	}
	return plan.Refuse(v1.ConditionDatabaseReady, conditions.InvalidSpec, fmt.Sprintf(
		"spec.database: %q is a word that the engines reserve. Create the AppDatabase anew with another name, such as %s_data, "+
			"or without the field", r.claim.database, strings.TrimPrefix(r.claim.database, "pg_")))
}

func rolesKnown(r request) *plan.Refusal {
	known := []string{string(v1.AccessReader), string(v1.AccessWriter), string(v1.AccessAdmin)}
	for i, a := range r.claim.access {
		if !slices.Contains(known, a.Role) || a.ServiceAccount == "" {
			return plan.Refuse(v1.ConditionAccessReady, conditions.InvalidSpec, fmt.Sprintf(
				"spec.access[%d]: needs a serviceAccount, and a role that is reader, writer or admin", i))
		}
	}
	return nil
}

func accountsUnique(r request) *plan.Refusal {
	seen := make(map[string]pipelinev1.Access, len(r.claim.access))
	for _, a := range r.claim.access {
		if _, twice := seen[a.ServiceAccount]; twice {
			return plan.Refuse(v1.ConditionAccessReady, conditions.DuplicateAccess, fmt.Sprintf(
				"spec.access: service account %q stands there twice. Write one entry for it, with the highest role it needs", a.ServiceAccount))
		}
		seen[a.ServiceAccount] = a
	}
	return nil
}
