package server

import (
	"os"
	"runtime/debug"
)

// softLimitBytes holds the process under its budget of 32 MiB resident at concurrency 8 with requests of 200 KiB:
// beside the Go memory that it bounds stand some 8 MiB of program text. A limit does that better than a lower GOGC, which
// collects more often even when little is in use. It is soft: larger requests are served all the same, at the price of
// more collections (the runtime bounds them to half of the processor time).
const softLimitBytes = 14 << 20

// gcPercent lets the small heap of a quiet function grow before it is collected; the limit above ends that.
const gcPercent = 400

// TuneMemory sets the garbage collector for a small resident size. GOGC and GOMEMLIMIT win where they are set.
func TuneMemory() {
	if os.Getenv("GOMEMLIMIT") == "" && os.Getenv("GOGC") == "" {
		debug.SetMemoryLimit(softLimitBytes)
		debug.SetGCPercent(gcPercent)
	}
}
