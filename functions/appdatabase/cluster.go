package appdatabase

import (
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/rds"
)

// cluster of Aurora, and behind it its instances.
func (d *database) cluster() {
	if d.mayExist() {
		params := d.clusterParameters()
		d.clusterIdentity(params)
		d.restoreCluster(params)
		d.clusterTier(params)
		addHolder(d, "", params) // the provider names it after the object
	}
	d.members()
}

func (d *database) clusterParameters() *rds.Cluster {
	s := d.settings
	version, group := d.versionAndGroup()
	params := &rds.Cluster{
		EngineVersion:                    version,
		DBClusterParameterGroupName:      group,
		VPCSecurityGroupIDs:              []string{d.securityGroupID()},
		CopyTagsToSnapshot:               ptr(true),
		DatabaseInsightsMode:             d.insightsMode(),
		EnabledCloudwatchLogsExports:     s.facts.logs,
		IAMDatabaseAuthenticationEnabled: d.iamEnabled(d.holder()),
	}
	if s.capacity != nil {
		params.ServerlessV2ScalingConfiguration = s.capacity.params()
	}
	if d.upgrading() {
		params.AllowMajorVersionUpgrade = ptr(true)
	}
	return params
}

// clusterIdentity holds what is decided when the cluster is created: Aurora would replace the cluster, or refuse.
func (d *database) clusterIdentity(params *rds.Cluster) {
	params.Region = d.keep(nameCluster, "region", d.env.Cloud.Region)
	params.Engine = d.keep(nameCluster, "engine", string(d.claim.engine))
	params.DatabaseName = d.settings.database
	params.MasterUsername = d.keep(nameCluster, "masterUsername", masterUsername)
	params.AutoGeneratePassword = ptr(true)
	params.MasterPasswordSecretRef = &managed.SecretKeyRef{Name: d.masterSecretName(), Key: "password"}
	params.Port = ptr(d.settings.facts.port)
	params.StorageEncrypted = ptr(true)
	params.DBSubnetGroupName = d.keep(nameCluster, "dbSubnetGroupName", d.in.Name(nameSubnetGroup))
	params.KMSKeyID = d.storageKey()
	params.EngineLifecycleSupport = d.lifecycle()
}

// clusterTier holds what the environment's type sets.
func (d *database) clusterTier(params *rds.Cluster) {
	t := d.settings.tier
	params.BackupRetentionPeriod = t.BackupRetentionDays
	params.PreferredBackupWindow = d.settings.backupWindow
	params.PreferredMaintenanceWindow = d.settings.maintenanceWindow
	params.DeletionProtection = ptr(d.settings.protected)
	params.ApplyImmediately = t.ApplyImmediately
	params.DeleteAutomatedBackups = ptr(!*t.KeepAutomatedBackups)
	params.SkipFinalSnapshot = ptr(!*t.FinalSnapshot)
	if *t.FinalSnapshot {
		params.FinalSnapshotIdentifier = d.finalSnapshotName()
	}
}

// members are the instances of the cluster: one that writes and the readers. Which of them writes is the cloud's to say, and
// changes when one fails.
func (d *database) members() {
	if !d.mayBeCopied() || d.settings.class == "" {
		// Without a class the size has left the catalog before anything had it: the cluster waits for another size.
		return
	}
	keep, rest := d.copies(1 + d.settings.replicas)
	for _, name := range keep {
		d.member(name, d.claim.retain)
	}
	d.letGo(rest, func(name string) { d.member(name, false) })
}

func (d *database) member(name string, retain bool) {
	s := d.settings
	observed := d.in.Observed.Get(name)
	params := &rds.ClusterInstance{
		Region:                     d.keep(name, "region", d.env.Cloud.Region),
		ClusterIdentifier:          d.keep(name, "clusterIdentifier", d.identifier()),
		Engine:                     d.keep(name, "engine", string(d.claim.engine)),
		InstanceClass:              s.class,
		DBSubnetGroupName:          d.keep(name, "dbSubnetGroupName", d.in.Name(nameSubnetGroup)),
		PubliclyAccessible:         ptr(false),
		PromotionTier:              ptr(int64(copyNumber(nameMember, name) - 1)),
		AutoMinorVersionUpgrade:    ptr(true),
		ApplyImmediately:           s.tier.ApplyImmediately,
		PreferredMaintenanceWindow: s.maintenanceWindow,
		CopyTagsToSnapshot:         ptr(true),
	}
	params.PerformanceInsightsEnabled, params.PerformanceInsightsKMSKeyID, params.PerformanceInsightsRetentionPeriod = d.insights(observed)
	params.MonitoringInterval, params.MonitoringRoleARN = d.monitoring(observed)
	d.plan.Add(name, managed.Resource[*rds.ClusterInstance]{
		Name: d.in.Name(name), ProviderConfig: d.env.Cloud.ProviderConfigRef, Retain: retain, Following: true, ForProvider: params,
	}.Object(d.in.Flavour))
}
