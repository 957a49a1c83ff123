package ec2

// VPC is a virtual private cloud.
//
// +goldenpath:encode
// +goldenpath:kind service=ec2.aws kind=VPC legacy=v1beta1 namespaced=v1beta1
type VPC struct {
	Region             string            `json:"region"`
	CIDRBlock          string            `json:"cidrBlock,omitempty"`
	EnableDNSSupport   *bool             `json:"enableDnsSupport,omitempty"`
	EnableDNSHostnames *bool             `json:"enableDnsHostnames,omitempty"`
	Tags               map[string]string `json:"tags,omitempty"`
}

// Subnet is a range of a VPC in one zone.
//
// +goldenpath:encode
// +goldenpath:kind service=ec2.aws kind=Subnet legacy=v1beta1 namespaced=v1beta1
type Subnet struct {
	Region              string            `json:"region"`
	VPCID               string            `json:"vpcId,omitempty"`
	CIDRBlock           string            `json:"cidrBlock,omitempty"`
	AvailabilityZone    string            `json:"availabilityZone,omitempty"`
	MapPublicIPOnLaunch *bool             `json:"mapPublicIpOnLaunch,omitempty"`
	Tags                map[string]string `json:"tags,omitempty"`
}

// InternetGateway connects a VPC with the internet.
//
// +goldenpath:encode
// +goldenpath:kind service=ec2.aws kind=InternetGateway legacy=v1beta1 namespaced=v1beta1
type InternetGateway struct {
	Region string            `json:"region"`
	VPCID  string            `json:"vpcId"`
	Tags   map[string]string `json:"tags,omitempty"`
}

// EIP is a public address.
//
// +goldenpath:encode
// +goldenpath:kind service=ec2.aws kind=EIP legacy=v1beta1 namespaced=v1beta1
type EIP struct {
	Region string `json:"region"`
	// Domain is vpc.
	Domain string            `json:"domain"`
	Tags   map[string]string `json:"tags,omitempty"`
}

// NATGateway lets private subnets call the internet.
//
// +goldenpath:encode
// +goldenpath:kind service=ec2.aws kind=NATGateway legacy=v1beta1 namespaced=v1beta1
type NATGateway struct {
	Region       string            `json:"region"`
	AllocationID string            `json:"allocationId"`
	SubnetID     string            `json:"subnetId"`
	Tags         map[string]string `json:"tags,omitempty"`
}

// RouteTable holds the routes of its subnets. Each route is a resource of its own.
//
// +goldenpath:encode
// +goldenpath:kind service=ec2.aws kind=RouteTable legacy=v1beta1 namespaced=v1beta1
type RouteTable struct {
	Region string            `json:"region"`
	VPCID  string            `json:"vpcId"`
	Tags   map[string]string `json:"tags,omitempty"`
}

// Route leads to one gateway.
//
// +goldenpath:encode
// +goldenpath:kind service=ec2.aws kind=Route legacy=v1beta2 namespaced=v1beta1
type Route struct {
	Region               string `json:"region"`
	RouteTableID         string `json:"routeTableId"`
	DestinationCIDRBlock string `json:"destinationCidrBlock"`
	GatewayID            string `json:"gatewayId,omitempty"`
	NATGatewayID         string `json:"natGatewayId,omitempty"`
	TransitGatewayID     string `json:"transitGatewayId,omitempty"`
	// PeeringConnectionID of a VPC peering connection.
	PeeringConnectionID string `json:"vpcPeeringConnectionId,omitempty"`
}

// RouteTableAssociation gives a subnet its route table.
//
// +goldenpath:encode
// +goldenpath:kind service=ec2.aws kind=RouteTableAssociation legacy=v1beta1 namespaced=v1beta1
type RouteTableAssociation struct {
	Region       string `json:"region"`
	RouteTableID string `json:"routeTableId"`
	SubnetID     string `json:"subnetId"`
}

