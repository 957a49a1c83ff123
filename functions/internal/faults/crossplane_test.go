package faults

import "github.com/goldenpath-dev/goldenpath/functions/internal/conditions"

// crossplaneSamples are errors of the providers.
func crossplaneSamples() map[string]sample {
	return map[string]sample{
		"nobody knows whether it was created": {
			"cannot determine creation result - remove the crossplane.io/external-create-pending annotation if it is safe to proceed",
			conditions.OutcomeUnknown, PlatformTeam,
			"cannot determine creation result - remove the crossplane.io/external-create-pending annotation if it is safe to proceed. The provider was stopped while it created this. The platform team has to check in the cloud whether it exists, then to remove the annotation crossplane.io/external-create-pending from the resource and to set crossplane.io/reconcile-requested-at to any new value",
		},
		"no configuration": {
			`connect failed: cannot initialize the Terraform plugin SDK async external client: cannot get terraform setup: cannot get referenced ProviderConfig: clusterproviderconfigs.aws.m.upbound.io "staging" not found`,
			conditions.CredentialsInvalid, PlatformTeam,
			`cannot get referenced ProviderConfig: clusterproviderconfigs.aws.m.upbound.io "staging" not found. The provider cannot find ClusterProviderConfig staging. The platform team has to create it, or to correct the reference in the Environment. What runs goes on running`,
		},
		"no reference to a configuration": {
			"connect failed: cannot initialize the Terraform plugin SDK async external client: cannot get terraform setup: no providerConfigRef provided",
			conditions.CredentialsInvalid, PlatformTeam,
			"no providerConfigRef provided. The provider cannot find ClusterProviderConfig staging. The platform team has to create it, or to correct the reference in the Environment. What runs goes on running",
		},
		"no Secret with credentials": {
			`connect failed: cannot initialize the Terraform plugin SDK async external client: cannot get terraform setup: cannot get aws config: cannot get credentials: cannot get credentials secret: secrets "cloud-credentials" not found`,
			conditions.CredentialsInvalid, PlatformTeam,
			`cannot get aws config: cannot get credentials: cannot get credentials secret: secrets "cloud-credentials" not found. The provider has no credentials for ClusterProviderConfig staging. The platform team has to create the Secret that it names, with valid credentials. What runs goes on running`,
		},
		"no Secret with credentials for Vault": {
			`connect failed: cannot initialize the Terraform plugin SDK async external client: cannot get terraform setup: cannot extract credentials: cannot get credentials secret: secrets "vault-credentials" not found`,
			conditions.CredentialsInvalid, PlatformTeam,
			`cannot extract credentials: cannot get credentials secret: secrets "vault-credentials" not found. The provider has no credentials for ClusterProviderConfig staging. The platform team has to create the Secret that it names, with valid credentials. What runs goes on running`,
		},
		"a change that would replace it": {
			`update failed: async update failed: refuse to update the external resource because the following update requires replacing it: cannot change the value of the argument "db_subnet_group_name" from "a" to "b"`,
			conditions.ChangeRefused, PlatformTeam,
			`refuse to update the external resource because the following update requires replacing it: cannot change the value of the argument "db_subnet_group_name" from "a" to "b". This cannot be changed without losing what is there, so it stays as it is. The platform team has to find out what changed in the catalog or in the cloud and to take it back, or else to report this as a defect`,
		},
		"a reference to nothing": {
			`cannot resolve references: mg.Spec.ForProvider.VPCID: cannot get referenced resource: vpcs.ec2.aws.m.upbound.io "network" not found`,
			conditions.DependencyNotFound, Nobody,
			`cannot resolve references: mg.Spec.ForProvider.VPCID: cannot get referenced resource: vpcs.ec2.aws.m.upbound.io "network" not found. What it refers to is not there or not ready: it is tried again; nothing to do`,
		},
		"two writers": {
			`update failed: Operation cannot be fulfilled on instances.rds.aws.m.upbound.io "orders-db": the object has been modified; please apply your changes to the latest version and try again`,
			conditions.Busy, Nobody,
			`Operation cannot be fulfilled on instances.rds.aws.m.upbound.io "orders-db": the object has been modified; please apply your changes to the latest version and try again. Two programs wrote the resource at the same time: it is tried again; nothing to do`,
		},
		"only looked at": {
			"observe failed: external resource does not exist",
			conditions.DependencyNotFound, PlatformTeam,
			"external resource does not exist. It is only looked at, and it is not in the cloud. The platform team has to correct its id in the Environment or the Network, or to create it",
		},
		"paused": {
			"ReconcilePaused",
			conditions.Paused, PlatformTeam,
			"ReconcilePaused. The provider has been told to leave this resource alone. The platform team has to remove the annotation crossplane.io/paused from it",
		},
	}
}
