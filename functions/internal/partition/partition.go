// Package partition tells the partitions of AWS apart: they differ in ARNs and in the names of services.
package partition

import "strings"

// Of is the partition of a region.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
func Of(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	default:
		return "aws"
	}
}

// Domain is what the regional names of services end in, such as logs.eu-west-1.amazonaws.com.
// https://docs.amazonaws.cn/en_us/aws/latest/userguide/endpoints-arns.html
func Domain(region string) string {
	if Of(region) == "aws-cn" {
		return "amazonaws.com.cn"
	}
	return "amazonaws.com"
}
