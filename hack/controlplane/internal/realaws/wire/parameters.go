package wire

import (
	"net/url"
	"slices"
	"strings"
)

// parameter is a DB parameter as AWS reports it. One whose value is the engine's default is reported as the system's, to be applied at the
// next reboot, whatever was asked: https://github.com/hashicorp/terraform-provider-aws/issues/39252.
func parameter(block string) string {
	block = fill(block, "Source", "user")
	if isDefault(text(block, "ParameterName"), text(block, "ParameterValue")) {
		block = put(put(block, "Source", "system"), "ApplyMethod", "pending-reboot")
	}
	return block
}

// isDefault says that a value is what every family has that we compose, without anybody asking.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html: the default from PostgreSQL 15 on.
func isDefault(name, value string) bool { return name == "rds.force_ssl" && value == "1" }

// asStored writes values as RDS keeps them: booleans as 1 and 0.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ParamValuesRef.html
func asStored(form url.Values) {
	for key := range form {
		prefix, ours := strings.CutSuffix(key, ".ParameterValue")
		if !ours || choice(form.Get(prefix+".ParameterName")) {
			continue
		}
		switch strings.ToLower(form.Get(key)) {
		case "on", "true":
			form.Set(key, "1")
		case "off", "false":
			form.Set(key, "0")
		}
	}
}

// choice says that on and off are words of a parameter with more values than two, which are kept as they are.
// https://www.postgresql.org/docs/17/runtime-config.html
func choice(name string) bool {
	return slices.Contains([]string{
		"backslash_quote", "compute_query_id", "constraint_exclusion", "debug_parallel_query", "huge_pages", "recovery_prefetch",
		"synchronous_commit", "wal_compression", "default_toast_compression",
	}, name)
}
