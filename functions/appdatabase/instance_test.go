package appdatabase

import (
	"testing"

	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
)

const (
	groupName  = "database-parameter-group-postgres17"
	logGroup   = nameLogGroup + "postgresql"
	logUpgrade = nameLogGroup + "upgrade"
)

// groundNames is what is composed before there is an instance.
func groundNames() []string {
	return []string{logGroup, logUpgrade, groupName, nameSecurityGroup, nameSubnetGroup}
}

// Each step waits for what it refers to, and nothing that was composed goes again.
func TestOrderOfCreation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.asleep = []string{nameInstance}
	rules := []string{"database-ingress-sg-vault", "database-ingress-sg-work"}

	first := w.step()
	equal(t, "before anything exists", groundNames(), resourceNames(first))
	second := w.step()
	equal(t, "with the ground", sorted(rules, groundNames(), []string{nameInstance}), resourceNames(second))
	third := w.step()
	if wanted(third, "database-usage-environment").IsZero() {
		t.Error("an instance that is observed does not keep its Environment")
	}
	if !wanted(third, nameConnection).IsZero() {
		t.Error("connection details appear before there is an endpoint")
	}
	w.asleep = nil
	w.step()
	last := w.step()
	equal(t, "at the end", sorted(rules, groundNames(), []string{
		nameConnection, nameInstance, "database-usage-environment", "database-usage-master-secret",
	}), resourceNames(last))
	if last.Waiting {
		t.Errorf("a plan with everything ready waits: %+v", last.Conditions)
	}
}

func TestInstanceWaitsForEachPartOfTheGround(t *testing.T) {
	t.Parallel()
	for _, name := range groundNames() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.asleep = []string{name}
			w.step()
			p := w.step()
			if !wanted(p, nameInstance).IsZero() {
				t.Errorf("the instance is composed while %s is not ready", name)
			}
			c := condition(p, "DatabaseReady")
			if c.Is() || !p.Waiting {
				t.Errorf("the plan does not wait: %+v", c)
			}
			if health.Of(w.object(w.observed[name])).Ready {
				t.Fatal("the fixture is ready")
			}
		})
	}
}

// stagingInstance is spec.forProvider of the claim in the fixture.
func stagingInstance() fields {
	return fields{
		"region": "eu-west-1", "identifier": "orders-4ab79ab1a4", "engine": "postgres", "engineVersion": "17",
		"instanceClass": "db.t4g.medium", "dbName": "orders", "username": "dbmaster", "autoGeneratePassword": true,
		"passwordSecretRef": fields{"name": "orders-master-99630b1865", "key": "password"},
		"port":              5432.0, "allocatedStorage": 20.0, "maxAllocatedStorage": 100.0, "storageType": "gp3", "storageEncrypted": true,
		"kmsKeyId": "arn:aws:kms:eu-west-1:123456789012:key/1", "multiAz": false, "publiclyAccessible": false,
		"dbSubnetGroupName": "orders-database-subnet-group-5ff47e0cad", "vpcSecurityGroupIds": []any{"sg-db"},
		"parameterGroupName":    "orders-database-parameter-group-postgres17-2395be2244",
		"backupRetentionPeriod": 7.0, "backupWindow": "00:20-01:20", "maintenanceWindow": "wed:03:20-wed:04:20",
		"autoMinorVersionUpgrade": true, "applyImmediately": true, "deletionProtection": false, "skipFinalSnapshot": false,
		"finalSnapshotIdentifier": "orders-final-eae1e50f1a-fa035b9462", "copyTagsToSnapshot": true, "deleteAutomatedBackups": true,
		"performanceInsightsEnabled": true, "performanceInsightsKmsKeyId": "arn:aws:kms:eu-west-1:123456789012:key/1",
		"performanceInsightsRetentionPeriod": 7.0, "enabledCloudwatchLogsExports": []any{"postgresql", "upgrade"},
		"optionGroupName": "default:postgres-17", "engineLifecycleSupport": extendedSupportOff, "databaseInsightsMode": "standard",
	}
}

const extendedSupportOff = "open-source-rds-extended-support-disabled"

// with is a copy of an object with some fields changed; nil removes one.
func with(f, changes fields) fields {
	out := fields{}
	for k, v := range f {
		out[k] = v
	}
	for k, v := range changes {
		set(out, k, v)
	}
	return out
}

