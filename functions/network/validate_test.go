package network

import (
	"fmt"
	"strings"
	"testing"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/tenancy"
)

// Each refusal says what to write instead. What is asked for at first, and what after it has become ready.
func TestRefusals(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		// at first. Nil for a network that is new.
		was  fields
		spec fields
		want []string
	}{
		"another cloud": {nil, fields{"cloud.provider": "gcp"},
			[]string{"CloudUnsupported", "spec.cloud.provider: networks are on aws only, and not on gcp; write aws"}},
		"no account": {nil, fields{"cloud.accountId": nil}, []string{"InvalidSpec", "spec.cloud: needs region and accountId"}},
		"a region that is misspelt": {nil, fields{"cloud.region": "cn-nort-1"}, []string{"RegionUnknown", `spec.cloud.region: "cn-nort-1" is no region ` +
			"of aws-cn that this version knows; write one of cn-north-1, cn-northwest-1. When AWS has opened it since, the platform team adds it to " +
			"regions in the input of the composition step"}},
		"a region of another cloud": {nil, fields{"cloud.region": "europe-west1"}, []string{"RegionUnknown",
			`spec.cloud.region: "europe-west1" is called like no region of AWS; write one such as eu-west-1`}},
		"a key of another region": {nil, fields{"flowLogs": fields{"kmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/1234abcd"}},
			[]string{"InvalidSpec", "spec.flowLogs.kmsKeyArn: arn:aws:kms:us-east-1:123456789012:key/1234abcd is no key of region eu-west-1 in account " +
				"123456789012; write the ARN of one, such as arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"}},
		"a key by its alias": {nil, fields{"flowLogs": fields{"kmsKeyArn": "arn:aws:kms:eu-west-1:123456789012:alias/logs"}},
			[]string{"InvalidSpec", "spec.flowLogs.kmsKeyArn: arn:aws:kms:eu-west-1:123456789012:alias/logs is no key of region eu-west-1 in account " +
				"123456789012; write the ARN of one, such as arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"}},
		"nothing at all": {nil, fields{"cidr": nil},
			[]string{"InvalidSpec", "write either spec.cidr, for a new network, or spec.existing, for one that is there"}},
		"too small": {nil, fields{"cidr": "10.40.0.0/25"}, []string{"InvalidCIDR", "spec.cidr: 10.40.0.0/25 is too small: it has to have room for " +
			"three zones with a subnet of each tier, so that one can be added later. The smallest that fits is a /24; write 10.40.0.0/24"}},
		"no zone":  {nil, fields{"zones": 0}, []string{"InvalidSpec", "spec.zones: 0; write 1 to 3"}},
		"too many": {nil, fields{"zones": 4}, []string{"InvalidSpec", "spec.zones: 4; write 1 to 3"}},
		"an unknown mode": {nil, fields{"nat": "double"},
			[]string{"InvalidSpec", `spec.nat: "double"; write none, single or perZone`}},
		"what is there anyway": {nil, fields{"endpoints": []any{"sts", "s3"}},
			[]string{"InvalidSpec", "spec.endpoints: s3 is always there, for nothing; take it out of the list"}},
		"too many endpoints": {nil, fields{"endpoints": services(12), "endpointPresets": []any{"eksPrivate"}}, []string{"InvalidSpec",
			"spec.endpoints: 21 services are too many, with those of spec.endpointPresets; write 20 at most"}},
		"a preset that there is not": {nil, fields{"endpointPresets": []any{"eksPublic"}}, []string{"InvalidSpec", "spec.endpointPresets: there is no " +
			`preset "eksPublic"; write one of eksPrivate, or name the services in spec.endpoints`}},
		"another range": {fields{}, fields{"cidr": "10.41.0.0/16"}, []string{"CIDRChanged",
			"spec.cidr: the network is 10.40.0.0/16 and cannot become 10.41.0.0/16. Write 10.40.0.0/16 again, or create another Network"}},
		"a range that is none": {fields{}, fields{"cidr": "10.41.0.0/14"}, []string{"InvalidCIDR",
			"spec.cidr: 10.41.0.0/14 is an address within a network; write the network, 10.40.0.0/14"}},
		"another region": {fields{}, fields{"cloud.region": "us-east-1"}, []string{"CloudChanged",
			"spec.cloud.region: the network is in eu-west-1 and cannot move to us-east-1. Write eu-west-1 again, or create another Network there"}},
		"a zone less": {fields{"zones": 3}, fields{"zones": 2}, []string{"NetworkShrink", "spec.zones: the network is in 3 zones (eu-west-1a, " +
			"eu-west-1b, eu-west-1c) and cannot leave one: what lives there would be lost. Write 3 again, or create another Network"}},
		"a tier less": {fields{}, fields{"databaseTier": false}, []string{"NetworkShrink", "spec.databaseTier: the network has a database tier and " +
			"cannot lose it: databases live in it. Write true again, or create another Network"}},
		"somebody else's from now on": {fields{}, fields{"cidr": nil, "existing": existing()}, []string{"ExistingChanged", "spec.existing: this " +
			`network has a VPC of its own, id-of-network-vpc. Write spec.cidr: "10.40.0.0/16" again, or create another Network`}},
		"no more somebody else's": {fields{"cidr": nil, "existing": existing()}, fields{"cidr": "10.40.0.0/16", "existing": nil}, []string{
			"ExistingChanged", "spec.existing: this network is the existing vpc-0a. Write spec.existing again, or create another Network"}},
		"another one": {fields{"cidr": nil, "existing": existing()}, fields{"existing.vpcId": "vpc-0f"}, []string{"ExistingChanged",
			"spec.existing.vpcId: this network is vpc-0a. Write that again, or create another Network for vpc-0f"}},
		"endpoints in somebody else's": {nil, fields{"cidr": nil, "existing": existing(), "endpoints": []any{"sts"}}, []string{"InvalidSpec",
			"spec.endpoints is for networks that we create: an existing VPC is only observed; remove the field"}},
		"logs of somebody else's": {nil, fields{"cidr": nil, "existing": existing(), "flowLogs": fields{}}, []string{"InvalidSpec",
			"spec.flowLogs is for networks that we create: an existing VPC is only observed; remove the field"}},
		"no subnet of somebody else's": {nil, fields{"cidr": nil, "existing": fields{"vpcId": "vpc-0a"}},
			[]string{"InvalidSpec", "spec.existing: needs vpcId and at least one of subnets"}},
		"a foreign VPC": {nil, fields{"cidr": nil, "existing": fields{"vpcId": "vpc-0d", "subnets": []any{}}}, []string{"TenancyDenied",
			denied("spec.existing.vpcId", "vpc-0d", tenancy.VPCs)}},
		"a foreign account": {nil, fields{"cloud.accountId": "999999999999"}, []string{"TenancyDenied",
			denied("spec.cloud.accountId", "999999999999", tenancy.Accounts)}},
		"foreign credentials": {nil, fields{"cloud.providerConfigRef": fields{"name": "root"}}, []string{"TenancyDenied",
			denied("spec.cloud.providerConfigRef.name", "root", tenancy.ProviderConfigs)}},
	}
	data := bounded()
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.stage = Stage(data)
			if tc.was != nil {
				w.with(tc.was)
				w.settle()
			}
			w.with(tc.spec)
			conditionType, reason, message := w.refusal()
			equal(t, "refusal", append([]string{v1.ConditionNetworkReady}, tc.want...), []string{conditionType, string(reason), message})
		})
	}
}

