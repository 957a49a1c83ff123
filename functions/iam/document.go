package iam

import (
	"slices"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/policy"
)

// limitInline is how many characters, not counting white space, the inline policies of one role may have together.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const limitInline = 10240

// document is the policy of some grants: one statement each, in one order.
func document(grants []pipelinev1.Grant) string {
	statements := make([]policy.Statement, 0, len(grants))
	for _, g := range grants {
		statements = append(statements, policy.Statement{Action: g.Actions, Resource: g.Resources})
	}
	slices.SortFunc(statements, func(a, b policy.Statement) int { return strings.Compare(a.String(), b.String()) })
	return policy.Document(statements...)
}
