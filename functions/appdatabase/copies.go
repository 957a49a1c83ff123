package appdatabase

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/rds"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// readReplicas of an instance. They hold no data of their own, and have no final snapshot.
func (d *database) readReplicas() {
	if !d.mayBeCopied() {
		return
	}
	keep, rest := d.copies(d.settings.replicas)
	for _, name := range keep {
		d.readReplica(name)
	}
	d.letGo(rest, d.readReplica)
}

// mayBeCopied says that what holds the data is ready for it, or that there are copies: those are composed on every call.
func (d *database) mayBeCopied() bool {
	return health.Of(d.holder()).Ready || len(d.in.Observed.Names(d.form.copies)) > 0
}

// standing of a copy when some have to go, the best first.
const (
	standingWriter = iota
	standingThere
	standingDeleted
	standingNew
)

func (d *database) standing(name string) int {
	switch observed := d.in.Observed.Get(name); {
	case observed.IsZero():
		return standingNew
	case observed.Deleting():
		return standingDeleted
	case observed.Bool("status", "atProvider", "writer"):
		return standingWriter
	default:
		return standingThere
	}
}

// copies says which n of the numbered copies stay, and which go: the one that writes stays first, then those that are there,
// then the lowest numbers. While it is not known which one writes, none goes. Without a holder, what is there stays as it is.
func (d *database) copies(n int64) (keep, rest []string) {
	names := d.in.Observed.Names(d.form.copies)
	if d.holder().IsZero() {
		return names, nil
	}
	for number := 1; number <= maxReplicas+1; number++ {
		if name := d.form.copies + strconv.Itoa(number); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(d.standing(a), d.standing(b)), cmp.Compare(copyNumber(d.form.copies, a), copyNumber(d.form.copies, b)))
	})
	least := standingWriter
	if d.form.aurora && d.standing(names[0]) != standingWriter {
		least = standingThere
	}
	for i, name := range names {
		switch standing := d.standing(name); {
		case int64(i) < n || standing <= least:
			keep = append(keep, name)
		case standing < standingNew:
			rest = append(rest, name)
		}
	}
	slices.Sort(keep)
	return keep, rest
}

// copyNumber of a composition resource name. A name that is not one of ours has none.
func copyNumber(prefix, name string) int {
	number, err := strconv.Atoi(strings.TrimPrefix(name, prefix))
	if err != nil {
		return 0
	}
	return number
}

// letGo drops the copies that nobody asks for any more. What the cloud would keep is first composed so that it does not.
func (d *database) letGo(names []string, again func(name string)) {
	for _, name := range names {
		if d.retained(name) || d.usedByVault(name) {
			again(name)
			continue
		}
		if !d.form.aurora && !d.retained(d.logGroupName(name, d.settings.facts.logs[0])) {
			// What is deleted goes after it: it writes to the last, and RDS would make another one.
			d.replicaLogGroups(name, d.in.Observed.Get(name).String("spec", "forProvider", "identifier"))
			d.plan.Waiting = true
		}
		d.plan.Drop(name, pipelinev1.DropSpecChanged, "fewer copies are asked for, by spec.replicas or by the tier")
	}
}

func (d *database) readReplica(name string) {
	s := d.settings
	observed := d.in.Observed.Get(name)
	identifier := d.keep(name, "identifier", naming.Unique(d.in.Subject, strings.TrimPrefix(name, prefix), "", naming.LimitRDS))
	d.replicaLogGroups(name, identifier)
	source := d.replicaSource(observed)
	if observed.IsZero() && (!d.switched() || !d.logGroupsReady(name) || source == "") {
		return
	}
	version, group := d.replicaVersionAndGroup(observed)
	params := &rds.Instance{
		Region:                           d.keep(name, "region", d.env.Cloud.Region),
		Identifier:                       identifier,
		ReplicateSourceDB:                source,
		EngineVersion:                    version,
		InstanceClass:                    s.class,
		ParameterGroupName:               group,
		OptionGroupName:                  d.optionGroup(observed, version),
		StorageEncrypted:                 ptr(true),
		VPCSecurityGroupIDs:              []string{d.securityGroupID()},
		PubliclyAccessible:               ptr(false),
		BackupWindow:                     s.backupWindow,
		MaintenanceWindow:                s.maintenanceWindow,
		AutoMinorVersionUpgrade:          ptr(true),
		ApplyImmediately:                 s.tier.ApplyImmediately,
		SkipFinalSnapshot:                ptr(true),
		CopyTagsToSnapshot:               ptr(true),
		DatabaseInsightsMode:             d.insightsMode(),
		EnabledCloudwatchLogsExports:     s.facts.logs,
		IAMDatabaseAuthenticationEnabled: d.iamEnabled(observed),
	}
	if s.storage.MaxGiB > 0 {
		params.MaxAllocatedStorage = ptr(s.storage.MaxGiB)
	}
	perform(params, observed, d.replicaGiB(observed))
	if actual := observed.String("status", "atProvider", "engineVersionActual"); actual != "" && !within(actual, version) {
		params.AllowMajorVersionUpgrade = ptr(true)
	}
	params.PerformanceInsightsEnabled, params.PerformanceInsightsKMSKeyID, params.PerformanceInsightsRetentionPeriod = d.insights(observed)
	params.MonitoringInterval, params.MonitoringRoleARN = d.monitoring(observed)
	// The provider learns what RDS calls an instance by late initialisation, so it has to be on here.
	d.plan.Add(name, managed.Resource[*rds.Instance]{
		Name: d.in.Name(name), ExternalName: managed.ExternalNameOr(observed, identifier), ProviderConfig: d.env.Cloud.ProviderConfigRef,
		ForProvider: params,
	}.Object(d.in.Flavour))
}

// replicaSource is the ARN of what a replica follows, empty while nobody knows it. The provider takes nothing else: once late
// initialisation has written the replica's subnet group, it refuses an identifier, and never looks at the replica again. One that was composed with the
// identifier gets the ARN of the same instance, which is no change to the provider; whatever else it follows stays.
// https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/rds/instance.go (replicate_source_db)
func (d *database) replicaSource(observed object.Object) string {
	arn := first(d.holder().String("status", "atProvider", "arn"), d.in.XR.String("status", "arn"))
	was := observed.String("spec", "forProvider", "replicateSourceDb")
	if was == "" || strings.HasSuffix(arn, ":db:"+was) {
		return first(arn, was)
	}
	return was
}

// plans says that a resource is wanted in this call.
func (d *database) plans(name string) bool {
	return slices.ContainsFunc(d.plan.Resources, func(r plan.Resource) bool { return r.Name == name })
}

// drops says that a copy goes in this call.
func (d *database) drops(name string) bool {
	return slices.ContainsFunc(d.plan.Drops, func(drop pipelinev1.Drop) bool { return drop.Name == name })
}

// copiesReady says that at least one of the observed copies can be connected to.
func (d *database) copiesReady() bool {
	return slices.ContainsFunc(d.observedCopies(), func(o object.Object) bool { return health.Of(o).Ready })
}

// observedCopies in the order of their numbers.
func (d *database) observedCopies() []object.Object {
	names := d.in.Observed.Names(d.form.copies)
	copies := make([]object.Object, 0, len(names))
	for _, name := range names {
		copies = append(copies, d.in.Observed.Get(name))
	}
	return copies
}
