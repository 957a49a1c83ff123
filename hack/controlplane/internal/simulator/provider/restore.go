package provider

import (
	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/inventory"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/kinds"
)

// Restore puts into the cloud what a managed resource says that exists. The cloud has what the provider reported last; what the
// spec says since then is still to be done. What is only observed belongs to somebody else: it was never ours to put there.
func Restore(c *inventory.Cloud, kind kinds.Kind, mg kinds.Managed) error {
	if onlyObserves(mg) {
		return nil
	}
	reported, err := mg.Observation()
	if err != nil {
		return err
	}
	wanted, err := mg.Parameters()
	if err != nil {
		return err
	}
	if id, _ := reported["id"].(string); id == "" || meta.GetExternalName(mg) == "" {
		return nil
	}
	parameters := withoutSecrets(wanted)
	for field := range parameters {
		if value, ok := reported[field]; ok {
			parameters[field] = value
		}
	}
	c.Restore(TargetOf(kind, mg, parameters), parameters, reported)
	return nil
}
