package appdatabase

import (
	"fmt"
	"slices"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/environment"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/ec2"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/rds"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// aws writes one AWS resource in the flavour of the composite. With retain, the cloud keeps it when it is deleted here.
func aws[P managed.Parameters](d *database, name string, retain bool, params P) object.Object {
	return managed.Resource[P]{
		Name: d.in.Name(name), ProviderConfig: d.env.Cloud.ProviderConfigRef, Retain: retain, ForProvider: params,
	}.Object(d.in.Flavour)
}

// securityGroup has no rules of its own: nothing may come in that no rule admits, and nothing goes out.
func (d *database) securityGroup() {
	d.plan.Add(nameSecurityGroup, aws(d, nameSecurityGroup, d.claim.retain, &ec2.SecurityGroup{
		Region: d.keep(nameSecurityGroup, "region", d.env.Cloud.Region),
		Name:   d.keep(nameSecurityGroup, "name", d.in.Name(nameSecurityGroup)),
		// Name, description and VPC of a security group cannot change: another value would replace it.
		Description: d.keep(nameSecurityGroup, "description", "Database of AppDatabase "+d.in.Subject.Namespace+"/"+d.in.Subject.Name),
		VPCID:       d.keep(nameSecurityGroup, "vpcId", d.env.Network.VPCID),
	}))
}

// ingressRules admit the workloads of the environment and, where Vault issues the users, Vault. One rule per source: AWS
// refuses a second one.
func (d *database) ingressRules() {
	sources := d.sources()
	for _, source := range sources {
		d.ingressRule(source, d.claim.retain)
	}
	for _, name := range d.in.Observed.Names(nameIngress) {
		rule := d.in.Observed.Get(name).At("spec", "forProvider")
		source := first(rule.String("referencedSecurityGroupId"), rule.String("cidrIpv4"))
		switch {
		case slices.Contains(sources, source):
		case !d.sourcesKnown():
			d.ingressRule(source, d.claim.retain)
		case d.needsRule(name, source):
			d.ingressRule(source, d.claim.retain)
		case d.retained(name):
			d.ingressRule(source, false)
		case source == d.vaultSource():
			d.plan.Drop(name, pipelinev1.DropSpecChanged, "credentials are static, so Vault does not log in from "+source+" any more")
		default:
			d.plan.Drop(name, pipelinev1.DropEnvironmentChanged, "nothing that uses the database calls from "+source+" any more")
		}
	}
}

// sourcesKnown says that the Environment names everybody who may connect. An empty list is a lost one: it would cut everybody
// off.
func (d *database) sourcesKnown() bool {
	vaultKnown := d.env.Vault == nil || !d.settings.dynamic() || d.vaultSource() != ""
	return d.current && len(d.env.WorkloadSecurityGroupIDs) > 0 && vaultKnown
}

// retained says that deleting the observed resource would leave it in the cloud. What is to go for good is first composed
// without that.
func (d *database) retained(name string) bool {
	policies := d.in.Observed.Get(name).Strings("spec", "managementPolicies")
	return len(policies) > 0 && !slices.Contains(policies, "*") && !slices.Contains(policies, "Delete")
}

// sources that may connect, sorted.
func (d *database) sources() []string {
	sources := slices.Clone(d.env.WorkloadSecurityGroupIDs)
	if d.settings.dynamic() {
		sources = append(sources, d.vaultSource())
	}
	slices.Sort(sources)
	return slices.DeleteFunc(slices.Compact(sources), func(s string) bool { return s == "" })
}

// vaultSource is where Vault calls from. Empty when that is not known.
func (d *database) vaultSource() string {
	if v := d.env.Vault; v != nil && v.Source != nil {
		return first(v.Source.SecurityGroupID, v.Source.CIDR)
	}
	return ""
}

// ingressName is the composition resource name of the rule for a source.
func ingressName(source string) string {
	return nameIngress + strings.NewReplacer(".", "-", "/", "-").Replace(source)
}

func (d *database) ingressRule(source string, retain bool) {
	name := ingressName(source)
	group := first(d.in.Observed.Get(name).String("spec", "forProvider", "securityGroupId"), d.securityGroupID())
	if group == "" {
		return
	}
	rule := &ec2.SecurityGroupIngressRule{
		Region:          d.keep(name, "region", d.env.Cloud.Region),
		SecurityGroupID: group,
		IPProtocol:      "tcp",
		FromPort:        ptr(d.settings.facts.port),
		ToPort:          ptr(d.settings.facts.port),
		Description:     fmt.Sprintf("%s from %s", d.claim.engine, source),
	}
	if strings.HasPrefix(source, "sg-") {
		rule.ReferencedSecurityGroupID = source
	} else {
		rule.CIDRIPv4 = source
	}
	d.plan.Add(name, aws(d, name, retain, rule))
}

// securityGroupID is known once the security group exists.
func (d *database) securityGroupID() string {
	if id := d.in.Observed.Get(nameSecurityGroup).String("status", "atProvider", "id"); id != "" {
		return id
	}
	for _, id := range d.holder().Strings("spec", "forProvider", "vpcSecurityGroupIds") {
		return id
	}
	return ""
}

func (d *database) subnetGroup() {
	var ids []string
	for _, s := range d.subnets() {
		ids = append(ids, s.ID)
	}
	d.plan.Add(nameSubnetGroup, aws(d, nameSubnetGroup, d.claim.retain, &rds.SubnetGroup{
		Region:      d.keep(nameSubnetGroup, "region", d.env.Cloud.Region),
		Description: d.keep(nameSubnetGroup, "description", "Subnets of AppDatabase "+d.in.Subject.Namespace+"/"+d.in.Subject.Name),
		SubnetIDs:   ids,
	}))
}

// subnets to place the database in. A tier is chosen once: RDS does not let go of subnets that a running database is in.
func (d *database) subnets() []pipelinev1.Subnet {
	composed := d.in.Observed.Get(nameSubnetGroup).Strings("spec", "forProvider", "subnetIds")
	for _, s := range d.env.Network.Subnets {
		if slices.Contains(composed, s.ID) {
			return environment.SubnetsOf(d.env.Network, s.Role)
		}
	}
	return environment.PlacementSubnets(d.env.Network)
}
