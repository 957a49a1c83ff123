package iam

import (
	"encoding/json"
	"slices"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
)

// limitInline is how many characters, not counting white space, the inline policies of one role may have together.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const limitInline = 10240

// policyVersion is the version of the policy language.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
const policyVersion = "2012-10-17"

type policy struct {
	Version   string
	Statement []json.RawMessage
}

type statement struct {
	Effect           string
	Action, Resource []string
}

// document is the policy of some grants: one statement each, in one order and without white space.
func document(grants []pipelinev1.Grant) string {
	p := policy{Version: policyVersion}
	for _, g := range grants {
		p.Statement = append(p.Statement, marshal(statement{Effect: "Allow", Action: sorted(g.Actions), Resource: sorted(g.Resources)}))
	}
	slices.SortFunc(p.Statement, func(a, b json.RawMessage) int { return strings.Compare(string(a), string(b)) })
	return string(marshal(p))
}

func marshal(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		// Strings have nothing that JSON cannot hold.
		return nil
	}
	return raw
}

// sorted is a copy: the contract is also read by others.
func sorted(texts []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(texts)))
}
