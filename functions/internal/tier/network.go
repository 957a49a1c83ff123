package tier

import (
	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
)

// Network is what a type means for the network of an Environment's own, where the claim does not say it.
type Network struct {
	// Zones of the network: fewer where the region has fewer.
	Zones int64
	// NAT mode of the network.
	NAT string
	// FlowLogRetentionDays of what the flow logs record.
	FlowLogRetentionDays int64
}

// Modes of NAT.
const (
	singleNAT  = "single"
	perZoneNAT = "perZone"
)

// Networks by the type of the environment. When one zone fails, production has two, each with its way out; elsewhere a gateway and a zone
// more only cost. Who looks into what happened in production may come late.
func Networks() map[pipelinev1.EnvironmentType]Network {
	return map[pipelinev1.EnvironmentType]Network{
		pipelinev1.EnvironmentDev:        {Zones: 2, NAT: singleNAT, FlowLogRetentionDays: 7},
		pipelinev1.EnvironmentPreview:    {Zones: 2, NAT: singleNAT, FlowLogRetentionDays: 7},
		pipelinev1.EnvironmentStaging:    {Zones: 2, NAT: singleNAT, FlowLogRetentionDays: 30},
		pipelinev1.EnvironmentProduction: {Zones: 3, NAT: perZoneNAT, FlowLogRetentionDays: 365},
	}
}
