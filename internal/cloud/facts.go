package cloud

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"strings"

	"github.com/goldenpath-dev/goldenpath/internal/cloud/law"
)

// Accounts of the simulated cloud.
const (
	// Account is the one that provider configurations lead to.
	Account = "123456789012"
	// ProductionAccount is the one behind those whose names end in production.
	ProductionAccount = "210987654321"
)

// AccountOf a provider configuration.
func AccountOf(config string) string {
	if strings.HasSuffix(config, "production") {
		return ProductionAccount
	}
	return Account
}

// Resource is what the facts of a resource depend on.
type Resource struct {
	// Kind of the managed resource, as KindOf names it.
	Kind string
	// Name of the managed resource, which is the cloud name of the kinds that take it. Of something that is only observed, and of
	// what has the annotation, it is the external name.
	Name string
	// Seed of the identifiers that the cloud assigns: the same seed gives the same ones.
	Seed string
	// Parameters are spec.forProvider, or at least the fields that the kind reads.
	Parameters map[string]any
	// Observed is status.atProvider so far. Identifiers in it are kept.
	Observed map[string]any
	// Source is status.atProvider of the origin (OriginOf). Nil when there is none, or when nothing is known of it.
	Source map[string]any
	// Members are the instances of a cluster.
	Members []string
	// Writer says that an instance of a cluster is the one that takes changes.
	Writer bool
	// Account that the resource is in (AccountOf). Account when it is empty.
	Account string
	// VPC of an EKS cluster (VPCOf). ExistingVPC when it is empty.
	VPC string
}

// Facts is how a provider treats one kind.
type Facts struct {
	// Identity are the parameters that cannot change: the provider refuses, or replaces the resource.
	Identity []string
	// Reads are the parameters that Report and Defaults look at.
	Reads []string
	// Named says that the resource is found by its name (Resource.Name) whatever its id is. Others are found by their id.
	Named bool
	// Alias is a parameter of ours by whose value the provider finds the resource too, although the cloud assigns the id. Empty for the
	// kinds that are found by that alone.
	Alias string
	// Report makes the part of status.atProvider that is more than the parameters.
	Report func(Resource) map[string]any
	// Existing is what is reported of a thing that nobody of us made, by its external name (Resource.Name). Nil for kinds of which
	// nothing was there before us.
	Existing func(Resource) map[string]any
	// Defaults are the parameters that the cloud fills in where nobody said them. Nil when there are none.
	Defaults func(Resource) map[string]any
	// Silent are the fields that the law would have late-initialised and of which the cloud reports nothing, with the reason. A star
	// stands for all.
	Silent map[string]string
	// Law of the provider. Zero for the kinds of other providers than AWS.
	Law law.Law
}

// Ruled says that there is a law for the kind.
func (f Facts) Ruled() bool { return f.Law.Kind != "" }

// Kinds are the facts of every kind that we compose, by kind, under the provider's law. It panics when the law that is built in cannot be
// read: then nothing that a simulator says is worth anything.
func Kinds() map[string]Facts {
	book, err := law.Read()
	if err != nil {
		panic(err)
	}
	all := map[string]Facts{}
	for _, kinds := range []map[string]Facts{databases(), networks(), identities(), clusters(), vaults()} {
		maps.Copy(all, kinds)
	}
	unreported := silent()
	for kind, facts := range all {
		facts.Silent = unreported[kind]
		all[kind] = facts
		if l, ruled := book.Of(kind); ruled {
			all[kind] = facts.under(l)
		}
	}
	return all
}

func databases() map[string]Facts {
	return map[string]Facts{
		SecurityGroup: {
			Identity: []string{"region", "name", "description", "vpcId"},
			Reads:    []string{"region", "name", "vpcId"},
			Report:   securityGroup,
		},
		SecurityGroupIngressRule: {
			Identity: []string{"region", "securityGroupId"},
			Reads:    []string{"region"},
			Report:   ingressRule,
		},
		SecurityGroupEgressRule: {
			Identity: []string{"region", "securityGroupId"},
			Reads:    []string{"region"},
			Report:   ingressRule,
		},
		SubnetGroup: {
			Identity: []string{"region"},
			Reads:    []string{"region", "subnetIds"},
			Named:    true,
			Report:   subnetGroup,
		},
		ParameterGroup: {
			Identity: []string{"region", "family", "description"},
			Reads:    []string{"region", "family"},
			Named:    true,
			Report:   parameterGroup,
		},
		ClusterParameterGroup: {
			Identity: []string{"region", "family", "description"},
			Reads:    []string{"region", "family"},
			Named:    true,
			Report:   clusterParameterGroup,
		},
		Instance:        instanceFacts(),
		Cluster:         clusterFacts(),
		ClusterInstance: clusterInstanceFacts(),
	}
}

