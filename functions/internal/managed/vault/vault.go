// Package vault holds the parameters of the Vault managed resources that we compose.
package vault

import "github.com/goldenpath-dev/goldenpath/functions/internal/managed"

// DatabaseConnection lets Vault log in to a database server.
//
// +goldenpath:encode
// +goldenpath:kind service=database.vault kind=SecretBackendConnection legacy=v1alpha1 namespaced=v1alpha1
type DatabaseConnection struct {
	Namespace        string       `json:"namespace,omitempty"`
	Backend          string       `json:"backend"`
	Name             string       `json:"name"`
	AllowedRoles     []string     `json:"allowedRoles,omitempty"`
	VerifyConnection *bool        `json:"verifyConnection,omitempty"`
	PostgreSQL       []PostgreSQL `json:"postgresql,omitempty"`
	MySQL            []MySQL      `json:"mysql,omitempty"`
}

// PostgreSQL is the block of that engine: a list of one in both flavours.
//
// +goldenpath:encode
type PostgreSQL struct {
	ConnectionURL     string                `json:"connectionUrl"`
	Username          string                `json:"username"`
	PasswordSecretRef *managed.SecretKeyRef `json:"passwordSecretRef,omitempty"`
	// TLSCA are the certificates in PEM to verify the server with.
	TLSCA string `json:"tlsCa,omitempty"`
	// PasswordAuthentication is scram-sha-256 where Vault sends a verifier instead of a password.
	PasswordAuthentication string `json:"passwordAuthentication,omitempty"`
}

// MySQL is the block of that engine and of MariaDB: a list of one in both flavours.
//
// +goldenpath:encode
type MySQL struct {
	ConnectionURL     string                `json:"connectionUrl"`
	Username          string                `json:"username"`
	PasswordSecretRef *managed.SecretKeyRef `json:"passwordSecretRef,omitempty"`
	// TLSCA are the certificates in PEM to verify the server with.
	TLSCA string `json:"tlsCa,omitempty"`
}

// DatabaseRole issues users of a database.
//
// +goldenpath:encode
// +goldenpath:kind service=database.vault kind=SecretBackendRole legacy=v1alpha1 namespaced=v1alpha1
type DatabaseRole struct {
	Namespace            string   `json:"namespace,omitempty"`
	Backend              string   `json:"backend"`
	Name                 string   `json:"name"`
	DBName               string   `json:"dbName"`
	CreationStatements   []string `json:"creationStatements"`
	RevocationStatements []string `json:"revocationStatements,omitempty"`
	RenewStatements      []string `json:"renewStatements,omitempty"`
	RollbackStatements   []string `json:"rollbackStatements,omitempty"`
	// DefaultTTL in seconds.
	DefaultTTL *int64 `json:"defaultTtl,omitempty"`
	// MaxTTL in seconds.
	MaxTTL *int64 `json:"maxTtl,omitempty"`
}

// Policy is a Vault policy.
//
// +goldenpath:encode
// +goldenpath:kind service=vault.vault kind=Policy legacy=v1alpha1 namespaced=v1alpha1
type Policy struct {
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name"`
	// Policy in HCL.
	Policy string `json:"policy"`
}

// KubernetesAuthRole gives policies to service accounts.
//
// +goldenpath:encode
// +goldenpath:kind service=kubernetes.vault kind=AuthBackendRole legacy=v1alpha1 namespaced=v1alpha1
type KubernetesAuthRole struct {
	// Namespace is the Vault namespace.
	Namespace                     string   `json:"namespace,omitempty"`
	Backend                       string   `json:"backend"`
	RoleName                      string   `json:"roleName"`
	BoundServiceAccountNames      []string `json:"boundServiceAccountNames"`
	BoundServiceAccountNamespaces []string `json:"boundServiceAccountNamespaces"`
	// Audience that a token has to be for. Any will do when it is empty.
	Audience      string   `json:"audience,omitempty"`
	TokenPolicies []string `json:"tokenPolicies"`
	// TokenTTL in seconds.
	TokenTTL *int64 `json:"tokenTtl,omitempty"`
	// TokenMaxTTL in seconds.
	TokenMaxTTL *int64 `json:"tokenMaxTtl,omitempty"`
}

