// Package environment finds the Environment that an App kind names, and decides what to compose from: the one that is there
// now, or the last one that was.
package environment

import (
	"fmt"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/ownership"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// RequirementKey is the key of the required Environment.
const RequirementKey = "environment"

// Resolution is the answer.
type Resolution struct {
	// Environment to compose from. Nil when nothing may be composed.
	Environment *pipelinev1.Environment
	// Current says that it is the one that is there now. When it is not, what is composed stays, and nothing is added.
	Current bool
	// Condition is EnvironmentResolved.
	Condition conditions.Condition
	// Requirement asks for the Environment. It is returned on every call.
	Requirement plan.Requirement
}

// Expired says that the services in the Environment have to go.
func (r Resolution) Expired() bool { return r.Environment.Expired() }

// Resolve looks the Environment up that spec.environmentRef names. A missing, unready or unshared Environment is not an
// error: the condition says what is wrong, and what is composed already is composed again from status.environment.
func Resolve(in plan.In, providers ...pipelinev1.CloudProvider) Resolution {
	ref := v1.EnvironmentReference{
		Name:      in.XR.String("spec", "environmentRef", "name"),
		Namespace: in.XR.String("spec", "environmentRef", "namespace"),
	}
	if ref.Namespace == "" {
		ref.Namespace = in.Subject.Namespace
	}
	r := Resolution{Requirement: plan.Requirement{
		Key: RequirementKey, APIVersion: v1.APIVersion, Kind: v1.EnvironmentKind, Namespace: ref.Namespace, Name: ref.Name,
	}}
	found := in.Required[RequirementKey]
	l := lookup{
		in: in, ref: ref, object: found.First(), env: Published(found.First()), resolved: found.Resolved, providers: providers,
		last: lastStatus(in),
	}
	if c := l.check(); c != nil {
		r.Condition = *c
		r.Environment = last(l.last)
		return r
	}
	r.Current = true
	r.Environment = l.env
	lost := l.env.Vault == nil && len(in.Observed.Names(ownership.Vault)) > 0
	if lost {
		// Credentials that workloads hold now would be revoked: that is the platform team's to say, not to happen.
		r.Environment.Vault = vault(l.last.At("vault"))
	}
	r.Condition = conditions.Condition{
		Type: v1.ConditionEnvironmentResolved, Status: conditions.True, Reason: conditions.EnvironmentFound,
		Message: fmt.Sprintf("Environment %s (%s, %s)", l.path(), r.Environment.Type, r.Environment.Cloud.Region),
	}
	if lost {
		r.Condition.Message += ". It has no status.vault any more: what this object has in Vault stays as it is. " +
			"The platform team has to set status.vault of the Environment again"
	}
	if r.Expired() {
		l.remember()
		r.Condition.Status, r.Condition.Reason = conditions.False, conditions.EnvironmentExpired
		r.Condition.Message = fmt.Sprintf("the preview environment %s has expired: its services are removed and their data is gone. "+
			"Delete this object, or extend the environment to start anew", l.path())
	}
	return r
}

// remember puts network and Vault of an expired Environment back to where things were placed. What is protected stays beyond the end,
// where it is, whatever becomes of the Environment.
func (l lookup) remember() {
	if was := last(l.last); was != nil && was.Network.VPCID != l.env.Network.VPCID {
		l.env.Network = was.Network
	}
	if l.first(vaultMounts(l)) != nil {
		l.env.Vault = vault(l.last.At("vault"))
	}
}

// lastStatus is the Environment in the composite's status. It counts only while something is composed.
func lastStatus(in plan.In) object.Object {
	if len(in.Observed.Names("")) == 0 {
		return object.Object{}
	}
	return in.XR.At("status", "environment")
}

// last is the Environment that was resolved before. Nil when there is none.
func last(status object.Object) *pipelinev1.Environment {
	if status.IsZero() {
		return nil
	}
	env := &pipelinev1.Environment{}
	if err := status.Decode(env); err != nil || !complete(env) {
		// A status that is not ours to read is as good as none: nothing is composed from it, and the kernel keeps what is.
		return nil
	}
	if env.Phase == pipelinev1.PhaseExpired {
		// Only an Environment that is there now has expired: the last one may have been extended since.
		env.Phase = ""
	}
	return env
}

// complete says that something can be composed from the Environment: a part of one would change what runs.
func complete(env *pipelinev1.Environment) bool {
	return env.Name != "" && env.Type != "" && env.Cloud.Provider != "" && env.Cloud.Region != "" && env.Network.VPCID != ""
}

// Published reads what an Environment publishes, field by field. What its spec asks for is none of it: that may be refused.
func Published(o object.Object) *pipelinev1.Environment {
	status := o.At("status")
	env := &pipelinev1.Environment{
		Name:      o.Name(),
		Namespace: o.Namespace(),
		UID:       o.UID(),
		Composite: status.String("composite"),
		Type:      pipelinev1.EnvironmentType(status.String("type")),
		Phase:     pipelinev1.EnvironmentPhase(status.String("phase")),
		Owner: pipelinev1.Owner{
			Team:       status.String("owner", "team"),
			CostCenter: status.String("owner", "costCenter"),
			Contact:    status.String("owner", "contact"),
		},
		Cloud: pipelinev1.Cloud{
			Provider:          pipelinev1.CloudProvider(status.String("cloud", "provider")),
			Region:            status.String("cloud", "region"),
			AccountID:         status.String("cloud", "accountId"),
			ProviderConfigRef: providerConfig(status.At("cloud", "providerConfigRef")),
		},
		Network:                  Network(status.At("network")),
		WorkloadNamespace:        status.String("workloadNamespace"),
		WorkloadSecurityGroupIDs: status.Strings("workloadSecurityGroupIds"),
		KMSKeyARN:                status.String("kmsKeyArn"),
		Vault:                    vault(status.At("vault")),
	}
	for _, i := range status.List("identities") {
		env.Identities = append(env.Identities, pipelinev1.Identity{ServiceAccount: i.String("serviceAccount"), RoleARN: i.String("roleArn")})
	}
	return env
}

// Network reads a network: status.network of an Environment, or the status of a Network.
func Network(o object.Object) pipelinev1.Network {
	n := pipelinev1.Network{VPCID: o.String("vpcId"), CIDR: o.String("cidr"), RoutedCIDRs: o.Strings("routedCidrs")}
	for _, s := range o.List("subnets") {
		n.Subnets = append(n.Subnets, pipelinev1.Subnet{
			ID: s.String("id"), Role: pipelinev1.SubnetRole(s.String("role")), Zone: s.String("zone"), CIDR: s.String("cidr"),
		})
	}
	return n
}

func providerConfig(o object.Object) *pipelinev1.ProviderConfigReference {
	if o.IsZero() {
		return nil
	}
	return &pipelinev1.ProviderConfigReference{Name: o.String("name"), Kind: o.String("kind")}
}

func vault(o object.Object) *pipelinev1.Vault {
	if o.IsZero() {
		return nil
	}
	v := &pipelinev1.Vault{
		ProviderConfigRef:   providerConfig(o.At("providerConfigRef")),
		Namespace:           o.String("namespace"),
		KVMount:             mount(o.String("kvMount")),
		DatabaseMount:       mount(o.String("databaseMount")),
		KubernetesAuthMount: mount(o.String("kubernetesAuthMount")),

		DatabaseMountPerService: o.Bool("databaseMountPerService"),
	}
	if auth := o.At("auth"); !auth.IsZero() {
		v.Auth = &pipelinev1.VaultAuth{
			Method: pipelinev1.VaultAuthMethod(auth.String("method")), Mount: mount(auth.String("mount")), Audience: auth.String("audience"),
		}
	}
	if source := o.At("source"); !source.IsZero() {
		v.Source = &pipelinev1.VaultSource{SecurityGroupID: source.String("securityGroupId"), CIDR: source.String("cidr")}
	}
	return v
}

// mount is a path without the slashes around it, which Vault prints and people copy.
func mount(path string) string { return strings.Trim(path, "/") }

// SharedWith says that a namespace is in the list of names and prefixes.
func SharedWith(patterns []string, namespace string) bool {
	for _, p := range patterns {
		if prefix, ok := strings.CutSuffix(p, "*"); ok {
			// Three characters at least: a short prefix would share with everybody by accident.
			if len(prefix) >= 3 && strings.HasPrefix(namespace, prefix) {
				return true
			}
			continue
		}
		if p == namespace {
			return true
		}
	}
	return false
}