func vaults() map[string]Facts {
	return map[string]Facts{
		DatabaseConnection: vault("/config/", "backend", "name"),
		DatabaseRole:       vault("/roles/", "backend", "name"),
		Policy:             vault("", "name"),
		AuthRole:           vault("/role/", "backend", "roleName"),
		JWTAuthRole:        vault("/role/", "backend", "roleName"),
		KVSecret:           vault("/data/", "mount", "name"),
		Mount: {
			Identity: []string{"namespace", "path", "type"},
			Reads:    []string{"path", "type"},
			Report:   mount,
		},
		AuthBackend: {
			Identity: []string{"namespace", "path", "type"},
			Reads:    []string{"path", "type"},
			Report:   authBackend,
		},
		JWTAuthBackend: {
			Identity: []string{"namespace", "path", "type"},
			Reads:    []string{"path", "type"},
			Report:   authBackend,
		},
		AuthConfig: {
			Identity: []string{"namespace", "backend"},
			Reads:    []string{"backend"},
			Report:   authConfig,
		},
	}
}

func instanceFacts() Facts {
	return Facts{
		// https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/rds/instance.go (findDBInstanceByID)
		Alias: "identifier",
		Identity: []string{
			"region", "identifier", "engine", "dbName", "username", "kmsKeyId", "storageEncrypted",
			"dbSubnetGroupName", "passwordSecretRef", "replicateSourceDb", "snapshotIdentifier", "restoreToPointInTime",
		},
		Reads: []string{
			"region", "identifier", "port", "engine", "engineVersion", "instanceClass", "allocatedStorage", "username", "dbName",
			"deletionProtection", "multiAz", "performanceInsightsEnabled", "backupRetentionPeriod", "replicateSourceDb",
			"snapshotIdentifier", "restoreToPointInTime", "storageType",
		},
		Report:   instance,
		Defaults: instanceDefaults,
	}
}

func clusterFacts() Facts {
	return Facts{
		Identity: []string{
			"region", "engine", "databaseName", "masterUsername", "kmsKeyId", "storageEncrypted", "dbSubnetGroupName",
			"masterPasswordSecretRef", "snapshotIdentifier", "restoreToPointInTime",
		},
		Reads: []string{
			"region", "port", "engine", "engineVersion", "masterUsername", "databaseName", "deletionProtection",
			"backupRetentionPeriod", "snapshotIdentifier", "restoreToPointInTime", "serverlessv2ScalingConfiguration",
		},
		Named:    true,
		Report:   cluster,
		Defaults: clusterDefaults,
	}
}

func clusterInstanceFacts() Facts {
	return Facts{
		Identity: []string{"region", "clusterIdentifier", "engine", "dbSubnetGroupName"},
		Reads: []string{
			"region", "clusterIdentifier", "engine", "engineVersion", "instanceClass", "port", "performanceInsightsEnabled",
		},
		Named:    true,
		Report:   clusterInstance,
		Defaults: clusterInstanceDefaults,
	}
}

// vault makes the facts of a Vault resource, whose id is made of one or two of its parameters.
func vault(separator string, path ...string) Facts {
	return Facts{
		Identity: append([]string{"namespace"}, path...),
		Reads:    path,
		Report: func(r Resource) map[string]any {
			id := r.text(path[0]) + separator
			if len(path) > 1 {
				id += r.text(path[1])
			}
			return map[string]any{"id": id}
		},
	}
}

// digits of an identifier that the cloud assigns.
func (r Resource) digits(n int) string {
	sum := sha256.Sum256([]byte(r.Seed))
	return hex.EncodeToString(sum[:])[:n]
}

// kept is an identifier that the cloud has assigned before, or else a new one.
func (r Resource) kept(field, assigned string) string {
	if was, ok := r.Observed[field].(string); ok && was != "" {
		return was
	}
	return assigned
}

func (r Resource) account() string {
	if r.Account == "" {
		return Account
	}
	return r.Account
}

func (r Resource) arn(service, resource string) string {
	return "arn:aws:" + service + ":" + r.text("region") + ":" + r.account() + ":" + resource
}

func (r Resource) text(field string) string {
	s, _ := r.Parameters[field].(string)
	return s
}

func (r Resource) list(field string) []any {
	if l, ok := r.Parameters[field].([]any); ok {
		return l
	}
	return []any{}
}

func (r Resource) flag(field string) bool {
	b, _ := r.Parameters[field].(bool)
	return b
}

// Whole is a number of a decoded document, whatever its Go type.
func Whole(v any) int64 {
	switch n := v.(type) {
	case int64:
		return n
	case int:
		return int64(n)
	case float64:
		return int64(n)
	default:
		return 0
	}
}
