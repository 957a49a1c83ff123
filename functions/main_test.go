package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/goldenpath-dev/goldenpath/functions/internal/server"
)

// output is a buffer that a server may write while the test reads.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

func freePort(t *testing.T) string {
	t.Helper()
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = lis.Close() }()
	_, port, err := net.SplitHostPort(lis.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func object(name, runtime, address string) string {
	return fmt.Sprintf("apiVersion: pkg.crossplane.io/v1\nkind: Function\nmetadata:\n  name: %s\n  annotations:\n    %s: %s\n    %s: %q\nspec:\n  package: example\n",
		name, runtimeAnnotation, runtime, targetAnnotation, address)
}

func writeFile(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "functions.yaml")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestServeAll(t *testing.T) {
	t.Setenv("FUNCTION_NAME", "goldenpath-dev-function-nonsense") // A pod has it; it must change nothing.
	t.Setenv("TLS_SERVER_CERTS_DIR", "")
	vault, guardrails := "127.0.0.1:"+freePort(t), "127.0.0.1:"+freePort(t)
	file := writeFile(t, "# our functions\n---\n"+object("goldenpath-dev-function-vault", "Development", vault)+
		"---\n"+object("crossplane-contrib-function-auto-ready", "Docker", "")+"--- # last\n"+
		object("goldenpath-dev-function-guardrails", "Development", guardrails))
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var stdout, stderr output
	done := make(chan int, 1)
	go func() {
		done <- run(ctx, []string{"serve", "--all", "--functions-file", file, "--now", "2026-01-02T03:04:05Z"}, &stdout, &stderr)
	}()
	want := "vault -> " + vault + "\nguardrails -> " + guardrails + "\nready\n"
	for deadline := time.Now().Add(10 * time.Second); stdout.String() != want && time.Now().Before(deadline); {
		time.Sleep(5 * time.Millisecond)
	}
	if got := stdout.String(); got != want {
		t.Fatalf("stdout %q, want %q; stderr %s", got, want, &stderr)
	}
	for _, address := range []string{vault, guardrails} {
		conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			t.Fatal(err)
		}
		rsp, err := fnv1.NewFunctionRunnerServiceClient(conn).RunFunction(ctx, &fnv1.RunFunctionRequest{Meta: &fnv1.RequestMeta{Tag: "t"}})
		if err != nil || rsp.GetMeta().GetTag() != "t" {
			t.Errorf("%s: %v, %v", address, rsp, err)
		}
		_ = conn.Close()
	}
	cancel()
	if code := <-done; code != 0 {
		t.Errorf("exit code %d, stderr %s", code, &stderr)
	}
}

func TestRefusals(t *testing.T) {
	t.Setenv("TLS_SERVER_CERTS_DIR", "")
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = busy.Close() }()
	taken := busy.Addr().String()
	all := func(content string) []string {
		return []string{"serve", "--all", "--functions-file", writeFile(t, content)}
	}
	const ok = "127.0.0.1:9551"
	cases := map[string]struct {
		args []string
		want []string
	}{
		"nothing to serve":  {[]string{"serve"}, []string{"goldenpath serve <function>", "--all", "appdatabase, environment, guardrails, iam, network, vault"}},
		"unknown function":  {[]string{"serve", "cache"}, []string{`"cache"`, "appdatabase, environment, guardrails, iam, network, vault"}},
		"both":              {[]string{"serve", "vault", "--all"}, []string{"not both"}},
		"no credentials":    {[]string{"serve", "vault"}, []string{"--tls-certs-dir", "--insecure"}},
		"busy port":         {[]string{"serve", "vault", "--insecure", "--address", taken, "--metrics-address", ""}, []string{"vault", taken, "--address"}},
		"bad time":          {[]string{"serve", "vault", "--now", "tomorrow"}, []string{"--now", "tomorrow"}},
		"bad limit":         {[]string{"serve", "vault", "--insecure", "--max-recv-bytes=0"}, []string{"--max-recv-bytes", "greater than zero"}},
		"no file":           {[]string{"serve", "--all", "--functions-file", "nowhere.yaml"}, []string{"nowhere.yaml", "--functions-file"}},
		"busy target":       {all(object("goldenpath-dev-function-vault", "Development", taken)), []string{"vault", taken, targetAnnotation}},
		"unknown in file":   {all(object("goldenpath-dev-function-cache", "Development", ok)), []string{"document 1", `"cache"`, "appdatabase, environment, guardrails, iam, network, vault"}},
		"not loopback":      {all(object("goldenpath-dev-function-vault", "Development", "0.0.0.0:9551")), []string{"vault", "0.0.0.0:9551", "loopback", "127.0.0.1:9551"}},
		"no target":         {all(object("goldenpath-dev-function-vault", "Development", "")), []string{"vault", targetAnnotation, "127.0.0.1:9551"}},
		"bad port":          {all(object("goldenpath-dev-function-vault", "Development", "127.0.0.1:99999")), []string{"not a port"}},
		"another runtime":   {all(object("goldenpath-dev-function-vault", "Docker", ok)), []string{"vault", runtimeAnnotation, "write Development"}},
		"not a Function":    {all("kind: ConfigMap\n"), []string{"document 1", "ConfigMap", "Function"}},
		"not YAML":          {all("a: b: c\n"), []string{"document 1", "not YAML"}},
		"empty":             {all("# nothing\n---\n"), []string{"goldenpath-dev-function-", "appdatabase, environment, guardrails, iam, network, vault"}},
		"same function":     {all(object("goldenpath-dev-function-vault", "Development", ok) + "---\n" + object("goldenpath-dev-function-vault", "Development", "127.0.0.1:9552")), []string{"document 2", "function vault"}},
		"same port":         {all(object("goldenpath-dev-function-vault", "Development", ok) + "---\n" + object("goldenpath-dev-function-guardrails", "Development", ok)), []string{"document 2", "address 127.0.0.1:9551", "vault"}},
		"unknown log level": {[]string{"serve", "vault", "--log-level", "loud"}, []string{"loud"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
			defer cancel()
			var stdout, stderr output
			if code := run(ctx, tc.args, &stdout, &stderr); code != 1 || ctx.Err() != nil {
				t.Errorf("exit code %d, want 1 at once", code)
			}
			for _, w := range tc.want {
				if !strings.Contains(stderr.String(), w) {
					t.Errorf("%q does not say %q", stderr.String(), w)
				}
			}
		})
	}
}

func TestVersionAndHelp(t *testing.T) {
	for args, want := range map[string]string{"version": "goldenpath dev (go1.", "--help": "serve"} {
		var stdout, stderr output
		if code := run(context.Background(), []string{args}, &stdout, &stderr); code != 0 || !strings.Contains(stdout.String(), want) {
			t.Errorf("%s: code %d, stdout %q, stderr %q", args, code, stdout.String(), stderr.String())
		}
	}
}

func TestClock(t *testing.T) {
	fixed := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	if got := (&serveCmd{Now: &fixed}).clock()(); !got.Equal(fixed) {
		t.Errorf("got %s", got)
	}
	if got := (&serveCmd{}).clock()(); time.Since(got) > time.Minute {
		t.Errorf("got %s, not the real clock", got)
	}
}

// A function that answers its own panics and does not report them would hide them from the metrics.
func TestEveryFunctionReportsPanics(t *testing.T) {
	for name, newFunction := range functions() {
		if _, ok := newFunction(time.Now).(server.PanicReporter); !ok {
			t.Errorf("function %s does not report its panics", name)
		}
	}
}
