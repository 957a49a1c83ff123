package network

import (
	"slices"
	"strings"
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

// A gateway keeps the address that it was made with: AWS would replace the gateway. A provider that restarted has made another address,
// and another endpoint; those that are used are the ones that are named, and told.
func TestWhatIsUsedIsNamed(t *testing.T) {
	t.Parallel()
	w := readyWorld(t, nil)
	set(w.observed["network-nat-address-a"], "status.atProvider", fields{"id": "eipalloc-another", "publicIp": "203.0.113.9"})
	set(w.observed["network-nat-gateway-a"], "status.atProvider.publicIp", "198.51.100.1")
	set(w.observed["network-endpoint-s3"], "status.atProvider.id", "vpce-another")
	p := w.compose()
	equal(t, "the gateway", "id-of-network-nat-address-a", forProvider(p, "network-nat-gateway-a")["allocationId"])
	equal(t, "the address", "id-of-network-nat-address-a", wanted(p, "network-nat-address-a").Annotation(externalName))
	equal(t, "what is told", []string{"198.51.100.1"}, p.Status.Done().Strings("natAddresses"))
	equal(t, "the endpoint", "id-of-network-endpoint-s3", wanted(p, "network-endpoint-s3").Annotation(externalName))

	// What nothing works with any more is gone: the provider has made another one, and a name that is gone would let it make a third.
	for name := range w.observed {
		if strings.HasPrefix(name, "network-nat-gateway-") || strings.HasPrefix(name, "network-endpoint-s3-") {
			set(w.observed[name], "status.conditions", []any{fields{"type": "Synced", "status": "False", "message": "not found"}})
		}
	}
	p = w.compose()
	equal(t, "the gateway", "id-of-network-nat-address-a", forProvider(p, "network-nat-gateway-a")["allocationId"])
	equal(t, "the address", "eipalloc-another", wanted(p, "network-nat-address-a").Annotation(externalName))
	equal(t, "the endpoint", "vpce-another", wanted(p, "network-endpoint-s3").Annotation(externalName))

	w = endpointsWorld(t)
	w.settle()
	set(w.observed["endpoints-service-sts"], "status.atProvider.id", "vpce-another")
	equal(t, "an interface endpoint", "id-of-endpoints-service-sts", wanted(w.compose(), "endpoints-service-sts").Annotation(externalName))
}
