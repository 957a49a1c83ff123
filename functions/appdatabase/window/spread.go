package window

// Night is when the windows of many databases may lie, each an hour of it.
type Night struct {
	Backup      Daily
	Maintenance Weekly
}

// step is how far apart in minutes neighbours begin.
const step = 10

// Complete fills in the windows that are not said, each an hour of the night and apart from the other one. It is always the same hour
// for a seed, and many seeds are spread over the night. A window that is said and cannot be read is somebody else's to refuse.
func (n Night) Complete(backup, maintenance string, seed uint64) (string, string) {
	switch {
	case backup == "" && maintenance == "":
		backup = n.Backup.hour(seed).String()
		return backup, n.apart(backup, seed)
	case backup == "":
		return n.beside(maintenance, seed), maintenance
	case maintenance == "":
		return backup, n.apart(backup, seed)
	default:
		return backup, maintenance
	}
}

// apart is a maintenance window beside a backup window.
func (n Night) apart(backup string, seed uint64) string {
	daily, err := Backup(backup)
	slots := hours(n.Maintenance.length)
	for i := range slots {
		if weekly := n.Maintenance.hour(seed + i); err != nil || !Overlap(daily, weekly) {
			return weekly.String()
		}
	}
	return fitting(daily, n.Maintenance.hour(seed)).String()
}

// beside is a backup window beside a maintenance window.
func (n Night) beside(maintenance string, seed uint64) string {
	weekly, err := Maintenance(maintenance)
	slots := hours(n.Backup.length)
	for i := range slots {
		if daily := n.Backup.hour(seed + i); err != nil || !Overlap(daily, weekly) {
			return daily.String()
		}
	}
	return Daily{start: past(weekly.start+weekly.length, day), length: hour}.String()
}

// hour of a longer window.
func (d Daily) hour(seed uint64) Daily {
	return Daily{start: d.start + nth(seed, d.length), length: min(hour, d.length)}
}

// hour of a longer window.
func (w Weekly) hour(seed uint64) Weekly {
	return Weekly{start: w.start + nth(seed, w.length), length: min(hour, w.length)}
}

func nth(seed uint64, length int) int {
	return int(seed%hours(length)) * step //nolint:gosec // Less than a day.
}

// hours that begin inside a window and end in it.
func hours(length int) uint64 { return uint64(max(length-hour, 0)/step + 1) } //nolint:gosec // Never negative.
