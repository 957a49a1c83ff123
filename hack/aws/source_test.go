package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// repository writes files below a directory of its own.
func repository(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, content := range files {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

const (
	pins = "providers:\n- {name: aws, module: example.org/provider, version: v1.0.0, sum: h1:one}\n- {name: vault, version: v2.0.0}\n"
	lock = "kinds:\n- {service: ec2.aws, kind: VPC, plural: vpcs}\n- {service: auth.vault, kind: Backend, plural: backends}\n"
	next = "kinds:\n- {service: sqs.aws, kind: Queue, plural: queues}\n- {service: ec2.aws, kind: VPC, plural: vpcs}\n"
)

func whole() map[string]string {
	return map[string]string{
		"hack/schemas/providers.yaml": pins, "hack/schemas/lock.yaml": lock, "hack/aws/next.yaml": next,
		"hack/aws/main.go": "package main\n", "hack/aws/main_test.go": "package main\n", "hack/aws/mini/go.mod": "module m\n",
	}
}

func TestReadSource(t *testing.T) {
	root := repository(t, whole())
	got, err := readSource(root)
	if err != nil {
		t.Fatal(err)
	}
	want := Source{
		Module: "example.org/provider", Version: "v1.0.0", Sum: "h1:one", Dir: filepath.Join(root, "hack", "aws"),
		Kinds: []Kind{{"ec2", "VPC", "vpcs"}, {"sqs", "Queue", "queues"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("kinds of other providers stay out, and one in both files is there once (-want +got):\n%s", diff)
	}
}

func TestReadSourceRefuses(t *testing.T) {
	cases := map[string]struct{ file, content, want string }{
		"a provider without a pin":  {"hack/schemas/providers.yaml", "providers:\n- {name: aws, version: v1}\n", `does not pin module, version and sum of provider "aws"`},
		"a lock that is not YAML":   {"hack/schemas/lock.yaml", "\t", "lock.yaml"},
		"a lock without our kinds":  {"hack/schemas/lock.yaml", "kinds:\n- {service: auth.vault, kind: Backend}\n", `has no kind of provider "aws"`},
		"a kind without its plural": {"hack/aws/next.yaml", "kinds:\n- {service: sqs.aws, kind: Queue}\n", "lacks service, kind or plural"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			files := whole()
			files[tc.file] = tc.content
			if _, err := readSource(repository(t, files)); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error is %v, want one with %q", err, tc.want)
			}
		})
	}
}

// The binary is built again when what it is made from has changed, and not when only a test has.
func TestStamp(t *testing.T) {
	stamp := func(files map[string]string) string {
		t.Helper()
		s, err := readSource(repository(t, files))
		if err != nil {
			t.Fatal(err)
		}
		out, err := s.stamp()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	before := stamp(whole())
	for file, changes := range map[string]bool{
		"hack/aws/main.go": true, "hack/aws/mini/go.mod": true, "hack/aws/main_test.go": false,
	} {
		files := whole()
		files[file] += "// changed\n"
		if after := stamp(files); (after != before) != changes {
			t.Errorf("after a change of %s the stamp is %s, and it was %s", file, after, before)
		}
	}
	files := whole()
	files["hack/schemas/lock.yaml"] = lock + "- {service: kms.aws, kind: Key, plural: keys}\n"
	if stamp(files) == before {
		t.Error("a new kind does not change the stamp")
	}
	files["hack/schemas/lock.yaml"] = strings.ReplaceAll(lock, "plural: vpcs}", "plural: vpcs, fields: [{path: region, type: string}]}")
	if stamp(files) != before {
		t.Error("a new field of a kind changes the stamp: nothing is built from it")
	}
}