func TestInstance(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		claim, environment fields
		changes            fields
	}{
		"staging": {nil, nil, nil},
		"dev": {nil, fields{"status.type": "dev"}, fields{
			"backupRetentionPeriod": 3.0, "maintenanceWindow": "mon:03:20-mon:04:20"}},
		"preview": {nil, fields{"status.type": "preview"}, fields{
			"backupRetentionPeriod": 1.0, "maintenanceWindow": "mon:03:20-mon:04:20", "skipFinalSnapshot": true, "finalSnapshotIdentifier": nil}},
		"production": {nil, fields{"status.type": "production"}, fields{
			"multiAz": true, "backupRetentionPeriod": 30.0, "deletionProtection": true, "deleteAutomatedBackups": false, "applyImmediately": false,
			"maintenanceWindow": "sun:03:20-sun:04:20", "monitoringInterval": 60.0, "monitoringRoleArn": monitoringRole}},
		"production without protection": {fields{"deletionProtection": false}, fields{"status.type": "production"}, fields{
			"multiAz": true, "backupRetentionPeriod": 30.0, "deleteAutomatedBackups": false, "applyImmediately": false,
			"maintenanceWindow": "sun:03:20-sun:04:20", "monitoringInterval": 60.0, "monitoringRoleArn": monitoringRole}},
		"staging with protection": {fields{"deletionProtection": true}, nil, fields{"deletionProtection": true}},
		"without a key of the environment": {nil, fields{"status.kmsKeyArn": nil}, fields{
			"kmsKeyId": nil, "performanceInsightsKmsKeyId": nil}},
		"another size": {fields{"size": "large"}, nil, fields{
			"instanceClass": "db.r7g.xlarge", "allocatedStorage": 400.0, "maxAllocatedStorage": 2000.0, "iops": 12000.0, "storageThroughput": 500.0}},
		"no size at all": {fields{"size": nil}, nil, nil},
		"more storage than the size has": {fields{"storageGiB": 90}, nil, fields{
			"allocatedStorage": 90.0}},
		"less storage than the size has": {fields{"size": "medium", "storageGiB": 30}, nil, fields{
			"instanceClass": "db.m7g.large", "allocatedStorage": 100.0, "maxAllocatedStorage": 500.0}},
		"all the storage that there is": {fields{"storageGiB": 65536}, nil, fields{
			"allocatedStorage": 65536.0, "maxAllocatedStorage": nil, "iops": 12000.0, "storageThroughput": 500.0}},
		"another database": {fields{"database": "shop"}, nil, fields{"dbName": "shop"}},
		"mysql": {fields{"engine": "mysql"}, nil, fields{
			"engine": "mysql", "engineVersion": "8.4", "optionGroupName": "default:mysql-8-4", "port": 3306.0, "enabledCloudwatchLogsExports": []any{"error", "slowquery"},
			"parameterGroupName": "orders-database-parameter-group-mysql8-4-611eee8d5b"}},
		"an older version": {fields{"version": "16"}, nil, fields{
			"engineVersion": "16", "optionGroupName": "default:postgres-16", "parameterGroupName": "orders-database-parameter-group-postgres16-39b2b8cbea"}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.with(tc.claim)
			w.within(tc.environment)
			p := w.settle()
			equal(t, "spec.forProvider", with(stagingInstance(), tc.changes), wanted(p, nameInstance).At("spec", "forProvider").Map())
		})
	}
}

func TestInstanceIsMarkedAsData(t *testing.T) {
	t.Parallel()
	for _, r := range readyWorld(t).compose().Resources {
		if r.Data != (r.Name == nameInstance) {
			t.Errorf("%s: data holder %v", r.Name, r.Data)
		}
	}
}

// With static credentials the function reads the password; otherwise it stays out of its hands.
func TestInstanceConnectionSecret(t *testing.T) {
	t.Parallel()
	if ref := wanted(readyWorld(t).compose(), nameInstance).At("spec", "writeConnectionSecretToRef"); !ref.IsZero() {
		t.Errorf("dynamic credentials publish the master user: %v", ref.Map())
	}
	for flavour, legacy := range map[string]bool{"namespaced": false, "claims": true} {
		w := newWorld(t)
		if legacy {
			w.claimed()
		}
		set(w.xr, "spec.credentials", "static")
		want := fields{"name": "orders-database-instance-details-17ed461e23"}
		if legacy {
			want["namespace"] = "crossplane-system"
		}
		ref := wanted(w.settle(), nameInstance).At("spec", "writeConnectionSecretToRef")
		equal(t, flavour, want, ref.Map())
	}
}

