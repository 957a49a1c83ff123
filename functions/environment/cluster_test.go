package environment

import (
	"testing"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// onEKS is a world with an EKS cluster and no more.
func onEKS(t *testing.T) *world {
	t.Helper()
	return newWorld(t).with(fields{"identities": nil, "vault": nil})
}

// callers are the security groups in the status.
func callers(p *plan.Plan) []string { return p.Status.Done().Strings("workloadSecurityGroupIds") }

// EKS is only observed.
func TestEKS(t *testing.T) {
	t.Parallel()
	for kind, w := range map[string]*world{"eks.aws.m.upbound.io/v1beta1": onEKS(t), "eks.aws.upbound.io/v1beta2": onEKS(t).claimed()} {
		p := w.settle()
		cluster := wanted(p, nameEKS)
		equal(t, "kind", []string{kind, "Cluster"}, []string{cluster.APIVersion(), cluster.Kind()})
		equal(t, "annotations", map[string]string{"crossplane.io/external-name": "workloads"}, cluster.StringMap("metadata", "annotations"))
		equal(t, "policies", []string{"Observe"}, cluster.Strings("spec", "managementPolicies"))
		equal(t, "parameters", fields{"region": "eu-west-1"}, cluster.At("spec", "forProvider").Map())
		equal(t, "status", fields{"name": "workloads", "issuer": issuerURL, "endpoint": endpointURL}, p.Status.Done().At("cluster").Map())
		equal(t, "callers", []string{clusterGroup}, callers(p))
	}
}

func TestClusterAsEKSDescribesIt(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:eks:eu-west-1:123456789012:cluster/workloads"
	whole := cluster{arn: arn, endpoint: endpointURL, ca: clusterCA, issuer: issuerURL, securityGroupID: clusterGroup, vpcID: "vpc-0a1"}
	cases := map[string]struct {
		change func(*world)
		want   cluster
	}{
		"all of it":          {func(*world) {}, whole},
		"the status is lost": {func(w *world) { delete(w.observed[nameEKS], "status") }, cluster{arn: arn, endpoint: endpointURL, issuer: issuerURL}},
		"the object is lost": {func(w *world) { delete(w.observed, nameEKS) }, cluster{arn: arn, endpoint: endpointURL, issuer: issuerURL}},
		"our status is lost": {func(w *world) { delete(w.xr, "status") }, whole},
		"both are":           {func(w *world) { delete(w.xr, "status"); delete(w.observed[nameEKS], "status") }, cluster{}},
		"of another cluster": {func(w *world) { set(w.xr, "status.cluster.name", "other"); delete(w.observed[nameEKS], "status") }, cluster{}},
		"nothing was seen": {func(w *world) {
			set(w.xr, "status.cluster", fields{"name": "workloads"})
			delete(w.observed[nameEKS], "status")
		}, cluster{}},
		"empty lists": {func(w *world) {
			set(w.observed[nameEKS], "status.atProvider", fields{"certificateAuthority": []any{}, "identity": []any{fields{"oidc": []any{}}}})
		}, cluster{arn: arn, endpoint: endpointURL, issuer: issuerURL}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := onEKS(t)
			w.settle()
			tc.change(w)
			in := w.in()
			e := &environment{in: in, claim: readClaim(in.XR), data: w.data, plan: &plan.Plan{}}
			e.eks()
			if e.cluster != tc.want {
				t.Errorf("cluster = %+v, want %+v", e.cluster, tc.want)
			}
		})
	}
}

