package cloud

// WindowFields are the parameters whose changes wait for the maintenance window when applyImmediately is false. Until then the
// cloud reports what it was.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.DBInstance.Modifying.html#USER_ModifyInstance.Settings
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Modifying.html
func WindowFields(kind string) []string {
	return map[string][]string{
		Instance: {
			"allocatedStorage", "engineVersion", "iamDatabaseAuthenticationEnabled", "instanceClass", "iops", "multiAz", "optionGroupName",
			"storageThroughput", "storageType",
		},
		Cluster:         {"engineVersion", "iamDatabaseAuthenticationEnabled"},
		ClusterInstance: {"instanceClass"},
	}[kind]
}

// GroupField is the parameter with the parameter group of a database, which goes along with a major upgrade. Empty for other kinds.
func GroupField(kind string) string {
	return map[string]string{
		Instance: "parameterGroupName", Cluster: "dbClusterParameterGroupName", ClusterInstance: "dbParameterGroupName",
	}[kind]
}
