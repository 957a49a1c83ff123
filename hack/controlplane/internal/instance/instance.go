// Package instance is what is known of one control plane: its directory, its ports and its processes. It is kept in a file, so
// that `down` and `status` find again what `up` has started, also when `up` did not get to its end.
package instance

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/process"
)

// Instance is one control plane.
type Instance struct {
	// Dir holds everything of it; absolute.
	Dir string `json:"-"`
	// Root of the repository; absolute.
	Root string `json:"-"`
	// Ports that it uses, by what listens.
	Ports Ports `json:"ports"`
	// Processes in the order in which they were started.
	Processes []process.Process `json:"processes"`
	// Started is when `up` began.
	Started time.Time `json:"started"`
	// Delay is how long the simulated creation of a database takes. Zero for the simulator's own.
	Delay time.Duration `json:"delay,omitempty"`
	// RealAWS says that AWS is not played by the simulator: the real provider is there, beside the API server that it talks to.
	RealAWS bool `json:"realAws,omitempty"`
	// Whole says that `up` came to its end.
	Whole bool `json:"whole"`
}

// Ports on loopback, unless the name says otherwise.
type Ports struct {
	Etcd, EtcdPeer, API, Registry, Simulator int
	// Core's webhook, metrics and health ports listen on all interfaces: core has no flag to change that.
	Webhooks, Metrics, Health int
}

// ErrNone says that there is no control plane in a directory.
var ErrNone = errors.New("no control plane")

// New is a control plane that has not been started, on free ports.
func New(root, dir string, apiPort int) (*Instance, error) {
	ports, err := process.FreePorts(8)
	if err != nil {
		return nil, err
	}
	i := &Instance{Dir: dir, Root: root, Started: time.Now().UTC().Truncate(time.Second), Ports: Ports{
		Etcd: ports[0], EtcdPeer: ports[1], API: ports[2], Registry: ports[3], Simulator: ports[4],
		Webhooks: ports[5], Metrics: ports[6], Health: ports[7],
	}}
	if apiPort != 0 {
		if err := process.CheckFree(apiPort); err != nil {
			return nil, err
		}
		i.Ports.API = apiPort
	}
	return i, nil
}

// Load finds the control plane of a directory; ErrNone when there is none.
func Load(root, dir string) (*Instance, error) {
	raw, err := os.ReadFile(filepath.Join(dir, "state.json")) //nolint:gosec // The user's own directory.
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNone
	}
	if err != nil {
		return nil, err
	}
	i := &Instance{Dir: dir, Root: root}
	if err := json.Unmarshal(raw, i); err != nil {
		return nil, fmt.Errorf("%s is damaged: stop its processes by hand and remove it: %w", filepath.Join(dir, "state.json"), err)
	}
	return i, nil
}

// Path of a file in the control plane's directory.
func (i *Instance) Path(parts ...string) string {
	return filepath.Join(append([]string{i.Dir}, parts...)...)
}

// Bin is the path of a tool.
func (i *Instance) Bin(name string) string { return filepath.Join(i.Root, "_output", "bin", name) }

// Kubeconfig of the administrator.
func (i *Instance) Kubeconfig() string { return i.Path("kubeconfig") }

// Save writes the state.
func (i *Instance) Save() error {
	raw, err := json.MarshalIndent(i, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(i.Dir, 0o755); err != nil { //nolint:gosec // What is secret in it has its own mode.
		return err
	}
	tmp := i.Path("state.json.new")
	if err := os.WriteFile(tmp, raw, 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, i.Path("state.json"))
}

// Start starts a process and notes it. One of the same name that has ended is replaced.
func (i *Instance) Start(spec process.Spec) (process.Process, error) {
	p, err := process.Start(spec, i.Path("logs"))
	if err != nil {
		return p, err
	}
	i.Processes = slices.DeleteFunc(i.Processes, func(other process.Process) bool { return other.Name == p.Name })
	i.Processes = append(i.Processes, p)
	return p, i.Save()
}

// Process finds one by its name.
func (i *Instance) Process(name string) (process.Process, bool) {
	for _, p := range i.Processes {
		if p.Name == name {
			return p, true
		}
	}
	return process.Process{}, false
}

// Stop ends all processes, the last one first, and forgets them. The logs stay.
func (i *Instance) Stop() error {
	var failed []error
	for _, p := range slices.Backward(i.Processes) {
		failed = append(failed, p.Stop(10*time.Second))
	}
	functions, err := i.Functions()
	failed = append(failed, err)
	for _, p := range functions { // left behind when the package runtime was killed
		failed = append(failed, p.Stop(5*time.Second))
	}
	if err := errors.Join(failed...); err != nil {
		return err
	}
	for _, name := range []string{"state.json", "functions.json", "kubeconfig"} {
		if err := os.Remove(i.Path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	// Logs are kept to be read; the rest would only be in the way of the next start.
	for _, name := range []string{"etcd", "pki", "tls", "xpkg-cache", "runtime", "packages"} {
		if err := os.RemoveAll(i.Path(name)); err != nil {
			return err
		}
	}
	return nil
}

// Functions are the processes of our functions, which the package runtime starts and restarts.
func (i *Instance) Functions() ([]process.Process, error) {
	raw, err := os.ReadFile(i.Path("functions.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var functions []process.Process
	if err := json.Unmarshal(raw, &functions); err != nil {
		return nil, fmt.Errorf("%s: %w", i.Path("functions.json"), err)
	}
	return functions, nil
}

// SaveFunctions notes the processes of our functions.
func (i *Instance) SaveFunctions(functions []process.Process) error {
	raw, err := json.MarshalIndent(functions, "", "  ")
	if err != nil {
		return err
	}
	tmp := i.Path("functions.json.new")
	if err := os.WriteFile(tmp, raw, 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, i.Path("functions.json"))
}