// What a cloud cannot change in place is decided once: nothing in the world around may rename or replace an instance.
func TestIdentityIsKept(t *testing.T) {
	t.Parallel()
	cases := map[string]func(*world){
		"the environment gets a key":         func(w *world) { set(w.env, "status.kmsKeyArn", "arn:aws:kms:eu-west-1:123456789012:key/2") },
		"the environment loses its key":      func(w *world) { set(w.env, "status.kmsKeyArn", nil) },
		"the status is lost":                 func(w *world) { delete(w.xr, "status") },
		"the status of the instance is lost": func(w *world) { delete(w.instance(), "status") },
		"the environment is lost":            func(w *world) { w.env = nil },
		"a claim that names the database":    func(w *world) { set(w.xr, "spec.database", "other") },
	}
	fixed := []string{
		"region", "identifier", "engine", "dbName", "username", "port", "storageEncrypted", "kmsKeyId", "performanceInsightsKmsKeyId",
		"dbSubnetGroupName", "vpcSecurityGroupIds", "parameterGroupName", "finalSnapshotIdentifier", "passwordSecretRef", "engineVersion",
	}
	for reason, change := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t)
			// As an earlier scheme would have named it.
			set(w.instance(), "spec.forProvider.identifier", "old-identifier")
			set(w.instance(), "spec.forProvider.username", "oldmaster")
			set(w.instance(), "spec.forProvider.finalSnapshotIdentifier", "old-final")
			set(w.instance(), "spec.forProvider.passwordSecretRef.name", "old-secret")
			set(w.instance(), "metadata.name", "old-name")
			set(w.observed[nameSecurityGroup], "spec.forProvider.name", "old-group")
			set(w.observed[nameSecurityGroup], "spec.forProvider.description", "old words")
			was := w.object(w.instance()).At("spec", "forProvider").Map()
			change(w)
			p := w.compose()
			now := wanted(p, nameInstance)
			for _, field := range fixed {
				equal(t, field, was[field], now.At("spec", "forProvider").Map()[field])
			}
			equal(t, "metadata.name", "old-name", now.Name())
			group := wanted(p, nameSecurityGroup).At("spec", "forProvider")
			equal(t, "security group", []string{"old-group", "old words", "vpc-1"},
				[]string{group.String("name"), group.String("description"), group.String("vpcId")})
		})
	}
}

// An instance that was created without a key of the environment keeps AWS's own: another key would replace it.
func TestKeyThatComesLaterIsNotUsed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	set(w.env, "status.kmsKeyArn", nil)
	w.settle()
	set(w.env, "status.kmsKeyArn", "arn:aws:kms:eu-west-1:123456789012:key/9")
	now := wanted(w.settle(), nameInstance).At("spec", "forProvider")
	if now.Has("kmsKeyId") || now.Has("performanceInsightsKmsKeyId") {
		t.Errorf("the key changed: %v", now.Map())
	}
}

func TestPerformanceInsightsOnlyWhereTheClassHasIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	small := w.data.sizes["small"]
	small.PerformanceInsights = ptr(false)
	w.data.sizes["small"] = small
	now := wanted(w.settle(), nameInstance).At("spec", "forProvider")
	if now.Bool("performanceInsightsEnabled") || now.Has("performanceInsightsRetentionPeriod") || now.Has("performanceInsightsKmsKeyId") {
		t.Errorf("performance insights are configured: %v", now.Map())
	}
	if !now.Has("performanceInsightsEnabled") {
		t.Error("performanceInsightsEnabled is left to the provider")
	}
}

// Retain keeps the database and all that it cannot live without.
func TestRetain(t *testing.T) {
	t.Parallel()
	keepsCloud := []any{"Observe", "Create", "Update", "LateInitialize"}
	for flavour, legacy := range map[string]bool{"namespaced": false, "claims": true} {
		t.Run(flavour, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if legacy {
				w.claimed()
			}
			set(w.xr, "spec.deletionPolicy", "Retain")
			p := w.settle()
			checked := 0
			for _, r := range p.Resources {
				spec := r.Object.At("spec").Map()
				if _, isManaged := spec["forProvider"]; !isManaged {
					continue
				}
				checked++
				want := keepsCloud
				if r.Data {
					want = []any{"Observe", "Update", "LateInitialize"}
				}
				equal(t, r.Name, any(want), spec["managementPolicies"])
				if _, there := spec["deletionPolicy"]; there {
					t.Errorf("%s has a deletionPolicy: only one flavour knows it", r.Name)
				}
			}
			if checked != 8 {
				t.Errorf("%d managed resources, want 8", checked)
			}
		})
	}
}

func TestDeleteLeavesThePoliciesAlone(t *testing.T) {
	t.Parallel()
	for _, r := range readyWorld(t).compose().Resources {
		if r.Object.Has("spec", "managementPolicies") && r.Object.Kind() != "Group" {
			t.Errorf("%s has managementPolicies", r.Name)
		}
	}
}

// In the claims flavour the master Secret lies out of the developers' reach.
func TestMasterSecretInTheClaimsFlavour(t *testing.T) {
	t.Parallel()
	ref := wanted(newWorld(t).claimed().settle(), nameInstance).At("spec", "forProvider", "passwordSecretRef")
	equal(t, "passwordSecretRef", "crossplane-system", ref.String("namespace"))
}

// Performance Insights that are turned on later are encrypted with the environment's key too.
func TestInsightsTurnedOnLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	size := w.data.sizes["small"]
	size.PerformanceInsights = ptr(false)
	w.data.sizes["plain"] = size
	set(w.xr, "spec.size", "plain")
	w.settle()
	set(w.xr, "spec.size", "small")
	got := wanted(w.compose(), nameInstance).String("spec", "forProvider", "performanceInsightsKmsKeyId")
	equal(t, "key", "arn:aws:kms:eu-west-1:123456789012:key/1", got)
}
