package network

import (
	"encoding/json"
	"strings"

	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/ec2"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/iam"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/logs"
	"github.com/goldenpath-dev/goldenpath/functions/internal/partition"
)

// flowLogs record all traffic in a log group of the network's own, written by a role that can do nothing else.
func (n *network) flowLogs() {
	enabled := n.claim.flowLogs.enabled
	if !enabled && !n.there(nameFlowLog) {
		what := "what was logged goes with it"
		if n.retains(nameFlowLogGroup) {
			what = "what was logged stays in log group " + n.cloudName(nameFlowLogGroup)
		}
		for _, name := range []string{nameFlowLogPolicy, nameFlowLogRole, nameFlowLogGroup} {
			n.drop(name, "spec.flowLogs is off, and "+what)
		}
		return
	}
	n.flowLogGroup()
	n.flowLogRole()
	if !enabled {
		// It goes first: without a place to write to it would only report errors.
		n.drop(nameFlowLog, "spec.flowLogs is off")
		return
	}
	role, group := n.observed(nameFlowLogRole), n.observed(nameFlowLogGroup)
	roleARN, groupARN := role.String("status", "atProvider", "arn"), group.String("status", "atProvider", "arn")
	if !n.there(nameFlowLogPolicy) {
		// A flow log that cannot write as soon as it is made reports an error for ten minutes.
		roleARN = ""
	}
	if n.needs(nameFlowLog, n.vpcID(), roleARN, groupARN) {
		add(&n.base, nameFlowLog, managed.Resource[*ec2.FlowLog]{ForProvider: &ec2.FlowLog{
			Region: n.region(nameFlowLog), VPCID: n.vpcOf(nameFlowLog), TrafficType: "ALL", LogDestinationType: "cloud-watch-logs",
			LogDestination: n.keep(nameFlowLog, "logDestination", groupARN),
			IAMRoleARN:     n.keep(nameFlowLog, "iamRoleArn", roleARN),
			Tags:           n.tags(nameFlowLog),
		}})
	}
}

// flowLogGroup outlives a protected network: what it has recorded is wanted most when somebody has deleted the network. The provider
// does not take a key away again, so one that is there stays until there is another.
func (n *network) flowLogGroup() {
	add(&n.base, nameFlowLogGroup, managed.Resource[*logs.Group]{Retain: n.claim.protected, ForProvider: &logs.Group{
		Region: n.region(nameFlowLogGroup), RetentionInDays: ptr(n.claim.flowLogs.retentionDays),
		KMSKeyID: first(n.claim.flowLogs.keyARN, n.keep(nameFlowLogGroup, "kmsKeyId", "")), Tags: n.tags(nameFlowLogGroup),
	}})
}

func (n *network) flowLogRole() {
	add(&n.base, nameFlowLogRole, managed.Resource[*iam.Role]{ForProvider: &iam.Role{
		AssumeRolePolicy:    n.flowLogTrust(),
		Description:         "Flow logs of Network " + n.in.Subject.Namespace + "/" + n.in.Subject.Name,
		PermissionsBoundary: n.data.tenancy.PermissionsBoundary(n.in.Subject.Namespace, partition.Of(n.region(nameVPC)), n.account()),
		Tags:                n.tags(nameFlowLogRole),
	}})
	add(&n.base, nameFlowLogPolicy, managed.Resource[*iam.RolePolicy]{ForProvider: &iam.RolePolicy{
		Role: n.keep(nameFlowLogPolicy, "role", n.cloudName(nameFlowLogRole)), Policy: n.flowLogPolicy(),
	}})
}

// cloudName of a resource that is called in AWS what its object is called.
func (n *network) cloudName(resource string) string {
	return first(n.observed(resource).Annotation(externalName), n.in.Name(resource))
}

// flowLogTrust lets the service take on the role, for flow logs of this account and region alone. The id of the flow log is not known
// before there is the role.
// https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
func (n *network) flowLogTrust() string {
	return document(statement{
		Effect: "Allow", Action: []string{"sts:AssumeRole"}, Principal: map[string]string{"Service": "vpc-flow-logs.amazonaws.com"},
		Condition: map[string]map[string]string{
			"StringEquals": {"aws:SourceAccount": n.account()},
			"ArnLike":      {"aws:SourceArn": n.arn("ec2", "vpc-flow-log/*")},
		},
	})
}

// flowLogPolicy lets the role write streams into the one log group.
func (n *network) flowLogPolicy() string {
	return document(statement{
		Effect: "Allow",
		Action: []string{
			"logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:PutLogEvents",
		},
		Resource: []string{n.arn("logs", "log-group:"+n.cloudName(nameFlowLogGroup)+":*")},
	})
}

// account that the VPC is in, which its owner tells once it exists.
func (n *network) account() string { return first(n.otherAccount(), n.cloud.AccountID) }

// arn of a resource in the account and region of the network.
func (n *network) arn(service, resource string) string {
	region := n.region(nameVPC)
	return strings.Join([]string{"arn", partition.Of(region), service, region, n.account(), resource}, ":")
}

// statement of an IAM policy.
type statement struct {
	Effect    string
	Principal map[string]string `json:",omitempty"`
	Action    []string
	Resource  []string                     `json:",omitempty"`
	Condition map[string]map[string]string `json:",omitempty"`
}

// document is a policy of one statement, without white space.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
func document(s statement) string {
	raw, err := json.Marshal(struct {
		Version   string
		Statement []statement
	}{"2012-10-17", []statement{s}})
	if err != nil {
		// Strings have nothing that JSON cannot hold.
		return ""
	}
	return string(raw)
}
