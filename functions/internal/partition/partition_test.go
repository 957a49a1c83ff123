package partition

import "testing"

func TestPartition(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ region, partition, domain string }{
		"most regions":                {"eu-west-1", "aws", "amazonaws.com"},
		"of the United States":        {"us-east-1", "aws", "amazonaws.com"},
		"of its government":           {"us-gov-west-1", "aws-us-gov", "amazonaws.com"},
		"of China":                    {"cn-north-1", "aws-cn", "amazonaws.com.cn"},
		"a name that only looks like": {"ca-central-1", "aws", "amazonaws.com"},
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
