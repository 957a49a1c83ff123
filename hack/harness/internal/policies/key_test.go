package policies

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

const keyRoot = "arn:aws:iam::111122223333:root"

// administration is the statement that only the policy of a key may have, with some elements changed.
func administration(change fields) fields {
	return changed(fields{
		"Sid": "Account", "Effect": "Allow", "Principal": fields{"AWS": []any{keyRoot}}, "Action": []any{"kms:*"}, "Resource": []any{"*"},
	}, change)
}

// via is a good statement for callers of the account, with some elements changed.
func via(change fields) fields {
	return changed(fields{
		"Effect": "Allow", "Principal": fields{"AWS": []any{"*"}}, "Action": []any{"kms:Decrypt"}, "Resource": []any{"*"},
		"Condition": fields{"StringEquals": fields{
			"kms:CallerAccount": []any{"111122223333"}, "kms:ViaService": []any{"rds.eu-west-1.amazonaws.com"}}},
	}, change)
}

// logs is a good statement for CloudWatch Logs, with its condition changed.
func logs(operator string, groups ...any) fields {
	return fields{
		"Effect": "Allow", "Principal": fields{"Service": []any{"logs.eu-west-1.amazonaws.com"}}, "Action": []any{"kms:Decrypt"}, "Resource": []any{"*"},
		"Condition": fields{operator: fields{"kms:EncryptionContext:aws:logs:arn": groups}},
	}
}

func TestKeyPolicies(t *testing.T) {
	t.Parallel()
	const (
		wildcard  = `Statement[1].Action: "kms:*" holds a wildcard`
		everybody = `Statement[1].Principal: AWS "*" is everybody`
		anyCaller = "Statement[1].Principal: a service without a condition on aws:SourceAccount or aws:SourceArn: it would act for other accounts too"
		nobody    = `no statement lets the account's root do kms:* on "*": nobody could change the policy`
		group     = "arn:aws:logs:eu-west-1:111122223333:log-group:*"
	)
	root := func(principal any) fields { return administration(fields{"Principal": principal}) }
	condition := func(equal fields) fields { return via(fields{"Condition": fields{"StringEquals": equal}}) }
	cases := map[string]struct {
		statement fields
		want      []string
	}{
		"callers of the account through a service": {via(nil), nil},
		"as texts":                 {condition(fields{"kms:calleraccount": "111122223333", "kms:ViaService": "rds.eu-west-1.amazonaws.com"}), nil},
		"the account itself again": {administration(nil), nil},
		"a service for the account": {via(fields{"Principal": fields{"Service": "sns.amazonaws.com"},
			"Condition": fields{"StringEquals": fields{"aws:SourceAccount": "111122223333"}}}), nil},
		"log groups of the account":    {logs("ArnLike", group), nil},
		"one log group of the account": {logs("ArnEquals", "arn:aws:logs:eu-west-1:111122223333:log-group:flow"), nil},

		"another account's root":        {root(fields{"AWS": "arn:aws:iam::444455556666:root"}), []string{wildcard}},
		"a role":                        {root(fields{"AWS": "arn:aws:iam::111122223333:role/admin"}), []string{wildcard}},
		"the account and a role":        {root(fields{"AWS": []any{keyRoot, "arn:aws:iam::111122223333:role/admin"}}), []string{wildcard}},
		"a partition that is none":      {root(fields{"AWS": "arn:aws-xx:iam::111122223333:root"}), []string{wildcard}},
		"the number of the account":     {root(fields{"AWS": "111122223333"}), []string{wildcard}},
		"the account and a service":     {root(fields{"AWS": keyRoot, "Service": "sns.amazonaws.com"}), []string{wildcard, anyCaller}},
		"everybody does everything":     {root("*"), []string{wildcard, everybody}},
		"all actions of two services":   {administration(fields{"Action": []any{"kms:*", "s3:*"}}), []string{wildcard, `Statement[1].Action: "s3:*" holds a wildcard`}},
		"every action of the account":   {administration(fields{"Action": "*"}), []string{`Statement[1].Action: "*" holds a wildcard`}},
		"callers do everything":         {via(fields{"Action": "kms:*"}), []string{wildcard}},
		"callers of another account":    {condition(fields{"kms:CallerAccount": "444455556666", "kms:ViaService": "rds.eu-west-1.amazonaws.com"}), []string{everybody}},
		"callers of two accounts":       {condition(fields{"kms:CallerAccount": []any{"111122223333", "444455556666"}, "kms:ViaService": "rds"}), []string{everybody}},
		"callers of no account":         {condition(fields{"kms:ViaService": "rds.eu-west-1.amazonaws.com"}), []string{everybody}},
		"without a service":             {condition(fields{"kms:CallerAccount": "111122223333"}), []string{everybody}},
		"through no service":            {condition(fields{"kms:CallerAccount": "111122223333", "kms:ViaService": []any{}}), []string{everybody}},
		"through any service":           {condition(fields{"kms:CallerAccount": "111122223333", "kms:ViaService": []any{"*.amazonaws.com"}}), []string{everybody}},
		"through something like one":    {via(fields{"Condition": fields{"StringLike": fields{"kms:CallerAccount": "111122223333", "kms:ViaService": "rds"}}}), []string{everybody}},
		"everybody without a condition": {via(fields{"Condition": nil}), []string{everybody}},
		"everybody and a service": {via(fields{"Principal": fields{"AWS": "*", "Service": "sns.amazonaws.com"}}),
			[]string{everybody, anyCaller}},
		"log groups of another account": {logs("ArnLike", "arn:aws:logs:eu-west-1:444455556666:*"), []string{anyCaller}},
		"log groups of any account":     {logs("ArnLike", "arn:aws:logs:eu-west-1:*:log-group:*"), []string{anyCaller}},
		"log groups of two accounts":    {logs("ArnLike", group, "arn:aws:logs:eu-west-1:444455556666:*"), []string{anyCaller}},
		"all log groups":                {logs("ArnLike", "*"), []string{anyCaller}},
		"no log group":                  {logs("ArnLike"), []string{anyCaller}},
		"log groups that are not these": {logs("ArnNotLike", group), []string{anyCaller}},
		"another service's log groups": {changed(logs("ArnLike", group), fields{"Principal": fields{"Service": "sns.amazonaws.com"}}),
			[]string{anyCaller}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			var want []Finding
			for _, problem := range tc.want {
				want = append(want, Finding{"spec.forProvider.policy", problem})
			}
			for _, group := range []string{"kms.aws.upbound.io", "kms.aws.m.upbound.io"} {
				if diff := cmp.Diff(want, walkKey(t, group, administration(nil), tc.statement)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", group, diff)
				}
			}
			alone := walkKey(t, "kms.aws.m.upbound.io", tc.statement)
			if ours := administers(tc.statement); ours == "" && (len(alone) == 0 || alone[len(alone)-1].Problem != nobody) {
				t.Errorf("nobody administers the key, and what is found is %v", alone)
			}
		})
	}
}

