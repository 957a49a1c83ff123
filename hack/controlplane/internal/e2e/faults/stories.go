package faults

import "slices"

// story is a fault that is there before the claim is.
type story struct {
	name string
	// faults is the annotation of the claim.
	faults string
	// says is what the claim says while the fault lasts.
	says []says
	// fine are the conditions that are true all the same.
	fine []string
	// refused are the resources whose creation the cloud has refused.
	refused []string
	// composed is what the claim has become while the fault lasts.
	composed []string
}

// says is a condition that is false, and what a person reads in it.
type says struct {
	condition, reason string
	// about are the composed resources that the message names, in this order.
	about []string
	words []string
}

// ground is composed at once: it needs nothing.
func ground() []string {
	return []string{
		"database-log-group-postgresql", "database-log-group-upgrade", parameterGroup, securityGroup, subnetGroup,
		"vault-jwt-reader", "vault-jwt-writer", "vault-policy-reader", "vault-policy-writer",
	}
}

// withRules is composed once there is a security group. The names of the rules end in the security group that they admit.
func withRules() []string { return append(ground(), "database-ingress-sg-*", "database-ingress-sg-*") }

// withInstance is composed once the ground is ready.
func withInstance() []string { return append(withRules(), instance, "database-usage-environment") }

// withConnection is composed once there is a database.
func withConnection() []string {
	return append(withInstance(), usageMasterSecret, connectionSecret, vaultConnection, vaultEntry, "vault-kv-payload",
		"vault-usage-environment", "vault-database-mount", "database-usage-vault-server", "database-usage-vault-way")
}

// everything is the whole claim.
func everything() []string { return append(withConnection(), "vault-role-reader", "vault-role-writer") }

// whileInstanceFails is what the claim says of an instance that cannot be created: the cloud's words, and what they mean.
func whileInstanceFails(words ...string) []says {
	return []says{
		{databaseReady, failing, []string{instance}, words},
		{accessReady, blocked, nil, []string{"the connection details follow when the database is available"}},
		{vaultReady, blocked, nil, []string{"waits for the service to be available"}},
	}
}

// failsToCreate is a story of an instance that cannot be created.
func failsToCreate(name, why string, words ...string) story {
	return story{
		name: name, faults: instance + "=" + why, says: whileInstanceFails(words...),
		refused: []string{instance}, composed: withInstance(),
	}
}

// stories of creations that go wrong.
func stories() []story {
	return slices.Concat(instanceStories(), otherStories(), severalStories())
}

func instanceStories() []story {
	return []story{
		failsToCreate("quota", "create-fails:quota", "InstanceQuotaExceeded: DB Instance quota exceeded. ",
			`The platform team has to raise the RDS quota "DB instances"`),
		failsToCreate("permission", "create-fails:permission", "AccessDenied", "is not authorized to perform: rds:CreateDBInstance",
			"The platform team has to allow the action in a policy of the role"),
		failsToCreate("version", "create-fails:version", "Cannot find version 17 for postgres. ", "another spec.version helps"),
		failsToCreate("name-taken", "create-fails:name-taken", "DBInstanceAlreadyExists: DB instance already exists. ",
			"The platform team has to find out whose it is"),
		{
			// It has a name before it is created, so the provider looks for it first, and is refused that already.
			name: "throttled", faults: instance + "=throttled",
			says:     whileInstanceFails("Throttling: Rate exceeded. ", "it is tried again; nothing to do"),
			composed: withInstance(),
		},
		{
			// Slow is no error: nobody is to be alarmed.
			name: "stuck", faults: instance + "=stuck",
			says: []says{
				{databaseReady, creating, []string{instance}, []string{"Creating", "A new database takes about ten minutes"}},
				{accessReady, blocked, nil, []string{"the connection details follow when the database is available"}},
				{vaultReady, blocked, nil, []string{"waits for the service to be available"}},
			},
			composed: withInstance(),
		},
		{
			name: "credentials-invalid", faults: instance + "=credentials",
			says: []says{
				{databaseReady, failing, []string{instance}, []string{
					"The security token included in the request is invalid. ", "AWS does not accept the credentials of ClusterProviderConfig ",
				}},
				{vaultReady, blocked, nil, nil},
			},
			composed: withInstance(),
		},
	}
}

func otherStories() []story {
	return []story{
		{
			name: "subnet-group", faults: subnetGroup + "=create-fails:permission",
			says: []says{
				{databaseReady, failing, []string{subnetGroup}, []string{
					"is not authorized to perform: rds:CreateDBSubnetGroup", "The platform team has to allow the action",
				}},
				{accessReady, blocked, nil, nil},
				{vaultReady, blocked, nil, nil},
			},
			refused: []string{subnetGroup}, composed: withRules(),
		},
		{
			name: "vault-connection", faults: vaultConnection + "=create-fails:permission",
			says: []says{
				{vaultReady, failing, []string{vaultConnection}, []string{
					"Vault answers PUT ", " with 403: permission denied. ", "The platform team has to allow it in a Vault policy",
				}},
			},
			fine:    []string{databaseReady, accessReady},
			refused: []string{vaultConnection}, composed: withConnection(),
		},
		{
			name: "vault-stuck", faults: vaultConnection + "=stuck",
			says:     []says{{vaultReady, creating, []string{vaultConnection}, nil}},
			fine:     []string{databaseReady, accessReady},
			composed: withConnection(),
		},
	}
}

// severalStories are about two faults at once: a person reads of both, the first one first.
func severalStories() []story {
	return []story{
		{
			name: "two-kinds", faults: subnetGroup + "=create-fails:quota,vault-policy-writer=create-fails:permission",
			says: []says{
				{databaseReady, failing, []string{subnetGroup}, []string{"DBSubnetGroupQuotaExceeded: DB Subnet Group quota exceeded"}},
				{accessReady, blocked, nil, nil},
				{vaultReady, failing, []string{"vault-policy-writer"}, []string{
					"Vault answers PUT sys/policies/acl/", " with 403: permission denied. ",
				}},
			},
			refused: []string{subnetGroup, "vault-policy-writer"}, composed: withRules(),
		},
		{
			name: "two-of-one-kind", faults: parameterGroup + "=create-fails:quota," + subnetGroup + "=create-fails:permission",
			says: []says{
				{databaseReady, failing, []string{subnetGroup, parameterGroup}, []string{
					"is not authorized to perform: rds:CreateDBSubnetGroup", "DBParameterGroupQuotaExceeded: DB Parameter Group quota exceeded",
				}},
				{accessReady, blocked, nil, nil},
				{vaultReady, blocked, nil, nil},
			},
			refused: []string{parameterGroup, subnetGroup}, composed: withRules(),
		},
	}
}
