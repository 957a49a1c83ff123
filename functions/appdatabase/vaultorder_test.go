package appdatabase

import (
	"slices"
	"strings"
	"testing"

	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
	"github.com/goldenpath-dev/goldenpath/functions/internal/usage"
	"github.com/goldenpath-dev/goldenpath/functions/internal/wiring"
)

const (
	usageServer = "database-usage-vault-server"
	usageWay    = "database-usage-vault-way"
	vaultUsage  = "vault-usage-environment"
)

// mounted lets the vault stage make a mount of the service's own.
func (w *world) mounted() *world {
	mount := fields{
		"apiVersion": "vault.vault.m.upbound.io/v1alpha1", "kind": "Mount", "metadata": fields{"name": "orders-mount"},
		"spec": fields{"forProvider": fields{"path": "staging-db-orders"}},
	}
	w.observed[wiring.VaultDatabaseMount] = mount
	w.observed[vaultUsage] = fields{
		"apiVersion": "protection.crossplane.io/v1beta1", "kind": "Usage", "metadata": fields{"name": "orders-usage"},
		"spec": fields{"by": fields{"apiVersion": mount["apiVersion"], "kind": "Mount", "resourceRef": fields{"name": "orders-mount"}}},
	}
	return w
}

// unmounted lets the vault stage go on: core forgets the mount first, and the Usage when it is gone.
func (w *world) unmounted(gone bool) {
	if mount := w.observed[wiring.VaultDatabaseMount]; mount != nil {
		w.mount = mount
	}
	delete(w.observed, wiring.VaultDatabaseMount)
	if gone {
		w.mount = nil
		delete(w.observed, vaultUsage)
	}
}

// Everything of an object that is deleted is deleted at once, and nobody calls us: only a Usage keeps the server and the way to it until
// Vault has taken its users back.
func TestServerAndWayStayForVault(t *testing.T) {
	t.Parallel()
	by := fields{"apiVersion": "vault.vault.m.upbound.io/v1alpha1", "kind": "Mount", "resourceRef": fields{"name": "orders-mount"}}
	for reason, engine := range map[string]string{"an instance": "postgres", "a cluster": "aurora-postgresql"} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).with(fields{"engine": engine})
			if p := w.settle(); !wanted(p, usageServer).IsZero() {
				t.Error("there is a Usage for a mount that there is not")
			}
			p := w.mounted().settle()
			server := fields{"apiVersion": "rds.aws.m.upbound.io/v1beta1", "kind": "Instance", "resourceRef": fields{"name": w.in().Name(nameInstance)}}
			if engine != "postgres" {
				server["kind"], server["resourceRef"] = "ClusterInstance", fields{"name": w.in().Name(nameMember + "1")}
			}
			equal(t, "server", fields{"of": server, "by": by}, wanted(p, usageServer).At("spec").Map())
			way := fields{
				"apiVersion": "ec2.aws.m.upbound.io/v1beta1", "kind": "SecurityGroupIngressRule",
				"resourceRef": fields{"name": w.in().Name("database-ingress-sg-vault")},
			}
			equal(t, "way", fields{"of": way, "by": by}, wanted(p, usageWay).At("spec").Map())
		})
	}
}