// DefaultSecurityGroup takes over the security group that every VPC comes with. The provider removes its rules once, when it takes the
// group over. Later ones it leaves alone: a list that is not given, or is empty, says nothing to it.
//
// +goldenpath:encode
// +goldenpath:kind service=ec2.aws kind=DefaultSecurityGroup legacy=v1beta1 namespaced=v1beta1
type DefaultSecurityGroup struct {
	Region string            `json:"region"`
	VPCID  string            `json:"vpcId"`
	Tags   map[string]string `json:"tags,omitempty"`
	// NoRules takes the lists over from the provider, which wrote in them what it found. Nil leaves them alone.
	*NoRules
}

// NoRules are the lists of rules of a security group, without any.
//
// +goldenpath:encode
type NoRules struct {
	// Ingress and Egress are empty.
	Ingress []DefaultRule `json:"ingress"`
	Egress  []DefaultRule `json:"egress"`
}

// DefaultRule is a rule of the default security group. None is ever composed.
//
// +goldenpath:encode
type DefaultRule struct {
	Protocol string `json:"protocol"`
}

// VPCEndpoint leads to a service of AWS without the internet.
//
// +goldenpath:encode
// +goldenpath:kind service=ec2.aws kind=VPCEndpoint legacy=v1beta2 namespaced=v1beta1
type VPCEndpoint struct {
	Region      string `json:"region"`
	VPCID       string `json:"vpcId"`
	ServiceName string `json:"serviceName"`
	// VPCEndpointType is Gateway or Interface.
	VPCEndpointType   string            `json:"vpcEndpointType"`
	PrivateDNSEnabled *bool             `json:"privateDnsEnabled,omitempty"`
	Policy            string            `json:"policy,omitempty"`
	Tags              map[string]string `json:"tags,omitempty"`
}

// VPCEndpointRouteTableAssociation gives a route table the routes of a gateway endpoint.
//
// +goldenpath:encode
// +goldenpath:kind service=ec2.aws kind=VPCEndpointRouteTableAssociation legacy=v1beta1 namespaced=v1beta1
type VPCEndpointRouteTableAssociation struct {
	Region        string `json:"region"`
	VPCEndpointID string `json:"vpcEndpointId"`
	RouteTableID  string `json:"routeTableId"`
}

// VPCEndpointSubnetAssociation puts an interface endpoint into a subnet.
//
// +goldenpath:encode
// +goldenpath:kind service=ec2.aws kind=VPCEndpointSubnetAssociation legacy=v1beta1 namespaced=v1beta1
type VPCEndpointSubnetAssociation struct {
	Region        string `json:"region"`
	VPCEndpointID string `json:"vpcEndpointId"`
	SubnetID      string `json:"subnetId"`
}

// VPCEndpointSecurityGroupAssociation says who may call an interface endpoint.
//
// +goldenpath:encode
// +goldenpath:kind service=ec2.aws kind=VPCEndpointSecurityGroupAssociation legacy=v1beta1 namespaced=v1beta1
type VPCEndpointSecurityGroupAssociation struct {
	Region          string `json:"region"`
	VPCEndpointID   string `json:"vpcEndpointId"`
	SecurityGroupID string `json:"securityGroupId"`
	// ReplaceDefaultAssociation takes the VPC's default security group off the endpoint.
	ReplaceDefaultAssociation *bool `json:"replaceDefaultAssociation,omitempty"`
}

// FlowLog records who talks to whom.
//
// +goldenpath:encode
// +goldenpath:kind service=ec2.aws kind=FlowLog legacy=v1beta2 namespaced=v1beta1
type FlowLog struct {
	Region      string `json:"region"`
	VPCID       string `json:"vpcId"`
	TrafficType string `json:"trafficType"`
	// LogDestinationType is cloud-watch-logs.
	LogDestinationType string `json:"logDestinationType"`
	// LogDestination is the ARN of a log group.
	LogDestination string `json:"logDestination"`
	IAMRoleARN     string `json:"iamRoleArn"`
	// MaxAggregationInterval in seconds: 60 or 600.
	MaxAggregationInterval *int64            `json:"maxAggregationInterval,omitempty"`
	Tags                   map[string]string `json:"tags,omitempty"`
}
