package environment

import (
	"strings"
	"testing"

	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
)

const ownGroup = "sg-0ed1"

// ofCluster is what ClusterReady says of whom databases admit by default.
const ofCluster = ". Databases admit sg-0c1, the security group of the cluster: every pod and node that has it may connect, also those of " +
	"others. spec.cluster.eks.podSecurityGroup gives this environment's pods one of their own"

// ofPodGroup are the names of what is composed for the group of the pods.
func ofPodGroup(names []string) []string {
	var all []string
	for _, name := range names {
		if podGroupNames(name) {
			all = append(all, strings.TrimPrefix(name, namePodGroup))
		}
	}
	return all
}

func podGroupWorld(t *testing.T, mode string) *world {
	t.Helper()
	return newWorld(t).with(fields{"cluster.eks.podSecurityGroup": mode})
}

// With a group of the environment's own, databases admit its pods and no others of the cluster.
func TestPodSecurityGroup(t *testing.T) {
	t.Parallel()
	w := podGroupWorld(t, "Environment")
	p := w.settle()
	group := forProvider(p, namePodGroup)
	equal(t, "group", []string{"eu-west-1", "vpc-0a1"}, []string{group.String("region"), group.String("vpcId")})
	rules := map[string][]string{}
	for _, r := range []string{"cluster", "self", "dns-udp", "dns-tcp", "api-server", "egress"} {
		o := forProvider(p, namePodGroupRule+r)
		rules[r] = []string{o.String("securityGroupId"), o.String("referencedSecurityGroupId") + o.String("cidrIpv4"), o.String("ipProtocol")}
		if port := o.Int("fromPort"); port != o.Int("toPort") {
			t.Errorf("%s: from %d to %d", r, port, o.Int("toPort"))
		}
	}
	equal(t, "rules", map[string][]string{
		"cluster": {ownGroup, clusterGroup, "-1"}, "self": {ownGroup, ownGroup, "-1"}, "egress": {ownGroup, "0.0.0.0/0", "-1"},
		"dns-udp": {clusterGroup, ownGroup, "udp"}, "dns-tcp": {clusterGroup, ownGroup, "tcp"}, "api-server": {clusterGroup, ownGroup, "tcp"},
	}, rules)
	equal(t, "ports", []int64{53, 53, 443}, []int64{
		forProvider(p, namePodGroupRule+"dns-udp").Int("fromPort"), forProvider(p, namePodGroupRule+"dns-tcp").Int("fromPort"),
		forProvider(p, namePodGroupRule+"api-server").Int("fromPort"),
	})
	m := forProvider(p, namePodGroupPolicy).At("manifest")
	equal(t, "policy", fields{"podSelector": fields{}, "securityGroups": fields{"groupIds": []any{ownGroup}}}, m.At("spec").Map())
	equal(t, "kind", []string{"vpcresources.k8s.aws/v1beta1", "SecurityGroupPolicy", workloadsName}, []string{m.APIVersion(), m.Kind(), m.Namespace()})
	equal(t, "admitted", []string{ownGroup}, p.Environment.WorkloadSecurityGroupIDs)
	equal(t, "status", ownGroup, p.Status.Done().String("cluster", "podSecurityGroupId"))
	if c := condition(p, "ClusterReady"); !c.Is() || !strings.Contains(c.Message, "Databases admit sg-0ed1: pods of this environment, and no others") {
		t.Errorf("%+v", c)
	}
}

// No pod starts with the group before its rules are there: it would find no name.
func TestPodSecurityGroupWaitsForItsRules(t *testing.T) {
	t.Parallel()
	w := podGroupWorld(t, "Environment")
	w.asleep = []string{namePodGroupRule + "dns-udp"}
	p := w.settle()
	equal(t, "policy", true, wanted(p, namePodGroupPolicy).IsZero())
	equal(t, "admitted", []string(nil), p.Environment.WorkloadSecurityGroupIDs)
	equal(t, "ready", false, condition(p, "ClusterReady").Is())
}

