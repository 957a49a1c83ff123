// Package appdatabase composes a relational database on Amazon RDS: its security group, subnet group, parameter group, instance or
// Aurora cluster, read replicas, connection Secret and Usages. What it asks of IAM and Vault goes into the wiring contract.
package appdatabase

import (
	"fmt"
	"slices"
	"time"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	inputv1 "github.com/goldenpath-dev/goldenpath/functions/appdatabase/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/appdatabase/parameters"
	"github.com/goldenpath-dev/goldenpath/functions/iam"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/environment"
	"github.com/goldenpath-dev/goldenpath/functions/internal/holder"
	"github.com/goldenpath-dev/goldenpath/functions/internal/kernel"
	"github.com/goldenpath-dev/goldenpath/functions/internal/ownership"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
	"github.com/goldenpath-dev/goldenpath/functions/vault"
)

// Composition resource names. They are API: renaming one recreates a cloud resource.
const (
	prefix             = ownership.Database
	nameSecurityGroup  = prefix + "security-group"
	nameIngress        = prefix + "ingress-"
	nameSubnetGroup    = prefix + "subnet-group"
	nameParameterGroup = prefix + "parameter-group-"
	nameInstance       = prefix + "instance"
	nameReplica        = prefix + "replica-"
	nameCluster        = prefix + "cluster"
	nameClusterGroup   = nameCluster + "-parameter-group-"
	nameMember         = nameCluster + "-instance-"
	nameConnection     = prefix + "connection-secret"

	nameLogGroup        = prefix + "log-group-"
	nameClusterLogGroup = nameCluster + "-log-group-"

	nameMonitoringRole   = prefix + "monitoring-role"
	nameMonitoringPolicy = prefix + "monitoring-policy"
)

// New makes the function.
func New(now func() time.Time) *kernel.Function[inputv1.Input] {
	base := defaultCatalog()
	var broken error
	base.parameters, broken = parameters.Load()
	return kernel.New("appdatabase", now, func(in *inputv1.Input) (kernel.Setup, error) {
		if broken != nil {
			return kernel.Setup{}, broken
		}
		data, err := base.with(in)
		if err != nil {
			return kernel.Setup{}, err
		}
		stages, err := stagesOf(in, data)
		return kernel.Setup{Stages: stages, SecretNamespace: first(in.SecretNamespace, defaultSecretNamespace)}, err
	})
}

// stagesOf are the stages that run in process. The database stage always does.
func stagesOf(in *inputv1.Input, data catalog) ([]plan.Stage, error) {
	inProcess := len(in.Stages) == 0 || slices.Contains(in.Stages, inputv1.StageIAM)
	stages := []plan.Stage{stage(data, inProcess)}
	for _, name := range in.Stages {
		if name != inputv1.StageDatabase && name != inputv1.StageIAM && name != inputv1.StageVault {
			return nil, fmt.Errorf("stages: %q is not a stage; write database, iam or vault", name)
		}
	}
	if inProcess {
		stages = append(stages, iam.Stage())
	}
	if len(in.Stages) == 0 || slices.Contains(in.Stages, inputv1.StageVault) {
		stages = append(stages, vault.Stage())
	}
	return stages, nil
}

// Stage is the database stage.
func Stage(data catalog) plan.Stage { return stage(data, true) }

// stage is the database stage, with the iam stage in the same function or in a step behind it.
func stage(data catalog, iamInProcess bool) plan.Stage {
	return plan.Stage{
		Name:       "database",
		Prefix:     prefix,
		Publishes:  true,
		Conditions: []string{v1.ConditionEnvironmentResolved, v1.ConditionDatabaseReady, v1.ConditionAccessReady},
		Compose: func(in plan.In) (*plan.Plan, error) {
			p, err := compose(in, data)
			if p != nil && p.Wiring != nil && len(p.Wiring.Grants) > 0 && !iamInProcess {
				p.Later = []string{v1.ConditionAccessReady}
			}
			return p, err
		},
	}
}

