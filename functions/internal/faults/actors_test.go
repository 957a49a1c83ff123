package faults

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

const root = "../../.."

// actor is who can end an error, and with what.
type actor struct {
	who Who
	// with is a field of the claim for a developer: "spec.version". For the platform team it is what is theirs, and a field of one of our
	// kinds where there is one. Nobody changes nothing.
	with string
}

// What the platform team has, beside fields of our kinds.
const (
	quota       = "a quota of the account"
	account     = "the account: roles, policies, keys, snapshots, what was made there by hand"
	login       = "the configuration of a provider, and its credentials"
	inVault     = "Vault: policies, mounts, leases, its certificates"
	composition = "the input of the Composition"
	object      = "the managed resource"
	defect      = "nothing: what we compose is wrong"
)

// actors says for every error who really can act. A developer has the claim and nothing else; of a database it says neither the IOPS nor
// the throughput, kind or ceiling of the storage, nor option groups, subnets and keys, nor which versions the catalog has.
func actors() map[string]actor {
	all := map[string]actor{}
	for with, errors := range map[actor][]string{
		{Developer, "spec.version"}: {
			"RDS does not upgrade from the version that runs to this one",
			"What is restored is of another version than the spec",
			"The snapshot is of a newer version than the spec",
		},
		{Developer, "spec.storageGiB"}: {
			"RDS does not take this size of the storage",
			"Storage grows by at least ten per cent at a time",
			"The storage of the database is full",
		},
		{Developer, "spec.parameters"}: {
			"There is no such parameter in this version of the engine",
			"The engine does not take this value of a parameter",
			"The database does not start with these parameters",
		},
		{Developer, "spec.backupWindow"}:       {"The backup window and the maintenance window overlap"},
		{Developer, "spec.iamAuthentication"}:  {"This engine, version or size has no IAM authentication"},
		{Developer, "spec.deletionProtection"}: {"The database is protected from being deleted"},
		{Developer, "spec.restoreFrom.time"}:   {"The source cannot be restored to this point in time"},
		{Developer, "spec.restoreFrom"}: {
			"There is no such snapshot or backup in this account and region",
			"There is no such database in this account and region",
			"RDS cannot restore the database",
		},
		{PlatformTeam, quota}: {
			"The account has as many database instances as it may have in this region",
			"The account has as many database clusters as it may have in this region",
			"The databases of the account have as much storage as they may have in this region",
			"The account has as many snapshots as it may have in this region",
			"The account has as many of these groups as it may have in this region",
			"The account has as many security groups as it may have in this region",
			"The role or its policies are at a limit of IAM",
			"The route table has as many routes as it may have",
		},
		{PlatformTeam, account}: {
			"The role of the provider lacks this permission",
			"A policy forbids this to the role of the provider",
			"The account has this region or service not activated",
			"The account has one of this name that this object did not create",
			"The account has one of this name that this object did not create, in IAM",
			"There is a snapshot with the name of the final snapshot",
			"The encryption key cannot be used",
			"The key that the snapshot is encrypted with cannot be used",
			"RDS cannot use the encryption key any more, and the database is down",
			"The database is not encrypted, because what it was restored from is not",
			"It is encrypted with another key than that of the Environment, and stays so",
			"A security group that is named does not exist or may not be used",
			"The network has a security group of this name that this object did not create",
			"Somebody has added the same rule by hand",
			"Somebody has stopped the database",
			"RDS cannot use the network of the Environment",
			"The role or policy that is named does not exist in this account",
			"IAM does not take the policy",
			"The database does not accept the user and password that Vault has",
		},
		{PlatformTeam, composition}: {
			"This region does not offer this size with this version",
			"RDS does not offer this version, or does no longer",
			"This region or size does not offer this kind of storage",
			"The storage cannot grow to where the catalog lets it",
			"A replica needs automated backups, and the database has none",
			"The source has no automated backups to restore from",
		},
		{PlatformTeam, "spec.existing of the Network"}: {
			"The network of the Environment does not exist in this account and region",
			"The database subnets of the Environment do not exist, or not in one network",
		},
		{PlatformTeam, "spec.routes of the Network"}: {
			"The transit gateway of a route does not exist in this region, or the network is not attached to it",
			"The peering connection of a route does not exist, or is none of this network",
		},
		{PlatformTeam, "spec.zones of the Network"}: {
			"The database subnets of the Environment are in too few zones",
			"The database subnets of the Environment have no address free",
		},
		{PlatformTeam, "spec.cluster.workloadSecurityGroupIds"}: {
			"A security group that is named does not exist",
			"The security group has as many rules as it may have",
		},
		{PlatformTeam, "spec.vault of the Environment"}: {
			"Vault has nothing mounted at this path",
			"What is mounted at this path in Vault is of another kind",
		},
		{PlatformTeam, "spec.vault.source of the Environment"}: {"Vault does not reach the database"},
		{PlatformTeam, inVault}: {
			"Vault cannot revoke all that it issued there, and keeps the mount until it can",
			"The credentials of {config} do not admit this path in Vault",
			"Vault has issued as many leases as it may",
			"Vault is sealed and serves nobody",
			"Vault has something else at this path",
			"Vault and the database do not agree on TLS",
		},
		{PlatformTeam, login}: {
			"The provider cannot find {config}",
			"The provider has no credentials for {config}",
			"AWS does not accept the credentials of {config}",
			"The provider gets no credentials for {config}",
			"The provider does not reach AWS",
			"Vault does not accept the credentials of {config}",
			"The provider does not reach Vault",
			"It is only looked at, and it is not in the cloud",
		},
		{PlatformTeam, object}: {
			"The provider was stopped while it created this",
			"The provider has been told to leave this resource alone",
		},
		{PlatformTeam, defect}: {
			"This cannot be changed without losing what is there, so it stays as it is",
			"This is a major upgrade, which was not asked for",
			"RDS does not take these IOPS or this throughput with this size of the storage",
			"The option group is not one for the version of the database",
			"RDS cannot apply the option group, nor go back",
			"The upgrade does not name the parameter group of an instance",
			"The parameter takes effect with a restart only",
			"Roles of AWS services cannot be changed",
		},
		{Nobody, ""}: {
			"What it refers to is not there or not ready",
			"Two programs wrote the resource at the same time",
			"The cloud limits how often it may be called",
			"The cloud has a fault of its own",
			"AWS has no machine of this size free in these zones",
			"RDS works on the last change of the storage still, for up to a day",
			"The database is at work on something else",
			"A database uses the group still",
			"A group that the database needs is not there yet, or not any more",
			"The cloud takes longer than the provider waits",
			"Something in the cloud uses it still",
			"Somebody else changes the role at the moment",
			"The role or policy is used still",
			"Vault limits how often it may be called",
			"Vault changes its leader, or is overloaded",
		},
	} {
		for _, means := range errors {
			all[means] = with
		}
	}
	return all
}

