package appdatabase

import (
	"testing"

	inputv1 "github.com/goldenpath-dev/goldenpath/functions/appdatabase/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
)

// The Environment and the master Secret are kept by the cluster, which goes last.
func TestClusterUsages(t *testing.T) {
	t.Parallel()
	w := readyAurora(t, fields{"deletionProtection": true})
	p := w.compose()
	by := fields{"apiVersion": "rds.aws.m.upbound.io/v1beta1", "kind": "Cluster", "resourceRef": fields{"name": w.in().Name(nameCluster)}}
	for _, name := range []string{usageEnvironment, usageMasterSecret} {
		equal(t, name, by, wanted(p, name).At("spec", "by").Map())
	}
	equal(t, "the Secret", "orders-master-99630b1865", wanted(p, usageMasterSecret).String("spec", "of", "resourceRef", "name"))
	equal(t, "protection", protectionReason, wanted(p, usageProtection).String("spec", "reason"))
	if !forProvider(p, nameCluster).Bool("deletionProtection") {
		t.Error("the cloud does not protect the cluster")
	}
	set(w.xr, "spec.deletionProtection", false)
	w.asleep = []string{nameCluster}
	if p = w.step(); wanted(p, usageProtection).IsZero() {
		t.Error("the Usage goes while the cloud still protects")
	}
	w.wake(nameCluster)
	equal(t, "drops", []string{usageProtection + ": SpecChanged"}, drops(w.step()))
}

// Retain keeps the cluster, its instances and all that they cannot live without.
func TestRetainedCluster(t *testing.T) {
	t.Parallel()
	w := readyAurora(t, fields{"deletionPolicy": "Retain", "replicas": 1})
	p := w.compose()
	checked := 0
	for _, r := range p.Resources {
		if !r.Object.Has("spec", "forProvider") {
			continue
		}
		checked++
		want := []string{"Observe", "Create", "Update", "LateInitialize"}
		if kind := r.Object.Kind(); kind == "ClusterInstance" || kind == "Cluster" {
			want = want[:3]
		}
		if r.Data {
			want = []string{"Observe", "Update"}
		}
		equal(t, r.Name, want, r.Object.Strings("spec", "managementPolicies"))
	}
	equal(t, "managed resources", 9, checked)
	equal(t, "status", "when this object is deleted, the cluster with its instances, the security group with its rules, the subnet group and the "+
		"parameter group stay in AWS. The master password goes with the object. To set a new one: aws rds modify-db-cluster "+
		"--db-cluster-identifier "+w.in().Name(nameCluster)+" --master-user-password <new password>", p.Status.Done().String("retained"))

	// An instance that is not asked for any more would stay in the cloud for ever.
	set(w.xr, "spec.replicas", 0)
	p = w.step()
	equal(t, "first", []string{"Observe", "Create", "Update", "Delete"}, wanted(p, member2).Strings("spec", "managementPolicies"))
	equal(t, "drops of the first call", []string(nil), drops(p))
	equal(t, "drops of the second", []string{member2 + ": SpecChanged"}, drops(w.step()))
	equal(t, "what stays", []string{member1}, w.in().Observed.Names(nameMember))
}

// A cluster does not let go of its bounds. Without a serverless instance they do nothing.
func TestServerlessBounds(t *testing.T) {
	t.Parallel()
	state := func(w *world) []any {
		p := w.settle()
		bounds := forProvider(p, nameCluster).At("serverlessv2ScalingConfiguration")
		return []any{bounds.Number("minCapacity"), bounds.Number("maxCapacity"), forProvider(p, member1).String("instanceClass"),
			p.Status.Done().String("capacity"), p.Status.Done().String("instanceClass")}
	}
	w := auroraWorld(t, nil)
	equal(t, "serverless", []any{2.0, 4.0, "db.serverless", "2-4", "db.serverless"}, state(w))
	set(w.xr, "spec.size", "medium")
	equal(t, "provisioned", []any{2.0, 4.0, "db.r7g.large", "", "db.r7g.large"}, state(w))
	w.data.sizes["small"] = inputv1.Size{InstanceClass: "db.t4g.medium", StorageGiB: 20, MaxStorageGiB: 100, PerformanceInsights: ptr(true),
		Aurora: &inputv1.AuroraSize{InstanceClass: "db.serverless", Serverless: &inputv1.Serverless{MinCapacity: "1", MaxCapacity: "16.5"}}}
	set(w.xr, "spec.size", "small")
	equal(t, "with other bounds", []any{1.0, 16.5, "db.serverless", "1-16.5", "db.serverless"}, state(w))
}

