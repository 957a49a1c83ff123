package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

const (
	// startTimeout is how long a server may take until it is ready, stopTimeout until it has ended.
	startTimeout = 20 * time.Second
	stopTimeout  = 5 * time.Second
	// ticksPerSecond is the unit of processor time in /proc/<pid>/stat: USER_HZ, 100 on every Linux that Go runs on.
	ticksPerSecond = 100
)

// process is one server that is measured.
type process struct {
	cmd     *exec.Cmd
	address string
	stderr  *strings.Builder
	ended   chan struct{}
	conn    *grpc.ClientConn
}

// startProcess starts a server, waits for its address, and connects to it.
func startProcess(ctx context.Context, program string, args ...string) (*process, error) {
	p := &process{cmd: exec.CommandContext(ctx, program, args...), stderr: &strings.Builder{}, ended: make(chan struct{})}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.cmd.Stderr = p.stderr
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("cannot start %s: %w", program, err)
	}
	address := make(chan string, 1)
	go p.read(out, address)
	select {
	case p.address = <-address:
	case <-p.ended:
		return nil, fmt.Errorf("%s %s ended before it was ready\n%s", program, strings.Join(args, " "), p.stderr)
	case <-time.After(startTimeout):
		p.stop()
		return nil, fmt.Errorf("%s was not ready after %s", program, startTimeout)
	}
	if p.conn, err = dial(p.address); err != nil {
		p.stop()
		return nil, err
	}
	return p, nil
}

// read finds the address in the line "name -> address", then waits for the end of the process.
func (p *process) read(out io.Reader, address chan<- string) {
	scanner := bufio.NewScanner(out)
	for scanner.Scan() {
		if _, a, ok := strings.Cut(scanner.Text(), " -> "); ok {
			address <- a
			break
		}
	}
	_, _ = io.Copy(io.Discard, out)
	_ = p.cmd.Wait()
	close(p.ended)
}

// stop ends the process: politely, then not.
func (p *process) stop() {
	if p.conn != nil {
		_ = p.conn.Close()
	}
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(stopTimeout):
		_ = p.cmd.Process.Kill()
		<-p.ended
	}
}

// dial connects to a server, and tries again at once while nobody listens: gRPC's own pause between tries is a second.
func dial(address string) (*grpc.ClientConn, error) {
	retry := func(ctx context.Context, address string) (net.Conn, error) {
		var d net.Dialer
		for {
			conn, err := d.DialContext(ctx, "tcp", address)
			if !errors.Is(err, syscall.ECONNREFUSED) {
				return conn, err
			}
			select {
			case <-ctx.Done():
				return nil, ctx.Err()
			case <-time.After(100 * time.Microsecond):
			}
		}
	}
	return grpc.NewClient("passthrough:///"+address,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(retry),
		grpc.WithDefaultCallOptions(grpc.ForceCodecV2(newCodec()), grpc.MaxCallRecvMsgSize(maxMessageBytes)))
}

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
