package appdatabase

import (
	"fmt"
	"strconv"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/appdatabase/rdsca"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/core"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/ownership"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
	"github.com/goldenpath-dev/goldenpath/functions/internal/wiring"
)

// requirementSecret is the key under which the function looks whether the name of the connection Secret is free.
const requirementSecret = "connection-secret"

// requirementDetails is the key of the Secret with the instance's connection details, while they are awaited.
const requirementDetails = "instance-details"

// connection hands the connection details over: as a composed Secret, or in the claims flavour as the composite's connection
// details. They appear when they are complete.
func (d *database) connection() {
	d.endpoint()
	entry := d.entry()
	if entry == nil {
		d.keepConnection()
		return
	}
	username, password := d.staticCredentials()
	if !d.settings.dynamic() && password == "" {
		d.watchDetails()
		d.keepConnection()
		return
	}
	data := wiring.Expand(*entry, username, password)
	d.secretComplete = true
	if d.in.Flavour.Legacy {
		d.plan.Connection = data
		return
	}
	d.connectionSecret(data)
}

func (d *database) connectionSecret(data map[string]string) {
	observed := d.in.Observed.Get(nameConnection)
	if observed.IsZero() && !d.secretNameFree() {
		d.secretComplete = false
		return
	}
	d.plan.Add(nameConnection, core.Secret{
		Name: d.secretName(), Namespace: d.in.Flavour.Namespace, Data: data,
		// The type of a Secret cannot change.
		Type: first(observed.String("type"), "servicebinding.io/"+d.settings.facts.bindingType),
	}.Object())
}

// secretNameFree looks before the Secret is first composed: core would adopt a foreign Secret by its name and overwrite it.
func (d *database) secretNameFree() bool {
	d.plan.Requirements = append(d.plan.Requirements, plan.Requirement{
		Key: requirementSecret, APIVersion: "v1", Kind: "Secret", Namespace: d.in.Flavour.Namespace, Name: d.secretName(),
	})
	found := d.in.Required[requirementSecret]
	if foreign := found.First(); !foreign.IsZero() && !foreign.ControlledBy(d.in.Subject.UID) {
		d.secretTaken = true
		return false
	}
	return found.Resolved
}

// watchDetails looks at the Secret that the provider publishes the credentials in: core watches what is looked at, and a change of
// that Secret alone is no event otherwise.
func (d *database) watchDetails() {
	ref := d.holder().At("spec", "writeConnectionSecretToRef")
	if ref.String("name") == "" {
		return
	}
	d.plan.Requirements = append(d.plan.Requirements, plan.Requirement{
		Key: requirementDetails, APIVersion: "v1", Kind: "Secret", Name: ref.String("name"),
		Namespace: first(ref.String("namespace"), d.in.Flavour.Namespace),
	})
}

// keepConnection composes the Secret again as it is observed: once there, it never loses a key.
func (d *database) keepConnection() {
	observed := d.in.Observed.Get(nameConnection)
	if observed.IsZero() {
		return
	}
	d.plan.Add(nameConnection, core.Secret{
		Name: observed.Name(), Namespace: d.in.Flavour.Namespace, Data: core.SecretData(observed), Type: observed.String("type"),
	}.Object())
}

// secretName is `<name>-<kind>-connection`, mended with a hash where it would be too long.
func (d *database) secretName() string {
	s := d.in.Subject
	name := s.Name + "-" + s.Kind + "-connection"
	if len(name) <= naming.LimitKubernetesName {
		return name
	}
	return naming.Unique(s, "connection", "", naming.LimitKubernetes)
}

// endpoint is what the database reports. Once known it stays, also when a status is lost. A cluster has an address before anybody
// answers there.
func (d *database) endpoint() {
	at := d.holder().At("status", "atProvider")
	d.host = first(at.String(d.form.addressField), d.before().String("host"))
	if d.form.aurora && d.before().String("host") == "" && !d.copiesReady() {
		d.host = ""
	}
	if d.port = at.Int("port"); d.port == 0 {
		d.port = d.settings.facts.port
	}
}

// before is the status of an earlier call, while the database that it speaks of is there.
func (d *database) before() object.Object {
	if d.holder().IsZero() {
		return object.Object{}
	}
	return d.in.XR.At("status")
}

// entry is what workloads read, without credentials; nil until the endpoint is known.
func (d *database) entry() *pipelinev1.Entry {
	if d.host == "" || d.settings.database == "" {
		return nil
	}
	f, name := d.settings.facts, d.settings.database
	userinfo := ""
	if !d.settings.dynamic() {
		userinfo = "{username}:{password}@"
	}
	e := &pipelinev1.Entry{
		Values: map[string]string{
			"type": f.bindingType, "provider": "aws",
			"host": d.host, "port": strconv.FormatInt(d.port, 10), "database": name,
			"jdbc-url":      fmt.Sprintf(f.jdbc, d.host, d.port, name),
			"ca-bundle-url": caBundleURL(d.env.Cloud.Region),
		},
		URLs: map[string]string{"uri": fmt.Sprintf(f.uri, userinfo, d.host, d.port, name)},
	}
	if bundle := d.caBundle(); bundle != "" {
		e.Values["ca.crt"] = bundle
	}
	if hosts := d.readerHosts(); hosts != "" {
		e.Values["reader-hosts"] = hosts
	}
	d.vaultValues(e.Values)
	if !d.settings.dynamic() {
		e.Credentials = &pipelinev1.CredentialsReference{
			Resource: d.form.holder, UsernameKey: d.form.usernameDetail, PasswordKey: d.form.passwordDetail,
		}
	}
	return e
}

