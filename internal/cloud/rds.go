package cloud

import (
	"strconv"
	"strings"
)

// latestRestorable is up to when every database with backups can be restored.
const latestRestorable = "2026-01-01T00:00:00Z"

// copiedStorage in GiB is what a backup brings along of which nothing else is known.
const copiedStorage = 20

func instance(r Resource) map[string]any {
	identifier, engine := r.text("identifier"), r.copied("engine", "postgres")
	port := r.port(engine)
	address := r.kept("address", r.host(identifier))
	id := r.kept("id", "db-"+strings.ToUpper(r.digits(26)))
	at := map[string]any{
		"id": id, "resourceId": id, "identifier": identifier, "arn": r.arn("rds", "db:"+identifier),
		"address": address, "endpoint": address + ":" + strconv.FormatInt(port, 10), "port": port,
		"engine": engine, "engineVersionActual": r.version(engine), "instanceClass": r.text("instanceClass"),
		"allocatedStorage":   r.storage(),
		"deletionProtection": r.flag("deletionProtection"), "multiAz": r.flag("multiAz"), "status": "available",
	}
	r.contents(at)
	return at
}

// storage in GiB never shrinks. A copy starts with that of its origin, and then goes its own way.
func (r Resource) storage() int64 {
	has := Whole(r.Observed["allocatedStorage"])
	if has == 0 {
		has = Whole(r.Source["allocatedStorage"])
	}
	has = max(has, Whole(r.Parameters["allocatedStorage"]))
	if has == 0 && r.text("replicateSourceDb") == "" && OriginOf(r.Kind, r.Parameters).Kind != "" {
		return copiedStorage
	}
	return has
}

// contents are what is in a database, and up to when it can be restored.
func (r Resource) contents(at map[string]any) {
	for i, unknown := range []string{CopiedUsername, CopiedDatabase} {
		field := Inherited(r.Kind)[i]
		if value := r.inherited(field, unknown); value != "" {
			at[field] = value
		}
	}
	// The provider does not report it of a cluster.
	if r.Kind == Instance && Whole(r.Parameters["backupRetentionPeriod"]) > 0 {
		at["latestRestorableTime"] = latestRestorable
	}
}

func cluster(r Resource) map[string]any {
	engine := r.text("engine")
	at := map[string]any{
		"id": r.Name, "arn": r.arn("rds", "cluster:"+r.Name),
		"clusterResourceId": r.kept("clusterResourceId", "cluster-"+strings.ToUpper(r.digits(26))),
		"endpoint":          r.kept("endpoint", r.host(r.Name+".cluster")),
		"readerEndpoint":    r.kept("readerEndpoint", r.host(r.Name+".cluster-ro")),
		"port":              r.port(engine), "engine": engine, "engineVersionActual": r.version(engine),
		"deletionProtection": r.flag("deletionProtection"), "clusterMembers": r.members(),
	}
	r.contents(at)
	return at
}

func clusterInstance(r Resource) map[string]any {
	engine := r.copied("engine", "aurora-postgresql")
	return map[string]any{
		"id": r.Name, "arn": r.arn("rds", "db:"+r.Name), "clusterIdentifier": r.text("clusterIdentifier"),
		"dbiResourceId": r.kept("dbiResourceId", "db-"+strings.ToUpper(r.digits(26))),
		"endpoint":      r.kept("endpoint", r.host(r.Name)), "port": r.port(engine), "engine": engine,
		"engineVersionActual": r.version(engine), "instanceClass": r.text("instanceClass"), "writer": r.Writer,
	}
}

// host that the cloud gives a name of a database.
func (r Resource) host(name string) string {
	separator := ".c"
	if strings.HasSuffix(name, ".cluster") || strings.HasSuffix(name, ".cluster-ro") {
		separator = "-c"
	}
	return name + separator + r.digits(12) + "." + r.text("region") + ".rds.amazonaws.com"
}

func (r Resource) port(engine string) int64 {
	for _, fields := range []map[string]any{r.Parameters, r.Observed, r.Source} {
		if port := Whole(fields["port"]); port > 0 {
			return port
		}
	}
	return defaultPort(engine)
}

func (r Resource) members() []any {
	members := make([]any, 0, len(r.Members))
	for _, name := range r.Members {
		members = append(members, name)
	}
	return members
}

// Details are the connection details of a resource, which the provider writes when it is told where to. Nil when the kind has
// none, or not yet.
func Details(kind string, parameters, observed map[string]any, password string) map[string]string {
	switch kind {
	case Instance:
		return instanceDetails(parameters, observed, password)
	case Cluster:
		return clusterDetails(parameters, observed, password)
	default:
		return nil
	}
}

func instanceDetails(parameters, observed map[string]any, password string) map[string]string {
	address, endpoint := stringIn("address", observed), stringIn("endpoint", observed)
	if address == "" {
		return nil
	}
	details := map[string]string{
		"endpoint": endpoint, "address": address, "host": address, "port": strconv.FormatInt(Whole(observed["port"]), 10),
		"username": stringIn("username", parameters, observed),
	}
	if password != "" {
		details["password"], details["attribute.password"] = password, password
	}
	return details
}

func clusterDetails(parameters, observed map[string]any, password string) map[string]string {
	endpoint := stringIn("endpoint", observed)
	if endpoint == "" {
		return nil
	}
	details := map[string]string{
		"endpoint": endpoint, "reader_endpoint": stringIn("readerEndpoint", observed),
		"port": strconv.FormatInt(Whole(observed["port"]), 10), "master_username": stringIn("masterUsername", parameters, observed),
	}
	if password != "" {
		details["attribute.master_password"] = password
	}
	return details
}

// stringIn is the first text that one of the maps has for a field.
func stringIn(field string, maps ...map[string]any) string {
	for _, m := range maps {
		if s, _ := m[field].(string); s != "" {
			return s
		}
	}
	return ""
}
