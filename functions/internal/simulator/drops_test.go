package simulator_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/simulator"
)

// legal says whether a deletion has a published reason that matches what happened.
func (h *history) legal(d simulator.Deletion, before moment) error {
	if d.Drop.Name != d.Name || len(d.Drop.Message) < 10 {
		return errors.New("no drop is published for it")
	}
	if d.Object.Annotation("platform.io/data") == "primary" && d.Drop.Reason != pipelinev1.DropEnvironmentExpired {
		return errors.New("it holds data, and no preview has expired")
	}
	if err := h.released(d); err != nil {
		return err
	}
	switch d.Drop.Reason {
	case pipelinev1.DropEnvironmentExpired:
		return h.expired(before)
	case pipelinev1.DropEnvironmentChanged:
		return h.environmentChanged(d)
	case pipelinev1.DropSpecChanged:
		return h.specChanged(d, before)
	case pipelinev1.DropSuperseded:
		return h.superseded(d, before)
	case pipelinev1.DropRetired:
		return errors.New("nothing is retired")
	default:
		return fmt.Errorf("%q is not a reason", d.Drop.Reason)
	}
}

// released: a Usage of the Environment goes when what it names is gone, and not when core has asked for that and forgot it.
func (h *history) released(d simulator.Deletion) error {
	by := d.Object.At("spec", "by")
	for ref := range h.cluster.Terminating {
		if ref.Kind == by.String("kind") && ref.Name == by.String("resourceRef", "name") {
			return fmt.Errorf("%s %s is still being deleted, in the Environment that nothing keeps any more", ref.Kind, ref.Name)
		}
	}
	return nil
}

// expired: the Environment, or the last one that was seen, is a preview whose time is over.
func (h *history) expired(before moment) error {
	if object.Of(h.cluster.XR).Bool("spec", "deletionProtection") {
		return errors.New("it is protected")
	}
	env := object.Of(h.environment)
	if !h.lost && env.String("status", "type") == "preview" && env.String("status", "phase") == "Expired" {
		return nil
	}
	last := before.status.At("environment")
	if last.String("type") == "preview" && last.String("phase") == "Expired" {
		return nil
	}
	return errors.New("no preview has expired")
}

// environmentChanged: nothing but an ingress rule, for a source that the Environment no longer names.
func (h *history) environmentChanged(d simulator.Deletion) error {
	if h.lost {
		return errors.New("the Environment is lost, which is no reason to drop anything")
	}
	if !strings.HasPrefix(d.Name, "database-ingress-") {
		return errors.New("only ingress rules follow the Environment")
	}
	if slices.Contains(h.sources(), source(d)) {
		return errors.New("the Environment still names " + source(d))
	}
	return nil
}

func source(d simulator.Deletion) string {
	return d.Object.String("spec", "forProvider", "referencedSecurityGroupId") + d.Object.String("spec", "forProvider", "cidrIpv4")
}

// sources are what the Environment names.
func (h *history) sources() []string {
	status := object.Of(h.environment).At("status")
	return append(status.Strings("workloadSecurityGroupIds"), status.String("vault", "source", "securityGroupId"), status.String("vault", "source", "cidr"))
}

