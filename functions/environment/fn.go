// Package environment composes the landing zone of a team: the network or its place in one, the workload namespace with its quota and
// policies, an IAM role per identity, the KMS key, and the Vault mounts. App kinds find all of it in the status.
package environment

import (
	"fmt"
	"time"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	inputv1 "github.com/goldenpath-dev/goldenpath/functions/environment/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/kernel"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/ownership"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// Composition resource names. They are API: renaming one recreates a resource, and what is in it is lost.
const (
	prefix = ownership.Environment
	// nameNetwork is a Network of the environment's own.
	nameNetwork = prefix + "network"
	nameKey     = prefix + "key"
	nameAlias   = prefix + "key-alias"
	// nameEKS is the cluster, which is only observed.
	nameEKS = prefix + "eks-cluster"
	// nameRole and nameAssociation are followed by the service account, nameAccount too.
	nameRole        = prefix + "identity-role-"
	nameAssociation = prefix + "identity-association-"
	nameAccount     = prefix + "service-account-"
	// nameIdentities is followed by the number of an EnvironmentIdentities.
	nameIdentities = prefix + "identities-"
	// Objects in the workload cluster.
	nameNamespace   = prefix + "namespace"
	nameQuota       = prefix + "resource-quota"
	nameLimits      = prefix + "limit-range"
	namePolicy      = prefix + "network-policy-"
	nameTeam        = prefix + "team-role-binding"
	nameDeployers   = prefix + "deployers-role-binding"
	nameTokenReview = prefix + "token-review-binding"
	nameTokenKeys   = prefix + "token-keys-binding"
	// The security group of the environment's pods, its rules by what they admit, and the object that gives it to them.
	namePodGroup       = prefix + "pod-security-group"
	namePodGroupRule   = namePodGroup + "-rule-"
	namePodGroupPolicy = prefix + "security-group-policy"
	// Vault.
	nameKVMount       = prefix + "vault-kv-mount"
	nameDatabaseMount = prefix + "vault-database-mount"
	nameAuthBackend   = prefix + "vault-kubernetes-auth"
	nameAuthConfig    = prefix + "vault-kubernetes-config"
	nameJWTBackend    = prefix + "vault-jwt-auth"
	nameVaultPolicy   = prefix + "vault-policy-"
)

// defaultSecretNamespace holds the Secrets of cluster-scoped managed resources: out of the developers' reach.
const defaultSecretNamespace = "crossplane-system"

// New makes the function.
func New(now func() time.Time) *kernel.Function[inputv1.Input] {
	return kernel.New("environment", now, func(in *inputv1.Input) (kernel.Setup, error) {
		stage, err := stageOf(in)
		return kernel.Setup{Stages: []plan.Stage{stage}, SecretNamespace: first(in.SecretNamespace, defaultSecretNamespace)}, err
	})
}

func stageOf(in *inputv1.Input) (plan.Stage, error) {
	data, err := defaultSettings().with(in)
	switch in.Stage {
	case inputv1.StageEnvironment, "":
		return Stage(data), err
	case inputv1.StageIdentities:
		return IdentitiesStage(), err
	default:
		return Stage(data), fmt.Errorf("stage: %q is not a stage; write environment or identities", in.Stage)
	}
}

// Stage is the environment stage.
func Stage(data settings) plan.Stage {
	return plan.Stage{
		Name:      "environment",
		Prefix:    prefix,
		Publishes: true,
		Conditions: []string{
			v1.ConditionNetworkReady, v1.ConditionClusterReady, v1.ConditionAccessReady, v1.ConditionVaultReady,
		},
		Compose: func(in plan.In) (*plan.Plan, error) { return compose(in, data) },
	}
}

func compose(in plan.In, data settings) (*plan.Plan, error) {
	e := &environment{in: in, claim: readClaim(in.XR), data: data, plan: &plan.Plan{Own: true}}
	e.require()
	e.age()
	if refusal := validate(e); refusal != nil {
		e.plan.Environment = nil
		return e.plan, refusal
	}
	if e.expired() {
		e.expire()
		e.publish()
		e.status()
		return e.plan, nil
	}
	e.findNetwork()
	if e.beginsWithoutNetwork() {
		// A name that is wrong, or a Network that is still to come: nothing half-built.
		e.plan.Waiting, e.plan.Conditions = true, []conditions.Condition{e.network.condition}
		e.publish()
		e.status()
		return e.plan, nil
	}
	e.key()
	e.eks()
	e.workloads()
	e.podGroup()
	e.identities()
	e.vault()
	e.usages()
	e.conditions()
	e.publish()
	e.status()
	return e.plan, nil
}

// environment is one Environment on its way from claim to plan.
type environment struct {
	in    plan.In
	claim claim
	data  settings
	plan  *plan.Plan

	// life is the age of a preview.
	life life
	// network that services are placed in, as far as it is known.
	network network
	// cluster is what EKS says of the workload cluster.
	cluster cluster
	// place of the service accounts of an EnvironmentIdentities. Nil for an Environment.
	place *place
}

// keep is the value of a parameter that is decided once: the observed one, or a new one.
func (e *environment) keep(resource, field, value string) string {
	return first(e.in.Observed.Get(resource).String("spec", "forProvider", field), value)
}

// observes says that a resource is there.
func (e *environment) observes(resource string) bool { return !e.in.Observed.Get(resource).IsZero() }

// before is the status of the call before.
func (e *environment) before() object.Object { return e.in.XR.At("status") }

// expired says that the preview's time is over. Nothing but a preview expires.
func (e *environment) expired() bool {
	return e.claim.kind == pipelinev1.EnvironmentPreview && e.life.phase == pipelinev1.PhaseExpired
}

// protected says that the environment must not be deleted.
func (e *environment) protected() bool {
	if e.expired() {
		return false
	}
	if e.claim.protection != nil {
		return *e.claim.protection
	}
	return e.data.tiers[e.claim.kind].DeletionProtection
}

// aws writes an AWS resource in the flavour of the composite.
func aws[P managed.Parameters](e *environment, name string, r managed.Resource[P]) object.Object {
	r.Name, r.ProviderConfig = e.in.Name(name), e.claim.cloud.ProviderConfigRef
	return r.Object(e.in.Flavour)
}

func ptr[T any](v T) *T { return &v }

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
