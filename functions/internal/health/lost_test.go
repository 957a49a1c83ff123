package health

import (
	"testing"

	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
)

// What a provider reports of a resource that is made once. The words are upjet's.
func TestLost(t *testing.T) {
	t.Parallel()
	const (
		updates  = `managementPolicies: [Observe, Update, LateInitialize]`
		creates  = `initProvider: {replicateSourceDb: "arn:aws:rds:eu-west-1:123456789012:db:orders"}`
		refused  = `refuse to update the external resource because the following update requires replacing it: cannot change the value of the argument `
		remaking = `async update failed: ` + refused + `"engine" from "" to "postgres"`
		ready    = `{type: Ready, status: "True", reason: Available}`
		unready  = `{type: Ready, status: "False", reason: Creating}`
	)
	operation := func(reason, message string) string {
		return `{type: LastAsyncOperation, status: "False", reason: ` + reason + `, message: '` + message + `'}`
	}
	cases := map[string]struct {
		why, spec, conditions string
		want                  bool
	}{
		"MayOnlyChange": {
			why:  "the first attempt: Synced and Ready are as before",
			spec: updates, want: true,
			conditions: ready + `, {type: Synced, status: "True"}, ` + operation("AsyncUpdateFailure", remaking),
		},
		"MayOnlyChangeLater": {
			why:  "the second attempt reports the first one's error, and the last operation is under way",
			spec: updates, want: true, conditions: ready + `, {type: Synced, status: "False", message: 'update failed: ` + remaking + `'}`,
		},
		"MayOnlyChangeNothing": {
			why:  "a field that only the cloud knows: seen with the provider, after an instance was deleted",
			spec: updates, want: true,
			conditions: ready + `, ` + operation("AsyncUpdateFailure", `async update failed: `+refused+`"availability_zone" from "" to ""`),
		},
		"OtherChange": {
			why:        "it is there, and a field that cannot change is to have another value",
			spec:       updates,
			conditions: ready + `, ` + operation("AsyncUpdateFailure", `async update failed: `+refused+`"engine" from "mysql" to "postgres"`),
		},
		"OtherFailure": {
			why: "any other error", spec: updates, conditions: ready + `, ` + operation("AsyncUpdateFailure", "async update failed: throttled"),
		},
		"CreationFails": {
			why:  "the creation is composed to fail",
			spec: creates, want: true, conditions: unready + `, ` + operation("AsyncCreateFailure", "async create failed: DBInstanceNotFound"),
		},
		"CreationFailsAndTheProviderCouldNotSaySo": {
			why:  "somebody else wrote the object when LastAsyncOperation was to be written",
			spec: creates, want: true, conditions: unready + `, {type: Synced, status: "False", reason: ReconcileError, message: "create failed: async create ` +
				`failed: DBInstanceNotFound"}, {type: LastAsyncOperation, status: "True", reason: Success}`,
		},
		"ObservationFails": {
			why:  "nothing was tried to be created",
			spec: creates, conditions: unready + `, {type: Synced, status: "False", reason: ReconcileError, message: "observe failed: throttled"}`,
		},
		"FirstCreationFails": {
			why:  "nothing is composed to fail: an empty initProvider is the provider's own",
			spec: `initProvider: {}`, conditions: unready + `, ` + operation("AsyncCreateFailure", "async create failed: throttled"),
		},
		"HalfCreated": {
			why:  "an earlier creation failed after there was something, which is observed",
			spec: creates, conditions: ready + `, ` + operation("AsyncCreateFailure", "async create failed: timeout"),
		},
		"NeverMade": {
			why: "a first creation fails", spec: `forProvider: {}`, conditions: unready + `, ` + operation("AsyncCreateFailure", "async create failed: quota"),
		},
		"Fine": {why: "all is well", spec: updates, conditions: ready},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := parse(t, `{apiVersion: rds.aws.m.upbound.io/v1beta1, kind: Instance, spec: {`+tc.spec+`}, status: {conditions: [`+tc.conditions+`]}}`)
			if got := Lost(o); got != tc.want {
				t.Errorf("%s: lost %v, want %v", tc.why, got, tc.want)
			}
			if state := Of(o); tc.want && (state.Ready || state.Cause != conditions.DataLost) {
				t.Errorf("%s: %+v", tc.why, state)
			}
		})
	}
}
