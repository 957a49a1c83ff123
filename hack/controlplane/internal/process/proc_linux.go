package process

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// birthOf returns the start time of a running process in clock ticks since boot (proc(5), stat field 22).
func birthOf(pid int) (string, error) {
	fields, err := stat(pid)
	if err != nil {
		return "", err
	}
	// A process that was killed is a zombie while others of its threads still end, and hold its ports until then.
	if fields[0] == "Z" && fields[17] == "1" {
		return "", fmt.Errorf("process %d has ended", pid)
	}
	return fields[19], nil
}

// stat returns the fields of /proc/PID/stat after the command, which may hold blanks and brackets itself.
func stat(pid int) ([]string, error) {
	raw, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return nil, err
	}
	end := bytes.LastIndexByte(raw, ')')
	fields := strings.Fields(string(raw[end+1:]))
	if end < 0 || len(fields) < 22 {
		return nil, fmt.Errorf("/proc/%d/stat is not as expected", pid)
	}
	return fields, nil
}

// Usage is what a process has used so far.
type Usage struct {
	// RSS is the resident memory in MiB.
	RSS float64
	// CPU is the processor time in seconds.
	CPU float64
}

// ticks per second of the times in /proc: a constant of the Linux ABI on every architecture that Go runs on.
const ticks = 100

// Usage reads memory and processor time.
func (p Process) Usage() (Usage, error) {
	fields, err := stat(p.PID)
	if err != nil {
		return Usage{}, err
	}
	pages, err := strconv.ParseFloat(fields[21], 64)
	if err != nil {
		return Usage{}, err
	}
	user, err := strconv.ParseFloat(fields[11], 64)
	if err != nil {
		return Usage{}, err
	}
	system, err := strconv.ParseFloat(fields[12], 64)
	return Usage{RSS: pages * float64(os.Getpagesize()) / (1 << 20), CPU: (user + system) / ticks}, err
}
