package simulator_test

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/simulator"
)

// event is one thing that may happen to a database.
type event struct {
	name   string
	happen func(*history)
}

func (h *history) event() event { return pick(h, events) }

var events = []event{
	{"the developer changes the size", func(h *history) {
		h.spec(simulator.Text(pick(h, []string{"small", "medium", "large", "small", "giant"})), "size")
	}},
	{"the developer asks for storage", func(h *history) {
		h.spec(simulator.Number(pick(h, []int{20, 30, 50, 120, 500})), "storageGiB")
	}},
	{"the developer removes storageGiB", func(h *history) { h.unset("storageGiB") }},
	{"the developer asks for a version", func(h *history) {
		versions := []string{"15", "16", "17", "17", "18", "99"}
		switch h.engine() {
		case "mysql", "aurora-mysql":
			versions = []string{"8.4", "8.0", "8.4"}
		case "mariadb":
			versions = []string{"10.11", "11.4", "11.4", "10.5"}
		}
		h.spec(simulator.Text(pick(h, versions)), "version")
	}},
	{"the developer removes the version", func(h *history) { h.unset("version") }},
	{"the developer changes access", access},
	{"the developer changes access again", access},
	{"the developer switches credentials", func(h *history) {
		h.spec(simulator.Text(pick(h, []string{"dynamic", "static"})), "credentials")
	}},
	{"the developer removes credentials", func(h *history) { h.unset("credentials") }},
	{"the developer toggles deletion protection", func(h *history) { h.spec(simulator.Bool(h.chance(2)), "deletionProtection") }},
	{"the developer removes deletionProtection", func(h *history) { h.unset("deletionProtection") }},
	{"the developer changes the deletion policy", func(h *history) {
		h.spec(simulator.Text(pick(h, []string{"Retain", "Delete"})), "deletionPolicy")
	}},
	{"somebody changes the engine past the schema", func(h *history) {
		h.spec(simulator.Text(pick(h, []string{"postgres", "mysql", "oracle", "aurora-postgresql", "mariadb"})), "engine")
	}},
	{"the engine is what it was", func(h *history) {
		if engine := h.cluster.Get(h.holder()).String("spec", "forProvider", "engine"); engine != "" {
			h.spec(simulator.Text(engine), "engine")
		}
	}},
	{"somebody changes the environment reference past the schema", func(h *history) {
		h.spec(simulator.Text(pick(h, []string{"other", "staging", "staging"})), "environmentRef", "name")
	}},
	{"the environment reference is what it was", func(h *history) { h.spec(simulator.Text("staging"), "environmentRef", "name") }},
	{"the developer allows data loss", func(h *history) {
		h.cluster.XR = simulator.With(h.cluster.XR, simulator.Text(pick(h, []string{"database-instance", "database-cluster", "something-else"})),
			"metadata", "annotations", "platform.io/allow-data-loss")
	}},
	{"the developer asks for replicas", func(h *history) { h.spec(simulator.Number(h.rng.IntN(6)), "replicas") }},
	{"the developer asks for other replicas", func(h *history) { h.spec(simulator.Number(h.rng.IntN(3)), "replicas") }},
	{"the developer removes the replicas", func(h *history) { h.unset("replicas") }},
	{"the developer toggles IAM authentication", func(h *history) { h.spec(simulator.Bool(h.chance(2)), "iamAuthentication") }},
	{"the developer sets parameters", func(h *history) {
		h.spec(simulator.Text(pick(h, []string{"100", "200", "300"})), "parameters", pick(h, []string{"max_connections", "log_min_duration_statement", "rds.force_ssl"}))
	}},
	{"the developer removes the parameters", func(h *history) { h.unset("parameters") }},
	{"the developer moves the windows", func(h *history) {
		h.spec(simulator.Text(pick(h, []string{"02:00-03:00", "03:00-04:00", "23:30-00:30"})), "backupWindow")
		h.spec(simulator.Text(pick(h, []string{"sun:03:30-sun:04:30", "mon:05:00-mon:06:00"})), "maintenanceWindow")
	}},
	{"the developer removes the windows", func(h *history) { h.unset("backupWindow"); h.unset("maintenanceWindow") }},
	{"somebody changes the restore past the schema", func(h *history) {
		h.spec(simulator.Text(pick(h, []string{"orders-final-9999999999-fa035b9462", "somebody-elses"})), "restoreFrom", "snapshot")
	}},
	{"the restore is what it was", (*history).restoreAsItWas},
	{"the identities are lost", func(h *history) { h.environment = simulator.Without(h.environment, "status", "identities") }},
	{"the environment has identities", func(h *history) {
		h.edit(identities(pick(h, [][]string{{"orders-api", "orders-report"}, {"orders-api"}, {"orders-batch", "orders-admin", "orders-report"}})...), "status", "identities")
	}},
	{"a reader takes over", func(h *history) { h.failover() }},
	{"nothing happens", func(*history) {}},
	{"time passes", func(h *history) {
		for range 3 {
			h.cluster.Tick()
		}
	}},

	{"a provider gets stuck", func(h *history) { h.fault(simulator.Fault{Stuck: true}) }},
	{"a provider fails", func(h *history) { h.fault(simulator.Fault{Message: "api error QuotaExceeded: no more of these"}) }},
	{"the providers recover", func(h *history) {
		for _, c := range h.cluster.Composed {
			c.Fault = simulator.Fault{}
		}
	}},
	{"the status of a managed resource is lost", func(h *history) { h.cluster.LoseStatus(h.resource()) }},
	{"the status of the database is lost", func(h *history) { h.cluster.LoseStatus(h.holder()) }},
	{"the status of the composite is lost", func(h *history) {
		h.cluster.Status, h.cluster.Conditions, h.statusLost = nil, nil, true
	}},
	{"storage grows by itself", func(h *history) { h.cluster.Grow("database-instance", pick(h, []int64{10, 10, 10, 200})) }},
	{"somebody deletes the database in the cloud", func(h *history) {
		if h.chance(4) {
			h.cluster.Remove(h.holder())
		}
	}},
	{"somebody deletes a composed resource", func(h *history) {
		// What somebody else deletes is not ours to keep; but a data holder is left out, for then everything starts anew, and so are log
		// groups: RDS makes another one at once.
		if name := h.resource(); name != "" && name != h.holder() && !strings.Contains(name, "-log-group-") {
			h.cluster.Delete(h.cluster.Composed[name])
		}
	}},

	{"somebody has a Secret of the same name", func(h *history) { h.cluster.Store.Put(foreignSecret(h)) }},
	{"that Secret goes", func(h *history) { h.cluster.Store.Delete(simulator.ReferenceTo(foreignSecret(h))) }},

	{"the environment is lost", func(h *history) { h.lost = true }},
	{"the environment is back", func(h *history) { h.lost = false }},
	{"the environment is not ready", func(h *history) { h.ready("False") }},
	{"the environment is ready", func(h *history) { h.ready("True") }},
	{"the environment is no longer shared", func(h *history) { h.edit(simulator.Texts("others"), "status", "sharedWith") }},
	{"the environment is shared", func(h *history) { h.edit(simulator.Texts("team-checkout"), "status", "sharedWith") }},
	{"the environment moves", func(h *history) {
		h.edit(simulator.Text(pick(h, []string{"vpc-0fffffffffffffff1", "vpc-0a1b2c3d4e5f60718"})), "status", "network", "vpcId")
	}},
	{"the environment changes its region", func(h *history) {
		h.edit(simulator.Text(pick(h, []string{"eu-west-1", "eu-west-1", "eu-central-1"})), "status", "cloud", "region")
	}},
	{"the workloads call from elsewhere", func(h *history) {
		groups := pick(h, [][]string{
			{"sg-0f00000000000001a"}, {"sg-0f00000000000001b"}, {"sg-0f00000000000001a", "sg-0f00000000000001b"}, {}, {"sg-0f00000000000fa17"},
		})
		h.edit(simulator.Texts(groups...), "status", "workloadSecurityGroupIds")
	}},
	{"Vault calls from elsewhere", func(h *history) {
		if object.Of(h.environment).At("status", "vault").IsZero() {
			return
		}
		h.environment = simulator.Without(h.environment, "status", "vault", "source")
		switch h.rng.IntN(4) {
		case 0:
			h.edit(simulator.Text("sg-0f00000000000fa18"), "status", "vault", "source", "securityGroupId")
		case 1:
			h.edit(simulator.Text("10.200.0.0/16"), "status", "vault", "source", "cidr")
		case 2:
			h.edit(simulator.Text("sg-0f00000000000fa17"), "status", "vault", "source", "securityGroupId")
		}
	}},
	{"the environment loses Vault", func(h *history) { h.environment = simulator.Without(h.environment, "status", "vault") }},
	{"the environment gets Vault", func(h *history) {
		for field, value := range map[string]string{"kvMount": "staging-kv", "databaseMount": "staging-db", "kubernetesAuthMount": "staging-k8s"} {
			h.edit(simulator.Text(value), "status", "vault", field)
		}
		h.edit(simulator.Text("sg-0f00000000000fa17"), "status", "vault", "source", "securityGroupId")
		h.environment = simulator.Without(h.environment, "status", "vault", "source", "cidr")
	}},
	{"the environment's Vault mounts change", func(h *history) {
		if !object.Of(h.environment).At("status", "vault").IsZero() {
			h.edit(simulator.Text(pick(h, []string{"staging-db", "other-db"})), "status", "vault", "databaseMount")
			h.edit(simulator.Text(pick(h, []string{"staging-kv", "other-kv"})), "status", "vault", "kvMount")
		}
	}},
	{"the environment gets a key", func(h *history) {
		h.edit(simulator.Text("arn:aws:kms:eu-west-1:123456789012:key/another"), "status", "kmsKeyArn")
	}},
	{"the environment loses its key", func(h *history) { h.environment = simulator.Without(h.environment, "status", "kmsKeyArn") }},
	{"the environment gets another zone", func(h *history) {
		subnet, err := structpb.NewValue(map[string]any{"id": "subnet-0bc1", "role": "database", "zone": "eu-west-1c"})
		if err != nil {
			return
		}
		subnets := h.environment.GetFields()["status"].GetStructValue().GetFields()["network"].GetStructValue().GetFields()["subnets"].GetListValue().GetValues()
		if len(subnets) < 5 {
			h.edit(structpb.NewListValue(&structpb.ListValue{Values: append(subnets[:len(subnets):len(subnets)], subnet)}), "status", "network", "subnets")
		}
	}},
	{"the environment changes its type", func(h *history) {
		h.edit(simulator.Text(pick(h, []string{"dev", "staging", "preview", "production"})), "status", "type")
	}},
	{"the preview expires", func(h *history) { h.edit(simulator.Text("Expired"), "status", "phase") }},
	{"the preview is extended", func(h *history) { h.edit(simulator.Text("Active"), "status", "phase") }},

	{"the platform team tunes the catalog", func(h *history) { h.tune(pick(h, inputs)) }},
	{"the platform team moves the default version", func(h *history) {
		h.tune(`{engines: {postgres: {defaultVersion: "` + pick(h, []string{"15", "16", "17"}) + `"}}}`)
	}},
	{"the platform team takes its input back", func(h *history) { h.input = nil; h.pipeline() }},
	{"the functions restart", func(h *history) { h.pipeline() }},
	{"the providers start again", func(h *history) { h.cluster.RestartProviders() }},
	{"core restarts", func(h *history) { h.cluster.RestartCore() }},
	{"the platform team splits the stages, or puts them together", func(h *history) { h.split = !h.split; h.pipeline() }},
}

