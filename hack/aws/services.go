package main

import (
	"slices"
	"strings"
)

// services are the packages of Terraform's provider that serve API groups, and those that the provider's own parts need: the account's
// ID and partition (sts, meta, organizations), and the account-wide settings that bucket resources read (s3control).
func services(groups []string) []string {
	out := []string{"meta", "organizations", "s3control", "sts"}
	for _, group := range groups {
		if group == "cloudwatchlogs" { // the one whose names differ
			group = "logs"
		}
		out = append(out, group)
	}
	return out
}

// referred are API groups that our kinds may refer to. Nothing of them runs, but references do not resolve without their types.
func referred() []string { return []string{"autoscaling", "elbv2", "secretsmanager", "vpclattice"} }

// typed are the groups whose types have to be known: those of the kinds, and those that they may refer to.
func typed(groups []string) []string {
	all := slices.Concat(groups, referred())
	slices.Sort(all)
	return slices.Compact(all)
}

// controllerPackage is where the provider's generated controller of a kind is.
func controllerPackage(module string, k Kind) string {
	return module + "/internal/controller/namespaced/" + k.Group + "/" + strings.ToLower(k.Name)
}

// typesPackage is where the types of an API group are.
func typesPackage(module, group string) string {
	return module + "/apis/namespaced/" + group + "/v1beta1"
}
