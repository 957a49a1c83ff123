package environment

import (
	"fmt"
	"slices"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/ec2"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// allProtocols in a rule of a security group.
const allProtocols = "-1"

// podGroups says whose security group the pods of the environment have.
func (e *environment) podGroups() v1.PodSecurityGroup {
	if named := e.eksCluster(); named != nil {
		return named.PodSecurityGroup
	}
	return v1.PodSecurityGroupCluster
}

// podGroup gives the environment's pods a security group of their own: databases can then admit them, and no other pod of the cluster.
// https://docs.aws.amazon.com/eks/latest/userguide/security-groups-for-pods.html
func (e *environment) podGroup() {
	if e.podGroups() == v1.PodSecurityGroupCluster {
		for _, name := range e.in.Observed.Names(prefix) {
			if podGroupNames(name) {
				e.plan.Drop(name, pipelinev1.DropSpecChanged, "spec.cluster.eks.podSecurityGroup: pods have the security group of the cluster")
			}
		}
		return
	}
	// Pods are where the cluster is.
	vpc := e.keep(namePodGroup, "vpcId", e.cluster.vpcID)
	if vpc == "" {
		return
	}
	region := e.keep(namePodGroup, "region", e.claim.cloud.Region)
	e.plan.Add(namePodGroup, aws(e, namePodGroup, managed.Resource[*ec2.SecurityGroup]{ForProvider: &ec2.SecurityGroup{
		Region: region, VPCID: vpc, Name: e.keep(namePodGroup, "name", e.in.Name(namePodGroup)),
		// Name, description and VPC of a security group cannot change: another value would replace it.
		Description: e.keep(namePodGroup, "description", e.describe("its pods")),
	}}))
	ready := e.podGroupEgress(region)
	for _, r := range e.podGroupRules() {
		ready = e.podGroupRule(region, r) && ready
	}
	// A pod that starts with the group and without the rules finds no name.
	if ready || e.observes(namePodGroupPolicy) {
		e.podGroupPolicy()
	}
}

// podGroupEgress lets pods call what the network policies let them call: Terraform takes away the rule that AWS makes for a new group.
func (e *environment) podGroupEgress(region string) bool {
	name := namePodGroupRule + "egress"
	on := e.keep(name, "securityGroupId", e.podGroupID())
	if on == "" {
		return false
	}
	e.plan.Add(name, aws(e, name, managed.Resource[*ec2.SecurityGroupEgressRule]{ForProvider: &ec2.SecurityGroupEgressRule{
		Region: region, SecurityGroupID: on, CIDRIPv4: "0.0.0.0/0", IPProtocol: allProtocols, Description: "as far as the network policies go",
	}}))
	return health.Of(e.in.Observed.Get(name)).Ready
}

// podGroupRule is one rule of the environment's group, or of the cluster's about it.
type podGroupRule struct {
	name, on, from, protocol string
	port                     int64
	description              string
}

// podGroupRules are what pods with the group need: the kubelet probes them, they call each other, and they call the cluster's DNS and its
// API server, which have the cluster's group. Who else may call, and whom they call, is for the network policies to say: AWS's network
// plugin enforces them for pods with a group too.
// https://docs.aws.amazon.com/eks/latest/userguide/security-groups-for-pods.html
func (e *environment) podGroupRules() []podGroupRule {
	own, cluster := e.podGroupID(), e.cluster.securityGroupID
	return []podGroupRule{
		{"cluster", own, cluster, allProtocols, 0, "probes, and pods of the cluster as far as its network policies go"},
		{"self", own, own, allProtocols, 0, "pods of the environment"},
		{"dns-udp", cluster, own, "udp", portDNS, e.describe("its pods look up names")},
		{"dns-tcp", cluster, own, "tcp", portDNS, e.describe("its pods look up names")},
		{"api-server", cluster, own, "tcp", portHTTPS, e.describe("its pods call the API server")},
	}
}

// podGroupRule composes a rule as soon as both groups are known, and says that it is there.
func (e *environment) podGroupRule(region string, r podGroupRule) bool {
	name := namePodGroupRule + r.name
	on, from := e.keep(name, "securityGroupId", r.on), e.keep(name, "referencedSecurityGroupId", r.from)
	if on == "" || from == "" {
		return false
	}
	rule := &ec2.SecurityGroupIngressRule{
		Region: region, SecurityGroupID: on, ReferencedSecurityGroupID: from, IPProtocol: r.protocol, Description: r.description,
	}
	if r.port > 0 {
		rule.FromPort, rule.ToPort = ptr(r.port), ptr(r.port)
	}
	e.plan.Add(name, aws(e, name, managed.Resource[*ec2.SecurityGroupIngressRule]{ForProvider: rule}))
	return health.Of(e.in.Observed.Get(name)).Ready
}

// podGroupID is the id of the environment's group: the one that is there, or the last one that was. Empty before there is one.
func (e *environment) podGroupID() string {
	return first(e.in.Observed.Get(namePodGroup).String("status", "atProvider", "id"), e.before().String("cluster", "podSecurityGroupId"))
}

// podGroupPolicy gives the group to every pod of the workload namespace that starts from now on.
func (e *environment) podGroupPolicy() {
	group := e.podGroupID()
	if composed := e.observedManifest(namePodGroupPolicy).Strings("spec", "securityGroups", "groupIds"); group == "" && len(composed) > 0 {
		group = composed[0]
	}
	if group == "" {
		return
	}
	f := e.manifest("vpcresources.k8s.aws/v1beta1", "SecurityGroupPolicy", "goldenpath")
	spec := f.Object("spec")
	// All pods.
	spec.Object("podSelector")
	spec.Object("securityGroups").SetStrings("groupIds", []string{group})
	e.inNamespace(namePodGroupPolicy, f.Done())
}

// podGroupNames says that a composition resource name is about the group of the environment's pods.
func podGroupNames(name string) bool {
	return name == namePodGroup || name == namePodGroupPolicy || strings.HasPrefix(name, namePodGroupRule)
}

// admittedGroups are the security groups of pods that databases admit. One that is wanted and not known now is missing.
func (e *environment) admittedGroups() (ids []string, missing bool) {
	var wanted []string
	if e.podGroups() != v1.PodSecurityGroupEnvironment {
		wanted = append(wanted, e.cluster.securityGroupID)
	}
	if e.podGroups() != v1.PodSecurityGroupCluster {
		id := e.podGroupID()
		if !e.observes(namePodGroupPolicy) {
			// No pod has it before.
			id = ""
		}
		wanted = append(wanted, id)
	}
	ids = slices.DeleteFunc(wanted, func(id string) bool { return id == "" })
	return ids, len(ids) < len(wanted)
}

// podGroupMoves refuses to cut off pods that run: they keep the group that they have started with.
func podGroupMoves(e *environment) *plan.Refusal {
	refuse := func(words string, args ...any) *plan.Refusal {
		return plan.Refuse(v1.ConditionClusterReady, conditions.InvalidSpec, fmt.Sprintf("spec.cluster.eks.podSecurityGroup: "+words, args...))
	}
	mode := e.podGroups()
	switch mode {
	case v1.PodSecurityGroupCluster, v1.PodSecurityGroupBoth, v1.PodSecurityGroupEnvironment:
	default:
		return refuse("%q; write Cluster, Both or Environment", mode)
	}
	if mode != v1.PodSecurityGroupCluster && e.adopted() {
		return refuse("namespace %s belongs to others, and so do pods in it. Write Cluster", e.workloadNamespace())
	}
	if e.eksCluster() == nil {
		return nil
	}
	own := e.podGroupID()
	admitted := slices.DeleteFunc(e.before().Strings("workloadSecurityGroupIds"), func(id string) bool {
		return slices.Contains(e.claim.cluster.WorkloadSecurityGroupIDs, id)
	})
	const inSteps = "write Both first, restart the workloads, then %s: pods that run keep the group that they have started with, and " +
		"would be cut off"
	switch {
	case mode == v1.PodSecurityGroupEnvironment && len(admitted) > 0 && !slices.Contains(admitted, own):
		return refuse(inSteps, mode)
	case mode == v1.PodSecurityGroupCluster && own != "" && slices.Equal(admitted, []string{own}):
		return refuse(inSteps, mode)
	}
	return nil
}
