package provider

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"time"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/fault"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/inventory"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/kinds"
)

// external is the connection to the cloud for one reconcile of one managed resource.
type external struct {
	cloud   *inventory.Cloud
	tracker *tracker
	delays  Delays
	now     func() time.Time
	// endpoint is the address of Vault.
	endpoint string
	target   inventory.Target
	faults   fault.Set
	// wanted are the parameters that forProvider says, and initial those that count at the creation only.
	wanted, initial map[string]any
	// values are fingerprints of the values in Secrets, and password one of the values.
	values   inventory.Values
	password string
	// observes says that the managed resource only looks.
	observes bool
	diff     map[string]any
}

// Disconnect does nothing.
func (e *external) Disconnect(context.Context) error { return nil }

// Observe looks at the resource in the cloud.
func (e *external) Observe(_ context.Context, mg kinds.Managed) (managed.ExternalObservation, error) {
	now := e.now()
	if e.tracker.running() && !e.tracker.done(now) {
		// upjet looks no further while an operation goes on: what it observes would be half done.
		return managed.ExternalObservation{ResourceExists: true, ResourceUpToDate: true}, nil
	}
	if e.tracker.running() {
		e.end(now)
	}
	if message, ok := e.faults[fault.NotSynced]; ok {
		return managed.ExternalObservation{}, e.unreadable(message)
	}
	if e.target.ExternalName == "" {
		return managed.ExternalObservation{}, nil
	}
	if err := e.refused(read); err != nil {
		return managed.ExternalObservation{}, e.failed(read, err)
	}
	e.drift()
	if !e.faults.Has(fault.WindowClosed) {
		e.cloud.OpenWindow(e.target)
	}
	if e.observes {
		return e.looked(mg)
	}
	entry, exists := e.cloud.Get(e.target)
	if !exists {
		// A provider that may not create takes what is not there for something to change.
		e.diff = changes(e.target.Kind, withoutSecrets(e.wanted), nil, nil)
		return managed.ExternalObservation{}, nil
	}
	e.cloud.Adopt(e.target)
	if e.faults.Has(fault.Leased) {
		e.cloud.Lease(e.target)
	}
	return e.seen(mg, entry)
}

// looked tells the managed resource what it sees of a thing that belongs to somebody else.
func (e *external) looked(mg kinds.Managed) (managed.ExternalObservation, error) {
	entry, exists := e.cloud.Look(e.target, withoutSecrets(e.wanted))
	if !exists {
		return managed.ExternalObservation{}, nil
	}
	mg.SetConditions(xpv2.Available())
	return managed.ExternalObservation{ResourceExists: true, ResourceUpToDate: true},
		mg.SetObservation(kinds.With(entry.Parameters, entry.Reported))
}

// end is the end of an operation.
func (e *external) end(now time.Time) {
	e.cloud.Settle(e.target)
	if e.tracker.verb == api.Create {
		e.tracker.created = now
	}
	e.tracker.verb, e.tracker.err = "", nil
}

// unreadable is what the provider says when the cloud has a fault of its own.
func (e *external) unreadable(message string) error {
	if message != "" {
		return e.failed(read, errors.New(message))
	}
	return e.failed(read, &inventory.Refusal{
		Status: http.StatusInternalServerError, Code: "InternalFailure", Message: "An internal error has occurred",
	})
}

// drift lets somebody change the resource by hand, if that is asked for.
func (e *external) drift() {
	field, ok := e.faults[fault.Drift]
	if !ok {
		e.cloud.Drift(e.target, "", nil)
		return
	}
	e.cloud.Drift(e.target, "drift="+field, drifted(e.target.Kind, field))
}

// seen tells the managed resource what was seen.
func (e *external) seen(mg kinds.Managed, entry inventory.Entry) (managed.ExternalObservation, error) {
	if r := cloud.PlanRefused(e.target.Kind, e.wanted); r != nil {
		return managed.ExternalObservation{}, r
	}
	// The real provider asks again for what waits for the maintenance window, at every poll. Once says as much.
	e.diff = changes(e.target.Kind, withoutSecrets(e.wanted), kinds.With(entry.Parameters, entry.Pending), entry.Reported)
	upToDate := len(e.diff) == 0 && len(entry.Values.Changed(e.values)) == 0
	mg.SetConditions(xpv2.Available())
	late, err := e.initialise(mg, entry)
	if err != nil {
		return managed.ExternalObservation{}, err
	}
	if meta.GetExternalName(mg) != e.target.ExternalName {
		meta.SetExternalName(mg, e.target.ExternalName)
		late = true
	}
	if err := mg.SetObservation(kinds.With(entry.Parameters, entry.Reported)); err != nil {
		return managed.ExternalObservation{}, err
	}
	if upToDate && !meta.WasDeleted(mg) {
		mg.SetConditions(lastAsyncOperationSucceeded(), xpv2.ReconcileSuccess())
		e.tracker.err = nil
	}
	return managed.ExternalObservation{
		ResourceExists: true, ResourceUpToDate: upToDate, ResourceLateInitialized: late, ConnectionDetails: e.details(entry),
	}, nil
}

