package partition

import (
	"slices"
	"strings"
	"testing"
)

func TestPartition(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ region, partition, domain string }{
		"most regions":                      {"eu-west-1", "aws", "amazonaws.com"},
		"of the United States":              {"us-east-1", "aws", "amazonaws.com"},
		"of its government":                 {"us-gov-west-1", "aws-us-gov", "amazonaws.com"},
		"of China":                          {"cn-north-1", "aws-cn", "amazonaws.com.cn"},
		"of the sovereign cloud":            {"eusc-de-east-1", "aws-eusc", "amazonaws.eu"},
		"a name that only looks like":       {"ca-central-1", "aws", "amazonaws.com"},
		"isolated":                          {"us-iso-east-1", "aws-iso", "c2s.ic.gov"},
		"isolated, of another one":          {"us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov"},
		"isolated, in Europe":               {"eu-isoe-west-1", "aws-iso-e", "cloud.adc-e.uk"},
		"one that AWS may open":             {"eu-east-7", "aws", "amazonaws.com"},
		"one that AWS may open in China":    {"cn-south-2", "aws-cn", "amazonaws.com.cn"},
		"none":                              {"moon-base-1", "", ""},
		"none, of another cloud":            {"europe-west1", "", ""},
		"none, without a number":            {"eu-west", "", ""},
		"none, a zone":                      {"eu-east-1a", "", ""},
		"none, isolated in a way of theirs": {"us-isox-east-1", "", ""},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			if got := Of(tc.region); got != tc.partition {
				t.Errorf("Of(%q) = %q, want %q", tc.region, got, tc.partition)
			}
			if got := Domain(tc.region); got != tc.domain {
				t.Errorf("Domain(%q) = %q, want %q", tc.region, got, tc.domain)
			}
		})
	}
}

// Every region is found by its name alone, too, so that a new one of the same kind is.
func TestPartitionsTellTheirRegionsApart(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, p := range Partitions() {
		for _, region := range p.Regions {
			if seen[region] {
				t.Errorf("%s stands there twice", region)
			}
			seen[region] = true
			if got, known := find(strings.TrimRight(region, "0123456789") + "99"); got.Name != p.Name || known {
				t.Errorf("a region like %s is of %q", region, got.Name)
			}
		}
		for region, services := range p.Reversed {
			if !slices.Contains(p.Regions, region) {
				t.Errorf("%s is no region of %s", region, p.Name)
			}
			if slices.Contains(services, "s3") || slices.Contains(services, "dynamodb") {
				t.Errorf("%s: gateway endpoints are not reversed", region)
			}
		}
	}
}

func TestEndpointService(t *testing.T) {
	t.Parallel()
	for want, tc := range map[string][2]string{
		"com.amazonaws.eu-west-1.ecr.api":            {"eu-west-1", "ecr.api"},
		"cn.com.amazonaws.cn-north-1.ecr.api":        {"cn-north-1", "ecr.api"},
		"cn.com.amazonaws.cn-northwest-1.workspaces": {"cn-northwest-1", "workspaces"},
		"com.amazonaws.cn-north-1.workspaces":        {"cn-north-1", "workspaces"},
		"com.amazonaws.cn-north-1.logs":              {"cn-north-1", "logs"},
		"com.amazonaws.cn-north-1.s3":                {"cn-north-1", "s3"},
		"com.amazonaws.us-gov-west-1.sts":            {"us-gov-west-1", "sts"},
		"eu.amazonaws.eusc-de-east-1.ecr.dkr":        {"eusc-de-east-1", "ecr.dkr"},
		"com.amazonaws.eusc-de-east-1.sts":           {"eusc-de-east-1", "sts"},
		"com.amazonaws.eu-east-7.ec2":                {"eu-east-7", "ec2"},
	} {
		if got := EndpointService(tc[0], tc[1]); got != want {
			t.Errorf("EndpointService(%q, %q) = %q, want %q", tc[0], tc[1], got, want)
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		region string
		more   []string
		want   string
	}{
		"known":                      {"eu-west-1", nil, ""},
		"of the sovereign cloud":     {"eusc-de-east-1", nil, ""},
		"the platform team knows it": {"eu-east-7", []string{"eu-east-7"}, ""},
		"misspelt": {"cn-nort-1", []string{"eu-east-7"}, `"cn-nort-1" is no region of aws-cn that this version knows; write one of cn-north-1, ` +
			`cn-northwest-1. When AWS has opened it since, the platform team adds it to regions in the input of the composition step`},
		"of another cloud": {"europe-west1", []string{"europe-west1"}, `"europe-west1" is called like no region of AWS; write one such as eu-west-1`},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			got := ""
			if err := Check(tc.region, tc.more); err != nil {
				got = err.Error()
			}
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
	if err := CheckMore([]string{"eu-east-7", "moon"}); err == nil || !strings.HasPrefix(err.Error(), `regions[1]: "moon" is called like no region`) {
		t.Errorf("CheckMore() = %v", err)
	}
	if err := CheckMore([]string{"eu-east-7"}); err != nil {
		t.Errorf("CheckMore() = %v", err)
	}
}
