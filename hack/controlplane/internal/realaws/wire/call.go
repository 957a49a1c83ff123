package wire

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// byHand marks the calls that a story makes in the place of a person.
const byHand = "X-By-Hand"

// Call is one call of the AWS API.
type Call struct {
	At      time.Time         `json:"at"`
	Service string            `json:"service"`
	Region  string            `json:"region"`
	Action  string            `json:"action"`
	Params  map[string]string `json:"params,omitempty"`
	Status  int               `json:"status"`
	Error   string            `json:"error,omitempty"`
	// ByHand says that a story made it in the place of a person.
	ByHand bool `json:"byHand,omitempty"`

	form url.Values // of the query protocol
}

// parse reads a call in any of AWS' protocols: query (a form), JSON with a target, and REST.
func parse(r *http.Request, body []byte) Call {
	c := Call{At: time.Now().UTC(), Action: r.Method + " " + r.URL.Path, Params: map[string]string{}, ByHand: r.Header.Get(byHand) != ""}
	if m := regexp.MustCompile(`Credential=[^/]+/\d+/([^/]+)/([^/]+)/`).FindStringSubmatch(r.Header.Get("Authorization")); m != nil {
		c.Region, c.Service = m[1], m[2]
	}
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		c.Action = target[strings.LastIndex(target, ".")+1:]
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		if form, err := url.ParseQuery(string(body)); err == nil {
			c.form, c.Action = form, form.Get("Action")
			for key := range form {
				if key != "Action" && key != "Version" {
					c.Params[key] = form.Get(key)
				}
			}
			return c
		}
	}
	var fields map[string]any
	if json.Unmarshal(body, &fields) == nil {
		for key, value := range fields {
			raw, _ := json.Marshal(value) // came from JSON
			c.Params[key] = strings.Trim(string(raw), `"`)
		}
	} else if len(body) > 0 {
		c.Params["body"] = string(body)
	}
	return c
}

// Write says that the call changes something.
func (c Call) Write() bool {
	return !slices.ContainsFunc([]string{"Describe", "Get", "List", "GET ", "HEAD ", "Decode", "Lookup"}, func(prefix string) bool {
		return strings.HasPrefix(c.Action, prefix)
	})
}

// Refused says that it was answered with an error.
func (c Call) Refused() bool { return c.Status >= http.StatusBadRequest }

// String is the call in a line, for an error.
func (c Call) String() string {
	var b strings.Builder
	_, _ = fmt.Fprintf(&b, "%s %s %d", c.Service, c.Action, c.Status)
	for _, key := range slices.Sorted(maps.Keys(c.Params)) {
		value := c.Params[key]
		if len(value) > 80 {
			value = value[:80] + "..."
		}
		if strings.Contains(strings.ToLower(key), "password") {
			value = "(secret)"
		}
		_, _ = fmt.Fprintf(&b, " %s=%s", key, value)
	}
	if c.Error != "" {
		_, _ = fmt.Fprintf(&b, " -> %s", strings.Join(strings.Fields(c.Error), " "))
	}
	return b.String()
}
