package command

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReport(t *testing.T) {
	index := Index{
		Version: "v0.1.0", Registry: "localhost:5000",
		Layers: []RuntimeLayer{{Architecture: "amd64", Digest: "sha256:1", Size: 5 << 20}},
		Packages: []Package{
			{Name: "function-echo", Repository: "localhost:5000/goldenpath-dev/function-echo", Files: []File{
				{File: "function-echo-amd64.xpkg", Architecture: "amd64", Digest: "sha256:2", Size: 6 << 20},
				{File: "function-echo-arm64.xpkg", Architecture: "arm64", Digest: "sha256:3", Size: 7 << 20},
			}},
			{Name: "goldenpath", Repository: "localhost:5000/goldenpath-dev/goldenpath", Files: []File{{File: "goldenpath.xpkg", Digest: "sha256:4", Size: 1 << 19}}},
		},
	}
	var out strings.Builder
	if err := report(&out, "dir", index); err != nil {
		t.Fatal(err)
	}
	want := `PACKAGE          ARCH   SIZE      DIGEST
function-echo    amd64  6.00 MiB  sha256:2
function-echo    arm64  7.00 MiB  sha256:3
goldenpath       any    0.50 MiB  sha256:4
(runtime layer)  amd64  5.00 MiB  sha256:1

goldenpath-dev v0.1.0 for localhost:5000 is in dir. Publish it with:
  crossplane xpkg push -f dir/function-echo-amd64.xpkg,dir/function-echo-arm64.xpkg localhost:5000/goldenpath-dev/function-echo:v0.1.0
  crossplane xpkg push -f dir/goldenpath.xpkg localhost:5000/goldenpath-dev/goldenpath:v0.1.0
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}
