package policies

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

type fields = map[string]any

func vaultPolicy() schema.GroupVersionKind {
	return schema.GroupVersionKind{Group: "vault.vault.m.upbound.io", Version: "v1alpha1", Kind: "Policy"}
}

// of is a composed resource with these parameters.
func of(forProvider fields) fields { return fields{"spec": fields{"forProvider": forProvider}} }

// named is a composed Vault policy with a composition resource name.
func named(name, policy string) fields {
	o := of(fields{"policy": policy})
	o["metadata"] = fields{"annotations": fields{"crossplane.io/composition-resource-name": name}}
	return o
}

const (
	people = "path \"kv/data/team/*\" {\n  capabilities = [\"read\"]\n}\n"
	good   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["rds-db:connect"],` +
		`"Resource":["arn:aws:rds-db:eu-west-1:111122223333:dbuser:db-A/orders"]}]}`
	bad = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`
	hcl = "path \"kv/data/team/appdatabase/orders\" {\n  capabilities = [\"read\"]\n}\n"
)

// A document is found wherever it stands, in a kind that nobody has told the walker of.
func TestWalkFindsDocuments(t *testing.T) {
	t.Parallel()
	actions, resources := `Statement[0].Action: "*" holds a wildcard`, `Statement[0].Resource: "*" is every resource`
	cases := map[string]struct {
		kind   schema.GroupVersionKind
		object fields
		walked Walked
		want   []Finding
	}{
		"a good one": {object: of(fields{"policy": good, "role": "orders"}), walked: Walked{IAM: 1}},
		"a trust policy and inline policies": {
			object: of(fields{"assumeRolePolicy": bad, "inlinePolicy": []any{fields{"name": "a", "policy": good}, fields{"name": "b", "policy": bad}}}),
			walked: Walked{IAM: 3},
			want: []Finding{
				{"spec.forProvider.assumeRolePolicy", actions}, {"spec.forProvider.assumeRolePolicy", resources},
				{"spec.forProvider.inlinePolicy[1].policy", actions}, {"spec.forProvider.inlinePolicy[1].policy", resources},
			}},
		"another field of another kind": {kind: schema.GroupVersionKind{Group: "shop.aws.upbound.io", Kind: "Box"},
			object: fields{"spec": fields{"initProvider": fields{"accessRules": "\n " + bad}}}, walked: Walked{IAM: 1},
			want: []Finding{{"spec.initProvider.accessRules", actions}, {"spec.initProvider.accessRules", resources}}},
		"statements in another spelling": {object: of(fields{"policy": strings.Replace(bad, "Statement", "statement", 1)}), walked: Walked{IAM: 1},
			want: []Finding{{"spec.forProvider.policy", actions}, {"spec.forProvider.policy", resources}}},
		"JSON that permits nothing":        {object: of(fields{"redrivePolicy": `{"maxReceiveCount":5}`, "a": `["Statement"]`, "b": `{"Statement"`})},
		"a text that speaks of statements": {object: of(fields{"description": "Statement: {}"})},
		"what others write":                {object: fields{"status": fields{"atProvider": fields{"policy": bad}}}},
		"nothing":                          {object: fields{}},
		"a Vault policy":                   {kind: vaultPolicy(), object: of(fields{"policy": hcl}), walked: Walked{Vault: 1}},
		"a Vault policy of the claims flavour": {kind: schema.GroupVersionKind{Group: "vault.vault.upbound.io", Kind: "Policy"},
			object: of(fields{"policy": "path \"*\" {}"}), walked: Walked{Vault: 1},
			want: []Finding{{"spec.forProvider.policy", "holds no path with capabilities"}}},
		"a Vault policy of people": {kind: vaultPolicy(), object: named("environment-vault-policy-team", people), walked: Walked{Vault: 1}},
		"the same of workloads": {kind: vaultPolicy(), object: named("vault-policy-reader", people), walked: Walked{Vault: 1},
			want: []Finding{{"spec.forProvider.policy", `path "kv/data/team/*" holds a wildcard`}}},
		"text of that form elsewhere":  {kind: schema.GroupVersionKind{Group: "iam.aws.m.upbound.io", Kind: "Policy"}, object: of(fields{"policy": hcl})},
		"other text in a Vault policy": {kind: vaultPolicy(), object: of(fields{"name": "orders", "policy": hcl}), walked: Walked{Vault: 1}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			walked, found := Walk(tc.kind, tc.object)
			if diff := cmp.Diff(tc.want, found); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if walked != tc.walked {
				t.Errorf("walked %+v, want %+v", walked, tc.walked)
			}
		})
	}
}

