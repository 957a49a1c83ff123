package environment

import (
	"fmt"
	"strings"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// groupOfPeople: a group such as system:authenticated is everybody, and would get the namespace.
func groupOfPeople(e *environment) *plan.Refusal {
	if e.claim.cluster == nil || !strings.HasPrefix(e.group(), "system:") {
		return nil
	}
	field := "spec.cluster.group"
	if e.claim.cluster.Group == "" {
		field = "spec.owner.team"
	}
	return plan.Refuse(v1.ConditionClusterReady, conditions.InvalidSpec, fmt.Sprintf(
		"%s: %q is a group of Kubernetes' own; write one of people in spec.cluster.group", field, e.group()))
}

// deployersNamed: who deploys is one group or one service account, and not everybody.
func deployersNamed(e *environment) *plan.Refusal {
	if e.claim.cluster == nil {
		return nil
	}
	for i, d := range e.claim.cluster.Deployers {
		words := ""
		switch {
		case (d.Group != "") == (d.ServiceAccount != nil):
			words = ": write either group or serviceAccount"
		case strings.HasPrefix(d.Group, "system:"):
			words = fmt.Sprintf(".group: %q is a group of Kubernetes' own; write one of people, or a serviceAccount", d.Group)
		case d.ServiceAccount != nil && (d.ServiceAccount.Namespace == "" || d.ServiceAccount.Name == ""):
			words = ".serviceAccount: needs namespace and name"
		default:
			continue
		}
		return plan.Refuse(v1.ConditionClusterReady, conditions.InvalidSpec, fmt.Sprintf("spec.cluster.deployers[%d]%s", i, words))
	}
	return nil
}

// ingressNamed: a namespace that was there before has policies of its own, and nobody lets the world in by accident.
func ingressNamed(e *environment) *plan.Refusal {
	if e.claim.cluster == nil || len(e.claim.cluster.Ingress) == 0 {
		return nil
	}
	refuse := func(words string) *plan.Refusal {
		return plan.Refuse(v1.ConditionClusterReady, conditions.InvalidSpec, "spec.cluster.ingress"+words)
	}
	if e.adopted() {
		return refuse(fmt.Sprintf(": namespace %s belongs to others, with its network policies. Remove the field", e.workloadNamespace()))
	}
	for i, c := range e.claim.cluster.Ingress {
		at := fmt.Sprintf("[%d]", i)
		switch wrong := wrongRange(c.CIDR); {
		case (c.Namespace != "") == (c.CIDR != ""):
			return refuse(at + ": write either namespace or cidr")
		case c.Namespace != "" && !isNamespace(c.Namespace):
			return refuse(fmt.Sprintf("%s.namespace: %q is not the name of a namespace; write one such as ingress-nginx", at, c.Namespace))
		case c.CIDR != "" && wrong != "":
			return refuse(fmt.Sprintf("%s.cidr: %q %s", at, c.CIDR, wrong))
		case len(c.Ports) == 0:
			return refuse(at + ".ports is empty; write the ports that the workloads listen on, such as [8080]")
		}
		for n, port := range c.Ports {
			if port < 1 || port > 65535 {
				return refuse(fmt.Sprintf("%s.ports[%d]: %d is not a port; write 1 to 65535", at, n, port))
			}
		}
	}
	return nil
}
