package provider

import (
	"testing"
	"time"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/fault"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/inventory"
)

const (
	createQuota = "async create failed: failed to create the resource: [{0 creating RDS DB Instance (orders): operation error RDS: " +
		"CreateDBInstance, https response error StatusCode: 400, RequestID: " + requestID + ", InstanceQuotaExceeded: DB Instance quota exceeded  []}]"
	deleteProtected = "async delete failed: failed to delete the resource: [{0 deleting RDS DB Instance (orders): operation error RDS: " +
		"DeleteDBInstance, https response error StatusCode: 400, RequestID: " + requestID + ", api error InvalidParameterCombination: " +
		"Cannot delete protected DB Instance, please disable deletion protection and try again.  []}]"
)

func TestCreation(t *testing.T) {
	t.Parallel()
	s := newStage(t, cloud.Instance, instanceSpec)
	says(t, s.create(), "")
	if o := s.observe(); !o.ResourceExists || !o.ResourceUpToDate || len(o.ConnectionDetails) != 0 {
		t.Errorf("an operation that runs is not looked behind: %+v", o)
	}
	if s.mg.GetCondition(xpv2.TypeReady).Status != corev1.ConditionUnknown {
		t.Error("nothing is ready while it is created")
	}
	if got := s.connector.Trackers.PollInterval(s.mg, time.Hour); got < 20*time.Second || got > 21*time.Second {
		t.Errorf("PollInterval() = %v, want the end of the creation", got)
	}
	s.clock = s.clock.Add(20 * time.Second)
	o := s.observe()
	if !o.ResourceLateInitialized || s.mg.GetCondition(xpv2.TypeReady).Reason != xpv2.ReasonAvailable {
		t.Errorf("it is available, and what the cloud filled in is new: %+v", o)
	}
	if meta.GetExternalName(s.mg) != s.observation("id") || s.observation("id") == nil {
		t.Errorf("the external name is %q, and the id %v", meta.GetExternalName(s.mg), s.observation("id"))
	}
	parameters, err := s.mg.Parameters()
	if err != nil || parameters["caCertIdentifier"] != "rds-ca-rsa2048-g1" || parameters["kmsKeyId"] != "key" {
		t.Errorf("what was not said is filled in, and what was said stays: %v", parameters)
	}
	o = s.observe()
	if !o.ResourceUpToDate || o.ResourceLateInitialized {
		t.Errorf("it does not settle: %+v", o)
	}
	if last := s.mg.GetCondition("LastAsyncOperation"); last.Status != corev1.ConditionTrue || last.Reason != "Success" {
		t.Errorf("LastAsyncOperation is %+v", last)
	}
	details := o.ConnectionDetails
	if string(details["password"]) != "secret" || string(details["host"]) != s.observation("address") || string(details["port"]) != "5432" {
		t.Errorf("connection details are %v", details)
	}
	for _, hidden := range []string{"passwordSecretRef", "autoGeneratePassword"} {
		if s.observation(hidden) != nil {
			t.Errorf("the cloud does not know of %s", hidden)
		}
	}
	if got := s.connector.Trackers.PollInterval(s.mg, time.Hour); got < 54*time.Minute || got > 66*time.Minute {
		t.Errorf("PollInterval() = %v, want about an hour", got)
	}
}

func TestLateInitialisation(t *testing.T) {
	t.Parallel()
	s := newStage(t, cloud.Instance, instanceSpec)
	s.mg.SetManagementPolicies(xpv2.ManagementPolicies{"Observe", "Create", "Update", "Delete"})
	says(t, s.create(), "")
	s.clock = s.clock.Add(20 * time.Second)
	s.observe()
	if parameters, err := s.mg.Parameters(); err != nil || parameters["caCertIdentifier"] != nil {
		t.Errorf("it is not wanted, and done: %v", parameters)
	}
}

func TestCreationFails(t *testing.T) {
	t.Parallel()
	s := newStage(t, cloud.Instance, instanceSpec)
	s.faults = fault.Set{fault.CreateFails: "quota"}
	says(t, s.create(), "") // It has only begun.
	if got := s.connector.Trackers.PollInterval(s.mg, time.Hour); got != time.Second {
		t.Errorf("PollInterval() = %v: an error is soon told", got)
	}
	says(t, s.create(), createQuota)
	s.faults = fault.Set{}
	says(t, s.create(), createQuota)
	s.clock = s.clock.Add(20 * time.Second)
	s.observe()
	if o := s.observe(); !o.ResourceUpToDate || s.last.tracker.err != nil {
		t.Errorf("it recovers: %+v, %v", o, s.last.tracker.err)
	}
	if diff := cmp.Diff([]string{api.Create}, s.calls()); diff != "" {
		t.Error(diff)
	}
}

