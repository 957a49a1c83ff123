package appdatabase

import (
	"slices"
	"strings"
	"testing"
)

const (
	clusterGroup16 = "database-cluster-parameter-group-aurora-postgresql16"
	clusterGroup17 = "database-cluster-parameter-group-aurora-postgresql17"
	member1        = nameMember + "1"
	member2        = nameMember + "2"
	member3        = nameMember + "3"
	clusterHost    = "orders.cluster-abc.eu-west-1.rds.amazonaws.com"
	readerHost     = "orders.cluster-ro-abc.eu-west-1.rds.amazonaws.com"
	stagingKey     = "arn:aws:kms:eu-west-1:123456789012:key/1"
)

// auroraWorld asks for Aurora.
func auroraWorld(t *testing.T, claim fields) *world {
	t.Helper()
	return newWorld(t).with(fields{"engine": "aurora-postgresql"}).with(claim)
}

// readyAurora is a world in which an Aurora database is available.
func readyAurora(t *testing.T, claim fields) *world {
	t.Helper()
	w := auroraWorld(t, claim)
	w.settle()
	return w
}

// The cluster waits for the ground, its instances for the cluster, and clients for the first instance.
func TestClusterOrderOfCreation(t *testing.T) {
	t.Parallel()
	w := auroraWorld(t, fields{"replicas": 1})
	w.asleep = []string{nameCluster, member1, member2}
	ground := []string{nameClusterLogGroup + "postgresql", clusterGroup17, nameSecurityGroup, nameSubnetGroup}
	rules := []string{"database-ingress-sg-vault", "database-ingress-sg-work"}
	kept := []string{usageEnvironment}

	equal(t, "before anything exists", ground, resourceNames(w.step()))
	equal(t, "with the ground", sorted(ground, rules, []string{nameCluster}), resourceNames(w.step()))
	equal(t, "while the cluster is created", sorted(ground, rules, kept, []string{nameCluster}), resourceNames(w.step()))

	w.wake(nameCluster)
	members := sorted(ground, rules, kept, []string{nameCluster, member1, member2, usageMasterSecret})
	equal(t, "with the cluster", members, resourceNames(w.step()))
	p := w.step()
	equal(t, "while the instances are created", members, resourceNames(p))
	if c := condition(p, "DatabaseReady"); c.Is() || !p.Waiting || p.Status.Done().Has("host") || p.Wiring.Entry != nil || p.Wiring.Database.Host != "" {
		t.Errorf("the cluster is handed over before anybody answers there: %+v, %v", c, p.Status.Done().Map())
	}

	w.wake(member2)
	p = w.step()
	if c := condition(p, "DatabaseReady"); !c.Is() || p.Status.Done().String("host") != clusterHost {
		t.Errorf("with one instance: %+v, %v", c, p.Status.Done().Map())
	}
	w.wake(member1)
	p = w.settle()
	equal(t, "at the end", sorted(members, []string{nameConnection}), resourceNames(p))
	if p.Waiting {
		t.Errorf("a plan with everything ready waits: %+v", p.Conditions)
	}
}

func sorted(lists ...[]string) []string {
	all := slices.Concat(lists...)
	slices.Sort(all)
	return all
}

// stagingCluster is spec.forProvider of the cluster of the claim in the fixture.
func stagingCluster(w *world) fields {
	return fields{
		"region": "eu-west-1", "engine": "aurora-postgresql", "engineVersion": "17", "databaseName": "orders",
		"masterUsername": "dbmaster", "autoGeneratePassword": true,
		"masterPasswordSecretRef": fields{"name": "orders-master-99630b1865", "key": "password"},
		"port":                    5432.0, "storageEncrypted": true, "kmsKeyId": stagingKey,
		"dbSubnetGroupName": w.in().Name(nameSubnetGroup), "vpcSecurityGroupIds": []any{"sg-db"},
		"dbClusterParameterGroupName":      w.in().Name(clusterGroup17),
		"serverlessv2ScalingConfiguration": fields{"minCapacity": 2.0, "maxCapacity": 4.0},
		"backupRetentionPeriod":            7.0, "preferredBackupWindow": "00:20-01:20", "preferredMaintenanceWindow": "wed:03:20-wed:04:20",
		"applyImmediately": true, "deletionProtection": false, "skipFinalSnapshot": false,
		"finalSnapshotIdentifier": "orders-final-eae1e50f1a-fa035b9462", "copyTagsToSnapshot": true, "deleteAutomatedBackups": true,
		"enabledCloudwatchLogsExports": []any{"postgresql"}, "engineLifecycleSupport": extendedSupportOff, "databaseInsightsMode": "standard",
	}
}

