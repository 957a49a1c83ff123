// Package contract writes the types of the pipeline context in their wire form, field by field: by way of JSON that would be
// half of the work of a call. A test holds it against the types' own JSON.
package contract

import (
	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// Environment in its wire form.
func Environment(e *pipelinev1.Environment) object.Object {
	f := object.NewFields()
	f.SetString("name", e.Name)
	f.SetString("namespace", e.Namespace)
	f.SetString("uid", e.UID)
	f.SetStringIf("composite", e.Composite)
	f.SetString("type", string(e.Type))
	f.SetStringIf("phase", string(e.Phase))
	owner := f.Object("owner")
	owner.SetString("team", e.Owner.Team)
	owner.SetStringIf("costCenter", e.Owner.CostCenter)
	owner.SetStringIf("contact", e.Owner.Contact)
	cloud := f.Object("cloud")
	cloud.SetString("provider", string(e.Cloud.Provider))
	cloud.SetString("region", e.Cloud.Region)
	cloud.SetStringIf("accountId", e.Cloud.AccountID)
	providerConfig(cloud, e.Cloud.ProviderConfigRef)
	network(f.Object("network"), e.Network)
	f.SetStringIf("workloadNamespace", e.WorkloadNamespace)
	if len(e.WorkloadSecurityGroupIDs) > 0 {
		f.SetStrings("workloadSecurityGroupIds", e.WorkloadSecurityGroupIDs)
	}
	if len(e.Identities) > 0 {
		for i, identity := range f.Objects("identities", len(e.Identities)) {
			identity.SetString("serviceAccount", e.Identities[i].ServiceAccount)
			identity.SetString("roleArn", e.Identities[i].RoleARN)
		}
	}
	f.SetStringIf("kmsKeyArn", e.KMSKeyARN)
	if e.Vault != nil {
		vault(f.Object("vault"), e.Vault)
	}
	return f.Done()
}

func providerConfig(f object.Fields, ref *pipelinev1.ProviderConfigReference) {
	if ref == nil {
		return
	}
	config := f.Object("providerConfigRef")
	config.SetString("name", ref.Name)
	config.SetStringIf("kind", ref.Kind)
}

func network(f object.Fields, n pipelinev1.Network) {
	f.SetStringIf("vpcId", n.VPCID)
	f.SetStringIf("cidr", n.CIDR)
	if len(n.RoutedCIDRs) > 0 {
		f.SetStrings("routedCidrs", n.RoutedCIDRs)
	}
	if len(n.Subnets) == 0 {
		return
	}
	for i, subnet := range f.Objects("subnets", len(n.Subnets)) {
		subnet.SetString("id", n.Subnets[i].ID)
		subnet.SetString("role", string(n.Subnets[i].Role))
		subnet.SetString("zone", n.Subnets[i].Zone)
		subnet.SetStringIf("cidr", n.Subnets[i].CIDR)
	}
}

func vault(f object.Fields, v *pipelinev1.Vault) {
	providerConfig(f, v.ProviderConfigRef)
	f.SetStringIf("namespace", v.Namespace)
	f.SetString("kvMount", v.KVMount)
	f.SetString("databaseMount", v.DatabaseMount)
	if v.DatabaseMountPerService {
		f.SetBool("databaseMountPerService", true)
	}
	f.SetStringIf("kubernetesAuthMount", v.KubernetesAuthMount)
	if v.Auth != nil {
		auth := f.Object("auth")
		auth.SetString("method", string(v.Auth.Method))
		auth.SetString("mount", v.Auth.Mount)
		auth.SetStringIf("audience", v.Auth.Audience)
	}
	if v.Source != nil {
		source := f.Object("source")
		source.SetStringIf("securityGroupId", v.Source.SecurityGroupID)
		source.SetStringIf("cidr", v.Source.CIDR)
	}
}

// Wiring in its wire form.
func Wiring(w *pipelinev1.Wiring) object.Object {
	f := object.NewFields()
	f.SetString("apiVersion", w.APIVersion)
	f.SetString("kind", w.Kind)
	subject := f.Object("subject")
	subject.SetString("kind", w.Subject.Kind)
	subject.SetString("namespace", w.Subject.Namespace)
	subject.SetString("name", w.Subject.Name)
	if w.Hold {
		f.SetBool("hold", true)
	}
	if len(w.Access) > 0 {
		for i, access := range f.Objects("access", len(w.Access)) {
			access.SetString("serviceAccount", w.Access[i].ServiceAccount)
			access.SetString("role", w.Access[i].Role)
		}
	}
	if w.Database != nil {
		database(f.Object("database"), w.Database)
	}
	if w.Entry != nil {
		entry(f.Object("entry"), w.Entry)
	}
	if len(w.Grants) > 0 {
		for i, grant := range f.Objects("grants", len(w.Grants)) {
			grant.SetString("role", w.Grants[i].Role)
			grant.SetStrings("actions", w.Grants[i].Actions)
			grant.SetStrings("resources", w.Grants[i].Resources)
		}
	}
	if v := w.AccessReady; v != nil {
		verdict := f.Object("accessReady")
		verdict.SetString("status", v.Status)
		verdict.SetString("reason", v.Reason)
		verdict.SetStringIf("message", v.Message)
	}
	return f.Done()
}

func database(f object.Fields, d *pipelinev1.Database) {
	f.SetString("engine", d.Engine)
	f.SetStringIf("host", d.Host)
	if d.Port != 0 {
		f.SetNumber("port", float64(d.Port))
	}
	f.SetString("name", d.Name)
	f.SetStringIf("caBundle", d.CABundle)
	administrator := f.Object("administrator")
	administrator.SetString("resource", d.Administrator.Resource)
	administrator.SetString("usernameField", d.Administrator.UsernameField)
	administrator.SetString("passwordSecretRefField", d.Administrator.PasswordSecretRefField)
}

func entry(f object.Fields, e *pipelinev1.Entry) {
	f.SetStringMap("values", e.Values)
	if len(e.URLs) > 0 {
		f.SetStringMap("urls", e.URLs)
	}
	if e.Credentials != nil {
		credentials := f.Object("credentials")
		credentials.SetString("resource", e.Credentials.Resource)
		credentials.SetString("usernameKey", e.Credentials.UsernameKey)
		credentials.SetString("passwordKey", e.Credentials.PasswordKey)
	}
}

// Drops in their wire form.
func Drops(d *pipelinev1.Drops) object.Object {
	f := object.NewFields()
	f.SetString("apiVersion", d.APIVersion)
	f.SetString("kind", d.Kind)
	if len(d.Items) > 0 {
		for i, item := range f.Objects("items", len(d.Items)) {
			item.SetString("name", d.Items[i].Name)
			item.SetString("reason", string(d.Items[i].Reason))
			item.SetString("message", d.Items[i].Message)
		}
	}
	return f.Done()
}
