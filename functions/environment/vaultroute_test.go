package environment

import (
	"strings"
	"testing"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
)

// Vault that no route leads to is said, and nobody waits for it.
func TestVaultWithoutARoute(t *testing.T) {
	t.Parallel()
	cidr := func(cidr string) *pipelinev1.VaultSource { return &pipelinev1.VaultSource{CIDR: cidr} }
	cases := map[string]struct {
		routed []string
		source *pipelinev1.VaultSource
		want   string
	}{
		"a route":                 {[]string{"10.40.0.0/16", "10.200.0.0/16"}, cidr("10.200.0.0/16"), ""},
		"a route to more":         {[]string{"10.40.0.0/16", "10.192.0.0/10"}, cidr("10.200.0.0/16"), ""},
		"within the network":      {[]string{"10.40.0.0/16"}, cidr("10.40.7.0/24"), ""},
		"nobody knows the routes": {nil, cidr("10.200.0.0/16"), ""},
		"behind a security group": {[]string{"10.40.0.0/16"}, &pipelinev1.VaultSource{SecurityGroupID: "sg-1"}, ""},
		"no source":               {[]string{"10.40.0.0/16"}, nil, ""},
		"a route to a part of it": {[]string{"10.40.0.0/16", "10.200.1.0/24"}, cidr("10.200.0.0/16"), "(10.40.0.0/16, 10.200.1.0/24) to Vault at 10.200.0.0/16"},
		"no route":                {[]string{"10.40.0.0/16"}, cidr("10.200.0.0/16"), "(10.40.0.0/16) to Vault at 10.200.0.0/16"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			e := readyParts(t, nil).parts()
			e.network.known.RoutedCIDRs = tc.routed
			if e.claim.vault == nil {
				t.Fatal("the fixture has no Vault")
			}
			e.claim.vault.Source = tc.source
			c := e.vaultReady()
			if !c.Is() {
				t.Fatalf("%+v", c)
			}
			_, words, said := strings.Cut(c.Message, "No route leads from the network ")
			want := ""
			if tc.want != "" {
				want = tc.want + ", so databases cannot answer it: write one in spec.routes of Network platform/shared (its owner can)"
			}
			if said != (want != "") || words != want {
				t.Errorf("%q, want %q", words, want)
			}
		})
	}
}