// stagingMember is spec.forProvider of its first instance.
func stagingMember(w *world) fields {
	return fields{
		"region": "eu-west-1", "clusterIdentifier": w.in().Name(nameCluster), "engine": "aurora-postgresql", "instanceClass": "db.serverless",
		"dbSubnetGroupName": w.in().Name(nameSubnetGroup), "publiclyAccessible": false, "promotionTier": 0.0, "autoMinorVersionUpgrade": true,
		"applyImmediately": true, "preferredMaintenanceWindow": "wed:03:20-wed:04:20", "copyTagsToSnapshot": true,
		"performanceInsightsEnabled": true, "performanceInsightsKmsKeyId": stagingKey, "performanceInsightsRetentionPeriod": 7.0,
	}
}

func TestCluster(t *testing.T) {
	t.Parallel()
	production := fields{"backupRetentionPeriod": 30.0, "deletionProtection": true, "deleteAutomatedBackups": false, "applyImmediately": false,
		"preferredMaintenanceWindow": "sun:03:20-sun:04:20"}
	inProduction := fields{"applyImmediately": false, "preferredMaintenanceWindow": "sun:03:20-sun:04:20",
		"monitoringInterval": 60.0, "monitoringRoleArn": monitoringRole}
	const monday = "mon:03:20-mon:04:20"
	// What may pause has no Performance Insights.
	pausing := fields{"performanceInsightsEnabled": false, "performanceInsightsKmsKeyId": nil, "performanceInsightsRetentionPeriod": nil,
		"preferredMaintenanceWindow": monday}
	provisioned := fields{"serverlessv2ScalingConfiguration": nil}
	cases := map[string]struct {
		claim, environment fields
		cluster, member    fields
		members            []string
	}{
		"staging": {nil, nil, nil, nil, []string{member1}},
		"dev": {nil, fields{"status.type": "dev"}, fields{
			"backupRetentionPeriod": 3.0, "preferredMaintenanceWindow": monday, "serverlessv2ScalingConfiguration": fields{
				"minCapacity": 0.0, "maxCapacity": 4.0, "secondsUntilAutoPause": 900.0}}, pausing, []string{member1}},
		"preview, which leaves no snapshot": {nil, fields{"status.type": "preview"}, fields{
			"backupRetentionPeriod": 1.0, "skipFinalSnapshot": true, "finalSnapshotIdentifier": nil, "preferredMaintenanceWindow": monday,
			"serverlessv2ScalingConfiguration": fields{
				"minCapacity": 0.0, "maxCapacity": 4.0, "secondsUntilAutoPause": 300.0}}, pausing, []string{member1}},
		"production, where a reader is the standby": {nil, fields{"status.type": "production"}, production,
			inProduction, []string{member1, member2}},
		"production that asks for readers itself": {fields{"replicas": 2}, fields{"status.type": "production"}, production,
			inProduction, []string{member1, member2, member3}},
		"production without protection": {fields{"deletionProtection": false}, fields{"status.type": "production"},
			with(production, fields{"deletionProtection": false}), inProduction, []string{member1, member2}},
		"without a key of the environment": {nil, fields{"status.kmsKeyArn": nil}, fields{"kmsKeyId": nil},
			fields{"performanceInsightsKmsKeyId": nil}, []string{member1}},
		"a size that is provisioned has no bounds": {fields{"size": "medium"}, nil, provisioned,
			fields{"instanceClass": "db.r7g.large"}, []string{member1}},
		"another database": {fields{"database": "shop"}, nil, fields{"databaseName": "shop"}, nil, []string{member1}},
		"with windows of its own": {fields{"backupWindow": "05:00-06:00", "maintenanceWindow": "mon:01:00-mon:02:00"}, nil, fields{
			"preferredBackupWindow": "05:00-06:00", "preferredMaintenanceWindow": "mon:01:00-mon:02:00"},
			fields{"preferredMaintenanceWindow": "mon:01:00-mon:02:00"}, []string{member1}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := auroraWorld(t, tc.claim).within(tc.environment)
			p := w.settle()
			equal(t, "cluster", with(stagingCluster(w), tc.cluster), forProvider(p, nameCluster).Map())
			equal(t, "its first instance", with(stagingMember(w), tc.member), forProvider(p, member1).Map())
			equal(t, "its instances", tc.members, w.in().Observed.Names(nameMember))
		})
	}
}

