package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// trimServices keeps the given services in Terraform's list of service packages.
func trimServices(file string, keep []string) error {
	kept := set(keep)
	imported := regexp.MustCompile(`internal/service/(\w+)"$`)
	listed := regexp.MustCompile(`^\t\t(\w+)\.ServicePackage\(ctx\),$`)
	found := map[string]bool{}
	err := filter(file, func(line string) bool {
		for _, form := range []*regexp.Regexp{imported, listed} {
			if m := form.FindStringSubmatch(line); m != nil {
				found[m[1]] = true
				return kept[m[1]]
			}
		}
		return true
	})
	for _, name := range keep {
		if err == nil && !found[name] {
			err = fmt.Errorf("%s lists no service %q: services.go maps API groups to services", file, name)
		}
	}
	return err
}

// trimClients keeps the SDK clients that the code which was copied asks for.
func trimClients(terraform string) error {
	generated := filepath.Join(terraform, "internal", "conns", "awsclient_gen.go")
	used, err := usedClients(filepath.Join(terraform, "internal"), generated)
	if err != nil {
		return err
	}
	raw, err := os.ReadFile(generated) //nolint:gosec // A copy of ours.
	if err != nil {
		return err
	}
	imported := regexp.MustCompile(`^\t(?:(\w+) )?"github\.com/aws/aws-sdk-go-v2/service/(\w+)"$`)
	method := regexp.MustCompile(`^func \(c \*AWSClient\) (\w+)\(.* \*(\w+)\.Client \{$`)
	packages := map[string]bool{}
	for line := range strings.SplitSeq(string(raw), "\n") {
		if m := method.FindStringSubmatch(line); len(m) > 2 && used[m[1]] {
			packages[m[2]] = true
		}
	}
	dropping := false
	return filter(generated, func(line string) bool {
		if m := imported.FindStringSubmatch(line); m != nil {
			return packages[m[1]] || m[1] == "" && packages[m[2]]
		}
		if m := method.FindStringSubmatch(line); m != nil {
			dropping = !used[m[1]]
		}
		drop := dropping
		if line == "}" {
			dropping = false
		}
		return !drop
	})
}

// usedClients are the names of the accessors that the code calls, that of one file aside.
func usedClients(dir, generated string) (map[string]bool, error) {
	used := map[string]bool{}
	call := regexp.MustCompile(`\.(\w+Client)\(ctx`)
	return used, eachGoFile(dir, func(path string, raw []byte) error {
		if path == generated {
			return nil
		}
		for _, m := range call.FindAllSubmatch(raw, -1) {
			used[string(m[1])] = true
		}
		return nil
	})
}

// rewriteWebhooks gives the object of a webhook as an argument: the later controller-runtime has no For.
func rewriteWebhooks(controllers string) error {
	old := regexp.MustCompile(`NewWebhookManagedBy\(mgr\)\.\s*For\((&[\w.]+\{\})\)\.`)
	return eachGoFile(controllers, func(path string, raw []byte) error {
		now := old.ReplaceAll(raw, []byte("NewWebhookManagedBy(mgr, $1)."))
		if strings.Contains(string(now), "NewWebhookManagedBy(mgr).") {
			return fmt.Errorf("%s makes a webhook in a form that trim.go does not know", path)
		}
		return os.WriteFile(path, now, 0o600)
	})
}

func eachGoFile(dir string, do func(path string, raw []byte) error) error {
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") {
			return err
		}
		raw, err := os.ReadFile(path) //nolint:gosec // A copy of ours.
		if err != nil {
			return err
		}
		return do(path, raw)
	})
}

func filter(file string, keep func(line string) bool) error {
	raw, err := os.ReadFile(file) //nolint:gosec // A copy of ours.
	if err != nil {
		return err
	}
	var kept []string
	for line := range strings.SplitSeq(string(raw), "\n") {
		if keep(line) {
			kept = append(kept, line)
		}
	}
	return os.WriteFile(file, []byte(strings.Join(kept, "\n")), 0o600)
}
