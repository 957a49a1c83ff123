package appdatabase

import (
	"slices"
	"strings"

	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/iam"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/partition"
	"github.com/goldenpath-dev/goldenpath/functions/internal/policy"
)

// monitoringService is what takes on the role.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html
const monitoringService = "monitoring.rds.amazonaws.com"

// monitored says that the tier has Enhanced Monitoring.
func (d *database) monitored() bool { return *d.settings.tier.MonitoringIntervalSeconds > 0 }

// monitoringRole lets RDS write the metrics of the operating system to the one log group that it has for them. It goes when nothing
// refers to it any more.
func (d *database) monitoringRole() {
	names := []string{nameMonitoringPolicy, nameMonitoringRole}
	if !d.monitored() && !slices.ContainsFunc(append(d.observedCopies(), d.holder()), monitors) {
		d.dropObserved(names, nil, "the tier has no Enhanced Monitoring")
		return
	}
	if !d.monitored() && d.in.Observed.Get(nameMonitoringRole).IsZero() {
		// Somebody else's role.
		return
	}
	region := d.keep(d.form.holder, "region", d.env.Cloud.Region)
	arn := func(service, resource string) string {
		return strings.Join([]string{"arn", partition.Of(region), service, region, d.account(), resource}, ":")
	}
	d.plan.Add(nameMonitoringRole, aws(d, nameMonitoringRole, d.claim.retain, &iam.Role{
		AssumeRolePolicy: policy.Document(policy.Statement{
			Principal: map[string][]string{"Service": {monitoringService}}, Action: []string{"sts:AssumeRole"},
			Condition: map[string]map[string][]string{
				"StringEquals": {"aws:SourceAccount": {d.account()}}, "ArnLike": {"aws:SourceArn": {arn("rds", "db:*")}},
			},
		}),
		Description: "Enhanced Monitoring of AppDatabase " + d.in.Subject.Namespace + "/" + d.in.Subject.Name,
		PermissionsBoundary: strings.NewReplacer("{partition}", partition.Of(region), "{accountId}", d.account()).Replace(
			d.data.permissionsBoundary),
	}))
	group := arn("logs", "log-group:RDSOSMetrics")
	d.plan.Add(nameMonitoringPolicy, aws(d, nameMonitoringPolicy, d.claim.retain, &iam.RolePolicy{
		Role: d.keep(nameMonitoringPolicy, "role", d.in.Name(nameMonitoringRole)),
		Policy: policy.Document(
			policy.Statement{Action: []string{"logs:CreateLogGroup", "logs:PutRetentionPolicy"}, Resource: []string{group}},
			policy.Statement{
				Action:   []string{"logs:CreateLogStream", "logs:DescribeLogStreams", "logs:GetLogEvents", "logs:PutLogEvents"},
				Resource: []string{group + ":log-stream:*"},
			},
		),
	}))
}

// monitors says that a server refers to the role.
func monitors(server object.Object) bool {
	return server.String("spec", "forProvider", "monitoringRoleArn") != "" ||
		server.Int("status", "atProvider", "monitoringInterval") > 0
}

// mayMonitor says that RDS can take on the role: it refuses one that is not there, or may not write.
func (d *database) mayMonitor() bool {
	role := d.in.Observed.Get(nameMonitoringRole)
	return health.Of(role).Ready && role.String("status", "atProvider", "arn") != "" &&
		health.Of(d.in.Observed.Get(nameMonitoringPolicy)).Ready
}

// monitoring of a server. It begins when the role is there, and what monitors keeps its role when that is not known for a while.
// Nil: nothing is said, and there is none.
func (d *database) monitoring(server object.Object) (seconds *int64, role string) {
	composed := server.String("spec", "forProvider", "monitoringRoleArn")
	if !d.monitored() {
		if monitors(server) {
			return ptr[int64](0), ""
		}
		return nil, ""
	}
	role = composed
	if d.mayMonitor() {
		role = first(d.in.Observed.Get(nameMonitoringRole).String("status", "atProvider", "arn"), composed)
	}
	if role == "" {
		return nil, ""
	}
	return d.settings.tier.MonitoringIntervalSeconds, role
}