// Whoever calls now is not shut out because EKS or its provider is silent.
func TestWorkloadSecurityGroups(t *testing.T) {
	t.Parallel()
	const given = "sg-0aa"
	cases := map[string]struct {
		claim  fields
		change func(*world)
		want   []string
	}{
		"of EKS":              {nil, nil, []string{clusterGroup}},
		"of EKS and more":     {fields{"cluster.workloadSecurityGroupIds": []any{"sg-0dd", given}}, nil, []string{given, clusterGroup, "sg-0dd"}},
		"given twice":         {fields{"cluster.workloadSecurityGroupIds": []any{clusterGroup}}, nil, []string{clusterGroup}},
		"of another cluster":  {fields{"cluster.eks": nil, "cluster.workloadSecurityGroupIds": []any{given}}, nil, []string{given}},
		"of nobody":           {fields{"cluster.eks": nil}, nil, nil},
		"without a cluster":   {fields{"cluster": nil}, nil, nil},
		"EKS lost its status": {nil, func(w *world) { delete(w.observed[nameEKS], "status") }, []string{clusterGroup}},
		"EKS is not there":    {nil, func(w *world) { delete(w.observed, nameEKS) }, []string{clusterGroup}},
		"EKS says another one": {nil, func(w *world) {
			set(w.observed[nameEKS], "status.atProvider.vpcConfig.clusterSecurityGroupId", "sg-0ee")
		}, []string{"sg-0ee"}},
		"another is given while EKS is silent": {nil, func(w *world) {
			delete(w.observed[nameEKS], "status")
			w.with(fields{"cluster.workloadSecurityGroupIds": []any{given}})
		}, []string{given, clusterGroup}},
		"EKS is named no more": {nil, func(w *world) { w.with(fields{"cluster.eks": nil}) }, nil},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := onEKS(t).with(tc.claim)
			w.settle()
			if tc.change != nil {
				tc.change(w)
			}
			equal(t, "callers", tc.want, callers(w.compose()))
		})
	}
}

func TestEKSIsNamedNoMore(t *testing.T) {
	t.Parallel()
	w := onEKS(t)
	w.settle()
	p := w.with(fields{"cluster.eks": nil}).compose()
	equal(t, "drops", []string{nameEKS + ": SpecChanged"}, drops(p))
	if p.Status.Done().Has("cluster") {
		t.Errorf("status.cluster = %v", p.Status.Done().At("cluster").Map())
	}
}

func TestClusterInAnotherPlace(t *testing.T) {
	t.Parallel()
	const vpc = "status.atProvider.vpcConfig.vpcId"
	cases := map[string]struct {
		change  func(*world)
		message string
	}{
		"another VPC": {func(w *world) { set(w.observed[nameEKS], vpc, "vpc-0f9") },
			"spec.cluster.eks: EKS cluster workloads is in vpc-0f9, and the network is vpc-0a1: workloads would not reach what is placed there. " +
				"Name the Network that is vpc-0f9, or a cluster in vpc-0a1"},
		"another account": {func(w *world) {
			set(w.observed[nameEKS], "status.atProvider.arn", "arn:aws:eks:eu-west-1:444455556666:cluster/workloads")
		}, "spec.cluster.eks: EKS cluster workloads is in account 444455556666, and spec.cloud.accountId is 123456789012. Name a cluster of " +
			"that account, or a spec.cloud.providerConfigRef that leads to it"},
		"the VPC is not known": {func(w *world) { set(w.observed[nameEKS], vpc, nil) }, ""},
		"the network is not known": {func(w *world) {
			w.network = nil
			set(w.xr, "status.network", nil)
			set(w.observed[nameEKS], vpc, "vpc-0f9")
		}, ""},
		"an ARN that is none": {func(w *world) { set(w.observed[nameEKS], "status.atProvider.arn", "arn:aws") }, ""},
		"the same":            {func(*world) {}, ""},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := onEKS(t)
			w.settle()
			tc.change(w)
			c := condition(w.compose(), v1.ConditionClusterReady)
			if tc.message == "" {
				equal(t, "status", conditions.True, c.Status)
				return
			}
			equal(t, "condition", conditions.Condition{
				Type: v1.ConditionClusterReady, Status: conditions.False, Reason: conditions.ClusterElsewhere, Message: tc.message,
			}, c)
		})
	}
}
