package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os/exec"
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
)

// process is one server that is measured.
type process struct {
	cmd     *exec.Cmd
	address chan string
	stderr  *strings.Builder
	ended   chan struct{}
	conn    *grpc.ClientConn
}

// startProcess starts a server, waits for its address, and connects to it.
func startProcess(ctx context.Context, program string, args ...string) (*process, error) {
	p, err := launch(ctx, program, args...)
	if err != nil {
		return nil, err
	}
	select {
	case address := <-p.address:
		if p.conn, err = dial(address); err == nil {
			return p, nil
		}
	case <-p.ended:
		err = fmt.Errorf("%s %s ended before it was ready\n%s", program, strings.Join(args, " "), p.stderr)
	case <-time.After(startTimeout):
		err = fmt.Errorf("%s %s was not ready after %s", program, strings.Join(args, " "), startTimeout)
	}
	p.stop()
	return nil, err
}

// launch starts a server and waits for nothing.
func launch(ctx context.Context, program string, args ...string) (*process, error) {
	p := &process{
		cmd: exec.CommandContext(ctx, program, args...), stderr: &strings.Builder{},
		address: make(chan string, 1), ended: make(chan struct{}),
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.cmd.Stderr = p.stderr
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("cannot start %s: %w", program, err)
	}
	go p.read(out)
	return p, nil
}

// read finds the address in the line "name -> address", then waits for the end of the process.
func (p *process) read(out io.Reader) {
	scanner := bufio.NewScanner(out)
	for scanner.Scan() {
		if _, a, ok := strings.Cut(scanner.Text(), " -> "); ok {
			p.address <- a
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

// freeAddress is a loopback address that nobody listens on.
func freeAddress(ctx context.Context) (string, error) {
	lis, err := new(net.ListenConfig).Listen(ctx, "tcp", anyPort)
	if err != nil {
		return "", err
	}
	return lis.Addr().String(), lis.Close()
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
