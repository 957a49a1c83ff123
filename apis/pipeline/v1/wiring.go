package v1

// Wiring is what a service asks of the stages behind it: who may use it, how it is reached, and what to write down for
// them. The stages know nothing else about the service.
type Wiring struct {
	// APIVersion is pipeline.platform.io/v1.
	APIVersion string `json:"apiVersion"`
	// Kind is Wiring.
	Kind string `json:"kind"`
	// Subject is the object that the wiring is for.
	Subject Subject `json:"subject"`
	// Hold says that nothing may be added: the Environment is away, and what is composed only stays in shape.
	Hold bool `json:"hold,omitempty"`
	// Access lists who may use the service.
	Access []Access `json:"access,omitempty"`
	// Database is there when Vault is to issue users of a database.
	Database *Database `json:"database,omitempty"`
	// Entry is what is written down for the workloads. It is there once it is complete.
	Entry *Entry `json:"entry,omitempty"`
	// Grants are what each access role may do in the cloud. They go to the identities of the role's service accounts. A role
	// without a grant is one that is granted nothing: what was granted to it before goes. So a service that grants something hands it
	// over on every call, from what it remembers where it has to. Only with Hold does an empty list leave what is granted as it is.
	Grants []Grant `json:"grants,omitempty"`
	// AccessReady is what the service itself says of its access, for the stage that gives the grants to add to.
	AccessReady *Verdict `json:"accessReady,omitempty"`
}

// Subject is the object that a developer wrote.
type Subject struct {
	// Kind in lower case, without the X of the claims flavour: appdatabase.
	Kind string `json:"kind"`
	// Namespace of the claim.
	Namespace string `json:"namespace"`
	// Name of the claim.
	Name string `json:"name"`
}

// Access is one service account and its role.
type Access struct {
	// ServiceAccount in the environment's workload namespace.
	ServiceAccount string `json:"serviceAccount"`
	// Role: reader, writer or admin.
	Role string `json:"role"`
}

// Database is a database server that Vault issues users of.
type Database struct {
	// Engine is what the server speaks: postgresql, mysql or mariadb.
	Engine string `json:"engine"`
	// Host of the server. Empty until it is known: the connection is then not created yet.
	Host string `json:"host,omitempty"`
	// Port of the server.
	Port int64 `json:"port,omitempty"`
	// Name of the database.
	Name string `json:"name"`
	// CABundle are the certificates, in PEM, that Vault verifies the server with. Without them it encrypts only.
	CABundle string `json:"caBundle,omitempty"`
	// Administrator is where the stage finds the user that Vault logs in as. No value is handed over.
	Administrator Administrator `json:"administrator"`
}

// Administrator points into a composed managed resource.
type Administrator struct {
	// Resource is the composition resource name.
	Resource string `json:"resource"`
	// UsernameField below spec.forProvider or, where a restored database brought its user along, below status.atProvider.
	UsernameField string `json:"usernameField"`
	// PasswordSecretRefField below spec.forProvider.
	PasswordSecretRefField string `json:"passwordSecretRefField"`
}

// Entry is a set of keys and values for workloads.
type Entry struct {
	// Values that are not secret.
	Values map[string]string `json:"values"`
	// URLs are values in which {username} and {password} stand for the escaped credentials, where there are any.
	URLs map[string]string `json:"urls,omitempty"`
	// Credentials to add as username and password. They are read where the entry is written, never handed over.
	Credentials *CredentialsReference `json:"credentials,omitempty"`
}

// CredentialsReference points at the connection details of a composed resource.
type CredentialsReference struct {
	// Resource is the composition resource name.
	Resource string `json:"resource"`
	// UsernameKey of the connection details.
	UsernameKey string `json:"usernameKey"`
	// PasswordKey of the connection details.
	PasswordKey string `json:"passwordKey"`
}

// Grant is what the service accounts of one access role may do in the cloud.
type Grant struct {
	// Role of the access entries.
	Role string `json:"role"`
	// Actions of IAM, such as rds-db:connect. None holds a wildcard.
	Actions []string `json:"actions"`
	// Resources are ARNs. A wildcard may stand in the last segment only, and not alone.
	Resources []string `json:"resources"`
}

// Verdict is the value of a condition.
type Verdict struct {
	// Status: True, False or Unknown.
	Status string `json:"status"`
	// Reason of the condition.
	Reason string `json:"reason"`
	// Message of the condition.
	Message string `json:"message,omitempty"`
}
