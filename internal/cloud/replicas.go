package cloud

import "strings"

// What the provider makes of the source of a read replica, which RDS takes as an identifier or as an ARN.

// PlanRefused is what the provider has against the parameters of something by itself, whenever it compares them with what is there: before
// any call, and until they change. Nil when it takes them.
// https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/rds/instance.go (CustomizeDiff)
func PlanRefused(kind string, wanted map[string]any) *Refusal {
	source := stringIn("replicateSourceDb", wanted)
	if kind != Instance || source == "" || strings.HasPrefix(source, "arn:") || stringIn("dbSubnetGroupName", wanted) == "" {
		return nil
	}
	return &Refusal{Message: `cannot compute the instance diff: failed to get *terraform.InstanceDiff: "replicate_source_db" must be an ARN ` +
		`when "db_subnet_group_name" is set.`}
}

// PlanReads are the parameters that PlanRefused looks at.
func PlanReads() []string { return []string{"replicateSourceDb", "dbSubnetGroupName"} }

// SameSource says that two values of replicateSourceDb are of one instance: the provider overlooks the difference between an ARN and the
// identifier in it, and only that.
// https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/rds/instance.go (instanceReplicateSourceDBSuppressDiff)
func SameSource(a, b string) bool {
	if strings.HasPrefix(a, "arn:") == strings.HasPrefix(b, "arn:") {
		return a == b
	}
	return originOf(Instance, a, true) == originOf(Instance, b, true)
}

func sameSource(a, b any) bool {
	first, _ := a.(string)
	second, _ := b.(string)
	return SameSource(first, second)
}
