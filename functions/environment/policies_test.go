package environment

import (
	"testing"

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

func to(cidr string, ports ...float64) fields {
	rule := fields{"to": []any{fields{"ipBlock": fields{"cidr": cidr}}}}
	if len(ports) > 0 {
		rule["ports"] = tcp(ports...)
	}
	return rule
}

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
			"to":    []any{fields{"namespaceSelector": fields{"matchLabels": fields{"kubernetes.io/metadata.name": "kube-system"}}}},
			"ports": []any{fields{"protocol": "UDP", "port": 53.0}, fields{"protocol": "TCP", "port": 53.0}},
		}}},
		policyNamespace: {
			"podSelector": fields{}, "policyTypes": both, "ingress": []any{fields{"from": everyone}}, "egress": []any{fields{"to": everyone}},
		},
		policyEgress: {
			"podSelector": fields{}, "policyTypes": out,
			"egress": []any{to("10.40.0.0/16"), to("169.254.170.23/32", 80), web()},
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
	cases := map[string]struct {
		claim  fields
		change func(*world)
		parts  func(*environment)
		want   []any
	}{
		"IRSA asks the web":           {claim: irsa, want: []any{to("10.40.0.0/16"), web()}},
		"nobody has an identity":      {claim: fields{"identities": nil}, want: []any{to("10.40.0.0/16"), web()}},
		"no web":                      {claim: irsa, change: none, want: []any{to("10.40.0.0/16")}},
		"the network is not known":    {claim: irsa, parts: func(e *environment) { e.network.known.CIDR = "" }, want: []any{web()}},
		"nothing is known or allowed": {claim: irsa, change: none, parts: func(e *environment) { e.network.known.CIDR = "" }, want: []any{}},
		"Vault elsewhere": {claim: fields{"cluster.eks.identityMode": "IRSA", "vault.source": fields{"cidr": "10.200.0.0/16"}},
			want: []any{to("10.40.0.0/16"), to("10.200.0.0/16", 443, 8200), web()}},
		"no Vault": {claim: fields{"cluster.eks.identityMode": "IRSA", "vault": nil}, want: []any{to("10.40.0.0/16"), web()}},
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

// The metadata service of a node hands out the node's role: no rule leads there.
func TestNobodyReachesTheMetadataService(t *testing.T) {
	t.Parallel()
	for _, d := range newWorld(t).parts().destinations() {
		switch d.cidr {
		case "0.0.0.0/0":
			equal(t, "except", linkLocal, d.except)
		case podIdentityAgent:
			equal(t, "ports", []int64{80}, d.ports)
		default:
			equal(t, "network", "10.40.0.0/16", d.cidr)
		}
	}
}
