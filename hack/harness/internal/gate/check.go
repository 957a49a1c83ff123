package gate

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	gvk "k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/policies"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/providers"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/schema"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/xrd"
)

// renderGroup is the group of what render adds to its output: Result and Context.
const renderGroup = "render.crossplane.io"

// resourceName is the annotation that core puts on every composed resource.
const resourceName = "crossplane.io/composition-resource-name"

// Schemas looks schemas up.
type Schemas interface {
	Lookup(flavour xrd.Flavour, kind gvk.GroupVersionKind) (schema.Schema, providers.Judge, error)
}

// Violation is one thing that is wrong in a file.
type Violation struct {
	File, Document, Field, Problem string
}

func (v Violation) String() string {
	return fmt.Sprintf("%s: %s: %s: %s", v.File, v.Document, v.Field, v.Problem)
}

// Report is what the gate saw.
type Report struct {
	// Examples and Resources (composed ones) by flavour.
	Examples, Resources map[xrd.Flavour]int
	// Inputs counts the other documents: XRs, required and observed objects.
	Inputs int
	// Policies that were walked in composed resources, by flavour.
	Policies map[xrd.Flavour]policies.Walked
	// Judges counts the documents by what judged them.
	Judges     map[providers.Judge]int
	Violations []Violation
}

// Checker checks examples one after the other.
type Checker struct {
	schemas Schemas
	report  Report
}

// NewChecker returns a checker with an empty report.
func NewChecker(schemas Schemas) *Checker {
	return &Checker{schemas: schemas, report: Report{
		Examples: map[xrd.Flavour]int{}, Resources: map[xrd.Flavour]int{}, Judges: map[providers.Judge]int{},
		Policies: map[xrd.Flavour]policies.Walked{},
	}}
}

// Report returns what was seen so far.
func (c *Checker) Report() Report { return c.report }

// Check holds one example against the schemas and rules, and returns what is wrong with it.
func (c *Checker) Check(e Case) []Violation {
	flavour := e.Definition.Flavour
	var found []Violation
	c.report.Examples[flavour]++
	for _, doc := range append([]repo.Document{e.XR}, e.Inputs...) {
		c.report.Inputs++
		_, vs := c.schema(flavour, doc)
		found = append(found, vs...)
	}
	found = append(found, c.output(e)...)
	c.report.Violations = append(c.report.Violations, found...)
	return found
}

// output checks what was rendered.
func (c *Checker) output(e Case) []Violation {
	var found []Violation
	seen := map[string]string{}
	for _, doc := range e.Output {
		switch {
		case doc.GVK().Group == renderGroup:
			found = append(found, result(doc)...)
		case doc.Annotation(resourceName) == "" && doc.GVK() == e.XR.GVK():
			c.report.Inputs++
			_, vs := c.schema(e.Definition.Flavour, doc)
			found = append(found, vs...)
		default:
			c.report.Resources[e.Definition.Flavour]++
			s, vs := c.schema(e.Definition.Flavour, doc)
			found = append(found, vs...)
			found = append(found, c.composed(e, doc, s)...)
			found = append(found, duplicate(doc, seen)...)
			found = append(found, empty(doc)...)
			found = append(found, c.policies(e.Definition.Flavour, doc)...)
		}
	}
	return found
}

// schema validates a document against the schema of its kind.
func (c *Checker) schema(flavour xrd.Flavour, doc repo.Document) (schema.Schema, []Violation) {
	s, judge, err := c.schemas.Lookup(flavour, doc.GVK())
	if err != nil {
		return nil, []Violation{violation(doc, "kind", err.Error())}
	}
	c.report.Judges[judge]++
	var found []Violation
	for _, f := range s.Validate(doc.Object) {
		found = append(found, violation(doc, f.Field, f.Problem))
	}
	return s, found
}

