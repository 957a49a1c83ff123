package appdatabase

import (
	"net/url"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/appdatabase/rdsca"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
	"github.com/goldenpath-dev/goldenpath/functions/internal/wiring"
)

const (
	host     = "orders.abc.eu-west-1.rds.amazonaws.com"
	caBundle = "https://truststore.pki.rds.amazonaws.com/eu-west-1/eu-west-1-bundle.pem"
)

// dynamicData is what the connection Secret of the fixture holds.
func dynamicData(w *world) map[string]string {
	reader, writer := wiring.AuthRoleName(w.in(), "reader"), wiring.AuthRoleName(w.in(), "writer")
	return map[string]string{
		"type": "postgresql", "provider": "aws", "host": host, "port": "5432", "database": "orders",
		"uri":           "postgresql://" + host + ":5432/orders?sslmode=verify-full",
		"jdbc-url":      "jdbc:postgresql://" + host + ":5432/orders?sslmode=verify-full",
		"ca-bundle-url": caBundle, "ca.crt": rdsca.Bundle("eu-west-1"), "vault-auth-mount": "staging-k8s", "vault-kv-path": "staging-kv/team-checkout/appdatabase/orders",
		"vault-role-reader": reader, "vault-credentials-path-reader": "staging-db/creds/" + reader,
		"vault-role-writer": writer, "vault-credentials-path-writer": "staging-db/creds/" + writer,
	}
}

func TestConnectionSecret(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		claim, environment fields
		bindingType        string
		want               func(*world) map[string]string
	}{
		"dynamic": {nil, nil, "postgresql", dynamicData},
		"mysql": {fields{"engine": "mysql", "access": nil}, nil, "mysql", func(*world) map[string]string {
			return map[string]string{
				"type": "mysql", "provider": "aws", "host": host, "port": "3306", "database": "orders",
				"uri":           "mysql://" + host + ":3306/orders?ssl-mode=VERIFY_IDENTITY",
				"jdbc-url":      "jdbc:mysql://" + host + ":3306/orders?sslMode=VERIFY_IDENTITY",
				"ca-bundle-url": caBundle, "ca.crt": rdsca.Bundle("eu-west-1"), "vault-auth-mount": "staging-k8s", "vault-kv-path": "staging-kv/team-checkout/appdatabase/orders",
			}
		}},
		"static, without Vault": {nil, fields{"status.vault": nil}, "postgresql", func(*world) map[string]string {
			return map[string]string{
				"type": "postgresql", "provider": "aws", "host": host, "port": "5432", "database": "orders",
				"uri":           "postgresql://dbmaster:s3cr3t@" + host + ":5432/orders?sslmode=verify-full",
				"jdbc-url":      "jdbc:postgresql://" + host + ":5432/orders?sslmode=verify-full",
				"ca-bundle-url": caBundle, "ca.crt": rdsca.Bundle("eu-west-1"), "username": "dbmaster", "password": "s3cr3t",
			}
		}},
		"static, with Vault": {fields{"credentials": "static"}, nil, "postgresql", func(w *world) map[string]string {
			data := dynamicData(w)
			delete(data, "vault-credentials-path-reader")
			delete(data, "vault-credentials-path-writer")
			data["username"], data["password"] = "dbmaster", "s3cr3t"
			data["uri"] = "postgresql://dbmaster:s3cr3t@" + host + ":5432/orders?sslmode=verify-full"
			return data
		}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.with(tc.claim)
			w.within(tc.environment)
			p := w.settle()
			equal(t, "data", tc.want(w), secretData(t, p))
			secret := wanted(p, nameConnection)
			equal(t, "the rest", []string{"v1", "Secret", "orders-appdatabase-connection", "team-checkout", "servicebinding.io/" + tc.bindingType},
				[]string{secret.APIVersion(), secret.Kind(), secret.Name(), secret.Namespace(), secret.String("type")})
		})
	}
}

func TestConnectionDetailsInTheClaimsFlavour(t *testing.T) {
	t.Parallel()
	w := newWorld(t).claimed()
	p := w.settle()
	equal(t, "connection details", dynamicData(w), p.Connection)
	if !wanted(p, nameConnection).IsZero() || p.Status.Done().Has("connectionSecret") {
		t.Error("there is a Secret of our own beside the claim's")
	}
	delete(w.xr, "status")
	delete(w.instance(), "status")
	if p := w.compose(); p.Connection != nil {
		t.Errorf("incomplete connection details are handed over: %v", p.Connection)
	}
}

