package appdatabase

import (
	"fmt"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
)

// conditions say what is pending and why.
func (d *database) conditions() {
	ready := d.databaseReady()
	access := d.accessReady(ready)
	d.plan.Conditions = append(d.plan.Conditions, ready, access)
	// In the call that changes the version everything that is observed is well still, and nothing is done yet. The same goes while
	// the read replicas are upgraded first. What waits for a maintenance window is told as pending, and the database is ready.
	version, _ := d.versionAndGroup()
	running, wanted := d.settings.running, d.settings.version
	switching := running != "" && (running != version || (running != wanted && *d.settings.tier.ApplyImmediately))
	if !ready.Is() || !access.Is() || switching {
		d.plan.Waiting = true
	}
}

// available names what fails or, when nothing does, the first that is not there yet.
func (d *database) available() conditions.Condition {
	c := conditions.Condition{Type: v1.ConditionDatabaseReady, Status: conditions.False}
	planned := make([]health.Resource, 0, len(d.plan.Resources))
	for _, r := range d.plan.Resources {
		planned = append(planned, health.Resource{Kind: r.Object.Kind(), Name: r.Object.Name(), Observed: d.in.Observed.Get(r.Name)})
	}
	all := health.Sum(planned)
	switch {
	case all.Reason == conditions.Failing && d.running():
		c.Reason, c.Message = all.Reason, "the database runs on at "+d.hostPort()+", but "+all.Message
	case all.Reason == conditions.Failing:
		c.Reason, c.Message = all.Reason, all.Message
	case d.holder().IsZero() && d.source.waits != "":
		c.Reason, c.Message = conditions.Creating, d.source.waits
	case d.holder().IsZero() && all.Ready:
		c.Reason, c.Message = conditions.Creating, "the database is created next"
	case !all.Ready && !d.serverReady():
		c.Reason, c.Message = all.Reason, all.Message
		if c.Reason == conditions.Creating && d.host == "" {
			c.Message += ". A new database takes about ten minutes"
		}
	case d.host == "":
		c.Reason, c.Message = conditions.Creating, "waits for the provider to publish the address of the database"
	default:
		c.Status, c.Reason, c.Message = conditions.True, conditions.Available, "available at "+d.hostPort()
	}
	return c
}

// serverReady says that somebody answers at the address.
func (d *database) serverReady() bool {
	return d.host != "" && health.Of(d.holder()).Ready && (!d.form.aurora || d.copiesReady())
}

// running says that the database was available before something began to fail.
func (d *database) running() bool {
	return d.host != "" && d.holder().Condition("Ready").Status == "True"
}

func (d *database) hostPort() string { return fmt.Sprintf("%s:%d", d.host, d.port) }

func (d *database) accessReady(ready conditions.Condition) conditions.Condition {
	c := conditions.Condition{Type: v1.ConditionAccessReady, Status: conditions.False}
	switch {
	case d.secretTaken:
		c.Reason = conditions.SecretNameTaken
		c.Message = fmt.Sprintf("there is a Secret %s in namespace %s already that does not belong to this object. Delete it, after copying "+
			"it to another name if somebody needs it, then this object continues by itself", d.secretName(), d.in.Flavour.Namespace)
	case len(d.env.WorkloadSecurityGroupIDs) == 0:
		c.Reason = conditions.EnvironmentNotReady
		c.Message = fmt.Sprintf("Environment %s/%s lists no status.workloadSecurityGroupIds, so no further workload can connect. "+
			"Its owner has to add the security groups that workloads call from", d.env.Namespace, d.env.Name)
	case d.settings.dynamic() && d.env.Vault == nil:
		c.Reason = conditions.VaultNotConfigured
		c.Message = fmt.Sprintf("spec.credentials is dynamic, and Environment %s/%s has no Vault to issue them. Set spec.credentials to static, "+
			"or ask the platform team for Vault", d.env.Namespace, d.env.Name)
	case !d.secretComplete && !ready.Is():
		c.Reason, c.Message = conditions.Blocked, "the connection details follow when the database is available"
	case !d.secretComplete:
		c.Reason, c.Message = conditions.Creating, "waits for the provider to publish the connection details of the database"
	case !d.settings.dynamic():
		c.Status, c.Reason = conditions.True, conditions.StaticCredentials
		c.Message = d.where() + ". With static credentials everybody has the master user: the roles in spec.access are not enforced. " +
			"With spec.credentials set to dynamic they are, once the master password that was handed out is reset"
	default:
		c.Status, c.Reason = conditions.True, conditions.Available
		c.Message = d.where() + ". User name and password are issued by Vault"
		if len(d.claim.access) == 0 {
			c.Message = d.where() + ". spec.access is empty, so nobody can log in: list the service accounts that use the database"
		}
		if d.caBundle() == "" {
			c.Message += fmt.Sprintf(". Vault encrypts what it says to the database and does not verify that it is the database, because the "+
				"certificates of region %s are not known: the platform team has to add those of %s to caBundles in the input of the composition step",
				d.env.Cloud.Region, caBundleURL(d.env.Cloud.Region))
		}
	}
	return c
}

// where the connection details are.
func (d *database) where() string {
	if d.in.Flavour.Legacy {
		return "the connection details are in the Secret that spec.writeConnectionSecretToRef names"
	}
	return "the connection details are in Secret " + d.secretName()
}

// leasedConditions say what an expired database waits for first.
func (d *database) leasedConditions() {
	for _, t := range []string{v1.ConditionDatabaseReady, v1.ConditionAccessReady} {
		d.plan.Set(t, conditions.False, conditions.EnvironmentExpired,
			"the environment has expired, and the database goes when Vault has taken its users back: see VaultReady")
	}
}

func (d *database) expiredConditions(left string) {
	message := "the environment has expired, and the database with it"
	if left != "" {
		message += "; going: " + left
	}
	for _, t := range []string{v1.ConditionDatabaseReady, v1.ConditionAccessReady} {
		d.plan.Set(t, conditions.False, conditions.EnvironmentExpired, message)
	}
}
