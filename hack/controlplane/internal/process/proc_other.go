//go:build !linux

package process

import (
	"fmt"
	"os/exec"
	"strconv"
	"strings"
)

// birthOf returns the start time of a running process, as ps prints it.
func birthOf(pid int) (string, error) {
	out, err := ps(pid, "lstart=")
	if err == nil && out == "" {
		err = fmt.Errorf("process %d has ended", pid)
	}
	return out, err
}

func ps(pid int, field string) (string, error) {
	out, err := exec.Command("ps", "-o", field, "-p", strconv.Itoa(pid)).Output() //nolint:gosec,noctx // Numbers only; instant.
	return strings.TrimSpace(string(out)), err
}

// Usage is what a process has used so far.
type Usage struct {
	// RSS is the resident memory in MiB.
	RSS float64
	// CPU is the processor time in seconds: not known here.
	CPU float64
}

// Usage reads memory.
func (p Process) Usage() (Usage, error) {
	out, err := ps(p.PID, "rss=")
	if err != nil {
		return Usage{}, err
	}
	kib, err := strconv.ParseFloat(out, 64)
	return Usage{RSS: kib / 1024}, err
}
