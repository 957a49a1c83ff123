package environment

import (
	"fmt"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/usage"
)

// usages keep the Network for as long as the environment is in it, and the environment for as long as it is protected. What lives in
// the environment keeps it too, by Usages of its own.
func (e *environment) usages() {
	e.keepNetwork()
	if e.protected() {
		e.plan.Resources = append(e.plan.Resources, usage.Protection(e.in, prefix, fmt.Sprintf(
			"%s is protected: set spec.deletionProtection to false, wait until status.deletionProtection is false, then delete it",
			e.in.Subject.Name))...)
		return
	}
	for _, name := range usage.ProtectionNames(prefix) {
		if e.observes(name) {
			e.plan.Drop(name, pipelinev1.DropSpecChanged, "deletion protection is off")
		}
	}
}
