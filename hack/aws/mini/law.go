package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"sort"
	"strings"

	ujconfig "github.com/crossplane/upjet/v2/pkg/config"
	"github.com/crossplane/upjet/v2/pkg/types/name"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
)

// law is what the provider does with one kind, read from its configuration and from Terraform's schema. Paths are those of spec.forProvider.
type law struct {
	CRD       string `json:"crd"`
	Kind      string `json:"kind"`
	Terraform string `json:"terraform"`
	Client    string `json:"client"` // sdk or framework
	Async     bool   `json:"async"`

	// ExternalName says who chooses it: the provider (AWS assigns an ID), or name (metadata.name, or the annotation that we set).
	ExternalName     string   `json:"externalName"`
	OmittedFields    []string `json:"omittedFields,omitempty"` // filled from the external name
	IdentifierFields []string `json:"identifierFields,omitempty"`

	Required []string `json:"required,omitempty"`
	// LateInit are optional and computed: copied from AWS into spec.forProvider when unset there and not zero.
	LateInit []string `json:"lateInit,omitempty"`
	// LateInitIfRead are optional and not computed: copied only when Terraform's read reports a value that nobody asked for, or a default.
	LateInitIfRead  []string          `json:"lateInitIfRead,omitempty"`
	Defaults        map[string]any    `json:"defaults,omitempty"`
	NeverLateInit   []string          `json:"neverLateInit,omitempty"` // LateInitializer.IgnoredFields
	ConditionalInit []string          `json:"neverLateInitIfInInitProvider,omitempty"`
	ForceNew        []string          `json:"forceNew,omitempty"`
	Sensitive       []string          `json:"sensitive,omitempty"`
	ConnectionKeys  []string          `json:"connectionKeys,omitempty"` // of the additional connection details
	Suppressed      []string          `json:"diffSuppressed,omitempty"`
	CustomDiff      bool              `json:"customDiff,omitempty"`
	ConfigInjector  bool              `json:"configInjector,omitempty"`
	LoopPrevention  bool              `json:"updateLoopPrevention,omitempty"`
	Initializers    int               `json:"initializers,omitempty"`
	AtProvider      []string          `json:"atProviderOnly,omitempty"`
	References      map[string]string `json:"references,omitempty"`
}

// kind is a managed resource by its short group, its name and its plural.
type kind struct{ group, name, plural string }

// crd is how the kind's definition is called in package/crds of the provider.
func (k kind) crd(rootGroup string) string { return k.group + "." + rootGroup + "_" + k.plural }

// printLaws prints the laws of all kinds.
func printLaws(ctx context.Context, w io.Writer) error {
	provider, sdk, err := configuration(ctx)
	if err != nil {
		return err
	}
	resources := map[kind]*ujconfig.Resource{}
	for _, r := range provider.Resources {
		resources[kind{group: r.ShortGroup, name: r.Kind}] = r
	}
	var laws []law
	for _, k := range kinds() {
		r := resources[kind{group: k.group, name: k.name}]
		if r == nil {
			return fmt.Errorf("the provider has no kind %s in group %s", k.name, k.group)
		}
		laws = append(laws, lawOf(k.crd(provider.RootGroup), r, sdk.ResourcesMap[r.Name] != nil))
	}
	sort.Slice(laws, func(i, j int) bool { return laws[i].CRD < laws[j].CRD })
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	e.SetEscapeHTML(false)
	return e.Encode(laws)
}

func lawOf(crd string, r *ujconfig.Resource, sdk bool) law {
	l := law{
		CRD: crd, Kind: r.Kind, Terraform: r.Name, Client: "framework", Async: r.UseAsync, ExternalName: "name",
		OmittedFields: r.ExternalName.OmittedFields, IdentifierFields: r.ExternalName.IdentifierFields,
		NeverLateInit: r.LateInitializer.IgnoredFields, ConditionalInit: r.LateInitializer.ConditionalIgnoredFields,
		CustomDiff: r.TerraformCustomDiff != nil, ConfigInjector: r.TerraformConfigurationInjector != nil,
		LoopPrevention: r.UpdateLoopPrevention != nil, Initializers: len(r.InitializerFns), Defaults: map[string]any{}, References: map[string]string{},
	}
	if sdk {
		l.Client = "sdk"
	}
	if r.ExternalName.DisableNameInitializer {
		l.ExternalName = "provider"
	}
	for path, ref := range r.References {
		l.References[camel(path)] = ref.TerraformName
	}
	l.ConnectionKeys = connectionKeys(r)
	l.walk(r, "", r.TerraformResource)
	for _, s := range [][]string{
		l.Required, l.LateInit, l.LateInitIfRead, l.ForceNew, l.Sensitive, l.Suppressed, l.AtProvider,
	} {
		sort.Strings(s)
	}
	return l
}

// connectionKeys are those that the provider publishes for a resource all of whose text and number attributes are set: it leaves out what it
// does not find. Keys of sensitive attributes (attribute.<name>) come besides.
func connectionKeys(r *ujconfig.Resource) []string {
	details := r.Sensitive.AdditionalConnectionDetailsFn
	if details == nil {
		return nil
	}
	state := map[string]any{}
	for name, f := range r.TerraformResource.Schema {
		switch f.Type {
		case schema.TypeString:
			state[name] = "text"
		case schema.TypeInt, schema.TypeFloat:
			state[name] = float64(1) // as decoded from JSON
		}
	}
	keys, err := details(state)
	if err != nil {
		return nil
	}
	return slices.Sorted(maps.Keys(keys))
}

func (l *law) walk(r *ujconfig.Resource, parent string, s *schema.Resource) {
	for key, f := range s.Schema {
		path := strings.TrimPrefix(parent+"."+key, ".")
		if parent == "" && (slices.Contains(r.ExternalName.OmittedFields, key) || key == "id") {
			continue
		}
		p := camel(path)
		switch {
		case f.Required:
			l.Required = append(l.Required, p)
		case f.Optional && slices.Contains(r.LateInitializer.IgnoredFields, path):
		case f.Optional && f.Computed:
			l.LateInit = append(l.LateInit, p)
		case f.Optional:
			l.LateInitIfRead = append(l.LateInitIfRead, p)
		case f.Computed:
			l.AtProvider = append(l.AtProvider, p)
			continue
		}
		if f.Default != nil {
			l.Defaults[p] = f.Default
		}
		if f.ForceNew {
			l.ForceNew = append(l.ForceNew, p)
		}
		if f.Sensitive {
			l.Sensitive = append(l.Sensitive, p)
		}
		if f.DiffSuppressFunc != nil {
			l.Suppressed = append(l.Suppressed, p)
		}
		if nested, ok := f.Elem.(*schema.Resource); ok {
			l.walk(r, path, nested)
		}
	}
}

func camel(path string) string {
	parts := strings.Split(path, ".")
	for i, p := range parts {
		parts[i] = name.NewFromSnake(p).LowerCamelComputed
	}
	return strings.Join(parts, ".")
}