// The keys that the kind promises are those that it writes: in the claims flavour core drops all others.
func TestConnectionSecretKeysArePromised(t *testing.T) {
	t.Parallel()
	promised := map[string]bool{}
	for _, key := range promisedKeys(t) {
		promised[key] = true
	}
	for _, credentials := range []string{"dynamic", "static"} {
		w := newWorld(t)
		set(w.xr, "spec.credentials", credentials)
		set(w.xr, "spec.access", []any{
			fields{"serviceAccount": "a", "role": "reader"}, fields{"serviceAccount": "b", "role": "writer"}, fields{"serviceAccount": "c", "role": "admin"},
		})
		for key := range secretData(t, w.settle()) {
			if !promised[key] {
				t.Errorf("key %q with %s credentials is not among the connection secret keys of the kind", key, credentials)
			}
		}
	}
}

// The Secret appears when it is complete, and never loses a key while something is away.
func TestConnectionSecretIsComplete(t *testing.T) {
	t.Parallel()
	t.Run("static, without a password", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		set(w.xr, "spec.credentials", "static")
		w.settle()
		delete(w.observed, nameConnection)
		w.connections[nameInstance] = map[string][]byte{"username": []byte("dbmaster")}
		p := w.compose()
		if !wanted(p, nameConnection).IsZero() {
			t.Error("a Secret without a password appears")
		}
		c := condition(p, "AccessReady")
		equal(t, "reason", conditions.Creating, c.Reason)
		equal(t, "message", "waits for the provider to publish the connection details of the database", c.Message)
		// Core watches what is required: the provider's Secret is no event otherwise.
		want := plan.Requirement{
			Key: requirementDetails, APIVersion: "v1", Kind: "Secret", Namespace: "team-checkout",
			Name: w.object(w.instance()).String("spec", "writeConnectionSecretToRef", "name"),
		}
		if want.Name == "" || !slices.ContainsFunc(p.Requirements, func(r plan.Requirement) bool { return cmp.Equal(r, want) }) {
			t.Errorf("requirements = %+v, want %+v among them", p.Requirements, want)
		}
		w.connections[nameInstance]["password"] = []byte("s3cr3t")
		if p := w.compose(); slices.ContainsFunc(p.Requirements, func(r plan.Requirement) bool { return r.Key == requirementDetails }) {
			t.Errorf("the details are there, and still required: %+v", p.Requirements)
		}
	})
	lost := map[string]func(*world){
		"the status of the instance": func(w *world) { delete(w.instance(), "status") },
		"the status of the claim":    func(w *world) { delete(w.xr, "status") },
		"both":                       func(w *world) { delete(w.instance(), "status"); delete(w.xr, "status") },
		"the connection details":     func(w *world) { delete(w.connections, nameInstance) },
		"the environment":            func(w *world) { w.env = nil },
		"the Vault of it": func(w *world) {
			set(w.env, "status.vault", nil)
			w.observed["vault-policy-reader"] = fields{"kind": "Policy"}
		},
		"the instance": func(w *world) { delete(w.observed, nameInstance); delete(w.connections, nameInstance) },
	}
	for _, credentials := range []string{"dynamic", "static"} {
		for what, lose := range lost {
			t.Run(credentials+", without "+what, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				set(w.xr, "spec.credentials", credentials)
				before := secretData(t, w.settle())
				lose(w)
				equal(t, "data", before, secretData(t, w.compose()))
			})
		}
	}
}

