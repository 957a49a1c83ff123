package provider

import (
	"fmt"
	"strings"
	"testing"
	"time"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/fault"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/inventory"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/kinds"
)

const (
	clusterSpec = `{"metadata": {"name": "orders", "namespace": "team", "uid": "u1", "annotations": {"crossplane.io/external-name": "orders"}},
	"spec": {"managementPolicies": ["*"], "forProvider": {"region": "eu-west-1", "engine": "aurora-postgresql", "engineVersion": "17",
	"masterUsername": "u", "databaseName": "d", "skipFinalSnapshot": true, "applyImmediately": false,
	"masterPasswordSecretRef": {"name": "s", "key": "password"}}}}`
	rolePolicySpec = `{"metadata": {"name": "grant", "namespace": "team", "uid": "u3", "annotations": {"crossplane.io/external-name": "grant"}},
	"spec": {"managementPolicies": ["*"], "forProvider": {"role": "orders", "policy": "{}"}}}`
)

// TestCopyWords: every way to create a database has words of its own.
func TestCopyWords(t *testing.T) {
	t.Parallel()
	document := func(more string) string {
		return `{"metadata": {"name": "copy", "namespace": "team", "uid": "u1", "annotations": {"crossplane.io/external-name": ""}},
			"spec": {"forProvider": {"region": "eu-west-1", "engine": "e", "identifier": "copy", ` + more + `}}}`
	}
	const wrapped = "async create failed: failed to create the resource: [{0 creating %s (copy): operation error RDS: %s, https response error " +
		"StatusCode: 404, RequestID: " + requestID + ", %s  []}]"
	cases := map[string]struct{ kind, more, resource, operation, says string }{
		"a replica": {cloud.Instance, `"replicateSourceDb": "x"`, "RDS DB Instance (read replica)", "CreateDBInstanceReadReplica",
			"DBInstanceNotFound: The source instance could not be found: x"},
		"an instance from a snapshot": {cloud.Instance, `"snapshotIdentifier": "x"`, "RDS DB Instance (restore from snapshot)",
			"RestoreDBInstanceFromDBSnapshot", "DBSnapshotNotFound: DBSnapshot not found: x"},
		"an instance of another moment": {cloud.Instance, `"restoreToPointInTime": {"sourceDbInstanceIdentifier": "x"}`,
			"RDS DB Instance (restore to point-in-time)", "RestoreDBInstanceToPointInTime",
			"DBInstanceNotFound: The source instance could not be found: x"},
		"a cluster from a snapshot": {cloud.Cluster, `"snapshotIdentifier": "x"`, "RDS Cluster (restore from snapshot)", "RestoreDBClusterFromSnapshot",
			"DBClusterSnapshotNotFoundFault: DBClusterSnapshot not found: x"},
		"a cluster of another moment": {cloud.Cluster, `"restoreToPointInTime": {"sourceClusterIdentifier": "x"}`,
			"RDS Cluster (restore to point-in-time)", "RestoreDBClusterToPointInTime", "DBClusterNotFoundFault: DBCluster x not found."},
		"an instance of a cluster": {cloud.ClusterInstance, `"clusterIdentifier": "x"`, "RDS Cluster Instance", "CreateDBInstance",
			"DBClusterNotFoundFault: DBCluster x not found."},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, tc.kind, document(tc.more))
			says(t, s.create(), "")
			// The error of an operation is told at the next reconcile.
			says(t, s.create(), fmt.Sprintf(wrapped, tc.resource, tc.operation, tc.says))
		})
	}
}

