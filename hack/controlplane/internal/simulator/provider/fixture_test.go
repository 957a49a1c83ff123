package provider

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/fault"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/inventory"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/kinds"
)

// stage plays one managed resource without an API server, with a clock of its own.
type stage struct {
	t         *testing.T
	connector *Connector
	mg        kinds.Managed
	faults    fault.Set
	clock     time.Time
	last      *external
}

const (
	instanceSpec = `{"metadata": {"name": "db", "namespace": "team", "uid": "u1", "annotations": {
	"crossplane.io/composition-resource-name": "database-instance"}}, "spec": {"managementPolicies": ["*"], "forProvider": {
	"region": "eu-west-1", "identifier": "orders", "engine": "postgres", "engineVersion": "17", "instanceClass": "db.t4g.medium",
	"allocatedStorage": 20, "maxAllocatedStorage": 100, "port": 5432, "username": "u", "publiclyAccessible": false,
	"kmsKeyId": "key", "tags": {"a": "b"}, "autoGeneratePassword": true, "skipFinalSnapshot": true,
	"passwordSecretRef": {"name": "s", "key": "password"}}}}`
	policySpec = `{"metadata": {"name": "p", "namespace": "team", "uid": "u2"}, "spec": {"managementPolicies": ["*"], "forProvider": {
	"name": "orders-reader", "policy": "path"}}}`
)

func newStage(t *testing.T, kind, document string) *stage {
	t.Helper()
	s := &stage{t: t, clock: time.Unix(1_000_000, 0), faults: fault.Set{}}
	now := func() time.Time { return s.clock }
	for _, k := range kinds.All() {
		if k.Key() == kind {
			s.mg = k.New()
			s.connector = &Connector{
				Kind: k, Cloud: inventory.New(now), Trackers: NewTrackers(now), Delays: Delays{Instance: 20 * time.Second}, Now: now,
			}
		}
	}
	if err := json.Unmarshal([]byte(document), s.mg); err != nil {
		t.Fatal(err)
	}
	return s
}

// connect is the beginning of a reconcile.
func (s *stage) connect() *external {
	s.t.Helper()
	e, err := s.connector.external(s.mg, s.faults, "https://vault.example.org:8200")
	if err != nil {
		s.t.Fatal(err)
	}
	for path := range secretRefs("", e.wanted) {
		e.values[path] = "fingerprint"
	}
	e.password = "secret"
	s.last = e
	return e
}

func (s *stage) observe() managed.ExternalObservation {
	s.t.Helper()
	o, err := s.connect().Observe(s.t.Context(), s.mg)
	if err != nil {
		s.t.Fatal(err)
	}
	return o
}

// create observes and creates, as a reconcile does.
func (s *stage) create() error {
	s.t.Helper()
	if s.observe().ResourceExists {
		s.t.Fatal("it exists already")
	}
	_, err := s.last.Create(s.t.Context(), s.mg)
	return err
}

func (s *stage) update() error {
	s.t.Helper()
	if o := s.observe(); !o.ResourceExists || o.ResourceUpToDate {
		s.t.Fatalf("there is nothing to update: %+v", o)
	}
	_, err := s.last.Update(s.t.Context(), s.mg)
	return err
}

func (s *stage) remove() error {
	s.t.Helper()
	if !s.observe().ResourceExists {
		s.t.Fatal("there is nothing to delete")
	}
	_, err := s.last.Delete(s.t.Context(), s.mg)
	return err
}

// ready brings the resource to where nothing goes on any more.
func (s *stage) ready() {
	s.t.Helper()
	if err := s.create(); err != nil {
		s.t.Fatal(err)
	}
	s.clock = s.clock.Add(20 * time.Second)
	s.observe()
	if o := s.observe(); !o.ResourceUpToDate || o.ResourceLateInitialized {
		s.t.Fatalf("it does not settle: %+v", o)
	}
}

func (s *stage) set(field string, value any) {
	s.t.Helper()
	parameters, err := s.mg.Parameters()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.mg.SetParameters(kinds.With(parameters, map[string]any{field: value})); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) observation(field string) any {
	s.t.Helper()
	at, err := s.mg.Observation()
	if err != nil {
		s.t.Fatal(err)
	}
	return at[field]
}

// calls that went well, as verbs.
func (s *stage) calls() []string {
	var verbs []string
	for _, call := range s.connector.Cloud.CallsSince(0).Calls {
		if call.Error == "" {
			verbs = append(verbs, call.Verb)
		}
	}
	return verbs
}

func says(t *testing.T, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil, want != "" && (err == nil || err.Error() != want):
		t.Errorf("error = %v, want %q", err, want)
	}
}
