package health

import (
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

const network = "apiVersion: platform.io/v1\nkind: Network\nmetadata: {generation: 2}\n"

const instance = "apiVersion: rds.aws.m.upbound.io/v1beta1\nkind: Instance\n"

func TestOf(t *testing.T) {
	t.Parallel()
	ready := State{Ready: true, Reason: conditions.Available}
	cases := map[string]struct {
		observed string
		want     State
	}{
		"not observed":                           {"", State{Reason: conditions.Creating, Message: "not created yet"}},
		"no status":                              {instance, State{Reason: conditions.Creating, Message: "no status from the provider yet"}},
		"ready":                                  {instance + `status: {conditions: [{type: Synced, status: "True"}, {type: Ready, status: "True"}]}`, ready},
		"ready, and nothing said about the rest": {instance + `status: {conditions: [{type: Ready, status: "True"}]}`, ready},
		"being created": {instance + `status: {conditions: [{type: Synced, status: "True"}, {type: Ready, status: "False", reason: Creating}]}`,
			State{Reason: conditions.Creating, Message: "Creating"}},
		"being created, in words": {instance + `status: {conditions: [{type: Ready, status: "False", reason: Creating, message: backing up}]}`,
			State{Reason: conditions.Creating, Message: "backing up"}},
		"readiness is not known": {instance + `status: {conditions: [{type: Ready, status: "Unknown"}]}`,
			State{Reason: conditions.Creating, Message: "no status from the provider yet"}},
		"ready, and the last change fails": {
			instance + `status: {conditions: [{type: Synced, status: "False", reason: ReconcileError, message: "quota"}, {type: Ready, status: "True"}]}`,
			State{Reason: conditions.Failing, Message: "quota"}},
		"fails without words": {instance + `status: {conditions: [{type: Synced, status: "False", reason: ReconcileError}]}`,
			State{Reason: conditions.Failing, Message: "ReconcileError"}},
		"fails without anything": {instance + `status: {conditions: [{type: Synced, status: "False"}]}`,
			State{Reason: conditions.Failing, Message: "the provider reports an error"}},
		"ready, and the last operation failed": {
			instance + `status: {conditions: [{type: LastAsyncOperation, status: "False", message: "out of luck"}, {type: Ready, status: "True"}]}`,
			State{Reason: conditions.Failing, Message: "out of luck"}},
		"the provider's wrapping is no news": {
			instance + `status: {conditions: [{type: Synced, status: "False", message: "create failed: async create failed: out of\n\tluck"}]}`,
			State{Reason: conditions.Failing, Message: "out of luck"}},
		"an error that is known": {
			instance + `status: {conditions: [{type: Synced, status: "False", message: "create failed: InstanceQuotaExceeded: too many"}]}`,
			State{Reason: conditions.Failing, Cause: conditions.QuotaExceeded, Message: "InstanceQuotaExceeded: too many. " +
				"The account has as many database instances as it may have in this region. " +
				`The platform team has to raise the RDS quota "DB instances", or to delete some`}},
		"a known error of the last operation": {
			instance + `status: {conditions: [{type: LastAsyncOperation, status: "False", message: "Throttling: Rate exceeded"}]}`,
			State{Reason: conditions.Failing, Cause: conditions.Throttled,
				Message: "Throttling: Rate exceeded. The cloud limits how often it may be called: it is tried again; nothing to do"}},
		"the credentials of a cluster's configuration": {
			instance + `{spec: {providerConfigRef: {kind: ClusterProviderConfig, name: staging}}, status: {conditions: [{type: Synced, status: "False", message: "ExpiredToken: old"}]}}`,
			State{Reason: conditions.Failing, Cause: conditions.CredentialsInvalid, Message: "ExpiredToken: old. AWS does not accept the credentials " +
				"of ClusterProviderConfig staging. The platform team has to renew them. What runs goes on running"}},
		"the credentials of a configuration without a kind": {
			instance + `{spec: {providerConfigRef: {name: staging}}, status: {conditions: [{type: Synced, status: "False", message: "ExpiredToken: old"}]}}`,
			State{Reason: conditions.Failing, Cause: conditions.CredentialsInvalid, Message: "ExpiredToken: old. AWS does not accept the credentials " +
				"of ProviderConfig staging. The platform team has to renew them. What runs goes on running"}},
		"credentials, and no configuration is named": {
			instance + `status: {conditions: [{type: Synced, status: "False", message: "ExpiredToken: old"}]}`,
			State{Reason: conditions.Failing, Cause: conditions.CredentialsInvalid, Message: "ExpiredToken: old. AWS does not accept the credentials " +
				"of the ProviderConfig. The platform team has to renew them. What runs goes on running"}},
		"somebody has paused it": {
			instance + `status: {conditions: [{type: Synced, status: "False", reason: ReconcilePaused}, {type: Ready, status: "True"}]}`,
			State{Reason: conditions.Failing, Cause: conditions.Paused, Message: "ReconcilePaused. The provider has been told to leave this resource " +
				"alone. The platform team has to remove the annotation crossplane.io/paused from it"}},
		"a composite that its own functions have made ready": {
			network + `status: {conditions: [{type: Synced, status: "True", observedGeneration: 2}, {type: Ready, status: "True", observedGeneration: 2}]}`, ready},
		"a composite that was ready before its spec changed": {
			network + `status: {conditions: [{type: Synced, status: "True", observedGeneration: 1}, {type: Ready, status: "True", observedGeneration: 1}]}`,
			State{Reason: conditions.Creating, Message: "the provider has not seen the last change yet"}},
		"a composite that waits for what it composes": {
			network + `status: {conditions: [{type: Synced, status: "True"}, {type: Ready, status: "False", reason: Creating, message: "Unready resources: vpc"}]}`,
			State{Reason: conditions.Creating, Message: "Unready resources: vpc"}},
		"a composite whose functions refuse": {
			network + `status: {conditions: [{type: Synced, status: "False", message: "cannot compose resources: no"}, {type: Ready, status: "True"}]}`,
			State{Reason: conditions.Failing, Message: "cannot compose resources: no"}},
		"an object in another cluster": {
			`{apiVersion: kubernetes.m.crossplane.io/v1alpha1, kind: Object, status: {conditions: [{type: Synced, status: "True"}, {type: Ready, status: "True"}]}}`, ready},
		"an object that its cluster refuses": {
			`{apiVersion: kubernetes.m.crossplane.io/v1alpha1, kind: Object, status: {conditions: [{type: Synced, status: "False", message: "forbidden"}]}}`,
			State{Reason: conditions.Failing, Message: "forbidden"}},
		"being created, in lines": {instance + `status: {conditions: [{type: Ready, status: "False", reason: Creating, message: "backing\n\tup"}]}`,
			State{Reason: conditions.Creating, Message: "backing up"}},
		"the last operation failed without words": {
			instance + `status: {conditions: [{type: LastAsyncOperation, status: "False", reason: AsyncCreateFailure}, {type: Ready, status: "True"}]}`,
			State{Reason: conditions.Failing, Message: "AsyncCreateFailure"}},
		"the last operation failed without anything": {
			instance + `status: {conditions: [{type: LastAsyncOperation, status: "False"}, {type: Ready, status: "True"}]}`,
			State{Reason: conditions.Failing, Message: "the last operation of the provider failed"}},
		"the last operation went well": {
			instance + `status: {conditions: [{type: LastAsyncOperation, status: "True", reason: Success}, {type: Ready, status: "True"}]}`, ready},
		"an operation goes on": {
			instance + `status: {conditions: [{type: AsyncOperation, status: "False", reason: Ongoing}, {type: Ready, status: "True"}]}`, ready},
		"ready, of the generation before": {
			instance + `{metadata: {generation: 3}, status: {observedGeneration: 2, conditions: [{type: Ready, status: "True"}]}}`,
			State{Reason: conditions.Creating, Message: "the provider has not seen the last change yet"}},
		"ready, of this generation": {
			instance + `{metadata: {generation: 3}, status: {observedGeneration: 3, conditions: [{type: Ready, status: "True"}]}}`, ready},
		"ready, and Synced is of the generation before": {
			instance + `{metadata: {generation: 3}, status: {conditions: [{type: Synced, status: "True", observedGeneration: 2}, {type: Ready, status: "True"}]}}`,
			State{Reason: conditions.Creating, Message: "the provider has not seen the last change yet"}},
		"ready, and Synced is of this generation": {
			instance + `{metadata: {generation: 3}, status: {conditions: [{type: Synced, status: "True", observedGeneration: 3}, {type: Ready, status: "True"}]}}`, ready},
		"a provider that reports no generation": {
			instance + `{metadata: {generation: 3}, status: {conditions: [{type: Ready, status: "True"}]}}`, ready},
		"being deleted, and ready": {
			instance + `{metadata: {deletionTimestamp: "2025-01-01T00:00:00Z"}, status: {conditions: [{type: Ready, status: "True"}]}}`,
			State{Reason: conditions.Deleting, Message: "is being deleted"}},
		"a Secret exists":         {"apiVersion: v1\nkind: Secret\n", ready},
		"a Secret that goes":      {"apiVersion: v1\nkind: Secret\nmetadata: {deletionTimestamp: '2025-01-01T00:00:00Z'}\n", State{Reason: conditions.Deleting, Message: "is being deleted"}},
		"a Secret of a provider":  {"apiVersion: secretsmanager.aws.upbound.io/v1beta1\nkind: Secret\n", State{Reason: conditions.Creating, Message: "no status from the provider yet"}},
		"another core kind":       {"apiVersion: v1\nkind: ConfigMap\n", State{Reason: conditions.Creating, Message: "no status from the provider yet"}},
		"a Usage, without status": {"apiVersion: protection.crossplane.io/v1beta1\nkind: Usage\n", ready},
		"a Usage that waits": {"apiVersion: protection.crossplane.io/v1beta1\nkind: ClusterUsage\n" +
			`status: {conditions: [{type: Ready, status: "False", reason: Waiting}]}`, ready},
		"a Usage that goes": {"apiVersion: protection.crossplane.io/v1beta1\nkind: Usage\nmetadata: {deletionTimestamp: '2025-01-01T00:00:00Z'}\n",
			State{Reason: conditions.Deleting, Message: "is being deleted"}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			if got := Of(parse(t, tc.observed)); got != tc.want {
				t.Errorf("Of() = %+v, want %+v", got, tc.want)
			}
		})
	}
}