func TestStuck(t *testing.T) {
	t.Parallel()
	s := newStage(t, cloud.Instance, instanceSpec)
	s.faults = fault.Set{fault.Stuck: ""}
	says(t, s.create(), "")
	s.clock = s.clock.Add(time.Hour)
	s.observe()
	if s.mg.GetCondition(xpv2.TypeReady).Status != corev1.ConditionUnknown {
		t.Error("it is stuck, and ready")
	}
	s.faults = fault.Set{}
	s.observe()
	if s.mg.GetCondition(xpv2.TypeReady).Status != corev1.ConditionTrue {
		t.Error("it goes on when the fault goes")
	}
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	s := newStage(t, cloud.Instance, instanceSpec)
	s.ready()
	s.set("instanceClass", "db.t4g.large")
	says(t, s.update(), "")
	if e, _ := s.connector.Cloud.Get(s.last.target); e.Status != inventory.Modifying {
		t.Errorf("the cloud is %s", e.Status)
	}
	s.clock = s.clock.Add(19 * time.Second)
	if o := s.observe(); !o.ResourceUpToDate || s.observation("instanceClass") != "db.t4g.medium" {
		t.Errorf("a change takes its time, and upjet shows nothing of it: %+v", o)
	}
	s.clock = s.clock.Add(time.Second)
	if o := s.observe(); !o.ResourceUpToDate || s.observation("instanceClass") != "db.t4g.large" {
		t.Errorf("it is done: %+v %v", o, s.observation("instanceClass"))
	}
	s.set("tags", map[string]any{"a": "c"})
	says(t, s.update(), "")
	s.clock = s.clock.Add(3 * time.Second)
	if o := s.observe(); !o.ResourceUpToDate {
		t.Error("tags take less long")
	}
	if diff := cmp.Diff([]string{api.Create, api.Update, api.Update}, s.calls()); diff != "" {
		t.Error(diff)
	}
}

func TestUpdateOfIdentity(t *testing.T) {
	t.Parallel()
	const refused = "async update failed: refuse to update the external resource because the following update requires replacing it: " +
		`cannot change the value of the argument "kms_key_id" from "key" to "other"`
	s := newStage(t, cloud.Instance, instanceSpec)
	s.ready()
	s.set("kmsKeyId", "other")
	says(t, s.update(), "")
	says(t, s.update(), refused)
	s.set("kmsKeyId", "key")
	if o := s.observe(); !o.ResourceUpToDate || s.last.tracker.err != nil {
		t.Errorf("it recovers: %+v", o)
	}
	if diff := cmp.Diff([]string{api.Create}, s.calls()); diff != "" {
		t.Error(diff)
	}
}

func TestSecretChanges(t *testing.T) {
	t.Parallel()
	s := newStage(t, cloud.Instance, instanceSpec)
	s.ready()
	e := s.connect()
	e.values["passwordSecretRef"] = "another"
	if o, err := e.Observe(t.Context(), s.mg); err != nil || o.ResourceUpToDate {
		t.Errorf("another password is a difference: %+v, %v", o, err)
	}
	_, err := e.Update(t.Context(), s.mg)
	says(t, err, "")
	last := s.connector.Cloud.CallsSince(1).Calls
	if len(last) != 1 || !cmp.Equal(last[0].Fields, []string{"passwordSecretRef"}) {
		t.Errorf("the call is %+v", last)
	}
}

func TestDeletion(t *testing.T) {
	t.Parallel()
	s := newStage(t, cloud.Instance, instanceSpec)
	s.set("deletionProtection", true)
	s.ready()
	s.mg.SetDeletionTimestamp(&metav1.Time{Time: s.clock})
	says(t, s.remove(), "")
	says(t, s.remove(), deleteProtected)
	// A resource that is being deleted is not updated any more: only somebody in the cloud can turn the protection off.
	s.set("deletionProtection", false)
	says(t, s.remove(), deleteProtected)
	s.faults = fault.Set{fault.Drift: "deletionProtection", fault.SlowDelete: "1m"}
	says(t, s.remove(), deleteProtected) // The error of the operation before.
	s.clock = s.clock.Add(59 * time.Second)
	says(t, s.remove(), "") // It goes on.
	s.clock = s.clock.Add(time.Second)
	if s.observe().ResourceExists {
		t.Error("it is gone")
	}
}

func TestFaultsOfObservation(t *testing.T) {
	t.Parallel()
	const reading = "failed to observe the resource: [{0 reading RDS DB Instance (orders): operation error RDS: DescribeDBInstances, "
	for name, tc := range map[string]struct {
		faults fault.Set
		want   string
	}{
		"throttled": {fault.Set{fault.Throttled: ""}, reading + "exceeded maximum number of attempts, 25, https response error StatusCode: 400, " +
			"RequestID: " + requestID + ", api error Throttling: Rate exceeded  []}]"},
		"not synced": {fault.Set{fault.NotSynced: ""}, reading + "https response error StatusCode: 500, RequestID: " + requestID +
			", api error InternalFailure: An internal error has occurred  []}]"},
		"not synced, in words": {fault.Set{fault.NotSynced: "the network is down"}, "failed to observe the resource: [{0 the network is down  []}]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, cloud.Instance, instanceSpec)
			s.ready()
			s.faults = tc.faults
			_, err := s.connect().Observe(t.Context(), s.mg)
			says(t, err, tc.want)
			s.faults = fault.Set{}
			if o := s.observe(); !o.ResourceUpToDate {
				t.Errorf("it recovers: %+v", o)
			}
		})
	}
}

