package environment

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// vaultUnrouted says that no route leads from the network to Vault's servers, so that databases cannot answer them. Empty when one does,
// and when nobody knows: Vault is behind a security group, or the network is one that others own.
func (e *environment) vaultUnrouted() string {
	v, network := e.vaultStatus(), e.network.known
	if v == nil || v.Source == nil || v.Source.CIDR == "" || len(network.RoutedCIDRs) == 0 {
		return ""
	}
	vault, err := netip.ParsePrefix(v.Source.CIDR)
	if err != nil {
		return ""
	}
	leads := func(cidr string) bool {
		routed, err := netip.ParsePrefix(cidr)
		return err == nil && routed.Bits() <= vault.Bits() && routed.Contains(vault.Addr())
	}
	if slices.ContainsFunc(network.RoutedCIDRs, leads) {
		return ""
	}
	whose := "spec.network.routes"
	if e.claim.networkRef != nil {
		ref := e.networkRef()
		whose = fmt.Sprintf("spec.routes of Network %s/%s (its owner can)", ref.Namespace, ref.Name)
	}
	return fmt.Sprintf(". No route leads from the network (%s) to Vault at %s, so databases cannot answer it: write one in %s",
		strings.Join(network.RoutedCIDRs, ", "), v.Source.CIDR, whose)
}
