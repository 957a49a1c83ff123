package network

import (
	"fmt"
	"slices"

	"github.com/goldenpath-dev/goldenpath/functions/internal/usage"
)

// usages keep the network while it is protected: functions are not called for an object that is being deleted. The Usages of
// Environments are theirs to compose.
func (n *network) usages() {
	if n.protectedNow() {
		n.plan.Resources = append(n.plan.Resources, usage.Protection(n.in, prefix, fmt.Sprintf(
			"%s is protected: set spec.deletionProtection to false, wait until status.deletionProtection is false, then delete it",
			n.in.Subject.Name))...)
		return
	}
	for _, name := range usage.ProtectionNames(prefix) {
		n.drop(name, "deletion protection is off")
	}
}

// protectedNow says that protection is wanted, or that the VPC would still stay behind: a delete in between would leave it there.
func (n *network) protectedNow() bool { return n.claim.protected || n.retains(nameVPC) }

// retains says that what a resource stands for stays when the resource is deleted.
func (b *base) retains(resource string) bool {
	policies := b.observed(resource).Strings("spec", "managementPolicies")
	return len(policies) > 0 && !slices.Contains(policies, "*") && !slices.Contains(policies, "Delete")
}
