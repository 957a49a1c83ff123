package simulator_test

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/ownership"
	"github.com/goldenpath-dev/goldenpath/functions/internal/simulator"
)

var legalName = regexp.MustCompile(`^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$`)

// judge holds a round against the promises.
func (h *history) judge(r *simulator.Round, before moment) error {
	if len(h.cluster.Cloud.Violations) > 0 {
		return errors.New("the cloud refuses: " + strings.Join(h.cluster.Cloud.Violations, "; "))
	}
	for _, d := range r.Deleted {
		if err := h.legal(d, before); err != nil {
			return fmt.Errorf("%s was deleted (%s: %q): %w", d.Name, d.Drop.Reason, d.Drop.Message, err)
		}
	}
	for _, name := range r.Created {
		if !h.cluster.Store.Get(simulator.ReferenceTo(h.cluster.Composed[name].Object)).IsZero() {
			return fmt.Errorf("%s takes over an object that is not ours", name)
		}
	}
	if r.Fatal != "" {
		if len(r.Deleted)+len(r.Created) > 0 {
			return errors.New("a fatal changed something")
		}
		return nil
	}
	for _, check := range []func(*simulator.Round, moment) error{
		h.desired, h.readiness, h.identity, h.usages, h.connection, h.credentialsMode, h.status,
	} {
		if err := check(r, before); err != nil {
			return err
		}
	}
	return nil
}

// desired names are ours and legal, and those of observed objects.
func (h *history) desired(r *simulator.Round, before moment) error {
	legacy := object.Of(h.cluster.XR).Namespace() == ""
	for name, d := range r.Desired {
		o := object.Of(d.GetResource())
		if !ownership.Ours(name) {
			return fmt.Errorf("%s belongs to no stage", name)
		}
		if !legalName.MatchString(o.Name()) || len(o.Name()) > 253 {
			return fmt.Errorf("%s has the name %q", name, o.Name())
		}
		if was, ok := before.composed[name]; ok && was.Name() != o.Name() {
			return fmt.Errorf("%s is renamed from %s to %s", name, was.Name(), o.Name())
		}
		if d.GetReady() == fnv1.Ready_READY_UNSPECIFIED {
			return fmt.Errorf("%s has no readiness", name)
		}
		if was := before.composed[name]; d.GetReady() == fnv1.Ready_READY_TRUE && (was.IsZero() || was.Deleting()) {
			return fmt.Errorf("%s is ready and not there", name)
		}
		if o.Has("status") {
			return fmt.Errorf("%s has a status", name)
		}
		if legacy && (o.Kind() == "Secret" || o.Kind() == "Usage") && o.Namespace() == "" {
			return fmt.Errorf("%s has no namespace: core would wedge", name)
		}
		if !legacy && o.Kind() == "ClusterUsage" {
			return fmt.Errorf("%s is cluster scoped below a namespaced composite", name)
		}
	}
	return nil
}

// readiness: not ready while anything waits.
func (h *history) readiness(r *simulator.Round, _ moment) error {
	if !h.cluster.Ready() {
		return nil
	}
	for name, d := range r.Desired {
		if d.GetReady() != fnv1.Ready_READY_TRUE {
			return fmt.Errorf("the composite is ready and %s is not", name)
		}
	}
	for _, conditionType := range []string{
		v1.ConditionEnvironmentResolved, v1.ConditionDatabaseReady, v1.ConditionAccessReady, v1.ConditionVaultReady, v1.ConditionGuardrailsPassed,
	} {
		c := h.cluster.Condition(conditionType)
		if c.Reason == string(conditions.EnvironmentExpired) && conditionType == v1.ConditionEnvironmentResolved {
			// A protected database stays, and works, in an expired preview.
			continue
		}
		if c.Status != "True" {
			return fmt.Errorf("the composite is ready and %s is %s (%s: %s)", conditionType, c.Status, c.Reason, c.Message)
		}
	}
	if h.lost || len(r.Desired) == 0 {
		return errors.New("the composite is ready without its Environment or without resources")
	}
	return nil
}

