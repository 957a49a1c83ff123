package appdatabase

import (
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// form is how a database runs in the cloud, as far as its managed resources differ: one instance of RDS, or an Aurora cluster
// with its instances.
type form struct {
	// holder is the composition resource name of what holds the data.
	holder string
	// groups is the start of the composition resource names of its parameter groups.
	groups string
	// copies is the start of the composition resource names of its read-only copies; on Aurora of all its instances.
	copies string
	// aurora says that it is a cluster.
	aurora bool

	// Fields below spec.forProvider of the holder.
	usernameField, passwordField, databaseField, groupField string
	backupField, maintenanceField                           string
	// Fields below status.atProvider of the holder.
	addressField, resourceIDField string
	// Keys of the holder's connection details.
	usernameDetail, passwordDetail string
}

func instanceForm() form {
	return form{
		holder: nameInstance, groups: nameParameterGroup, copies: nameReplica,
		usernameField: "username", passwordField: "passwordSecretRef", databaseField: "dbName", groupField: "parameterGroupName",
		addressField: "address", resourceIDField: "resourceId",
		usernameDetail: "username", passwordDetail: "password", backupField: "backupWindow", maintenanceField: "maintenanceWindow",
	}
}

func clusterForm() form {
	return form{
		holder: nameCluster, groups: nameClusterGroup, copies: nameMember, aurora: true,
		usernameField: "masterUsername", passwordField: "masterPasswordSecretRef", databaseField: "databaseName",
		groupField: "dbClusterParameterGroupName", addressField: "endpoint", resourceIDField: "clusterResourceId",
		usernameDetail: "master_username", passwordDetail: "attribute.master_password",
		backupField: "preferredBackupWindow", maintenanceField: "preferredMaintenanceWindow",
	}
}

// formOf is what runs, or else what the engine asks for.
func formOf(in plan.In, aurora bool) form {
	switch {
	case !in.Observed.Get(nameCluster).IsZero():
		return clusterForm()
	case !in.Observed.Get(nameInstance).IsZero():
		return instanceForm()
	case aurora:
		return clusterForm()
	default:
		return instanceForm()
	}
}

// holder is what holds the data, as it is observed.
func (d *database) holder() object.Object { return d.in.Observed.Get(d.form.holder) }

// identifier of the database in the cloud. A cluster's is the name of its object.
func (d *database) identifier() string {
	holder := d.holder()
	if d.form.aurora {
		return first(holder.Annotation(externalName), holder.Name())
	}
	return holder.String("spec", "forProvider", "identifier")
}

// newIdentifier is what the database is called in the cloud, or is going to be called.
func (d *database) newIdentifier() string {
	if d.form.aurora {
		return first(d.identifier(), d.in.Name(nameCluster))
	}
	return first(d.identifier(), naming.Unique(d.in.Subject, "", "", naming.LimitRDS))
}
