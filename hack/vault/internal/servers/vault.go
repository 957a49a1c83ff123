package servers

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
)

// rootToken of the Vault that StartVault starts.
const rootToken = "root"

// Vault is a client with a token.
type Vault struct {
	*Process
	address, token string
}

// StartVault starts a Vault that keeps everything in memory.
func StartVault(ctx context.Context, binary, dir string) (*Vault, error) {
	if err := fresh(dir, account{-1, -1}); err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	v := &Vault{address: "http://" + address(port), token: rootToken}
	cmd := exec.Command(binary, "server", "-dev", "-dev-no-store-token", "-dev-root-token-id="+rootToken, "-dev-listen-address="+address(port))
	cmd.Dir, cmd.Env = dir, []string{"HOME=" + dir, "VAULT_DISABLE_MLOCK=true"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	v.Process, err = start(ctx, cmd, "Vault", dir+".log", func(ctx context.Context) error {
		_, err := v.Do(ctx, http.MethodGet, "sys/health", nil)
		return err
	})
	return v, err
}

// As is a client with another token.
func (v *Vault) As(token string) *Vault { return &Vault{address: v.address, token: token} }

// Answer of Vault.
type Answer struct {
	// LeaseID of what can be renewed and revoked.
	LeaseID string `json:"lease_id"`
	// LeaseDuration in seconds.
	LeaseDuration int64 `json:"lease_duration"`
	// Data that was asked for.
	Data map[string]any `json:"data"`
	// Auth is there after a login.
	Auth *struct {
		ClientToken string   `json:"client_token"`
		Policies    []string `json:"policies"`
	} `json:"auth"`
}

// Do calls Vault's API. An answer that is no success is an error with Vault's words.
func (v *Vault) Do(ctx context.Context, method, path string, body map[string]any) (*Answer, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("cannot write the request: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, method, v.address+"/v1/"+path, bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("cannot make the request: %w", err)
	}
	req.Header.Set("X-Vault-Token", v.token)
	rsp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("no answer of Vault: %w", err)
	}
	defer rsp.Body.Close() //nolint:errcheck // It has been read.
	text, err := io.ReadAll(rsp.Body)
	if err != nil {
		return nil, fmt.Errorf("cannot read the answer: %w", err)
	}
	if rsp.StatusCode >= http.StatusMultipleChoices {
		return nil, fmt.Errorf("%s %s: %s: %s", method, path, rsp.Status, strings.TrimSpace(string(text)))
	}
	answer := &Answer{}
	if len(text) > 0 {
		if err := json.Unmarshal(text, answer); err != nil {
			return nil, fmt.Errorf("the answer is not JSON: %w", err)
		}
	}
	return answer, nil
}
