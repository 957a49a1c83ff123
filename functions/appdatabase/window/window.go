// Package window reads the two time windows of an RDS database, all in UTC: the daily one of the backup, and the weekly one
// of maintenance. RDS refuses windows that overlap.
//
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Maintenance.html
package window

import (
	"fmt"
	"slices"
	"strings"
)

// Lengths in minutes.
const (
	hour = 60
	day  = 24 * hour
	week = 7 * day
	// shortest window that RDS takes.
	shortest = 30
	// longestBackup leaves room for the shortest maintenance window, which may not overlap.
	longestBackup = day - shortest
	// longestMaintenance is what RDS takes.
	longestMaintenance = day
)

// What to write when a window cannot be read.
const (
	exampleBackup      = "02:00-03:00"
	exampleMaintenance = "sun:03:30-sun:04:30"
)

// Daily window, such as 02:00-03:00. It may cross midnight.
type Daily struct{ start, length int }

// Weekly window, such as sun:03:30-sun:04:30. It may cross the end of the week.
type Weekly struct{ start, length int }

// String is how RDS writes the window.
func (d Daily) String() string {
	return clock(d.start) + "-" + clock(d.start+d.length)
}

// String is how RDS writes the window.
func (w Weekly) String() string {
	return dayClock(w.start) + "-" + dayClock(w.start+w.length)
}

// Backup reads a backup window. The error is an *Error of the field Backup.
func Backup(s string) (Daily, error) {
	from, to, _ := strings.Cut(s, "-")
	start, startOK := minuteOfDay(from)
	end, endOK := minuteOfDay(to)
	if !startOK || !endOK {
		return Daily{}, &Error{Field: FieldBackup, Value: s, Problem: "is not a daily window hh:mm-hh:mm in UTC", Write: exampleBackup}
	}
	d := Daily{start: start, length: past(end-start, day)}
	switch {
	case d.length < shortest:
		return Daily{}, &Error{
			Field: FieldBackup, Value: s, Write: Daily{start, shortest}.String(),
			Problem: fmt.Sprintf("lasts %s, and RDS needs 30 minutes at least", words(d.length)),
		}
	case d.length > longestBackup:
		return Daily{}, &Error{
			Field: FieldBackup, Value: s, Write: Daily{start, hour}.String(),
			Problem: fmt.Sprintf("lasts %s, which leaves less than 30 minutes for the maintenance window", words(d.length)),
		}
	}
	return d, nil
}

// Maintenance reads a maintenance window. The error is an *Error of the field Maintenance.
func Maintenance(s string) (Weekly, error) {
	from, to, _ := strings.Cut(s, "-")
	start, startOK := minuteOfWeek(from)
	end, endOK := minuteOfWeek(to)
	if !startOK || !endOK {
		return Weekly{}, &Error{
			Field: FieldMaintenance, Value: s, Write: exampleMaintenance,
			Problem: "is not a weekly window ddd:hh:mm-ddd:hh:mm in UTC with days mon, tue, wed, thu, fri, sat or sun",
		}
	}
	w := Weekly{start: start, length: past(end-start, week)}
	switch {
	case w.length < shortest:
		return Weekly{}, &Error{
			Field: FieldMaintenance, Value: s, Write: Weekly{start, shortest}.String(),
			Problem: fmt.Sprintf("lasts %s, and RDS needs 30 minutes at least", words(w.length)),
		}
	case w.length > longestMaintenance:
		return Weekly{}, &Error{
			Field: FieldMaintenance, Value: s, Write: Weekly{start, hour}.String(),
			Problem: fmt.Sprintf("lasts %s, and RDS takes 24 hours at most", words(w.length)),
		}
	}
	return w, nil
}

// Overlap says that the windows have a minute in common on any day. The end of a window is not part of it.
func Overlap(backup Daily, maintenance Weekly) bool {
	// The backup repeats every day, so the question is whether maintenance starts inside it or lasts until the next one.
	return past(maintenance.start-backup.start, day) < backup.length ||
		past(backup.start-maintenance.start, day) < maintenance.length
}

// minuteOfDay reads hh:mm.
func minuteOfDay(s string) (int, bool) {
	if len(s) != len("hh:mm") || s[2] != ':' {
		return 0, false
	}
	hours, hoursOK := number(s[:2])
	minutes, minutesOK := number(s[3:])
	return hours*hour + minutes, hoursOK && minutesOK && hours < 24 && minutes < hour
}

// minuteOfWeek reads ddd:hh:mm.
func minuteOfWeek(s string) (int, bool) {
	name, rest, _ := strings.Cut(s, ":")
	minute, ok := minuteOfDay(rest)
	weekday := slices.Index(days(), name)
	return weekday*day + minute, ok && weekday >= 0
}

// number of two digits.
func number(s string) (int, bool) {
	tens, ones := s[0]-'0', s[1]-'0'
	return int(tens)*10 + int(ones), tens <= 9 && ones <= 9
}

func days() []string {
	return []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
}

// past brings minutes into one period, as the hands of a clock do.
func past(minutes, period int) int {
	return (minutes%period + period) % period
}

func clock(minute int) string {
	minute = past(minute, day)
	return fmt.Sprintf("%02d:%02d", minute/hour, minute%hour)
}

func dayClock(minute int) string {
	return days()[past(minute, week)/day] + ":" + clock(minute)
}

// words of a length.
func words(minutes int) string {
	switch {
	case minutes == 0:
		return "no time"
	case minutes < hour:
		return fmt.Sprintf("%d min", minutes)
	case minutes%hour == 0:
		return fmt.Sprintf("%d h", minutes/hour)
	}
	return fmt.Sprintf("%d h %d min", minutes/hour, minutes%hour)
}
