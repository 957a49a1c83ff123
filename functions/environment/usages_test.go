package environment

import "testing"

const protectionReason = "staging is protected: set spec.deletionProtection to false, wait until status.deletionProtection is false, then delete it"

func TestProtection(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		kind  string
		claim any
		want  bool
	}{
		"production":               {"production", nil, true},
		"production, set to false": {"production", false, false},
		"staging":                  {"staging", nil, false},
		"staging, set to true":     {"staging", true, true},
		"a preview":                {"preview", nil, false},
		"a preview, set to true":   {"preview", true, true},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).with(fields{"type": tc.kind, "deletionProtection": tc.claim})
			if tc.kind == "preview" {
				w.with(fields{"ttl": "72h"})
			}
			for _, when := range []string{"from the first call", "later"} {
				p := w.compose()
				if got := !wanted(p, "environment-usage-protection").IsZero(); got != tc.want || got != p.Status.Done().Bool("deletionProtection") {
					t.Errorf("%s: protected %v, status %v, want %v", when, got, p.Status.Done().Bool("deletionProtection"), tc.want)
				}
				w.settle()
			}
		})
	}
}

func TestProtectionUsages(t *testing.T) {
	t.Parallel()
	api := "protection.crossplane.io/v1beta1"
	of := func(kind, name string) fields {
		return fields{"of": fields{"apiVersion": "platform.io/v1", "kind": kind, "resourceRef": fields{"name": name}}, "reason": protectionReason}
	}
	w := newWorld(t).with(fields{"deletionProtection": true})
	equal(t, "namespaced", fields{
		"apiVersion": api, "kind": "Usage", "spec": of("Environment", "staging"),
		"metadata": fields{"name": w.in().Name("environment-usage-protection"), "namespace": "team-checkout"},
	}, wanted(w.compose(), "environment-usage-protection").Map())
	w = newWorld(t).with(fields{"deletionProtection": true}).claimed()
	p := w.compose()
	equal(t, "the composite", fields{
		"apiVersion": api, "kind": "ClusterUsage", "spec": of("XEnvironment", "staging-x7k2p"),
		"metadata": fields{"name": w.in().Name("environment-usage-protection")},
	}, wanted(p, "environment-usage-protection").Map())
	equal(t, "the claim", fields{
		"apiVersion": api, "kind": "Usage", "spec": of("Environment", "staging"),
		"metadata": fields{"name": w.in().Name("environment-usage-protection-claim"), "namespace": "team-checkout"},
	}, wanted(p, "environment-usage-protection-claim").Map())
}

func TestProtectionIsTurnedOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t).with(fields{"deletionProtection": true}).claimed()
	w.settle()
	p := w.with(fields{"deletionProtection": false}).step()
	equal(t, "drops", []string{"environment-usage-protection: SpecChanged", "environment-usage-protection-claim: SpecChanged"}, drops(p))
	if p.Status.Done().Bool("deletionProtection") {
		t.Error("status.deletionProtection is still true")
	}
	equal(t, "then", []string(nil), drops(w.step()))
}

// The environment's own Usages are not of what lives in it: it would wait for itself for ever.
func TestOwnUsagesAreNotOfTheEnvironmentsUsers(t *testing.T) {
	t.Parallel()
	for _, legacy := range []bool{false, true} {
		w := newWorld(t).with(fields{"deletionProtection": true})
		if legacy {
			w.claimed()
		}
		w.settle()
		for name, o := range w.observed {
			if w.object(o).Label("platform.io/environment-uid") != "" {
				t.Errorf("claims flavour %v: %s has the label", legacy, name)
			}
		}
	}
}