var inputs = []string{
	`{sizes: {small: {instanceClass: db.t4g.large, storageGiB: 40, maxStorageGiB: 80, performanceInsights: false}}}`,
	`{sizes: {giant: {instanceClass: db.r7g.16xlarge, storageGiB: 2000, maxStorageGiB: 20000}}}`,
	`{tiers: {staging: {deletionProtection: true, multiAZ: true}, dev: {finalSnapshot: false}, preview: {finalSnapshot: true}}}`,
	`{engines: {postgres: {defaultVersion: "17", versions: {"17": {family: postgres17}, "18": {family: postgres18}}}}}`,
	`{engines: {postgres: {defaultVersion: "18", versions: {"18": {family: postgres18}}}}}`,
	`{engines: {postgres: {maxReplicas: 1}, aurora-postgresql: {maxReplicas: 0}, mariadb: {parameters: {max_connections: "50"}}}}`,
	`{sizes: {small: {instanceClass: db.t4g.large, storageGiB: 40, maxStorageGiB: 80, aurora: {instanceClass: db.r7g.large}}}, caBundles: {eu-west-1: PEM}}`,
	`{engines: {oracle: {defaultVersion: "19"}}}`,
	`{colour: blue}`,
}

func foreignSecret(h *history) *structpb.Struct {
	namespace := object.Of(h.cluster.XR).Namespace()
	if namespace == "" {
		namespace = "team-checkout"
	}
	s := simulator.With(&structpb.Struct{}, simulator.Text("v1"), "apiVersion")
	s = simulator.With(s, simulator.Text("Secret"), "kind")
	s = simulator.With(s, simulator.Text(namespace), "metadata", "namespace")
	return simulator.With(s, simulator.Text("orders-appdatabase-connection"), "metadata", "name")
}

