package window_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldenpath-dev/goldenpath/functions/appdatabase/window"
	"github.com/goldenpath-dev/goldenpath/functions/internal/budget"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	const (
		daily  = "is not a daily window hh:mm-hh:mm in UTC"
		weekly = "is not a weekly window ddd:hh:mm-ddd:hh:mm in UTC with days mon, tue, wed, thu, fri, sat or sun"
	)
	backup := func(value, problem, write string) *window.Error {
		return &window.Error{Field: window.FieldBackup, Value: value, Problem: problem, Write: write}
	}
	maintenance := func(value, problem, write string) *window.Error {
		return &window.Error{Field: window.FieldMaintenance, Value: value, Problem: problem, Write: write}
	}
	both := func(value, other, write string) *window.Error {
		return &window.Error{
			Field: window.FieldBoth, Value: value, Write: write,
			Problem: "overlaps the daily backup window " + other + ", and RDS keeps them apart",
		}
	}
	cases := map[string]struct {
		backup, maintenance string
		want                *window.Error
	}{
		"none given: RDS chooses":                      {"", "", nil},
		"a backup window alone":                        {"02:00-03:00", "", nil},
		"a maintenance window alone":                   {"", "sun:03:30-sun:04:30", nil},
		"apart":                                        {"02:00-03:00", "sun:03:30-sun:04:30", nil},
		"one begins when the other ends":               {"02:00-03:00", "sun:03:00-sun:04:00", nil},
		"one ends when the other begins":               {"02:00-03:00", "sun:01:00-sun:02:00", nil},
		"a backup across midnight":                     {"23:30-00:30", "mon:00:30-mon:01:30", nil},
		"maintenance across the week's end":            {"02:00-03:00", "sun:23:30-mon:00:30", nil},
		"the shortest":                                 {"00:00-00:30", "mon:23:30-tue:00:00", nil},
		"the longest backup":                           {"00:00-23:30", "mon:23:30-tue:00:00", nil},
		"the longest maintenance":                      {"", "mon:04:00-tue:04:00", nil},
		"a backup that is no window":                   {"02:00", "", backup("02:00", daily, "02:00-03:00")},
		"a backup with a day":                          {"sun:02:00-sun:03:00", "", backup("sun:02:00-sun:03:00", daily, "02:00-03:00")},
		"a backup with one digit":                      {"2:00-03:00", "", backup("2:00-03:00", daily, "02:00-03:00")},
		"an hour that no day has":                      {"24:00-01:00", "", backup("24:00-01:00", daily, "02:00-03:00")},
		"a minute that no hour has":                    {"02:60-03:00", "", backup("02:60-03:00", daily, "02:00-03:00")},
		"a digit that is none":                         {"0:00:-03:00", "", backup("0:00:-03:00", daily, "02:00-03:00")},
		"another separator":                            {"02.00-03.00", "", backup("02.00-03.00", daily, "02:00-03:00")},
		"a third time":                                 {"02:00-03:00-04:00", "", backup("02:00-03:00-04:00", daily, "02:00-03:00")},
		"a backup that is too short":                   {"23:50-00:19", "", backup("23:50-00:19", "lasts 29 min, and RDS needs 30 minutes at least", "23:50-00:20")},
		"a backup of no length":                        {"02:00-02:00", "", backup("02:00-02:00", "lasts no time, and RDS needs 30 minutes at least", "02:00-02:30")},
		"a backup that leaves no time":                 {"02:00-01:31", "", backup("02:00-01:31", "lasts 23 h 31 min, which leaves less than 30 minutes for the maintenance window", "02:00-03:00")},
		"maintenance without days":                     {"", "03:30-04:30", maintenance("03:30-04:30", weekly, "sun:03:30-sun:04:30")},
		"maintenance with one day":                     {"", "sun:03:30-04:30", maintenance("sun:03:30-04:30", weekly, "sun:03:30-sun:04:30")},
		"a day in capitals":                            {"", "Sun:03:30-Sun:04:30", maintenance("Sun:03:30-Sun:04:30", weekly, "sun:03:30-sun:04:30")},
		"maintenance that is too short":                {"", "sun:23:59-mon:00:00", maintenance("sun:23:59-mon:00:00", "lasts 1 min, and RDS needs 30 minutes at least", "sun:23:59-mon:00:29")},
		"maintenance of days":                          {"", "sun:02:00-tue:04:00", maintenance("sun:02:00-tue:04:00", "lasts 50 h, and RDS takes 24 hours at most", "sun:02:00-sun:03:00")},
		"both wrong: the backup is told":               {"2", "3", backup("2", daily, "02:00-03:00")},
		"maintenance starts inside the backup":         {"02:00-03:00", "sun:02:30-sun:03:30", both("sun:02:30-sun:03:30", "02:00-03:00", "sun:03:00-sun:04:00")},
		"maintenance ends inside the backup":           {"02:00-03:00", "sun:01:30-sun:02:01", both("sun:01:30-sun:02:01", "02:00-03:00", "sun:03:00-sun:03:31")},
		"maintenance holds the backup":                 {"02:00-03:00", "sun:01:00-sun:05:00", both("sun:01:00-sun:05:00", "02:00-03:00", "sun:03:00-sun:07:00")},
		"they begin together":                          {"02:00-03:00", "sun:02:00-sun:02:30", both("sun:02:00-sun:02:30", "02:00-03:00", "sun:03:00-sun:03:30")},
		"the backup of the next day":                   {"00:00-00:30", "sun:23:40-mon:00:10", both("sun:23:40-mon:00:10", "00:00-00:30", "sun:00:30-sun:01:00")},
		"a backup across midnight, and the day after":  {"23:30-00:30", "wed:00:00-wed:01:00", both("wed:00:00-wed:01:00", "23:30-00:30", "wed:00:30-wed:01:30")},
		"a day of maintenance meets every backup":      {"02:00-03:00", "mon:03:00-tue:03:00", both("mon:03:00-tue:03:00", "02:00-03:00", "mon:03:00-tue:02:00")},
		"little is left beside a long backup":          {"00:00-23:30", "fri:08:00-fri:10:00", both("fri:08:00-fri:10:00", "00:00-23:30", "fri:23:30-sat:00:00")},
		"the backup ends on the morrow of a short one": {"23:00-23:30", "sun:23:10-mon:00:10", both("sun:23:10-mon:00:10", "23:00-23:30", "sun:23:30-mon:00:30")},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			var got *window.Error
			if err := window.Check(tc.backup, tc.maintenance); err != nil && !errors.As(err, &got) {
				t.Fatalf("Check() = %v, which is not a *window.Error", err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("Check(): -want +got:\n%s", diff)
			}
			if got != nil && got.Field == window.FieldBackup {
				if err := window.Check(got.Write, ""); err != nil {
					t.Errorf("the advice is no better: %v", err)
				}
			}
			if got != nil && got.Field != window.FieldBackup {
				if err := window.Check(tc.backup, got.Write); err != nil {
					t.Errorf("the advice is no better: %v", err)
				}
			}
		})
	}
}

