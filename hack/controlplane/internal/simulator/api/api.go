// Package api is what the simulator tells about its cloud over HTTP: types and a client. No value in it is a secret.
//
//	GET /cloud           the inventory: Cloud
//	GET /calls?since=N   the calls of the cloud's API after number N, in order: Calls
//	POST /give-up?uid=U  what the managed resource U has left behind is deleted, as a person does in the console
//	GET /healthz         200 once the simulator runs
package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Owner is a managed resource.
type Owner struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	UID       string `json:"uid"`
	// CompositionResource is its name in the composition. Empty when it is not composed.
	CompositionResource string `json:"compositionResource,omitempty"`
}

// Cloud is the inventory, in the order of creation.
type Cloud struct {
	Account   string     `json:"account"`
	Resources []Resource `json:"resources"`
	Snapshots []Snapshot `json:"snapshots"`
	// LastCall is the number of the last call.
	LastCall int `json:"lastCall"`
}

// Resource exists in the cloud.
type Resource struct {
	// Service and kind: two services may have a kind of one name.
	Service string `json:"service"`
	Kind    string `json:"kind"`
	// Region, or the Vault namespace.
	Region       string `json:"region"`
	ExternalName string `json:"externalName"`
	// Name that the cloud knows it by, such as the identifier of a DB instance.
	Name string `json:"name"`
	// Status is creating, available, modifying or deleting.
	Status string `json:"status"`
	// Parameters as the cloud has them, and what it reports.
	Parameters map[string]any `json:"parameters"`
	Reported   map[string]any `json:"reported"`
	// Pending parameters wait for the maintenance window.
	Pending map[string]any `json:"pending,omitempty"`
	// CreatedBy made it, and Owner manages it now. They differ after an adoption.
	CreatedBy Owner `json:"createdBy"`
	Owner     Owner `json:"owner"`
	// Orphaned says that its managed resource is gone.
	Orphaned bool `json:"orphaned,omitempty"`
	// Restored says that it was there before the simulator started.
	Restored bool `json:"restored,omitempty"`
	// DeletionProtection of the cloud.
	DeletionProtection bool `json:"deletionProtection,omitempty"`
	// Created is the number of the call that made it. Zero when it was restored.
	Created int `json:"created"`
	// Updates counts the changes.
	Updates int `json:"updates"`
}

// Snapshot is the final snapshot of a DB instance or of a cluster.
type Snapshot struct {
	Identifier string `json:"identifier"`
	Region     string `json:"region"`
	// Instance is the identifier of the instance, or else Cluster that of the cluster.
	Instance string `json:"instance,omitempty"`
	Cluster  string `json:"cluster,omitempty"`
	Engine   string `json:"engine"`
	// EngineVersion that ran.
	EngineVersion string `json:"engineVersion"`
	// Username of the master, and Database in it.
	Username         string `json:"username"`
	Database         string `json:"database"`
	AllocatedStorage int64  `json:"allocatedStorage"`
	// Encrypted with the key: a restore carries both.
	Encrypted bool   `json:"encrypted"`
	KMSKey    string `json:"kmsKey,omitempty"`
	// Taken is the number of the call that deleted the instance.
	Taken int `json:"taken"`
}

// Verbs of a call.
const (
	Create = "create"
	Update = "update"
	Delete = "delete"
	// Drift is a change by somebody else.
	Drift = "drift"
	// Orphan is no call: a managed resource went and left the resource behind.
	Orphan = "orphan"
)

// Call is a call of the cloud's API that changes something, or was meant to.
type Call struct {
	Seq          int       `json:"seq"`
	Time         time.Time `json:"time"`
	Verb         string    `json:"verb"`
	Service      string    `json:"service"`
	Kind         string    `json:"kind"`
	Region       string    `json:"region"`
	ExternalName string    `json:"externalName,omitempty"`
	Owner        Owner     `json:"owner"`
	// Fields that an update changes.
	Fields []string `json:"fields,omitempty"`
	// Error that the cloud answered with. Empty when the call went well.
	Error string `json:"error,omitempty"`
}

// Calls are in order.
type Calls struct {
	Calls []Call `json:"calls"`
	// Last is the number to ask on from.
	Last int `json:"last"`
}

// Client reads from a simulator.
type Client struct {
	// Address is host:port.
	Address string
}

// Cloud returns the inventory.
func (c Client) Cloud(ctx context.Context) (*Cloud, error) {
	cloud := &Cloud{}
	return cloud, c.get(ctx, "/cloud", cloud)
}

// Calls returns the calls after a number.
func (c Client) Calls(ctx context.Context, since int) (*Calls, error) {
	calls := &Calls{}
	return calls, c.get(ctx, "/calls?since="+strconv.Itoa(since), calls)
}

// GiveUp deletes what a managed resource has left behind, whatever protects it.
func (c Client) GiveUp(ctx context.Context, uid string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+c.Address+"/give-up?uid="+url.QueryEscape(uid), nil)
	if err != nil {
		return err
	}
	rsp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("the cloud simulator does not answer: %w", err)
	}
	defer rsp.Body.Close() //nolint:errcheck // It was read.
	if rsp.StatusCode != http.StatusOK {
		words, _ := io.ReadAll(rsp.Body) // What cannot be read is not said.
		return fmt.Errorf("the cloud simulator does not give up %s: %s", uid, words)
	}
	return nil
}

func (c Client) get(ctx context.Context, path string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+c.Address+path, nil)
	if err != nil {
		return err
	}
	rsp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("the cloud simulator does not answer: %w", err)
	}
	defer rsp.Body.Close() //nolint:errcheck // It was read.
	if rsp.StatusCode != http.StatusOK {
		return fmt.Errorf("the cloud simulator answers %s with %s", path, rsp.Status)
	}
	return json.NewDecoder(rsp.Body).Decode(into)
}
