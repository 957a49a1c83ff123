package wire

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestRefuseInstance(t *testing.T) {
	gp3 := func(engine, version, size string) url.Values {
		return url.Values{"Engine": {engine}, "EngineVersion": {version}, "StorageType": {"gp3"}, "AllocatedStorage": {size}}
	}
	cases := map[string]struct {
		now    map[string]string
		before url.Values
		want   string
	}{
		"IOPS below 400 GiB": {
			map[string]string{"Iops": "3000"}, gp3("postgres", "17", "200"), "a storage size less than 400",
		},
		"those of a small volume at 400 GiB": {
			map[string]string{"AllocatedStorage": "400", "Iops": "3000"}, gp3("postgres", "17", "200"), "minimum of 12000",
		},
		"the throughput of a small volume": {
			map[string]string{"AllocatedStorage": "400", "StorageThroughput": "125"}, gp3("mysql", "8.4", "200"), "minimum of 500",
		},
		"what 400 GiB have": {
			map[string]string{"AllocatedStorage": "400", "Iops": "12000", "StorageThroughput": "500"}, gp3("mariadb", "11.4", "200"), "",
		},
		"no IOPS at all": {map[string]string{"AllocatedStorage": "400"}, gp3("postgres", "17", "200"), ""},
		"an option group of the version before": {
			map[string]string{"OptionGroupName": "default:postgres-16"}, gp3("postgres", "17", "20"), "its major version is another",
		},
		"that of the version that comes with it": {
			map[string]string{"OptionGroupName": "default:postgres-17", "EngineVersion": "17"}, gp3("postgres", "16", "20"), "",
		},
		"a major version in two parts": {map[string]string{"OptionGroupName": "default:mysql-8-4"}, gp3("mysql", "8.4.6", "20"), ""},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			got := refuseInstance(tc.now, tc.before)
			switch {
			case tc.want == "" && got != nil:
				t.Errorf("refused: %s", got.message)
			case tc.want != "" && (got == nil || !strings.Contains(got.message, tc.want)):
				t.Errorf("got %v, want a refusal with %q", got, tc.want)
			}
		})
	}
}

// A refusal reaches the provider as an error of the query protocol, and the server never hears of it.
func TestRefusalIsAnswered(t *testing.T) {
	behind := &server{body: "<ok/>", kind: "text/xml"}
	w, front, _ := start(t, behind)
	_, err := Hand{Address: front.Listener.Addr().String(), Region: "eu-west-1"}.Do(context.Background(), "rds", "CreateDBInstance",
		"DBInstanceIdentifier", "a", "Engine", "postgres", "StorageType", "gp3", "AllocatedStorage", "500", "Iops", "3000")
	if err == nil || !strings.Contains(err.Error(), "<Code>InvalidParameterCombination</Code>") || len(behind.forms) != 0 {
		t.Errorf("error is %v, and the server was called %d times", err, len(behind.forms))
	}
	if calls := w.Since(0); len(calls) != 1 || !calls[0].Refused() {
		t.Errorf("recorded is %v", calls)
	}
}

// What a database has is not deleted: the server would do it, and could not read the database any more.
func TestInUseIsNotDeleted(t *testing.T) {
	cases := map[string]struct{ service, action, parameter, name, database, code string }{
		"parameter group":                 {"rds", "DeleteDBParameterGroup", "DBParameterGroupName", "g", "<DBParameterGroupName>g</DBParameterGroupName>", "InvalidDBParameterGroupState"},
		"another parameter group":         {"rds", "DeleteDBParameterGroup", "DBParameterGroupName", "g", "<DBParameterGroupName>g2</DBParameterGroupName>", ""},
		"parameter group of a cluster":    {"rds", "DeleteDBClusterParameterGroup", "DBClusterParameterGroupName", "g", "<DBClusterParameterGroup>g</DBClusterParameterGroup>", "InvalidDBParameterGroupState"},
		"subnet group of an instance":     {"rds", "DeleteDBSubnetGroup", "DBSubnetGroupName", "g", "<DBSubnetGroupName>g</DBSubnetGroupName>", "InvalidDBSubnetGroupStateFault"},
		"subnet group of a cluster":       {"rds", "DeleteDBSubnetGroup", "DBSubnetGroupName", "g", "<DBSubnetGroup>g</DBSubnetGroup>", "InvalidDBSubnetGroupStateFault"},
		"security group":                  {"ec2", "DeleteSecurityGroup", "GroupId", "sg-1", "<VpcSecurityGroupId>sg-1</VpcSecurityGroupId>", "<Errors><Error><Code>DependencyViolation"},
		"security group of nothing there": {"ec2", "DeleteSecurityGroup", "GroupId", "sg-1", "", ""},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			behind := &server{body: "<r>" + tc.database + "</r>", kind: "text/xml"}
			_, front, _ := start(t, behind)
			_, err := Hand{Address: front.Listener.Addr().String(), Region: "eu-west-1"}.Do(context.Background(), tc.service, tc.action, tc.parameter, tc.name)
			deleted := false
			for _, form := range behind.forms {
				deleted = deleted || form.Get("Action") == tc.action
			}
			if (tc.code == "") != (err == nil) || deleted != (tc.code == "") || err != nil && !strings.Contains(err.Error(), tc.code) {
				t.Errorf("error is %v, deleted %v", err, deleted)
			}
		})
	}
}

