package appdatabase

import (
	"fmt"
	"maps"
	"slices"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	inputv1 "github.com/goldenpath-dev/goldenpath/functions/appdatabase/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/appdatabase/parameters"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/rds"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
	"github.com/goldenpath-dev/goldenpath/functions/internal/quote"
)

// Apply methods of RDS.
const (
	applyImmediate = "immediate"
	applyAtReboot  = "pending-reboot"
)

// parametersOf a database, in RDS's own spelling: ours, over them the platform's, then the claim's, then what is not for discussion.
// Who writes one of the names of a parameter means all of them.
func parametersOf(table parameters.Table, engine inputv1.Engine, c claim, f engineFacts) map[string]string {
	merged := map[string]parameters.Setting{}
	for _, layer := range []map[string]string{f.parameters, engine.Parameters, c.parameters, {f.tlsParameter: f.tlsValue}} {
		for name, value := range layer {
			setting := table.Spell(string(c.engine), name, value)
			merged[setting.CountsAs] = setting
		}
	}
	spelled := make(map[string]string, len(merged))
	for _, setting := range merged {
		spelled[setting.Name] = setting.Value
	}
	return spelled
}

// parameterList in the order of the names. What RDS reports counts where it means the same: it is RDS's own spelling of a value, and
// the method that it has noted.
func (d *database) parameterList(group object.Object, family string) []rds.Parameter {
	reported := map[string]object.Object{}
	for _, parameter := range group.List("status", "atProvider", "parameter") {
		reported[parameter.String("name")] = parameter
	}
	list := make([]rds.Parameter, 0, len(d.settings.parameters))
	for _, name := range slices.Sorted(maps.Keys(d.settings.parameters)) {
		value := d.settings.parameters[name]
		p := rds.Parameter{Name: name, Value: value, ApplyMethod: d.applyMethod(family, name, value)}
		if has, ok := reported[name]; ok && d.same(name, has.String("value"), value) {
			p.Value = has.String("value")
			if has.String("applyMethod") == applyAtReboot {
				p.ApplyMethod = applyAtReboot
			}
		}
		list = append(list, p)
	}
	return list
}

// applyMethod of a value in the groups of a family. RDS does not note a value that the family has anyway, and reports that it waits for
// a reboot, whatever it was told: the provider would tell it again and again.
func (d *database) applyMethod(family, name, value string) string {
	if !d.dynamic(name) || d.data.parameters.IsDefault(string(d.claim.engine), family, name, value) {
		return applyAtReboot
	}
	return applyImmediate
}

// same says that two values of a parameter mean the same.
func (d *database) same(name, a, b string) bool {
	return d.data.parameters.Same(string(d.claim.engine), name, a, b)
}

// dynamic says that a parameter takes effect while the database runs.
func (d *database) dynamic(name string) bool {
	return name == d.settings.facts.tlsParameter || d.data.parameters.ApplyMethod(string(d.claim.engine), name) == applyImmediate
}

// composedParameters of a group, as RDS writes them: earlier functions left that to the claim.
func (d *database) composedParameters(group object.Object) map[string]string {
	list := group.List("spec", "forProvider", "parameter")
	out := make(map[string]string, len(list))
	for _, p := range list {
		setting := d.data.parameters.Spell(string(d.claim.engine), p.String("name"), p.String("value"))
		out[setting.Name] = setting.Value
	}
	return out
}

func parametersKnown(r request) *plan.Refusal {
	names := slices.Sorted(maps.Keys(r.claim.parameters))
	for _, name := range names {
		if err := r.data.parameters.Check(string(r.claim.engine), name, r.claim.parameters[name]); err != nil {
			return plan.Refuse(v1.ConditionDatabaseReady, conditions.InvalidParameter,
				fmt.Sprintf("spec.parameters[%q]: %v", quote.Short(name), err))
		}
	}
	if err := r.data.parameters.Twice(string(r.claim.engine), names); err != nil {
		return plan.Refuse(v1.ConditionDatabaseReady, conditions.InvalidParameter, fmt.Sprintf("spec.parameters: %v", err))
	}
	return nil
}

// nothingLeaks refuses what would have the server log the passwords that Vault issues, whoever wants it. With static credentials no
// statement has a password.
func (d *database) nothingLeaks() *plan.Refusal {
	if d.credentials() != v1.CredentialsDynamic {
		return nil
	}
	engine := string(d.claim.engine)
	wanted := parametersOf(d.data.parameters, d.data.engines[d.claim.engine], d.claim, facts()[d.claim.engine])
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		err := d.data.parameters.Leaks(engine, name, wanted[name])
		if err == nil {
			continue
		}
		field := fmt.Sprintf("the platform's parameters of %s", engine)
		if d.claims(name) {
			field = "spec.parameters"
		}
		return plan.Refuse(v1.ConditionDatabaseReady, conditions.InvalidParameter, fmt.Sprintf("%s: %v", field, err))
	}
	return nil
}

// claims says that the claim has a parameter, by whatever name.
func (d *database) claims(name string) bool {
	engine := string(d.claim.engine)
	for own := range d.claim.parameters {
		if d.data.parameters.Spell(engine, own, "").Name == name {
			return true
		}
	}
	return false
}
