package faults

import "github.com/goldenpath-dev/goldenpath/functions/internal/conditions"

// awsSamples are errors of every AWS API.
func awsSamples() map[string]sample {
	return map[string]sample{
		"calls are limited in RDS": {
			"observe failed: failed to observe the resource: [{0 reading RDS DB Instance (orders-db): operation error RDS: DescribeDBInstances, exceeded maximum number of attempts, 25, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error Throttling: Rate exceeded  []}]",
			conditions.Throttled, Nobody,
			"Throttling: Rate exceeded. The cloud limits how often it may be called: it is tried again; nothing to do",
		},
		"calls are limited in EC2": {
			"create failed: async create failed: failed to create the resource: [{0 creating Security Group (orders-sg): operation error EC2: CreateSecurityGroup, exceeded maximum number of attempts, 25, https response error StatusCode: 503, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error RequestLimitExceeded: Request limit exceeded.  []}]",
			conditions.Throttled, Nobody,
			"RequestLimitExceeded: Request limit exceeded. The cloud limits how often it may be called: it is tried again; nothing to do",
		},
		"a code with the ending of newer services": {
			"create failed: async create failed: failed to create the resource: [{0 creating IAM Role Policy (orders:orders-connect): operation error IAM: PutRolePolicy, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error ThrottlingException: Rate exceeded  []}]",
			conditions.Throttled, Nobody,
			"ThrottlingException: Rate exceeded. The cloud limits how often it may be called: it is tried again; nothing to do",
		},
		"no policy allows the action": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS DB Instance (orders-db): operation error RDS: CreateDBInstance, https response error StatusCode: 403, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error AccessDenied: User: arn:aws:sts::123456789012:assumed-role/crossplane-provider/1763736051123456789 is not authorized to perform: rds:CreateDBInstance on resource: arn:aws:rds:eu-west-1:123456789012:db:orders-db because no identity-based policy allows the rds:CreateDBInstance action  []}]",
			conditions.PermissionDenied, PlatformTeam,
			"AccessDenied: User: arn:aws:sts::123456789012:assumed-role/crossplane-provider is not authorized to perform: rds:CreateDBInstance on resource: arn:aws:rds:eu-west-1:123456789012:db:orders-db because no identity-based policy allows the rds:CreateDBInstance action. The role of the provider lacks this permission. The platform team has to allow the action in a policy of the role",
		},
		"no policy allows the action, in EC2's words": {
			"create failed: async create failed: failed to create the resource: [{0 creating Security Group (orders-sg): operation error EC2: CreateSecurityGroup, https response error StatusCode: 403, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error UnauthorizedOperation: You are not authorized to perform this operation. User: arn:aws:sts::123456789012:assumed-role/crossplane-provider/1763736051123456789 is not authorized to perform: ec2:CreateSecurityGroup on resource: arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1 because no identity-based policy allows the ec2:CreateSecurityGroup action. Encoded authorization failure message: 2_QNDsmBj_2I8jBZx8jgOj-4634N-CvAa0hXgIqxieDHy70uYtLf_Gjhj6UK4DCmlxBfXlKfzX2q  []}]",
			conditions.PermissionDenied, PlatformTeam,
			"UnauthorizedOperation: You are not authorized to perform this operation. User: arn:aws:sts::123456789012:assumed-role/crossplane-provider is not authorized to perform: ec2:CreateSecurityGroup on resource: arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1 because no identity-based ... The role of the provider lacks this permission. The platform team has to allow the action in a policy of the role",
		},
		"the organisation forbids it": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS DB Instance (orders-db): operation error RDS: CreateDBCluster, https response error StatusCode: 403, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error AccessDenied: User: arn:aws:sts::123456789012:assumed-role/crossplane-provider/1763736051123456789 is not authorized to perform: rds:CreateDBCluster on resource: arn:aws:rds:us-west-1:123456789012:cluster:orders with an explicit deny in a service control policy  []}]",
			conditions.PermissionDenied, PlatformTeam,
			"AccessDenied: User: arn:aws:sts::123456789012:assumed-role/crossplane-provider is not authorized to perform: rds:CreateDBCluster on resource: arn:aws:rds:us-west-1:123456789012:cluster:orders with an explicit deny in a service control policy. A policy forbids this to the role of the provider. The platform team has to lift the deny, or to use another account or region",
		},
		"the token is not valid": {
			"connect failed: cannot initialize the Terraform plugin SDK async external client: cannot get terraform setup: cache manager failure: cannot get account id: cannot get the caller identity: operation error STS: GetCallerIdentity, https response error StatusCode: 403, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidClientTokenId: The security token included in the request is invalid.",
			conditions.CredentialsInvalid, PlatformTeam,
			"InvalidClientTokenId: The security token included in the request is invalid. AWS does not accept the credentials of ClusterProviderConfig staging. The platform team has to renew them. What runs goes on running",
		},
		"the token has expired": {
			"observe failed: failed to observe the resource: [{0 reading RDS DB Instance (orders-db): operation error RDS: DescribeDBInstances, https response error StatusCode: 403, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error ExpiredToken: The security token included in the request is expired  []}]",
			conditions.CredentialsInvalid, PlatformTeam,
			"ExpiredToken: The security token included in the request is expired. AWS does not accept the credentials of ClusterProviderConfig staging. The platform team has to renew them. What runs goes on running",
		},
		"the clock is wrong, with times that differ each time": {
			"observe failed: failed to observe the resource: [{0 reading RDS DB Instance (orders-db): operation error RDS: DescribeDBInstances, https response error StatusCode: 403, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error SignatureDoesNotMatch: Signature expired: 20251121T144051Z is now earlier than 20251121T144600Z (20251121T150100Z - 15 min.)  []}]",
			conditions.CredentialsInvalid, PlatformTeam,
			"SignatureDoesNotMatch: Signature expired: (time) is now earlier than (time) ((time) - 15 min.). AWS does not accept the credentials of ClusterProviderConfig staging. The platform team has to renew them. What runs goes on running",
		},
		"the role cannot be assumed with the identity of the pod": {
			"connect failed: cannot initialize the Terraform plugin SDK async external client: cannot get terraform setup: failed to retrieve aws credentials from aws config: failed to refresh cached credentials, failed to retrieve credentials, operation error STS: AssumeRoleWithWebIdentity, https response error StatusCode: 403, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity",
			conditions.CredentialsInvalid, PlatformTeam,
			"failed to refresh cached credentials, failed to retrieve credentials, operation error STS: AssumeRoleWithWebIdentity, AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity. The provider gets no credentials for ClusterProviderConfig staging. The platform team has to correct the role that it names and the trust policy of that role. What runs goes on running",
		},
		"the role of the configuration cannot be assumed": {
			"connect failed: cannot initialize the Terraform plugin SDK async external client: cannot get terraform setup: cannot get the caller identity: operation error STS: AssumeRole, https response error StatusCode: 403, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error AccessDenied: User: arn:aws:sts::123456789012:assumed-role/crossplane-provider/1763736051123456789 is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::210987654321:role/environments",
			conditions.CredentialsInvalid, PlatformTeam,
			"AccessDenied: User: arn:aws:sts::123456789012:assumed-role/crossplane-provider is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::210987654321:role/environments. The provider gets no credentials for ClusterProviderConfig staging. The platform team has to correct the role that it names and the trust policy of that role. What runs goes on running",
		},
		"there is no role on the node": {
			"connect failed: cannot initialize the Terraform plugin SDK async external client: cannot get terraform setup: cannot get the caller identity: operation error STS: GetCallerIdentity, get identity: get credentials: failed to refresh cached credentials, no EC2 IMDS role found, operation error ec2imds: GetMetadata, canceled, context deadline exceeded",
			conditions.CredentialsInvalid, PlatformTeam,
			"failed to refresh cached credentials, no EC2 IMDS role found, operation error ec2imds: GetMetadata, canceled, context deadline exceeded. The provider gets no credentials for ClusterProviderConfig staging. The platform team has to correct the role that it names and the trust policy of that role. What runs goes on running",
		},
		"the region is not activated": {
			"create failed: async create failed: failed to create the resource: [{0 creating Security Group (orders-sg): operation error EC2: CreateSecurityGroup, https response error StatusCode: 401, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error OptInRequired: You are not subscribed to this service. Please go to http://aws.amazon.com to subscribe.  []}]",
			conditions.PermissionDenied, PlatformTeam,
			"OptInRequired: You are not subscribed to this service. Please go to http://aws.amazon.com to subscribe. The account has this region or service not activated. The platform team has to activate it",
		},
		"AWS has a fault": {
			"observe failed: failed to observe the resource: [{0 reading RDS DB Instance (orders-db): operation error RDS: DescribeDBInstances, https response error StatusCode: 500, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InternalFailure: An internal error occurred  []}]",
			conditions.Unreachable, Nobody,
			"InternalFailure: An internal error occurred. The cloud has a fault of its own: it is tried again; nothing to do",
		},
		"AWS is overloaded": {
			"create failed: async create failed: failed to create the resource: [{0 creating Security Group (orders-sg): operation error EC2: CreateSecurityGroup, https response error StatusCode: 503, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error Unavailable: The server is overloaded and can't handle the request.  []}]",
			conditions.Unreachable, Nobody,
			"Unavailable: The server is overloaded and can't handle the request. The cloud has a fault of its own: it is tried again; nothing to do",
		},
		"no name server": {
			`observe failed: failed to observe the resource: [{0 reading RDS DB Instance (orders-db): operation error RDS: DescribeDBInstances, exceeded maximum number of attempts, 25, https response error StatusCode: 0, RequestID: , request send failed, Post "https://rds.eu-west-1.amazonaws.com/": dial tcp: lookup rds.eu-west-1.amazonaws.com on 172.20.0.10:53: read udp 10.0.3.7:41873->172.20.0.10:53: i/o timeout  []}]`,
			conditions.Unreachable, PlatformTeam,
			`request send failed, Post "https://rds.eu-west-1.amazonaws.com/": dial tcp: lookup rds.eu-west-1.amazonaws.com on 172.20.0.10:53: read udp 172.20.0.10:53: i/o timeout. The provider does not reach AWS. The platform team has to check its network, its DNS and its proxy, if this lasts. What runs goes on running`,
		},
	}
}
