// Package faults holds the stories of what goes wrong in the cloud, in Vault and around a claim: the claim says in words what is
// wrong, nothing else is disturbed, and once the cause is gone everything becomes ready by itself.
package faults

import (
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
)

// Composition resource names and objects that several stories speak of.
const (
	instance         = "database-instance"
	securityGroup    = "database-security-group"
	subnetGroup      = "database-subnet-group"
	parameterGroup   = "database-parameter-group-postgres17"
	vaultConnection  = "vault-connection"
	vaultEntry       = "vault-kv-entry"
	connectionSecret = "database-connection-secret"
	// usageMasterSecret is there as soon as there is a database.
	usageMasterSecret = "database-usage-master-secret"
	// secretName is the connection Secret of the claim orders.
	secretName = "orders-appdatabase-connection"
)

// Conditions of a claim, and the reasons that a fault gives them.
const (
	databaseReady   = "DatabaseReady"
	accessReady     = "AccessReady"
	vaultReady      = "VaultReady"
	failing         = "Failing"
	creating        = "Creating"
	blocked         = "Blocked"
	secretNameTaken = "SecretNameTaken"
)

// Scenarios of the package.
func Scenarios() []e2e.Scenario {
	var all []e2e.Scenario
	for _, s := range stories() {
		all = append(all, e2e.Scenario{Name: "fault-" + s.name, Run: s.play})
	}
	return append(all,
		e2e.Scenario{Name: "fault-drift", Run: drift},
		e2e.Scenario{Name: "fault-while-running", Run: whileRunning},
		e2e.Scenario{Name: "fault-slow-deletion", Run: slowDeletion},
		e2e.Scenario{Name: "fault-secret-late", Run: secretLate},
		e2e.Scenario{Name: "fault-credentials-missing", Run: credentialsMissing},
		e2e.Scenario{Name: "fault-credentials-vanish", Run: credentialsVanish},
		e2e.Scenario{Name: "foreign-secret", Run: foreignSecret},
		e2e.Scenario{Name: "foreign-secret-outlives-claim", Run: foreignSecretOutlivesClaim},
	)
}
