package cloud

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// postgres is an instance of a size in GiB, as the cloud has it.
func postgres(size float64) map[string]any {
	iops, throughput := baseline("postgres", int64(size))
	return map[string]any{
		"engine": "postgres", "engineVersion": "16", "storageType": "gp3", "allocatedStorage": size, "iops": iops,
		"storageThroughput": throughput, "optionGroupName": "default:postgres-16", "deletionProtection": true,
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	const tooFew = "InvalidParameterCombination: Invalid iops value for engine name postgres and storage type gp3: 3000"
	running := map[string]any{"engineVersionActual": "16.10", "allocatedStorage": 100.0}
	cases := map[string]struct {
		call Call
		want string
	}{
		"growth across the threshold with the old IOPS": {Call{Kind: Instance, Has: postgres(100), Reported: running,
			Sent: map[string]any{"allocatedStorage": 400.0, "iops": 3000.0}}, tooFew},
		"and with what there is from there on": {Call{Kind: Instance, Has: postgres(100), Reported: running,
			Sent: map[string]any{"allocatedStorage": 400.0, "iops": 12000.0, "storageThroughput": 500.0}}, ""},
		"IOPS below the threshold": {Call{Kind: Instance, Has: postgres(100), Reported: running, Sent: map[string]any{"iops": 12000.0}},
			"InvalidParameterCombination: You can't specify IOPS or storage throughput for engine postgres and a storage size less than 400."},
		"too little throughput": {Call{Kind: Instance, Has: postgres(400), Sent: map[string]any{"iops": 12000.0, "storageThroughput": 125.0}},
			"InvalidParameterCombination: Invalid storage throughput value for engine name postgres and storage type gp3: 125"},
		"one field blocks all others": {Call{Kind: Instance, Has: postgres(100), Reported: running,
			Sent: map[string]any{"allocatedStorage": 400.0, "iops": 3000.0, "deletionProtection": false}}, tooFew},
		"a new instance with IOPS of its own": {Call{Kind: Instance, Creates: true, Has: postgres(500), Sent: postgres(500)}, ""},
		"the option group of the version before": {Call{Kind: Instance, Has: with(postgres(20), "engineVersion", "17"),
			Reported: map[string]any{"engineVersionActual": "17.6"}, Sent: map[string]any{"optionGroupName": "default:postgres-16"}},
			"InvalidParameterCombination: The option group default:postgres-16 is not valid for engine postgres and version 17.6"},
		"the option group goes along with the version": {Call{Kind: Instance, Has: postgres(20), Reported: running,
			Sent: map[string]any{"engineVersion": "17", "optionGroupName": "default:postgres-17"}}, ""},
		"a snapshot of another major version": {Call{Kind: Instance, Creates: true, Source: map[string]any{"engineVersionActual": "16.10"},
			Sent: map[string]any{"engine": "postgres", "engineVersion": "17", "snapshotIdentifier": "s"}},
			"InvalidParameterCombination: The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version."},
		"a snapshot of a later major version": {Call{Kind: Instance, Creates: true, Source: map[string]any{"engineVersionActual": "17.6"},
			Sent: map[string]any{"engine": "postgres", "engineVersion": "16", "snapshotIdentifier": "s"}},
			"InvalidParameterCombination: Cannot upgrade postgres from 17.6 to 16.10"},
		"a snapshot of the same major version": {Call{Kind: Instance, Creates: true, Source: map[string]any{"engineVersionActual": "17.2"},
			Sent: map[string]any{"engine": "postgres", "engineVersion": "17", "snapshotIdentifier": "s"}}, ""},
		"a cluster of a later snapshot": {Call{Kind: Cluster, Creates: true, Source: map[string]any{"engineVersionActual": "17.5"},
			Sent: map[string]any{"engine": "aurora-postgresql", "engineVersion": "16", "snapshotIdentifier": "s"}},
			"InvalidParameterCombination: The engine version you requested for your restored DB cluster (16.9) is earlier than the engine " +
				"version of the DB cluster snapshot (17.5)."},
		"a replica takes the version of its source": {Call{Kind: Instance, Creates: true, Source: map[string]any{"engineVersionActual": "16.10"},
			Sent: map[string]any{"engine": "postgres", "engineVersion": "17", "replicateSourceDb": "s"}}, ""},
		"a parameter with a hyphen": {Call{Kind: ParameterGroup, Sent: parametersNamed("max-connections")},
			"InvalidParameterValue: Could not find parameter with name: max-connections"},
		"one that RDS writes with a hyphen": {Call{Kind: ParameterGroup, Sent: parametersNamed("gtid-mode")}, ""},
		"a parameter twice": {Call{Kind: ClusterParameterGroup, Sent: parametersNamed("max_connections", "max_connections")},
			"InvalidParameterValue: Duplicate parameter names in the request: max_connections"},
		"the certificate as EKS reports it": {Call{Kind: AuthConfig, Sent: map[string]any{"kubernetesCaCert": authority}},
			"The provided CA PEM data contains no valid certificates"},
		"a certificate in PEM": {Call{Kind: AuthConfig, Sent: map[string]any{
			"kubernetesCaCert": "-----BEGIN CERTIFICATE-----\nc2ltdWxhdGVk\n-----END CERTIFICATE-----\n"}}, ""},
		"no certificate": {Call{Kind: AuthConfig, Sent: map[string]any{}}, ""},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			got := ""
			if r := tc.call.Refused(); r != nil {
				got = r.Error()
			}
			if got != tc.want {
				t.Errorf("refused with %q, want %q", got, tc.want)
			}
		})
	}
}

