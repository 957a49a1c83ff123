package environment

import (
	"maps"
	"net/netip"
	"slices"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// Network policies by what they admit.
const (
	policyNothing   = "default-deny"
	policyDNS       = "dns"
	policyNamespace = "same-namespace"
	policyEgress    = "egress"
	policyIngress   = "ingress"
)

// Addresses on every node. They are link-local, which the web is not.
const (
	linkLocal = "169.254.0.0/16"
	// podIdentityAgent gives pods the credentials of their identity, on port 80. Networks of ours have no IPv6.
	// https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html
	podIdentityAgent = "169.254.170.23/32"
)

// Ports that are called.
const (
	portDNS   = 53
	portHTTP  = 80
	portHTTPS = 443
	portVault = 8200
)

// databasePorts are those of the services in the ranges for databases: of every kind that we offer, and no others.
func databasePorts() []int64 {
	return []int64{
		3306, // MySQL, MariaDB, Aurora MySQL
		5432, // PostgreSQL, Aurora PostgreSQL
	}
}

// dns is where names are looked up.
type dns struct {
	// namespace and labels of the pods of the cluster's DNS.
	namespace string
	labels    map[string]string
	// addresses of caches on the nodes, as networks.
	addresses []string
}

// clusterDNS is CoreDNS as EKS and kubeadm install it: both keep the label of its predecessor.
// https://docs.aws.amazon.com/eks/latest/userguide/managing-coredns.html
func clusterDNS() dns {
	return dns{namespace: "kube-system", labels: map[string]string{"k8s-app": "kube-dns"}}
}

// networkPolicies close the namespace, and open what every workload needs, and what the claim says. They add up: who may edit the
// namespace opens more with policies of its own.
func (e *environment) networkPolicies() {
	e.networkPolicy(policyNothing, []string{ingress, egress}, func(object.Fields) {})
	e.networkPolicy(policyDNS, []string{egress}, e.dnsRule)
	e.networkPolicy(policyNamespace, []string{ingress, egress}, func(spec object.Fields) {
		spec.Objects("ingress", 1)[0].Objects("from", 1)[0].Object("podSelector")
		spec.Objects("egress", 1)[0].Objects("to", 1)[0].Object("podSelector")
	})
	// It is there without a rule too: a policy that comes and goes would be a drop each time.
	e.networkPolicy(policyEgress, []string{egress}, func(spec object.Fields) {
		destinations := e.destinations()
		for i, rule := range spec.Objects("egress", len(destinations)) {
			destinations[i].write(rule)
		}
	})
	e.ingressPolicy()
}

func (e *environment) dnsRule(spec object.Fields) {
	rule := spec.Objects("egress", 1)[0]
	to := rule.Objects("to", 1+len(e.data.dns.addresses))
	selectNamespace(to[0], e.data.dns.namespace)
	to[0].Object("podSelector").SetStringMap("matchLabels", maps.Clone(e.data.dns.labels))
	for i, address := range e.data.dns.addresses {
		to[1+i].Object("ipBlock").SetString("cidr", address)
	}
	ports := rule.Objects("ports", 2)
	for i, protocol := range []string{"UDP", "TCP"} {
		ports[i].SetString("protocol", protocol)
		ports[i].SetNumber("port", portDNS)
	}
}

// selectNamespace selects a namespace by its name, which the API server sets as a label on every one.
// https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-metadata-name
func selectNamespace(peer object.Fields, name string) {
	peer.Object("namespaceSelector").SetStringMap("matchLabels", map[string]string{"kubernetes.io/metadata.name": name})
}

// ingressPolicy lets those in whom the claim names.
func (e *environment) ingressPolicy() {
	callers := e.claim.cluster.Ingress
	if len(callers) == 0 {
		if e.observes(namePolicy + policyIngress) {
			e.plan.Drop(namePolicy+policyIngress, pipelinev1.DropSpecChanged, "spec.cluster.ingress is empty")
		}
		return
	}
	e.networkPolicy(policyIngress, []string{ingress}, func(spec object.Fields) {
		for i, rule := range spec.Objects("ingress", len(callers)) {
			from := rule.Objects("from", 1)[0]
			if c := callers[i]; c.Namespace != "" {
				selectNamespace(from, c.Namespace)
			} else {
				from.Object("ipBlock").SetString("cidr", c.CIDR)
			}
			tcpPorts(rule, callers[i].Ports)
		}
	})
}

// Directions of a network policy.
const (
	ingress = "Ingress"
	egress  = "Egress"
)

func (e *environment) networkPolicy(name string, types []string, rules func(spec object.Fields)) {
	f := e.manifest("networking.k8s.io/v1", "NetworkPolicy", "goldenpath-"+name)
	spec := f.Object("spec")
	// All pods.
	spec.Object("podSelector")
	spec.SetStrings("policyTypes", types)
	rules(spec)
	e.inNamespace(namePolicy+name, f.Done())
}

// destination is ranges that workloads may call, on ports of TCP.
type destination struct {
	cidrs  []string
	except string
	ports  []int64
}

// destinations beyond the namespace: where databases are, on their ports; what is private in the network (endpoints of AWS, the
// cluster's API server) on that of HTTPS; Vault; and the web, as far as it is encrypted.
func (e *environment) destinations() []destination {
	var all []destination
	add := func(cidrs []string, ports ...int64) {
		if len(cidrs) > 0 {
			all = append(all, destination{cidrs: cidrs, ports: ports})
		}
	}
	private := e.ranges(pipelinev1.SubnetPrivate)
	// Where there are no subnets for databases they are in private ones.
	databases := e.ranges(pipelinev1.SubnetDatabase)
	if len(databases) == 0 {
		databases = private
	}
	add(databases, e.data.databasePorts...)
	add(private, portHTTPS)
	if v := e.claim.vault; v != nil {
		// Vault's servers are where they call from. Behind a security group they are somewhere in the network.
		at := private
		if v.Source != nil && v.Source.CIDR != "" {
			at = []string{v.Source.CIDR}
		}
		add(at, vaultPort(v))
	}
	if e.podIdentity() && len(e.claim.identities) > 0 {
		add([]string{podIdentityAgent}, portHTTP)
	}
	if e.data.egress == egressWeb {
		// The metadata service of the node would hand out the node's own role.
		all = append(all, destination{cidrs: []string{"0.0.0.0/0"}, except: linkLocal, ports: []int64{portHTTPS}})
	}
	return all
}

// ranges of the subnets of a role, sorted. Where a range is not known, that of the whole network stands for it: what is there is not to
// be cut off.
func (e *environment) ranges(role pipelinev1.SubnetRole) []string {
	known := e.network.known
	var cidrs []string
	for _, s := range known.Subnets {
		if s.Role != role {
			continue
		}
		if s.CIDR == "" {
			return wholeOf(known)
		}
		cidrs = append(cidrs, s.CIDR)
	}
	if len(known.Subnets) == 0 {
		return wholeOf(known)
	}
	slices.SortFunc(cidrs, compareRanges)
	return slices.Compact(cidrs)
}

// wholeOf a network is its range. Empty while that is not known.
func wholeOf(n pipelinev1.Network) []string {
	if n.CIDR == "" {
		return nil
	}
	return []string{n.CIDR}
}

// compareRanges by their addresses.
func compareRanges(a, b string) int {
	one, _ := netip.ParsePrefix(a)
	two, _ := netip.ParsePrefix(b)
	return one.Addr().Compare(two.Addr())
}

// vaultPort is where Vault listens.
func vaultPort(v *v1.EnvironmentVault) int64 {
	if v.Port > 0 {
		return v.Port
	}
	return portVault
}

func (d destination) write(rule object.Fields) {
	for i, to := range rule.Objects("to", len(d.cidrs)) {
		block := to.Object("ipBlock")
		block.SetString("cidr", d.cidrs[i])
		if d.except != "" {
			block.SetStrings("except", []string{d.except})
		}
	}
	tcpPorts(rule, d.ports)
}

func tcpPorts(rule object.Fields, numbers []int64) {
	for i, port := range rule.Objects("ports", len(numbers)) {
		port.SetString("protocol", "TCP")
		port.SetNumber("port", float64(numbers[i]))
	}
}
