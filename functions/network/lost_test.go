package network

import (
	"strings"
	"testing"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
)

// A VPC that somebody deleted is not made again without consent. With it all that was in it follows.
func TestLostVPC(t *testing.T) {
	t.Parallel()
	w := readyWorld(t, fields{"deletionProtection": false})
	w.settle()
	equal(t, "a second one fails", noPool, wanted(w.compose(), nameVPC).String("spec", "initProvider", "ipv4IpamPoolId"))
	set(w.observed[nameVPC], "status.conditions", []any{
		fields{"type": "Ready", "status": "False", "reason": "Creating"},
		fields{"type": "LastAsyncOperation", "status": "False", "reason": "AsyncCreateFailure", "message": "InvalidIpamPoolId.NotFound"},
	})
	c := condition(w.compose(), v1.ConditionNetworkReady)
	equal(t, "reason", conditions.DataLost, c.Reason)
	if !strings.Contains(c.Message, `platform.io/allow-data-loss: "network-vpc"`) {
		t.Errorf("no consent in %q", c.Message)
	}

	set(w.xr, "metadata.annotations", fields{v1.AllowDataLossAnnotation: nameVPC})
	p := w.compose()
	equal(t, "a second one may be made", "", wanted(p, nameVPC).String("spec", "initProvider", "ipv4IpamPoolId"))
	equal(t, "reason", conditions.Creating, condition(p, v1.ConditionNetworkReady).Reason)
	was := w.object(w.observed[nameVPC]).String("status", "atProvider", "id")
	set(w.observed[nameVPC], "metadata.annotations", fields{v1.MadeAnewAnnotation: was})
	set(w.observed[nameVPC], "status.atProvider.id", "vpc-second")
	set(w.observed[nameVPC], "status.conditions", []any{fields{"type": "Ready", "status": "True"}})
	p = w.compose()
	equal(t, "what was in it moves", "vpc-second", forProvider(p, nameInternetGateway)["vpcId"])
	equal(t, "a third one fails", noPool, wanted(p, nameVPC).String("spec", "initProvider", "ipv4IpamPoolId"))
}