// By default databases admit the cluster's group, and the condition says what that is.
func TestTheGroupOfTheClusterIsSaidInPlainWords(t *testing.T) {
	t.Parallel()
	p := readyWorld(t).compose()
	equal(t, "composed", []string(nil), ofPodGroup(resourceNames(p)))
	equal(t, "admitted", []string{clusterGroup}, p.Environment.WorkloadSecurityGroupIDs)
	if c := condition(p, "ClusterReady"); !strings.HasSuffix(c.Message, ofCluster) {
		t.Error(c.Message)
	}
}

// A pod that runs keeps the group that it has started with: both are admitted until the claim says that none is left.
func TestPodSecurityGroupMoves(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	mode := func(m string) *world { return w.with(fields{"cluster.eks.podSecurityGroup": m}) }
	first := "spec.cluster.eks.podSecurityGroup: write Both first, restart the workloads, then %s: pods that run keep the group that they have " +
		"started with, and would be cut off"
	equal(t, "at once", refusal("ClusterReady", conditions.InvalidSpec, strings.Replace(first, "%s", "Environment", 1)), refused(t, mode("Environment")))
	mode("Both")
	for range 8 {
		if got := w.step().Environment.WorkloadSecurityGroupIDs; got[0] != clusterGroup {
			t.Fatalf("on the way databases admit %v", got)
		}
	}
	equal(t, "both", []string{clusterGroup, ownGroup}, w.settle().Environment.WorkloadSecurityGroupIDs)
	mode("Environment")
	equal(t, "then its own", []string{ownGroup}, w.settle().Environment.WorkloadSecurityGroupIDs)
	equal(t, "back at once", refusal("ClusterReady", conditions.InvalidSpec, strings.Replace(first, "%s", "Cluster", 1)), refused(t, mode("Cluster")))
	mode("Both")
	equal(t, "both again", []string{clusterGroup, ownGroup}, w.settle().Environment.WorkloadSecurityGroupIDs)
	mode("Cluster")
	p := w.compose()
	equal(t, "drops", 8, len(p.Drops))
	w.apply(p)
	equal(t, "the cluster's again", []string{clusterGroup}, w.settle().Environment.WorkloadSecurityGroupIDs)
}

// What was known stays while the provider says nothing.
func TestPodSecurityGroupWithoutWords(t *testing.T) {
	t.Parallel()
	w := podGroupWorld(t, "Environment")
	before := w.settle()
	for _, o := range w.observed {
		o["status"] = nil
	}
	p := w.compose()
	equal(t, "names", ofPodGroup(resourceNames(before)), ofPodGroup(resourceNames(p)))
	equal(t, "admitted", []string{ownGroup}, p.Environment.WorkloadSecurityGroupIDs)
	w.xr["status"] = nil
	p = w.compose()
	equal(t, "names without a status", ofPodGroup(resourceNames(before)), ofPodGroup(resourceNames(p)))
	equal(t, "drops", []string(nil), drops(p))
	for _, r := range []string{"self", "api-server"} {
		equal(t, r, forProvider(before, namePodGroupRule+r).Map(), forProvider(p, namePodGroupRule+r).Map())
	}
	equal(t, "policy", forProvider(before, namePodGroupPolicy).Map(), forProvider(p, namePodGroupPolicy).Map())
}

func TestPodSecurityGroupMistakes(t *testing.T) {
	t.Parallel()
	equal(t, "an unknown word", refusal("ClusterReady", conditions.InvalidSpec,
		`spec.cluster.eks.podSecurityGroup: "Own"; write Cluster, Both or Environment`), refused(t, podGroupWorld(t, "Own")))
	equal(t, "a namespace of others", refusal("ClusterReady", conditions.InvalidSpec,
		"spec.cluster.eks.podSecurityGroup: namespace legacy belongs to others, and so do pods in it. Write Cluster"),
		refused(t, podGroupWorld(t, "Both").with(fields{"cluster.namespace": "legacy"})))
}
