package network

import (
	"testing"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
)

func TestNetworkReady(t *testing.T) {
	t.Parallel()
	fails := fields{"conditions": []any{fields{"type": "Synced", "status": "False", "message": "create failed: out of luck"}}}
	cases := map[string]struct {
		world func(t *testing.T) *world
		want  conditions.Condition
	}{
		"nothing is there yet": {newWorld, conditions.Condition{
			Status: conditions.False, Reason: conditions.Creating, Message: "VPC shared-network-vpc-b61cabf37b: not created yet",
		}},
		"the provider fails": {func(t *testing.T) *world {
			w := readyWorld(t, nil)
			w.observed["network-subnet-private-a"]["status"] = fails
			w.asleep = []string{"network-subnet-private-a"}
			return w
		}, conditions.Condition{
			Status: conditions.False, Reason: conditions.Failing, Message: "Subnet shared-network-subnet-private-a-0c37e73bb2: out of luck",
		}},
		"the endpoints fail, and the network works": {func(t *testing.T) *world {
			w := readyWorld(t, fields{"endpoints": []any{"sts"}})
			w.observed[nameInterfaces]["status"] = fails
			w.asleep = []string{nameInterfaces}
			return w
		}, conditions.Condition{
			Status: conditions.True, Reason: conditions.Available, Message: "id-of-network-vpc (10.40.0.0/16) in eu-west-1a, eu-west-1b",
		}},
		"ready, and the id is not known": {func(t *testing.T) *world {
			w := newWorld(t)
			w.step()
			set(w.observed[nameVPC], "status.atProvider.id", nil)
			set(w.observed[nameVPC], "metadata.annotations", nil)
			w.asleep = []string{nameVPC}
			return w
		}, conditions.Condition{
			Status: conditions.False, Reason: conditions.Creating, Message: "network-default-security-group is created next",
		}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			tc.want.Type = v1.ConditionNetworkReady
			p := tc.world(t).compose()
			got := condition(p, v1.ConditionNetworkReady)
			equal(t, "condition", tc.want, got)
			if !got.Is() && !p.Waiting {
				t.Error("not ready, and it does not wait")
			}
		})
	}
}

func TestEndpointsReady(t *testing.T) {
	t.Parallel()
	child := func(status any) func(t *testing.T) *world {
		return func(t *testing.T) *world {
			w := readyWorld(t, fields{"endpoints": []any{"sts"}})
			w.observed[nameInterfaces]["status"] = status
			return w
		}
	}
	ready := []any{fields{"type": "Synced", "status": "True"}, fields{"type": "Ready", "status": "True"}}
	says := func(status, reason, message string) []any {
		return append([]any{fields{"type": "EndpointsReady", "status": status, "reason": reason, "message": message}}, ready...)
	}
	cases := map[string]struct {
		world func(t *testing.T) *world
		want  conditions.Condition
	}{
		"none": {func(t *testing.T) *world { return readyWorld(t, nil) },
			conditions.Condition{Status: conditions.True, Reason: conditions.NotUsed, Message: "spec.endpoints is empty"}},
		"the network is not there": {func(t *testing.T) *world { return newWorld(t).with(fields{"endpoints": []any{"sts"}}) },
			conditions.Condition{Status: conditions.False, Reason: conditions.Blocked, Message: "the endpoints follow when the private subnets are there"}},
		"nothing is said": {child(nil), conditions.Condition{Status: conditions.False, Reason: conditions.Creating, Message: "no status from the provider yet"}},
		"they are made": {child(fields{"conditions": says("False", "Creating", "VPCEndpoint x: Creating")}),
			conditions.Condition{Status: conditions.False, Reason: conditions.Creating, Message: "VPCEndpoint x: Creating"}},
		"they fail": {child(fields{"conditions": says("False", "Failing", "VPCEndpoint x: no such service")}),
			conditions.Condition{Status: conditions.False, Reason: conditions.Failing, Message: "VPCEndpoint x: no such service"}},
		"the child is ready and says nothing": {child(fields{"conditions": ready}),
			conditions.Condition{Status: conditions.False, Reason: conditions.Creating, Message: "the endpoints are being created"}},
		"they are ready, and the child is not": {child(fields{"conditions": says("True", "Available", "sts")[:1]}),
			conditions.Condition{Status: conditions.False, Reason: conditions.Creating, Message: "no status from the provider yet"}},
		"they are ready": {child(fields{"conditions": says("True", "Available", "sts within the network")}),
			conditions.Condition{Status: conditions.True, Reason: conditions.Available, Message: "sts within the network"}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			tc.want.Type = v1.ConditionEndpointsReady
			p := tc.world(t).compose()
			equal(t, "condition", tc.want, condition(p, v1.ConditionEndpointsReady))
			if !tc.want.Is() && !p.Waiting {
				t.Error("not ready, and it does not wait")
			}
		})
	}
}
