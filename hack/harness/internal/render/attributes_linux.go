package render

import "syscall"

// attributes of the server's process: a group of its own, so that Ctrl-C reaches the harness, and the harness ends the server. Should the
// harness be killed, the kernel ends the server.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}
