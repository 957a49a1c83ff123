// Package partition tells the partitions of AWS apart: they differ in their regions, in ARNs, and in the names of services.
package partition

import (
	"fmt"
	"slices"
	"strings"
)

// Partition of AWS.
type Partition struct {
	// Name in ARNs.
	Name string
	// Domain is what the regional names of services end in, such as logs.eu-west-1.amazonaws.com.
	Domain string
	// Prefixes of the names of its regions: AWS's own SDKs tell by them which partition a region is of.
	Prefixes []string
	// Regions that it has.
	Regions []string
	// Reverse is what the names of some endpoints begin with, where those of all others begin with com.amazonaws. Empty when there
	// are no such endpoints.
	Reverse string
	// Reversed are the services with such an endpoint, by region.
	Reversed map[string][]string
}

// Of is the partition of a region, also of one that is newer than this version. Empty when no region of AWS is called like that.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
func Of(region string) string {
	p, _ := find(region)
	return p.Name
}

// Domain is what the regional names of services end in, such as logs.eu-west-1.amazonaws.com.
func Domain(region string) string {
	p, _ := find(region)
	return p.Domain
}

// EndpointService is the name of the service that an endpoint in a region leads to.
// https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
func EndpointService(region, service string) string {
	if p, _ := find(region); slices.Contains(p.Reversed[region], service) {
		return p.Reverse + "." + region + "." + service
	}
	return "com.amazonaws." + region + "." + service
}

// Check says what is wrong with a region that something new is to be in, and what to write. More are the regions that a platform team
// knows of beside ours. Nil when it can be used.
func Check(region string, more []string) error {
	p, known := find(region)
	if known || p.Name != "" && slices.Contains(more, region) {
		return nil
	}
	if p.Name == "" {
		return fmt.Errorf("%q is called like no region of AWS; write one such as eu-west-1", region)
	}
	return fmt.Errorf("%q is no region of %s that this version knows; write one of %s. When AWS has opened it since, the platform team adds "+
		"it to regions in the input of the composition step", region, p.Name, strings.Join(p.Regions, ", "))
}

// CheckMore says what is wrong with the regions that a platform team adds. Nil when nothing is.
func CheckMore(more []string) error {
	for i, region := range more {
		if Of(region) == "" {
			return fmt.Errorf("regions[%d]: %q is called like no region of AWS, so that nobody knows its partition; write one such as eu-west-1",
				i, region)
		}
	}
	return nil
}

// find the partition of a region, and whether the region is known. The zero Partition when its name is like none of them.
func find(region string) (Partition, bool) {
	all := Partitions()
	for _, p := range all {
		if slices.Contains(p.Regions, region) {
			return p, true
		}
	}
	for _, p := range all {
		for _, prefix := range p.Prefixes {
			if rest, ok := strings.CutPrefix(region, prefix+"-"); ok && numbered(rest) {
				return p, false
			}
		}
	}
	return Partition{}, false
}

// numbered says that a text is a word and a number, such as west-1.
func numbered(text string) bool {
	word, number, found := strings.Cut(text, "-")
	return found && word != "" && number != "" && strings.Trim(number, "0123456789") == "" &&
		strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") == ""
}