func TestErrorTellsTheFix(t *testing.T) {
	t.Parallel()
	want := `"sun:02:30-sun:03:30" overlaps the daily backup window 02:00-03:00, and RDS keeps them apart. Write for example sun:03:00-sun:04:00`
	if err := window.Check("02:00-03:00", "sun:02:30-sun:03:30"); err == nil || err.Error() != want {
		t.Errorf("Check() = %v, want %s", err, want)
	}
}

// table marks the minutes of a week that a window covers: slow, and plainly right.
type table [7 * 24 * 60]bool

func (t *table) mark(start, end int) {
	for minute := start; minute != end; minute = (minute + 1) % len(t) {
		t[minute] = true
	}
}

func daily(start, end int) *table {
	var t table
	for day := range 7 {
		next := day
		if end <= start {
			next = (day + 1) % 7
		}
		t.mark(day*1440+start, next*1440+end)
	}
	return &t
}

func weekly(start, end int) *table {
	var t table
	t.mark(start, end)
	return &t
}

func share(a, b *table) bool {
	for i := range a {
		if a[i] && b[i] {
			return true
		}
	}
	return false
}

func write(minute int) string {
	return fmt.Sprintf("%02d:%02d", minute%1440/60, minute%60)
}

func writeDay(minute int) string {
	return []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}[minute/1440] + ":" + write(minute)
}

func length(start, end, period int) int {
	n := 0
	for ; start != end; start = (start + 1) % period {
		n++
	}
	return n
}

