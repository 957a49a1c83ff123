package faults

import (
	"strings"

	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
)

// mountLength is how much of a path in Vault a remedy repeats, in bytes.
const mountLength = 60

// answer begins what is left of an error of Vault's API (vaultAnswer).
const answer = "Vault answers "

// network are words of Go's net package for what does not answer.
func network() []string {
	return []string{
		"dial tcp", "dial error", "no such host", "i/o timeout", "connection refused", "connection reset by peer", "connection timed out",
		"no route to host", "context deadline exceeded", "TLS handshake timeout",
	}
}

// vault are errors of Vault and of the way there. Codes: https://developer.hashicorp.com/vault/api-docs#http-status-codes. Words:
// https://github.com/hashicorp/vault/blob/main/vault/router.go (routes), vault/quotas/quotas.go, vault/barrier.go and
// vault/expiration.go (leases) there, https://github.com/hashicorp/vault/issues/3464 (a mount that stays), and
// https://github.com/upbound/provider-vault/issues/49 (no token).
func vault() []entry {
	login := []string{"auth/token/lookup-self", "/login with "}
	const revoke, tainted = "failed to revoke ", "route entry is tainted"
	return []entry{
		{
			// A mount goes when all that it issued is revoked. Until then it refuses everything else.
			says: []string{revoke, tainted}, also: []string{answer},
			reason: conditions.InUse, means: "Vault cannot revoke all that it issued there, and keeps the mount until it can", who: PlatformTeam,
			remedy: "make what it logs in to answer; if that is gone for good, to run vault lease revoke -force -prefix {mount}/",
		},
		{
			says: []string{"with 403: permission denied", "with 403: 2 errors occurred"}, also: []string{answer}, not: login,
			reason: conditions.PermissionDenied, means: "The credentials of {config} do not admit this path in Vault", who: PlatformTeam,
			remedy: "allow it in a Vault policy of theirs",
		},
		{
			says:   append(login, "no vault token set on Client", "missing client token"),
			reason: conditions.CredentialsInvalid, means: "Vault does not accept the credentials of {config}", who: PlatformTeam,
			remedy: "renew them. What runs goes on running",
		},
		{
			says:   []string{"rate limit quota exceeded"},
			reason: conditions.Throttled, means: "Vault limits how often it may be called", who: Nobody, remedy: retried,
		},
		{
			says:   []string{"lease count quota exceeded"},
			reason: conditions.QuotaExceeded, means: "Vault has issued as many leases as it may", who: PlatformTeam,
			remedy: "raise the lease count quota in Vault, or to revoke leases",
		},
		{
			says:   []string{"Vault is sealed"},
			reason: conditions.Unreachable, means: "Vault is sealed and serves nobody", who: PlatformTeam, remedy: "unseal it",
		},
		{
			says: []string{"with 500: local node not active", "with 502", "with 503", "with 504"}, also: []string{answer},
			not:    []string{"Vault is sealed"},
			reason: conditions.Unreachable, means: "Vault changes its leader, or is overloaded", who: Nobody, remedy: retried,
		},
		{
			says: []string{"no handler for route"}, not: []string{tainted},
			reason: conditions.DependencyNotFound, means: "Vault has nothing mounted at this path", who: PlatformTeam,
			remedy: "mount it, or to correct spec.vault of the Environment",
		},
		{
			says: []string{"unsupported path", "unsupported operation"}, also: []string{answer}, not: []string{"no handler for route"},
			reason: conditions.ValueRefused, means: "What is mounted at this path in Vault is of another kind", who: PlatformTeam,
			remedy: "correct spec.vault of the Environment",
		},
		{
			says:   []string{"path is already in use"},
			reason: conditions.NameTaken, means: "Vault has something else at this path", who: PlatformTeam,
			remedy: "find out whose it is, and to move it",
		},
		{
			says: []string{"/v1/"}, also: network(), not: []string{answer},
			reason: conditions.Unreachable, means: "The provider does not reach Vault", who: PlatformTeam,
			remedy: "check that Vault runs, and its address in {config}",
		},
	}
}

// mountIn is the mount that an answer of Vault is about: the one that is unmounted, or the one that what was called is below.
func mountIn(words string) string {
	_, call, _ := strings.Cut(words, answer)
	_, path, _ := strings.Cut(call, " ")
	path, _, _ = strings.Cut(path, " ")
	mount, found := strings.CutPrefix(path, "sys/mounts/")
	if method, ok := strings.CutPrefix(path, "sys/auth/"); ok {
		mount, found = "auth/"+method, true
	}
	for _, below := range []string{"/config", "/roles/", "/role/", "/creds/"} {
		if before, _, ok := strings.Cut(path, below); ok && !found {
			mount, found = before, true
		}
	}
	if !found {
		return "<mount>"
	}
	return cut(mount, mountLength)
}

// vaultDatabase are errors of the database engine of Vault, which tries a connection before it keeps it.
// https://github.com/hashicorp/vault/blob/main/builtin/logical/database/path_config_connection.go. Words of the databases:
// https://www.postgresql.org/docs/current/client-authentication-problems.html and
// https://dev.mysql.com/doc/refman/8.4/en/error-access-denied.html.
func vaultDatabase() []entry {
	const verify = "error verifying connection"
	password := []string{"password authentication failed", "Access denied for user"}
	trust := []string{
		"x509:", "tls: ", "no pg_hba.conf entry", "SSL is not enabled", "server refused TLS connection", "--require_secure_transport",
	}
	return []entry{
		{
			says: []string{verify}, also: password, not: trust,
			reason: conditions.CredentialsInvalid, means: "The database does not accept the user and password that Vault has", who: PlatformTeam,
			remedy: "reset the master password of the database",
		},
		{
			says: []string{verify}, also: trust,
			reason: conditions.ValueRefused, means: "Vault and the database do not agree on TLS", who: PlatformTeam,
			remedy: "check that Vault trusts the certificate authority of RDS",
		},
		{
			says: []string{verify}, also: network(), not: append(password, trust...),
			reason: conditions.Unreachable, means: "Vault does not reach the database", who: PlatformTeam,
			remedy: "check spec.vault.source of the Environment, and routes and DNS between Vault and its network",
		},
	}
}