// statement is a good statement of an identity's policy with some elements changed; nil takes one out.
func statement(change fields) fields {
	s := fields{"Effect": "Allow", "Action": []any{"s3:GetObject"}, "Resource": []any{"arn:aws:s3:::orders/reports"}}
	return changed(s, change)
}

// trust is a good statement of a resource's policy with some elements changed.
func trust(change fields) fields {
	s := fields{
		"Sid": "backup", "Effect": "Allow", "Principal": fields{"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole",
		"Condition": fields{"StringEquals": fields{"aws:SourceAccount": "111122223333"}},
	}
	return changed(s, change)
}

// deny is the one Deny that there may be, with some elements changed.
func deny(change fields) fields {
	s := fields{
		"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": []any{"arn:aws:s3:::orders", "arn:aws:s3:::orders/*"},
		"Condition": fields{"Bool": fields{"aws:SecureTransport": "false"}},
	}
	return changed(s, change)
}

func changed(s, change fields) fields {
	for key, v := range change {
		if v == nil {
			delete(s, key)
		} else {
			s[key] = v
		}
	}
	return s
}

func TestGoodStatements(t *testing.T) {
	t.Parallel()
	source := func(operator, key string, value any) fields {
		return trust(fields{"Condition": fields{operator: fields{key: value}}})
	}
	for reason, s := range map[string]fields{
		"an identity's":                      statement(nil),
		"a wildcard in the last segment":     statement(fields{"Resource": "arn:aws:s3:::orders/*"}),
		"a part of the last segment":         statement(fields{"Resource": "arn:aws:sqs:eu-west-1:111122223333:orders-*"}),
		"a service for one account":          trust(nil),
		"a service for one resource":         source("ArnEquals", "aws:SourceArn", "arn:aws:s3:::orders"),
		"a service for resources like these": source("ArnLike", "AWS:sourceArn", []any{"arn:aws:rds:eu-west-1:111122223333:db:*"}),
		"this resource":                      trust(fields{"Action": []any{"kms:Decrypt", "kms:DescribeKey"}, "Resource": "*"}),
		"another account's role":             trust(fields{"Principal": fields{"AWS": []any{"arn:aws:iam::111122223333:role/orders"}}, "Condition": nil}),
		"a federated identity": trust(fields{"Principal": fields{"Federated": "arn:aws:iam::111122223333:oidc-provider/oidc"},
			"Action": "sts:AssumeRoleWithWebIdentity", "Condition": fields{"StringEquals": fields{
				"oidc:sub": "system:serviceaccount:a:b", "oidc:aud": []any{"sts.amazonaws.com"}}}}),
		"no requests without TLS":             deny(nil),
		"no requests without TLS, as a truth": deny(fields{"Condition": fields{"Bool": fields{"aws:securetransport": []any{false}}}}),
	} {
		if problems := judgeIAM([]any{s}); len(problems) > 0 {
			t.Errorf("%s: %v", reason, problems)
		}
	}
}

func TestBadStatements(t *testing.T) {
	t.Parallel()
	const (
		all     = "permits all but what it names: name what is permitted"
		service = "Principal: a service without a condition on aws:SourceAccount or aws:SourceArn: it would act for other accounts too"
		plain   = "Effect: Deny on any other condition than Bool aws:SecureTransport=false"
		early   = " holds a wildcard before the last segment"
	)
	resource := func(arn string) fields { return statement(fields{"Resource": arn}) }
	source := func(condition any) fields { return trust(fields{"Condition": condition}) }
	federated := func(condition any) fields {
		return trust(fields{"Principal": fields{"Federated": "arn:aws:iam::111122223333:oidc-provider/oidc"}, "Condition": condition})
	}
	const users = "Principal: a federated identity without a condition StringEquals on its :sub and its :aud: all of its users would be admitted"
	secure := func(condition any) fields { return deny(fields{"Condition": condition}) }
	cases := map[string]struct {
		statement fields
		want      []string
	}{
		"every action":             {statement(fields{"Action": "*"}), []string{`Action: "*" holds a wildcard`}},
		"all of a service":         {statement(fields{"Action": []any{"s3:GetObject", "s3:*"}}), []string{`Action: "s3:*" holds a wildcard`}},
		"actions that begin so":    {statement(fields{"Action": "s3:Get*"}), []string{`Action: "s3:Get*" holds a wildcard`}},
		"any letter":               {statement(fields{"Action": "s3:?etObject"}), []string{`Action: "s3:?etObject" holds a wildcard`}},
		"a resource's every one":   {trust(fields{"Action": "kms:*"}), []string{`Action: "kms:*" holds a wildcard`}},
		"no action":                {statement(fields{"Action": nil}), []string{"Action: names none"}},
		"an empty list of actions": {statement(fields{"Action": []any{}}), []string{"Action: names none"}},
		"NotAction":                {statement(fields{"NotAction": "s3:DeleteBucket"}), []string{"NotAction: " + all}},
		"NotResource":              {statement(fields{"NotResource": "arn:aws:s3:::x"}), []string{"NotResource: " + all}},
		"NotPrincipal":             {trust(fields{"NotPrincipal": fields{"AWS": "x"}}), []string{"NotPrincipal: " + all}},
		"an element of its own":    {statement(fields{"action": "*"}), []string{"action: is no element of a statement"}},
		"every resource":           {resource("*"), []string{`Resource: "*" is every resource`}},
		"all of S3":                {resource("arn:aws:s3:::*"), []string{`Resource: "arn:aws:s3:::*" is every resource of the service`}},
		"every bucket":             {resource("arn:aws:s3:::*/reports"), []string{`Resource: "arn:aws:s3:::*/reports"` + early}},
		"buckets that begin so":    {resource("arn:aws:s3:::o*/*"), []string{`Resource: "arn:aws:s3:::o*/*"` + early}},
		"any letter of a bucket":   {resource("arn:aws:s3:::order?/x"), []string{`Resource: "arn:aws:s3:::order?/x"` + early}},
		"every region":             {resource("arn:aws:sqs:*:111122223333:q"), []string{`Resource: "arn:aws:sqs:*:111122223333:q"` + early}},
		"every account":            {resource("arn:aws:sqs:eu-west-1:*:q"), []string{`Resource: "arn:aws:sqs:eu-west-1:*:q"` + early}},
		"no ARN":                   {resource("orders"), []string{`Resource: "orders" is not an ARN`}},
		"no resource":              {statement(fields{"Resource": nil}), []string{"Resource: names none"}},
		"a resource's policy too": {trust(fields{"Resource": "arn:aws:s3:::*/x"}),
			[]string{`Resource: "arn:aws:s3:::*/x"` + early}},
		"a number": {statement(fields{"Resource": 5.0}), []string{`Resource: "5" is not an ARN`}},
		"everybody": {trust(fields{"Principal": "*", "Condition": nil}),
			[]string{`Principal: AWS "*" is everybody`}},
		"everybody, by type": {trust(fields{"Principal": fields{"AWS": []any{"arn:aws:iam::111122223333:root", "*"}}}),
			[]string{`Principal: AWS "*" is everybody`}},
		"nobody":                   {trust(fields{"Principal": fields{"AWS": []any{}}}), []string{"Principal: AWS names nobody"}},
		"a service for anybody":    {source(nil), []string{service}},
		"for all that is like all": {source(fields{"StringLike": fields{"aws:SourceAccount": "*"}}), []string{service}},
		"for no account in words":  {source(fields{"StringEquals": fields{"aws:SourceAccount": ""}}), []string{service}},
		"for one account and all":  {source(fields{"StringLike": fields{"aws:SourceAccount": []any{"111122223333", "*"}}}), []string{service}},
		"if somebody says so":      {source(fields{"StringEqualsIfExists": fields{"aws:SourceAccount": "111122223333"}}), []string{service}},
		"for all other accounts":   {source(fields{"StringNotEquals": fields{"aws:SourceAccount": "111122223333"}}), []string{service}},
		"anybody of a provider":    {federated(nil), []string{users}},
		"whoever a token is for":   {federated(fields{"StringEquals": fields{"oidc:sub": "a"}}), []string{users}},
		"for all of an audience":   {federated(fields{"StringEquals": fields{"oidc:aud": "sts"}}), []string{users}},
		"users that begin so":      {federated(fields{"StringLike": fields{"oidc:sub": "a*", "oidc:aud": "sts"}}), []string{users}},
		"no user in words":         {federated(fields{"StringEquals": fields{"oidc:sub": "", "oidc:aud": "sts"}}), []string{users}},
		"another key":              {source(fields{"StringEquals": fields{"aws:SourceVpc": "vpc-1"}}), []string{service}},
		"a condition of no form":   {source("aws:SourceAccount"), []string{service}},
		"no effect":                {statement(fields{"Effect": nil}), []string{"Effect: <nil> is neither Allow nor Deny"}},
		"another effect":           {statement(fields{"Effect": "allow"}), []string{"Effect: allow is neither Allow nor Deny"}},
		"a Deny for all requests":  {secure(nil), []string{plain}},
		"a Deny by address":        {secure(fields{"NotIpAddress": fields{"aws:SourceIp": "10.0.0.0/8"}}), []string{plain}},
		"a Deny of TLS":            {secure(fields{"Bool": fields{"aws:SecureTransport": "true"}}), []string{plain}},
		"a Deny of one thing and another": {secure(fields{"Bool": fields{"aws:SecureTransport": "false", "aws:MultiFactorAuthPresent": "false"}}),
			[]string{plain}},
		"a Deny if somebody says so": {secure(fields{"BoolIfExists": fields{"aws:SecureTransport": "false"}}), []string{plain}},
		"a Deny of all but":          {deny(fields{"NotPrincipal": fields{"AWS": "x"}}), []string{"NotPrincipal: " + all}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			raw, err := json.Marshal(fields{"Version": "2012-10-17", "Statement": []any{statement(nil), tc.statement}})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			_, found := Walk(schema.GroupVersionKind{}, of(fields{"policy": string(raw)}))
			for _, f := range found {
				got = append(got, strings.TrimPrefix(f.Problem, "Statement[1]."))
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDocumentsOfNoForm(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"Statement":[]}`:       "has no statement",
		`{"Statement":"Allow"}`:  "Statement[0]: is not an object",
		`{"Statement":[["x"]]}`:  "Statement[0]: is not an object",
		`{"Statement":null}`:     "Statement[0]: is not an object",
		`{"Statement":[{}, {}]}`: "Statement[0].Effect: <nil> is neither Allow nor Deny",
	} {
		_, found := Walk(schema.GroupVersionKind{}, of(fields{"policy": text}))
		if len(found) == 0 || found[0].Problem != want {
			t.Errorf("%s: %v, want %s", text, found, want)
		}
	}
}

func TestVaultPolicies(t *testing.T) {
	t.Parallel()
	path := func(path, capabilities string) string {
		return "path \"" + path + "\" {\n  capabilities = [" + capabilities + "]\n}\n"
	}
	const beyond = ": read is all that a workload needs"
	cases := map[string]struct {
		policy string
		want   []string
	}{
		"an entry and credentials": {hcl + path("db/creds/orders-reader-1", `"read"`), nil},
		"on one line":              {`path "kv/data/x" { capabilities = [ "read" ] }`, nil},
		"every entry":              {hcl + path("kv/data/*", `"read"`), []string{`path "kv/data/*" holds a wildcard`}},
		"any namespace":            {path("kv/data/+/appdatabase/orders", `"read"`), []string{`path "kv/data/+/appdatabase/orders" holds a wildcard`}},
		"everything":               {path("*", `"read"`), []string{`path "*" holds a wildcard`}},
		"root":                     {path("kv/data/x", `"read", "sudo"`), []string{`path "kv/data/x" permits read, sudo` + beyond}},
		"writing":                  {path("kv/data/x", `"create","update"`), []string{`path "kv/data/x" permits create, update` + beyond}},
		"listing credentials":      {path("db/creds/x", `"list"`), []string{`path "db/creds/x" permits list` + beyond}},
		"nothing is no permission": {path("kv/data/x", ""), []string{`path "kv/data/x" permits ` + beyond}},
		"Vault's own":              {path("sys/mounts", `"read"`), []string{`path "sys/mounts" is one of Vault's own`}},
		"Vault's own, with a slash": {path("/sys/policies/data/x", `"read"`),
			[]string{`path "/sys/policies/data/x" is one of Vault's own`}},
		"the configuration of a mount": {path("db/config/orders", `"read"`),
			[]string{`path "db/config/orders" is neither an entry (<mount>/data/...) nor credentials (<mount>/creds/...)`}},
		"metadata of entries": {path("kv/metadata/x", `"read"`),
			[]string{`path "kv/metadata/x" is neither an entry (<mount>/data/...) nor credentials (<mount>/creds/...)`}},
		"two mistakes in two paths": {path("kv/data/x", `"sudo"`) + path("kv/data/+", `"read"`),
			[]string{`path "kv/data/x" permits sudo` + beyond, `path "kv/data/+" holds a wildcard`}},
		"more than paths": {hcl + "policy = \"write\"", []string{`holds more than paths with capabilities: "policy = \"write\""`}},
		"an old style policy beside it": {hcl + `path "kv/data/y" { policy = "sudo" }`,
			[]string{`holds more than paths with capabilities: "path \"kv/data/y\" { policy = \"sudo\" }"`}},
		"JSON": {`{"path":{"*":{"capabilities":["sudo"]}}}`, []string{"holds no path with capabilities"}},
		"none": {"", []string{"holds no path with capabilities"}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, judgeVault(tc.policy)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestVaultPoliciesOfPeople(t *testing.T) {
	t.Parallel()
	path := func(path, capabilities string) string {
		return "path \"" + path + "\" {\n  capabilities = [" + capabilities + "]\n}\n"
	}
	const neither = " is neither of one namespace (<mount>/data/<namespace>/* or <mount>/metadata/<namespace>/*) nor <mount>/roles"
	cases := map[string]struct {
		policy string
		want   []string
	}{
		"one namespace":          {people + path("kv/metadata/team/*", `"read", "list"`) + path("db/roles", `"list"`), nil},
		"a mount with a slash":   {path("shared/kv/metadata/team/*", `"read", "list"`), nil},
		"every namespace":        {path("kv/data/*", `"read"`), []string{`path "kv/data/*"` + neither}},
		"a start of a namespace": {path("kv/data/team*", `"read"`), []string{`path "kv/data/team*"` + neither}},
		"any namespace":          {path("kv/data/+/*", `"read"`), []string{`path "kv/data/+/*"` + neither}},
		"any mount":              {path("+/data/team/*", `"read"`), []string{`path "+/data/team/*"` + neither}},
		"everything":             {path("*", `"read"`), []string{`path "*"` + neither}},
		"credentials":            {path("db/creds/orders-reader", `"read"`), []string{`path "db/creds/orders-reader"` + neither}},
		"Vault's own":            {path("sys/data/team/*", `"read"`), []string{`path "sys/data/team/*" is one of Vault's own`}},
		"writing":                {path("kv/data/team/*", `"read", "update"`), []string{`path "kv/data/team/*" permits read, update: people need read there`}},
		"reading roles":          {path("db/roles", `"read"`), []string{`path "db/roles" permits read: people need list there`}},
		"nothing":                {path("db/roles", ""), []string{`path "db/roles" permits : people need list there`}},
		"more than paths":        {people + "policy = \"write\"", []string{`holds more than paths with capabilities: "policy = \"write\""`}},
		"none":                   {"", []string{"holds no path with capabilities"}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, judgePeople(tc.policy)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
