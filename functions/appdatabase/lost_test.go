package appdatabase

import (
	"strings"
	"testing"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
)

// gone is what the provider reports of a database that somebody has deleted, by what it may do.
func (w *world) gone(holder string) {
	w.t.Helper()
	ready, reason, message := "True", "AsyncUpdateFailure", "async update failed: refuse to update the external resource because the following "+
		`update requires replacing it: cannot change the value of the argument "engine" from "" to "postgres"`
	if len(wanted(w.compose(), holder).Strings("spec", "managementPolicies")) != 3 {
		ready, reason, message = "False", "AsyncCreateFailure", "async create failed: failed to create the resource: DBInstanceNotFound"
	}
	set(w.observed[holder], "status.conditions", []any{
		fields{"type": "Ready", "status": ready, "reason": "Available"},
		fields{"type": "Synced", "status": "False", "reason": "ReconcileError", "message": message},
		fields{"type": "LastAsyncOperation", "status": "False", "reason": reason, "message": message},
	})
}

// creates says that a provider that finds nothing would make a database.
func creates(spec fields) bool {
	policies, restricted := spec["managementPolicies"].([]any)
	may := !restricted
	for _, policy := range policies {
		may = may || policy == "Create"
	}
	initial, _ := spec["initProvider"].(fields)
	return may && (len(initial) == 0 || initial["engine"] == spec["forProvider"].(fields)["engine"])
}

// A database is made once: from the call on that sees its ARN no creation can succeed, whatever else is asked for, and also when the
// provider's status is lost.
func TestMadeOnce(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		why   string
		claim fields
	}{
		"Instance":          {"deleted with its object", fields{}},
		"InstanceProtected": {"the object cannot be deleted", fields{"deletionProtection": true}},
		"InstanceRetained":  {"stays when its object is deleted", fields{"deletionPolicy": "Retain"}},
		"InstanceRestored":  {"would come back from an old snapshot", fields{"restoreFrom": fields{"snapshot": "orders-final-x-" + snapshotOwner("team-checkout")}}},
		"Cluster":           {"follows the cloud", fields{"engine": "aurora-postgresql"}},
		"ClusterProtected":  {"follows the cloud", fields{"engine": "aurora-postgresql", "deletionProtection": true}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			for k, v := range tc.claim {
				set(w.xr, "spec."+k, v)
			}
			holder := nameInstance
			if tc.claim["engine"] != nil {
				holder = nameCluster
			}
			for range 10 {
				p := w.step()
				o := wanted(p, holder)
				if o.IsZero() {
					continue
				}
				seen := w.in().Observed.Get(holder).String("status", "atProvider", "arn") != ""
				if made := !creates(o.Map()["spec"].(fields)); made && !seen {
					t.Fatalf("%s: it could never be made", tc.why)
				}
			}
			if creates(wanted(w.compose(), holder).Map()["spec"].(fields)) {
				t.Errorf("%s: it would be made again", tc.why)
			}
			delete(w.observed[holder], "status")
			if creates(wanted(w.compose(), holder).Map()["spec"].(fields)) {
				t.Errorf("%s: it would be made again when the provider's status is lost", tc.why)
			}
		})
	}
}

