package network

import (
	"strings"
	"testing"
)

func TestFlowLogs(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		region, partition string
		spec              any
		days              float64
	}{
		"by default":        {"eu-west-1", "aws", nil, 30},
		"kept for a year":   {"eu-west-1", "aws", fields{"retentionDays": 365}, 365},
		"switched on":       {"eu-west-1", "aws", fields{"enabled": true}, 30},
		"in China":          {"cn-north-1", "aws-cn", nil, 30},
		"in the government": {"us-gov-west-1", "aws-us-gov", nil, 30},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			p := readyWorld(t, fields{"cloud.region": tc.region, "flowLogs": tc.spec}).compose()
			group, role := wanted(p, nameFlowLogGroup).Name(), wanted(p, nameFlowLogRole).Name()
			equal(t, "group", fields{"region": tc.region, "retentionInDays": tc.days, "tags": owned("shared-flow-log-group")},
				forProvider(p, nameFlowLogGroup))
			equal(t, "role", fields{
				"description": "Flow logs of Network platform/shared", "tags": owned("shared-flow-log-role"),
				"assumeRolePolicy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"vpc-flow-logs.amazonaws.com"},` +
					`"Action":["sts:AssumeRole"],"Condition":{"ArnLike":{"aws:SourceArn":"arn:` + tc.partition + `:ec2:` + tc.region +
					`:123456789012:vpc-flow-log/*"},"StringEquals":{"aws:SourceAccount":"123456789012"}}}]}`,
			}, forProvider(p, nameFlowLogRole))
			equal(t, "policy", fields{
				"role": role,
				"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:CreateLogStream","logs:DescribeLogGroups",` +
					`"logs:DescribeLogStreams","logs:PutLogEvents"],"Resource":["arn:` + tc.partition + `:logs:` + tc.region +
					`:123456789012:log-group:` + group + `:*"]}]}`,
			}, forProvider(p, nameFlowLogPolicy))
			equal(t, "flow log", fields{
				"region": tc.region, "vpcId": "id-of-network-vpc", "trafficType": "ALL", "logDestinationType": "cloud-watch-logs",
				"logDestination": "arn:aws:x:eu-west-1:123456789012:" + group, "iamRoleArn": "arn:aws:x:eu-west-1:123456789012:" + role,
				"tags": owned("shared-flow-log"),
			}, forProvider(p, nameFlowLog))
			equal(t, "status", group, p.Status.Done().String("flowLogGroup"))
		})
	}
}

// The role of flow logs carries what the platform team wants every role to carry.
func TestFlowLogRoleHasABoundary(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]string{
		"eu-west-1":  "arn:aws:iam::123456789012:policy/boundary",
		"cn-north-1": "arn:aws-cn:iam::123456789012:policy/boundary",
	} {
		data := open(defaultSettings())
		data.tenancy.Rules[0].PermissionsBoundary = "arn:{partition}:iam::{accountId}:policy/boundary"
		w := newWorld(t).with(fields{"cloud.region": region})
		w.stage = Stage(data)
		equal(t, region, want, forProvider(w.compose(), nameFlowLogRole)["permissionsBoundary"])
	}
}

// A key that is there stays until there is another one: the provider does not take it away.
func TestFlowLogKey(t *testing.T) {
	t.Parallel()
	const one, two = "arn:aws:kms:eu-west-1:123456789012:key/1", "arn:aws:kms:eu-west-1:123456789012:key/2"
	w := newWorld(t)
	for _, step := range []struct{ said, want any }{{nil, nil}, {one, one}, {two, two}, {nil, two}} {
		w.with(fields{"flowLogs.kmsKeyArn": step.said})
		w.settle()
		equal(t, "the key", step.want, forProvider(w.compose(), nameFlowLogGroup)["kmsKeyId"])
	}
}

