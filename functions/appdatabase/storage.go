package appdatabase

import (
	"fmt"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	inputv1 "github.com/goldenpath-dev/goldenpath/functions/appdatabase/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/rds"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// volume is what RDS has to offer as gp3 storage of an engine.
type volume struct {
	// leastGiB and mostGiB are how large it can be.
	leastGiB, mostGiB int64
	// stripedGiB is the size from which on RDS spreads it over several volumes. Below it performance is fixed, and cannot be said; from
	// there on it is iops and throughput in MiB/s at least.
	stripedGiB, iops, throughput int64
}

// gp3 of PostgreSQL, MySQL and MariaDB.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage
func gp3() volume {
	return volume{leastGiB: 20, mostGiB: 65536, stripedGiB: 400, iops: 12000, throughput: 500}
}

// storage is a high-water mark: of the catalog, the claim, and what the database has grown to.
func (d *database) storage(size inputv1.Size) v1.DatabaseStorageStatus {
	instance := d.in.Observed.Get(nameInstance)
	has := storedGiB(instance)
	if d.form.aurora || (d.claim.restored() && has == 0) {
		// A backup brings its own size along, and RDS refuses a smaller one.
		return v1.DatabaseStorageStatus{AllocatedGiB: d.claim.storageGiB, RequestedGiB: d.claim.storageGiB}
	}
	most := gp3().mostGiB
	asked := max(size.StorageGiB, d.claim.storageGiB)
	s := v1.DatabaseStorageStatus{AllocatedGiB: min(grown(has, asked), most), RequestedGiB: d.claim.storageGiB}
	if s.RequestedGiB == 0 {
		s.RequestedGiB = d.in.XR.Int("status", "storage", "requestedGiB")
	}
	was := instance.Int("spec", "forProvider", "maxAllocatedStorage")
	if was == 0 {
		asked = s.AllocatedGiB
	}
	s.MaxGiB = min(ceiling(max(size.MaxStorageGiB, was), asked, s.AllocatedGiB), most)
	if s.MaxGiB != was && s.MaxGiB < tenthMore(s.AllocatedGiB) {
		// There is no room left to grow by itself.
		s.MaxGiB = 0
	}
	return s
}

// storedGiB is how large the storage of an instance is: what the cloud reports. What is asked for, it may have refused; that counts
// only as long as nothing is reported.
func storedGiB(instance object.Object) int64 {
	if reported := instance.Int("status", "atProvider", "allocatedStorage"); reported > 0 {
		return reported
	}
	return instance.Int("spec", "forProvider", "allocatedStorage")
}

// ceiling is where automatic growth stops. It stays where it is while the storage grows towards it by itself, and moves only for
// somebody who asks for storage that reaches it: RDS wants it a tenth above what is allocated, and half leaves room to grow.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
func ceiling(limit, asked, allocated int64) int64 {
	if limit >= tenthMore(asked) && limit >= allocated {
		return limit
	}
	allocated = max(asked, allocated)
	return max(limit, allocated+allocated/2)
}

// grown is what to allocate: RDS grows by a tenth at least, or not at all.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.ModifyingExisting.html
func grown(has, wanted int64) int64 {
	if wanted <= has {
		return has
	}
	return max(wanted, tenthMore(has))
}

func tenthMore(gib int64) int64 { return gib + (gib+9)/10 }

// perform says the performance of storage that is striped, or will be. It goes along with the size: RDS takes no less, in the same
// call, than it gives by itself. More that somebody has bought stays. What the spec holds is no evidence of it as long as the
// cloud reports something: the provider has copied it there when the storage was smaller.
func perform(params *rds.Instance, observed object.Object, gib int64) {
	least, has := gp3(), observed.At("status", "atProvider")
	if max(gib, storedGiB(observed)) < least.stripedGiB {
		return
	}
	if has.Int("allocatedStorage") == 0 {
		has = observed.At("spec", "forProvider")
	}
	params.IOPS = ptr(max(least.iops, has.Int("iops")))
	params.StorageThroughput = ptr(max(least.throughput, has.Int("storageThroughput")))
}

// replicaGiB is how large the storage of a read replica is. A new one starts with that of its source; then it grows by itself.
func (d *database) replicaGiB(replica object.Object) int64 {
	if gib := storedGiB(replica); gib > 0 {
		return gib
	}
	return storedGiB(d.holder())
}

// storagePossible is for a composite that the schema has not seen.
func storagePossible(r request) *plan.Refusal {
	asked, offered := r.claim.storageGiB, gp3()
	if r.form.aurora || asked == 0 || (asked >= offered.leastGiB && asked <= offered.mostGiB) {
		return nil
	}
	return plan.Refuse(v1.ConditionDatabaseReady, conditions.InvalidSpec, fmt.Sprintf(
		"spec.storageGiB: RDS has no storage of %d GiB for %s. Write %d to %d, or remove the field",
		asked, r.claim.engine, offered.leastGiB, offered.mostGiB))
}

// storageNotSmaller compares what the claim asks for with what it asked for before, or, when it never did, with what there
// is. Storage that grew by itself beyond an unchanged claim is not a mistake, and what RDS has refused can be taken back.
func storageNotSmaller(r request) *plan.Refusal {
	if r.form.aurora && r.claim.storageGiB > 0 {
		return plan.Refuse(v1.ConditionDatabaseReady, conditions.InvalidSpec,
			"spec.storageGiB is not for Aurora, whose storage grows by itself: remove the field")
	}
	storage := r.in.XR.At("status", "storage")
	if r.claim.storageGiB == 0 || r.holder.IsZero() || storage.IsZero() {
		return nil
	}
	floor := storage.Int("requestedGiB")
	if floor == 0 {
		floor = storage.Int("allocatedGiB")
	}
	if reported := r.holder.Int("status", "atProvider", "allocatedStorage"); reported > 0 {
		floor = min(floor, reported)
	}
	if r.claim.storageGiB >= floor {
		return nil
	}
	return plan.Refuse(v1.ConditionDatabaseReady, conditions.StorageShrink, fmt.Sprintf(
		"spec.storageGiB: %d is less than the %d GiB that the database has, and RDS storage only grows. Write %d or more, or remove the field",
		r.claim.storageGiB, floor, floor))
}

// unperform takes out of the spec of an instance that is made anew what the provider has copied there from the one before: RDS does not
// make a small one with it. A field that somebody else has written goes once it was ours, with another value: the API server knows who owns
// it. So it is said in the first call, and no more in the next.
func unperform(params *rds.Instance, observed object.Object) {
	ours, copied := gp3(), observed.At("spec", "forProvider")
	if params.IOPS == nil && (copied.Int("iops") != 0 || copied.Int("storageThroughput") != 0) {
		params.IOPS, params.StorageThroughput = ptr(ours.iops), ptr(ours.throughput)
	}
}
