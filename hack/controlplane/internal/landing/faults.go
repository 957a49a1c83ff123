package landing

import (
	"fmt"
	"slices"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
)

// FaultAnnotation on an Environment asks the stand-in to play a fault.
const FaultAnnotation = "simulator.platform.io/environment"

// Fault is what the stand-in plays.
type Fault string

// The faults. Without one the Environment is whole and ready.
const (
	FaultNone Fault = ""
	// FaultStatusLost returns no status at all, and the Environment is not ready.
	FaultStatusLost Fault = "status-lost"
	// FaultNotReady returns the whole status of an Environment that is not ready.
	FaultNotReady Fault = "not-ready"
	// FaultNoVault returns a status without Vault.
	FaultNoVault Fault = "no-vault"
	// FaultExpired says that the time of the Environment is over. App kinds act on it in previews only.
	FaultExpired Fault = "expired"
)

// Faults lists what the annotation may say.
func Faults() []Fault { return []Fault{FaultStatusLost, FaultNotReady, FaultNoVault, FaultExpired} }

// ready says whether an Environment with the fault is ready.
func (f Fault) ready() bool { return f != FaultStatusLost && f != FaultNotReady }

// play returns the status of an Environment with a fault. Nil is no status at all.
func play(env *v1.Environment, fault Fault) (*v1.EnvironmentStatus, error) {
	status := statusOf(env)
	switch fault {
	case FaultNone, FaultNotReady:
	case FaultStatusLost:
		return nil, nil //nolint:nilnil // No status is what the fault is about.
	case FaultNoVault:
		status.Vault = nil
	case FaultExpired:
		status.Phase = pipelinev1.PhaseExpired
	default:
		return nil, fmt.Errorf("the annotation %s says %q: write one of %s, or remove it", FaultAnnotation, fault, listed())
	}
	return status, nil
}

func listed() string {
	var names []string
	for _, f := range Faults() {
		names = append(names, string(f))
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
