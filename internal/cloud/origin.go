package cloud

import "strings"

// Snapshot is the kind of an origin that no managed resource stands for.
const Snapshot = "Snapshot"

// What is in a copy when nothing is known of its origin.
const (
	// CopiedUsername is the master user.
	CopiedUsername = "copiedmaster"
	// CopiedDatabase is the database.
	CopiedDatabase = "copied"
)

// Origin is what an instance or a cluster is a copy of, or the cluster that an instance belongs to.
type Origin struct {
	// Kind is Instance, Cluster or Snapshot. Empty when there is no origin.
	Kind string
	// Name in the cloud: the identifier of an instance, a cluster or a snapshot.
	Name string
	// Follows says that the resource goes on to depend on its origin: a read replica, or an instance of a cluster.
	Follows bool
}

// OriginOf reads the origin from the parameters of a resource.
func OriginOf(kind string, parameters map[string]any) Origin {
	moment, _ := parameters["restoreToPointInTime"].(map[string]any)
	switch kind {
	case ClusterInstance:
		return originOf(Cluster, parameters["clusterIdentifier"], true)
	case Instance:
		if o := originOf(Instance, parameters["replicateSourceDb"], true); o.Kind != "" {
			return o
		}
		if o := originOf(Instance, moment["sourceDbInstanceIdentifier"], false); o.Kind != "" {
			return o
		}
	case Cluster:
		if o := originOf(Cluster, moment["sourceClusterIdentifier"], false); o.Kind != "" {
			return o
		}
	default:
		return Origin{}
	}
	return originOf(Snapshot, parameters["snapshotIdentifier"], false)
}

func originOf(kind string, name any, follows bool) Origin {
	s, _ := name.(string)
	if s == "" {
		return Origin{}
	}
	if strings.HasPrefix(s, "arn:") {
		s = s[strings.LastIndex(s, ":")+1:]
	}
	return Origin{Kind: kind, Name: s, Follows: follows}
}

// Inherited are the parameters that a copy takes from its origin, whoever says otherwise: the name of the master user and of the
// database.
func Inherited(kind string) []string {
	return map[string][]string{
		Instance: {"username", "dbName"},
		Cluster:  {"masterUsername", "databaseName"},
	}[kind]
}

// copied is a parameter, or else what was observed or the origin has for it. The last word is for a copy of which nothing is
// known.
func (r Resource) copied(field, unknown string) string {
	if said := r.text(field); said != "" || OriginOf(r.Kind, r.Parameters).Kind == "" {
		return said
	}
	return r.inherited(field, unknown)
}

// inherited is a field that the origin alone decides, where there is one.
func (r Resource) inherited(field, unknown string) string {
	if OriginOf(r.Kind, r.Parameters).Kind == "" {
		return r.text(field)
	}
	for _, fields := range []map[string]any{r.Observed, r.Source} {
		if value, _ := fields[field].(string); value != "" {
			return value
		}
	}
	return unknown
}

// version that runs: what is asked for, but never less than what ran before. Nothing is ever downgraded.
func (r Resource) version(engine string) string {
	version := later(release(engine, r.text("engineVersion")), r.Observed["engineVersionActual"])
	follows := OriginOf(r.Kind, r.Parameters).Follows && (r.Kind == ClusterInstance || TakesReplicasAlong(engine))
	if follows || version == "" {
		version = later(version, r.Source["engineVersionActual"])
	}
	if version != "" {
		return version
	}
	return release(engine, map[string]string{
		"postgres": "17", "mysql": "8.4", "mariadb": "11.4", "aurora-postgresql": "17", "aurora-mysql": "8.0",
	}[engine])
}

// later is the later of two versions, of which each may be missing.
func later(version string, other any) string {
	if o, _ := other.(string); o != "" && (version == "" || CompareVersions(version, o) < 0) {
		return o
	}
	return version
}