// TestCluster: its keys, its name, and what somebody else adds to it.
func TestCluster(t *testing.T) {
	t.Parallel()
	s := newStage(t, cloud.Cluster, clusterSpec)
	s.ready()
	if meta.GetExternalName(s.mg) != "orders" || s.observation("id") != "orders" {
		t.Errorf("the external name is %q", meta.GetExternalName(s.mg))
	}
	details := map[string]string{}
	for key, value := range s.observe().ConnectionDetails {
		details[key] = string(value)
	}
	endpoint, reader := fmt.Sprint(s.observation("endpoint")), fmt.Sprint(s.observation("readerEndpoint"))
	want := map[string]string{
		"endpoint": endpoint, "reader_endpoint": reader, "port": "5432", "master_username": "u", "attribute.master_password": "secret",
	}
	if diff := cmp.Diff(want, details); diff != "" || !strings.HasPrefix(reader, "orders.cluster-ro-") {
		t.Error(diff)
	}
	// The provider fills in the members, and then takes every other one for a change that it never gets done.
	for _, name := range []string{"one", "two"} {
		_, err := s.connector.Cloud.Create(inventory.Target{Kind: cloud.ClusterInstance, Region: "eu-west-1", Owner: api.Owner{Name: name}},
			map[string]any{"region": "eu-west-1", "clusterIdentifier": "orders", "engine": "aurora-postgresql"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		s.observe()
	}
	if o := s.observe(); o.ResourceUpToDate {
		t.Error("the provider does not see a change of clusterMembers")
	}
	s.mg.SetManagementPolicies(xpv2.ManagementPolicies{"Observe", "Create", "Update", "Delete"})
	parameters, err := s.mg.Parameters()
	if err != nil {
		t.Fatal(err)
	}
	delete(parameters, "clusterMembers")
	if err := s.mg.SetParameters(parameters); err != nil {
		t.Fatal(err)
	}
	if o := s.observe(); !o.ResourceUpToDate || o.ResourceLateInitialized {
		t.Errorf("where the provider fills nothing in, there is nothing to change: %+v", o)
	}
}

// TestReplica: what the provider fills in is no change afterwards.
func TestReplica(t *testing.T) {
	t.Parallel()
	s := newStage(t, cloud.Instance, `{"metadata": {"name": "copy", "namespace": "team", "uid": "u4"}, "spec": {"managementPolicies": ["*"],
		"forProvider": {"region": "eu-west-1", "identifier": "copy", "replicateSourceDb": "arn:aws:rds:eu-west-1:123456789012:db:orders"}}}`)
	source := inventory.Target{Kind: cloud.Instance, Region: "eu-west-1", Owner: api.Owner{Name: "orders"}}
	id, err := s.connector.Cloud.Create(source, map[string]any{
		"region": "eu-west-1", "identifier": "orders", "engine": "postgres", "engineVersion": "17", "allocatedStorage": 40.0, "username": "u",
		"backupRetentionPeriod": 1.0,
	}, inventory.Values{"passwordSecretRef": "known"})
	if err != nil {
		t.Fatal(err)
	}
	source.ExternalName = id
	s.connector.Cloud.Settle(source)
	s.ready()
	parameters, err := s.mg.Parameters()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]any{}
	for _, field := range []string{"engine", "engineVersion", "username", "allocatedStorage", "port", "dbName"} {
		got[field] = parameters[field]
	}
	want := map[string]any{
		"engine": "postgres", "engineVersion": "17.6", "username": "u", "allocatedStorage": 40.0, "port": 5432.0, "dbName": nil,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestRolePolicy(t *testing.T) {
	t.Parallel()
	s := newStage(t, cloud.RolePolicy, rolePolicySpec)
	s.ready()
	if meta.GetExternalName(s.mg) != "grant" || s.observation("id") != "orders:grant" {
		t.Errorf("the external name is %q and the id %v", meta.GetExternalName(s.mg), s.observation("id"))
	}
	s.set("policy", `{"a": 1}`)
	says(t, s.update(), "")
	s.clock = s.clock.Add(20 * time.Second)
	s.faults = fault.Set{fault.CreateFails: "permission"}
	if err := s.last.denied(api.Create); !strings.Contains(err.Error(), "is not authorized to perform: iam:PutRolePolicy on resource: role orders") {
		t.Errorf("denied() = %v", err)
	}
	for _, kind := range kinds.All() {
		if kind.Key() == cloud.RolePolicy && kind.Tagged() {
			t.Error("inline policies have no tags")
		}
	}
}

// TestWindow: a change that waits is asked for once, and the resource is well meanwhile.
func TestWindow(t *testing.T) {
	t.Parallel()
	s := newStage(t, cloud.Instance, strings.Replace(instanceSpec, `"region"`, `"applyImmediately": false, "region"`, 1))
	s.ready()
	s.faults = fault.Set{fault.WindowClosed: ""}
	s.set("instanceClass", "db.m7g.large")
	says(t, s.update(), "")
	s.clock = s.clock.Add(20 * time.Second)
	s.observe()
	if o := s.observe(); !o.ResourceUpToDate || s.observation("instanceClass") != "db.t4g.medium" {
		t.Errorf("while the window is closed the class is %v: %+v", s.observation("instanceClass"), o)
	}
	s.faults = fault.Set{}
	if o := s.observe(); !o.ResourceUpToDate || s.observation("instanceClass") != "db.m7g.large" {
		t.Errorf("after the window the class is %v: %+v", s.observation("instanceClass"), o)
	}
	if diff := cmp.Diff([]string{api.Create, api.Update}, s.calls()); diff != "" {
		t.Error(diff)
	}
}