func TestClusterOfTheMySQLFamily(t *testing.T) {
	t.Parallel()
	w := auroraWorld(t, fields{"engine": "aurora-mysql"})
	p := w.settle()
	equal(t, "cluster", with(stagingCluster(w), fields{
		"engine": "aurora-mysql", "engineVersion": "8.0", "port": 3306.0, "enabledCloudwatchLogsExports": []any{"error", "slowquery"},
		"dbClusterParameterGroupName": w.in().Name("database-cluster-parameter-group-aurora-mysql8-0"),
	}), forProvider(p, nameCluster).Map())
	equal(t, "its first instance", with(stagingMember(w), fields{"engine": "aurora-mysql"}), forProvider(p, member1).Map())
}

// Everything around spec.forProvider, in both flavours.
func TestClusterEnvelopes(t *testing.T) {
	t.Parallel()
	const following = "Observe Create Update Delete"
	cases := map[string]struct {
		legacy    bool
		namespace any
		ref       fields
		versions  map[string]string
	}{
		"namespaced": {false, "team-checkout", fields{"kind": "ClusterProviderConfig", "name": "aws-staging"}, map[string]string{
			nameCluster:    "rds.aws.m.upbound.io/v1beta1 Cluster",
			member1:        "rds.aws.m.upbound.io/v1beta1 ClusterInstance",
			clusterGroup17: "rds.aws.m.upbound.io/v1beta1 ClusterParameterGroup",
		}},
		// v1beta1 of the legacy Cluster has lists where the other has objects.
		"claims": {true, nil, fields{"name": "aws-staging"}, map[string]string{
			nameCluster:    "rds.aws.upbound.io/v1beta2 Cluster",
			member1:        "rds.aws.upbound.io/v1beta1 ClusterInstance",
			clusterGroup17: "rds.aws.upbound.io/v1beta1 ClusterParameterGroup",
		}},
	}
	for flavour, tc := range cases {
		t.Run(flavour, func(t *testing.T) {
			t.Parallel()
			w := auroraWorld(t, nil)
			if tc.legacy {
				w.claimed()
			}
			p := w.settle()
			for name, kind := range tc.versions {
				o := wanted(p, name).Map()
				spec := o["spec"].(fields)
				delete(spec, "forProvider")
				want := fields{"apiVersion": strings.Fields(kind)[0], "kind": strings.Fields(kind)[1], "spec": fields{"providerConfigRef": tc.ref},
					"metadata": fields{"name": w.in().Name(name), "namespace": tc.namespace}}
				if tc.namespace == nil {
					delete(want["metadata"].(fields), "namespace")
				}
				if name == nameCluster {
					set(want, "spec.initProvider", fields{"domain": noDirectory})
				}
				if name != clusterGroup17 {
					// The provider would hold on to the cluster's instances and to their zones.
					set(want, "spec.managementPolicies", asAny(strings.Fields(following)))
				}
				equal(t, name, want, o)
			}
			secret := fields{"name": "orders-master-99630b1865", "key": "password"}
			if tc.legacy {
				secret["namespace"] = "crossplane-system"
			}
			equal(t, "master Secret", secret, forProvider(p, nameCluster).At("masterPasswordSecretRef").Map())
		})
	}
}

func asAny(list []string) []any {
	out := make([]any, 0, len(list))
	for _, s := range list {
		out = append(out, s)
	}
	return out
}

// The cluster's group goes for each of its instances, so they have none of their own.
func TestClusterParameterGroup(t *testing.T) {
	t.Parallel()
	w := auroraWorld(t, fields{"parameters": fields{"log_min_duration_statement": "500"}})
	p := w.settle()
	equal(t, "group", fields{
		"region": "eu-west-1", "family": "aurora-postgresql17", "description": "AppDatabase team-checkout/orders",
		"parameter": []any{
			fields{"name": "log_lock_waits", "value": "1", "applyMethod": "immediate"},
			fields{"name": "log_min_duration_statement", "value": "500", "applyMethod": "immediate"},
			fields{"name": "rds.force_ssl", "value": "1", "applyMethod": "pending-reboot"},
		},
	}, forProvider(p, clusterGroup17).Map())
	for _, r := range p.Resources {
		if r.Object.Kind() == "ParameterGroup" {
			t.Errorf("%s: a parameter group that no instance uses", r.Name)
		}
		if r.Data != (r.Name == nameCluster) {
			t.Errorf("%s: data holder %v", r.Name, r.Data)
		}
	}
}

