package network

import (
	"slices"
	"testing"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// withoutLateInit are the wanted resources of kinds that the cloud names, and that are not late-initialised.
func withoutLateInit(w *world) map[string]object.Object {
	found := map[string]object.Object{}
	for _, r := range w.compose().Resources {
		policies := r.Object.Strings("spec", "managementPolicies")
		if len(policies) > 0 && !slices.Contains(policies, "LateInitialize") {
			found[r.Name] = r.Object
		}
	}
	return found
}

// A provider that restarts knows the name of what it created only where somebody has written it down: otherwise it creates a second one.
func TestAssignedNames(t *testing.T) {
	t.Parallel()
	worlds := map[string]*world{"network": newWorld(t), "endpoints": endpointsWorld(t)}
	for stage, w := range worlds {
		t.Run(stage, func(t *testing.T) {
			t.Parallel()
			for name, o := range withoutLateInit(w) {
				equal(t, name+" before it is there", "", o.Annotation(externalName))
			}
			w.settle()
			named := withoutLateInit(w)
			if len(named) == 0 {
				t.Fatal("nothing is without late initialisation")
			}
			for name, o := range named {
				equal(t, name, idOf(name), o.Annotation(externalName))
			}
			w.loseStatus(false)
			for name, o := range withoutLateInit(w) {
				equal(t, name+" without a status", idOf(name), o.Annotation(externalName))
			}
			for _, o := range w.observed {
				set(o, "metadata.annotations", fields{externalName: o["metadata"].(fields)["name"]})
			}
			for name, o := range withoutLateInit(w) {
				equal(t, name+" is not called what its object is", "", o.Annotation(externalName))
			}
		})
	}
}

// A gateway keeps the address that it was made with: AWS would replace the gateway.
func TestGatewayKeepsItsAddress(t *testing.T) {
	t.Parallel()
	w := readyWorld(t, nil)
	set(w.observed["network-nat-address-a"], "status.atProvider.id", "eipalloc-another")
	p := w.compose()
	equal(t, "the gateway", "id-of-network-nat-address-a", forProvider(p, "network-nat-gateway-a")["allocationId"])
	equal(t, "the address is the one that its provider works on", "eipalloc-another",
		wanted(p, "network-nat-address-a").Annotation(externalName))
}