// spec sets a field of the claim.
func (h *history) spec(value *structpb.Value, path ...string) {
	h.cluster.XR = simulator.With(h.cluster.XR, value, append([]string{"spec"}, path...)...)
}

func (h *history) unset(field string) { h.cluster.XR = simulator.Without(h.cluster.XR, "spec", field) }

func (h *history) engine() string { return object.Of(h.cluster.XR).String("spec", "engine") }

func (h *history) fault(f simulator.Fault) {
	if c, ok := h.cluster.Composed[h.resource()]; ok {
		c.Fault = f
	}
}

// edit sets a field of the Environment.
func (h *history) edit(value *structpb.Value, path ...string) {
	h.environment = simulator.With(h.environment, value, path...)
}

func (h *history) ready(status string) {
	condition := simulator.Nested(&structpb.Struct{Fields: map[string]*structpb.Value{
		"type": simulator.Text("Ready"), "status": simulator.Text(status), "reason": simulator.Text("Test"),
	}})
	h.edit(structpb.NewListValue(&structpb.ListValue{Values: []*structpb.Value{condition}}), "status", "conditions")
}

func (h *history) tune(document string) {
	input, err := simulator.Parse([]byte(document))
	if err != nil {
		h.wrong = err
		return
	}
	h.input = input
	h.pipeline()
}

