// Package policy writes the documents of IAM: of identities, trust and resources. It writes one text for one meaning, so that nothing
// changes from call to call.
package policy

import (
	"encoding/json"
	"slices"
)

// version is the version of the policy language.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
const version = "2012-10-17"

// Statement permits some actions. Whoever writes the policy of a resource also says whom.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
type Statement struct {
	// Sid names the statement. None when empty.
	Sid string `json:",omitempty"`
	// Effect is Allow where nothing else is said.
	Effect string
	// Principal is who may, by AWS, Service or Federated. Nobody is named in the policy of an identity.
	Principal map[string][]string `json:",omitempty"`
	Action    []string
	// Resource is not named in a trust policy.
	Resource []string `json:",omitempty"`
	// Condition by operator and key.
	Condition map[string]map[string][]string `json:",omitempty"`
}

// String is the statement as JSON, with its actions and resources in order and each of them once.
func (s Statement) String() string {
	if s.Effect == "" {
		s.Effect = "Allow"
	}
	s.Action, s.Resource = sorted(s.Action), sorted(s.Resource)
	return string(marshal(s))
}

// Document of some statements, in their order and without white space.
func Document(statements ...Statement) string {
	d := struct {
		Version   string
		Statement []json.RawMessage
	}{Version: version}
	for _, s := range statements {
		d.Statement = append(d.Statement, json.RawMessage(s.String()))
	}
	return string(marshal(d))
}

func marshal(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		// Strings have nothing that JSON cannot hold.
		return nil
	}
	return raw
}

// sorted is a copy: what is given is also read by others.
func sorted(texts []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(texts)))
}