func compose(in plan.In, data catalog) (*plan.Plan, error) {
	env := environment.Resolve(in, pipelinev1.CloudAWS)
	p := &plan.Plan{
		Requirements: []plan.Requirement{env.Requirement},
		Conditions:   []conditions.Condition{env.Condition},
	}
	claim := readClaim(in.XR)
	d := &database{
		in: in, claim: claim, data: data, form: formOf(in, facts()[claim.engine].aurora), env: env.Environment, current: env.Current, plan: p,
	}
	d.once = holder.Of(in, d.form.holder, d.form.resourceIDField, in.XR.String("status", "resourceId"))
	if env.Expired() && !d.held() {
		// Before the claim is judged: a mistake in it keeps nothing alive.
		p.Environment = env.Environment
		d.expire()
		return p, nil
	}
	if refusal := validate(in, claim, data, d.form, env.Environment); refusal != nil {
		if refusal.Type == v1.ConditionEnvironmentResolved {
			p.Conditions = nil
		}
		return p, refusal
	}
	if env.Environment == nil {
		return nothingToComposeFrom(in, p, env)
	}

	p.Environment = env.Environment
	if _, known := data.tiers[d.env.Type]; !known {
		return p, fmt.Errorf("spec.type of Environment %s/%s is %q, and the catalog has only the tiers %s",
			d.env.Namespace, d.env.Name, d.env.Type, choices(data.tiers))
	}
	if refusal := d.nothingLeaks(); refusal != nil {
		return p, refusal
	}
	if refusal := d.findSource(); refusal != nil {
		return p, refusal
	}
	if env.Expired() {
		p.Conditions = []conditions.Condition{expiredAndHeld(env.Condition)}
		p.Waiting = true
	}
	d.settle(data)
	d.ground()
	if d.form.aurora {
		d.cluster()
	} else {
		d.instance()
		d.readReplicas()
	}
	d.otherLogGroups()
	d.connection()
	d.usages()
	d.conditions()
	d.wire()
	d.status()
	if !env.Current {
		p.OnlyObserved(in)
	}
	return p, nil
}

// ground is what a database stands on.
func (d *database) ground() {
	d.securityGroup()
	d.ingressRules()
	d.subnetGroup()
	d.parameterGroups()
	d.logGroups()
	d.monitoringRole()
}

// nothingToComposeFrom is the answer while the Environment is away. Nothing composed: wait. Something composed, and the last
// Environment lost from the status too: change nothing.
func nothingToComposeFrom(in plan.In, p *plan.Plan, env environment.Resolution) (*plan.Plan, error) {
	if len(in.Observed.Names(prefix)) == 0 {
		p.Waiting = true
		return p, nil
	}
	p.Conditions = nil
	return p, plan.Refuse(v1.ConditionEnvironmentResolved, env.Condition.Reason, env.Condition.Message+
		". status.environment is lost too, so nothing is changed until the Environment is back")
}

// database is one AppDatabase on its way from claim to plan.
type database struct {
	in      plan.In
	claim   claim
	data    catalog
	form    form
	env     *pipelinev1.Environment
	current bool
	plan    *plan.Plan

	settings settings
	source   source
	// once is what holds the data, which is made once.
	once holder.Holder
	// host is empty until the database has one.
	host string
	port int64
	// secretTaken says that a foreign Secret has the name of the connection Secret.
	secretTaken bool
	// secretComplete says that the connection details are all known.
	secretComplete bool
}

// held says that the database cannot be deleted: the claim protects it, or the cloud does until the change is applied. It
// would hang, because the provider does not change what it deletes.
func (d *database) held() bool {
	return d.claim.protected(false) || d.holder().Bool("spec", "forProvider", "deletionProtection") || d.protectedInCloud()
}

// protectedInCloud says that the cloud refuses to delete the database, as far as is known. What is lost it protects no more.
func (d *database) protectedInCloud() bool {
	return !d.once.Lost && d.holder().Bool("status", "atProvider", "deletionProtection")
}

// expiredAndHeld says that the environment's time is over, and why the database stays for now.
func expiredAndHeld(c conditions.Condition) conditions.Condition {
	c.Message = "the preview environment has expired, and this database stays while it is protected. Set spec.deletionProtection to false: " +
		"it goes, with its data, as soon as that is applied. Or extend the environment"
	return c
}

// keep is what an observed resource says, or the fresh value: what a cloud cannot change in place is decided once.
func (d *database) keep(resource, field, fresh string) string {
	return first(d.in.Observed.Get(resource).String("spec", "forProvider", field), fresh)
}
