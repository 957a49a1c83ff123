package gate

import (
	"fmt"
	"io"
	"strings"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/providers"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/xrd"
)

// Print writes the report: what was checked, by which gate, and every violation.
func (r Report) Print(w io.Writer, schemas int) {
	for _, v := range r.Violations {
		fmt.Fprintln(w, v)
	}
	examples, resources, perFlavour := 0, 0, make([]string, 0, 2)
	for _, f := range xrd.Flavours() {
		examples += r.Examples[f]
		resources += r.Resources[f]
		perFlavour = append(perFlavour, fmt.Sprintf("%s %d with %d resources", f, r.Examples[f], r.Resources[f]))
	}
	walked := make([]string, 0, len(perFlavour))
	for _, f := range xrd.Flavours() {
		walked = append(walked, fmt.Sprintf("%s %d IAM documents and %d Vault policies", f, r.Policies[f].IAM, r.Policies[f].Vault))
	}
	for _, j := range r.judges() {
		fmt.Fprintf(w, "  %-4s gate  %-11s %-8s %4d documents  from %s\n", j.Gate, j.Provider, j.Version, r.Judges[j], j.From)
	}
	fmt.Fprintf(w, "gate: %d examples (%s), %d composed resources, %d inputs and XRs, %d schemas, %d violations\n",
		examples, strings.Join(perFlavour, ", "), resources, r.Inputs, schemas, len(r.Violations))
	fmt.Fprintf(w, "gate: walked what is permitted: %s\n", strings.Join(walked, ", "))
}

// LockOnly names the providers that only the lock judged.
func (r Report) LockOnly() []string {
	var names []string
	for _, j := range r.judges() {
		if j.Gate == providers.Lock {
			names = append(names, j.Provider)
		}
	}
	return names
}
