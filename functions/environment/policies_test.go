package environment

import (
	"strings"
	"testing"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	inputv1 "github.com/goldenpath-dev/goldenpath/functions/environment/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

func policySpec(p *plan.Plan, name string) fields {
	return wanted(p, namePolicy+name).At("spec", "forProvider", "manifest", "spec").Map()
}

func tcp(ports ...float64) []any {
	var all []any
	for _, port := range ports {
		all = append(all, fields{"protocol": "TCP", "port": port})
	}
	return all
}

func to(cidr string, ports ...float64) fields { return toAll([]string{cidr}, ports...) }

func toAll(cidrs []string, ports ...float64) fields {
	var blocks []any
	for _, cidr := range cidrs {
		blocks = append(blocks, fields{"ipBlock": fields{"cidr": cidr}})
	}
	return fields{"to": blocks, "ports": tcp(ports...)}
}

// databases and private are the ranges of the fixture's network.
func databases(ports ...float64) fields {
	return toAll([]string{"10.40.68.0/22", "10.40.72.0/22"}, ports...)
}

func private(ports ...float64) fields { return to("10.40.0.0/20", ports...) }

func web() fields {
	return fields{"to": []any{fields{"ipBlock": fields{"cidr": "0.0.0.0/0", "except": []any{"169.254.0.0/16"}}}}, "ports": tcp(443)}
}

// The namespace is closed, and what every workload needs is open.
func TestNetworkPolicies(t *testing.T) {
	t.Parallel()
	p := readyParts(t, nil).parts().plan
	both, out := []any{"Ingress", "Egress"}, []any{"Egress"}
	everyone := []any{fields{"podSelector": fields{}}}
	for name, want := range map[string]fields{
		policyNothing: {"podSelector": fields{}, "policyTypes": both},
		policyDNS: {"podSelector": fields{}, "policyTypes": out, "egress": []any{fields{
			"to": []any{fields{
				"namespaceSelector": fields{"matchLabels": fields{"kubernetes.io/metadata.name": "kube-system"}},
				"podSelector":       fields{"matchLabels": fields{"k8s-app": "kube-dns"}},
			}},
			"ports": []any{fields{"protocol": "UDP", "port": 53.0}, fields{"protocol": "TCP", "port": 53.0}},
		}}},
		policyNamespace: {
			"podSelector": fields{}, "policyTypes": both, "ingress": []any{fields{"from": everyone}}, "egress": []any{fields{"to": everyone}},
		},
		policyEgress: {
			"podSelector": fields{}, "policyTypes": out,
			"egress": []any{databases(3306, 5432), private(443), private(8200), to("169.254.170.23/32", 80), web()},
		},
	} {
		equal(t, name, want, policySpec(p, name))
		meta := manifestOf(p, namePolicy+name)["metadata"]
		equal(t, name, fields{"name": "goldenpath-" + name, "namespace": workloadsName}, meta.(fields))
	}
}

func TestEgress(t *testing.T) {
	t.Parallel()
	irsa, none := fields{"cluster.eks.identityMode": "IRSA"}, func(w *world) { w.data.egress = egressNone }
	with := func(more fields) fields {
		more["cluster.eks.identityMode"] = "IRSA"
		return more
	}
	subnets := func(all ...any) func(*world) { return func(w *world) { set(w.network, "status.subnets", all) } }
	cases := map[string]struct {
		claim  fields
		change func(*world)
		parts  func(*environment)
		want   []any
	}{
		"IRSA asks the web":           {claim: irsa, want: []any{databases(3306, 5432), private(443), private(8200), web()}},
		"nobody has an identity":      {claim: fields{"identities": nil}, want: []any{databases(3306, 5432), private(443), private(8200), web()}},
		"no web":                      {claim: irsa, change: none, want: []any{databases(3306, 5432), private(443), private(8200)}},
		"the network is not known":    {claim: irsa, parts: unknown, want: []any{web()}},
		"nothing is known or allowed": {claim: irsa, change: none, parts: unknown, want: []any{}},
		"Vault elsewhere": {claim: with(fields{"vault.source": fields{"cidr": "10.200.0.0/16"}}),
			want: []any{databases(3306, 5432), private(443), to("10.200.0.0/16", 8200), web()}},
		"Vault at another port": {claim: with(fields{"vault.port": 443.0, "vault.source": fields{"cidr": "10.200.0.0/16"}}),
			want: []any{databases(3306, 5432), private(443), to("10.200.0.0/16", 443), web()}},
		"Vault behind a group at another port": {claim: with(fields{"vault.port": 8443.0}),
			want: []any{databases(3306, 5432), private(443), private(8443), web()}},
		"no Vault": {claim: with(fields{"vault": nil}), want: []any{databases(3306, 5432), private(443), web()}},
		"databases at other ports": {claim: irsa, change: func(w *world) { w.data.databasePorts = []int64{5433} },
			want: []any{databases(5433), private(443), private(8200), web()}},
		"databases in private subnets": {
			claim: irsa, change: subnets(fields{"id": "subnet-0c1", "role": "private", "zone": "eu-west-1a", "cidr": "10.40.0.0/20"}),
			want: []any{private(3306, 5432), private(443), private(8200), web()},
		},
		"a subnet whose range nobody knows": {
			claim: irsa, change: subnets(fields{"id": "subnet-0c1", "role": "private", "zone": "eu-west-1a"},
				fields{"id": "subnet-0b1", "role": "database", "zone": "eu-west-1a", "cidr": "10.40.68.0/22"}),
			want: []any{to("10.40.68.0/22", 3306, 5432), to("10.40.0.0/16", 443), to("10.40.0.0/16", 8200), web()},
		},
		"no subnet is known": {
			claim: irsa, change: subnets(), want: []any{to("10.40.0.0/16", 3306, 5432), to("10.40.0.0/16", 443), to("10.40.0.0/16", 8200), web()},
		},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).with(tc.claim)
			if tc.change != nil {
				tc.change(w)
			}
			var changes []func(*environment)
			if tc.parts != nil {
				changes = append(changes, tc.parts)
			}
			got := policySpec(w.settleParts(changes...), policyEgress)
			equal(t, "egress", tc.want, got["egress"].([]any))
		})
	}
}

