package environment

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation"

	inputv1 "github.com/goldenpath-dev/goldenpath/functions/environment/input/v1"
)

// tuneDNS takes over what the input says of where names are looked up.
func (s *settings) tuneDNS(in *inputv1.DNS) error {
	if in == nil {
		return nil
	}
	if in.Namespace != "" {
		if !isNamespace(in.Namespace) {
			return fmt.Errorf("namespace: %q is not the name of a namespace; write one such as kube-system", in.Namespace)
		}
		s.dns.namespace = in.Namespace
	}
	if len(in.Labels) > 0 {
		for _, key := range slices.Sorted(maps.Keys(in.Labels)) {
			value := in.Labels[key]
			if len(validation.IsQualifiedName(key)) > 0 || len(validation.IsValidLabelValue(value)) > 0 {
				return fmt.Errorf("labels: %q is not a label; write them like k8s-app: kube-dns", key+": "+value)
			}
		}
		s.dns.labels = in.Labels
	}
	for i, address := range in.Addresses {
		ip, err := netip.ParseAddr(address)
		if err != nil || !ip.Is4() || ip.IsUnspecified() {
			return fmt.Errorf("addresses[%d]: %q is not an IPv4 address; write one such as 169.254.20.10", i, address)
		}
		s.dns.addresses = append(s.dns.addresses, netip.PrefixFrom(ip, ip.BitLen()).String())
	}
	slices.Sort(s.dns.addresses)
	s.dns.addresses = slices.Compact(s.dns.addresses)
	return nil
}

// tunePorts takes over the ports that workloads call in the ranges for databases.
func (s *settings) tunePorts(ports []int64) error {
	for i, port := range ports {
		if port < 1 || port > 65535 {
			return fmt.Errorf("databasePorts[%d]: %d is not a port; write 1 to 65535", i, port)
		}
	}
	if len(ports) > 0 {
		s.databasePorts = slices.Compact(slices.Sorted(slices.Values(ports)))
	}
	return nil
}
