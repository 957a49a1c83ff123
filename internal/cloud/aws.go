package cloud

func securityGroup(r Resource) map[string]any {
	id := r.kept("id", "sg-"+r.digits(17))
	return map[string]any{
		"id": id, "arn": r.arn("ec2", "security-group/"+id), "ownerId": r.account(), "name": r.text("name"), "vpcId": r.text("vpcId"),
	}
}

func ingressRule(r Resource) map[string]any {
	id := r.kept("id", "sgr-"+r.digits(17))
	return map[string]any{"id": id, "arn": r.arn("ec2", "security-group-rule/"+id), "securityGroupRuleId": id}
}

func subnetGroup(r Resource) map[string]any {
	return map[string]any{"id": r.Name, "arn": r.arn("rds", "subgrp:"+r.Name), "subnetIds": r.list("subnetIds")}
}

func parameterGroup(r Resource) map[string]any {
	return map[string]any{"id": r.Name, "arn": r.arn("rds", "pg:"+r.Name), "family": r.text("family")}
}

func clusterParameterGroup(r Resource) map[string]any {
	return map[string]any{"id": r.Name, "arn": r.arn("rds", "cluster-pg:"+r.Name), "family": r.text("family")}
}

// rolePolicy has an id that is not its name.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role_policy
func rolePolicy(r Resource) map[string]any {
	return map[string]any{"id": r.text("role") + ":" + r.Name, "role": r.text("role"), "policy": r.text("policy")}
}
