package cloud

// gp3 is the storage whose performance can be said.
const gp3 = "gp3"

// What a volume does on its own in IOPS and MiB/s: one volume, and the four that RDS stripes from a size on.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage
const (
	plainIOPS, plainThroughput     = 3_000.0, 125.0
	stripedIOPS, stripedThroughput = 12_000.0, 500.0
)

// StripedFrom is the size in GiB from which RDS stripes gp3 storage of an engine. Zero for engines that are not ours.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage
func StripedFrom(engine string) int64 {
	return map[string]int64{"postgres": 400, "mysql": 400, "mariadb": 400}[engine]
}

// baseline is what gp3 storage of a size in GiB does on its own: IOPS, and MiB/s.
func baseline(engine string, size int64) (iops, throughput float64) {
	if from := StripedFrom(engine); from > 0 && size >= from {
		return stripedIOPS, stripedThroughput
	}
	return plainIOPS, plainThroughput
}

// storageSent is what the provider adds to a call that changes storage: with a changed size it sends the IOPS that it knows of, and with
// a changed throughput both, but for gp3 below the size where they can be said.
// https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/rds/instance.go
func storageSent(changes, has map[string]any) map[string]any {
	_, size := changes["allocatedStorage"]
	_, throughput := changes["storageThroughput"]
	after := merge(has, changes)
	below := after["storageType"] == gp3 && Whole(after["allocatedStorage"]) < StripedFrom(stringIn("engine", after))
	if !size && !throughput || below && !throughput {
		return nil
	}
	sent := map[string]any{}
	for _, field := range []string{"allocatedStorage", "iops"} {
		if value, known := after[field]; known {
			sent[field] = value
		}
	}
	return sent
}

// storageRefused: performance that does not fit the size.
// https://github.com/hashicorp/terraform-provider-aws/issues/28382 and https://github.com/hashicorp/terraform-provider-aws/pull/28243
func storageRefused(c Call) *Refusal {
	after := merge(c.Has, c.Sent)
	engine := stringIn("engine", after, c.Reported)
	from, iops, throughput := StripedFrom(engine), c.Sent["iops"], c.Sent["storageThroughput"]
	switch size := max(Whole(after["allocatedStorage"]), Whole(c.Reported["allocatedStorage"])); {
	case after["storageType"] != gp3 || from == 0 || iops == nil && throughput == nil:
		return nil
	case size < from:
		return combination("You can't specify IOPS or storage throughput for engine %s and a storage size less than %d.", engine, from)
	case iops != nil && Whole(iops) < stripedIOPS:
		return combination("Invalid iops value for engine name %s and storage type gp3: %d", engine, Whole(iops))
	case throughput != nil && Whole(throughput) < stripedThroughput:
		return combination("Invalid storage throughput value for engine name %s and storage type gp3: %d", engine, Whole(throughput))
	default:
		return nil
	}
}

// storageMoved is what the cloud itself makes of the performance when storage has grown, by hand or by itself.
func storageMoved(after, sent map[string]any) map[string]any {
	if after["storageType"] != gp3 {
		return nil
	}
	moved := map[string]any{}
	iops, throughput := baseline(stringIn("engine", after), Whole(after["allocatedStorage"]))
	for field, least := range map[string]float64{"iops": iops, "storageThroughput": throughput} {
		if _, said := sent[field]; !said && float64(Whole(after[field])) < least {
			moved[field] = least
		}
	}
	return moved
}
