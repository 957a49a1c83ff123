module github.com/goldenpath-dev/goldenpath/hack/aws

go 1.25.11

require (
	github.com/google/go-cmp v0.7.0
	sigs.k8s.io/yaml v1.6.0
)

require go.yaml.in/yaml/v2 v2.4.2 // indirect