// An endpoint that was deleted is not changed: the server keeps it.
func TestDeletedEndpoint(t *testing.T) {
	_, front, _ := start(t, &server{body: "<ok/>", kind: "text/xml"})
	hand := Hand{Address: front.Listener.Addr().String(), Region: "eu-west-1"}
	ask := func(action, parameter string) error {
		_, err := hand.Do(context.Background(), "ec2", action, parameter, "vpce-1")
		return err
	}
	if err := ask("ModifyVpcEndpoint", "VpcEndpointId"); err != nil {
		t.Errorf("of one that is there: %v", err)
	}
	if err := ask("DeleteVpcEndpoints", "VpcEndpointId.1"); err != nil {
		t.Error(err)
	}
	if err := ask("ModifyVpcEndpoint", "VpcEndpointId"); err == nil || !strings.Contains(err.Error(), "<Code>InvalidVpcEndpointId.NotFound") {
		t.Errorf("of one that is gone: %v", err)
	}
}

func answered(t *testing.T, a *rules, body, kind string) string {
	t.Helper()
	r := &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {kind}}, Body: io.NopCloser(strings.NewReader(body))}
	if err := a.response(r); err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(r.Body)
	if err != nil || int64(len(raw)) != r.ContentLength {
		t.Fatalf("%d bytes, and the length says %d (%v)", len(raw), r.ContentLength, err)
	}
	return string(raw)
}

func TestInstance(t *testing.T) {
	a := newRules(Hand{})
	instance := func(size string) string {
		return answered(t, a, "<DescribeDBInstancesResponse><DBInstance><DBInstanceIdentifier>a</DBInstanceIdentifier><Engine>postgres</Engine>"+
			"<EngineVersion>17</EngineVersion><DbiResourceId>db-constant</DbiResourceId><StorageType>gp3</StorageType><AllocatedStorage>"+size+
			"</AllocatedStorage><OptionGroupMembership><OptionGroupName>default:postgres-16</OptionGroupName></OptionGroupMembership>"+
			"<PerformanceInsightsEnabled>false</PerformanceInsightsEnabled></DBInstance></DescribeDBInstancesResponse>", "text/xml")
	}
	small, large := instance("20"), instance("500")
	for tag, want := range map[string][2]string{
		"Iops": {"3000", "12000"}, "StorageThroughput": {"125", "500"}, "OptionGroupName": {"default:postgres-17", "default:postgres-17"},
		"EngineVersion": {"17.6", "17.6"}, "NetworkType": {"IPV4", "IPV4"}, "LicenseModel": {"postgresql-license", "postgresql-license"},
		"PerformanceInsightsEnabled": {"false", "false"},
	} {
		if got := [2]string{text(small, tag), text(large, tag)}; got != want {
			t.Errorf("%s with 20 and 500 GiB is %v, want %v", tag, got, want)
		}
	}
	a.done(Call{Action: "ModifyDBInstance", Params: map[string]string{
		"DBInstanceIdentifier": "a", "Iops": "14000", "EnablePerformanceInsights": "true", "EngineLifecycleSupport": "x",
	}})
	after := instance("500")
	for tag, want := range map[string]string{"Iops": "14000", "PerformanceInsightsEnabled": "true", "EngineLifecycleSupport": "x"} {
		if got := text(after, tag); got != want {
			t.Errorf("%s that was asked for is reported as %q, want %q", tag, got, want)
		}
	}
	// The provider looks for its instance by the id that it was told.
	form := url.Values{"Filters.Filter.1.Name": {"dbi-resource-id"}, "Filters.Filter.1.Values.Value.1": {text(after, "DbiResourceId")}}
	a.request(context.Background(), Call{Action: "DescribeDBInstances"}, form)
	if form.Get("Filters.Filter.1.Name") != "db-instance-id" || form.Get("Filters.Filter.1.Values.Value.1") != "a" {
		t.Errorf("the server is asked for %v", form)
	}
}

