package simulator_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/functions/appdatabase"
	"github.com/goldenpath-dev/goldenpath/functions/guardrails"
	"github.com/goldenpath-dev/goldenpath/functions/iam"
	"github.com/goldenpath-dev/goldenpath/functions/internal/simulator"
	"github.com/goldenpath-dev/goldenpath/functions/vault"
)

// now is the injected clock of every test.
func now() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }

// oneStep is the default Composition: everything in one function, and the guardrails behind it.
func oneStep(input *structpb.Struct) []simulator.Step {
	return []simulator.Step{
		{Name: "appdatabase", Function: appdatabase.New(now), Input: input},
		{Name: "guardrails", Function: guardrails.New()},
	}
}

// split moves the stages behind the database into steps of their own.
func split(input *structpb.Struct) []simulator.Step {
	if input == nil {
		input = &structpb.Struct{}
	}
	return []simulator.Step{
		{Name: "appdatabase", Function: appdatabase.New(now), Input: simulator.With(input, simulator.Texts("database"), "stages")},
		{Name: "iam", Function: iam.New(now)},
		{Name: "vault", Function: vault.New(now)},
		{Name: "guardrails", Function: guardrails.New()},
	}
}

func parse(t testing.TB, document string) *structpb.Struct {
	t.Helper()
	s, err := simulator.Parse([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	return s
}
