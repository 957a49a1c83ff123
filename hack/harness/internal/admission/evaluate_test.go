package admission

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"sigs.k8s.io/yaml"
)

// policy is a ValidatingAdmissionPolicy, as far as it matters here.
type policy struct {
	Kind string
	Spec struct {
		MatchConditions, Variables []struct{ Name, Expression string }
		Validations                []struct{ Expression, Message, MessageExpression string }
	}
}

// load reads the policy of a sample.
func load(t *testing.T, file string) policy {
	t.Helper()
	raw, err := os.ReadFile("../../../../deploy/samples/" + file)
	if err != nil {
		t.Fatal(err)
	}
	for document := range strings.SplitSeq(string(raw), "\n---\n") {
		var p policy
		if err := yaml.Unmarshal([]byte(document), &p); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if p.Kind == "ValidatingAdmissionPolicy" {
			return p
		}
	}
	t.Fatalf("%s has no policy", file)
	return policy{}
}

// attempt is a request to an API server.
type attempt struct {
	object, old, request map[string]any
	// platform says that the user may change Compositions.
	platform bool
}

// read makes an object of YAML.
func read(t *testing.T, text string) map[string]any {
	t.Helper()
	if text == "" {
		return nil
	}
	var o map[string]any
	if err := yaml.Unmarshal([]byte(text), &o); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return o
}

// denied is the message of the first validation that fails, as an API server evaluates them. Empty when the request is admitted.
// https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
func (p policy) denied(t *testing.T, a attempt) string {
	t.Helper()
	env := environment(t)
	scope := map[string]any{"object": orNull(a.object), "oldObject": orNull(a.old), "request": a.request, "authorizer": a.platform}
	for _, m := range p.Spec.MatchConditions {
		if evaluate(t, env, m.Expression, scope) != true {
			return ""
		}
	}
	variables := map[string]any{}
	scope["variables"] = variables
	for _, v := range p.Spec.Variables {
		variables[v.Name] = evaluate(t, env, v.Expression, scope)
	}
	for _, v := range p.Spec.Validations {
		if evaluate(t, env, v.Expression, scope) == true {
			continue
		}
		if v.MessageExpression != "" {
			return fmt.Sprint(evaluate(t, env, v.MessageExpression, scope))
		}
		return v.Message
	}
	return ""
}

func orNull(o map[string]any) any {
	if o == nil {
		return nil
	}
	return o
}

func evaluate(t *testing.T, env *cel.Env, expression string, scope map[string]any) any {
	t.Helper()
	ast, issues := env.Compile(expression)
	if issues.Err() != nil {
		t.Fatalf("%s: %v", expression, issues.Err())
	}
	program, err := env.Program(ast)
	if err != nil {
		t.Fatal(err)
	}
	out, _, err := program.Eval(scope)
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	if b, ok := out.(types.Bool); ok {
		return bool(b)
	}
	return out
}

// environment has what the policies use of an API server's. The authorizer is one answer to every question.
func environment(t *testing.T) *cel.Env {
	t.Helper()
	same := func(receiver, _ ref.Val) ref.Val { return receiver }
	member := func(name string) cel.EnvOption {
		return cel.Function(name, cel.MemberOverload("authorizer_"+name, []*cel.Type{cel.DynType, cel.StringType}, cel.DynType, cel.BinaryBinding(same)))
	}
	env, err := cel.NewEnv(
		cel.Variable("object", cel.DynType), cel.Variable("oldObject", cel.DynType), cel.Variable("request", cel.DynType),
		cel.Variable("authorizer", cel.DynType), cel.Variable("variables", cel.MapType(cel.StringType, cel.DynType)),
		member("group"), member("resource"), member("check"),
		cel.Function("allowed", cel.MemberOverload("authorizer_allowed", []*cel.Type{cel.DynType}, cel.BoolType,
			cel.UnaryBinding(func(receiver ref.Val) ref.Val { return receiver }))),
	)
	if err != nil {
		t.Fatal(err)
	}
	return env
}
