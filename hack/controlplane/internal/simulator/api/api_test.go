package api

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type fixed struct{}

func (fixed) Cloud() Cloud {
	return Cloud{Account: "1", Resources: []Resource{{Kind: "Instance", Parameters: map[string]any{"a": "b"}, Created: 3}}, LastCall: 7}
}

func (fixed) CallsSince(seq int) Calls {
	return Calls{Calls: []Call{{Seq: seq + 1, Verb: Update, Time: time.Unix(1, 0).UTC(), Fields: []string{"tags"}}}, Last: seq + 1}
}

func (fixed) GiveUp(uid string) error {
	if uid != "u/1" {
		return errors.New("nothing is left of it")
	}
	return nil
}

// TestClient reads through the client what the handler shows.
func TestClient(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(Handler(fixed{}))
	t.Cleanup(server.Close)
	c := Client{Address: strings.TrimPrefix(server.URL, "http://")}
	cloud, err := c.Cloud(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := fixed{}.Cloud()
	if diff := cmp.Diff(&want, cloud); diff != "" {
		t.Error(diff)
	}
	calls, err := c.Calls(t.Context(), 41)
	if err != nil {
		t.Fatal(err)
	}
	wantCalls := fixed{}.CallsSince(41)
	if diff := cmp.Diff(&wantCalls, calls); diff != "" {
		t.Error(diff)
	}
	if err := c.get(t.Context(), "/calls?since=x", calls); err == nil || !strings.Contains(err.Error(), "400") {
		t.Errorf("a number that is none is refused: %v", err)
	}
	if err := c.GiveUp(t.Context(), "u/1"); err != nil {
		t.Error(err)
	}
	if err := c.GiveUp(t.Context(), "2"); err == nil || !strings.Contains(err.Error(), "nothing is left of it") {
		t.Errorf("there is nothing to give up: %v", err)
	}
	if rsp, err := server.Client().Get(server.URL + "/healthz"); err != nil || rsp.StatusCode != http.StatusOK {
		t.Errorf("healthz: %v, %v", rsp, err)
	} else if err := rsp.Body.Close(); err != nil {
		t.Error(err)
	}
	server.Close()
	if _, err := c.Cloud(t.Context()); err == nil || !strings.Contains(err.Error(), "the cloud simulator does not answer") {
		t.Errorf("nobody answers: %v", err)
	}
}
