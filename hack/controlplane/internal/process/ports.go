package process

import (
	"fmt"
	"net"
	"strconv"
)

// FreePorts finds ports that nobody listens on, on loopback or on all interfaces.
func FreePorts(n int) ([]int, error) {
	ports := make([]int, 0, n)
	var held []net.Listener // until all are found, so that no port is given twice
	defer func() {
		for _, l := range held {
			_ = l.Close()
		}
	}()
	for range n {
		// All interfaces: some of the processes cannot be told to bind loopback only.
		l, err := net.Listen("tcp", ":0") //nolint:gosec,noctx // Held for a moment, never accepted on.
		if err != nil {
			return nil, fmt.Errorf("cannot find a free port: %w", err)
		}
		held = append(held, l)
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

// CheckFree says what is wrong with a port that a person has chosen.
func CheckFree(port int) error {
	if port < 1024 || port > 65535 {
		return fmt.Errorf("port %d cannot be used: choose one from 1024 to 65535, or leave PORT out for a free one", port)
	}
	l, err := net.Listen("tcp", Loopback(port)) //nolint:noctx // Closed at once.
	if err != nil {
		return fmt.Errorf("port %d on 127.0.0.1 is taken (%w): choose another one, or leave PORT out for a free one", port, err)
	}
	return l.Close()
}

// Loopback is the address of a port on 127.0.0.1.
func Loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
