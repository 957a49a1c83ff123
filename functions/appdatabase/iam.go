package appdatabase

import (
	"slices"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/partition"
	"github.com/goldenpath-dev/goldenpath/functions/internal/sqlaccess"
	"github.com/goldenpath-dev/goldenpath/functions/internal/wiring"
)

// actionConnect lets an identity log in as one user of one database.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html
const actionConnect = "rds-db:connect"

// iamEnabled turns IAM authentication on, and off again where it is on. Otherwise it is left to the cloud, where it is off.
func (d *database) iamEnabled(observed object.Object) *bool {
	const field = "iamDatabaseAuthenticationEnabled"
	if d.settings.iam || observed.Bool("spec", "forProvider", field) || observed.Bool("status", "atProvider", field) {
		return ptr(d.settings.iam)
	}
	return nil
}

// grants let the identities of each access role in use log in as that role's user, on the database and on its copies. Nil
// while nothing is known of the database.
func (d *database) grants() []pipelinev1.Grant {
	ids := d.resourceIDs()
	if !d.settings.iam || len(ids) == 0 {
		return nil
	}
	region := d.keep(d.form.holder, "region", d.env.Cloud.Region)
	arn := "arn:" + partition.Of(region) + ":rds-db:" + region + ":" + d.account() + ":dbuser:"
	var grants []pipelinev1.Grant
	for _, role := range wiring.Roles(d.claim.access) {
		grant := pipelinev1.Grant{Role: role, Actions: []string{actionConnect}}
		for _, id := range ids {
			grant.Resources = append(grant.Resources, arn+id+"/"+sqlaccess.IAMUsername(role))
		}
		grants = append(grants, grant)
	}
	return grants
}

// account that the database is in, as its ARN says.
func (d *database) account() string {
	arn := first(d.holder().String("status", "atProvider", "arn"), d.before().String("arn"))
	if parts := strings.Split(arn, ":"); len(parts) > 4 && parts[4] != "" {
		return parts[4]
	}
	return d.env.Cloud.AccountID
}

// resourceIDs are what IAM knows the database and its copies by. A cluster has one for all of its instances.
func (d *database) resourceIDs() []string {
	holder := d.holder()
	id := holder.String("status", "atProvider", d.form.resourceIDField)
	if d.form.aurora {
		id = first(id, d.before().String("resourceId"))
		return slices.DeleteFunc([]string{id}, func(s string) bool { return s == "" })
	}
	ids := []string{first(id, externalID(holder))}
	for _, replica := range d.observedCopies() {
		ids = append(ids, first(replica.String("status", "atProvider", d.form.resourceIDField), externalID(replica)))
	}
	ids = slices.DeleteFunc(ids, func(s string) bool { return s == "" })
	slices.Sort(ids)
	return slices.Compact(ids)
}

// externalID is the resource id of an instance, which is also its external name. Before there is one, core has the object's own
// name there.
func externalID(instance object.Object) string {
	if id := instance.Annotation(externalName); strings.HasPrefix(id, "db-") && id != instance.Name() {
		return id
	}
	return ""
}

// iamStatus prints how to log in with an IAM role.
func (d *database) iamStatus(f object.Fields) {
	roles := wiring.Roles(d.claim.access)
	if !d.settings.iam || len(roles) == 0 || d.settings.database == "" {
		return
	}
	for i, user := range f.Object("iam").Objects("users", len(roles)) {
		user.SetString("role", roles[i])
		user.SetString("username", sqlaccess.IAMUsername(roles[i]))
		user.SetString("sql", sqlaccess.IAMUser(d.settings.facts.dialect, d.settings.database, roles[i]))
	}
}