// readerHosts are where to read only, separated by commas. Aurora has one address for all readers.
func (d *database) readerHosts() string {
	if d.settings.replicas == 0 {
		return ""
	}
	if d.form.aurora {
		return first(d.holder().String("status", "atProvider", "readerEndpoint"), strings.Split(d.before().String("readerEndpoint"), ":")[0])
	}
	var hosts []string
	for _, replica := range d.replicaList() {
		if replica.host != "" {
			hosts = append(hosts, replica.host)
		}
	}
	return strings.Join(hosts, ",")
}

// vaultValues say where in Vault to log in and what to read there.
func (d *database) vaultValues(values map[string]string) {
	if d.env.Vault == nil {
		return
	}
	login := d.env.Vault.Login()
	values["vault-auth-mount"] = login.Mount
	if d.env.Vault.Auth != nil {
		// As Vault calls it.
		values["vault-auth-method"] = strings.ToLower(string(login.Method))
	}
	if login.Audience != "" {
		values["vault-audience"] = login.Audience
	}
	values["vault-kv-path"] = d.env.Vault.KVMount + "/" + wiring.KVPath(d.in)
	for _, role := range wiring.Roles(d.claim.access) {
		values["vault-role-"+role] = wiring.AuthRoleName(d.in, role)
		if d.settings.dynamic() {
			values["vault-credentials-path-"+role] = wiring.CredentialsPath(d.in, d.env, role)
		}
	}
}

// staticCredentials are the master user's, from the connection details that the provider wrote, or from the Secret that was
// composed before. Empty with dynamic credentials.
func (d *database) staticCredentials() (username, password string) {
	if d.settings.dynamic() {
		return "", ""
	}
	details := d.in.Observed.Connection(d.form.holder)
	username, password = string(details[d.form.usernameDetail]), string(details[d.form.passwordDetail])
	if username != "" && password != "" {
		return username, password
	}
	before := core.SecretData(d.in.Observed.Get(nameConnection))
	return before["username"], before["password"]
}

// caBundle are the certificates to verify the server with: the platform team's, or those that are known of the region. Empty without.
func (d *database) caBundle() string {
	return first(d.data.caBundles[d.env.Cloud.Region], rdsca.Bundle(d.env.Cloud.Region))
}

// caBundleURL is where AWS publishes the certificates of a region.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
func caBundleURL(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return fmt.Sprintf("https://rds-truststore.s3.cn-north-1.amazonaws.com.cn/%s/%s-bundle.pem", region, region)
	case strings.HasPrefix(region, "us-gov-"):
		return fmt.Sprintf("https://truststore.pki.us-gov-west-1.rds.amazonaws.com/%s/%s-bundle.pem", region, region)
	default:
		return fmt.Sprintf("https://truststore.pki.rds.amazonaws.com/%s/%s-bundle.pem", region, region)
	}
}

// wire hands the stages behind what they need.
func (d *database) wire() {
	w := &pipelinev1.Wiring{
		APIVersion: pipelinev1.APIVersion, Kind: "Wiring",
		Subject: pipelinev1.Subject{Kind: d.in.Subject.Kind, Namespace: d.in.Subject.Namespace, Name: d.in.Subject.Name},
		Hold:    !d.current,
		Access:  d.claim.access,
		Entry:   d.entry(),
		Grants:  d.grants(),
	}
	if d.settings.iam && w.Grants == nil {
		// Who may log in already goes on to: it is not known any more as what.
		w.Hold = w.Hold || len(d.in.Observed.Names(ownership.IAM)) > 0
	}
	if d.settings.dynamic() && d.settings.database != "" {
		w.Database = &pipelinev1.Database{
			Engine: d.settings.facts.dialect, Host: d.host, Port: d.port, Name: d.settings.database,
			CABundle: d.caBundle(),
			Administrator: pipelinev1.Administrator{
				Resource: d.form.holder, UsernameField: d.form.usernameField, PasswordSecretRefField: d.form.passwordField,
			},
		}
	}
	for _, c := range d.plan.Conditions {
		if c.Type == v1.ConditionAccessReady {
			w.AccessReady = &pipelinev1.Verdict{Status: string(c.Status), Reason: string(c.Reason), Message: c.Message}
		}
	}
	d.plan.Wiring = w
}
