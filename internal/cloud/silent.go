package cloud

import "maps"

// silent are the fields of each kind that late initialisation would copy and of which AWS reports nothing for what we compose, with the
// reason. A star stands for all.
func silent() map[string]map[string]string {
	all := silentGround()
	maps.Copy(all, silentDatabases())
	return all
}

// silentGround are those of networks and clusters.
func silentGround() map[string]map[string]string {
	return map[string]map[string]string{
		VPC: {
			"ipv6CidrBlockNetworkBorderGroup": "our networks have no IPv6",
		},
		Subnet: {
			"ipv6CidrBlock": "our networks have no IPv6",
		},
		EIP: {
			"instance": "no instance has it: a NAT gateway is none", "ipamPoolId": "it does not come out of a pool of IPAM",
		},
		NATGateway: {
			"availabilityZoneAddress.availabilityZoneId": "only a regional NAT gateway has one",
			"secondaryAllocationIds":                     "it has one address",
			"secondaryPrivateIpAddressCount":             "it has one address",
			"secondaryPrivateIpAddresses":                "it has one address",
		},
		Route: {
			"networkInterfaceId": "our routes lead to gateways",
		},
		DefaultSecurityGroup: {
			"egress":  "the provider takes the rules away when it adopts the group: there are none until somebody adds one",
			"ingress": "the provider takes the rules away when it adopts the group: there are none until somebody adds one",
		},
		VPCEndpoint: {
			"dnsOptions.privateDnsPreference":       "only endpoints of service networks have one",
			"dnsOptions.privateDnsSpecifiedDomains": "only endpoints of service networks have them",
		},
		FlowLog: {
			"destinationOptions.fileFormat":               "only logs to S3 have it",
			"destinationOptions.hiveCompatiblePartitions": "only logs to S3 have it",
			"destinationOptions.perHourPartition":         "only logs to S3 have it",
		},
		EKSCluster: {
			"*": "a cluster is only looked at: nothing is ever written into its spec",
		},
	}
}

// silentDatabases are those of RDS.
func silentDatabases() map[string]map[string]string {
	return map[string]map[string]string{
		Instance: {
			"characterSetName":         "only Oracle and SQL Server have one",
			"ncharCharacterSetName":    "only Oracle has one",
			"timezone":                 "only SQL Server has one",
			"replicaMode":              "only Oracle has one",
			"domainFqdn":               "only a member of an Active Directory has one",
			"identifierPrefix":         "the identifier is said",
			"identifier":               "it is said: an instance is named by it",
			"masterUserSecretKmsKeyId": "the password is not managed in Secrets Manager",
			"monitoringRoleArn":        "there is none unless one is said: Enhanced Monitoring is off",
			"snapshotIdentifier":       "a read does not report it",
		},
		Cluster: {
			"applyImmediately":                   "a switch of the provider's own, which a read does not report",
			"caCertificateIdentifier":            "only Multi-AZ DB clusters have one",
			"databaseName":                       "there is none unless one is said, or copied",
			"dbSystemId":                         "only Oracle has one",
			"masterUserSecretKmsKeyId":           "the password is not managed in Secrets Manager",
			"masterUsername":                     "it is said, or copied",
			"monitoringRoleArn":                  "Enhanced Monitoring is a matter of the instances",
			"performanceInsightsKmsKeyId":        "Performance Insights is a matter of the instances",
			"performanceInsightsRetentionPeriod": "Performance Insights is a matter of the instances",
		},
		ClusterInstance: {
			"applyImmediately":  "a switch of the provider's own, which a read does not report",
			"monitoringRoleArn": "there is none unless one is said: Enhanced Monitoring is off",
		},
	}
}
