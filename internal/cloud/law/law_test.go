package law

import (
	"slices"
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	t.Parallel()
	book, err := Read()
	if err != nil {
		t.Fatal(err)
	}
	eip, ok := book.Of("ec2.aws/EIP")
	if !ok || !eip.Async || !eip.Assigned() || !slices.Contains(eip.LateInitialised(), "networkInterface") {
		t.Errorf("an address is named by AWS, asynchronous, and its interface is late-initialised: %+v", eip)
	}
	if role, _ := book.Of("iam.aws/Role"); role.Assigned() || !slices.Contains(role.LateInitialised(), "path") {
		t.Errorf("a role has the name that it is given, and a default path: %+v", role)
	}
	if group, _ := book.Of("ec2.aws/DefaultSecurityGroup"); !slices.Contains(group.LateInitialised(), "ingress") ||
		slices.Contains(group.AtProviderOnly, "ingress") {
		t.Errorf("the rules of a default security group are late-initialised: %+v", group)
	}
	if instance, _ := book.Of("rds.aws/Instance"); slices.Contains(instance.LateInitialised(), "availabilityZone") {
		t.Error("what the provider ignores is never late-initialised")
	}
	if _, known := book.Of("kv.vault/SecretV2"); known {
		t.Error("there is no law of Vault")
	}
}

// TestWhole: every law names its kind and who names its resources, and no field is in two places.
func TestWhole(t *testing.T) {
	t.Parallel()
	book, err := Read()
	if err != nil {
		t.Fatal(err)
	}
	if len(book.Kinds()) < 50 {
		t.Errorf("the law is of %d kinds", len(book.Kinds()))
	}
	for _, kind := range book.Kinds() {
		l, _ := book.Of(kind)
		if l.Kind == "" || !strings.Contains(l.CRD, ".aws.m.upbound.io_") || l.ExternalName != Provider && l.ExternalName != Name {
			t.Errorf("%s: %q, %q, named by %q", kind, l.CRD, l.Kind, l.ExternalName)
		}
		for _, field := range l.LateInit {
			if slices.Contains(l.LateInitIfRead, field) || slices.Contains(l.AtProviderOnly, field) {
				t.Errorf("%s: %s is in two places", kind, field)
			}
		}
	}
}