func TestDrift(t *testing.T) {
	t.Parallel()
	s := newStage(t, cloud.Instance, instanceSpec)
	s.ready()
	s.faults = fault.Set{fault.Drift: ""}
	says(t, s.update(), "")
	s.clock = s.clock.Add(20 * time.Second)
	if o := s.observe(); !o.ResourceUpToDate || s.observation("publiclyAccessible") != false {
		t.Errorf("it is corrected once: %+v", o)
	}
	calls := s.connector.Cloud.CallsSince(1).Calls
	if len(calls) != 2 || calls[0].Verb != api.Drift || !cmp.Equal(calls[1].Fields, []string{"publiclyAccessible"}) {
		t.Errorf("calls are %+v", calls)
	}
}

func TestSecretLate(t *testing.T) {
	t.Parallel()
	s := newStage(t, cloud.Instance, instanceSpec)
	s.faults = fault.Set{fault.SecretLate: "5s"}
	s.ready()
	if o := s.observe(); len(o.ConnectionDetails) != 0 {
		t.Errorf("the secret is late: %v", o.ConnectionDetails)
	}
	if got := s.connector.Trackers.PollInterval(s.mg, time.Hour); got < 5*time.Second || got > 6*time.Second {
		t.Errorf("PollInterval() = %v, want when the secret comes", got)
	}
	s.clock = s.clock.Add(5 * time.Second)
	if o := s.observe(); len(o.ConnectionDetails) == 0 {
		t.Error("the secret does not come")
	}
}

func TestVault(t *testing.T) {
	t.Parallel()
	s := newStage(t, cloud.Policy, policySpec)
	s.faults = fault.Set{fault.CreateFails: "permission"}
	says(t, s.create(), "")
	says(t, s.create(), "async create failed: failed to create the resource: [{0 error writing policy \"sys/policies/acl/orders-reader\": "+
		"Error making API request.\n\nURL: PUT https://vault.example.org:8200/v1/sys/policies/acl/orders-reader\nCode: 403. Errors:\n\n"+
		"* 1 error occurred:\n\t* permission denied  []}]")
	s.faults = fault.Set{}
	_ = s.create()
	s.clock = s.clock.Add(3 * time.Second)
	if o := s.observe(); !o.ResourceUpToDate || meta.GetExternalName(s.mg) != "orders-reader" || len(o.ConnectionDetails) != 0 {
		t.Errorf("a policy is there sooner: %+v", o)
	}
}

// TestInitialParameters: what only initProvider says counts at the creation, and never again.
func TestInitialParameters(t *testing.T) {
	t.Parallel()
	s := newStage(t, cloud.Policy, `{"metadata": {"name": "p", "uid": "u"}, "spec": {"managementPolicies": ["*"],
	"forProvider": {"name": "n"}, "initProvider": {"policy": "first"}}}`)
	says(t, s.create(), "")
	s.clock = s.clock.Add(3 * time.Second)
	if s.observe(); s.observation("policy") != "first" {
		t.Errorf("the policy is %v", s.observation("policy"))
	}
	s.faults = fault.Set{fault.Drift: ""}
	if o := s.observe(); !o.ResourceUpToDate || s.observation("policy") != "first-by-hand" {
		t.Errorf("a change of it is nobody's business: %+v, %v", o, s.observation("policy"))
	}
}

func TestRestore(t *testing.T) {
	t.Parallel()
	s := newStage(t, cloud.Instance, instanceSpec)
	s.ready()
	s.set("instanceClass", "db.r7g.large") // Said while the simulator was away.
	again := newStage(t, cloud.Instance, instanceSpec)
	again.mg = s.mg
	if err := Restore(again.connector.Cloud, again.connector.Kind, again.mg); err != nil {
		t.Fatal(err)
	}
	says(t, again.update(), "")
	if diff := cmp.Diff([]string{api.Update}, again.calls()); diff != "" {
		t.Errorf("nothing is made anew, and what was said meanwhile is done: %s", diff)
	}
	if fields := again.connector.Cloud.CallsSince(0).Calls[0].Fields; !cmp.Equal(fields, []string{"instanceClass"}) {
		t.Errorf("changed fields are %v", fields)
	}
}

// What somebody else owns is looked at anew: a simulator that starts again must not take it for its own.
func TestRestoreLeavesWhatIsOnlyObserved(t *testing.T) {
	t.Parallel()
	s := newStage(t, cloud.EKSCluster, `{"metadata": {"name": "c", "uid": "u", "annotations": {"crossplane.io/external-name": "shared-eks"}},
		"spec": {"managementPolicies": ["Observe"], "forProvider": {"region": "eu-west-1"}}}`)
	if !s.observe().ResourceExists || s.observation("id") == nil {
		t.Fatal("the cluster is not seen")
	}
	again := newStage(t, cloud.EKSCluster, `{}`)
	if err := Restore(again.connector.Cloud, again.connector.Kind, s.mg); err != nil {
		t.Fatal(err)
	}
	if n := len(again.connector.Cloud.Cloud().Resources); n != 0 {
		t.Errorf("the cloud has %d resources of ours, expected none", n)
	}
}
