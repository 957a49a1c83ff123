package landing

import (
	"log/slog"
	"testing"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/protobuf/types/known/structpb"
	"sigs.k8s.io/yaml"
)

const staging = `
apiVersion: platform.io/v1
kind: Environment
metadata: {name: staging, namespace: team-checkout, uid: 6f1d3a52-0c5e-4b39-9d0e-3c8f5a7e2b11}
spec:
  type: staging
  cloud: {provider: aws, region: eu-west-1, accountId: "123456789012", providerConfigRef: {name: aws-staging, kind: ClusterProviderConfig}}
  owner: {team: checkout, costCenter: cc-4711}
`

// stagingStatus is what staging gets, phase and Vault aside.
const stagingStatus = `
network:
  vpcId: vpc-7f25ac962cc40e9f7
  subnets:
  - {id: subnet-25e2b47dff8d9bc54, role: private, zone: eu-west-1a, cidr: 10.168.0.0/20}
  - {id: subnet-49dceb470016854f9, role: private, zone: eu-west-1b, cidr: 10.168.16.0/20}
  - {id: subnet-a978907ff47a8bdc0, role: database, zone: eu-west-1a, cidr: 10.168.64.0/24}
  - {id: subnet-4dbc4ca324c63fa47, role: database, zone: eu-west-1b, cidr: 10.168.65.0/24}
workloadNamespace: checkout-staging-692708
workloadSecurityGroupIds: [sg-e8c0430d81a09fe14]
kmsKeyArn: arn:aws:kms:eu-west-1:123456789012:key/81761433-b55f-22de-1e0f-bbbcdb99b78c
`

const stagingVault = `
vault:
  providerConfigRef: {name: vault, kind: ClusterProviderConfig}
  kvMount: staging-692708-kv
  databaseMount: staging-692708-db
  kubernetesAuthMount: staging-692708-k8s
  source: {securityGroupId: sg-19797a19b3f64d7f3}
`

func structOf(t *testing.T, text string) *structpb.Struct {
	t.Helper()
	object := map[string]any{}
	if err := yaml.Unmarshal([]byte(text), &object); err != nil {
		t.Fatal(err)
	}
	s, err := structpb.NewStruct(object)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func observed(t *testing.T, text string) *fnv1.RunFunctionRequest {
	t.Helper()
	return &fnv1.RunFunctionRequest{
		Meta:     &fnv1.RequestMeta{Tag: "tag"},
		Observed: &fnv1.State{Composite: &fnv1.Resource{Resource: structOf(t, text)}},
	}
}

func run(t *testing.T, req *fnv1.RunFunctionRequest) *fnv1.RunFunctionResponse {
	t.Helper()
	rsp, err := NewFunction(slog.New(slog.DiscardHandler)).RunFunction(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	return rsp
}
