package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// rules make the API server answer what AWS answers, where the provider's behaviour hangs on it.
type rules struct {
	mu sync.Mutex
	// asked has the last value of each parameter that an instance was created or modified with, by identifier.
	asked map[string]url.Values
	// deleted counts the instances that had an identifier before: each has a resource id of its own.
	deleted map[string]int
	// identifiers of instances by their resource id.
	identifiers map[string]string
	// endpoints that were deleted: the server keeps them, and lets them be changed.
	endpoints map[string]bool
	pods      podIdentities
	// server is asked what an answer of AWS would take into account.
	server Hand
}

func newRules(server Hand) *rules {
	return &rules{
		server: server, asked: map[string]url.Values{}, deleted: map[string]int{}, identifiers: map[string]string{}, endpoints: map[string]bool{},
		pods: podIdentities{},
	}
}

// refusal is an answer with an error.
type refusal struct {
	service, code, message string
}

// write answers as the query protocol does, which EC2 has one of its own of.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
func (f *refusal) write(rw http.ResponseWriter) {
	rw.Header().Set("Content-Type", "text/xml")
	rw.WriteHeader(http.StatusBadRequest)
	form := "<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>wire</RequestId></ErrorResponse>"
	if f.service == "ec2" {
		form = "<Response><Errors><Error><Code>%s</Code><Message>%s</Message></Error></Errors><RequestID>wire</RequestID></Response>"
	}
	_, _ = fmt.Fprintf(rw, form, f.code, f.message)
}

// slow are the actions that take a while in AWS: what is created is not known yet when a provider that restarts asks again.
func slow(action string) time.Duration {
	switch action {
	case "AllocateAddress", "CreateVpc", "CreateVpcEndpoint", "CreateNatGateway":
		return 500 * time.Millisecond
	default:
		return 0
	}
}

// refuse is what AWS would answer instead of doing what is asked; nil when it would do it.
func (a *rules) refuse(ctx context.Context, c Call) *refusal {
	switch c.Action {
	case "CreateDBInstance", "ModifyDBInstance":
		a.mu.Lock()
		defer a.mu.Unlock()
		return refuseInstance(c.Params, a.asked[c.Params["DBInstanceIdentifier"]])
	case "ModifyVpcEndpoint":
		return a.goneEndpoint(c.Params["VpcEndpointId"])
	default:
		return a.inUse(ctx, c)
	}
}

// request puts the server's own name of a thing into the parameters, and remembers what the server forgets.
func (a *rules) request(ctx context.Context, c Call, form url.Values) {
	action := c.Action
	time.Sleep(slow(action))
	if action == "CreateVpcEndpoint" {
		a.defaultGroup(ctx, c, form)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	// All instances have the same resource id there, and the provider finds its instance by it.
	if form.Get("Filters.Filter.1.Name") == "dbi-resource-id" {
		form.Set("Filters.Filter.1.Name", "db-instance-id")
		form.Set("Filters.Filter.1.Values.Value.1", first(a.identifiers[form.Get("Filters.Filter.1.Values.Value.1")], "none"))
	}
	// RDS has a default option group for every major version: that of the server has to be made. What is reported follows the version anyway.
	// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithOptionGroups.html
	if strings.HasPrefix(form.Get("OptionGroupName"), "default:") {
		form.Del("OptionGroupName")
	}
	if action == "ModifyDBParameterGroup" || action == "ModifyDBClusterParameterGroup" {
		asStored(form)
	}
}

// done remembers what was asked of an instance, and what was deleted.
func (a *rules) done(c Call) {
	a.deletedEndpoints(c)
	id := c.Params["DBInstanceIdentifier"]
	if id == "" {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	switch c.Action {
	case "DeleteDBInstance":
		delete(a.asked, id)
		a.deleted[id]++
	case "CreateDBInstance", "CreateDBInstanceReadReplica", "RestoreDBInstanceFromDBSnapshot", "RestoreDBInstanceToPointInTime",
		"ModifyDBInstance":
		if a.asked[id] == nil {
			a.asked[id] = url.Values{}
		}
		for key, value := range c.Params {
			a.asked[id].Set(key, value)
		}
	}
}

// serve answers for services that the server lacks.
func (a *rules) serve(rw http.ResponseWriter, r *http.Request, _ Call, body []byte) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.pods.serve(rw, r, body)
}

// response changes what the server answers.
func (a *rules) response(r *http.Response) error {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	kind := r.Header.Get("Content-Type")
	switch {
	case r.StatusCode >= http.StatusBadRequest:
	case bytes.Contains(raw, []byte("<DBInstance>")):
		raw = each(raw, "DBInstance", a.instance)
	case bytes.Contains(raw, []byte("<DBCluster>")):
		raw = each(raw, "DBCluster", cluster)
	case bytes.Contains(raw, []byte("<DescribeDBParametersResponse")), bytes.Contains(raw, []byte("<DescribeDBClusterParametersResponse")):
		raw = each(raw, "Parameter", parameter)
	case strings.Contains(kind, "json") && bytes.Contains(raw, []byte(`"certificateAuthority"`)):
		raw = eksCluster(raw)
	}
	r.Body = io.NopCloser(bytes.NewReader(raw))
	r.ContentLength = int64(len(raw))
	r.Header.Set("Content-Length", strconv.Itoa(len(raw)))
	return nil
}

func writeJSON(rw http.ResponseWriter, status int, value any) {
	rw.Header().Set("Content-Type", "application/json")
	rw.WriteHeader(status)
	_ = json.NewEncoder(rw).Encode(value) // who asked has gone
}