// In any other policy the same statements are too broad.
func TestOnlyAKeyMaySayWhatAKeySays(t *testing.T) {
	t.Parallel()
	for reason, s := range map[string]fields{
		"administration": administration(nil), "callers through a service": via(nil), "log groups": logs("ArnLike", "arn:aws:logs:eu-west-1:111122223333:*"),
	} {
		for _, kind := range []schema.GroupVersionKind{
			{Group: "s3.aws.m.upbound.io", Kind: "BucketPolicy"}, {Group: "kms.aws.m.upbound.io", Kind: "KeyPolicy"}, {Group: "kms.gcp.m.upbound.io", Kind: "Key"},
		} {
			if _, found := Walk(kind, of(fields{"policy": text(t, s)})); len(found) == 0 {
				t.Errorf("%s in a %s: nothing is found", reason, kind.Kind)
			}
		}
		key := schema.GroupVersionKind{Group: "kms.aws.m.upbound.io", Kind: "Key"}
		if _, found := Walk(key, of(fields{"description": text(t, administration(nil), s)})); len(found) == 0 {
			t.Errorf("%s in another field of a key: nothing is found", reason)
		}
	}
}

func walkKey(t *testing.T, group string, statements ...any) []Finding {
	t.Helper()
	walked, found := Walk(schema.GroupVersionKind{Group: group, Kind: "Key"}, of(fields{"policy": text(t, statements...)}))
	if walked != (Walked{IAM: 1}) {
		t.Errorf("walked %+v", walked)
	}
	return found
}

func text(t *testing.T, statements ...any) string {
	t.Helper()
	raw, err := json.Marshal(fields{"Version": "2012-10-17", "Statement": statements})
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
