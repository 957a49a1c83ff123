package appdatabase

import (
	"slices"
	"strings"
	"testing"

	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// monitors of a plan: the seconds and the role of each server.
func monitoringOf(p *plan.Plan, names ...string) []any {
	var out []any
	for _, name := range names {
		out = append(out, forProvider(p, name).Map()["monitoringInterval"], forProvider(p, name).String("monitoringRoleArn"))
	}
	return out
}

// Production is watched by the operating system's figures too, with a role that can do nothing else.
func TestEnhancedMonitoring(t *testing.T) {
	t.Parallel()
	w := newWorld(t).with(fields{"replicas": 1}).within(fields{"status.type": "production"})
	w.data.permissionsBoundary = "arn:{partition}:iam::{accountId}:policy/boundary"
	w.asleep = []string{nameMonitoringRole}
	p := w.settle()
	equal(t, "the database waits for the role", false, slices.Contains(resourceNames(p), nameInstance))
	equal(t, "role", fields{
		"assumeRolePolicy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":["monitoring.rds.amazonaws.com"]},` +
			`"Action":["sts:AssumeRole"],"Condition":{"ArnLike":{"aws:SourceArn":["arn:aws:rds:eu-west-1:123456789012:db:*"]},` +
			`"StringEquals":{"aws:SourceAccount":["123456789012"]}}}]}`,
		"description":         "Enhanced Monitoring of AppDatabase team-checkout/orders",
		"permissionsBoundary": "arn:aws:iam::123456789012:policy/boundary",
	}, forProvider(p, nameMonitoringRole).Map())
	equal(t, "policy", fields{
		"role": w.in().Name(nameMonitoringRole),
		"policy": `{"Version":"2012-10-17","Statement":[` +
			`{"Effect":"Allow","Action":["logs:CreateLogGroup","logs:PutRetentionPolicy"],"Resource":["arn:aws:logs:eu-west-1:123456789012:log-group:RDSOSMetrics"]},` +
			`{"Effect":"Allow","Action":["logs:CreateLogStream","logs:DescribeLogStreams","logs:GetLogEvents","logs:PutLogEvents"],` +
			`"Resource":["arn:aws:logs:eu-west-1:123456789012:log-group:RDSOSMetrics:log-stream:*"]}]}`,
	}, forProvider(p, nameMonitoringPolicy).Map())
	w.asleep = nil
	w.wake(nameMonitoringRole)
	watched := []any{60.0, monitoringRole, 60.0, monitoringRole}
	equal(t, "with the role", watched, monitoringOf(w.settle(), nameInstance, replica1))
	delete(w.observed[nameMonitoringRole], "status")
	equal(t, "when the role is not known", watched, monitoringOf(w.compose(), nameInstance, replica1))

	// The platform team turns it off: first the servers let go of the role.
	off := w.data.tiers["production"]
	off.MonitoringIntervalSeconds = ptr[int64](0)
	w.data.tiers["production"] = off
	p = w.step()
	equal(t, "off", []any{0.0, "", 0.0, ""}, monitoringOf(p, nameInstance, replica1))
	equal(t, "drops at first", []string(nil), drops(p))
	equal(t, "drops then", []string{nameMonitoringPolicy + ": SpecChanged", nameMonitoringRole + ": SpecChanged"}, drops(w.step()))
	equal(t, "nothing is said at last", []any{nil, "", nil, ""}, monitoringOf(w.settle(), nameInstance, replica1))
}

// A database that runs without it gets it when the role is there, and does not wait for that.
func TestEnhancedMonitoringLater(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"postgres", "aurora-mysql"} {
		w := newWorld(t).with(fields{"engine": engine})
		w.settle()
		tier := w.data.tiers["staging"]
		tier.MonitoringIntervalSeconds = ptr[int64](60)
		w.data.tiers["staging"] = tier
		w.asleep = []string{nameMonitoringRole}
		p := w.settle()
		server := nameInstance
		if strings.HasPrefix(engine, "aurora") {
			server = member1
		}
		equal(t, engine+" before", []any{nil, ""}, monitoringOf(p, server))
		w.wake(nameMonitoringRole)
		equal(t, engine+" after", []any{60.0, monitoringRole}, monitoringOf(w.settle(), server))
	}
}

// Not every class of every engine has Performance Insights.
func TestInsightsOfAClass(t *testing.T) {
	t.Parallel()
	cases := []struct {
		engine, class string
		want          bool
	}{
		{"postgres", "db.t4g.micro", true}, {"mysql", "db.t4g.micro", false}, {"mysql", "db.t3.small", false}, {"mysql", "db.t4g.medium", true},
		{"mariadb", "db.t2.micro", false}, {"mariadb", "db.m7g.large", true}, {"aurora-mysql", "db.t3.medium", false},
		{"aurora-mysql", "db.t4g.medium", true}, {"aurora-postgresql", "db.t3.medium", true},
	}
	for _, tc := range cases {
		w := newWorld(t).with(fields{"engine": tc.engine})
		size := w.data.sizes["small"]
		size.InstanceClass = tc.class
		size.Aurora = ptr(*size.Aurora)
		size.Aurora.InstanceClass, size.Aurora.Serverless = tc.class, nil
		w.data.sizes["small"] = size
		p := w.settle()
		server, holder := forProvider(p, nameInstance), forProvider(p, nameInstance)
		if strings.HasPrefix(tc.engine, "aurora") {
			server, holder = forProvider(p, member1), forProvider(p, nameCluster)
		}
		equal(t, tc.engine+" "+tc.class, []bool{tc.want, tc.want, tc.want}, []bool{
			server.Bool("performanceInsightsEnabled"), server.Has("performanceInsightsRetentionPeriod"),
			holder.String("databaseInsightsMode") == "standard"})
	}
}