// Core adopts an object by its name: a Secret of somebody else is looked for first.
func TestConnectionSecretIsNotTakenOver(t *testing.T) {
	t.Parallel()
	secret := func(owner string) *plan.Required {
		f := fields{"apiVersion": "v1", "kind": "Secret", "metadata": fields{"name": "orders-appdatabase-connection", "namespace": "team-checkout"}}
		if owner != "" {
			set(f, "metadata.ownerReferences", []any{fields{"uid": "other", "controller": false}, fields{"uid": owner, "controller": true}})
		}
		return &plan.Required{Resolved: true, Items: []object.Object{(&world{t: t}).object(f)}}
	}
	cases := map[string]struct {
		found  *plan.Required
		taken  bool
		appear bool
	}{
		"free":                    {&plan.Required{Resolved: true}, false, true},
		"core has not looked yet": {nil, false, false},
		"somebody's":              {secret("somebody"), true, false},
		"nobody's":                {secret(""), true, false},
		"ours, not yet observed":  {secret("xr-uid"), false, true},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t)
			delete(w.observed, nameConnection)
			w.secret = tc.found
			p := w.compose()
			if got := !wanted(p, nameConnection).IsZero(); got != tc.appear {
				t.Errorf("the Secret is composed: %v, want %v", got, tc.appear)
			}
			want := plan.Requirement{Key: requirementSecret, APIVersion: "v1", Kind: "Secret", Namespace: "team-checkout", Name: "orders-appdatabase-connection"}
			if len(p.Requirements) != 2 || !cmp.Equal(p.Requirements[1], want) {
				t.Errorf("requirements = %+v", p.Requirements)
			}
			c := condition(p, "AccessReady")
			if got := c.Reason == conditions.SecretNameTaken; got != tc.taken {
				t.Errorf("condition = %+v", c)
			}
			if tc.taken {
				equal(t, "message", "there is a Secret orders-appdatabase-connection in namespace team-checkout already that does not belong to this object. "+
					"Delete it, after copying it to another name if somebody needs it, then this object continues by itself", c.Message)
			}
			if c.Is() != tc.appear || p.Waiting == tc.appear {
				t.Errorf("AccessReady %s, waiting %v", c.Status, p.Waiting)
			}
		})
	}
}

// A Secret that is observed is ours: nobody looks, and its type, which cannot change, stays.
func TestConnectionSecretThatIsThere(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	w.observed[nameConnection]["type"] = "Opaque"
	p := w.compose()
	equal(t, "type", "Opaque", wanted(p, nameConnection).String("type"))
	if len(p.Requirements) != 1 {
		t.Errorf("requirements = %+v", p.Requirements)
	}
}

func TestSecretNameThatIsTooLong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	in := w.in()
	for range 24 {
		in.Subject.Name += "-long-name"
	}
	d := &database{in: in}
	if name := d.secretName(); len(name) > 253 || name[:6] != "orders" {
		t.Errorf("name = %q", name)
	}
}

// A password with characters that mean something in a URL arrives as it is.
func TestURIHoldsAnyPassword(t *testing.T) {
	t.Parallel()
	const password = `p@ss:w/o?r#d %&+é{username}`
	w := newWorld(t)
	set(w.xr, "spec.credentials", "static")
	w.settle()
	w.connections[nameInstance] = map[string][]byte{"username": []byte("db master"), "password": []byte(password)}
	data := secretData(t, w.compose())
	u, err := url.Parse(data["uri"])
	if err != nil {
		t.Fatal(err)
	}
	got, _ := u.User.Password()
	equal(t, "credentials in the URI", []string{"db master", password, host + ":5432"}, []string{u.User.Username(), got, u.Host})
	equal(t, "password", password, data["password"])
}

func TestCABundleURL(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]string{
		"eu-west-1":     "https://truststore.pki.rds.amazonaws.com/eu-west-1/eu-west-1-bundle.pem",
		"us-gov-west-1": "https://truststore.pki.us-gov-west-1.rds.amazonaws.com/us-gov-west-1/us-gov-west-1-bundle.pem",
		"cn-north-1":    "https://rds-truststore.s3.cn-north-1.amazonaws.com.cn/cn-north-1/cn-north-1-bundle.pem",
	} {
		if got := caBundleURL(region); got != want {
			t.Errorf("caBundleURL(%s) = %s, want %s", region, got, want)
		}
	}
}

// Credentials are decided once: an Environment that gets Vault must not take a password out of a Secret that is read.
func TestCredentialsAreSticky(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		before, after fields
		claim         any
		want          string
	}{
		"Vault is there":                   {nil, nil, nil, "dynamic"},
		"no Vault":                         {fields{"status.vault": nil}, nil, nil, "static"},
		"Vault comes":                      {fields{"status.vault": nil}, parse(t, environmentYAML), nil, "static"},
		"Vault goes":                       {nil, fields{"status.vault": nil}, nil, "dynamic"},
		"Vault comes, and the claim wants": {fields{"status.vault": nil}, parse(t, environmentYAML), "dynamic", "dynamic"},
		"the claim wants static":           {nil, nil, "static", "static"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			for k, v := range tc.before {
				set(w.env, k, v)
			}
			w.settle()
			if tc.after["kind"] != nil {
				w.env = tc.after
			} else {
				for k, v := range tc.after {
					set(w.env, k, v)
				}
			}
			set(w.xr, "spec.credentials", tc.claim)
			p := w.compose()
			equal(t, "status.credentials", tc.want, p.Status.Done().String("credentials"))
			if got := p.Wiring.Database != nil; got != (tc.want == "dynamic") {
				t.Errorf("Vault issues users: %v", got)
			}
		})
	}
	for reason, credentials := range map[string]string{"status lost, dynamic": "dynamic", "status lost, static": "static"} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			set(w.xr, "spec.credentials", credentials)
			w.settle()
			set(w.xr, "spec.credentials", nil)
			delete(w.xr, "status")
			equal(t, "status.credentials", credentials, w.compose().Status.Done().String("credentials"))
		})
	}
	t.Run("nothing composed yet", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		set(w.xr, "status.credentials", "static")
		equal(t, "status.credentials", "dynamic", w.compose().Status.Done().String("credentials"))
	})
}

