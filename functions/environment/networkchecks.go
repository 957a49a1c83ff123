package environment

import (
	"fmt"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	resolve "github.com/goldenpath-dev/goldenpath/functions/internal/environment"
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// finding is what a check has to say: a reason and a sentence, or nothing.
type finding struct {
	reason  conditions.Reason
	message string
}

// networkLookup is what the checks of a Network of others look at.
type networkLookup struct {
	ref v1.NetworkReference
	// namespace of the environment, and its cloud.
	namespace string
	cloud     pipelinev1.Cloud
	resolved  bool
	object    object.Object
	found     pipelinev1.Network
	// last is the network of the call before.
	last pipelinev1.Network
}

// check runs the checks in order and returns the first finding.
func (l networkLookup) check() *finding {
	for _, check := range []func(networkLookup) *finding{
		networkThere, networkJudged, networkShared, networkStays, networkReady, networkInCloud, networkHasVPC, networkUnmoved,
	} {
		if f := check(l); f != nil {
			return f
		}
	}
	return nil
}

func (l networkLookup) path() string { return l.ref.Namespace + "/" + l.ref.Name }

func networkThere(l networkLookup) *finding {
	switch {
	case !l.object.IsZero():
		return nil
	case !l.resolved:
		return &finding{conditions.NetworkNotReady, "looking up Network " + l.path()}
	}
	return &finding{conditions.NetworkNotFound, fmt.Sprintf(
		"spec.networkRef: there is no Network %q in namespace %q. Create it, or name one that exists (kubectl get networks -n %s)",
		l.ref.Name, l.ref.Namespace, l.ref.Namespace)}
}

// networkJudged wants a Network that has said once what of its spec was allowed. Before, nobody knows whom it is shared with.
func networkJudged(l networkLookup) *finding {
	if resolve.Judged(l.object) {
		return nil
	}
	why := "has not published its status.sharedWith yet"
	if l.ref.Namespace == l.namespace {
		why = resolve.Unjudged(l.object)
	}
	return &finding{conditions.NetworkNotReady, fmt.Sprintf("Network %s %s. This environment continues by itself when it is", l.path(), why)}
}

func networkShared(l networkLookup) *finding {
	if l.ref.Namespace == l.namespace || resolve.SharedWith(l.object.Strings("status", "sharedWith"), l.namespace) {
		return nil
	}
	return &finding{conditions.NetworkNotShared, fmt.Sprintf(
		"spec.networkRef: Network %s is not shared with namespace %q. Ask its owner to add %q to its spec.sharedWith",
		l.path(), l.namespace, l.namespace)}
}

func networkStays(l networkLookup) *finding {
	if !l.object.Deleting() {
		return nil
	}
	return &finding{conditions.NetworkNotReady, fmt.Sprintf("Network %s is being deleted", l.path())}
}

func networkReady(l networkLookup) *finding {
	why := resolve.Doubt(l.object)
	if why == "" {
		return nil
	}
	return &finding{conditions.NetworkNotReady, fmt.Sprintf("Network %s %s. This environment continues by itself when it is", l.path(), why)}
}

// networkInCloud compares the clouds: a VPC is in one region of one account.
func networkInCloud(l networkLookup) *finding {
	for _, c := range []struct{ field, here string }{
		{"provider", string(l.cloud.Provider)}, {"region", l.cloud.Region}, {"accountId", l.cloud.AccountID},
	} {
		if there := l.object.String("status", "cloud", c.field); there != c.here {
			return &finding{conditions.NetworkElsewhere, fmt.Sprintf(
				"spec.networkRef: status.cloud.%s of Network %s is %q, and of this environment %q. Name a Network there",
				c.field, l.path(), there, c.here)}
		}
	}
	return nil
}

func networkHasVPC(l networkLookup) *finding {
	if l.found.VPCID != "" {
		return nil
	}
	return &finding{conditions.NetworkNotReady, fmt.Sprintf(
		"Network %s has no status.vpcId yet. This environment continues by itself when it does", l.path())}
}

// networkUnmoved compares with the last network: what lives in one VPC cannot follow to another.
func networkUnmoved(l networkLookup) *finding {
	if l.last.VPCID == "" || l.last.VPCID == l.found.VPCID {
		return nil
	}
	return &finding{conditions.NetworkChanged, fmt.Sprintf(
		"spec.networkRef: Network %s is %s, and this environment is in %s. What lives there cannot follow: set spec.networkRef back to the "+
			"Network that is %s, or create another Environment", l.path(), l.found.VPCID, l.last.VPCID, l.last.VPCID)}
}

// networkWaits says why a Network of the environment's own cannot be used yet: in the words of its own conditions where it has some.
func networkWaits(child object.Object) *finding {
	state := health.Of(child)
	if state.Ready && child.String("status", "vpcId") != "" {
		return nil
	}
	reason, words := state.Reason, state.Message
	if state.Ready {
		reason, words = conditions.Creating, "it has no status.vpcId yet"
	}
	for _, t := range []string{
		v1.ConditionGuardrailsPassed, v1.ConditionNetworkReady, v1.ConditionPeersDisjoint, v1.ConditionEndpointsReady, v1.ConditionRoutesReady,
	} {
		if c := child.Condition(t); c.Status == "False" && !child.Deleting() {
			reason, words = conditions.Reason(c.Reason), t+": "+c.Message
			break
		}
	}
	return &finding{reason, "spec.network: the environment's own Network is not ready: " + words}
}
