package realaws

import (
	"strings"
	"testing"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/realaws/wire"
)

func tagged(action, name string, status int) wire.Call {
	return wire.Call{Service: "ec2", Action: action, Status: status, Params: map[string]string{
		"TagSpecification.1.Tag.1.Key": "crossplane-kind", "TagSpecification.1.Tag.1.Value": "vpc",
		"TagSpecification.1.Tag.2.Key": "crossplane-name", "TagSpecification.1.Tag.2.Value": name,
	}}
}

func TestTwice(t *testing.T) {
	rule := wire.Call{Service: "ec2", Action: "CreateRoute", Status: 200, Params: map[string]string{"RouteTableId": "rtb-1", "ClientToken": "a"}}
	again := wire.Call{Service: "ec2", Action: "CreateRoute", Status: 200, Params: map[string]string{"RouteTableId": "rtb-1", "ClientToken": "b"}}
	cases := map[string]struct {
		calls []wire.Call
		want  string
	}{
		"two of different names":      {[]wire.Call{tagged("CreateVpc", "a", 200), tagged("CreateVpc", "b", 200)}, ""},
		"one name twice":              {[]wire.Call{tagged("AllocateAddress", "a", 200), tagged("AllocateAddress", "a", 200)}, "2 times ec2 AllocateAddress of a"},
		"the first was refused":       {[]wire.Call{tagged("CreateVpc", "a", 400), tagged("CreateVpc", "a", 200)}, ""},
		"without tags, by parameters": {[]wire.Call{rule, again}, "2 times ec2 CreateRoute of RouteTableId=rtb-1"},
		"tags are no creation":        {[]wire.Call{tagged("CreateTags", "a", 200), tagged("CreateTags", "a", 200)}, ""},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			if got := strings.Join(twice(tc.calls), "\n"); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestUnasked(t *testing.T) {
	if err := unasked(nil); err != nil {
		t.Error(err)
	}
	loop := []wire.Call{tagged("ModifyDBParameterGroup", "a", 200), tagged("ModifyDBParameterGroup", "a", 200)}
	if err := unasked(loop); err == nil || !strings.HasPrefix(err.Error(), "2 calls that nobody asked for") || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("a loop is counted and shown once, not %v", err)
	}
}

func TestExpectation(t *testing.T) {
	growth := expectation{"ModifyDBInstance", map[string]string{"AllocatedStorage": "500", "?MaxAllocatedStorage": "*", "Iops": "12000"}}
	call := func(status int, params ...string) wire.Call {
		c := wire.Call{Action: "ModifyDBInstance", Status: status, Params: map[string]string{"DBInstanceIdentifier": "a", "ApplyImmediately": "true"}}
		for n := 0; n < len(params); n += 2 {
			c.Params[params[n]] = params[n+1]
		}
		return c
	}
	cases := map[string]struct {
		call wire.Call
		want string
	}{
		"exactly that":                        {call(200, "AllocatedStorage", "500", "Iops", "12000"), ""},
		"with what may be there":              {call(200, "AllocatedStorage", "500", "Iops", "12000", "MaxAllocatedStorage", "750"), ""},
		"the IOPS that were late-initialised": {call(200, "AllocatedStorage", "500", "Iops", "3000"), "Iops is 3000 and not 12000"},
		"something is missing":                {call(200, "AllocatedStorage", "500"), "Iops=12000 is missing"},
		"something more":                      {call(200, "AllocatedStorage", "500", "Iops", "12000", "OptionGroupName", "x"), "OptionGroupName=x was not asked for"},
		"refused":                             {call(400, "AllocatedStorage", "500", "Iops", "12000"), "it was refused"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			err := growth.check(tc.call)
			if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error is %v, want %q", err, tc.want)
			}
		})
	}
}
