// Package wire stands between the real AWS provider and an AWS API server: it records every call, and answers like AWS where the server is
// kinder. The rules are claims about AWS, each with its source.
package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"sync"
	"time"
)

// Wire is a proxy for HTTP on loopback.
type Wire struct {
	proxy  *httputil.ReverseProxy
	rules  *rules
	server *http.Server
	log    *json.Encoder
	file   *os.File

	mu    sync.Mutex
	calls []Call
}

// Start listens on an address and sends what it may to the API server at target. Every call that changes something is appended to a file.
func Start(ctx context.Context, address string, target *url.URL, file string) (*Wire, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	log, err := os.Create(file) //nolint:gosec // In the directory of the control plane.
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	w := &Wire{rules: newRules(Hand{Address: target.Host}), file: log, log: json.NewEncoder(log)}
	w.log.SetEscapeHTML(false)
	w.proxy = &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = target.Host // or the server takes the name for a bucket
		},
		ModifyResponse: w.rules.response,
	}
	w.server = &http.Server{Handler: w, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = w.server.Serve(listener) }() // it ends with Close
	return w, nil
}

// Close ends the proxy.
func (w *Wire) Close() error { return errors.Join(w.server.Close(), w.file.Close()) }

// ServeHTTP records a call, and answers it or lets the API server answer.
func (w *Wire) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(rw, err.Error(), http.StatusBadGateway)
		return
	}
	call := parse(r, body)
	form := call.form
	answer := &recorder{ResponseWriter: rw, status: http.StatusOK}
	switch refusal := w.rules.refuse(r.Context(), call); {
	case refusal != nil:
		refusal.write(answer)
	case w.rules.serve(answer, r, call, body): // a service that the server lacks
	default:
		if form != nil {
			w.rules.request(r.Context(), call, form)
			body = []byte(form.Encode())
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		w.proxy.ServeHTTP(answer, r)
	}
	call.Status, call.Error = answer.status, answer.body.String()
	if answer.status < http.StatusMultipleChoices {
		w.rules.done(call)
	}
	w.note(call)
}

func (w *Wire) note(call Call) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls = append(w.calls, call)
	if call.Write() || call.Status >= http.StatusInternalServerError {
		_ = w.log.Encode(call) // only for people to read
	}
}

// Mark is a moment in the record.
func (w *Wire) Mark() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.calls)
}

// Since are the calls after a mark.
func (w *Wire) Since(mark int) []Call {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]Call(nil), w.calls[mark:]...)
}

// Writes are the calls of the provider after a mark that change something, or were meant to.
func (w *Wire) Writes(mark int) []Call {
	var writes []Call
	for _, c := range w.Since(mark) {
		if c.Write() && !c.ByHand {
			writes = append(writes, c)
		}
	}
	return writes
}

// recorder keeps the status of an answer, and the body of an error.
type recorder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// WriteHeader notes the status.
func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Write notes the beginning of an error.
func (r *recorder) Write(b []byte) (int, error) {
	if r.status >= http.StatusBadRequest && r.body.Len() < 2000 {
		_, _ = r.body.Write(b)
	}
	return r.ResponseWriter.Write(b)
}
