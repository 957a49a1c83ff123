package faults

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// secretForms are the ways in which what we compose, and what others make of it, has a secret in a text.
func secretForms() map[string]string {
	return map[string]string{
		"MySQL's address": "dbmaster:SECRET@tcp(db.example.org:3306)/?tls=true", "a URL": "parse postgresql://u:SECRET@db:5432/x: no",
		"libpq": "host=db password=SECRET dbname=x", "libpq, in quotes": "password='SECRET' dbname=x", "a query": "https://h/x?password=SECRET",
		"JSON": `{"username":"u","password":"SECRET","port":1}`, "JSON with space": `{"Password" : "SECRET"}`,
		"JSON in a text": `"{\"password\":\"SECRET\",\"port\":1}"`, "a map of Go": "map[password:SECRET username:u]", "YAML": "password: SECRET",
		"PostgreSQL": `CREATE ROLE "v-x" LOGIN PASSWORD 'SECRET' VALID UNTIL 'x'`, "MySQL": "CREATE USER 'u'@'%' IDENTIFIED BY 'SECRET' REQUIRE SSL",
		"MySQL in small letters": "alter user 'u' identified by 'SECRET'", "a plugin": "CREATE USER u IDENTIFIED WITH 'p' BY 'SECRET'",
		"MariaDB": "IDENTIFIED VIA ed25519 USING PASSWORD('SECRET')", "a secret of a login": `secret_id="SECRET"`, "a token in JSON": `{"client_token":"SECRET"}`,
		"a token of Vault": "token hvs.SECRET is", "a batch token of Vault": "(hvb.SECRET)", "a header": "X-Vault-Token: SECRET",
		"a verifier": "role has SCRAM-SHA-256$4096:SECRET$x:y", "the master": "masterUserPassword=SECRET", "the end is cut off": `{"password":"SECRET`,
	}
}

// Whatever a secret is made of (what is generated has a digit), and whatever stands before and behind it, nobody reads it.
func TestCleanMasksSecrets(t *testing.T) {
	t.Parallel()
	const alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // The same cases in each run.
	around := []string{"", "create failed: ", "[{0 ", "Error making API request. URL: PUT https://v/v1/a Code: 400. Errors: * ", "request id: ", "a \n "}
	for reason, form := range secretForms() {
		for range 300 {
			secret := make([]byte, 8+random.IntN(40))
			for i := range secret {
				secret[i] = alphabet[random.IntN(len(alphabet))]
			}
			secret[random.IntN(len(secret))] = '7'
			message := around[random.IntN(len(around))] + strings.ReplaceAll(form, "SECRET", string(secret)) + around[random.IntN(len(around))]
			got := Clean(message)
			if strings.Contains(got, string(secret)) {
				t.Fatalf("%s: Clean(%q) = %q", reason, message, got)
			}
			if again := Clean(got); again != got {
				t.Fatalf("%s: cleaned twice: %q, and then %q", reason, got, again)
			}
		}
	}
}

// Words about a password are no password.
func TestCleanKeepsWords(t *testing.T) {
	t.Parallel()
	for _, words := range []string{
		"password authentication failed for user \"dbmaster\"", "The parameter MasterUserPassword is not a valid password",
		"the token has expired", "cannot get Secret team/orders", "name is already used by 'orders'", "image a/b@sha256:0a", "no vault token set on Client",
		"arn:aws:rds:eu-central-1:1:db:orders", "s.example.org", "versions.of.a.thing",
	} {
		if got := Clean(words); got != words {
			t.Errorf("Clean(%q) = %q", words, got)
		}
	}
}
