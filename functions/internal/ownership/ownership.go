// Package ownership lists the prefixes of composition resource names. A name belongs to the stage whose prefix it has,
// whatever step of the pipeline that stage runs in.
package ownership

import "strings"

// Prefixes of the stages. They are API.
const (
	Database    = "database-"
	IAM         = "iam-"
	Vault       = "vault-"
	Environment = "environment-"
	Network     = "network-"
	Endpoints   = "endpoints-"
	Routes      = "routes-"
)

// Prefixes of all stages.
func Prefixes() []string {
	return []string{Database, IAM, Vault, Environment, Network, Endpoints, Routes}
}

// Ours says that a composition resource name belongs to one of our stages.
func Ours(name string) bool {
	for _, prefix := range Prefixes() {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}
