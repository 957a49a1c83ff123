package provider

import (
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
	id, _ := reported["id"].(string)
	if id == "" {
		return nil
	}
	parameters := withoutSecrets(wanted)
	for field := range parameters {
		if value, ok := reported[field]; ok {
			parameters[field] = value
		}
	}
	target := TargetOf(kind, mg, parameters)
	if target.ExternalName == "" {
		// Nobody wrote its name down: it exists nonetheless, and its provider will not find it.
		target.ExternalName = id
	}
	c.Restore(target, parameters, reported)
	return nil
}
