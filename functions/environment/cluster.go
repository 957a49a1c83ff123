package environment

import (
	"fmt"
	"slices"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/eks"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/partition"
)

// cluster is what EKS says, or what it said last.
//
// ca is in PEM.
type cluster struct {
	arn, endpoint, ca, issuer, securityGroupID, vpcID string
}

// eksCluster is the EKS cluster of the claim. Nil without one.
func (e *environment) eksCluster() *v1.EKSCluster {
	if e.claim.cluster == nil {
		return nil
	}
	return e.claim.cluster.EKS
}

// eks observes the workload cluster.
func (e *environment) eks() {
	named := e.eksCluster()
	if named == nil {
		if e.observes(nameEKS) {
			e.plan.Drop(nameEKS, pipelinev1.DropSpecChanged, "spec.cluster.eks is gone. The cluster itself was only observed")
		}
		return
	}
	region := e.keep(nameEKS, "region", e.claim.cloud.Region)
	e.plan.Add(nameEKS, aws(e, nameEKS, managed.Resource[*eks.Cluster]{
		ExternalName: named.Name, Observe: true, ForProvider: &eks.Cluster{Region: region},
	}))
	e.cluster = e.seenCluster(named.Name, region)
}

// seenCluster is what EKS says of the cluster. What it does not say now is what it said last.
func (e *environment) seenCluster(name, region string) cluster {
	at, last := e.in.Observed.Get(nameEKS).At("status", "atProvider"), e.before().At("cluster")
	if last.String("name") != name {
		last = object.Object{}
	}
	c := cluster{
		arn: at.String("arn"), endpoint: first(at.String("endpoint"), last.String("endpoint")), issuer: last.String("issuer"),
		securityGroupID: at.String("vpcConfig", "clusterSecurityGroupId"), vpcID: at.String("vpcConfig", "vpcId"),
	}
	for _, authority := range at.List("certificateAuthority") {
		c.ca = first(c.ca, certificates(authority.String("data")))
	}
	for _, identity := range at.List("identity") {
		for _, oidc := range identity.List("oidc") {
			c.issuer = first(oidc.String("issuer"), c.issuer)
		}
	}
	if c.arn == "" && last.String("endpoint") != "" {
		// It was seen: its ARN follows from where it is.
		c.arn = fmt.Sprintf("arn:%s:eks:%s:%s:cluster/%s", partition.Of(region), region, e.claim.cloud.AccountID, name)
	}
	return c
}

// clusterFinding says what is wrong with the place of the EKS cluster. Nil when nothing is, as far as is known.
func (e *environment) clusterFinding() *finding {
	named := e.eksCluster()
	if named == nil {
		return nil
	}
	if account, own := accountOf(e.cluster.arn), e.claim.cloud.AccountID; account != "" && account != own {
		return &finding{conditions.ClusterElsewhere, fmt.Sprintf("spec.cluster.eks: EKS cluster %s is in account %s, and spec.cloud.accountId "+
			"is %s. Name a cluster of that account, or a spec.cloud.providerConfigRef that leads to it", named.Name, account, own)}
	}
	if vpc, own := e.cluster.vpcID, e.network.known.VPCID; vpc != "" && own != "" && vpc != own {
		return &finding{conditions.ClusterElsewhere, fmt.Sprintf("spec.cluster.eks: EKS cluster %s is in %s, and the network is %s: workloads "+
			"would not reach what is placed there. Name the Network that is %s, or a cluster in %s", named.Name, vpc, own, vpc, own)}
	}
	return nil
}

// accountOf an ARN. Empty when it says none.
func accountOf(arn string) string {
	const account = 4
	if parts := strings.Split(arn, ":"); len(parts) > account {
		return parts[account]
	}
	return ""
}

// workloadSecurityGroupIDs are the security groups that workloads call from, sorted. While one of them is not known, those of before
// stay: what they reach would be closed to them.
func (e *environment) workloadSecurityGroupIDs() []string {
	if e.claim.cluster == nil {
		return nil
	}
	ids := slices.Clone(e.claim.cluster.WorkloadSecurityGroupIDs)
	if e.eksCluster() != nil {
		groups, missing := e.admittedGroups()
		ids = append(ids, groups...)
		if missing {
			ids = append(ids, e.before().Strings("workloadSecurityGroupIds")...)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
