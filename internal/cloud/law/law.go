// Package law is what the AWS provider does to a managed resource, generated from the provider's own code (`make law`): what late
// initialisation copies, what is asynchronous, who names what, what never changes. The simulated cloud obeys it. Only simulators and
// tests read it.
package law

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

//go:embed law.json
var generated []byte

// Names of who names an external resource.
const (
	// Provider: AWS assigns an id, and the annotation crossplane.io/external-name is empty until somebody writes it down.
	Provider = "provider"
	// Name: metadata.name, or the annotation, before anything is created.
	Name = "name"
)

// Law is how the provider treats one kind. Paths of fields are those below spec.forProvider, with dots.
type Law struct {
	// CRD is the group and the plural, with an underscore between them.
	CRD string `json:"crd"`
	// Kind alone.
	Kind string `json:"kind"`
	// Async says that a creation, a change and a deletion go on after the call. Create then never persists an external name.
	Async bool `json:"async"`
	// ExternalName says who names the resource: Provider or Name.
	ExternalName string `json:"externalName"`
	// LateInit are the optional and computed fields: copied from AWS where the spec does not say them and AWS has a value.
	LateInit []string `json:"lateInit"`
	// LateInitIfRead are the optional fields: copied only where a read reports a value that nobody has asked for, or a default.
	LateInitIfRead []string `json:"lateInitIfRead"`
	// Defaults of fields that the provider's schema fills in.
	Defaults map[string]any `json:"defaults"`
	// ForceNew fields can never change.
	ForceNew []string `json:"forceNew"`
	// ConnectionKeys of the connection secret, as far as they are known without a state.
	ConnectionKeys []string `json:"connectionKeys"`
	// AtProviderOnly fields are reported and never said.
	AtProviderOnly []string `json:"atProviderOnly"`
}

// Book is the law of every kind, by the names that package cloud has for kinds: ec2.aws/EIP.
type Book struct{ laws map[string]Law }

// Read opens the book. An error says that the generated file is broken: `make law` writes it anew.
func Read() (Book, error) {
	var laws []Law
	if err := json.Unmarshal(generated, &laws); err != nil {
		return Book{}, fmt.Errorf("law.json cannot be read, write it anew with make law: %w", err)
	}
	b := Book{laws: make(map[string]Law, len(laws))}
	for _, l := range laws {
		for _, field := range hidden(l.name()) {
			l.LateInit = append(l.LateInit, field)
			l.AtProviderOnly = slices.DeleteFunc(l.AtProviderOnly, func(f string) bool { return f == field })
		}
		slices.Sort(l.LateInit)
		b.laws[l.name()] = l
	}
	return b, nil
}

// hidden are fields that the provider does late-initialise and whose schema, as it is when the law is read from it, says that they are
// only reported. The rules of a default security group: Terraform shares one schema with aws_security_group, of which the provider's
// configuration takes them away at run time; the CRD has them in spec.forProvider, and late initialisation goes by the CRD's type.
// https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/vpc_default_security_group.go
func hidden(kind string) []string {
	return map[string][]string{"ec2.aws/DefaultSecurityGroup": {"egress", "ingress"}}[kind]
}

func (l Law) name() string {
	group, _, _ := strings.Cut(l.CRD, ".m.upbound.io")
	return group + "/" + l.Kind
}

// Of a kind. False for one of another provider, or one that the law was not generated for.
func (b Book) Of(kind string) (Law, bool) {
	l, ok := b.laws[kind]
	return l, ok
}

// Kinds that there is a law of, sorted.
func (b Book) Kinds() []string {
	kinds := make([]string, 0, len(b.laws))
	for kind := range b.laws {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	return kinds
}

// LateInitialised are all fields that late initialisation may write, sorted: LateInit, and what has a default. Those of them that have
// no value, or a zero one, are left alone.
func (l Law) LateInitialised() []string {
	fields := slices.Clone(l.LateInit)
	for _, field := range l.LateInitIfRead {
		if _, ok := l.Defaults[field]; ok {
			fields = append(fields, field)
		}
	}
	slices.Sort(fields)
	return slices.Compact(fields)
}

// Assigned says that AWS names the resource, and nobody before it.
func (l Law) Assigned() bool { return l.ExternalName == Provider }

// Roots are the fields right below spec.forProvider that LateInitialised reaches into, sorted.
func (l Law) Roots() []string {
	var roots []string
	for _, field := range l.LateInitialised() {
		root, _, _ := strings.Cut(field, ".")
		roots = append(roots, root)
	}
	return slices.Compact(roots)
}
