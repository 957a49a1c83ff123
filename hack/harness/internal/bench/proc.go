package bench

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// ticksPerSecond is the unit of processor time in /proc/<pid>/stat: USER_HZ, 100 on every Linux that Go runs on.
const ticksPerSecond = 100

// cpu is the processor time that the process has used.
func (p *process) cpu() (time.Duration, error) {
	file := fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid)
	raw, err := os.ReadFile(file)
	if err != nil {
		return 0, fmt.Errorf("cannot read the processor time (this needs Linux): %w", err)
	}
	return parseCPU(string(raw))
}

// parseCPU adds user and system time, fields 14 and 15 of proc(5) stat. The name of the program may hold spaces: count from
// its closing parenthesis, behind field 2.
func parseCPU(stat string) (time.Duration, error) {
	i := strings.LastIndexByte(stat, ')')
	fields := strings.Fields(stat[i+1:])
	if i < 0 || len(fields) < 13 {
		return 0, fmt.Errorf("/proc/<pid>/stat has an unknown form: %q", stat)
	}
	var ticks int64
	for _, f := range fields[11:13] {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("/proc/<pid>/stat has an unknown form: %w", err)
		}
		ticks += n
	}
	return time.Duration(ticks) * (time.Second / ticksPerSecond), nil
}

// memory is the resident size of a process, in bytes.
type memory struct{ peak, now int64 }

func (p *process) memory() (memory, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return memory{}, fmt.Errorf("cannot read the resident size (this needs Linux): %w", err)
	}
	return parseMemory(string(raw))
}

// parseMemory reads VmHWM and VmRSS of proc(5) status, in kB.
func parseMemory(status string) (memory, error) {
	var m memory
	for line := range strings.Lines(status) {
		key, value, _ := strings.Cut(line, ":")
		target := map[string]*int64{"VmHWM": &m.peak, "VmRSS": &m.now}[key]
		if target == nil {
			continue
		}
		number, found := strings.CutSuffix(strings.TrimSpace(value), " kB")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil || !found {
			return m, fmt.Errorf("/proc/<pid>/status has an unknown %s: %q", key, value)
		}
		*target = n << 10
	}
	if m.peak == 0 || m.now == 0 {
		return m, errors.New("/proc/<pid>/status has no VmHWM or no VmRSS")
	}
	return m, nil
}