// The database of an expired preview stays as it is until Vault has taken its users back.
func TestExpiredPreviewWithUsersOfVault(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	set(w.env, "status.type", "preview")
	w.settle()
	w.mounted().settle()
	set(w.env, "status.phase", "Expired")
	set(w.instance(), "metadata.annotations", fields{"platform.io/data": "primary"})
	// Not even a mistake in the claim changes what is there.
	w.with(fields{"size": "no-such"})
	before := w.specs()
	all := len(w.observed) - len(w.in().Observed.Names("vault-"))
	for step, change := range []func(){func() {}, func() { w.unmounted(false) }} {
		change()
		p := w.step()
		if len(p.Drops) > 0 || len(p.Resources) != all || !p.Waiting || p.Wiring != nil {
			t.Errorf("step %d: drops %v, %d of %d resources, wiring %v", step, drops(p), len(p.Resources), all, p.Wiring)
		}
		after := w.specs()
		equal(t, "instance", before[nameInstance].([]any)[1], after[nameInstance].([]any)[1])
		set(w.instance(), "metadata.annotations", fields{"platform.io/data": "primary"})
		equal(t, "connection", before[nameConnection], after[nameConnection])
	}
	if p := w.compose(); !isData(p.Resources, nameInstance) {
		t.Error("the instance holds no data any more")
	}
	equal(t, "words", "the environment has expired, and the database goes when Vault has taken its users back: see VaultReady",
		condition(w.compose(), "DatabaseReady").Message)
	w.unmounted(true)
	equal(t, "first the Usages", []string{usageServer + ": EnvironmentExpired", usageWay + ": EnvironmentExpired"}, drops(w.step()))
	p := w.step()
	if !slices.Contains(drops(p), nameInstance+": EnvironmentExpired") {
		t.Errorf("the instance stays: %v", drops(p))
	}
}

// While Vault takes its users back it needs the way to the database, also when credentials are static from now on.
func TestWayStaysUntilUsersAreTakenBack(t *testing.T) {
	t.Parallel()
	const rule = "database-ingress-sg-vault"
	w := newWorld(t)
	w.settle()
	w.mounted().settle()
	w.with(fields{"credentials": "static"})
	for step, change := range []func(){func() {}, func() { w.unmounted(false) }} {
		change()
		p := w.step()
		if wanted(p, rule).IsZero() || wanted(p, usageWay).IsZero() || wanted(p, usageServer).IsZero() {
			t.Errorf("step %d: drops %v", step, drops(p))
		}
	}
	w.unmounted(true)
	p := w.step()
	equal(t, "first the Usages", []string{usageServer + ": SpecChanged", usageWay + ": SpecChanged"}, drops(p))
	if wanted(p, rule).IsZero() {
		t.Error("a delete is asked for that the Usage refuses")
	}
	equal(t, "then the rule", []string{rule + ": SpecChanged"}, drops(w.step()))
}

// A Usage of what goes is first a Usage of what stays: core does nothing else while a delete is refused.
func TestUsageMovesBeforeItsResourceGoes(t *testing.T) {
	t.Parallel()
	t.Run("way", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.settle()
		w.mounted().settle()
		w.within(fields{"status.vault.source": fields{"cidr": "10.9.0.0/24"}})
		w.step()
		p := w.step()
		equal(t, "of", w.in().Name("database-ingress-10-9-0-0-24"), wanted(p, usageWay).String("spec", "of", "resourceRef", "name"))
		if wanted(p, "database-ingress-sg-vault").IsZero() {
			t.Error("the rule goes while the Usage of before is of it")
		}
		equal(t, "then the rule", []string{"database-ingress-sg-vault: EnvironmentChanged"}, drops(w.step()))
	})
	t.Run("server", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t).with(fields{"engine": "aurora-postgresql", "replicas": 1.0})
		w.settle()
		w.mounted().settle()
		w.writer = "2"
		w.settle()
		w.with(fields{"replicas": 0.0})
		p := w.step()
		if wanted(p, nameMember+"1").IsZero() || strings.Contains(strings.Join(drops(p), " "), nameMember) {
			t.Errorf("the instance goes while the Usage is of it: %v", drops(p))
		}
		equal(t, "of", w.in().Name(nameMember+"2"), wanted(p, usage.ServerName(prefix)).String("spec", "of", "resourceRef", "name"))
		equal(t, "then the instance", []string{nameMember + "1: SpecChanged"}, drops(w.step()))
	})
}

func isData(resources []plan.Resource, name string) bool {
	return slices.ContainsFunc(resources, func(r plan.Resource) bool { return r.Name == name && r.Data })
}