// judge compares Check with the table of minutes, and its advice too.
func judge(t *testing.T, from, to, start, end int) {
	t.Helper()
	backup, maintenance := write(from)+"-"+write(to), writeDay(start)+"-"+writeDay(end)
	var want window.Field
	daily := daily(from, to)
	switch n, m := length(from, to, 1440), length(start, end, 10080); {
	case n < 30 || n > 1410:
		want = window.FieldBackup
	case m < 30 || m > 1440:
		want = window.FieldMaintenance
	case share(daily, weekly(start, end)):
		want = window.FieldBoth
	}
	err := window.Check(backup, maintenance)
	var got *window.Error
	if want == "" {
		if err != nil {
			t.Fatalf("Check(%s, %s) = %v, want nil", backup, maintenance, err)
		}
		return
	}
	if !errors.As(err, &got) || got.Field != want {
		t.Fatalf("Check(%s, %s) = %v, want an error of the %s", backup, maintenance, err, want)
	}
	if want != window.FieldBoth {
		return
	}
	if err := window.Check(backup, got.Write); err != nil {
		t.Fatalf("Check(%s, %s) advises %s, and that: %v", backup, maintenance, got.Write, err)
	}
	if got.Write[:3] != maintenance[:3] {
		t.Fatalf("Check(%s, %s) advises %s, which is another day", backup, maintenance, got.Write)
	}
}

func TestCheckAgainstEveryMinute(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(4, 2))
	for range 3000 {
		from, start := r.IntN(1440), r.IntN(10080)
		judge(t, from, r.IntN(1440), start, r.IntN(10080))
		// Lengths that RDS takes, around the borders and each other.
		judge(t, from, (from+30+r.IntN(300))%1440, start, (start+r.IntN(1500))%10080)
		judge(t, from, (from+1400+r.IntN(40))%1440, start, (start+28+r.IntN(4))%10080)
		judge(t, from, (from+60)%1440, (r.IntN(7)*1440+from+30+r.IntN(60))%10080, start)
	}
}

// A window that is read is written as it was read.
func TestStringIsWhatWasRead(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(4, 3))
	for range 3000 {
		from, start := r.IntN(1440), r.IntN(10080)
		backup := write(from) + "-" + write((from+30+r.IntN(1380))%1440)
		if got, err := window.Backup(backup); err != nil || got.String() != backup {
			t.Fatalf("Backup(%s) = %s, %v", backup, got, err)
		}
		maintenance := writeDay(start) + "-" + writeDay((start+30+r.IntN(1410))%10080)
		if got, err := window.Maintenance(maintenance); err != nil || got.String() != maintenance {
			t.Fatalf("Maintenance(%s) = %s, %v", maintenance, got, err)
		}
	}
}

// FuzzCheck reads any text: no panic, and an advice that is taken.
func FuzzCheck(f *testing.F) {
	for _, seed := range [][2]string{
		{"02:00-03:00", "sun:03:30-sun:04:30"}, {"23:30-00:30", "sun:23:30-mon:00:30"}, {"", "mon:"}, {"-", ":::-"}, {"0\u00e9:00-01:00", "mon:0\u00e9:00"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Add(strings.Repeat("02:00-03:00", 1<<16), strings.Repeat("sun:", 1<<18))
	f.Fuzz(func(t *testing.T, backup, maintenance string) {
		defer budget.Start(t, len(backup)+len(maintenance))()
		err := window.Check(backup, maintenance)
		var wrong *window.Error
		if err == nil {
			return
		}
		if !errors.As(err, &wrong) || strings.TrimSpace(wrong.Problem) == "" {
			t.Fatalf("Check(%q, %q) = %v", backup, maintenance, err)
		}
		advised := map[window.Field][2]string{
			window.FieldBackup: {wrong.Write, ""}, window.FieldMaintenance: {"", wrong.Write}, window.FieldBoth: {backup, wrong.Write},
		}
		pair, known := advised[wrong.Field]
		if !known || slices.Contains(pair[:], wrong.Value) {
			t.Fatalf("Check(%q, %q): %+v advises what is wrong", backup, maintenance, wrong)
		}
		if err := window.Check(pair[0], pair[1]); err != nil {
			t.Fatalf("Check(%q, %q) advises %q, and that: %v", backup, maintenance, wrong.Write, err)
		}
	})
}