func TestWiring(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.step().Wiring
	want := &pipelinev1.Wiring{
		APIVersion: "pipeline.platform.io/v1", Kind: "Wiring",
		Subject: pipelinev1.Subject{Kind: "appdatabase", Namespace: "team-checkout", Name: "orders"},
		Access:  []pipelinev1.Access{{ServiceAccount: "orders-api", Role: "writer"}, {ServiceAccount: "orders-report", Role: "reader"}},
		Database: &pipelinev1.Database{Engine: "postgresql", Port: 5432, Name: "orders", CABundle: rdsca.Bundle("eu-west-1"), Administrator: pipelinev1.Administrator{
			Resource: "database-instance", UsernameField: "username", PasswordSecretRefField: "passwordSecretRef"}},
	}
	want.AccessReady = &pipelinev1.Verdict{
		Status: "False", Reason: "Blocked", Message: "the connection details follow when the database is available",
	}
	equal(t, "before there is an endpoint", want, first)

	want.Database.Host = host
	data := dynamicData(w)
	uri := data["uri"]
	delete(data, "uri")
	want.Entry = &pipelinev1.Entry{Values: data, URLs: map[string]string{"uri": uri}}
	want.AccessReady = &pipelinev1.Verdict{
		Status: "True", Reason: "Available",
		Message: "the connection details are in Secret orders-appdatabase-connection. User name and password are issued by Vault",
	}
	equal(t, "dynamic", want, w.settle().Wiring)

	set(w.xr, "spec.credentials", "static")
	delete(data, "vault-credentials-path-reader")
	delete(data, "vault-credentials-path-writer")
	want.Database = nil
	want.Entry.URLs["uri"] = "postgresql://{username}:{password}@" + host + ":5432/orders?sslmode=verify-full"
	want.Entry.Credentials = &pipelinev1.CredentialsReference{Resource: "database-instance", UsernameKey: "username", PasswordKey: "password"}
	static := w.compose().Wiring
	if static.AccessReady == nil || static.AccessReady.Reason != "StaticCredentials" {
		t.Errorf("the verdict is %+v", static.AccessReady)
	}
	want.AccessReady = static.AccessReady
	equal(t, "static", want, static)
	if o, err := object.FromValue(static); err != nil || cmp.Equal(o.Map(), nil) || holds(o.Map(), "s3cr3t") {
		t.Errorf("the wiring contract holds the password (%v)", err)
	}

	w.env = nil
	if held := w.compose().Wiring; held == nil || !held.Hold {
		t.Errorf("without its Environment the stages behind may add something: %+v", held)
	}
}

// holds says that a text stands somewhere in a value.
func holds(v any, text string) bool {
	switch v := v.(type) {
	case string:
		return v == text
	case map[string]any:
		for _, item := range v {
			if holds(item, text) {
				return true
			}
		}
	case []any:
		for _, item := range v {
			if holds(item, text) {
				return true
			}
		}
	}
	return false
}

// Secret values stand in the data of Secrets and nowhere else.
func TestNoSecretValueOutsideOfSecrets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	set(w.xr, "spec.credentials", "static")
	p := w.settle()
	for _, r := range p.Resources {
		if r.Object.Kind() != "Secret" && holds(r.Object.Map(), "s3cr3t") {
			t.Errorf("%s holds the password", r.Name)
		}
	}
	if holds(p.Status.Done().Map(), "s3cr3t") {
		t.Error("the status holds the password")
	}
	for _, c := range p.Conditions {
		if holds(c.Message, "s3cr3t") {
			t.Errorf("%s holds the password", c.Type)
		}
	}
}
