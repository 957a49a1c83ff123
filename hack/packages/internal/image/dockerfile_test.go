package image

import (
	"encoding/json"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const root = "../../../.."

// instruction is one of the Dockerfile: its name, and what follows on one line.
type instruction struct{ name, text string }

func readDockerfile(t *testing.T) []instruction {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(root, "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	var all []instruction
	for line := range strings.Lines(strings.ReplaceAll(string(raw), "\\\n", " ")) {
		if line = strings.Join(strings.Fields(line), " "); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, text, _ := strings.Cut(line, " ")
		all = append(all, instruction{name, text})
	}
	return all
}

// last returns the texts of an instruction in the last stage: that is what the image gets.
func last(t *testing.T, file []instruction, name string) []string {
	t.Helper()
	var texts []string
	for _, i := range file {
		switch i.name {
		case "FROM":
			texts = nil
		case name:
			texts = append(texts, i.text)
		}
	}
	return texts
}

func TestDockerfileBuildsTheSameImage(t *testing.T) {
	file := readDockerfile(t)
	entrypoint, err := json.Marshal([]string{binaryPath})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{
		"ENTRYPOINT": {string(entrypoint)},
		"USER":       {user},
		"EXPOSE":     {strings.Join(ports(), " ")},
		"COPY":       {"--from=build " + binaryPath + " " + binaryPath},
		"CMD":        nil, // Each function package has its own.
		"ENV":        nil,
		"RUN":        nil,
		"LABEL": {strings.Join([]string{
			labelSource + `="` + source + `"`, labelVersion + `="$VERSION"`, labelRevision + `="$REVISION"`, labelLicenses + `="` + license + `"`,
		}, " ")},
	}
	got := map[string][]string{}
	for name := range want {
		got[name] = last(t, file, name)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("last stage of the Dockerfile (-the image of make packages +Dockerfile):\n%s", diff)
	}
	if base := lastFrom(file); base != "scratch" {
		t.Errorf("the last stage is FROM %s, want scratch: make packages puts nothing below the binary", base)
	}
}

func TestDockerfileCompilesTheSameWay(t *testing.T) {
	var got string
	for _, i := range readDockerfile(t) {
		if i.name == "RUN" && strings.Contains(i.text, "go build") {
			got = i.text
		}
	}
	args := goArgs("$VERSION", binaryPath)
	for i, arg := range args {
		if strings.Contains(arg, " ") {
			args[i] = `"` + arg + `"`
		}
	}
	want := "CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go " + strings.Join(args, " ")
	if got != want {
		t.Errorf("the Dockerfile compiles with\n  %s\nand make packages with\n  %s", got, want)
	}
	if !slices.Contains(goEnv("amd64"), "CGO_ENABLED=0") {
		t.Error("make packages compiles with cgo, the Dockerfile without")
	}
}

func TestDockerfileHasTheGoVersionOfTheModule(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range readDockerfile(t) {
		version, ok := strings.CutPrefix(i.text, "GO_VERSION=")
		if i.name != "ARG" || !ok {
			continue
		}
		if !strings.Contains(string(raw), "\ngo "+version+".") {
			t.Errorf("the Dockerfile builds with Go %s, and go.mod asks for another one", version)
		}
		return
	}
	t.Error("the Dockerfile has no ARG GO_VERSION")
}

// What the build stage does not copy, or .dockerignore hides, cannot be compiled.
func TestDockerfileCopiesWhatTheBinaryIsMadeOf(t *testing.T) {
	var copied []string
	for _, i := range readDockerfile(t) {
		if i.name == "COPY" && !strings.HasPrefix(i.text, "--from") {
			sources := strings.Fields(i.text)
			copied = append(copied, sources[:len(sources)-1]...)
		}
	}
	raw, err := os.ReadFile(filepath.Join(root, ".dockerignore"))
	if err != nil {
		t.Fatal(err)
	}
	for _, source := range copied {
		if !strings.Contains(string(raw), "\n!"+source+"\n") {
			t.Errorf(".dockerignore hides %s, which the Dockerfile copies", source)
		}
	}
	const module = "github.com/goldenpath-dev/goldenpath/"
	list := exec.Command("go", "list", "-deps", sourcePackage)
	list.Dir = root
	list.Env = append(os.Environ(), goEnv("amd64")...)
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, pkg := range strings.Fields(string(out)) {
		dir, ours := strings.CutPrefix(pkg, module)
		if !ours {
			continue
		}
		found++
		if top, _, _ := strings.Cut(path.Clean(dir), "/"); !slices.Contains(copied, top) {
			t.Errorf("the binary needs %s, and the Dockerfile copies only %v", dir, copied)
		}
	}
	if found == 0 {
		t.Errorf("no package of ours among those that %s needs", sourcePackage)
	}
}

func lastFrom(file []instruction) string {
	var from string
	for _, i := range file {
		if i.name == "FROM" {
			from = i.text
		}
	}
	return from
}
