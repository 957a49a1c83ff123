package wire

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// server answers every call with the same body, and keeps the forms that it got.
type server struct {
	body, kind string
	forms      []url.Values
}

func (s *server) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(raw))
	s.forms = append(s.forms, form)
	rw.Header().Set("Content-Type", s.kind)
	_, _ = rw.Write([]byte(s.body))
}

// start starts a proxy in front of a server, and what calls through it.
func start(t *testing.T, behind *server) (*Wire, *httptest.Server, string) {
	t.Helper()
	api := httptest.NewServer(behind)
	t.Cleanup(api.Close)
	target, err := url.Parse(api.URL)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "wire.jsonl")
	w, err := Start(context.Background(), "127.0.0.1:0", target, file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	front := httptest.NewServer(w)
	t.Cleanup(front.Close)
	return w, front, file
}

func TestRecord(t *testing.T) {
	w, front, file := start(t, &server{body: "<ok/>", kind: "text/xml"})
	hand := Hand{Address: front.Listener.Addr().String(), Region: "eu-west-1"}
	if _, err := hand.Do(context.Background(), "ec2", "CreateVpc", "CidrBlock", "10.0.0.0/16"); err != nil {
		t.Fatal(err)
	}
	mark := w.Mark()
	post := func(action string) {
		t.Helper()
		r, _ := http.NewRequest(http.MethodPost, front.URL, strings.NewReader("Action="+action+"&Version=1&VpcId=vpc-1")) //nolint:noctx // Of this test.
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/ec2/aws4_request, SignedHeaders=host")
		rsp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = rsp.Body.Close()
	}
	post("DescribeVpcs")
	post("DeleteVpc")
	if all := w.Since(0); len(all) != 3 || !all[0].ByHand || all[1].ByHand {
		t.Errorf("recorded are %v", all)
	}
	writes := w.Writes(0)
	if len(writes) != 1 || writes[0].String() != "ec2 DeleteVpc 200 VpcId=vpc-1" || writes[0].Region != "eu-west-1" {
		t.Errorf("writes of the provider are %v: reads, and what a person does, are none", writes)
	}
	if len(w.Writes(mark)) != 1 || len(w.Writes(w.Mark())) != 0 {
		t.Error("a mark does not part what was before it from what came after")
	}
	raw, err := os.ReadFile(file) //nolint:gosec // Of this test.
	if err != nil || strings.Count(string(raw), "\n") != 2 || strings.Contains(string(raw), "DescribeVpcs") {
		t.Errorf("the file has the two calls that change something, and not %s (%v)", raw, err)
	}
}

func TestParse(t *testing.T) {
	cases := map[string]struct {
		method, path, target, body, want string
		write                            bool
	}{
		"JSON with a target":  {"POST", "/", "TrentService.CreateAlias", `{"AliasName": "alias/a"}`, "kms CreateAlias 0 AliasName=alias/a", true},
		"a read":              {"POST", "/", "Logs_20140328.DescribeLogGroups", `{}`, "kms DescribeLogGroups 0", false},
		"REST":                {"DELETE", "/clusters/a", "", "", "kms DELETE /clusters/a 0", true},
		"a read in REST":      {"GET", "/clusters/a", "", "", "kms GET /clusters/a 0", false},
		"a body that is none": {"PUT", "/bucket", "", "<xml/>", "kms PUT /bucket 0 body=<xml/>", true},
		"a password":          {"POST", "/", "A.Create", `{"MasterUserPassword": "x"}`, "kms Create 0 MasterUserPassword=(secret)", true},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			r := httptest.NewRequestWithContext(context.Background(), tc.method, tc.path, nil)
			r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/kms/aws4_request")
			if tc.target != "" {
				r.Header.Set("X-Amz-Target", tc.target)
			}
			c := parse(r, []byte(tc.body))
			if c.String() != tc.want || c.Write() != tc.write {
				t.Errorf("got %q, changes something: %v; want %q, %v", c, c.Write(), tc.want, tc.write)
			}
		})
	}
}

func TestDefaultGroupOfAnEndpoint(t *testing.T) {
	behind := &server{body: "<securityGroupInfo><groupId>sg-0123</groupId></securityGroupInfo>", kind: "text/xml"}
	_, front, _ := start(t, behind)
	hand := Hand{Address: front.Listener.Addr().String(), Region: "eu-west-1"}
	for _, tc := range []struct{ kind, group, want string }{
		{"Interface", "", "sg-0123"}, {"Interface", "sg-9", "sg-9"}, {"Gateway", "", ""},
	} {
		parameters := []string{"VpcEndpointType", tc.kind, "VpcId", "vpc-1"}
		if tc.group != "" {
			parameters = append(parameters, "SecurityGroupId.1", tc.group)
		}
		if _, err := hand.Do(context.Background(), "ec2", "CreateVpcEndpoint", parameters...); err != nil {
			t.Fatal(err)
		}
		if got := behind.forms[len(behind.forms)-1].Get("SecurityGroupId.1"); got != tc.want {
			t.Errorf("a %s endpoint with group %q gets %q, want %q", tc.kind, tc.group, got, tc.want)
		}
	}
}
