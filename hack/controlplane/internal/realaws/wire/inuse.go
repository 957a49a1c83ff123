package wire

import (
	"context"
	"fmt"
	"regexp"
)

// holders are what AWS does not delete as long as a database has it: the parameter that names it, the elements of a database that do, and
// the code of the refusal. The server deletes it, and cannot read the database any more.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBParameterGroup.html
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBClusterParameterGroup.html
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBSubnetGroup.html
// https://docs.aws.amazon.com/vpc/latest/userguide/deleting-security-groups.html
func holders(action string) (parameter, element, code string) {
	switch action {
	case "DeleteDBParameterGroup":
		return "DBParameterGroupName", "DBParameterGroupName", "InvalidDBParameterGroupState"
	case "DeleteDBClusterParameterGroup":
		return "DBClusterParameterGroupName", "DBClusterParameterGroup", "InvalidDBParameterGroupState"
	case "DeleteDBSubnetGroup":
		return "DBSubnetGroupName", "DBSubnetGroup(?:Name)?", "InvalidDBSubnetGroupStateFault"
	case "DeleteSecurityGroup":
		return "GroupId", "VpcSecurityGroupId", "DependencyViolation"
	default:
		return "", "", ""
	}
}

// inUse refuses to delete what a database has.
func (a *rules) inUse(ctx context.Context, c Call) *refusal {
	parameter, element, code := holders(c.Action)
	if parameter == "" {
		return nil
	}
	name := c.Params[parameter]
	has := regexp.MustCompile(`<` + element + `>` + regexp.QuoteMeta(name) + `</`)
	server := a.server
	server.Region = c.Region
	for _, list := range []string{"DescribeDBInstances", "DescribeDBClusters"} {
		answer, err := server.Do(ctx, "rds", list)
		if err != nil {
			return &refusal{c.Service, "InternalFailure", err.Error()}
		}
		if has.MatchString(answer) {
			return &refusal{c.Service, code, fmt.Sprintf("%s is still in use by a database, so it cannot be deleted", name)}
		}
	}
	return nil
}
