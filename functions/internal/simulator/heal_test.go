package simulator_test

import (
	"fmt"

	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/simulator"
)

// patience is how many rounds a database gets to become ready once nothing is wrong any more: two changes in sequence (an
// upgrade, and what it lets go), each through every level of the graph, with slow providers.
const patience = 24

// heal puts right whatever a message could have asked for. Then the database has to become ready: no history is a trap.
func (h *history) heal() error {
	h.trace = append(h.trace, "everything is put right")
	h.input = nil
	h.pipeline()
	h.healClaim()
	h.healLoss()
	h.healEnvironment()
	h.cluster.Store.Delete(simulator.ReferenceTo(foreignSecret(h)))
	for _, c := range h.cluster.Composed {
		c.Fault = simulator.Fault{}
	}
	for range patience {
		if err := h.round(); err != nil {
			return fmt.Errorf("after %q: %w", "everything is put right", err)
		}
		if h.cluster.Condition("DatabaseReady").Reason == "DataLost" {
			// It is said only now: before, another mistake spoke first.
			h.startAnew()
		}
		if h.cluster.Ready() {
			h.figures.healed.Add(1)
			return nil
		}
	}
	return fmt.Errorf("after %q: it never becomes ready: %v", "everything is put right", h.cluster.Conditions)
}

// healLoss starts anew what was lost, with consent. One that has served for an earlier loss is taken back first.
func (h *history) healLoss() {
	last := h.cluster.Get(h.holder()).Condition("LastAsyncOperation")
	if last.Status == "False" {
		h.startAnew()
	}
}

func (h *history) startAnew() {
	h.cluster.XR = simulator.Without(h.cluster.XR, "metadata", "annotations", "platform.io/allow-data-loss")
	if err := h.round(); err != nil {
		h.wrong = err
	}
	h.cluster.XR = simulator.With(h.cluster.XR, simulator.Text(h.holder()), "metadata", "annotations", "platform.io/allow-data-loss")
}

func (h *history) healClaim() {
	for _, field := range []string{"version", "storageGiB", "parameters", "backupWindow", "maintenanceWindow", "iamAuthentication", "replicas"} {
		h.unset(field)
	}
	if h.holder() == "" {
		h.unset("restoreFrom")
	} else {
		h.restoreAsItWas()
	}
	h.spec(simulator.Text("small"), "size")
	h.spec(simulator.Text("staging"), "environmentRef", "name")
	engine := h.cluster.Get(h.holder()).String("spec", "forProvider", "engine")
	if engine == "" {
		engine = "postgres"
	}
	if h.chance(2) {
		h.spec(simulator.Number(1), "replicas")
	}
	h.spec(simulator.Text(engine), "engine")
	h.spec(structpb.NewListValue(&structpb.ListValue{Values: []*structpb.Value{entry("orders-api", "writer")}}), "access")
	if object.Of(h.environment).At("status", "vault").IsZero() && h.lived.At("vault").IsZero() {
		h.spec(simulator.Text("static"), "credentials")
	}
}

// healEnvironment gives the Environment back what it had when something was last composed in it.
func (h *history) healEnvironment() {
	h.lost = false
	h.ready("True")
	h.edit(simulator.Texts("team-checkout"), "status", "sharedWith")
	h.edit(simulator.Text("Active"), "status", "phase")
	h.edit(simulator.Texts("sg-0f00000000000001a"), "status", "workloadSecurityGroupIds")
	if h.lived.IsZero() {
		h.edit(simulator.Text("vpc-0a1b2c3d4e5f60718"), "status", "network", "vpcId")
	} else {
		h.edit(simulator.Text(h.lived.String("type")), "status", "type")
		h.edit(simulator.Text(h.lived.String("cloud", "region")), "status", "cloud", "region")
		h.edit(simulator.Text(h.lived.String("network", "vpcId")), "status", "network", "vpcId")
		if vault := h.lived.At("vault"); !vault.IsZero() {
			h.edit(simulator.Nested(vault.Struct()), "status", "vault")
		}
	}
	if !object.Of(h.environment).At("status", "vault").IsZero() {
		h.environment = simulator.Without(h.environment, "status", "vault", "source")
		h.edit(simulator.Text("sg-0f00000000000fa17"), "status", "vault", "source", "securityGroupId")
	}
	h.store()
}

func entry(account, role string) *structpb.Value {
	return simulator.Nested(&structpb.Struct{Fields: map[string]*structpb.Value{
		"serviceAccount": simulator.Text(account), "role": simulator.Text(role),
	}})
}
