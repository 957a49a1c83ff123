package environment

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/ownership"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
	"github.com/goldenpath-dev/goldenpath/functions/internal/wiring"
)

// lookup is what the checks look at.
type lookup struct {
	in        plan.In
	ref       v1.EnvironmentReference
	resolved  bool
	object    object.Object
	env       *pipelinev1.Environment
	last      object.Object
	providers []pipelinev1.CloudProvider
}

// finding is what a check has to say: a reason and a sentence, or nothing.
type finding struct {
	reason  conditions.Reason
	message string
}

// check runs the checks in order and returns the first finding.
func (l lookup) check() *conditions.Condition {
	checks := []func(lookup) *finding{found, judged, shared, ready, cloud, network, reach, unmoved}
	if l.env.Expired() {
		// It is acted on whatever is left of it: in the end it has no network any more. But what never lived in it does not go with it.
		checks = []func(lookup) *finding{found, judged, shared, ready, resident}
	}
	for _, check := range checks {
		if f := check(l); f != nil {
			return &conditions.Condition{
				Type: v1.ConditionEnvironmentResolved, Status: conditions.False, Reason: f.reason, Message: f.message,
			}
		}
	}
	return nil
}

func (l lookup) path() string { return l.ref.Namespace + "/" + l.ref.Name }

func found(l lookup) *finding {
	if !l.object.IsZero() {
		return nil
	}
	if !l.resolved {
		return &finding{conditions.EnvironmentNotReady, fmt.Sprintf("looking up Environment %s", l.path())}
	}
	return &finding{conditions.EnvironmentNotFound, fmt.Sprintf(
		"spec.environmentRef: there is no Environment %q in namespace %q. Create it, or name one that exists (kubectl get environments -n %s)",
		l.ref.Name, l.ref.Namespace, l.ref.Namespace)}
}

// judged wants an Environment that has said once what of its spec was allowed. Before, nobody knows whom it is shared with.
func judged(l lookup) *finding {
	if Judged(l.object) {
		return nil
	}
	why := "has not published its status.sharedWith yet"
	if l.ref.Namespace == l.in.Subject.Namespace {
		why = Unjudged(l.object)
	}
	return &finding{conditions.EnvironmentNotReady, fmt.Sprintf(
		"Environment %s %s. This object continues by itself when it is", l.path(), why)}
}

func shared(l lookup) *finding {
	claimNamespace := l.in.Subject.Namespace
	if l.ref.Namespace == claimNamespace || SharedWith(l.object.Strings("status", "sharedWith"), claimNamespace) {
		return nil
	}
	return &finding{conditions.EnvironmentNotShared, fmt.Sprintf(
		"spec.environmentRef: Environment %s is not shared with namespace %q. Ask its owner to add %q to its spec.sharedWith",
		l.path(), claimNamespace, claimNamespace)}
}

func ready(l lookup) *finding {
	if l.object.Deleting() {
		return &finding{conditions.EnvironmentNotReady, fmt.Sprintf("Environment %s is being deleted", l.path())}
	}
	// An expired preview is acted on, whatever its readiness.
	if why := Doubt(l.object); why != "" && !l.env.Expired() {
		return &finding{conditions.EnvironmentNotReady, fmt.Sprintf(
			"Environment %s %s. This object continues by itself when it is", l.path(), why)}
	}
	return nil
}

func cloud(l lookup) *finding {
	if !slices.Contains(l.providers, l.env.Cloud.Provider) {
		return &finding{conditions.EnvironmentCloudUnsupported, fmt.Sprintf(
			"spec.environmentRef: Environment %s is on cloud %q, and %s is offered on %s only. Name an Environment there",
			l.path(), l.env.Cloud.Provider, l.in.Subject.Kind, join(l.providers))}
	}
	if l.env.Cloud.Region == "" {
		return &finding{conditions.EnvironmentNotReady, fmt.Sprintf("Environment %s has no status.cloud.region", l.path())}
	}
	return nil
}

// network wants a VPC and subnets in two zones: RDS takes no subnet group with fewer.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html
func network(l lookup) *finding {
	if l.env.Network.VPCID == "" {
		return &finding{conditions.EnvironmentWithoutNetwork, fmt.Sprintf(
			"Environment %s has no network: its status.network.vpcId is empty. Give it a network, then this object continues by itself", l.path())}
	}
	if len(PlacementSubnets(l.env.Network)) == 0 {
		return &finding{conditions.EnvironmentWithoutNetwork, fmt.Sprintf(
			"the network of Environment %s has neither database nor private subnets in two zones, and two are needed. Add a zone to its Network",
			l.path())}
	}
	return nil
}

