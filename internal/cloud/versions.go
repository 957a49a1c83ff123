package cloud

import (
	"cmp"
	"strconv"
	"strings"
)

// release is what a version of an engine stands for when the cloud installs it. A version that is more exact stands for itself.
func release(engine, version string) string {
	newest := map[string]map[string]string{
		"postgres":          {"15": "15.14", "16": "16.10", "17": "17.6", "18": "18.1"},
		"mysql":             {"8.4": "8.4.6"},
		"mariadb":           {"10.11": "10.11.14", "11.4": "11.4.8"},
		"aurora-postgresql": {"15": "15.13", "16": "16.9", "17": "17.5"},
		"aurora-mysql":      {"8.0": "8.0.mysql_aurora.3.10.1"},
	}
	if minor, ok := newest[engine][version]; ok {
		return minor
	}
	return version
}

// CompareVersions compares two versions as far as both are exact: 17 is neither lower nor higher than 17.4.
func CompareVersions(a, b string) int {
	first, second := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(first), len(second)) {
		x, _ := strconv.Atoi(first[i]) // A part in words counts as zero: all versions of an engine have it at the same place.
		y, _ := strconv.Atoi(second[i])
		if c := cmp.Compare(x, y); c != 0 {
			return c
		}
	}
	return 0
}

// Family is the parameter group family of an engine and its version, however exact that is. Two versions of an engine with the
// same family have the same major version.
func Family(engine, version string) string {
	parts := strings.Split(version, ".")
	if engine == "postgres" || engine == "aurora-postgresql" {
		return engine + parts[0]
	}
	return engine + strings.Join(parts[:min(2, len(parts))], ".")
}

// TakesReplicasAlong says that a major upgrade of an instance upgrades its read replicas with it. Those of other engines have to
// go first.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.PostgreSQL.html
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.MySQL.html
func TakesReplicasAlong(engine string) bool { return engine == "postgres" }

// defaultPort of an engine.
func defaultPort(engine string) int64 {
	if strings.Contains(engine, "postgres") {
		return 5432
	}
	return 3306
}
