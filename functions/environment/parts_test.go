package environment

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	resolve "github.com/goldenpath-dev/goldenpath/functions/internal/environment"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// Names of the fixture: readable part and hash over the uid of the composite and the purpose.
const (
	workloadsName = "team-checkout-staging-d8b8e9ee4a"
	reviewName    = "team-checkout-staging-token-review-83772950a1"
	kvPath        = "team-checkout-staging-kv-13ba32768c"
	databasePath  = "team-checkout-staging-database-c87af93846"
	authPath      = "team-checkout-staging-kubernetes-ba55e594be"
	jwtPath       = "team-checkout-staging-jwt-918b64e247"
	keysName      = "team-checkout-staging-token-keys-74b3f51f23"
	policyName    = "team-checkout-staging-team-3a203fd51a"
)

// clusterCA is the certificate that EKS gives in the fixture, in PEM.
const clusterCA = "-----BEGIN CERTIFICATE-----\nZmFrZQ==\n-----END CERTIFICATE-----\n"

// parts composes what runs in the workload cluster and in Vault, with a network and an EKS cluster that are there.
func (w *world) parts(changes ...func(*environment)) *environment {
	w.t.Helper()
	e := &environment{in: w.in(), claim: readClaim(w.object(w.xr)), data: w.data, plan: &plan.Plan{Own: true}}
	e.network.known = resolve.Network(w.object(w.network).At("status"))
	e.cluster = cluster{endpoint: endpointURL, ca: clusterCA, issuer: issuerURL}
	for _, change := range changes {
		change(e)
	}
	e.workloads()
	e.vault()
	return e
}

// settleParts repeats until a call wants what is there already, and returns that call's plan.
func (w *world) settleParts(changes ...func(*environment)) *plan.Plan {
	w.t.Helper()
	for range 8 {
		before := w.specs()
		p := w.parts(changes...).plan
		w.apply(p)
		if cmp.Equal(before, w.specs()) {
			return p
		}
	}
	w.t.Fatal("the plan does not settle")
	return nil
}

// readyParts is a world in which the identities are complete, and everything in the workload cluster and in Vault is ready.
func readyParts(t *testing.T, claim fields) *world {
	t.Helper()
	w := newWorld(t).with(claim).associate("orders-api", "orders-report")
	w.settleParts()
	return w
}

// reviewed makes the environment one from before: service accounts log in at a Kubernetes auth mount of it.
func (w *world) reviewed() *world {
	w.observed[nameAuthBackend] = fields{
		"apiVersion": "auth.vault.m.upbound.io/v1alpha1", "kind": "Backend", "metadata": fields{"name": w.in().Name(nameAuthBackend)},
		"spec": fields{"forProvider": fields{"type": "kubernetes", "path": authPath}},
	}
	return w
}

// reviewedParts is readyParts of an environment from before.
func reviewedParts(t *testing.T, claim fields) *world {
	t.Helper()
	w := newWorld(t).reviewed().with(claim).associate("orders-api", "orders-report")
	w.settleParts()
	return w
}

// associate completes identities in Pod Identity mode.
func (w *world) associate(accounts ...string) *world {
	for _, account := range accounts {
		w.observed[nameAssociation+account] = fields{
			"apiVersion": "eks.aws.m.upbound.io/v1beta1", "kind": "PodIdentityAssociation", "metadata": fields{"name": account}, "spec": fields{},
		}
		w.wake(nameAssociation + account)
	}
	return w
}

// role completes an identity in IRSA mode. The provider knows the ARN once the role is there.
func (w *world) role(account, arn string) *world {
	w.observed[nameRole+account] = fields{
		"apiVersion": "iam.aws.m.upbound.io/v1beta1", "kind": "Role", "metadata": fields{"name": account},
		"status": fields{"atProvider": fields{"arn": arn}},
	}
	return w
}

// inCluster are the names of the planned resources in the workload cluster, sorted.
func plannedInCluster(p *plan.Plan) []string {
	var names []string
	for _, name := range resourceNames(p) {
		if workloadNames(name) {
			names = append(names, name)
		}
	}
	return names
}

func plannedInVault(p *plan.Plan) []string {
	var names []string
	for _, name := range resourceNames(p) {
		if vaultNames(name) {
			names = append(names, name)
		}
	}
	return names
}

// manifestOf is the object that is wanted in the workload cluster.
func manifestOf(p *plan.Plan, name string) fields {
	return wanted(p, name).At("spec", "forProvider", "manifest").Map()
}

// holdsData says that a wanted resource is a data holder.
func holdsData(p *plan.Plan, name string) bool {
	for _, r := range p.Resources {
		if r.Name == name {
			return r.Data
		}
	}
	return false
}

func policies(o object.Object) []string { return o.Strings("spec", "managementPolicies") }

// Every name is of one place, and none of a place that it is not in.
func TestNamesOfPlaces(t *testing.T) {
	t.Parallel()
	w := readyParts(t, nil)
	for name := range w.observed {
		cluster, vault := workloadNames(name), vaultNames(name)
		association := name == nameAssociation+"orders-api" || name == nameAssociation+"orders-report"
		if cluster == vault && !association || association && (cluster || vault) {
			t.Errorf("%s: in the workload cluster %v, in Vault %v", name, cluster, vault)
		}
	}
	for _, name := range []string{nameNetwork, nameKey, nameAlias, nameEKS, nameRole + "a", nameAssociation + "a", prefix + "usage-network"} {
		if workloadNames(name) || vaultNames(name) {
			t.Errorf("%s is neither in the workload cluster nor in Vault", name)
		}
	}
}

// Both flavours want the same, each in its group.
func TestPartsOfBothFlavours(t *testing.T) {
	t.Parallel()
	w := newWorld(t).claimed().associate("orders-api", "orders-report")
	legacy, namespaced := w.settleParts(), readyParts(t, nil).parts().plan
	equal(t, "resources", resourceNames(namespaced), resourceNames(legacy))
	for _, name := range resourceNames(namespaced) {
		a, b := wanted(namespaced, name), wanted(legacy, name)
		equal(t, name, a.At("spec", "forProvider").Map(), b.At("spec", "forProvider").Map())
		config := fields{"name": b.String("spec", "providerConfigRef", "name")}
		equal(t, name+" provider config", config, b.At("spec", "providerConfigRef").Map())
	}
	object := wanted(legacy, nameNamespace)
	equal(t, "group and namespace", []string{"kubernetes.crossplane.io/v1alpha2", ""}, []string{object.APIVersion(), object.Namespace()})
	object = wanted(namespaced, nameNamespace)
	equal(t, "group and namespace", []string{"kubernetes.m.crossplane.io/v1alpha1", "team-checkout"}, []string{object.APIVersion(), object.Namespace()})
}

// No resource of the workload cluster or of Vault needs a value that is secret.
func TestPartsHoldNoSecret(t *testing.T) {
	t.Parallel()
	for _, r := range reviewedParts(t, fields{"vault.kubernetesCaCert": clusterCA}).parts().plan.Resources {
		if r.Object.Kind() == v1.EnvironmentKind || r.Object.Has("spec", "writeConnectionSecretToRef") || r.Object.Has("data") {
			t.Errorf("%s holds or asks for a secret", r.Name)
		}
	}
}
