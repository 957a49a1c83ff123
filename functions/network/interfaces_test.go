package network

import (
	"fmt"
	"strings"
	"testing"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	inputv1 "github.com/goldenpath-dev/goldenpath/functions/network/input/v1"
)

// The child composite says what the endpoints need, and follows the network.
func TestInterfaceEndpoints(t *testing.T) {
	t.Parallel()
	w := newWorld(t).with(fields{"endpoints": []any{"sts", "ecr.api", "sts"}})
	if !wanted(w.compose(), nameInterfaces).IsZero() {
		t.Error("the child is there before the network")
	}
	p := w.settle()
	want := fields{
		"cloud": fields{"provider": "aws", "region": "eu-west-1", "accountId": "123456789012", "providerConfigRef": fields{"name": "aws-staging"}},
		"owner": fields{"team": "platform", "costCenter": "cc 1!"},
		"vpcId": "id-of-network-vpc", "cidr": "10.40.0.0/16",
		"subnetIds": []any{"id-of-network-subnet-private-a", "id-of-network-subnet-private-b"}, "services": []any{"ecr.api", "sts"},
	}
	child := wanted(p, nameInterfaces)
	equal(t, "spec", want, child.At("spec").Map())
	equal(t, "kind", []string{"platform.io/v1", "NetworkEndpoints", "platform"}, []string{child.APIVersion(), child.Kind(), child.Namespace()})

	// A new zone is not in the child before its subnet is there.
	w.with(fields{"zones": 3})
	w.asleep = []string{"network-subnet-private-c"}
	equal(t, "the subnet is not there yet", want, wanted(w.settle(), nameInterfaces).At("spec").Map())
	w.asleep = nil
	want["subnetIds"] = append(want["subnetIds"].([]any), "id-of-network-subnet-private-c")
	equal(t, "the subnet is there", want, wanted(w.settle(), nameInterfaces).At("spec").Map())

	w.with(fields{"endpoints": nil})
	equal(t, "no endpoints any more", []string{"network-interface-endpoints: SpecChanged"}, drops(w.step()))
	equal(t, "then", []string(nil), drops(w.settle()))
}

// In the claims flavour everything is cluster-scoped, and the claim is protected too.
func TestClaims(t *testing.T) {
	t.Parallel()
	w := newWorld(t).with(fields{"endpoints": []any{"sts"}, "owner": nil}).claimed()
	p := w.settle()
	child := wanted(p, nameInterfaces)
	equal(t, "the child", []string{"XNetworkEndpoints", ""}, []string{child.Kind(), child.Namespace()})
	if child.Has("spec", "owner") {
		t.Error("an owner that nobody named")
	}
	vpc := wanted(p, nameVPC)
	equal(t, "the VPC", []string{"ec2.aws.upbound.io/v1beta1", "VPC", ""}, []string{vpc.APIVersion(), vpc.Kind(), vpc.Namespace()})
	equal(t, "a route", "ec2.aws.upbound.io/v1beta2", wanted(p, "network-route-public").APIVersion())
	equal(t, "the Usage of the composite", fields{"apiVersion": "platform.io/v1", "kind": "XNetwork", "resourceRef": fields{"name": "shared-x7k2p"}},
		wanted(p, "network-usage-protection").At("spec", "of").Map())
	equal(t, "the Usage of the claim", fields{"apiVersion": "platform.io/v1", "kind": "Network", "resourceRef": fields{"name": "shared"}},
		wanted(p, "network-usage-protection-claim").At("spec", "of").Map())
	w.with(fields{"deletionProtection": false})
	w.step()
	equal(t, "both Usages go", []string{"network-usage-protection: SpecChanged", "network-usage-protection-claim: SpecChanged"}, drops(w.step()))
}

// services are some names.
func services(n int) []any {
	var names []any
	for i := range n {
		names = append(names, fmt.Sprintf("service-%02d", i))
	}
	return names
}

// partsOf are the services of each composite, by the end of its name.
func partsOf(w *world) map[string]int {
	parts := map[string]int{}
	for _, name := range (look{w}).Names(nameInterfaces) {
		parts[strings.TrimPrefix(name, nameInterfaces)] = len(look{w}.Get(name).Strings("spec", "services"))
	}
	return parts
}

// Twenty services are shared among three composites, and each stays in its own whatever becomes of the others.
func TestInterfaceEndpointsAreShared(t *testing.T) {
	t.Parallel()
	w := newWorld(t).with(fields{"endpoints": services(8)})
	w.settle()
	equal(t, "eight fit into one", map[string]int{"": 8}, partsOf(w))
	w.with(fields{"endpoints": services(20)})
	w.settle()
	equal(t, "twenty", map[string]int{"": 8, "-2": 8, "-3": 4}, partsOf(w))
	equal(t, "words", 20, strings.Count(condition(w.compose(), v1.ConditionEndpointsReady).Message, "service-"))
	third := look{w}.Get(nameInterfaces+"-3").Strings("spec", "services")

	w.with(fields{"endpoints": services(20)[5:]})
	equal(t, "drops", []string(nil), drops(w.settle()))
	equal(t, "five less", map[string]int{"": 3, "-2": 8, "-3": 4}, partsOf(w))
	equal(t, "the others stay", third, look{w}.Get(nameInterfaces+"-3").Strings("spec", "services"))
	w.with(fields{"endpoints": append(services(20)[5:], "another")})
	w.settle()
	equal(t, "a new one goes where there is room", map[string]int{"": 4, "-2": 8, "-3": 4}, partsOf(w))
	w.with(fields{"endpoints": services(20)[16:]})
	equal(t, "drops", []string{"network-interface-endpoints: SpecChanged", "network-interface-endpoints-2: SpecChanged"}, drops(w.step()))

	w.with(fields{"endpoints": services(9)})
	w.step()
	w.settle()
	set(w.observed[nameInterfaces+"-2"], "status.conditions", []any{fields{
		"type": "EndpointsReady", "status": "False", "reason": "Failing", "message": "no such service",
	}})
	c := condition(w.compose(), v1.ConditionEndpointsReady)
	equal(t, "one that fails is told", []string{"False", "Failing", "no such service"}, []string{string(c.Status), string(c.Reason), c.Message})
}

// A preset is a list of services, and may be another one in the input.
func TestPresets(t *testing.T) {
	t.Parallel()
	w := newWorld(t).with(fields{"endpointPresets": []any{"eksPrivate"}, "endpoints": []any{"sts", "ssm"}})
	w.settle()
	equal(t, "services", []string{"autoscaling", "ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "elasticloadbalancing", "logs"},
		look{w}.Get(nameInterfaces).Strings("spec", "services"))
	equal(t, "and more", []string{"ssm", "sts"}, look{w}.Get(nameInterfaces+"-2").Strings("spec", "services"))

	data, err := defaultSettings().with(&inputv1.Input{EndpointPresets: map[string][]string{"batch": {"sqs"}, "eksPrivate": {"eks"}}})
	if err != nil {
		t.Fatal(err)
	}
	w = newWorld(t).with(fields{"endpointPresets": []any{"eksPrivate", "batch"}})
	w.stage = Stage(open(data))
	w.settle()
	equal(t, "of the input", []string{"eks", "sqs"}, look{w}.Get(nameInterfaces).Strings("spec", "services"))

	_, err = defaultSettings().with(&inputv1.Input{EndpointPresets: map[string][]string{"batch": {"sqs", "s3"}}})
	if want := `endpointPresets.batch[1]: "s3" is no service with an interface endpoint; write the last part of a service name, such as ecr.api`; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}