// A size that has left the catalog runs on as it is, whatever it was.
func TestClusterSizeThatLeftTheCatalog(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		was   inputv1.AuroraSize
		plain bool
		gone  func(w *world)
	}{
		"serverless":       {inputv1.AuroraSize{InstanceClass: "db.serverless", Serverless: &inputv1.Serverless{MinCapacity: "2", MaxCapacity: "8"}}, false, leave},
		"provisioned":      {inputv1.AuroraSize{InstanceClass: "db.r7g.8xlarge"}, false, leave},
		"without insights": {inputv1.AuroraSize{InstanceClass: "db.t4g.medium"}, true, leave},
		"only Aurora has left it": {inputv1.AuroraSize{InstanceClass: "db.r7g.8xlarge"}, false, func(w *world) {
			size := w.data.sizes["odd"]
			size.Aurora = nil
			w.data.sizes["odd"] = size
		}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := auroraWorld(t, fields{"size": "odd", "replicas": 1})
			w.data.sizes["odd"] = inputv1.Size{
				InstanceClass: "db.m7g.large", StorageGiB: 20, MaxStorageGiB: 100, PerformanceInsights: ptr(!tc.plain), Aurora: &tc.was,
			}
			w.settle()
			before := w.compose()
			tc.gone(w)
			after := w.compose()
			for _, name := range []string{nameCluster, member1, member2} {
				equal(t, name, wanted(before, name).Map(), wanted(after, name).Map())
			}
		})
	}
}

func leave(w *world) { delete(w.data.sizes, "odd") }

// A size that is not for Aurora is no size there.
func TestSizeThatAuroraDoesNotHave(t *testing.T) {
	t.Parallel()
	w := auroraWorld(t, fields{"size": "tiny"})
	w.data.sizes["tiny"] = inputv1.Size{InstanceClass: "db.t4g.micro", StorageGiB: 20, MaxStorageGiB: 40, PerformanceInsights: ptr(true)}
	_, refusal := w.refused()
	equal(t, "refusal", conditions.Condition{Type: "DatabaseReady", Status: conditions.False, Reason: conditions.UnknownSize,
		Message: `spec.size: "tiny" is not in the catalog for aurora-postgresql; write one of large, medium, small, xlarge`}, refusal.Condition)
}

// Performance Insights are encrypted by each instance for itself: one that comes later gets the key of its time.
func TestInsightsKeyOfEachMember(t *testing.T) {
	t.Parallel()
	w := auroraWorld(t, nil).within(fields{"status.kmsKeyArn": nil})
	w.settle()
	w.within(fields{"status.kmsKeyArn": stagingKey}).with(fields{"replicas": 1})
	p := w.settle()
	equal(t, "keys", []string{"", stagingKey, ""}, []string{
		forProvider(p, member1).String("performanceInsightsKmsKeyId"), forProvider(p, member2).String("performanceInsightsKmsKeyId"),
		forProvider(p, nameCluster).String("kmsKeyId"),
	})
}

// In a preview that expires everything of the cluster goes, and the Environment is kept until the cluster has gone.
func TestExpiredCluster(t *testing.T) {
	t.Parallel()
	w := expired(t, fields{"engine": "aurora-postgresql", "replicas": 1})
	p := w.compose()
	equal(t, "while the cluster is there", []string{nameClusterLogGroup + "postgresql", usageEnvironment, usageMasterSecret}, resourceNames(p))
	equal(t, "drops", 9, len(drops(p)))
}

// A cluster whose managed resource somebody deleted is composed anew, and what is left of it is not lost on the way.
func TestClusterThatIsGone(t *testing.T) {
	t.Parallel()
	w := readyAurora(t, fields{"replicas": 1})
	delete(w.observed, nameCluster)
	set(w.observed[nameSubnetGroup], "status.conditions", []any{})
	w.asleep = []string{nameCluster, nameSubnetGroup}
	p := w.step()
	if !wanted(p, nameCluster).IsZero() || wanted(p, member1).IsZero() {
		t.Errorf("before the ground is there again: %v", resourceNames(p))
	}
	w.wake(nameSubnetGroup)
	for range 3 {
		p := w.step()
		for _, name := range []string{nameCluster, member1, member2} {
			if wanted(p, name).IsZero() {
				t.Errorf("%s is not wanted any more: %v", name, resourceNames(p))
			}
		}
	}
	w.asleep = nil
	w.wake(nameCluster)
	if p := w.settle(); !condition(p, "DatabaseReady").Is() {
		t.Errorf("it does not start anew: %+v", p.Conditions)
	}
}

// A major upgrade of a cluster takes its instances along.
func TestClusterUpgrade(t *testing.T) {
	t.Parallel()
	w := readyAurora(t, fields{"version": "16", "replicas": 1})
	state := func() []any {
		p := w.step()
		cluster := forProvider(p, nameCluster)
		return []any{cluster.String("engineVersion"), cluster.String("dbClusterParameterGroupName") == w.in().Name(clusterGroup17),
			cluster.Bool("allowMajorVersionUpgrade"), drops(p)}
	}
	none := []string(nil)
	equal(t, "before", []any{"16", false, false, none}, state())
	set(w.xr, "spec.version", "17")
	w.asleep = []string{clusterGroup17}
	equal(t, "the new group is composed", []any{"16", false, true, none}, state())
	equal(t, "and waited for", []any{"16", false, true, none}, state())
	w.asleep = []string{nameCluster}
	w.wake(clusterGroup17)
	equal(t, "the cluster is switched", []any{"17", true, true, none}, state())
	equal(t, "and waited for", []any{"17", true, true, none}, state())
	w.wake(nameCluster)
	equal(t, "the old group goes", []any{"17", true, false, []string{clusterGroup16 + ": Superseded"}}, state())
	equal(t, "after", []any{"17", true, false, none}, state())
}
