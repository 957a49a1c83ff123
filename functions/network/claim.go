package network

import (
	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// defaultZones and the other defaults are those of the schema, for a composite that was written without it.
const defaultZones = 2

// claim is what the platform team said. The API server has checked it against the schema.
type claim struct {
	cidr         string
	zones        int
	databaseTier bool
	nat          v1.NATMode
	flowLogs     flowLogs
	endpoints    []string
	presets      []string
	routes       []v1.NetworkRoute
	peerGroup    string
	existing     *v1.ExistingNetwork
	protected    bool
}

// flowLogs as they are wanted.
type flowLogs struct {
	enabled       bool
	retentionDays int64
	// keyARN of the key that the log group is encrypted with. That of the service when it is empty.
	keyARN string
}

func readClaim(xr object.Object, data settings) claim {
	spec := xr.At("spec")
	c := claim{
		cidr:         spec.String("cidr"),
		zones:        int(spec.Int("zones")),
		databaseTier: boolOr(spec, true, "databaseTier"),
		nat:          v1.NATMode(first(spec.String("nat"), string(v1.NATSingle))),
		flowLogs:     data.flowLogs,
		endpoints:    spec.Strings("endpoints"),
		presets:      spec.Strings("endpointPresets"),
		routes:       readRoutes(spec),
		peerGroup:    spec.String("peerGroup"),
		protected:    boolOr(spec, true, "deletionProtection"),
	}
	if !spec.Has("zones") {
		c.zones = defaultZones
	}
	if logs := spec.At("flowLogs"); !logs.IsZero() {
		c.flowLogs.enabled = boolOr(logs, true, "enabled")
		if days := logs.Int("retentionDays"); days > 0 {
			c.flowLogs.retentionDays = days
		}
		c.flowLogs.keyARN = logs.String("kmsKeyArn")
	}
	if existing := spec.At("existing"); !existing.IsZero() {
		c.existing = &v1.ExistingNetwork{VPCID: existing.String("vpcId")}
		for _, s := range existing.List("subnets") {
			c.existing.Subnets = append(c.existing.Subnets,
				v1.ExistingSubnet{ID: s.String("id"), Role: pipelinev1.SubnetRole(s.String("role"))})
		}
	}
	return c
}

func boolOr(o object.Object, otherwise bool, field string) bool {
	if !o.Has(field) {
		return otherwise
	}
	return o.Bool(field)
}
