package vault

import (
	"slices"
	"strings"
	"testing"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
)

const ownPath = "staging-db-" + ordersName

// perService makes the environment one in which services have mounts of their own.
func perService(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.env.Vault.DatabaseMountPerService = true
	return w
}

// The mount comes first, and everything that issues users is in it.
func TestMountOfItsOwn(t *testing.T) {
	t.Parallel()
	w := perService(t)
	w.asleep = []string{nameMount}
	for range 3 {
		if p := w.step(); wanted(p, nameMount).IsZero() || !wanted(p, nameConnection).IsZero() {
			t.Fatal("the mount is to come first")
		}
	}
	w.asleep = nil
	w.step()
	p := w.settle()
	equal(t, "mount", fields{
		"namespace": "platform", "path": ownPath, "type": "database", "description": "appdatabase team-checkout/orders: users of the database",
	}, params(p, nameMount))
	for _, name := range append(levels("vault-role-"), nameConnection) {
		equal(t, name, ownPath, params(p, name)["backend"].(string))
	}
	equal(t, "by", fields{
		"apiVersion": "vault.vault.m.upbound.io/v1alpha1", "kind": "Mount", "resourceRef": fields{"name": w.in().Name(nameMount)},
	}, wanted(p, "vault-usage-environment").At("spec", "by").Map())
	for level, name := range map[string]string{"reader": readerName, "writer": writerName} {
		if policy := params(p, "vault-policy-"+level)["policy"].(string); !strings.Contains(policy, `"`+ownPath+"/creds/"+name+`"`) {
			t.Errorf("the policy of the %s does not lead to the mount:\n%s", level, policy)
		}
	}
	if !vaultReady(p).Is() || p.Waiting {
		t.Errorf("%+v, waiting %v", vaultReady(p), p.Waiting)
	}
}

// The connection revokes the leases when the mount goes, so that it never goes before: it goes with the mount.
func TestConnectionGoesWithItsMount(t *testing.T) {
	t.Parallel()
	own := perService(t)
	own.step()
	equal(t, "in a mount of its own", []string{"Observe", "Create", "Update", "LateInitialize"},
		wanted(own.settle(), nameConnection).Strings("spec", "managementPolicies"))
	equal(t, "in one that others have connections in", []string(nil),
		wanted(newWorld(t).settle(), nameConnection).Strings("spec", "managementPolicies"))
}

// What is issued at the mount of the environment goes on there: workloads read their users at that path.
func TestMountIsDecidedOnce(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	w.env.Vault.DatabaseMountPerService = true
	p := w.settle()
	if !wanted(p, nameMount).IsZero() || params(p, nameConnection)["backend"] != "staging-db" || len(p.Drops) > 0 {
		t.Errorf("it moves: %v, drops %v", params(p, nameConnection), drops(p))
	}
	connection := w.observed[nameConnection]
	delete(w.observed, nameConnection)
	if p := w.compose(); !wanted(p, nameMount).IsZero() {
		t.Error("it moves when the connection is lost")
	}
	w.observed[nameConnection] = connection
	for _, role := range levels("vault-role-") {
		delete(w.observed, role)
	}
	if p := w.compose(); !wanted(p, nameMount).IsZero() {
		t.Error("it moves when the roles are lost")
	}

	w = perService(t)
	w.settle()
	w.env.Vault.DatabaseMountPerService = false
	p = w.settle()
	equal(t, "what has a mount of its own keeps it", ownPath, params(p, nameConnection)["backend"].(string))
	if wanted(p, nameMount).IsZero() || len(p.Drops) > 0 {
		t.Errorf("the mount goes; drops %v", drops(p))
	}
}

// Whatever goes, the mount goes first or at the same time, and the Environment is kept until it is gone. Its failure is told.
func TestMountGoes(t *testing.T) {
	t.Parallel()
	static := func(w *world) { w.static() }
	expiry := func(w *world) {
		w.env.Type, w.env.Phase, w.wiring = pipelinev1.EnvironmentPreview, pipelinev1.PhaseExpired, nil
	}
	for reason, change := range map[string]func(*world){"credentials became static": static, "the preview expired": expiry} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := perService(t)
			w.settle()
			change(w)
			mount := w.observed[nameMount]
			p := w.step()
			var dropped []string
			for _, d := range p.Drops {
				dropped = append(dropped, d.Name)
			}
			for _, name := range append(levels("vault-role-"), nameMount, nameConnection) {
				if !slices.Contains(dropped, name) {
					t.Errorf("%s stays", name)
				}
			}
			mount["metadata"].(fields)["deletionTimestamp"] = "2026-03-04T12:00:00Z"
			mount["status"] = failing("failed to revoke")
			w.going = mount
			for range 2 {
				p = w.step()
				if wanted(p, "vault-usage-environment").IsZero() {
					t.Error("the Usage goes before the mount")
				}
			}
			if reason == "the preview expired" {
				equal(t, "words", "the environment has expired, and the service waits for Vault to take back the users of its database. Mount "+
					w.in().Name(nameMount)+": cannot be deleted: failed to revoke. Vault revokes what it issued before it unmounts, by the database. "+
					"Where that is impossible for good, the platform team runs: vault lease revoke -force -prefix "+ownPath+"/", vaultReady(p).Message)
			}
			w.going = nil
			w.step()
			if w.observed["vault-usage-environment"] != nil {
				t.Error("the Usage stays when the mount is gone")
			}
		})
	}
}
