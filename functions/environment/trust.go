package environment

import (
	"fmt"
	"strings"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/partition"
	"github.com/goldenpath-dev/goldenpath/functions/internal/policy"
)

// podIdentity is the service that takes on roles for pods. It has the same name in every partition.
// https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
const podIdentity = "pods.eks.amazonaws.com"

// tokenAudience is whom the tokens of service accounts are for. It is the same in every partition.
// https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
// https://github.com/eksctl-io/eksctl/issues/1910
const tokenAudience = "sts.amazonaws.com"

// trust is who may take the role of a service account on: that service account, in its namespace of that cluster. Empty while what it
// names is not known.
func (e *environment) trust(account string) string {
	namespace := e.workloadNamespace()
	if namespace == "" || e.eksCluster() == nil {
		return ""
	}
	if e.eksCluster().IdentityMode == v1.IdentityIRSA {
		return e.trustIssuer(namespace, account)
	}
	return e.trustCluster(namespace, account)
}

// trustCluster trusts EKS, which says for which cluster and service account it acts.
// https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
// https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html
func (e *environment) trustCluster(namespace, account string) string {
	if e.cluster.arn == "" {
		return ""
	}
	return policy.Document(policy.Statement{
		Action: []string{"sts:AssumeRole", "sts:TagSession"}, Principal: map[string][]string{"Service": {podIdentity}},
		Condition: map[string]map[string][]string{
			"ArnEquals": {"aws:SourceArn": {e.cluster.arn}},
			"StringEquals": {
				"aws:SourceAccount":                         {e.claim.cloud.AccountID},
				"aws:RequestTag/kubernetes-namespace":       {namespace},
				"aws:RequestTag/kubernetes-service-account": {account},
			},
		},
	})
}

// trustIssuer trusts the tokens that the cluster issues for the service account. The issuer is an identity provider in IAM, which
// whoever made the cluster has made.
// https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
func (e *environment) trustIssuer(namespace, account string) string {
	issuer := strings.TrimPrefix(e.cluster.issuer, "https://")
	if issuer == "" {
		return ""
	}
	cloud := e.claim.cloud
	provider := fmt.Sprintf("arn:%s:iam::%s:oidc-provider/%s", partition.Of(cloud.Region), cloud.AccountID, issuer)
	return policy.Document(policy.Statement{
		Action: []string{"sts:AssumeRoleWithWebIdentity"}, Principal: map[string][]string{"Federated": {provider}},
		Condition: map[string]map[string][]string{"StringEquals": {
			issuer + ":aud": {tokenAudience}, issuer + ":sub": {"system:serviceaccount:" + namespace + ":" + account},
		}},
	})
}
