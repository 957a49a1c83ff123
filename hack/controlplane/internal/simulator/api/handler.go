package api

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// Source is what the handler shows.
type Source interface {
	Cloud() Cloud
	CallsSince(seq int) Calls
	GiveUp(uid string) error
}

// Handler answers over HTTP.
func Handler(source Source) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.HandleFunc("GET /cloud", func(w http.ResponseWriter, _ *http.Request) { write(w, source.Cloud()) })
	mux.HandleFunc("GET /calls", func(w http.ResponseWriter, r *http.Request) {
		since := 0
		if text := r.URL.Query().Get("since"); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil {
				http.Error(w, "since is not a number: write the number of the last call that you know", http.StatusBadRequest)
				return
			}
			since = n
		}
		write(w, source.CallsSince(since))
	})
	mux.HandleFunc("POST /give-up", func(w http.ResponseWriter, r *http.Request) {
		if err := source.GiveUp(r.URL.Query().Get("uid")); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	})
	return mux
}

func write(w http.ResponseWriter, document any) {
	w.Header().Set("Content-Type", "application/json")
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(document) // The reader has gone: nothing is left to do.
}
