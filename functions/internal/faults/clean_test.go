package faults

import (
	"strings"
	"testing"
)

func TestClean(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ message, want string }{
		"nothing":                           {"", ""},
		"nothing but space":                 {" \n\t ", ""},
		"words stay":                        {"out of luck", "out of luck"},
		"lines become one":                  {"out\n\n\tof \r luck\x00", "out of luck"},
		"bytes that are no text":            {"out of \xff luck", "out of luck"},
		"one layer":                         {"create failed: out of luck", "out of luck"},
		"layers in another order":           {"failed to create the resource: create failed: update failed: out of luck", "out of luck"},
		"a layer within words":              {"we say create failed: out of luck", "we say create failed: out of luck"},
		"layers with nothing in it":         {"create failed: async create failed:", "create failed: async create failed:"},
		"Terraform's program":               {"cannot run refresh: refresh failed: out of luck: File name: main.tf.json", "out of luck"},
		"a diagnostic with a detail":        {`[{0 Missing name The argument "name" is required []}]`, `Missing name The argument "name" is required`},
		"a diagnostic with a path":          {"[{0 out of luck  [{{} engine_version}]}]", "out of luck"},
		"two diagnostics":                   {"[{0 no luck  []} {0 no fun  []}]", "no luck; no fun"},
		"a diagnostic that is cut off":      {"[{0 out of luck [1", "out of luck [1"},
		"an operation":                      {"creating X (a): operation error RDS: CreateX, Code: no", "Code: no"},
		"a service of two words":            {"operation error Secrets Manager: GetSecretValue, Code: no", "Code: no"},
		"an operation without an end":       {"operation error RDS: CreateX", "operation error RDS: CreateX"},
		"an operation that is prose":        {"operation error here: is what, it said", "operation error here: is what, it said"},
		"a response":                        {"https response error StatusCode: 400, RequestID: abc, HostID: def, api error Code: no", "Code: no"},
		"no request":                        {"https response error StatusCode: 0, RequestID: , request send failed", "request send failed"},
		"version 1 of the SDK":              {"Code: no\n\tstatus code: 400, request id: abc", "Code: no"},
		"the SDK for Java":                  {"Code: no (Service: AWSKMS; Status Code: 400; Request ID: 1; Proxy: null)", "Code: no"},
		"an encoded part":                   {"Code: no. Encoded authorization failure message: abc", "Code: no."},
		"a session":                         {"User: arn:aws:sts::1:assumed-role/r/17637 is not", "User: arn:aws:sts::1:assumed-role/r is not"},
		"times":                             {`(20251121T144051Z) at "2025-11-21T14:40:51Z", and 2025-11-21T14:40:51.123+01:00`, `((time)) at "(time)", and (time)`},
		"no times":                          {"T 1T2 20251121T1440 aT144051 20251121Tx44051", "T 1T2 20251121T1440 aT144051 20251121Tx44051"},
		"a port of ours":                    {"read tcp 1.2.3.4:41873->5.6.7.8:443: i/o timeout", "read tcp 5.6.7.8:443: i/o timeout"},
		"no port":                           {"a->b, 1:-> and ->c", "a->b, 1:-> and ->c"},
		"a password":                        {`parse "mysql://u:p@ss@host:3306": no`, `parse "mysql://***@host:3306": no`},
		"no password":                       {"https://u@host:1/a http://host:1/a", "https://u@host:1/a http://host:1/a"},
		"a password that looks like a path": {"mysql://u:p/a@host", "mysql://***@host"},
		"an answer of Vault": {"x: Error making API request.\n\nURL: GET https://v:1/v1/a/b?c=d\nCode: 403. Errors:\n\n* no",
			"Vault answers GET a/b with 403: no"},
		"an answer of Vault without errors": {"Error making API request.\n\nURL: GET https://v:1/v1/a\nCode: 404. Errors:\n\n", "Vault answers GET a with 404"},
		"an answer that is not of Vault": {"Error making API request.\n\nURL: GET https://v:1/v1/a\nCode: 502. Raw Message:\n\n<html>",
			"Vault answers GET a with 502: <html>"},
		"a request of Vault that is cut off": {"Error making API request.\n\nURL: GET https://v:1", "Error making API request. URL: GET https://v:1"},
		"an address without a path":          {"Error making API request. URL: GET a Code: 1. Errors: * no", "Vault answers GET a with 1: no"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			got := Clean(tc.message)
			if got != tc.want {
				t.Errorf("Clean() = %q, want %q", got, tc.want)
			}
			if again := Clean(got); again != got {
				t.Errorf("cleaned twice: %q", again)
			}
		})
	}
}

// A message that is long beyond measure takes no time.
func TestCleanLooksAtTheBeginning(t *testing.T) {
	t.Parallel()
	got := Clean(strings.Repeat("request id: a ", 1<<20) + "end")
	if len(got) > readable || strings.Contains(got, "end") {
		t.Errorf("%d bytes are left", len(got))
	}
}