// composed checks what core demands of a child and render does not look at: scope, namespace, flavour.
func (c *Checker) composed(e Case, doc repo.Document, s schema.Schema) []Violation {
	var found []Violation
	if doc.Annotation(resourceName) == "" {
		found = append(found, violation(doc, "metadata.annotations", "has no "+resourceName+": core cannot tell which resource it is"))
	}
	group := doc.GVK().Group
	switch e.Definition.Flavour {
	case xrd.Namespaced:
		if IsClaimsGroup(group) {
			found = append(found, violation(doc, "apiVersion",
				"group "+group+" is of the claims flavour, but the XR is namespaced: use the .m. group"))
		}
		if s != nil && !s.Namespaced() {
			found = append(found, violation(doc, "kind", "is cluster-scoped under a namespaced XR: core refuses the whole XR"))
			break
		}
		if ns, own := doc.Meta("namespace"), e.XR.Meta("namespace"); ns != own {
			found = append(found, violation(doc, "metadata.namespace",
				fmt.Sprintf("is %q, but a namespaced XR composes only into its own namespace %q", ns, own)))
		}
	case xrd.Claims:
		if IsNamespacedGroup(group) {
			found = append(found, violation(doc, "apiVersion",
				"group "+group+" is of the namespaced flavour, but the XR is of the claims flavour: use the group without .m."))
		}
	}
	return found
}

// policies walks what a composed resource permits.
func (c *Checker) policies(flavour xrd.Flavour, doc repo.Document) []Violation {
	walked, findings := policies.Walk(doc.GVK(), doc.Object)
	sum := c.report.Policies[flavour]
	c.report.Policies[flavour] = policies.Walked{IAM: sum.IAM + walked.IAM, Vault: sum.Vault + walked.Vault}
	found := make([]Violation, 0, len(findings))
	for _, f := range findings {
		found = append(found, violation(doc, f.Field, f.Problem))
	}
	return found
}

// duplicate finds a second resource of the same name or of the same object.
func duplicate(doc repo.Document, seen map[string]string) []Violation {
	var found []Violation
	name := doc.Annotation(resourceName)
	keys := []string{"resource " + name}
	if doc.Meta("name") != "" {
		keys = append(keys, strings.Join([]string{"object", doc.GVK().GroupKind().String(), doc.Meta("namespace"), doc.Meta("name")}, " "))
	}
	for _, key := range keys {
		if other, ok := seen[key]; ok {
			found = append(found, violation(doc, "metadata", "is the same "+key+" as "+other))
		}
		seen[key] = doc.Title()
	}
	return found
}

// result finds core's own complaint about a namespace, which render only reports.
func result(doc repo.Document) []Violation {
	message, _ := doc.Object["message"].(string)
	if reason, _ := doc.Object["reason"].(string); reason == "NamespaceOverridden" || strings.Contains(message, "NamespaceOverridden") {
		return []Violation{violation(doc, "message", message)}
	}
	return nil
}

func violation(doc repo.Document, field, problem string) Violation {
	return Violation{File: doc.File, Document: doc.Title(), Field: field, Problem: strings.ReplaceAll(problem, "\n", " ")}
}

// IsNamespacedGroup says whether a group holds namespaced managed resources only.
func IsNamespacedGroup(group string) bool {
	return strings.HasSuffix(group, ".m.upbound.io") || slices.Contains([]string{"helm.m.crossplane.io", "kubernetes.m.crossplane.io"}, group)
}

// IsClaimsGroup says whether a group holds cluster-scoped managed resources only.
func IsClaimsGroup(group string) bool {
	return !IsNamespacedGroup(group) &&
		(strings.HasSuffix(group, ".upbound.io") || slices.Contains([]string{"helm.crossplane.io", "kubernetes.crossplane.io"}, group))
}

// judges returns the judges of a report, sorted.
func (r Report) judges() []providers.Judge {
	all := make([]providers.Judge, 0, len(r.Judges))
	for j := range r.Judges {
		all = append(all, j)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Provider < all[j].Provider })
	return all
}
