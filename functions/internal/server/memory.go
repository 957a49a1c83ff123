package server

import (
	"os"
	"runtime/debug"
)

// softLimitBytes holds the process under its budget of 32 MiB resident at concurrency 8 with requests of 170 KiB on two
// processors: beside the Go memory that it bounds stand some 11 MiB, mostly program text. It has to leave room over the calls
// in flight: with 14 MiB, requests of 170 KiB cost 6.2 ms of processor time and those of 270 KiB 17 ms, all of it collecting,
// and with 18 MiB 2.5 ms and 4.1 ms (with 24 MiB: 1.7 ms and 2.8 ms). A limit bounds the size better than a lower GOGC, which
// collects more often even when little is in use. It is soft: larger requests are served all the same, at the price of
// more collections (the runtime bounds them to half of the processor time).
const softLimitBytes = 18 << 20

// gcPercent lets the small heap of a quiet function grow before it is collected; the limit above ends that.
const gcPercent = 400

// TuneMemory sets the garbage collector for a small resident size. GOGC and GOMEMLIMIT win where they are set.
func TuneMemory() {
	if os.Getenv("GOMEMLIMIT") == "" && os.Getenv("GOGC") == "" {
		debug.SetMemoryLimit(softLimitBytes)
		debug.SetGCPercent(gcPercent)
	}
}
