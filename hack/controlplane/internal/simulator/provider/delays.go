package provider

import (
	"time"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"
)

// Delays say how long the cloud takes.
type Delays struct {
	// Instance is how long the creation of a DB instance takes. Everything else is in proportion.
	Instance time.Duration
}

// other is how long anything but a DB instance takes.
func (d Delays) other() time.Duration { return d.Instance * 3 / 20 }

func (d Delays) creation(kind string) time.Duration {
	if isDatabase(kind) {
		return d.Instance
	}
	return d.other()
}

// change takes long where the instance is moved or restarted.
func (d Delays) change(kind string, diff map[string]any) time.Duration {
	if isDatabase(kind) {
		for _, field := range []string{"instanceClass", "engineVersion", "allocatedStorage", "multiAz", cloud.GroupField(kind)} {
			if _, ok := diff[field]; ok {
				return d.Instance
			}
		}
	}
	return d.other()
}

func (d Delays) deletion(kind string) time.Duration {
	if isDatabase(kind) {
		return d.Instance / 2
	}
	return d.other()
}

// isDatabase says that a kind has servers, which take long.
func isDatabase(kind string) bool { return cloud.GroupField(kind) != "" }
