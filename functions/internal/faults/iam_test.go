package faults

import "github.com/goldenpath-dev/goldenpath/functions/internal/conditions"

// iamSamples are errors of roles and policies.
func iamSamples() map[string]sample {
	return map[string]sample{
		"a role that there is not": {
			"create failed: async create failed: failed to create the resource: [{0 creating IAM Role Policy (orders:orders-connect): operation error IAM: PutRolePolicy, https response error StatusCode: 404, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, NoSuchEntity: The role with name orders cannot be found.  []}]",
			conditions.DependencyNotFound, PlatformTeam,
			"NoSuchEntity: The role with name orders cannot be found. The role or policy that is named does not exist in this account. The platform team has to find out who deleted it; one of an identity of the Environment is created again by itself",
		},
		"a role that is full": {
			"create failed: async create failed: failed to create the resource: [{0 creating IAM Role Policy (orders:orders-connect): operation error IAM: PutRolePolicy, https response error StatusCode: 409, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, LimitExceeded: Maximum policy size of 10240 bytes exceeded for role orders  []}]",
			conditions.QuotaExceeded, PlatformTeam,
			"LimitExceeded: Maximum policy size of 10240 bytes exceeded for role orders. The role or its policies are at a limit of IAM. The platform team has to take grants from the role, or to raise the quota where IAM lets it be raised",
		},
		"a policy that is none": {
			`create failed: async create failed: failed to create the resource: [{0 creating IAM Role Policy (orders:orders-connect): operation error IAM: PutRolePolicy, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, MalformedPolicyDocument: Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:role/gone"  []}]`,
			conditions.ValueRefused, PlatformTeam,
			`MalformedPolicyDocument: Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:role/gone". IAM does not take the policy. The platform team has to check that the roles that it names exist, or else to report this as a defect`,
		},
		"a role has the name": {
			"create failed: async create failed: failed to create the resource: [{0 creating IAM Role Policy (orders:orders-connect): operation error IAM: CreateRole, https response error StatusCode: 409, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, EntityAlreadyExists: Role with name orders already exists.  []}]",
			conditions.NameTaken, PlatformTeam,
			"EntityAlreadyExists: Role with name orders already exists. The account has one of this name that this object did not create, in IAM. The platform team has to find out whose it is, and to rename or delete it",
		},
		"a role of AWS": {
			"create failed: async create failed: failed to create the resource: [{0 creating IAM Role Policy (orders:orders-connect): operation error IAM: PutRolePolicy, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, UnmodifiableEntity: Cannot perform the operation on the protected role 'AWSServiceRoleForRDS' - this role is only modifiable by AWS  []}]",
			conditions.ChangeRefused, PlatformTeam,
			"UnmodifiableEntity: Cannot perform the operation on the protected role 'AWSServiceRoleForRDS' - this role is only modifiable by AWS. Roles of AWS services cannot be changed. The platform team has to find out whose role has this name, and to report this as a defect",
		},
		"two at once": {
			"create failed: async create failed: failed to create the resource: [{0 creating IAM Role Policy (orders:orders-connect): operation error IAM: PutRolePolicy, https response error StatusCode: 409, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, ConcurrentModification: The request was rejected because multiple requests to change this object were submitted simultaneously.  []}]",
			conditions.Busy, Nobody,
			"ConcurrentModification: The request was rejected because multiple requests to change this object were submitted simultaneously. Somebody else changes the role at the moment: it is tried again; nothing to do",
		},
		"a policy that is attached": {
			"async delete failed: failed to delete the resource: [{0 deleting IAM Role Policy (orders:orders-connect): operation error IAM: DeletePolicy, https response error StatusCode: 409, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, DeleteConflict: Cannot delete a policy attached to entities.  []}]",
			conditions.InUse, Nobody,
			"DeleteConflict: Cannot delete a policy attached to entities. The role or policy is used still: it is tried again until nothing uses it; nothing to do",
		},
	}
}