// reach wants sources that can be meant: nobody admits the world by a status that was written by hand.
func reach(l lookup) *finding {
	invalid := func(field, value, want string) *finding {
		return &finding{conditions.EnvironmentInvalid, fmt.Sprintf("%s of Environment %s is %q; it has to be %s", field, l.path(), value, want)}
	}
	for _, id := range l.env.WorkloadSecurityGroupIDs {
		if !strings.HasPrefix(id, "sg-") {
			return invalid("status.workloadSecurityGroupIds", id, "the id of a security group, sg-...")
		}
	}
	if ns := l.env.WorkloadNamespace; ns != "" && len(validation.IsDNS1123Label(ns)) > 0 {
		return invalid("status.workloadNamespace", ns, "the name of a namespace")
	}
	if l.env.Vault == nil || l.env.Vault.Source == nil || l.env.Vault.Source.CIDR == "" {
		return nil
	}
	cidr := l.env.Vault.Source.CIDR
	if prefix, err := netip.ParsePrefix(cidr); err != nil || !prefix.Addr().Is4() || prefix.Bits() < 8 {
		return invalid("status.vault.source.cidr", cidr, "an IPv4 network of /8 or smaller, such as 10.200.0.0/16")
	}
	return nil
}

// unmoved compares with the last Environment: what runs in one account, region, VPC and Vault mount cannot follow to another.
func unmoved(l lookup) *finding {
	vpc := moved{"status.network.vpcId", l.was(composed("vpcId"), "network", "vpcId"), l.env.Network.VPCID, false}
	return l.first(slices.Concat(vaultMounts(l), places(l), []moved{vpc, l.config(
		"status.cloud.providerConfigRef", l.last.At("cloud"), l.env.Cloud.ProviderConfigRef, ownership.Database, ownership.IAM)}))
}

// resident compares no more than says that it is the Environment that everything was composed in. Another one of the same name may
// have expired since.
func resident(l lookup) *finding { return l.first(places(l)) }

// places are what an Environment never changes.
func places(l lookup) []moved {
	return []moved{
		{"spec.cloud.provider", l.last.String("cloud", "provider"), string(l.env.Cloud.Provider), false},
		{"spec.cloud.accountId", l.last.String("cloud", "accountId"), l.env.Cloud.AccountID, false},
		{"spec.cloud.region", l.was(composed("region"), "cloud", "region"), l.env.Cloud.Region, false},
		{"spec.type", l.last.String("type"), string(l.env.Type), false},
	}
}

// first finding about what has moved.
func (l lookup) first(fields []moved) *finding {
	for _, f := range fields {
		// What a status has lost is not known to have been anything else.
		if (f.was != "" || f.emptyCounts) && f.was != f.is {
			return &finding{conditions.EnvironmentMoved, fmt.Sprintf(
				"%s of Environment %s changed from %q to %q. What runs stays where it is: set the old value again, or create this object anew "+
					"and migrate the data", f.field, l.path(), f.was, f.is)}
		}
	}
	return nil
}

// moved is a field that what is composed depends on for good: what it was, and what it is.
type moved struct {
	field, was, is string
	// emptyCounts says that nothing is a value too: what is composed says so.
	emptyCounts bool
}