func unknown(e *environment) { e.network.known = pipelinev1.Network{} }

// No rule but that of the web is without an end, and none is without ports: what is in the network is not open for being in it. The
// metadata service of a node hands out the node's role: no rule leads there.
func TestEgressIsNarrow(t *testing.T) {
	t.Parallel()
	for _, d := range readyParts(t, nil).parts().destinations() {
		if len(d.ports) == 0 || len(d.cidrs) == 0 {
			t.Errorf("%v: a rule without ports or ranges is open to everything", d)
		}
		for _, cidr := range d.cidrs {
			switch {
			case cidr == "0.0.0.0/0":
				equal(t, "except", linkLocal, d.except)
			case cidr == "10.40.0.0/16":
				t.Errorf("%v: the whole network", d)
			case strings.HasPrefix(cidr, "169.254.") && cidr != podIdentityAgent:
				t.Errorf("%v: link-local", d)
			}
		}
	}
}

// Names are also looked up in caches on the nodes, where the platform team has them.
func TestDNS(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	data, err := w.data.with(&inputv1.Input{
		Tenancy: everything(), DNS: &inputv1.DNS{
			Namespace: "openshift-dns", Labels: map[string]string{"dns.operator.openshift.io/daemonset-dns": "default"},
			Addresses: []string{"169.254.20.10", "10.0.0.10"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.data = data
	got := policySpec(w.settleParts(), policyDNS)["egress"].([]any)[0].(fields)["to"]
	equal(t, "DNS", any([]any{
		fields{
			"namespaceSelector": fields{"matchLabels": fields{"kubernetes.io/metadata.name": "openshift-dns"}},
			"podSelector":       fields{"matchLabels": fields{"dns.operator.openshift.io/daemonset-dns": "default"}},
		},
		fields{"ipBlock": fields{"cidr": "10.0.0.10/32"}}, fields{"ipBlock": fields{"cidr": "169.254.20.10/32"}},
	}), got)
}

// Who may call the workloads is a field of the claim. Without it there is no policy of it, and one that was there goes.
func TestIngress(t *testing.T) {
	t.Parallel()
	w := readyParts(t, nil)
	if !wanted(w.parts().plan, namePolicy+policyIngress).IsZero() {
		t.Error("nobody is named, and there is a policy")
	}
	w.with(fields{"cluster.ingress": []any{
		fields{"namespace": "ingress-nginx", "ports": []any{8080.0, 8443.0}}, fields{"cidr": "10.40.48.0/21", "ports": []any{8080.0}},
	}})
	equal(t, "ingress", fields{"podSelector": fields{}, "policyTypes": []any{"Ingress"}, "ingress": []any{
		fields{
			"from":  []any{fields{"namespaceSelector": fields{"matchLabels": fields{"kubernetes.io/metadata.name": "ingress-nginx"}}}},
			"ports": tcp(8080, 8443),
		},
		fields{"from": []any{fields{"ipBlock": fields{"cidr": "10.40.48.0/21"}}}, "ports": tcp(8080)},
	}}, policySpec(w.settleParts(), policyIngress))
	w.with(fields{"cluster.ingress": nil})
	equal(t, "drops", []string{namePolicy + policyIngress + ": SpecChanged"}, drops(w.parts().plan))
}
