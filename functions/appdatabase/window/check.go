package window

import "fmt"

// Field is the window that an error is about.
type Field string

// The fields. FieldBoth is for windows that are right by themselves and overlap.
const (
	FieldBackup      Field = "backup window"
	FieldMaintenance Field = "maintenance window"
	FieldBoth        Field = "backup and maintenance window"
)

// Error is a window that RDS would refuse.
type Error struct {
	Field Field
	// Value that was given.
	Value string
	// Problem in words, to follow the value.
	Problem string
	// Write this instead: a window that RDS takes. For FieldBoth it is a maintenance window that fits the backup window.
	Write string
}

// Error says what is wrong and what to write instead.
func (e *Error) Error() string {
	return fmt.Sprintf("%q %s. Write for example %s", e.Value, e.Problem, e.Write)
}

// Check a backup and a maintenance window. An empty one is RDS's to choose, and fits. The error is an *Error: of the backup
// window first, then of the maintenance window, then of both.
func Check(backup, maintenance string) error {
	var daily Daily
	var weekly Weekly
	var err error
	if backup != "" {
		if daily, err = Backup(backup); err != nil {
			return err
		}
	}
	if maintenance != "" {
		if weekly, err = Maintenance(maintenance); err != nil {
			return err
		}
	}
	if backup == "" || maintenance == "" || !Overlap(daily, weekly) {
		return nil
	}
	return &Error{
		Field: FieldBoth, Value: maintenance, Write: fitting(daily, weekly).String(),
		Problem: fmt.Sprintf("overlaps the daily backup window %s, and RDS keeps them apart", backup),
	}
}

// fitting is a maintenance window on the same day and as long as the wanted one, where that is possible, that starts when the
// backup window ends.
func fitting(backup Daily, wanted Weekly) Weekly {
	return Weekly{
		start:  wanted.start/day*day + past(backup.start+backup.length, day),
		length: min(wanted.length, day-backup.length),
	}
}
