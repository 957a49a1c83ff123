package cloud

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// How RDS stores the parameters of a group, whatever was sent.

// How a change of a parameter is applied.
const (
	immediate     = "immediate"
	pendingReboot = "pending-reboot"
)

// stored is a list of parameters as RDS reports it: booleans as 1 and 0, and what equals the default of the family as pending-reboot,
// because there is nothing to apply.
// https://github.com/hashicorp/terraform-provider-aws/issues/39252
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ParamValuesRef.html
func stored(family string, list any) []any {
	parameters, _ := list.([]any)
	out := make([]any, 0, len(parameters))
	for _, item := range parameters {
		fields, _ := item.(map[string]any)
		fields = maps.Clone(fields)
		name, value := stringIn("name", fields), stringIn("value", fields)
		if digit := boolean(value); digit != "" && !choosesOn(family, name) {
			fields["value"], value = digit, digit
		}
		if FamilyDefault(family, name) == value && fields["applyMethod"] == immediate {
			fields["applyMethod"] = pendingReboot
		}
		out = append(out, fields)
	}
	return out
}

// boolean is the digit for a word. Empty when it is none.
func boolean(value string) string {
	return map[string]string{"on": "1", "true": "1", "yes": "1", "off": "0", "false": "0", "no": "0"}[strings.ToLower(value)]
}

// choosesOn says that on and off are two of several choices of a parameter, or its own words, and stored as they are.
// https://www.postgresql.org/docs/current/runtime-config.html and
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Security.html
func choosesOn(family, name string) bool {
	return strings.HasPrefix(family, "aurora-mysql") && name == "require_secure_transport" || slices.Contains([]string{
		"backslash_quote", "compute_query_id", "constraint_exclusion", "event_scheduler", "force_parallel_mode", "gtid-mode", "gtid_mode",
		"enforce_gtid_consistency", "huge_pages", "plan_cache_mode", "recovery_prefetch", "synchronous_commit", "wal_compression",
		"xmlbinary", "explicit_defaults_for_timestamp", "session_track_gtids", "binlog_transaction_dependency_tracking",
	}, name)
}

// FamilyDefault is the default of a parameter in a family, of those that we know. Empty when we do not.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html
func FamilyDefault(family, name string) string {
	engine := strings.TrimRight(family, "0123456789.")
	major, _ := strconv.Atoi(strings.Split(strings.TrimPrefix(family, engine), ".")[0]) // A family without a number has no such default.
	switch {
	case name == "rds.force_ssl" && (engine == "postgres" && major >= 15 || engine == "aurora-postgresql" && major >= 17):
		return "1"
	case name == "rds.force_ssl":
		return "0"
	case name == "log_lock_waits":
		return "0"
	case !strings.Contains(engine, "postgres") &&
		slices.Contains([]string{"general_log", "slow_query_log", "log_bin_trust_function_creators"}, name):
		return "0"
	default:
		return ""
	}
}

// hyphens are the names of MySQL's parameters that RDS writes with a hyphen. It writes all others with an underscore.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.MySQL.Parameters.html
func hyphens(name string) bool {
	return slices.Contains([]string{
		"allow-suspicious-udfs", "gtid-mode", "skip-character-set-client-handshake", "skip-slave-start", "skip-replica-start",
	}, name)
}

// parametersRefused: names that RDS does not know, and the same name twice.
func parametersRefused(c Call) *Refusal {
	list, _ := c.Sent["parameter"].([]any)
	seen := map[string]bool{}
	for _, item := range list {
		fields, _ := item.(map[string]any)
		name := stringIn("name", fields)
		if name != strings.ToLower(name) || strings.Contains(name, "-") && !hyphens(name) {
			return &Refusal{Code: "InvalidParameterValue", Message: "Could not find parameter with name: " + name}
		}
		if seen[name] {
			return &Refusal{Code: "InvalidParameterValue", Message: "Duplicate parameter names in the request: " + name}
		}
		seen[name] = true
	}
	return nil
}
