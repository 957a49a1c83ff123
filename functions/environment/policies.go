package environment

import (
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// Network policies by what they admit.
const (
	policyNothing   = "default-deny"
	policyDNS       = "dns"
	policyNamespace = "same-namespace"
	policyEgress    = "egress"
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

// networkPolicies close the namespace, and open what every workload needs. They add up: the team opens more with policies of its own,
// such as the way in from a load balancer.
func (e *environment) networkPolicies() {
	e.networkPolicy(policyNothing, []string{ingress, egress}, func(object.Fields) {})
	e.networkPolicy(policyDNS, []string{egress}, func(spec object.Fields) {
		rule := spec.Objects("egress", 1)[0]
		// The API server sets this label on every namespace.
		// https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-metadata-name
		rule.Objects("to", 1)[0].Object("namespaceSelector").SetStringMap("matchLabels", map[string]string{
			"kubernetes.io/metadata.name": "kube-system",
		})
		ports := rule.Objects("ports", 2)
		for i, protocol := range []string{"UDP", "TCP"} {
			ports[i].SetString("protocol", protocol)
			ports[i].SetNumber("port", portDNS)
		}
	})
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

// destination is a range that workloads may call.
type destination struct {
	cidr, except string
	// ports of TCP. All ports of all protocols when there are none.
	ports []int64
}

// destinations beyond the namespace: the environment's network, where its services are; Vault; and the web, as far as it is encrypted.
func (e *environment) destinations() []destination {
	var all []destination
	if cidr := e.network.known.CIDR; cidr != "" {
		all = append(all, destination{cidr: cidr})
	}
	if v := e.claim.vault; v != nil && v.Source != nil && v.Source.CIDR != "" {
		// Vault's servers are where they call from.
		all = append(all, destination{cidr: v.Source.CIDR, ports: []int64{portHTTPS, portVault}})
	}
	if e.podIdentity() && len(e.claim.identities) > 0 {
		all = append(all, destination{cidr: podIdentityAgent, ports: []int64{portHTTP}})
	}
	if e.data.egress == egressWeb {
		// The metadata service of the node would hand out the node's own role.
		all = append(all, destination{cidr: "0.0.0.0/0", except: linkLocal, ports: []int64{portHTTPS}})
	}
	return all
}

func (d destination) write(rule object.Fields) {
	block := rule.Objects("to", 1)[0].Object("ipBlock")
	block.SetString("cidr", d.cidr)
	if d.except != "" {
		block.SetStrings("except", []string{d.except})
	}
	if len(d.ports) == 0 {
		return
	}
	for i, port := range rule.Objects("ports", len(d.ports)) {
		port.SetString("protocol", "TCP")
		port.SetNumber("port", float64(d.ports[i]))
	}
}
