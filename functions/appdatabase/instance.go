package appdatabase

import (
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/rds"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
)

// masterUsername is reserved by neither engine.
const masterUsername = "dbmaster"

// performanceInsightsDays is the free retention.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.cost.html
const performanceInsightsDays = 7

// instance is created once what it refers to is there, and composed on every call from then on.
func (d *database) instance() {
	observed := d.in.Observed.Get(nameInstance)
	if observed.IsZero() && !d.groundReady() {
		return
	}
	params := d.instanceParameters()
	d.identity(params)
	d.tier(params)
	r := managed.Resource[*rds.Instance]{
		Name: d.in.Name(nameInstance), ProviderConfig: d.env.Cloud.ProviderConfigRef, Retain: d.claim.retain, ForProvider: params,
	}
	if !d.settings.dynamic() {
		// Only static credentials need the password in this function's hands.
		r.ConnectionSecret = d.in.Name(nameInstance + "-details")
	}
	d.plan.AddData(nameInstance, r.Object(d.in.Flavour))
}

// groundReady says that everything that the instance refers to exists.
func (d *database) groundReady() bool {
	for _, name := range []string{nameSecurityGroup, nameSubnetGroup, parameterGroupName(d.settings.family)} {
		if !health.Of(d.in.Observed.Get(name)).Ready {
			return false
		}
	}
	return d.securityGroupID() != ""
}

func (d *database) instanceParameters() *rds.Instance {
	s := d.settings
	version, group := d.versionAndGroup()
	params := &rds.Instance{
		EngineVersion:                version,
		InstanceClass:                s.size.InstanceClass,
		ParameterGroupName:           group,
		AllocatedStorage:             ptr(s.storage.AllocatedGiB),
		StorageType:                  "gp3",
		VPCSecurityGroupIDs:          []string{d.securityGroupID()},
		PubliclyAccessible:           ptr(false),
		AutoMinorVersionUpgrade:      ptr(true),
		CopyTagsToSnapshot:           ptr(true),
		PerformanceInsightsEnabled:   s.size.PerformanceInsights,
		EnabledCloudwatchLogsExports: s.facts.logs,
	}
	if s.storage.MaxGiB > 0 {
		params.MaxAllocatedStorage = ptr(s.storage.MaxGiB)
	}
	if *s.size.PerformanceInsights {
		params.PerformanceInsightsRetentionPeriod = ptr[int64](performanceInsightsDays)
	}
	if d.upgrading() {
		params.AllowMajorVersionUpgrade = ptr(true)
	}
	return params
}

// identity holds what is decided when the instance is created: RDS would replace the instance, or refuse.
func (d *database) identity(params *rds.Instance) {
	params.Region = d.keep(nameInstance, "region", d.env.Cloud.Region)
	params.Identifier = d.keep(nameInstance, "identifier", naming.Unique(d.in.Subject, "", "", naming.LimitRDS))
	params.Engine = d.keep(nameInstance, "engine", string(d.claim.engine))
	params.DBName = d.settings.database
	params.Username = d.keep(nameInstance, "username", masterUsername)
	params.AutoGeneratePassword = ptr(true)
	params.PasswordSecretRef = &managed.SecretKeyRef{Name: d.masterSecretName(), Key: "password"}
	params.Port = ptr(d.settings.facts.port)
	params.StorageEncrypted = ptr(true)
	params.DBSubnetGroupName = d.keep(nameInstance, "dbSubnetGroupName", d.in.Name(nameSubnetGroup))

	key, insightsKey := d.env.KMSKeyARN, d.env.KMSKeyARN
	if observed := d.in.Observed.Get(nameInstance); !observed.IsZero() {
		// An environment that gets a key later does not re-encrypt what runs: RDS would replace the instance.
		key = observed.String("spec", "forProvider", "kmsKeyId")
		if observed.Bool("spec", "forProvider", "performanceInsightsEnabled") {
			insightsKey = observed.String("spec", "forProvider", "performanceInsightsKmsKeyId")
		}
	}
	params.KMSKeyID = key
	if *params.PerformanceInsightsEnabled {
		params.PerformanceInsightsKMSKeyID = insightsKey
	}
}

// masterSecretName is the Secret that the provider writes the generated master password to.
func (d *database) masterSecretName() string {
	return first(
		d.in.Observed.Get(nameInstance).String("spec", "forProvider", "passwordSecretRef", "name"),
		naming.Unique(d.in.Subject, "master", "", naming.LimitKubernetes))
}

// tier holds what the environment's type sets.
func (d *database) tier(params *rds.Instance) {
	t := d.settings.tier
	params.MultiAZ = t.MultiAZ
	params.BackupRetentionPeriod = t.BackupRetentionDays
	params.BackupWindow = t.BackupWindow
	params.MaintenanceWindow = t.MaintenanceWindow
	params.DeletionProtection = ptr(d.settings.protected)
	params.ApplyImmediately = t.ApplyImmediately
	params.DeleteAutomatedBackups = ptr(!*t.KeepAutomatedBackups)
	params.SkipFinalSnapshot = ptr(!*t.FinalSnapshot)
	if *t.FinalSnapshot {
		params.FinalSnapshotIdentifier = d.keep(nameInstance, "finalSnapshotIdentifier",
			naming.Unique(d.in.Subject, "final", "", naming.LimitRDS))
	}
}
