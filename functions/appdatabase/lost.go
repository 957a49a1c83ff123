package appdatabase

import (
	"fmt"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/holder"
)

// noDirectory is the id of a directory that nobody has: AWS numbers them at random.
const noDirectory = "d-0000000000"

// madeFrom says what a second creation would be made from, so that it fails. Of an instance the provider would make a read replica of
// itself, before it looks at anything else that is composed. For a cluster there is no such field; a directory that is not there makes AWS
// refuse each of the ways in which a cluster is made.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html (DBInstanceNotFound)
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBClusterFromSnapshot.html (DomainNotFoundFault)
func (d *database) madeFrom() holder.Holder {
	if d.form.aurora {
		return d.once.From(d.in, "domain", noDirectory, "engine")
	}
	arn := first(d.holder().String("status", "atProvider", "arn"), d.in.XR.String("status", "arn"))
	return d.once.Adopt(d.in).From(d.in, "replicateSourceDb", arn, "engine")
}

// databaseReady names what is lost, what fails or, when nothing does, the first that is not there yet.
func (d *database) databaseReady() conditions.Condition {
	if lost := d.lost(); lost != nil {
		return *lost
	}
	return d.available()
}

// lost tells of a database that somebody deleted in the cloud. Nil when it is there.
func (d *database) lost() *conditions.Condition {
	c := &conditions.Condition{Type: v1.ConditionDatabaseReady, Status: conditions.False}
	switch {
	case d.once.Again():
		c.Reason = conditions.Creating
		c.Message = d.once.AgainMessage(d.in, "the database")
	case d.once.Lost:
		c.Reason = conditions.DataLost
		c.Message = d.once.Message("the database "+d.identifier(), d.wayBack(), d.anew())
	default:
		return nil
	}
	return c
}

// wayBack is how to get the data again.
func (d *database) wayBack() string {
	list := "aws rds describe-db-snapshots --db-instance-identifier " + d.identifier()
	if d.form.aurora {
		list = "aws rds describe-db-cluster-snapshots --db-cluster-identifier " + d.identifier()
	}
	back := "create a new AppDatabase with spec.restoreFrom.snapshot, and a snapshot from: " + list
	if *d.settings.tier.FinalSnapshot {
		back += fmt.Sprintf(" (%s, if the deletion took it)", d.finalSnapshotName())
	}
	return back
}

// anew is what there is when the database is made again.
func (d *database) anew() string {
	switch from := d.claim.restore; {
	case from.Snapshot != "":
		return "with what snapshot " + from.Snapshot + " holds"
	case from.Database != "":
		return "with what the backups of AppDatabase " + from.Database + " hold"
	default:
		return "with an empty database"
	}
}
