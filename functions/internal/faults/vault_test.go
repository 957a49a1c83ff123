package faults

import "github.com/goldenpath-dev/goldenpath/functions/internal/conditions"

// vaultSamples are errors of Vault, and of the databases that it logs in to.
func vaultSamples() map[string]sample {
	return map[string]sample{
		"a path that is not allowed": {
			"create failed: async create failed: failed to create the resource: [{0 error configuring database connection \"staging-db/config/orders\": Error making API request.\n\nURL: PUT https://vault.example.org:8200/v1/staging-db/config/orders\nCode: 403. Errors:\n\n* 1 error occurred:\n\t* permission denied\n\n  []}]",
			conditions.PermissionDenied, PlatformTeam,
			"Vault answers PUT staging-db/config/orders with 403: permission denied. The credentials of ClusterProviderConfig staging do not admit this path in Vault. The platform team has to allow it in a Vault policy of theirs",
		},
		"a path that is not allowed, in a namespace": {
			"create failed: async create failed: failed to create the resource: [{0 error writing policy \"orders-reader\": Error making API request.\n\nNamespace: checkout/\nURL: PUT https://vault.example.org:8200/v1/sys/policies/acl/orders-reader\nCode: 403. Errors:\n\n* 1 error occurred:\n\t* permission denied\n\n  []}]",
			conditions.PermissionDenied, PlatformTeam,
			"Vault answers PUT sys/policies/acl/orders-reader in namespace checkout/ with 403: permission denied. The credentials of ClusterProviderConfig staging do not admit this path in Vault. The platform team has to allow it in a Vault policy of theirs",
		},
		"a token that is not known": {
			"connect failed: cannot initialize the Terraform plugin SDK async external client: cannot get terraform setup: failed to configure the no-fork Vault client: failed to configure the provider: [{0 failed to lookup token, err=Error making API request.\n\nURL: GET https://vault.example.org:8200/v1/auth/token/lookup-self\nCode: 403. Errors:\n\n* permission denied  []}]",
			conditions.CredentialsInvalid, PlatformTeam,
			"Vault answers GET auth/token/lookup-self with 403: permission denied. Vault does not accept the credentials of ClusterProviderConfig staging. The platform team has to renew them. What runs goes on running",
		},
		"a login that fails": {
			"connect failed: cannot initialize the Terraform plugin SDK async external client: cannot get terraform setup: cannot log in: Error making API request.\n\nURL: PUT https://vault.example.org:8200/v1/auth/kubernetes/login\nCode: 400. Errors:\n\n* invalid role name \"crossplane\"",
			conditions.CredentialsInvalid, PlatformTeam,
			`Vault answers PUT auth/kubernetes/login with 400: invalid role name "crossplane". Vault does not accept the credentials of ClusterProviderConfig staging. The platform team has to renew them. What runs goes on running`,
		},
		"no token": {
			"observe failed: failed to observe the resource: [{0 no vault token set on Client  []}]",
			conditions.CredentialsInvalid, PlatformTeam,
			"no vault token set on Client. Vault does not accept the credentials of ClusterProviderConfig staging. The platform team has to renew them. What runs goes on running",
		},
		"calls are limited": {
			"observe failed: failed to observe the resource: [{0 error reading \"staging-db/config/orders\": Error making API request.\n\nURL: GET https://vault.example.org:8200/v1/staging-db/config/orders\nCode: 429. Errors:\n\n* request path \"staging-db/config/orders\": rate limit quota exceeded  []}]",
			conditions.Throttled, Nobody,
			`Vault answers GET staging-db/config/orders with 429: request path "staging-db/config/orders": rate limit quota exceeded. Vault limits how often it may be called: it is tried again; nothing to do`,
		},
		"leases are limited": {
			"create failed: async create failed: failed to create the resource: [{0 error writing to \"staging-db/static-roles/orders\": Error making API request.\n\nURL: PUT https://vault.example.org:8200/v1/staging-db/static-roles/orders\nCode: 429. Errors:\n\n* request path \"staging-db/static-roles/orders\": lease count quota exceeded  []}]",
			conditions.QuotaExceeded, PlatformTeam,
			`Vault answers PUT staging-db/static-roles/orders with 429: request path "staging-db/static-roles/orders": lease count quota exceeded. Vault has issued as many leases as it may. The platform team has to raise the lease count quota in Vault, or to revoke leases`,
		},
		"Vault is sealed": {
			"observe failed: failed to observe the resource: [{0 error reading \"sys/policies/acl/orders-reader\": Error making API request.\n\nURL: GET https://vault.example.org:8200/v1/sys/policies/acl/orders-reader\nCode: 503. Errors:\n\n* Vault is sealed  []}]",
			conditions.Unreachable, PlatformTeam,
			"Vault answers GET sys/policies/acl/orders-reader with 503: Vault is sealed. Vault is sealed and serves nobody. The platform team has to unseal it",
		},
		"Vault changes its leader": {
			"observe failed: failed to observe the resource: [{0 error reading \"sys/policies/acl/orders-reader\": Error making API request.\n\nURL: GET https://vault.example.org:8200/v1/sys/policies/acl/orders-reader\nCode: 500. Errors:\n\n* local node not active but active cluster node not found  []}]",
			conditions.Unreachable, Nobody,
			"Vault answers GET sys/policies/acl/orders-reader with 500: local node not active but active cluster node not found. Vault changes its leader, or is overloaded: it is tried again; nothing to do",
		},
		"a proxy answers for Vault": {
			"observe failed: failed to observe the resource: [{0 error reading policy: Error making API request.\n\nURL: GET https://vault.example.org:8200/v1/sys/policies/acl/orders-reader\nCode: 502. Raw Message:\n\n<html>Bad Gateway</html>  []}]",
			conditions.Unreachable, Nobody,
			"Vault answers GET sys/policies/acl/orders-reader with 502: <html>Bad Gateway</html>. Vault changes its leader, or is overloaded: it is tried again; nothing to do",
		},
		"nothing is mounted": {
			"create failed: async create failed: failed to create the resource: [{0 error creating role \"staging-db/roles/orders-reader\": Error making API request.\n\nURL: PUT https://vault.example.org:8200/v1/staging-db/roles/orders-reader\nCode: 404. Errors:\n\n* no handler for route \"staging-db/roles/orders-reader\". route entry not found.  []}]",
			conditions.DependencyNotFound, PlatformTeam,
			`Vault answers PUT staging-db/roles/orders-reader with 404: no handler for route "staging-db/roles/orders-reader". route entry not found. Vault has nothing mounted at this path. The platform team has to mount it, or to correct spec.vault of the Environment`,
		},
		"leases that cannot be revoked": {
			"async delete failed: failed to delete the resource: [{0 error deleting from Vault: Error making API request.\n\nURL: DELETE https://vault.example.org:8200/v1/sys/mounts/checkout/database\nCode: 400. Errors:\n\n* failed to revoke \"checkout/database/creds/orders-reader/2Xq\" (1 / 2): failed to revoke entry: resp: (*logical.Response)(nil) err: error during revoke: could not find role with name \"orders-reader\" or embedded revocation db name data  []}]",
			conditions.InUse, PlatformTeam,
			`Vault answers DELETE sys/mounts/checkout/database with 400: failed to revoke "checkout/database/creds/orders-reader": error during revoke: could not find role with name ... Vault cannot revoke all that it issued there, and keeps the mount until it can. The platform team has to make what it logs in to answer; if that is gone for good, to run vault lease revoke -force -prefix checkout/database/`,
		},
		"an auth method whose tokens cannot be revoked": {
			"async delete failed: failed to delete the resource: [{0 error deleting from Vault: Error making API request.\n\nURL: DELETE https://vault.example.org:8200/v1/sys/auth/checkout/kubernetes\nCode: 400. Errors:\n\n* failed to revoke \"auth/checkout/kubernetes/login/h7c\" (1 / 1): failed to revoke token: context deadline exceeded  []}]",
			conditions.InUse, PlatformTeam,
			`Vault answers DELETE sys/auth/checkout/kubernetes with 400: failed to revoke "auth/checkout/kubernetes/login": failed to revoke token: context deadline exceeded. Vault cannot revoke all that it issued there, and keeps the mount until it can. The platform team has to make what it logs in to answer; if that is gone for good, to run vault lease revoke -force -prefix auth/checkout/kubernetes/`,
		},
		"a mount that is going": {
			"update failed: async update failed: failed to update the resource: [{0 error configuring database connection \"checkout/database/config/orders\": Error making API request.\n\nURL: PUT https://vault.example.org:8200/v1/checkout/database/config/orders\nCode: 404. Errors:\n\n* no handler for route \"checkout/database/config/orders\". route entry is tainted.  []}]",
			conditions.InUse, PlatformTeam,
			`Vault answers PUT checkout/database/config/orders with 404: no handler for route "checkout/database/config/orders". route entry is tainted. Vault cannot revoke all that it issued there, and keeps the mount until it can. The platform team has to make what it logs in to answer; if that is gone for good, to run vault lease revoke -force -prefix checkout/database/`,
		},
		"a mount that is going, from below it": {
			"delete failed: Error making API request.\n\nURL: DELETE https://vault.example.org:8200/v1/checkout/elsewhere\nCode: 404. Errors:\n\n* no handler for route \"checkout/elsewhere\". route entry is tainted.",
			conditions.InUse, PlatformTeam,
			`Vault answers DELETE checkout/elsewhere with 404: no handler for route "checkout/elsewhere". route entry is tainted. Vault cannot revoke all that it issued there, and keeps the mount until it can. The platform team has to make what it logs in to answer; if that is gone for good, to run vault lease revoke -force -prefix <mount>/`,
		},
		"something else is mounted": {
			"create failed: async create failed: failed to create the resource: [{0 error creating role \"staging-kv/roles/orders-reader\": Error making API request.\n\nURL: PUT https://vault.example.org:8200/v1/staging-kv/roles/orders-reader\nCode: 404. Errors:\n\n* 1 error occurred:\n\t* unsupported path\n\n  []}]",
			conditions.ValueRefused, PlatformTeam,
			"Vault answers PUT staging-kv/roles/orders-reader with 404: unsupported path. What is mounted at this path in Vault is of another kind. The platform team has to correct spec.vault of the Environment",
		},
		"the path is taken": {
			"create failed: async create failed: failed to create the resource: [{0 error writing to Vault: Error making API request.\n\nURL: POST https://vault.example.org:8200/v1/sys/mounts/staging-db\nCode: 400. Errors:\n\n* path is already in use at staging-db/  []}]",
			conditions.NameTaken, PlatformTeam,
			"Vault answers POST sys/mounts/staging-db with 400: path is already in use at staging-db/. Vault has something else at this path. The platform team has to find out whose it is, and to move it",
		},
		"Vault does not answer": {
			`observe failed: failed to observe the resource: [{0 error reading policy: Get "https://vault.example.org:8200/v1/sys/policies/acl/orders-reader": dial tcp 10.0.3.9:8200: connect: connection refused  []}]`,
			conditions.Unreachable, PlatformTeam,
			`error reading policy: Get "https://vault.example.org:8200/v1/sys/policies/acl/orders-reader": dial tcp 10.0.3.9:8200: connect: connection refused. The provider does not reach Vault. The platform team has to check that Vault runs, and its address in ClusterProviderConfig staging`,
		},
		"the password is not right": {
			"create failed: async create failed: failed to create the resource: [{0 error configuring database connection \"staging-db/config/orders\": Error making API request.\n\nURL: PUT https://vault.example.org:8200/v1/staging-db/config/orders\nCode: 400. Errors:\n\n* error creating database object: error verifying connection: failed to connect to `user=vault database=orders`: 10.0.1.5:5432 (orders.abc.eu-west-1.rds.amazonaws.com): failed SASL auth: FATAL: password authentication failed for user \"vault\" (SQLSTATE 28P01)  []}]",
			conditions.CredentialsInvalid, PlatformTeam,
			"Vault answers PUT staging-db/config/orders with 400: error verifying connection: failed to connect to `user=vault database=orders`: 10.0.1.5:5432 (orders.abc.eu-west-1.rds.amazonaws.com): failed SASL auth: FATAL: password authentication failed for user \"vault\" ... The database does not accept the user and password that Vault has. The platform team has to reset the master password of the database",
		},
		"the password is not right, on MySQL": {
			"create failed: async create failed: failed to create the resource: [{0 error configuring database connection \"staging-db/config/orders\": Error making API request.\n\nURL: PUT https://vault.example.org:8200/v1/staging-db/config/orders\nCode: 400. Errors:\n\n* error creating database object: error verifying connection: Error 1045 (28000): Access denied for user 'vault'@'10.0.3.9' (using password: YES)  []}]",
			conditions.CredentialsInvalid, PlatformTeam,
			"Vault answers PUT staging-db/config/orders with 400: error verifying connection: Error 1045 (28000): Access denied for user 'vault'@'10.0.3.9' (using password: YES). The database does not accept the user and password that Vault has. The platform team has to reset the master password of the database",
		},
		"the certificate is not trusted": {
			"create failed: async create failed: failed to create the resource: [{0 error configuring database connection \"staging-db/config/orders\": Error making API request.\n\nURL: PUT https://vault.example.org:8200/v1/staging-db/config/orders\nCode: 400. Errors:\n\n* error creating database object: error verifying connection: failed to connect to `user=vault database=orders`: 10.0.1.5:5432 (orders.abc.eu-west-1.rds.amazonaws.com): tls error: tls: failed to verify certificate: x509: certificate signed by unknown authority  []}]",
			conditions.ValueRefused, PlatformTeam,
			"Vault answers PUT staging-db/config/orders with 400: error verifying connection: failed to connect to `user=vault database=orders`: 10.0.1.5:5432 (orders.abc.eu-west-1.rds.amazonaws.com): tls error: tls: failed to verify certificate: x509: certificate signed by ... Vault and the database do not agree on TLS. The platform team has to check that Vault trusts the certificate authority of RDS",
		},
		"TLS is not used": {
			"create failed: async create failed: failed to create the resource: [{0 error configuring database connection \"staging-db/config/orders\": Error making API request.\n\nURL: PUT https://vault.example.org:8200/v1/staging-db/config/orders\nCode: 400. Errors:\n\n* error creating database object: error verifying connection: failed to connect to `user=vault database=orders`: 10.0.1.5:5432 (orders.abc.eu-west-1.rds.amazonaws.com): server error: FATAL: no pg_hba.conf entry for host \"10.0.3.9\", user \"vault\", database \"orders\", no encryption (SQLSTATE 28000)  []}]",
			conditions.ValueRefused, PlatformTeam,
			"Vault answers PUT staging-db/config/orders with 400: error verifying connection: failed to connect to `user=vault database=orders`: 10.0.1.5:5432 (orders.abc.eu-west-1.rds.amazonaws.com): server error: FATAL: no pg_hba.conf entry for host \"10.0.3.9\", user \"vault\" ... Vault and the database do not agree on TLS. The platform team has to check that Vault trusts the certificate authority of RDS",
		},
		"the database does not answer": {
			"create failed: async create failed: failed to create the resource: [{0 error configuring database connection \"staging-db/config/orders\": Error making API request.\n\nURL: PUT https://vault.example.org:8200/v1/staging-db/config/orders\nCode: 400. Errors:\n\n* error creating database object: error verifying connection: failed to connect to `user=vault database=orders`: 10.0.1.5:5432 (orders.abc.eu-west-1.rds.amazonaws.com): dial error: dial tcp 10.0.1.5:5432: i/o timeout  []}]",
			conditions.Unreachable, PlatformTeam,
			"Vault answers PUT staging-db/config/orders with 400: error verifying connection: failed to connect to `user=vault database=orders`: 10.0.1.5:5432 (orders.abc.eu-west-1.rds.amazonaws.com): dial error: dial tcp 10.0.1.5:5432: i/o timeout. Vault does not reach the database. The platform team has to check spec.vault.source of the Environment, and routes and DNS between Vault and its network",
		},
		"an address with a password": {
			"create failed: async create failed: failed to create the resource: [{0 error configuring database connection \"staging-db/config/orders\": Error making API request.\n\nURL: PUT https://vault.example.org:8200/v1/staging-db/config/orders\nCode: 400. Errors:\n\n* error creating database object: error verifying connection: dial tcp mysql://vault:hunter2@orders.abc.eu-west-1.rds.amazonaws.com:3306: connect: connection timed out  []}]",
			conditions.Unreachable, PlatformTeam,
			"Vault answers PUT staging-db/config/orders with 400: error verifying connection: dial tcp mysql://***@orders.abc.eu-west-1.rds.amazonaws.com:3306: connect: connection timed out. Vault does not reach the database. The platform team has to check spec.vault.source of the Environment, and routes and DNS between Vault and its network",
		},
	}
}
