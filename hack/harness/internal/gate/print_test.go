package gate

import (
	"strings"
	"testing"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/xrd"
)

// The report says how many policies were walked: none would be no proof.
func TestReportCountsPolicies(t *testing.T) {
	document := `engine: '{"Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b"}}'`
	checker := NewChecker(schemas(t))
	for range 2 {
		e := Case{Definition: xrd.Definition{Flavour: xrd.Namespaced}, XR: parse(t, order)[0]}
		e.Output = parse(t, order+"---\n"+strings.Replace(good, "engine: postgres", document, 1))
		if found := checker.Check(e); len(found) > 0 {
			t.Fatal(found)
		}
	}
	var out strings.Builder
	checker.Report().Print(&out, 1)
	const want = "gate: walked what is permitted: namespaced 2 IAM documents and 0 Vault policies, claims 0 IAM documents and 0 Vault policies\n"
	if !strings.HasSuffix(out.String(), want) {
		t.Errorf("the report is\n%swant the last line\n%s", out.String(), want)
	}
}