// What is known once stays known: a database that runs is not taken away from those who read its Secret.
func TestClusterLosesNothing(t *testing.T) {
	t.Parallel()
	lose := func(w *world, names ...string) {
		for _, name := range names {
			delete(w.observed[name], "status")
		}
	}
	cases := map[string]func(*world){
		"the status of the cluster":                       func(w *world) { lose(w, nameCluster) },
		"the status of all its instances":                 func(w *world) { lose(w, member1, member2) },
		"the status of all of it":                         func(w *world) { lose(w, nameCluster, member1, member2) },
		"the status of the object":                        func(w *world) { delete(w.xr, "status") },
		"the status of the object and of the instances":   func(w *world) { delete(w.xr, "status"); lose(w, member1, member2) },
		"the status of the object and of the cluster":     func(w *world) { delete(w.xr, "status"); lose(w, nameCluster) },
		"every status":                                    func(w *world) { delete(w.xr, "status"); lose(w, nameCluster, member1, member2) },
		"the Environment":                                 func(w *world) { w.env = nil },
		"the key of the Environment":                      func(w *world) { set(w.env, "status.kmsKeyArn", nil) },
		"another key of the Environment":                  func(w *world) { set(w.env, "status.kmsKeyArn", "arn:aws:kms:eu-west-1:123456789012:key/2") },
		"the name that the claim did not give, given now": func(w *world) { set(w.xr, "spec.database", "other") },
		"the instances are not well": func(w *world) {
			for _, name := range []string{member1, member2} {
				set(w.observed[name], "status.conditions", []any{})
			}
		},
	}
	for reason, change := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyAurora(t, fields{"replicas": 1})
			// As an earlier scheme would have named it.
			set(w.observed[nameCluster], "metadata.name", "old-name")
			set(w.observed[nameCluster], "spec.forProvider.masterUsername", "oldmaster")
			set(w.observed[nameCluster], "spec.forProvider.masterPasswordSecretRef.name", "old-secret")
			set(w.observed[nameCluster], "spec.forProvider.finalSnapshotIdentifier", "old-final")
			for _, name := range []string{member1, member2} {
				set(w.observed[name], "spec.forProvider.clusterIdentifier", "old-name")
			}
			before := w.compose()
			change(w)
			after := w.compose()
			for _, name := range []string{nameCluster, member1, member2, nameConnection, clusterGroup17} {
				equal(t, name, wanted(before, name).Map(), wanted(after, name).Map())
			}
			equal(t, "drops", []string(nil), drops(after))
		})
	}
}

// The keys of a cluster's connection details are not those of an instance.
func TestClusterStaticCredentials(t *testing.T) {
	t.Parallel()
	w := readyAurora(t, fields{"credentials": "static"})
	p := w.compose()
	data := secretData(t, p)
	equal(t, "credentials", []string{"dbmaster", "s3cr3t", "postgresql://dbmaster:s3cr3t@" + clusterHost + ":5432/orders?sslmode=verify-full"},
		[]string{data["username"], data["password"], data["uri"]})
	equal(t, "where they come from", fields{"name": w.in().Name(nameCluster + "-details")},
		wanted(p, nameCluster).At("spec", "writeConnectionSecretToRef").Map())
	equal(t, "what the stages behind read", []string{nameCluster, "master_username", "attribute.master_password"},
		[]string{p.Wiring.Entry.Credentials.Resource, p.Wiring.Entry.Credentials.UsernameKey, p.Wiring.Entry.Credentials.PasswordKey})
	delete(w.connections, nameCluster)
	equal(t, "when the details are lost", data, secretData(t, w.compose()))
}

// Vault reads the master user from the cluster itself.
func TestClusterAdministrator(t *testing.T) {
	t.Parallel()
	database := readyAurora(t, nil).compose().Wiring.Database
	equal(t, "database", []string{"postgresql", clusterHost, "orders", nameCluster, "masterUsername", "masterPasswordSecretRef"}, []string{
		database.Engine, database.Host, database.Name,
		database.Administrator.Resource, database.Administrator.UsernameField, database.Administrator.PasswordSecretRefField,
	})
}
