package guardrails_test

import (
	"strings"
	"testing"
)

const (
	labels     = `platform.io/claim-kind: appdatabase, platform.io/claim-namespace: team, platform.io/claim-name: orders`
	production = `platform.io/environment: {name: live, namespace: team, uid: e-1, type: production, owner: {team: "café & co", costCenter: cc-1, contact: a@b},
  cloud: {provider: aws, region: r}, network: {}}`
)

func TestMarks(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 300)
	cases := map[string]struct {
		why, context, input, resource, name, want string
	}{
		"LabelsAndTags": {
			why: "who owns it and who pays for it; what AWS does not take in a tag is mended", context: production, name: "database-instance",
			resource: `{apiVersion: rds.aws.m.upbound.io/v1beta1, kind: Instance, metadata: {name: db}, spec: {forProvider: {region: r}}}`,
			want: `{apiVersion: rds.aws.m.upbound.io/v1beta1, kind: Instance, metadata: {name: db, labels: {` + labels + `, platform.io/environment: live}},
  spec: {forProvider: {region: r, tags: {` + labels + `, platform.io/environment: live, platform.io/managed-by: goldenpath,
    platform.io/team: caf_ _ co, platform.io/cost-center: cc-1, platform.io/environment-type: production}}}}`,
		},
		"ClaimsFlavour": {
			why: "the group without the m is AWS too", name: "database-instance",
			resource: `{apiVersion: rds.aws.upbound.io/v1beta3, kind: Instance, spec: {forProvider: {}}}`,
			want: `{apiVersion: rds.aws.upbound.io/v1beta3, kind: Instance, metadata: {labels: {` + labels + `}},
  spec: {forProvider: {tags: {` + labels + `, platform.io/managed-by: goldenpath}}}}`,
		},
		"InputTags": {
			why:   "the platform team's own tags, which never replace ours; others that the resource has stay",
			input: `{apiVersion: guardrails.fn.platform.io/v1, kind: Input, tags: {product: "a;b", platform.io/managed-by: somebody, longest: ` + long + `}}`,
			name:  "database-instance",
			resource: `{apiVersion: rds.aws.m.upbound.io/v1beta1, kind: Instance, metadata: {labels: {theirs: x}},
  spec: {forProvider: {tags: {theirs: x, product: before}}}}`,
			want: `{apiVersion: rds.aws.m.upbound.io/v1beta1, kind: Instance, metadata: {labels: {theirs: x, ` + labels + `}},
  spec: {forProvider: {tags: {theirs: x, ` + labels + `, platform.io/managed-by: goldenpath, product: a_b, longest: ` + strings.Repeat("_", 256) + `}}}}`,
		},
		"NotTaggable": {
			why: "the kind has no tags", name: "database-rule",
			resource: `{apiVersion: ec2.aws.m.upbound.io/v1beta1, kind: SecurityGroupRule, spec: {forProvider: {}}}`,
			want:     `{apiVersion: ec2.aws.m.upbound.io/v1beta1, kind: SecurityGroupRule, metadata: {labels: {` + labels + `}}, spec: {forProvider: {}}}`,
		},
		"OnlyObserved": {
			why: "it belongs to somebody else, who says what its tags are", name: "network-vpc",
			resource: `{apiVersion: ec2.aws.m.upbound.io/v1beta1, kind: VPC, spec: {managementPolicies: [Observe], forProvider: {region: r}}}`,
			want: `{apiVersion: ec2.aws.m.upbound.io/v1beta1, kind: VPC, metadata: {labels: {` + labels + `}},
  spec: {managementPolicies: [Observe], forProvider: {region: r}}}`,
		},
		"NotAWS": {
			why: "Vault knows no tags", name: "vault-policy-reader",
			resource: `{apiVersion: vault.vault.m.upbound.io/v1alpha1, kind: Policy, spec: {forProvider: {}}}`,
			want:     `{apiVersion: vault.vault.m.upbound.io/v1alpha1, kind: Policy, metadata: {labels: {` + labels + `}}, spec: {forProvider: {}}}`,
		},
		"LooksLikeAWS": {
			why: "a group that only ends like it is somebody else's", name: "database-box",
			resource: `{apiVersion: notaws.upbound.io/v1, kind: Box, spec: {forProvider: {}}}`,
			want:     `{apiVersion: notaws.upbound.io/v1, kind: Box, metadata: {labels: {` + labels + `}}, spec: {forProvider: {}}}`,
		},
		"Foreign": {
			why: "what is not ours is not touched", name: "their-instance", context: production,
			resource: `{apiVersion: rds.aws.m.upbound.io/v1beta1, kind: Instance, spec: {forProvider: {}}}`,
			want:     `{apiVersion: rds.aws.m.upbound.io/v1beta1, kind: Instance, spec: {forProvider: {}}}`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			t.Log(c.why)
			input := ""
			if c.input != "" {
				input = "\ninput: " + c.input
			}
			review(t, `
observed: {`+xr("")+`}
desired: {composite: {}, resources: {`+c.name+`: {resource: `+c.resource+`, ready: READY_TRUE, connectionDetails: {k: dg==}}}}
context: {`+c.context+`}`+input, `
desired: {composite: {ready: READY_TRUE}, resources: {`+c.name+`: {resource: `+c.want+`, ready: READY_TRUE, connectionDetails: {k: dg==}}}}
context: {`+c.context+`}
`+passed)
		})
	}
}

func TestMarksOfAClaim(t *testing.T) {
	t.Parallel()
	review(t, `
observed: {composite: {resource: {apiVersion: platform.io/v1, kind: XAppDatabase, metadata: {name: orders-x7k, uid: u-1}, spec: {claimRef: {namespace: team, name: orders}}}}}
desired: {composite: {}, resources: {database-connection-secret: {resource: `+plain+`, ready: READY_TRUE}}}`, `
desired: {composite: {ready: READY_TRUE}, resources: {database-connection-secret: {resource: `+labelled+`, ready: READY_TRUE}}}
`+passed)
}

// TestMarksOfWhatIsInNoEnvironment: a Network says itself who owns it.
func TestMarksOfWhatIsInNoEnvironment(t *testing.T) {
	t.Parallel()
	const marks = `platform.io/claim-kind: network, platform.io/claim-namespace: platform, platform.io/claim-name: shared`
	review(t, `
observed: {composite: {resource: {apiVersion: platform.io/v1, kind: Network, metadata: {name: shared, namespace: platform, uid: n-1},
  spec: {owner: {team: platform, costCenter: cc-9}}}}}
desired: {composite: {}, resources: {network-vpc: {ready: READY_TRUE, resource: {apiVersion: ec2.aws.m.upbound.io/v1beta1, kind: VPC, spec: {forProvider: {region: r}}}}}}`, `
desired: {composite: {ready: READY_TRUE}, resources: {network-vpc: {ready: READY_TRUE, resource: {apiVersion: ec2.aws.m.upbound.io/v1beta1, kind: VPC,
  metadata: {labels: {`+marks+`}}, spec: {forProvider: {region: r, tags: {`+marks+`, platform.io/managed-by: goldenpath, platform.io/team: platform,
  platform.io/cost-center: cc-9}}}}}}}
`+passed)
}