// vaultMounts are part of the names of what is composed in Vault. Without Vault there is nothing to compare: the last one stays.
func vaultMounts(l lookup) []moved {
	v := l.env.Vault
	if v == nil || len(l.in.Observed.Names(ownership.Vault)) == 0 {
		return nil
	}
	database := composed("backend", wiring.VaultConnection, wiring.VaultDatabaseRole)
	if !l.in.Observed.Get(wiring.VaultDatabaseMount).IsZero() {
		// A mount of the service's own says nothing of the environment's.
		database = func(plan.Observed) string { return "" }
	}
	return []moved{
		l.config("status.vault.providerConfigRef", l.last.At("vault"), v.ProviderConfigRef, ownership.Vault),
		// That there was none is a value too, where the last Environment tells.
		{
			"status.vault.namespace",
			l.was(composed("namespace", ownership.Vault), "vault", "namespace"), v.Namespace, !l.last.At("vault").IsZero(),
		},
		{"status.vault.kvMount", l.was(composed("mount", ownership.Vault), "vault", "kvMount"), v.KVMount, false},
		{
			"status.vault.databaseMount",
			l.was(database, "vault", "databaseMount"), v.DatabaseMount, false,
		},
		{
			"status.vault.kubernetesAuthMount",
			l.was(composed("backend", wiring.VaultAuthRole), "vault", "kubernetesAuthMount"), v.KubernetesAuthMount, false,
		},
		{
			"status.vault.auth.mount",
			l.was(composed("backend", wiring.VaultJWTRole), "vault", "auth", "mount"), v.Login().Mount, false,
		},
	}
}

// config compares the provider configuration that something is composed with. Nothing that runs follows to another one, which may be that
// of another account. That none is named is a value too: the provider then takes its default.
func (l lookup) config(field string, last object.Object, is *pipelinev1.ProviderConfigReference, prefixes ...string) moved {
	m := moved{field: field, is: l.spelled(is)}
	if !last.IsZero() {
		m.was = l.spelled(providerConfig(last.At("providerConfigRef")))
		return m
	}
	for _, prefix := range prefixes {
		for _, name := range l.in.Observed.Names(prefix) {
			if ref := l.in.Observed.Get(name).At("spec", "providerConfigRef"); m.was == "" && ref.String("name") != "" {
				m.was = l.spelled(providerConfig(ref))
			}
		}
	}
	return m
}

// spelled is a provider configuration as the provider understands it. The claims flavour has one kind only.
func (l lookup) spelled(ref *pipelinev1.ProviderConfigReference) string {
	kind, name := "", ""
	if ref != nil {
		kind, name = ref.Kind, ref.Name
	}
	if l.in.Flavour.Legacy {
		return cmp.Or(name, "default")
	}
	return cmp.Or(kind, "ClusterProviderConfig") + " " + cmp.Or(name, "default")
}

// was is what the composite's status remembers or, when that is lost, what is composed says itself.
func (l lookup) was(evidence func(plan.Observed) string, path ...string) string {
	if v := l.last.String(path...); v != "" {
		return v
	}
	return evidence(l.in.Observed)
}

// composed looks for a parameter in what our stages composed.
func composed(parameter string, prefixes ...string) func(plan.Observed) string {
	if len(prefixes) == 0 {
		prefixes = ownership.Prefixes()
	}
	return func(in plan.Observed) string {
		for _, prefix := range prefixes {
			for _, name := range in.Names(prefix) {
				if v := in.Get(name).String("spec", "forProvider", parameter); v != "" {
					return v
				}
			}
		}
		return ""
	}
}

// PlacementSubnets are the subnets for data: the database tier where there is one, else the private ones. Sorted by id.
func PlacementSubnets(n pipelinev1.Network) []pipelinev1.Subnet {
	for _, role := range []pipelinev1.SubnetRole{pipelinev1.SubnetDatabase, pipelinev1.SubnetPrivate} {
		if subnets := SubnetsOf(n, role); len(Zones(subnets)) >= 2 {
			return subnets
		}
	}
	return nil
}

// SubnetsOf a role, sorted by id.
func SubnetsOf(n pipelinev1.Network, role pipelinev1.SubnetRole) []pipelinev1.Subnet {
	var subnets []pipelinev1.Subnet
	for _, s := range n.Subnets {
		if s.Role == role && s.ID != "" {
			subnets = append(subnets, s)
		}
	}
	slices.SortFunc(subnets, func(a, b pipelinev1.Subnet) int { return strings.Compare(a.ID, b.ID) })
	return subnets
}

// Zones of some subnets, sorted.
func Zones(subnets []pipelinev1.Subnet) []string {
	var zones []string
	for _, s := range subnets {
		if s.Zone != "" {
			zones = append(zones, s.Zone)
		}
	}
	slices.Sort(zones)
	return slices.Compact(zones)
}

func join(providers []pipelinev1.CloudProvider) string {
	names := make([]string, 0, len(providers))
	for _, p := range providers {
		names = append(names, string(p))
	}
	return strings.Join(names, ", ")
}
