package policy

import (
	"slices"
	"testing"
)

func TestDocument(t *testing.T) {
	t.Parallel()
	const head = `{"Version":"2012-10-17","Statement":[`
	cases := map[string]struct {
		statements []Statement
		want       string
	}{
		"of an identity": {[]Statement{{Action: []string{"s3:GetObject"}, Resource: []string{"arn:aws:s3:::a/*"}}},
			`{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::a/*"]}`},
		"actions and resources in order, and once": {
			[]Statement{{Action: []string{"s3:b", "s3:a", "s3:b"}, Resource: []string{"arn:d", "arn:c", "arn:c"}}},
			`{"Effect":"Allow","Action":["s3:a","s3:b"],"Resource":["arn:c","arn:d"]}`},
		"of trust": {
			[]Statement{{
				Sid: "pods", Principal: map[string][]string{"Service": {"pods.eks.amazonaws.com"}}, Action: []string{"sts:AssumeRole"},
				Condition: map[string]map[string][]string{"StringEquals": {"b": {"2"}, "a": {"1", "0"}}, "ArnEquals": {"c": {"3"}}},
			}},
			`{"Sid":"pods","Effect":"Allow","Principal":{"Service":["pods.eks.amazonaws.com"]},"Action":["sts:AssumeRole"],` +
				`"Condition":{"ArnEquals":{"c":["3"]},"StringEquals":{"a":["1","0"],"b":["2"]}}}`},
		"a refusal": {[]Statement{{Effect: "Deny", Action: []string{"s3:a"}, Resource: []string{"*"}}},
			`{"Effect":"Deny","Action":["s3:a"],"Resource":["*"]}`},
		"statements stay in their order": {[]Statement{{Action: []string{"s3:b"}}, {Action: []string{"s3:a"}}},
			`{"Effect":"Allow","Action":["s3:b"]},{"Effect":"Allow","Action":["s3:a"]}`},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			if got := Document(tc.statements...); got != head+tc.want+"]}" {
				t.Errorf("Document() =\n%s\nwant\n%s", got, head+tc.want+"]}")
			}
		})
	}
}

// What is given is also read by others.
func TestDocumentLeavesWhatItIsGiven(t *testing.T) {
	t.Parallel()
	actions, resources := []string{"s3:b", "s3:a"}, []string{"arn:d", "arn:c"}
	Document(Statement{Action: actions, Resource: resources})
	if !slices.Equal(actions, []string{"s3:b", "s3:a"}) || !slices.Equal(resources, []string{"arn:d", "arn:c"}) {
		t.Errorf("the statement was changed: %v, %v", actions, resources)
	}
}
