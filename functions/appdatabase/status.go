package appdatabase

import (
	"strconv"
	"strings"

	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/sqlaccess"
	"github.com/goldenpath-dev/goldenpath/functions/vault"
)

// status is what the platform made of the claim. Every field that is known is written on every call: core removes the
// others.
func (d *database) status() {
	s := d.settings
	at := d.holder().At("status", "atProvider")
	f := object.NewFields()
	if d.host != "" {
		f.SetString("host", d.host)
		f.SetString("endpoint", d.hostPort())
		f.SetNumber("port", float64(d.port))
	}
	f.SetStringIf("database", s.database)
	f.SetString("engine", string(d.claim.engine))
	f.SetString("version", first(at.String("engineVersionActual"), d.before().String("version"), s.version))
	f.SetStringIf("identifier", d.identifier())
	// They are remembered also when the managed resource is gone: a second database is not to take the place of this one.
	f.SetStringIf("resourceId", first(at.String(d.form.resourceIDField), d.in.XR.String("status", "resourceId")))
	f.SetStringIf("previousResourceId", d.previous())
	f.SetStringIf("arn", first(at.String("arn"), d.in.XR.String("status", "arn")))
	f.SetString("size", d.claim.size)
	f.SetStringIf("instanceClass", s.class)
	d.storageStatus(f)
	d.replicaStatus(f)
	d.pendingStatus(f)
	f.SetString("tier", string(d.env.Type))
	f.SetBool("multiAZ", (!d.form.aurora && *s.tier.MultiAZ) || (d.form.aurora && s.replicas > 0))
	f.SetNumber("backupRetentionDays", float64(*s.tier.BackupRetentionDays))
	f.SetString("backupWindow", s.backupWindow)
	f.SetString("maintenanceWindow", s.maintenanceWindow)
	f.SetBool("deletionProtection", d.protectedNow())
	if *s.tier.FinalSnapshot {
		f.SetString("finalSnapshot", d.finalSnapshotName())
	}
	d.restoredStatus(f)
	f.SetStringIf("retained", d.retainedStatus())
	f.SetString("credentials", string(s.credentials))
	if d.secretComplete && !d.in.Flavour.Legacy {
		f.SetString("connectionSecret", d.secretName())
	}
	f.SetString("caBundleURL", caBundleURL(d.env.Cloud.Region))
	d.iamStatus(f)
	d.plan.Status = f
}

// storageStatus of an instance, or the capacity of a serverless cluster: Aurora's storage has no size.
func (d *database) storageStatus(f object.Fields) {
	s := d.settings
	if s.class == classServerless && s.capacity != nil {
		f.SetString("capacity", units(s.capacity.min)+"-"+units(s.capacity.max))
	}
	if s.storage.AllocatedGiB == 0 {
		return
	}
	storage := f.Object("storage")
	storage.SetNumber("allocatedGiB", float64(s.storage.AllocatedGiB))
	if s.storage.MaxGiB > 0 {
		storage.SetNumber("maxGiB", float64(s.storage.MaxGiB))
	}
	if s.storage.RequestedGiB > 0 {
		storage.SetNumber("requestedGiB", float64(s.storage.RequestedGiB))
	}
}

func units(capacity float64) string { return strconv.FormatFloat(capacity, 'f', -1, 64) }

// replica is a read-only copy as a person finds it.
type replica struct {
	name, identifier, host string
	ready                  bool
}

// replicaList are the read-only copies that are there. On Aurora the one that writes is left out.
func (d *database) replicaList() []replica {
	hosts := map[string]string{}
	for _, before := range d.before().List("replicas") {
		hosts[before.String("name")] = before.String("host")
	}
	var list []replica
	for _, name := range d.in.Observed.Names(d.form.copies) {
		o := d.in.Observed.Get(name)
		at := o.At("status", "atProvider")
		if at.Bool("writer") || d.drops(name) {
			continue
		}
		// An instance reports its host and its endpoint with the port, an instance of a cluster calls its host the endpoint.
		host := first(at.String("address"), strings.Split(at.String("endpoint"), ":")[0], hosts[o.Name()])
		list = append(list, replica{
			name: o.Name(), identifier: first(o.String("spec", "forProvider", "identifier"), o.Name()), host: host, ready: health.Of(o).Ready,
		})
	}
	return list
}

func (d *database) replicaStatus(f object.Fields) {
	if d.form.aurora && d.settings.replicas > 0 {
		if host := d.readerHosts(); host != "" {
			f.SetString("readerEndpoint", host+":"+strconv.FormatInt(d.port, 10))
		}
	}
	list := d.replicaList()
	if len(list) == 0 {
		return
	}
	for i, item := range f.Objects("replicas", len(list)) {
		item.SetString("name", list[i].name)
		item.SetString("identifier", list[i].identifier)
		item.SetStringIf("host", list[i].host)
		item.SetBool("ready", list[i].ready)
	}
}

// restoredStatus tells of the users that a backup brings along. In the MySQL family a user of Vault has no end of their own, and the Vault
// that issued them takes them away in the database that was backed up alone.
func (d *database) restoredStatus(f object.Fields) {
	if !d.claim.restored() || d.holder().IsZero() {
		return
	}
	restored := f.Object("restored")
	restored.SetString("from", first(d.claim.restore.Snapshot, "AppDatabase "+d.claim.restore.Database))
	if sql := sqlaccess.StaleUsers(d.settings.facts.dialect, vault.MaxLeaseSeconds); sql != "" {
		restored.SetString("users", "the users that Vault had issued in the database that was backed up are in this one too (v-...), with their "+
			"passwords, and nothing takes them away by itself")
		restored.SetString("sql", sql)
	}
}

// retainedStatus is read before the object is deleted: nothing is left here to say it afterwards.
func (d *database) retainedStatus() string {
	id := d.identifier()
	if !d.claim.retain || id == "" {
		return ""
	}
	what, command := "the instance", "aws rds modify-db-instance --db-instance-identifier "
	if d.form.aurora {
		what, command = "the cluster with its instances", "aws rds modify-db-cluster --db-cluster-identifier "
	}
	return "when this object is deleted, " + what + ", the security group with its rules, the subnet group and the parameter group " +
		"stay in AWS. The master password goes with the object. To set a new one: " + command + id + " --master-user-password <new password>"
}