// specChanged: the claim does not ask for it any more.
func (h *history) specChanged(d simulator.Deletion, before moment) error {
	spec := object.Of(h.cluster.XR).At("spec")
	static := object.Of(h.cluster.Status).String("credentials") == "static"
	switch {
	case strings.HasPrefix(d.Name, "database-replica-"), strings.HasPrefix(d.Name, "database-cluster-instance-"):
		return h.fewer(d, before)
	case strings.HasPrefix(d.Name, "database-log-group-"), strings.HasPrefix(d.Name, "database-cluster-log-group-"):
		return h.unwritten(d, before)
	case strings.HasPrefix(d.Name, "iam-grant-"):
		return h.grantGone(d, spec)
	case strings.HasPrefix(d.Name, "database-usage-protection"):
		if spec.Bool("deletionProtection") {
			return errors.New("the claim asks for protection")
		}
		if holder := before.holder(); holder.Bool("status", "atProvider", "deletionProtection") && !health.Lost(holder) {
			return errors.New("the cloud protects the instance still, so a delete would hang")
		}
		return nil
	case strings.HasPrefix(d.Name, "database-usage-environment"), d.Name == "database-usage-master-secret":
		if !before.holder().IsZero() {
			return errors.New("the database is still there")
		}
		return nil
	case strings.HasPrefix(d.Name, "vault-usage-environment"):
		if !before.composed["vault-connection"].IsZero() || !before.composed["vault-database-mount"].IsZero() {
			return errors.New("what issues users is still there")
		}
		return nil
	case strings.HasPrefix(d.Name, "database-usage-vault-"):
		if !before.composed["vault-database-mount"].IsZero() && !before.holder().IsZero() {
			return errors.New("Vault still has users to take back")
		}
		return nil
	case d.Name == "vault-connection", d.Name == "vault-database-mount", strings.HasPrefix(d.Name, "database-ingress-"):
		if !static {
			return errors.New("credentials are dynamic")
		}
		return nil
	}
	for _, kind := range []string{"vault-role-", "vault-policy-", "vault-auth-", "vault-jwt-"} {
		role, ok := strings.CutPrefix(d.Name, kind)
		if !ok {
			continue
		}
		inUse := slices.ContainsFunc(spec.List("access"), func(a object.Object) bool { return a.String("role") == role })
		if inUse && (kind != "vault-role-" || !static) {
			return errors.New("somebody has the role " + role)
		}
		return nil
	}
	return errors.New("the claim cannot take that away")
}

// fewer: a copy goes when the claim asks for fewer, and not the one that writes.
func (h *history) fewer(d simulator.Deletion, before moment) error {
	prefix := strings.TrimRight(d.Name, "0123456789")
	left, least := 0, int(object.Of(h.cluster.XR).Int("spec", "replicas"))
	if before.holder().Kind() == "Cluster" {
		least++
	}
	for name := range h.cluster.Composed {
		if strings.HasPrefix(name, prefix) {
			left++
		}
	}
	if left < least {
		return fmt.Errorf("%d copies are left, and the claim asks for %d", left, least)
	}
	if d.Object.Bool("status", "atProvider", "writer") {
		return errors.New("it is the instance that writes")
	}
	return nil
}

// unwritten: nothing writes to the log group: its replica goes or is gone, or there is no database yet, and the claim wants another one.
func (h *history) unwritten(d simulator.Deletion, before moment) error {
	if rest, of := strings.CutPrefix(d.Name, "database-log-group-replica-"); of {
		number, _, _ := strings.Cut(rest, "-")
		if h.cluster.Composed["database-replica-"+number] != nil {
			return errors.New("its replica is still wanted")
		}
		return nil
	}
	if !before.holder().IsZero() {
		return errors.New("the database writes to it")
	}
	return nil
}

// grantGone: nobody asks for IAM authentication, or not for this service account, or its role is another one.
func (h *history) grantGone(d simulator.Deletion, spec object.Object) error {
	if !spec.Bool("iamAuthentication") {
		return nil
	}
	for _, a := range spec.List("access") {
		account := a.String("serviceAccount")
		if !strings.HasPrefix(d.Name, "iam-grant-"+account+"-") {
			continue
		}
		for _, identity := range object.Of(h.environment).List("status", "identities") {
			if identity.String("serviceAccount") == account && strings.HasSuffix(identity.String("roleArn"), "/"+d.Object.String("spec", "forProvider", "role")) {
				return errors.New("the service account has that role, and access")
			}
		}
		if !h.anotherRole(account) {
			return errors.New("the service account has access, and no other role is known")
		}
	}
	return nil
}

func (h *history) anotherRole(account string) bool {
	return slices.ContainsFunc(object.Of(h.environment).List("status", "identities"), func(o object.Object) bool {
		return o.String("serviceAccount") == account
	})
}

// superseded: a parameter group that nothing uses.
func (h *history) superseded(d simulator.Deletion, before moment) error {
	if !strings.HasPrefix(d.Name, "database-parameter-group-") && !strings.HasPrefix(d.Name, "database-cluster-parameter-group-") {
		return errors.New("only parameter groups are superseded")
	}
	for name, o := range before.composed {
		for _, field := range []string{"parameterGroupName", "dbClusterParameterGroupName"} {
			if o.String("spec", "forProvider", field) == d.Object.Name() {
				return errors.New(name + " uses it")
			}
		}
	}
	return nil
}