// What is lost is said, with the way back and the consent. The consent serves once.
func TestLostDatabase(t *testing.T) {
	t.Parallel()
	cases := map[string]fields{
		"deleted with its object": {},
		"protected":               {"deletionProtection": true},
	}
	for reason, claim := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			for k, v := range claim {
				set(w.xr, "spec."+k, v)
			}
			w.settle()
			w.settle()
			w.gone(nameInstance)
			p := w.compose()
			c := condition(p, v1.ConditionDatabaseReady)
			equal(t, "reason", conditions.DataLost, c.Reason)
			for _, part := range []string{
				"was deleted outside of the platform", "spec.restoreFrom.snapshot", "orders-final-", `platform.io/allow-data-loss: "database-instance"`,
				"with an empty database",
			} {
				if !strings.Contains(c.Message, part) {
					t.Errorf("%q says nothing of %q", c.Message, part)
				}
			}
			equal(t, "waiting", true, p.Waiting)
			equal(t, "made again", false, creates(wanted(p, nameInstance).Map()["spec"].(fields)))

			set(w.xr, "metadata.annotations", fields{v1.AllowDataLossAnnotation: nameInstance})
			p = w.compose()
			equal(t, "made again with consent", true, creates(wanted(p, nameInstance).Map()["spec"].(fields)))
			w.observed[nameInstance]["spec"] = wanted(p, nameInstance).Map()["spec"]
			set(w.observed[nameInstance], "metadata.annotations", fields{v1.MadeAnewAnnotation: wanted(p, nameInstance).Annotation(v1.MadeAnewAnnotation)})
			p = w.compose()
			equal(t, "and tried again", true, creates(wanted(p, nameInstance).Map()["spec"].(fields)))
			equal(t, "reason", conditions.Creating, condition(p, v1.ConditionDatabaseReady).Reason)

			set(w.observed[nameInstance], "status.atProvider.resourceId", "db-SECOND")
			set(w.observed[nameInstance], "status.conditions", []any{
				fields{"type": "Ready", "status": "True"}, fields{"type": "Synced", "status": "True"},
			})
			p = w.compose()
			equal(t, "the second one is made once, too", false, creates(wanted(p, nameInstance).Map()["spec"].(fields)))
			w.observed[nameInstance]["spec"] = wanted(p, nameInstance).Map()["spec"]
			w.gone(nameInstance)
			p = w.compose()
			equal(t, "the consent has served", false, creates(wanted(p, nameInstance).Map()["spec"].(fields)))
			if c := condition(p, v1.ConditionDatabaseReady); c.Reason != conditions.DataLost || !strings.Contains(c.Message, "write it there again") {
				t.Errorf("%+v", c)
			}
		})
	}
}

// What is lost is not protected by the cloud any more: the claim can be deleted.
func TestLostDatabaseIsNotATrap(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	set(w.xr, "spec.deletionProtection", true)
	w.settle()
	w.settle()
	set(w.observed[nameInstance], "status.atProvider.deletionProtection", true)
	w.gone(nameInstance)
	set(w.xr, "spec.deletionProtection", false)
	p := w.compose()
	equal(t, "protected", false, p.Status.Done().Bool("deletionProtection"))
}

// Somebody who deletes the managed resource deletes the database, or not: it is looked for by the id that the status remembers, and no
// second one takes its place.
func TestManagedResourceIsGone(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		claim        fields
		holder       string
		externalName string
		anew         string // the name of ours that it is found by until it has another one
	}{
		"instance":  {fields{}, nameInstance, "db-ABC", "orders-4ab79ab1a4"},
		"protected": {fields{"deletionProtection": true}, nameInstance, "db-ABC", "orders-4ab79ab1a4"},
		"cluster":   {fields{"engine": "aurora-postgresql"}, nameCluster, "", ""},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			for k, v := range tc.claim {
				set(w.xr, "spec."+k, v)
			}
			w.settle()
			w.settle()
			delete(w.observed, tc.holder)
			set(w.observed[nameSubnetGroup], "status.conditions", []any{})
			w.asleep = []string{tc.holder, nameSubnetGroup}
			w.step()
			if p := w.compose(); !wanted(p, tc.holder).IsZero() {
				t.Fatal("it is composed before the ground is there again")
			}
			w.asleep = []string{tc.holder}
			w.wake(nameSubnetGroup)
			p := w.compose()
			equal(t, "it would be made again", false, creates(wanted(p, tc.holder).Map()["spec"].(fields)))
			equal(t, "external name", tc.externalName, wanted(p, tc.holder).Annotation(externalName))

			set(w.xr, "metadata.annotations", fields{v1.AllowDataLossAnnotation: tc.holder})
			p = w.compose()
			equal(t, "it is made again with consent", true, creates(wanted(p, tc.holder).Map()["spec"].(fields)))
			equal(t, "external name", tc.anew, wanted(p, tc.holder).Annotation(externalName))
		})
	}
}

// A preview that is extended after its database went gets another one: nothing was lost behind anybody's back.
func TestExtendedPreviewIsMadeAnew(t *testing.T) {
	t.Parallel()
	w := expired(t, nil)
	w.step()
	for range 4 {
		w.step()
	}
	equal(t, "what is left", 0, len(w.observed))
	set(w.env, "status.phase", "Active")
	w.asleep = []string{nameInstance}
	var made []bool
	for range 4 {
		if o := wanted(w.step(), nameInstance); !o.IsZero() {
			made = append(made, creates(o.Map()["spec"].(fields)), !strings.HasPrefix(o.Annotation(externalName), "db-"))
		}
	}
	equal(t, "another one can be made", []bool{true, true, true, true}, made[:4])
	w.asleep = nil
	w.wake(nameInstance)
	equal(t, "ready", true, condition(w.settle(), v1.ConditionDatabaseReady).Is())
}