// Everything that fails is named; what merely waits is told by the first.
func TestSum(t *testing.T) {
	t.Parallel()
	fails := func(words string) string {
		return instance + `status: {conditions: [{type: Synced, status: "False", message: "` + words + `"}]}`
	}
	ready := instance + `status: {conditions: [{type: Ready, status: "True"}]}`
	const again = " The cloud limits how often it may be called: it is tried again; nothing to do"
	cases := map[string]struct {
		observed []string
		want     State
	}{
		"nothing":                       {nil, State{Ready: true, Reason: conditions.Available}},
		"all ready":                     {[]string{ready, ready}, State{Ready: true, Reason: conditions.Available}},
		"the first that waits":          {[]string{ready, "", instance}, State{Reason: conditions.Creating, Message: "Kind b: not created yet"}},
		"a failure before what waits":   {[]string{"", fails("quota")}, State{Reason: conditions.Failing, Message: "Kind b: quota"}},
		"failures in the graph's order": {[]string{fails("z"), ready, fails("a")}, State{Reason: conditions.Failing, Message: "Kind a: z; Kind c: a"}},
		"the same words once": {[]string{fails("no credentials"), fails("quota"), fails("no credentials")},
			State{Reason: conditions.Failing, Message: "Kind a, Kind c: no credentials; Kind b: quota"}},
		"one cause, in the same words": {[]string{fails("Throttling: slow"), ready, fails("Throttling: slow")},
			State{Reason: conditions.Failing, Cause: conditions.Throttled, Message: "Kind a, Kind c: Throttling: slow." + again}},
		"one cause, in other words": {[]string{fails("Throttling: slow"), fails("RequestLimitExceeded: no")},
			State{Reason: conditions.Failing, Cause: conditions.Throttled, Message: "Kind a: Throttling: slow." + again +
				"; Kind b: RequestLimitExceeded: no." + again}},
		"two causes": {[]string{fails("Throttling: slow"), fails("InternalError: no")},
			State{Reason: conditions.Failing, Message: "Kind a: Throttling: slow." + again +
				"; Kind b: InternalError: no. The cloud has a fault of its own: it is tried again; nothing to do"}},
		"a cause, and one that nobody knows": {[]string{fails("Throttling: slow"), fails("strange"), fails("Throttling: slow")},
			State{Reason: conditions.Failing, Message: "Kind a, Kind c: Throttling: slow." + again + "; Kind b: strange"}},
		"a cause behind one that nobody knows": {[]string{fails("strange"), fails("Throttling: slow")},
			State{Reason: conditions.Failing, Message: "Kind a: strange; Kind b: Throttling: slow." + again}},
		"more than a person reads": {[]string{fails("1"), fails("2"), fails("3"), fails("4"), ready, fails("1"), fails("5")},
			State{Reason: conditions.Failing, Message: "Kind a, Kind f: 1; Kind b: 2; Kind c: 3; also failing: Kind d, Kind g"}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			var all []Resource
			for n, text := range tc.observed {
				all = append(all, Resource{Kind: "Kind", Name: string(rune('a' + n)), Observed: parse(t, text)})
			}
			if got := Sum(all); got != tc.want {
				t.Errorf("Sum() = %+v, want %+v", got, tc.want)
			}
		})
	}
}

// parse reads YAML as an object; a last line in flow style is merged into the block above it.
func parse(t *testing.T, text string) object.Object {
	t.Helper()
	if text == "" {
		return object.Object{}
	}
	fields := map[string]any{}
	head, flow := text, ""
	if len(text) > len(instance) && text[:len(instance)] == instance && text[len(instance)] == '{' {
		head, flow = instance, text[len(instance):]
	}
	for _, part := range []string{head, flow} {
		if err := yaml.Unmarshal([]byte(part), &fields); err != nil {
			t.Fatal(err)
		}
	}
	o, err := object.FromValue(fields)
	if err != nil {
		t.Fatal(err)
	}
	return o
}