// lastAsyncOperationSucceeded is upjet's condition beside Synced. Since v2 it is only ever true: errors stand in Synced.
func lastAsyncOperationSucceeded() xpv2.Condition {
	return xpv2.Condition{Type: "LastAsyncOperation", Status: corev1.ConditionTrue, LastTransitionTime: metav1.Now(), Reason: "Success"}
}

// initialise writes what the cloud has filled in where the spec says nothing.
func (e *external) initialise(mg kinds.Managed, entry inventory.Entry) (bool, error) {
	policies := mg.GetManagementPolicies()
	facts := cloud.Kinds()[e.target.Kind]
	if !facts.Ruled() ||
		!slices.Contains(policies, xpv2.ManagementActionAll) && !slices.Contains(policies, xpv2.ManagementActionLateInitialize) {
		return false, nil
	}
	has := kinds.With(map[string]any{"clusterMembers": entry.Reported["clusterMembers"]}, entry.Parameters)
	late := facts.Late(has)
	for field := range e.initial {
		delete(late, field)
	}
	initialised := cloud.Below(late, e.wanted)
	if reflect.DeepEqual(initialised, e.wanted) {
		return false, nil
	}
	return true, mg.SetParameters(initialised)
}

// details are what belongs into the connection secret.
func (e *external) details(entry inventory.Entry) managed.ConnectionDetails {
	if e.now().Before(e.tracker.created.Add(e.faults.Lasts(fault.SecretLate))) {
		return nil
	}
	details := managed.ConnectionDetails{}
	for key, value := range cloud.Details(e.target.Kind, entry.Parameters, entry.Reported, e.password) {
		details[key] = []byte(value)
	}
	return details
}

// Create begins the creation.
func (e *external) Create(_ context.Context, _ kinds.Managed) (managed.ExternalCreation, error) {
	was := e.tracker.err
	parameters := withoutSecrets(kinds.With(e.initial, e.wanted))
	err := e.call(api.Create, nil, func() (err error) {
		e.tracker.externalName, err = e.cloud.Create(e.target, parameters, e.values)
		return err
	})
	e.begin(api.Create, err, e.delays.creation(e.target.Kind))
	return managed.ExternalCreation{}, was
}

// Update begins a change.
func (e *external) Update(_ context.Context, _ kinds.Managed) (managed.ExternalUpdate, error) {
	was := e.tracker.err
	fields := slices.Sorted(maps.Keys(e.diff))
	entry, _ := e.cloud.Get(e.target)
	if err := cloud.Kinds()[e.target.Kind].Replaces(e.diff, entry.Parameters); err != nil {
		e.cloud.Refuse(e.target, api.Update, fields, err)
		e.tracker.err = fmt.Errorf("async update failed: %w", err)
		return managed.ExternalUpdate{}, was
	}
	err := e.call(api.Update, fields, func() error { return e.cloud.Update(e.target, e.diff, e.values, e.faults.Has(fault.WindowClosed)) })
	e.begin(api.Update, err, e.delays.change(e.target.Kind, e.diff))
	return managed.ExternalUpdate{}, was
}

// Delete begins the deletion.
func (e *external) Delete(_ context.Context, _ kinds.Managed) (managed.ExternalDelete, error) {
	switch {
	case e.tracker.verb == api.Delete:
		return managed.ExternalDelete{}, nil
	case e.tracker.running():
		return managed.ExternalDelete{}, fmt.Errorf("%s operation that started at %s is still running", e.tracker.verb, e.tracker.started)
	}
	was := e.tracker.err
	err := e.call(api.Delete, nil, func() error { return e.cloud.Delete(e.target) })
	delay := e.delays.deletion(e.target.Kind)
	if e.faults.Has(fault.SlowDelete) {
		delay = e.faults.Lasts(fault.SlowDelete)
	}
	e.begin(api.Delete, err, delay)
	return managed.ExternalDelete{}, was
}

// call calls the cloud, unless a fault answers in its place.
func (e *external) call(verb string, fields []string, do func() error) error {
	if err := e.refused(verb); err != nil {
		e.cloud.Refuse(e.target, verb, fields, err)
		return e.failed(verb, err)
	}
	if err := do(); err != nil {
		return e.failed(verb, err)
	}
	return nil
}

// begin starts an operation, or keeps its error for the next reconcile when it has failed at once.
func (e *external) begin(verb string, err error, lasts time.Duration) {
	if err != nil {
		e.tracker.err = fmt.Errorf("async %s failed: %w", verb, err)
		return
	}
	now := e.now()
	e.tracker.verb, e.tracker.started, e.tracker.ends = verb, now, now.Add(lasts)
}