// What a protected network has recorded outlives it.
func TestFlowLogGroupStays(t *testing.T) {
	t.Parallel()
	for protected, want := range map[bool][]string{true: {"Observe", "Create", "Update", "LateInitialize"}, false: nil} {
		p := readyWorld(t, fields{"deletionProtection": protected}).compose()
		equal(t, "policies", want, wanted(p, nameFlowLogGroup).Strings("spec", "managementPolicies"))
	}
}

// The flow log goes first: without its log group it would only report errors.
func TestFlowLogsOff(t *testing.T) {
	t.Parallel()
	w := readyWorld(t, nil).with(fields{"flowLogs": fields{"enabled": false}})
	equal(t, "first", []string{"network-flow-log: SpecChanged"}, drops(w.step()))
	p := w.step()
	equal(t, "then", []string{
		"network-flow-log-policy: SpecChanged", "network-flow-log-role: SpecChanged", "network-flow-log-group: SpecChanged",
	}, drops(p))
	if p.Status.Done().Has("flowLogGroup") {
		t.Error("status.flowLogGroup names what is gone")
	}
	equal(t, "in the end", []string(nil), look{settled(w)}.Names(nameFlowLog))
	w.with(fields{"flowLogs": nil})
	equal(t, "on again", 4, len(look{settled(w)}.Names(nameFlowLog)))
}

func TestFlowLogsOffInTheInput(t *testing.T) {
	t.Parallel()
	data := open(defaultSettings())
	data.flowLogs.enabled = false
	for reason, tc := range map[string]struct {
		spec any
		want int
	}{
		"nothing is said":  {nil, 0},
		"and on again":     {fields{"enabled": true}, 4},
		"only a retention": {fields{"retentionDays": 7}, 4},
	} {
		w := newWorld(t).with(fields{"flowLogs": tc.spec})
		w.stage = Stage(data)
		if got := len(look{settled(w)}.Names(nameFlowLog)); got != tc.want {
			t.Errorf("%s: %d resources, want %d", reason, got, tc.want)
		}
	}
}

// The flow log waits until its role can write.
func TestFlowLogWaits(t *testing.T) {
	t.Parallel()
	for _, sleeper := range []string{nameFlowLogRole, nameFlowLogGroup, nameVPC} {
		w := newWorld(t)
		w.asleep = []string{sleeper}
		p := w.settle()
		if !wanted(p, nameFlowLog).IsZero() || !p.Waiting {
			t.Errorf("%s is not there, and the flow log is created", sleeper)
		}
	}
	if first := newWorld(t).compose(); !wanted(first, nameFlowLog).IsZero() {
		t.Error("the flow log is created at once")
	}
}

// What is said in the account that the VPC is really in stays right, whatever accountId says.
func TestAccountMismatch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.account = "999999999999"
	w.step()
	p := w.settle()
	equal(t, "names", []string{
		"network-flow-log-group", "network-flow-log-policy", "network-flow-log-role", "network-nat-address-a", "network-usage-protection",
		"network-vpc",
	}, resourceNames(p))
	if trust := forProvider(p, nameFlowLogRole)["assumeRolePolicy"].(string); !strings.Contains(trust, `"aws:SourceAccount":"999999999999"`) {
		t.Errorf("trust %s", trust)
	}
	c := condition(p, "NetworkReady")
	equal(t, "reason", "AccountMismatch", string(c.Reason))
	equal(t, "message", "spec.cloud.accountId is 123456789012, and the VPC is in account 999999999999, because the provider's credentials "+
		"are for that one. Nothing is added. Set deletionProtection to false, delete this Network and create it anew with the right "+
		"accountId or providerConfigRef", c.Message)
	w.with(fields{"deletionProtection": false})
	equal(t, "it can be deleted", []string{"network-usage-protection"}, missing(w))
}

// missing are the Usages that go in the next calls.
func missing(w *world) []string {
	w.t.Helper()
	before := look{w}.Names("network-usage-")
	w.settle()
	if len(look{w}.Names("network-usage-")) > 0 {
		return nil
	}
	return before
}