// Each error names who can end it, and that one can: a developer by a field that the claim has.
func TestWhoCanAct(t *testing.T) {
	t.Parallel()
	all := actors()
	claim := fieldsOf(t, "appdatabases")
	for _, e := range entries() {
		a, ok := all[e.means]
		delete(all, e.means)
		switch {
		case !ok:
			t.Errorf("%q: say in actors() who can really act, and with what", e.means)
		case a.who != e.who:
			t.Errorf("%q: %s has to act, and it is %s that can, with %s", e.means, e.who, a.who, a.with)
		case a.who == Developer && !claim[a.with]:
			t.Errorf("%q: a developer has no %s", e.means, a.with)
		case strings.HasPrefix(a.with, "spec.") && !strings.Contains(e.remedy, a.with):
			t.Errorf("%q: the remedy %q does not name %s", e.means, e.remedy, a.with)
		case a.with == defect && !strings.Contains(e.remedy, "report this as a defect"):
			t.Errorf("%q: nobody but us can mend that, and the remedy is %q", e.means, e.remedy)
		}
	}
	for means := range all {
		t.Errorf("actors() has %q, and no error means that", means)
	}
}

// A remedy sends nobody to a field that there is not, or to a status, which nobody but a function writes.
func TestRemediesNameFields(t *testing.T) {
	t.Parallel()
	kinds := map[string]map[string]bool{
		"Environment": fieldsOf(t, "environments"), "Network": fieldsOf(t, "networks"), "": fieldsOf(t, "appdatabases"),
	}
	field := regexp.MustCompile(`\b(?:spec|status)(?:\.[a-zA-Z]+)*`)
	named := 0
	for _, e := range entries() {
		for _, name := range field.FindAllString(e.remedy, -1) {
			if name == "spec" {
				continue // "the one in the spec"
			}
			named++
			if !slices.ContainsFunc([]string{"Environment", "Network", ""}, func(kind string) bool {
				return kinds[kind][name] && (kind == "" || strings.Contains(e.remedy, kind))
			}) {
				t.Errorf("%q: the remedy %q names %s, which the kind does not have", e.means, e.remedy, name)
			}
		}
	}
	if named < 20 {
		t.Errorf("only %d fields were looked up", named)
	}
}

// What a claim does not say is not a developer's to correct.
func TestDeveloperIsNotSentAfterOthersFields(t *testing.T) {
	t.Parallel()
	others := regexp.MustCompile(`(?i)iops|throughput|storage ?type |option group|subnet|kms|security group|quota|role `)
	claims := regexp.MustCompile(`Invalid storage size|IAM Database`) // these name the kind of storage, or IAM, and are about the size
	checked := 0
	for reason, s := range samples() {
		words := Clean(s.message)
		if !others.MatchString(words) || claims.MatchString(words) {
			continue
		}
		checked++
		if s.who == Developer {
			t.Errorf("%s: %q is about what no claim says, and the developer has to act", reason, words)
		}
	}
	if checked < 20 {
		t.Errorf("only %d samples were looked at", checked)
	}
}

// fieldsOf lists the fields of spec that a kind has: spec.restoreFrom.time.
func fieldsOf(t *testing.T, kind string) map[string]bool {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(root, "apis", kind, "definition.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	type schema struct {
		Properties map[string]any `json:"properties"`
	}
	var definition struct {
		Spec struct {
			Versions []struct {
				Schema struct {
					OpenAPI schema `json:"openAPIV3Schema"`
				} `json:"schema"`
			} `json:"versions"`
		} `json:"spec"`
	}
	if err := yaml.Unmarshal(raw, &definition); err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	for _, version := range definition.Spec.Versions {
		addFields(all, "", map[string]any{"properties": version.Schema.OpenAPI.Properties})
	}
	if !all["spec"] {
		t.Fatalf("%s has no spec", kind)
	}
	return all
}

func addFields(all map[string]bool, path string, schema map[string]any) {
	properties, _ := schema["properties"].(map[string]any)
	for name, property := range properties {
		name = strings.TrimPrefix(path+"."+name, ".")
		all[name] = true
		if below, ok := property.(map[string]any); ok {
			addFields(all, name, below)
		}
	}
}