func parametersNamed(names ...string) map[string]any {
	list := []any{}
	for _, name := range names {
		list = append(list, map[string]any{"name": name, "value": "1", "applyMethod": pendingReboot})
	}
	return map[string]any{"parameter": list}
}

// TestSent: the provider sends what has changed, and what it knows of IOPS with a size from 400 GiB on.
func TestSent(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		wanted, has, want map[string]any
	}{
		"growth below the threshold": {map[string]any{"allocatedStorage": 100.0}, postgres(20), map[string]any{"allocatedStorage": 100.0}},
		"growth across it": {map[string]any{"allocatedStorage": 400.0}, postgres(100), map[string]any{
			"allocatedStorage": 400.0, "iops": 3000.0,
		}},
		"throughput takes both along": {map[string]any{"storageThroughput": 600.0}, postgres(400), map[string]any{
			"allocatedStorage": 400.0, "iops": 12000.0, "storageThroughput": 600.0,
		}},
		"all in one call": {map[string]any{"allocatedStorage": 400.0, "deletionProtection": false, "iops": 12000.0}, postgres(100), map[string]any{
			"allocatedStorage": 400.0, "deletionProtection": false, "iops": 12000.0,
		}},
		"a switch of the provider alone":              {map[string]any{"skipFinalSnapshot": true}, postgres(20), map[string]any{}},
		"storage that has grown by itself":            {map[string]any{"allocatedStorage": 20.0, "maxAllocatedStorage": 100.0}, with(postgres(50), "maxAllocatedStorage", 100.0), map[string]any{}},
		"references and Secrets are not AWS's":        {map[string]any{"passwordSecretRef": map[string]any{"name": "s"}, "kmsKeyIdRef": map[string]any{}}, postgres(20), map[string]any{}},
		"what is said to be nothing is what there is": {map[string]any{"multiAz": false}, postgres(20), map[string]any{}},
		"the version that runs":                       {map[string]any{"engineVersion": "16.10"}, postgres(20), map[string]any{}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			changes := Changes(Instance, tc.wanted, tc.has, map[string]any{"engineVersionActual": "16.10"})
			if diff := cmp.Diff(tc.want, Sent(Instance, changes, tc.has)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestAccepted: the cloud moves along what follows, and stores values in its own spelling.
func TestAccepted(t *testing.T) {
	t.Parallel()
	upgraded := Call{Kind: Instance, Has: postgres(100), Sent: map[string]any{"engineVersion": "17", "allocatedStorage": 400.0}}.Accepted()
	if upgraded["optionGroupName"] != "default:postgres-17" || upgraded["iops"] != stripedIOPS || upgraded["storageThroughput"] != stripedThroughput {
		t.Errorf("a larger size has more IOPS, and another version another option group: %v", upgraded)
	}
	if grown := Grown(with(postgres(390), "maxAllocatedStorage", 1000.0), 420); grown["iops"] != stripedIOPS || grown["allocatedStorage"] != 420.0 {
		t.Errorf("so has storage that has grown by itself: %v", grown)
	}
	if grown := Grown(with(postgres(90), "maxAllocatedStorage", 95.0), 120); grown["allocatedStorage"] != 95.0 {
		t.Errorf("it grows as far as it may: %v", grown)
	}
	if grown := Grown(postgres(90), 120); grown["allocatedStorage"] != 90.0 {
		t.Errorf("it does not without a word: %v", grown)
	}
	copied := Call{Kind: Instance, Creates: true, Sent: map[string]any{"snapshotIdentifier": "s", "kmsKeyId": "ours", "storageEncrypted": true},
		Source: map[string]any{"storageEncrypted": false, "kmsKeyId": ""}}
	has := copied.Accepted()
	if has["storageEncrypted"] != false {
		t.Errorf("a restore carries the encryption of its snapshot: %v", has)
	}
	changes := Changes(Instance, copied.Sent, has, nil)
	if r := Kinds()[Instance].Replaces(changes, has); r == nil {
		t.Error("and the provider refuses to replace it by an encrypted one")
	}
	group := Call{Kind: ParameterGroup, Sent: map[string]any{"family": "postgres17", "parameter": []any{
		map[string]any{"name": "rds.force_ssl", "value": "1", "applyMethod": "immediate"},
		map[string]any{"name": "log_lock_waits", "value": "on", "applyMethod": "immediate"},
		map[string]any{"name": "synchronous_commit", "value": "on", "applyMethod": "immediate"},
	}}}.Accepted()
	want := []any{
		map[string]any{"name": "rds.force_ssl", "value": "1", "applyMethod": "pending-reboot"},
		map[string]any{"name": "log_lock_waits", "value": "1", "applyMethod": "immediate"},
		map[string]any{"name": "synchronous_commit", "value": "on", "applyMethod": "immediate"},
	}
	if diff := cmp.Diff(want, group["parameter"]); diff != "" {
		t.Error(diff)
	}
	words := []any{map[string]any{"name": "require_secure_transport", "value": "ON", "applyMethod": "immediate"}}
	if diff := cmp.Diff(words, stored("aurora-mysql8.0", words)); diff != "" {
		t.Errorf("Aurora MySQL has words of its own: %s", diff)
	}
}

// TestReplicaStorage: a replica has the storage of its source, and the same rules.
func TestReplicaStorage(t *testing.T) {
	t.Parallel()
	filled := Kinds()[Instance].Defaults(Resource{Kind: Instance, Parameters: map[string]any{"region": "r", "replicateSourceDb": "s"},
		Source: map[string]any{"engine": "postgres", "engineVersionActual": "17.6", "allocatedStorage": 500.0, "storageType": "gp3"}})
	if filled["storageType"] != gp3 || filled["iops"] != stripedIOPS {
		t.Errorf("a replica of a large source: %v, %v", filled["storageType"], filled["iops"])
	}
}

func TestFamilyDefault(t *testing.T) {
	t.Parallel()
	for family, want := range map[string]string{
		"postgres14": "0", "postgres15": "1", "postgres18": "1", "aurora-postgresql16": "0", "aurora-postgresql17": "1",
	} {
		if got := FamilyDefault(family, "rds.force_ssl"); got != want {
			t.Errorf("%s: %q, want %q", family, got, want)
		}
	}
	if FamilyDefault("mysql8.4", "slow_query_log") != "0" || FamilyDefault("mysql8.4", "max_connections") != "" {
		t.Error("the slow log of MySQL is off, and nothing is known of its connections")
	}
}

func TestLogGroups(t *testing.T) {
	t.Parallel()
	exports := map[string]any{"enabledCloudwatchLogsExports": []any{"postgresql", "upgrade"}}
	if diff := cmp.Diff([]string{"/aws/rds/cluster/c/postgresql", "/aws/rds/cluster/c/upgrade"}, LogGroups(Cluster, "c", exports)); diff != "" {
		t.Error(diff)
	}
	if LogGroups(ClusterInstance, "c", exports) != nil {
		t.Error("the cluster writes the logs of its instances")
	}
}