// access is a random list, sometimes with a service account that stands there twice.
func access(h *history) {
	accounts := []string{"orders-api", "orders-report", "orders-batch", "orders-admin"}
	var entries []*structpb.Value
	for range h.rng.IntN(5) {
		entries = append(entries, entry(pick(h, accounts), pick(h, []string{"reader", "writer", "admin"})))
	}
	h.spec(structpb.NewListValue(&structpb.ListValue{Values: entries}), "access")
}

// identities of service accounts, each with a role of its own.
func identities(accounts ...string) *structpb.Value {
	list := make([]*structpb.Value, 0, len(accounts))
	for _, account := range accounts {
		list = append(list, simulator.Nested(&structpb.Struct{Fields: map[string]*structpb.Value{
			"serviceAccount": simulator.Text(account), "roleArn": simulator.Text("arn:aws:iam::123456789012:role/team/" + account),
		}}))
	}
	return structpb.NewListValue(&structpb.ListValue{Values: list})
}

// restoreAsItWas writes what the database was made of.
func (h *history) restoreAsItWas() {
	holder := h.cluster.Get(h.holder())
	if holder.IsZero() {
		return
	}
	h.unset("restoreFrom")
	if snapshot := holder.String("spec", "forProvider", "snapshotIdentifier"); snapshot != "" {
		h.spec(simulator.Text(snapshot), "restoreFrom", "snapshot")
	}
}

// failover makes another instance of the cluster the one that writes.
func (h *history) failover() {
	var members []string
	for name, c := range h.cluster.Composed {
		if object.Of(c.Object).Kind() == "ClusterInstance" && object.Of(c.Object).Has("status", "atProvider") {
			members = append(members, name)
		}
	}
	if len(members) == 0 {
		return
	}
	slices.Sort(members)
	writer := pick(h, members)
	for _, name := range members {
		c := h.cluster.Composed[name]
		c.Object = simulator.With(c.Object, simulator.Bool(name == writer), "status", "atProvider", "writer")
	}
}
