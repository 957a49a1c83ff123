package cloud

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Call is one call that creates or changes something: with everything in it, so that one field that is refused blocks all others.
type Call struct {
	// Kind as KindOf names it.
	Kind string
	// Creates says that nothing is there yet.
	Creates bool
	// Has are the parameters as the cloud has them, or what it fills in for something new.
	Has map[string]any
	// Sent are the parameters of the call.
	Sent map[string]any
	// Reported is status.atProvider so far.
	Reported map[string]any
	// Source is what is known of the origin of a copy. Nil when there is none, or when nothing is known of it.
	Source map[string]any
}

// Refusal is a no of AWS or of Vault.
type Refusal struct {
	// Code of the error. Empty for Vault, whose errors have none.
	Code string
	// Message in the words of the service.
	Message string
}

// Error is the code and the message.
func (r *Refusal) Error() string {
	if r.Code == "" {
		return r.Message
	}
	return r.Code + ": " + r.Message
}

// combination is RDS's word for whatever does not fit together.
func combination(format string, args ...any) *Refusal {
	return &Refusal{Code: "InvalidParameterCombination", Message: fmt.Sprintf(format, args...)}
}

// Refused is what the cloud has against a call by itself, without a look at anything else. Nil when it takes it.
func (c Call) Refused() *Refusal {
	rules := map[string][]func(Call) *Refusal{
		Instance:              {absentRefused, restoreRefused, storageRefused, optionGroupRefused},
		Cluster:               {absentRefused, restoreRefused},
		VPC:                   {absentRefused},
		Key:                   {absentRefused},
		ParameterGroup:        {parametersRefused},
		ClusterParameterGroup: {parametersRefused},
		AuthConfig:            {certificateRefused},
	}
	for _, rule := range rules[c.Kind] {
		if r := rule(c); r != nil {
			return r
		}
	}
	return nil
}

// absentRefused: there are no directories, address pools and key stores here, so nothing can be made in one.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html,
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html and
// https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
func absentRefused(c Call) *Refusal {
	if !c.Creates {
		return nil
	}
	for _, of := range []struct{ field, code, message string }{
		{"domain", "DomainNotFoundFault", "Domain not found: "},
		{"ipv4IpamPoolId", "InvalidIpamPoolId.NotFound", "The ipam-pool ID does not exist: "},
		{"customKeyStoreId", "CustomKeyStoreNotFoundException", "There is no custom key store "},
	} {
		if name := stringIn(of.field, c.Sent); name != "" {
			return &Refusal{Code: of.code, Message: of.message + name}
		}
	}
	return nil
}

// Accepted are the parameters as the cloud has them after a call that it takes: what was sent, as it stores it, and what it moves along.
func (c Call) Accepted() map[string]any {
	after := merge(c.Has, c.Sent)
	if c.Creates && OriginOf(c.Kind, c.Sent).Kind != "" {
		maps.Copy(after, c.brought())
	}
	switch c.Kind {
	case Instance:
		maps.Copy(after, storageMoved(after, c.Sent))
		maps.Copy(after, optionGroupMoved(after, c.Sent))
	case ParameterGroup, ClusterParameterGroup:
		after["parameter"] = stored(stringIn("family", after), after["parameter"])
	}
	return after
}

// brought is what a copy brings along, whatever is said: its master user and database, no less storage than its origin has, and its
// encryption. A cluster out of a snapshot takes the key that is said.
func (c Call) brought() map[string]any {
	brings := map[string]any{}
	for _, field := range Inherited(c.Kind) {
		for _, fields := range []map[string]any{c.Has, c.Source} {
			if value := stringIn(field, fields); value != "" {
				brings[field] = value
			}
		}
	}
	if size := max(Whole(c.Has["allocatedStorage"]), Whole(c.Sent["allocatedStorage"])); size > 0 {
		brings["allocatedStorage"] = float64(size)
	}
	if c.Kind == Instance || c.Kind == Cluster && OriginOf(c.Kind, c.Sent).Kind != Snapshot {
		Resource{Source: c.Source}.encrypted(brings)
	}
	return brings
}

// Grown is what the cloud has after storage has grown by itself, to a size in GiB. It never grows beyond maxAllocatedStorage.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
func Grown(has map[string]any, size int64) map[string]any {
	size = min(size, Whole(has["maxAllocatedStorage"]))
	if size <= Whole(has["allocatedStorage"]) {
		return has
	}
	after := merge(has, map[string]any{"allocatedStorage": float64(size)})
	maps.Copy(after, storageMoved(after, nil))
	return after
}

