package server

import (
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// httpServer serves /metrics, /healthz (the process lives, and its calls end) and /readyz (all functions listen and none drains), without
// TLS: kubelet probes cannot show a client certificate.
func httpServer(m *Metrics, ready *atomic.Bool, calls *slots) *http.Server {
	mux := http.NewServeMux()
	mux.Handle("/metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry}))
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) {
		if calls.stuck() {
			http.Error(w, fmt.Sprintf("stuck: all %d slots have been busy for more than %s, and no call has ended", calls.total, stuckAfter),
				http.StatusServiceUnavailable)
			return
		}
		_, _ = fmt.Fprintln(w, "ok")
	})
	mux.HandleFunc("/readyz", func(w http.ResponseWriter, _ *http.Request) {
		if !ready.Load() {
			http.Error(w, "not ready: starting or draining", http.StatusServiceUnavailable)
			return
		}
		_, _ = fmt.Fprintln(w, "ok")
	})
	return &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute}
}

// listenHTTP returns nil for an empty address.
func listenHTTP(address string) (net.Listener, error) {
	if address == "" {
		return nil, nil //nolint:nilnil // No listener is a valid answer: metrics are switched off.
	}
	lis, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("metrics cannot listen on %s: %w%s", address, err, busyHint(err, "--metrics-address"))
	}
	return lis, nil
}