// identityFields are decided once, below spec.forProvider.
var identityFields = []string{
	"identifier", "finalSnapshotIdentifier", "kmsKeyId", "dbName", "username", "dbSubnetGroupName", "engine", "name", "roleName", "backend",
	"mount", "vpcId", "family", "databaseName", "masterUsername", "replicateSourceDb", "clusterIdentifier", "snapshotIdentifier", "role",
}

// identity of an observed object never changes.
func (h *history) identity(*simulator.Round, moment) error {
	for name, c := range h.cluster.Composed {
		o := object.Of(c.Object)
		if o.Deleting() {
			continue
		}
		known, ok := h.identities[o.UID()]
		if !ok {
			known = map[string]string{}
			h.identities[o.UID()] = known
		}
		spec := o.At("spec", "forProvider")
		for _, field := range identityFields {
			value := spec.String(field)
			if value == "" && spec.Has("replicateSourceDb") && slices.Contains([]string{"kmsKeyId", "username", "engine", "dbSubnetGroupName"}, field) {
				// A replica has them from its source, and what late initialisation wrote of that may go again.
				continue
			}
			if field == "finalSnapshotIdentifier" && madeAnew(o, known) {
				// The last backup of the one before may be there under its name.
				delete(known, field)
			}
			if was := known[field]; was != "" && value != was && (field != "finalSnapshotIdentifier" || value != "") {
				return fmt.Errorf("%s: %s changed from %q to %q", name, field, was, value)
			}
			if value != "" {
				known[field] = value
			}
		}
	}
	return nil
}

// madeAnew says that the cloud has made another database since a name was noted, and that another name has been chosen.
func madeAnew(o object.Object, known map[string]string) bool {
	at := o.At("status", "atProvider")
	id, noted := at.String("resourceId")+at.String("clusterResourceId"), known["id"]
	if id == "" {
		return false
	}
	if noted == "" || id != noted && o.String("spec", "forProvider", "finalSnapshotIdentifier") != known["finalSnapshotIdentifier"] {
		known["id"] = id
		return noted != ""
	}
	return false
}

// usages keep the Environment while the instance is there.
func (h *history) usages(r *simulator.Round, before moment) error {
	if before.holder().IsZero() || h.cluster.Condition(v1.ConditionEnvironmentResolved).Status != "True" {
		// Nothing is added while the Environment is away.
		return nil
	}
	if _, ok := r.Desired["database-usage-environment"]; ok {
		return nil
	}
	if _, ok := r.Desired["database-usage-environment-claim"]; ok {
		return nil
	}
	return errors.New("the instance is there, and no Usage keeps its Environment")
}

// connection: the Secret never loses a key that does not depend on the claim.
func (h *history) connection(r *simulator.Round, _ moment) error {
	data := object.Of(r.Desired["database-connection-secret"].GetResource()).At("data")
	if data.IsZero() {
		return nil
	}
	for _, key := range []string{"type", "provider", "host", "port", "database", "uri", "jdbc-url", "ca-bundle-url"} {
		if data.String(key) == "" {
			return fmt.Errorf("the connection Secret has no %s", key)
		}
	}
	return nil
}

// credentialsMode changes only when the claim says so.
func (h *history) credentialsMode(_ *simulator.Round, before moment) error {
	asked, mode := object.Of(h.cluster.XR).String("spec", "credentials"), object.Of(h.cluster.Status).String("credentials")
	defer func() { h.asked, h.mode = asked, mode }()
	if before.holder().IsZero() || mode == "" || h.mode == "" {
		return nil
	}
	if asked == "" && mode != h.mode {
		return fmt.Errorf("credentials became %s, and nobody asked for it", mode)
	}
	return nil
}

// status keeps the Environment while anything is composed.
func (h *history) status(*simulator.Round, moment) error {
	if len(h.cluster.Composed) > 0 && object.Of(h.cluster.Status).String("environment", "name") == "" {
		return errors.New("status.environment is gone")
	}
	h.lived = object.Object{}
	if len(h.cluster.Composed) > 0 {
		h.lived = object.Of(h.cluster.Status).At("environment")
	}
	return nil
}
