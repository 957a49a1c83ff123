package main

import (
	"bytes"
	"go/format"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func content(t *testing.T, parts ...string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestTrimServices(t *testing.T) {
	list := "import (\n\t\"example.org/internal/service/ec2\"\n\t\"example.org/internal/service/sqs\"\n)\n" +
		"\t\tec2.ServicePackage(ctx),\n\t\tsqs.ServicePackage(ctx),\n"
	root := repository(t, map[string]string{"gen.go": list})
	file := filepath.Join(root, "gen.go")
	if err := trimServices(file, []string{"ec2", "kms"}); err == nil || !strings.Contains(err.Error(), `no service "kms"`) {
		t.Errorf("a service that is not in the list is an error, not %v", err)
	}
	want := "import (\n\t\"example.org/internal/service/ec2\"\n)\n\t\tec2.ServicePackage(ctx),\n"
	if diff := cmp.Diff(want, content(t, file)); diff != "" {
		t.Error(diff)
	}
}

func TestTrimClients(t *testing.T) {
	generated := "import (\n\t\"github.com/aws/aws-sdk-go-v2/service/ec2\"\n\tevents \"github.com/aws/aws-sdk-go-v2/service/eventbridge\"\n\t\"github.com/aws/aws-sdk-go-v2/service/sqs\"\n)\n" +
		"func (c *AWSClient) EC2Client(ctx context.Context) *ec2.Client {\n\treturn one\n}\n" +
		"func (c *AWSClient) EventsClient(ctx context.Context) *events.Client {\n\treturn two\n}\n" +
		"func (c *AWSClient) SQSClient(ctx context.Context) *sqs.Client {\n\treturn three\n}\n"
	root := repository(t, map[string]string{
		"internal/conns/awsclient_gen.go": generated, "internal/service/ec2/vpc.go": "conn := meta.EC2Client(ctx)\n",
	})
	if err := trimClients(root); err != nil {
		t.Fatal(err)
	}
	want := "import (\n\t\"github.com/aws/aws-sdk-go-v2/service/ec2\"\n)\nfunc (c *AWSClient) EC2Client(ctx context.Context) *ec2.Client {\n\treturn one\n}\n"
	if diff := cmp.Diff(want, content(t, root, "internal/conns/awsclient_gen.go")); diff != "" {
		t.Error(diff)
	}
}

func TestRewriteWebhooks(t *testing.T) {
	root := repository(t, map[string]string{"rds/instance/gen.go": "ctrl.NewWebhookManagedBy(mgr).\n\t\t\tFor(&v1beta1.Instance{}).\n\t\t\tComplete()\n"})
	if err := rewriteWebhooks(root); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("ctrl.NewWebhookManagedBy(mgr, &v1beta1.Instance{}).\n\t\t\tComplete()\n", content(t, root, "rds/instance/gen.go")); diff != "" {
		t.Error(diff)
	}
	other := repository(t, map[string]string{"gen.go": "ctrl.NewWebhookManagedBy(mgr).WithDefaulter(d)\n"})
	if err := rewriteWebhooks(other); err == nil {
		t.Error("another form of a webhook passes silently, and would not compile")
	}
}

func TestKeep(t *testing.T) {
	provider, terraform := keepOfProvider([]string{"ec2"}), keepOfTerraform([]string{"ec2"})
	cases := map[string]struct {
		keep func(string) bool
		path string
		want bool
	}{
		"a controller of a group":       {provider, "internal/controller/namespaced/ec2/vpc/zz_controller.go", true},
		"one of another group":          {provider, "internal/controller/namespaced/sqs/queue/zz_controller.go", false},
		"one of the cluster-scoped API": {provider, "internal/controller/cluster/ec2/vpc/zz_controller.go", false},
		"the list of all controllers":   {provider, "internal/controller/namespaced/zz_setup.go", false},
		"configuration":                 {provider, "config/registry.go", true},
		"clients":                       {provider, "internal/clients/aws.go", true},
		"the packages' CRDs":            {provider, "package/crds/a.yaml", false},
		"a test":                        {provider, "config/registry_test.go", false},
		"a service":                     {terraform, "internal/service/ec2/vpc.go", true},
		"another service":               {terraform, "internal/service/sqs/queue.go", false},
		"data of its tests":             {terraform, "internal/service/ec2/testdata/a.go", false},
		"what all services share":       {terraform, "internal/conns/awsclient.go", true},
		"Terraform's own documentation": {terraform, "website/docs/index.md", false},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			if got := tc.keep(tc.path); got != tc.want {
				t.Errorf("%s is kept: %v, want %v", tc.path, got, tc.want)
			}
		})
	}
}

func TestKindLists(t *testing.T) {
	s := Source{Module: "example.org/provider", Kinds: []Kind{{"cloudwatchlogs", "Group", "groups"}, {"ec2", "NATGateway", "natgateways"}}}
	raw, err := kindLists(s)
	if err != nil {
		t.Fatal(err)
	}
	again, err := format.Source(raw)
	if err != nil || !bytes.Equal(again, raw) {
		t.Errorf("the file is not formatted Go: %v", err)
	}
	for _, want := range []string{
		`ec2natgateway "example.org/provider/internal/controller/namespaced/ec2/natgateway"`, "ec2natgateway.SetupGated,",
		`ec2types "example.org/provider/apis/namespaced/ec2/v1beta1"`, "elbv2types.AddToScheme,",
		`{group: "cloudwatchlogs", name: "Group", plural: "groups"},`,
	} {
		if !strings.Contains(strings.Join(strings.Fields(string(raw)), " "), strings.Join(strings.Fields(want), " ")) {
			t.Errorf("the file lacks %s:\n%s", want, raw)
		}
	}
	if got := services(s.groups()); !set(got)["logs"] || set(got)["cloudwatchlogs"] {
		t.Errorf("the services are %v: Terraform calls CloudWatch Logs logs", got)
	}
}