// Upgraded is what the cloud has after it has upgraded an instance by itself: a replica with its source.
func Upgraded(has map[string]any, version string) map[string]any {
	sent := map[string]any{"engineVersion": version}
	after := merge(has, sent)
	maps.Copy(after, optionGroupMoved(after, sent))
	return after
}

// Changes are the parameters that are wanted and differ from what the cloud has: Terraform's plan. A field that is not said is the
// cloud's to decide. References, Secrets and what is only said to the provider are not in it.
func Changes(kind string, wanted, has, reported map[string]any) map[string]any {
	diff := map[string]any{}
	for field, value := range wanted {
		if !sendable(field) || same(field, value, has[field]) || GroupField(kind) != "" && suppressed(field, wanted, has, reported) {
			continue
		}
		diff[field] = value
	}
	return diff
}

// Sent is what goes out for some changes: all of them in one call, and what the provider adds to them. Empty when nothing does, because
// they are switches of its own.
func Sent(kind string, changes, has map[string]any) map[string]any {
	sent := map[string]any{}
	for field, value := range changes {
		if !switches(field) {
			sent[field] = value
		}
	}
	if kind == Instance && len(sent) > 0 {
		maps.Copy(sent, storageSent(changes, has))
	}
	return sent
}

// sendable says that a parameter is one of the cloud's, and no reference to something in Kubernetes.
func sendable(field string) bool {
	for _, end := range []string{"SecretRef", "Ref", "Refs", "Selector"} {
		if strings.HasSuffix(field, end) {
			return false
		}
	}
	return field != "autoGeneratePassword"
}

// switches are parameters that the provider keeps to itself until it sends something else, or deletes.
func switches(field string) bool {
	return slices.Contains([]string{
		"allowMajorVersionUpgrade", "applyImmediately", "bypassPolicyLockoutSafetyCheck", "deleteAutomatedBackups", "finalSnapshotIdentifier",
		"forceDestroy", "forceDetachPolicies", "revokeRulesOnDelete", "skipDestroy", "skipFinalSnapshot",
	}, field)
}

// suppressed are the differences of a database that the provider overlooks: storage that has grown by itself, and a version
// that is older than what runs.
func suppressed(field string, wanted, has, reported map[string]any) bool {
	switch field {
	case "allocatedStorage":
		size := Whole(wanted[field])
		return Whole(has[field]) > size && Whole(wanted["maxAllocatedStorage"]) > size
	case "engineVersion":
		version, _ := wanted[field].(string)
		actual, _ := reported["engineVersionActual"].(string)
		return actual != "" && CompareVersions(version, actual) <= 0
	default:
		return false
	}
}

// same compares two values of a field. Lists are sets, but for those whose order counts. What is said to be nothing is the same as
// nothing.
func same(field string, a, b any) bool {
	if field == "replicateSourceDb" {
		return sameSource(a, b)
	}
	first, isList := a.([]any)
	second, _ := b.([]any)
	if !isList || strings.HasSuffix(field, "Statements") || field == "allowedRoles" {
		return reflect.DeepEqual(a, b) || isZero(a) && isZero(b)
	}
	return slices.Equal(sorted(first), sorted(second))
}

func sorted(list []any) []string {
	out := make([]string, 0, len(list))
	for _, item := range list {
		out = append(out, fmt.Sprint(item)) // Maps are printed with sorted keys.
	}
	slices.Sort(out)
	return out
}

// Replaces is the provider's refusal of changes that need another resource in place of this one. Nil when none does.
func (f Facts) Replaces(changes, has map[string]any) *Refusal {
	for _, field := range slices.Sorted(maps.Keys(changes)) {
		if slices.Contains(f.Identity, field) {
			return &Refusal{Message: fmt.Sprintf("refuse to update the external resource because the following update requires replacing it: "+
				"cannot change the value of the argument %q from %q to %q", Argument(field), plainText(has[field]), plainText(changes[field]))}
		}
	}
	return nil
}

// Argument is Terraform's name of a field: dbSubnetGroupName is db_subnet_group_name.
func Argument(field string) string {
	out := strings.Builder{}
	for _, r := range field {
		if r >= 'A' && r <= 'Z' {
			out.WriteByte('_')
			r += 'a' - 'A'
		}
		out.WriteRune(r)
	}
	return out.String()
}

func plainText(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// merge is a copy of some parameters with others over them, objects in them as a whole.
func merge(parameters ...map[string]any) map[string]any {
	out := map[string]any{}
	for _, fields := range parameters {
		maps.Copy(out, fields)
	}
	return out
}
