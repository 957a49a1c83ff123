package appdatabase

import (
	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// defaultSize is the default of the schema, for a composite that was written without it.
const defaultSize = "small"

// claim is what the developer said. The API server has checked it against the schema.
type claim struct {
	engine             v1.DatabaseEngine
	version            string
	size               string
	storageGiB         int64
	database           string
	credentials        v1.CredentialsMode
	retain             bool
	deletionProtection *bool
	environment        v1.EnvironmentReference
	access             []pipelinev1.Access
	replicas           int64
	parameters         map[string]string
	backupWindow       string
	maintenanceWindow  string
	iamAuthentication  bool
	restore            v1.RestoreFrom
}

// restored says that the data comes from a backup.
func (c claim) restored() bool { return c.restore.Snapshot != "" || c.restore.Database != "" }

func readClaim(xr object.Object) claim {
	spec := xr.At("spec")
	c := claim{
		engine:      v1.DatabaseEngine(spec.String("engine")),
		version:     spec.String("version"),
		size:        first(spec.String("size"), defaultSize),
		storageGiB:  spec.Int("storageGiB"),
		database:    spec.String("database"),
		credentials: v1.CredentialsMode(spec.String("credentials")),
		retain:      spec.String("deletionPolicy") == string(v1.DeletionRetain),
		environment: v1.EnvironmentReference{
			Name: spec.String("environmentRef", "name"), Namespace: spec.String("environmentRef", "namespace"),
		},
	}
	c.replicas = spec.Int("replicas")
	c.parameters = spec.StringMap("parameters")
	c.backupWindow, c.maintenanceWindow = spec.String("backupWindow"), spec.String("maintenanceWindow")
	c.iamAuthentication = spec.Bool("iamAuthentication")
	from := spec.At("restoreFrom")
	c.restore = v1.RestoreFrom{Snapshot: from.String("snapshot"), Database: from.String("database"), Time: from.String("time")}
	if spec.Has("deletionProtection") {
		c.deletionProtection = ptr(spec.Bool("deletionProtection"))
	}
	for _, a := range spec.List("access") {
		c.access = append(c.access, pipelinev1.Access{ServiceAccount: a.String("serviceAccount"), Role: a.String("role")})
	}
	return c
}

// protected is what the claim says about deletion protection, or else the default.
func (c claim) protected(otherwise bool) bool {
	if c.deletionProtection != nil {
		return *c.deletionProtection
	}
	return otherwise
}
