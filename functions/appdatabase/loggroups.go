package appdatabase

import (
	"slices"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/logs"
)

// externalName is the annotation with the name of a resource in the cloud.
const externalName = managed.ExternalNameAnnotation

// logGroups are what RDS writes its logs to. It makes a log group by itself where there is none, which never expires and has no key, so
// they are made first. Where RDS was faster, as for databases that run already, the provider finds the group by its name and takes it over.
// A database that runs waits for none of them.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html
func (d *database) logGroups() {
	for _, log := range d.settings.facts.logs {
		d.logGroup(d.logGroupName("", log), d.logPath(d.newIdentifier(), log))
	}
}

// replicaLogGroups are those of a read replica. The instances of an Aurora cluster write to the cluster's.
func (d *database) replicaLogGroups(replica, identifier string) {
	for _, log := range d.settings.facts.logs {
		d.logGroup(d.logGroupName(replica, log), d.logPath(identifier, log))
	}
}

// otherLogGroups lets go of what nobody writes to any more: a replica is gone, or the claim asked for another engine before there was a
// database. What the tier keeps stays in the cloud until it expires.
func (d *database) otherLogGroups() {
	for _, name := range slices.Concat(d.in.Observed.Names(nameLogGroup), d.in.Observed.Names(nameClusterLogGroup)) {
		switch {
		case d.plans(name):
		case d.holder().IsZero() == (len(d.observedCopies()) > 0) && !health.Of(d.holder()).Ready:
			// The database is not well, or not observed at the moment: which copies there are to be is not said in this call.
			d.logGroup(name, d.in.Observed.Get(name).Annotation(externalName))
		default:
			d.plan.Drop(name, pipelinev1.DropSpecChanged, "nothing writes to it any more")
		}
	}
}

func (d *database) logGroup(name, path string) {
	observed := d.in.Observed.Get(name)
	d.plan.Add(name, managed.Resource[*logs.Group]{
		Name: d.in.Name(name), ProviderConfig: d.env.Cloud.ProviderConfigRef,
		Annotations: map[string]string{externalName: first(observed.Annotation(externalName), path)},
		Retain:      d.claim.retain || *d.settings.tier.KeepLogs,
		ForProvider: &logs.Group{
			Region:          d.keep(name, "region", d.env.Cloud.Region),
			RetentionInDays: d.settings.tier.LogRetentionDays,
			// As all keys it stays what it was; a group that RDS has made gets one.
			KMSKeyID: d.keep(name, "kmsKeyId", d.env.KMSKeyARN),
		},
	}.Object(d.in.Flavour))
}

// logGroupName is the composition resource name of a log of the database, or of a read replica.
func (d *database) logGroupName(replica, log string) string {
	if d.form.aurora {
		return nameClusterLogGroup + log
	}
	if replica != "" {
		log = strings.TrimPrefix(replica, prefix) + "-" + log
	}
	return nameLogGroup + log
}

// logPath is what RDS calls the log group.
func (d *database) logPath(identifier, log string) string {
	if d.form.aurora {
		return "/aws/rds/cluster/" + identifier + "/" + log
	}
	return "/aws/rds/instance/" + identifier + "/" + log
}

// logGroupsReady says that the log groups of the database, or of a read replica, are there.
func (d *database) logGroupsReady(replica string) bool {
	return !slices.ContainsFunc(d.settings.facts.logs, func(log string) bool {
		return !health.Of(d.in.Observed.Get(d.logGroupName(replica, log))).Ready
	})
}

// keepLogGroups composes the log groups again as they are, while the database that writes to them goes: RDS would make another one of what
// is deleted before, for its last words.
func (d *database) keepLogGroups(kept map[string]bool) {
	for _, name := range slices.Concat(d.in.Observed.Names(nameLogGroup), d.in.Observed.Names(nameClusterLogGroup)) {
		d.plan.Hold(name, d.in.Observed.Get(name), false)
		kept[name] = true
	}
}
