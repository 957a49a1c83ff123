package environment

import (
	"maps"
	"slices"
	"strings"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// Identifiers that the cloud of the fixture gives.
const (
	keyARN       = "arn:aws:kms:eu-west-1:123456789012:key/0a0b0c0d"
	issuerURL    = "https://oidc.eks.eu-west-1.amazonaws.com/id/ABC123"
	endpointURL  = "https://abc123.gr7.eu-west-1.eks.amazonaws.com"
	clusterGroup = "sg-0c1"
)

// wake lets the provider of a resource do its work.
func (w *world) wake(name string) {
	o := w.observed[name]
	kind, _ := o["kind"].(string)
	if kind == "Usage" || kind == "ClusterUsage" {
		return
	}
	status := fields{"conditions": []any{
		fields{"type": "Synced", "status": "True", "reason": "ReconcileSuccess"}, fields{"type": "Ready", "status": "True", "reason": "Available"},
	}}
	switch strings.TrimPrefix(kind, "X") {
	case "EnvironmentIdentities":
		var roles []any
		for _, account := range w.object(o).Strings("spec", "serviceAccounts") {
			roles = append(roles, fields{"serviceAccount": account, "roleArn": "arn:aws:iam::123456789012:role/more-" + account})
		}
		status["identities"] = roles
	case "Network":
		maps.Copy(status, fields{
			"vpcId": "vpc-0d1", "cidr": w.object(o).String("spec", "cidr"), "subnets": []any{
				fields{"id": "subnet-0d1", "role": "database", "zone": "eu-west-1a", "cidr": "10.50.68.0/22"},
				fields{"id": "subnet-0d2", "role": "database", "zone": "eu-west-1b", "cidr": "10.50.72.0/22"},
			},
		})
	default:
		status["atProvider"] = w.reported(kind, w.object(o))
	}
	o["status"] = status
}

// reported is what the provider of a kind reports.
func (w *world) reported(kind string, o object.Object) fields {
	switch kind {
	case "Key":
		return fields{"arn": keyARN, "keyId": "0a0b0c0d", "id": "0a0b0c0d"}
	case "Alias":
		return fields{"arn": "arn:aws:kms:eu-west-1:123456789012:alias/" + o.Name(), "id": "alias/" + o.Name(), "targetKeyArn": keyARN}
	case "Role":
		return fields{"arn": "arn:aws:iam::123456789012:role/" + o.Name(), "id": o.Name()}
	case "PodIdentityAssociation":
		return fields{"associationId": "a-" + o.Name(), "associationArn": "arn:aws:eks:eu-west-1:123456789012:podidentityassociation/a"}
	case "Cluster":
		return fields{
			"arn": "arn:aws:eks:eu-west-1:123456789012:cluster/workloads", "endpoint": endpointURL, "status": "ACTIVE", "id": "workloads",
			"certificateAuthority": []any{fields{"data": "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tClptRnJaUT09Ci0tLS0tRU5EIENFUlRJRklDQVRFLS0tLS0K"}},
			"identity":             []any{fields{"oidc": []any{fields{"issuer": issuerURL}}}},
			"vpcConfig":            fields{"clusterSecurityGroupId": clusterGroup, "vpcId": "vpc-0a1"},
		}
	case "SecurityGroup":
		return fields{"id": "sg-0ed1", "arn": "arn:aws:ec2:eu-west-1:123456789012:security-group/sg-0ed1"}
	case "Object":
		return fields{"manifest": o.At("spec", "forProvider", "manifest").Map()}
	default:
		return fields{"id": o.Name()}
	}
}

// use puts something into the environment: a Usage of it, as App kinds compose it.
func (w *world) use(namespace, name string) *world {
	usage := fields{
		"apiVersion": "protection.crossplane.io/v1beta1", "kind": "Usage",
		"metadata": fields{"name": name, "namespace": namespace, "labels": fields{"platform.io/environment-uid": "env-uid"}},
		"spec": fields{
			"of": fields{"apiVersion": "platform.io/v1", "kind": "Environment", "resourceRef": fields{"name": "staging"}},
			"by": fields{"apiVersion": "rds.aws.m.upbound.io/v1beta1", "kind": "Instance", "resourceRef": fields{"name": name}},
		},
	}
	if w.legacy {
		set(usage, "metadata.labels", fields{"platform.io/environment-uid": "claim-uid"})
	}
	w.others = append(w.others, usage)
	return w
}

// leave takes everything out of the environment.
func (w *world) leave() *world {
	w.others = slices.DeleteFunc(w.others, func(o fields) bool { return o["kind"] == "Usage" || o["kind"] == "ClusterUsage" })
	return w
}

// answer looks for what the plan requires. It says that there was something new to look for.
func (w *world) answer(in plan.In, p *plan.Plan) bool {
	looked := false
	for _, r := range p.Requirements {
		if in.Required[r.Key].Resolved {
			continue
		}
		looked = true
		found := plan.Required{Resolved: true}
		for _, o := range w.there() {
			if selects(r, o) {
				found.Items = append(found.Items, o)
			}
		}
		in.Required[r.Key] = found
	}
	return looked
}

// there are all objects that core may find.
func (w *world) there() []object.Object {
	var all []object.Object
	if w.network != nil {
		all = append(all, w.object(w.network))
	}
	for _, o := range w.others {
		all = append(all, w.object(o))
	}
	for _, name := range slices.Sorted(maps.Keys(w.observed)) {
		all = append(all, w.object(w.observed[name]))
	}
	return all
}

func selects(r plan.Requirement, o object.Object) bool {
	if o.APIVersion() != r.APIVersion || o.Kind() != r.Kind || (r.Name != "" && (o.Name() != r.Name || o.Namespace() != r.Namespace)) ||
		(r.Namespace != "" && o.Namespace() != r.Namespace) {
		return false
	}
	for k, v := range r.Labels {
		if o.Label(k) != v {
			return false
		}
	}
	return true
}

// apply does to the cloud what the plan wants.
func (w *world) apply(p *plan.Plan) {
	w.t.Helper()
	for _, r := range p.Resources {
		was := w.observed[r.Name]
		now := r.Object.Map()
		if r.Data {
			meta, _ := now["metadata"].(fields)
			annotations, _ := meta["annotations"].(fields)
			if annotations == nil {
				annotations = fields{}
			}
			annotations["platform.io/data"] = "primary"
			meta["annotations"] = annotations
		}
		if was != nil {
			now["status"] = was["status"]
		}
		w.observed[r.Name] = now
		if !slices.Contains(w.asleep, r.Name) {
			w.wake(r.Name)
		}
	}
	for _, d := range p.Drops {
		delete(w.observed, d.Name)
	}
	status := fields{}
	if !p.Status.IsZero() {
		status = p.Status.Done().Map()
	}
	w.xr["status"] = status
}

func (w *world) specs() map[string]any {
	specs := map[string]any{"": w.xr["status"]}
	for name, o := range w.observed {
		specs[name] = []any{o["metadata"], o["spec"]}
	}
	return specs
}

// cloud looks at what is observed. What it returns does not change any more.
type cloud struct {
	*world
	seen map[string]object.Object
}

func look(w *world) cloud { return cloud{world: w, seen: map[string]object.Object{}} }

// Get is of plan.Observed.
func (c cloud) Get(name string) object.Object {
	o, ok := c.observed[name]
	if !ok {
		return object.Object{}
	}
	if _, known := c.seen[name]; !known {
		c.seen[name] = c.object(o)
	}
	return c.seen[name]
}

// Connection is of plan.Observed.
func (cloud) Connection(string) map[string][]byte { return nil }

// Names is of plan.Observed.
func (c cloud) Names(prefix string) []string {
	var names []string
	for name := range c.observed {
		if strings.HasPrefix(name, prefix) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