func TestParameters(t *testing.T) {
	list := func(name, value string) string {
		return answered(t, newRules(Hand{}), "<DescribeDBParametersResponse><Parameter><ParameterName>"+name+"</ParameterName><ParameterValue>"+value+
			"</ParameterValue><ApplyMethod>immediate</ApplyMethod></Parameter></DescribeDBParametersResponse>", "text/xml")
	}
	if got := list("rds.force_ssl", "1"); text(got, "Source") != "system" || text(got, "ApplyMethod") != "pending-reboot" {
		t.Errorf("what equals the default is the system's: %s", got)
	}
	if got := list("max_connections", "300"); text(got, "Source") != "user" || text(got, "ApplyMethod") != "immediate" {
		t.Errorf("what does not is the user's: %s", got)
	}
	for _, tc := range []struct{ name, value, want string }{
		{"log_lock_waits", "on", "1"}, {"autovacuum", "False", "0"}, {"synchronous_commit", "on", "on"}, {"work_mem", "64", "64"},
	} {
		form := url.Values{"Parameters.Parameter.1.ParameterName": {tc.name}, "Parameters.Parameter.1.ParameterValue": {tc.value}}
		asStored(form)
		if got := form.Get("Parameters.Parameter.1.ParameterValue"); got != tc.want {
			t.Errorf("%s=%s is kept as %s, want %s", tc.name, tc.value, got, tc.want)
		}
	}
}

func TestRelease(t *testing.T) {
	for _, tc := range []struct{ engine, version, want string }{
		{"postgres", "17", "17.6"}, {"postgres", "17.4", "17.4"}, {"mysql", "8.4", "8.4.6"}, {"mariadb", "11.4.8", "11.4.8"},
		{"aurora-postgresql", "17", "17.6"}, {"aurora-mysql", "8.0", "8.0.mysql_aurora.3.10.1"},
		{"aurora-mysql", "8.0.mysql_aurora.3.08.0", "8.0.mysql_aurora.3.08.0"},
	} {
		if got := release(tc.engine, tc.version); got != tc.want {
			t.Errorf("%s %s is %s, want %s", tc.engine, tc.version, got, tc.want)
		}
	}
}

func TestEKSCluster(t *testing.T) {
	got := answered(t, newRules(Hand{}), `{"cluster": {"name": "a", "certificateAuthority": {"data": "letters"}}}`, "application/json")
	_, rest, _ := strings.Cut(got, `"data": "`)
	encoded, _, _ := strings.Cut(rest, `"`)
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(raw)
	if block == nil {
		t.Fatalf("no PEM in %s", got)
	}
	if _, err := x509.ParseCertificate(block.Bytes); err != nil {
		t.Error(err)
	}
}

func TestPodIdentities(t *testing.T) {
	p := podIdentities{}
	call := func(method, path, body string) (string, int) {
		t.Helper()
		rw := httptest.NewRecorder()
		if !p.serve(rw, httptest.NewRequestWithContext(context.Background(), method, path, nil), []byte(body)) {
			t.Fatalf("%s is not taken for a call of the API", path)
		}
		return rw.Body.String(), rw.Code
	}
	const all = "/clusters/c/pod-identity-associations"
	created, _ := call(http.MethodPost, all, `{"namespace": "n", "serviceAccount": "s", "roleArn": "r", "clientRequestToken": "t"}`)
	if !strings.Contains(created, `"serviceAccount":"s"`) || strings.Contains(created, "clientRequestToken") {
		t.Errorf("created is %s", created)
	}
	_, _ = call(http.MethodPost, all, `{"serviceAccount": "other"}`)
	if list, _ := call(http.MethodGet, all+"?serviceAccount=s", ""); strings.Count(list, "associationId") != 1 {
		t.Errorf("the list of one service account is %s", list)
	}
	one := all + "/a-00000000000000001"
	if changed, _ := call(http.MethodPost, one, `{"roleArn": "new"}`); !strings.Contains(changed, `"roleArn":"new"`) {
		t.Errorf("changed is %s", changed)
	}
	_, _ = call(http.MethodDelete, one, "")
	if _, status := call(http.MethodGet, one, ""); status != http.StatusNotFound {
		t.Errorf("what was deleted answers %d", status)
	}
	if p.serve(httptest.NewRecorder(), httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/clusters/c", nil), nil) {
		t.Error("a call of another API is taken")
	}
}
