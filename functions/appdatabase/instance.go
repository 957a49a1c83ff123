package appdatabase

import (
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	"github.com/goldenpath-dev/goldenpath/functions/internal/holder"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/rds"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// masterUsername is reserved by no engine.
const masterUsername = "dbmaster"

// performanceInsightsDays is the free retention.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.cost.html
const performanceInsightsDays = 7

// instance is created once what it refers to is there, and composed on every call from then on.
func (d *database) instance() {
	if !d.mayExist() {
		return
	}
	params := d.instanceParameters()
	d.identity(params)
	d.restoreInstance(params)
	d.instanceTier(params)
	addHolder(d, managed.ExternalNameOr(d.holder(), params.Identifier), params)
}

// mayExist says that the data holder is there, or that everything that it refers to is.
func (d *database) mayExist() bool {
	if !d.holder().IsZero() {
		return true
	}
	for _, name := range []string{nameSecurityGroup, nameSubnetGroup, d.parameterGroupName(d.settings.family)} {
		if !health.Of(d.in.Observed.Get(name)).Ready {
			return false
		}
	}
	return d.securityGroupID() != "" && d.logGroupsReady("") && d.source.waits == "" && (!d.monitored() || d.mayMonitor())
}

// addHolder composes what holds the data.
func addHolder[P managed.Parameters](d *database, externalName string, params P) {
	r := managed.Resource[P]{
		Name: d.in.Name(d.form.holder), ExternalName: externalName, ProviderConfig: d.env.Cloud.ProviderConfigRef,
		// Nobody can delete the object while it is protected, but for a whole namespace. Then the cloud keeps the database.
		Retain: d.claim.retain || (d.once.Made && d.settings.protected),
		// The provider would hold on to the list of a cluster's instances, and take every change of it back.
		Following: d.form.aurora, ForProvider: params,
	}
	if !d.settings.dynamic() {
		// Only static credentials need the password in this function's hands.
		r.ConnectionSecret = d.in.Name(d.form.holder + "-details")
	}
	holder.Write(d.madeFrom(), &r)
	d.plan.AddData(d.form.holder, r.Object(d.in.Flavour))
}

func (d *database) instanceParameters() *rds.Instance {
	s := d.settings
	version, group := d.versionAndGroup()
	params := &rds.Instance{
		EngineVersion:                    version,
		InstanceClass:                    s.class,
		ParameterGroupName:               group,
		OptionGroupName:                  d.optionGroup(d.holder(), version),
		StorageType:                      "gp3",
		VPCSecurityGroupIDs:              []string{d.securityGroupID()},
		PubliclyAccessible:               ptr(false),
		AutoMinorVersionUpgrade:          ptr(true),
		CopyTagsToSnapshot:               ptr(true),
		DatabaseInsightsMode:             d.insightsMode(),
		EnabledCloudwatchLogsExports:     s.facts.logs,
		IAMDatabaseAuthenticationEnabled: d.iamEnabled(d.holder()),
	}
	if s.storage.AllocatedGiB > 0 {
		params.AllocatedStorage = ptr(s.storage.AllocatedGiB)
	}
	if s.storage.MaxGiB > 0 {
		params.MaxAllocatedStorage = ptr(s.storage.MaxGiB)
	}
	perform(params, d.holder(), s.storage.AllocatedGiB)
	if d.once.Begins {
		unperform(params, d.holder())
	}
	params.PerformanceInsightsEnabled, params.PerformanceInsightsKMSKeyID, params.PerformanceInsightsRetentionPeriod = d.insights(d.holder())
	params.MonitoringInterval, params.MonitoringRoleARN = d.monitoring(d.holder())
	if d.upgrading() {
		params.AllowMajorVersionUpgrade = ptr(true)
	}
	return params
}

// identity holds what is decided when the instance is created: RDS would replace the instance, or refuse.
func (d *database) identity(params *rds.Instance) {
	params.Region = d.keep(nameInstance, "region", d.env.Cloud.Region)
	params.Identifier = d.newIdentifier()
	params.Engine = d.keep(nameInstance, "engine", string(d.claim.engine))
	params.DBName = d.settings.database
	params.Username = d.keep(nameInstance, "username", masterUsername)
	params.AutoGeneratePassword = ptr(true)
	params.PasswordSecretRef = &managed.SecretKeyRef{Name: d.masterSecretName(), Key: "password"}
	params.Port = ptr(d.settings.facts.port)
	params.StorageEncrypted = ptr(true)
	params.DBSubnetGroupName = d.keep(nameInstance, "dbSubnetGroupName", d.in.Name(nameSubnetGroup))
	params.KMSKeyID = d.storageKey()
	params.EngineLifecycleSupport = d.lifecycle()
}

// storageKey is decided once: an environment that gets a key later does not re-encrypt what runs, RDS would replace it.
func (d *database) storageKey() string {
	if holder := d.holder(); !holder.IsZero() {
		return holder.String("spec", "forProvider", "kmsKeyId")
	}
	return d.env.KMSKeyARN
}

// insightsKey encrypts Performance Insights of one instance. It is decided when they are turned on.
func (d *database) insightsKey(instance object.Object) string {
	if composed := instance.At("spec", "forProvider"); composed.Bool("performanceInsightsEnabled") {
		return composed.String("performanceInsightsKmsKeyId")
	}
	return d.env.KMSKeyARN
}

// masterSecretName is the Secret that the provider writes the generated master password to.
func (d *database) masterSecretName() string {
	return first(
		d.holder().String("spec", "forProvider", d.form.passwordField, "name"),
		naming.Unique(d.in.Subject, "master", "", naming.LimitKubernetes))
}

// instanceTier holds what the environment's type sets.
func (d *database) instanceTier(params *rds.Instance) {
	t := d.settings.tier
	params.MultiAZ = t.MultiAZ
	params.BackupRetentionPeriod = t.BackupRetentionDays
	params.BackupWindow = d.settings.backupWindow
	params.MaintenanceWindow = d.settings.maintenanceWindow
	params.DeletionProtection = ptr(d.settings.protected)
	params.ApplyImmediately = t.ApplyImmediately
	params.DeleteAutomatedBackups = ptr(!*t.KeepAutomatedBackups)
	params.SkipFinalSnapshot = ptr(!*t.FinalSnapshot)
	if *t.FinalSnapshot {
		params.FinalSnapshotIdentifier = d.finalSnapshotName()
	}
}