func existing() fields {
	return fields{"vpcId": "vpc-0a", "subnets": []any{fields{"id": "subnet-0b", "role": "private"}}}
}

func denied(field, value string, list tenancy.List) string {
	return tenancy.Denied("platform", []tenancy.Name{{Field: field, Value: value, List: list}})
}

// bounded are settings with a rule for what the fixture names.
func bounded() settings {
	data := defaultSettings()
	data.tenancy = &tenancy.Tenancy{Rules: []tenancy.Rule{{
		Namespaces: []string{"platform"}, ProviderConfigs: []string{"aws-*"}, Accounts: []string{"123456789012"}, Owners: []string{"platform"},
		CostCenters: []string{"cc 1!"}, VPCs: []string{"vpc-0a", "vpc-0f"}, CIDRs: []string{"10.40.0.0/16"},
	}}}
	return data
}

// Without a rule nobody may name anything, and the refusal says the rule for all of it.
func TestTenancyIsClosed(t *testing.T) {
	t.Parallel()
	rule := `this rule to tenancy.rules in the input of the Composition: {namespaces: ["platform"], providerConfigs: [%s], ` +
		`accounts: ["123456789012"], owners: ["platform"], costCenters: ["cc 1!"]%s}`
	for reason, tc := range map[string]struct {
		spec fields
		want string
	}{
		"a network of ours":   {nil, fmt.Sprintf(rule, `"aws-staging"`, `, cidrs: ["10.40.0.0/16"]`)},
		"one that is there":   {fields{"cidr": nil, "existing": existing()}, fmt.Sprintf(rule, `"aws-staging"`, `, vpcs: ["vpc-0a"]`)},
		"the default account": {fields{"cloud.providerConfigRef": nil}, fmt.Sprintf(rule, `"default"`, `, cidrs: ["10.40.0.0/16"]`)},
	} {
		w := newWorld(t).with(tc.spec)
		w.stage = Stage(defaultSettings())
		_, denial, message := w.refusal()
		if denial != conditions.TenancyDenied || !strings.HasSuffix(message, tc.want) {
			t.Errorf("%s: %s %s\nwant %s", reason, denial, message, tc.want)
		}
	}
}

// Each name of the fixture needs its own entry.
func TestTenancyOfANetwork(t *testing.T) {
	t.Parallel()
	for reason, tc := range map[string]struct {
		change func(*tenancy.Rule)
		want   string
	}{
		"no account":  {func(r *tenancy.Rule) { r.Accounts = nil }, denied("spec.cloud.accountId", "123456789012", tenancy.Accounts)},
		"no owner":    {func(r *tenancy.Rule) { r.Owners = nil }, denied("spec.owner.team", "platform", tenancy.Owners)},
		"nobody pays": {func(r *tenancy.Rule) { r.CostCenters = nil }, denied("spec.owner.costCenter", "cc 1!", tenancy.CostCenters)},
		"no credentials": {func(r *tenancy.Rule) { r.ProviderConfigs = nil },
			denied("spec.cloud.providerConfigRef.name", "aws-staging", tenancy.ProviderConfigs)},
	} {
		data, w := bounded(), newWorld(t)
		tc.change(&data.tenancy.Rules[0])
		w.stage = Stage(data)
		_, _, message := w.refusal()
		equal(t, reason, tc.want, message)
	}
}
