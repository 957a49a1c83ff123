package window_test

import (
	"testing"

	"github.com/goldenpath-dev/goldenpath/functions/appdatabase/window"
)

func night(t *testing.T, backup, maintenance string) window.Night {
	t.Helper()
	daily, err := window.Backup(backup)
	if err != nil {
		t.Fatal(err)
	}
	weekly, err := window.Maintenance(maintenance)
	if err != nil {
		t.Fatal(err)
	}
	return window.Night{Backup: daily, Maintenance: weekly}
}

// What is not said lies in the night, apart from what is.
func TestComplete(t *testing.T) {
	t.Parallel()
	usual := night(t, "00:00-03:00", "wed:03:00-wed:06:00")
	cases := map[string]struct {
		backup, maintenance string
		seed                uint64
		want                [2]string
	}{
		"nothing is said":                         {"", "", 0, [2]string{"00:00-01:00", "wed:03:00-wed:04:00"}},
		"nothing is said, another database":       {"", "", 7, [2]string{"01:10-02:10", "wed:04:10-wed:05:10"}},
		"the last hour":                           {"", "", 12, [2]string{"02:00-03:00", "wed:05:00-wed:06:00"}},
		"around":                                  {"", "", 13, [2]string{"00:00-01:00", "wed:03:00-wed:04:00"}},
		"both are said":                           {"10:00-11:00", "mon:11:00-mon:12:00", 5, [2]string{"10:00-11:00", "mon:11:00-mon:12:00"}},
		"a backup in the maintenance night":       {"03:30-04:30", "", 0, [2]string{"03:30-04:30", "wed:04:30-wed:05:30"}},
		"a backup all night":                      {"00:00-08:00", "", 3, [2]string{"00:00-08:00", "wed:08:00-wed:09:00"}},
		"maintenance in the backup night":         {"", "sun:00:30-sun:01:30", 0, [2]string{"01:30-02:30", "sun:00:30-sun:01:30"}},
		"maintenance all night":                   {"", "sun:00:00-sun:06:00", 0, [2]string{"06:00-07:00", "sun:00:00-sun:06:00"}},
		"maintenance that crosses the week's end": {"", "sun:23:30-mon:00:30", 0, [2]string{"00:30-01:30", "sun:23:30-mon:00:30"}},
		"what cannot be read":                     {"soon", "", 1, [2]string{"soon", "wed:03:10-wed:04:10"}},
		"what cannot be read either":              {"", "later", 1, [2]string{"00:10-01:10", "later"}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			backup, maintenance := usual.Complete(tc.backup, tc.maintenance, tc.seed)
			if got := [2]string{backup, maintenance}; got != tc.want {
				t.Errorf("Complete(%q, %q, %d) = %v, want %v", tc.backup, tc.maintenance, tc.seed, got, tc.want)
			}
		})
	}
}

// RDS takes what comes out, whatever is said and whoever asks.
func TestCompleteIsTaken(t *testing.T) {
	t.Parallel()
	nights := []window.Night{
		night(t, "00:00-03:00", "sun:03:00-sun:06:00"), night(t, "23:00-01:00", "sun:23:30-mon:01:30"), night(t, "02:00-02:30", "tue:02:00-tue:02:45"),
	}
	for _, n := range nights {
		for seed := range uint64(100) {
			for _, said := range [][2]string{
				{"", ""}, {write(int(seed)*13%1440) + "-" + write((int(seed)*13+90)%1440), ""},
				{"", writeDay(int(seed)*97%10080) + "-" + writeDay((int(seed)*97+120)%10080)},
			} {
				backup, maintenance := n.Complete(said[0], said[1], seed)
				if err := window.Check(backup, maintenance); err != nil {
					t.Fatalf("Complete(%q, %q, %d) = %s, %s: %v", said[0], said[1], seed, backup, maintenance, err)
				}
			}
		}
	}
}