// JWTAuthBackend is an auth method that verifies tokens with the keys of an issuer.
//
// +goldenpath:encode
// +goldenpath:kind service=jwt.vault kind=AuthBackend legacy=v1alpha1 namespaced=v1alpha1
type JWTAuthBackend struct {
	// Namespace is the Vault namespace.
	Namespace   string `json:"namespace,omitempty"`
	Type        string `json:"type"`
	Path        string `json:"path"`
	Description string `json:"description,omitempty"`
	// OIDCDiscoveryURL is the issuer, below which Vault finds its keys. Or JWKSURL is where the keys are.
	OIDCDiscoveryURL string `json:"oidcDiscoveryUrl,omitempty"`
	JWKSURL          string `json:"jwksUrl,omitempty"`
	// JWKSCAPEM verifies the server of the keys.
	JWKSCAPEM   string `json:"jwksCaPem,omitempty"`
	BoundIssuer string `json:"boundIssuer,omitempty"`
}

// JWTAuthRole gives policies to the subjects of tokens.
//
// +goldenpath:encode
// +goldenpath:kind service=jwt.vault kind=AuthBackendRole legacy=v1alpha1 namespaced=v1alpha1
type JWTAuthRole struct {
	// Namespace is the Vault namespace.
	Namespace string `json:"namespace,omitempty"`
	Backend   string `json:"backend"`
	RoleName  string `json:"roleName"`
	// RoleType is jwt: the provider's default is oidc, which is for browsers.
	RoleType       string   `json:"roleType"`
	UserClaim      string   `json:"userClaim"`
	BoundAudiences []string `json:"boundAudiences"`
	// BoundClaims have one of several values each, with commas between them.
	BoundClaims   map[string]string `json:"boundClaims,omitempty"`
	TokenPolicies []string          `json:"tokenPolicies"`
	// TokenTTL in seconds.
	TokenTTL *int64 `json:"tokenTtl,omitempty"`
	// TokenMaxTTL in seconds.
	TokenMaxTTL *int64 `json:"tokenMaxTtl,omitempty"`
}

// KVSecret is an entry of a KV version 2 mount.
//
// +goldenpath:encode
// +goldenpath:kind service=kv.vault kind=SecretV2 legacy=v1alpha1 namespaced=v1alpha1
type KVSecret struct {
	Namespace         string               `json:"namespace,omitempty"`
	Mount             string               `json:"mount"`
	Name              string               `json:"name"`
	DataJSONSecretRef managed.SecretKeyRef `json:"dataJsonSecretRef"`
	DeleteAllVersions *bool                `json:"deleteAllVersions,omitempty"`
	CustomMetadata    []KVMetadata         `json:"customMetadata,omitempty"`
}

// KVMetadata is about all versions of an entry: a list of one in both flavours.
//
// +goldenpath:encode
type KVMetadata struct {
	// MaxVersions to keep.
	MaxVersions *int64 `json:"maxVersions,omitempty"`
}

// Mount is a secrets engine at a path.
//
// +goldenpath:encode
// +goldenpath:kind service=vault.vault kind=Mount legacy=v1alpha1 namespaced=v1alpha1
type Mount struct {
	Namespace string `json:"namespace,omitempty"`
	Path      string `json:"path"`
	// Type is kv or database.
	Type        string `json:"type"`
	Description string `json:"description,omitempty"`
	// Options of the engine, such as version: "2".
	Options map[string]string `json:"options,omitempty"`
	// DefaultLeaseTTLSeconds and MaxLeaseTTLSeconds bound the leases of the mount.
	DefaultLeaseTTLSeconds *int64 `json:"defaultLeaseTtlSeconds,omitempty"`
	MaxLeaseTTLSeconds     *int64 `json:"maxLeaseTtlSeconds,omitempty"`
}

// AuthBackend is an auth method at a path.
//
// +goldenpath:encode
// +goldenpath:kind service=auth.vault kind=Backend legacy=v1alpha1 namespaced=v1alpha1
type AuthBackend struct {
	Namespace   string `json:"namespace,omitempty"`
	Type        string `json:"type"`
	Path        string `json:"path"`
	Description string `json:"description,omitempty"`
}

// KubernetesAuthConfig is the cluster whose service accounts an auth method trusts.
//
// +goldenpath:encode
// +goldenpath:kind service=kubernetes.vault kind=AuthBackendConfig legacy=v1alpha1 namespaced=v1alpha1
type KubernetesAuthConfig struct {
	Namespace      string `json:"namespace,omitempty"`
	Backend        string `json:"backend"`
	KubernetesHost string `json:"kubernetesHost"`
	// KubernetesCACert in PEM.
	KubernetesCACert string `json:"kubernetesCaCert,omitempty"`
	// DisableLocalCAJWT keeps Vault from reviewing tokens with its own service account, which belongs to another cluster.
	DisableLocalCAJWT *bool `json:"disableLocalCaJwt,omitempty"`
}
