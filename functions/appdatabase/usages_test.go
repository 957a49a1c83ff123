package appdatabase

import (
	"testing"

	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

const (
	usageEnvironment      = "database-usage-environment"
	usageMasterSecret     = "database-usage-master-secret"
	usageEnvironmentClaim = "database-usage-environment-claim"
	usageProtection       = "database-usage-protection"
	usageProtectionClaim  = "database-usage-protection-claim"
)

func TestEnvironmentIsKeptByTheInstance(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	instance := wanted(w.compose(), nameInstance).Name()
	usage := wanted(w.compose(), usageEnvironment)
	equal(t, "Usage", fields{
		"apiVersion": "protection.crossplane.io/v1beta1", "kind": "Usage",
		"metadata": fields{
			"name": w.in().Name(usageEnvironment), "namespace": "team-checkout", "labels": fields{"platform.io/environment-uid": "env-uid"},
		},
		"spec": fields{
			"of": fields{"apiVersion": "platform.io/v1", "kind": "Environment", "resourceRef": fields{"name": "staging"}},
			"by": fields{"apiVersion": "rds.aws.m.upbound.io/v1beta1", "kind": "Instance", "resourceRef": fields{"name": instance}},
		},
	}, usage.Map())
}

// Without the Secret the provider could not delete the instance in a namespace that is being deleted.
func TestMasterSecretIsKeptByTheInstance(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	p := w.compose()
	instance := wanted(p, nameInstance)
	equal(t, "Usage", fields{
		"apiVersion": "protection.crossplane.io/v1beta1", "kind": "Usage",
		"metadata": fields{"name": w.in().Name(usageMasterSecret), "namespace": "team-checkout"},
		"spec": fields{
			"of": fields{"apiVersion": "v1", "kind": "Secret", "resourceRef": fields{
				"name": instance.String("spec", "forProvider", "passwordSecretRef", "name"),
			}},
			"by": fields{"apiVersion": "rds.aws.m.upbound.io/v1beta1", "kind": "Instance", "resourceRef": fields{"name": instance.Name()}},
		},
	}, wanted(p, usageMasterSecret).Map())
}

// When the instance is gone, its Usage has no user left. It must not stand in the way of a new one.
func TestUsageGoesWithTheInstance(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	delete(w.observed, nameInstance)
	p := w.step()
	equal(t, "drops", []string{usageEnvironment + ": SpecChanged", usageMasterSecret + ": SpecChanged"}, drops(p))
	if wanted(p, nameInstance).IsZero() {
		t.Error("the instance is not created anew")
	}
	if p = w.settle(); wanted(p, usageEnvironment).IsZero() || len(p.Drops) > 0 {
		t.Errorf("the new instance does not keep its Environment: %v %v", resourceNames(p), drops(p))
	}
}

// Before core has looked for the instance, nobody knows whether it is gone.
func TestUsageStaysUntilCoreHasLooked(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	delete(w.observed, nameInstance)
	in := w.in()
	delete(in.Required, "database-usage-holder")
	p, err := Stage(w.data).Compose(in)
	if err != nil {
		t.Fatal(err)
	}
	if wanted(p, usageEnvironment).IsZero() || len(p.Drops) > 0 {
		t.Errorf("the Usage goes: %v", drops(p))
	}
	equal(t, "the Usage of the master Secret", w.in().Observed.Get(usageMasterSecret).At("spec").Map(), wanted(p, usageMasterSecret).At("spec").Map())
	equal(t, "what is looked for", []string{"environment", "database-usage-holder"}, requirements(p)[:2])
}

func TestProtection(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		environment string
		claim       any
		tier        *bool
		want        bool
	}{
		"production":               {"production", nil, nil, true},
		"production, set to false": {"production", false, nil, false},
		"staging":                  {"staging", nil, nil, false},
		"staging, set to true":     {"staging", true, nil, true},
		"a tier that is changed":   {"staging", nil, ptr(true), true},
		"the claim over the tier":  {"staging", false, ptr(true), false},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			set(w.env, "status.type", tc.environment)
			set(w.xr, "spec.deletionProtection", tc.claim)
			if tc.tier != nil {
				tier := w.data.tiers["staging"]
				tier.DeletionProtection = tc.tier
				w.data.tiers["staging"] = tier
			}
			first := w.compose()
			if got := !wanted(first, usageProtection).IsZero(); got != tc.want {
				t.Errorf("protected from the first call: %v, want %v", got, tc.want)
			}
			p := w.settle()
			if got := wanted(p, nameInstance).Bool("spec", "forProvider", "deletionProtection"); got != tc.want {
				t.Errorf("the cloud protects: %v, want %v", got, tc.want)
			}
			if got := p.Status.Done().Bool("deletionProtection"); got != tc.want {
				t.Errorf("status.deletionProtection: %v, want %v", got, tc.want)
			}
		})
	}
}

const protectionReason = "orders is protected: set spec.deletionProtection to false, wait until status.deletionProtection is false, then delete it"

func TestProtectionUsage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	set(w.xr, "spec.deletionProtection", true)
	equal(t, "Usage", fields{
		"apiVersion": "protection.crossplane.io/v1beta1", "kind": "Usage",
		"metadata": fields{"name": w.in().Name(usageProtection), "namespace": "team-checkout"},
		"spec": fields{
			"of":     fields{"apiVersion": "platform.io/v1", "kind": "AppDatabase", "resourceRef": fields{"name": "orders"}},
			"reason": protectionReason,
		},
	}, wanted(w.compose(), usageProtection).Map())
}

// Protection that is turned off holds until the cloud has it: a delete in between would hang.
func TestProtectionIsTurnedOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	set(w.xr, "spec.deletionProtection", true)
	w.settle()
	set(w.xr, "spec.deletionProtection", false)
	w.asleep = []string{nameInstance}
	for range 2 {
		p := w.step()
		if wanted(p, usageProtection).IsZero() || !p.Status.Done().Bool("deletionProtection") {
			t.Fatal("the Usage goes while the cloud still protects")
		}
		if wanted(p, nameInstance).Bool("spec", "forProvider", "deletionProtection") {
			t.Fatal("the protection is not turned off in the cloud")
		}
	}
	w.wake(nameInstance)
	p := w.step()
	equal(t, "drops", []string{usageProtection + ": SpecChanged"}, drops(p))
	if p.Status.Done().Bool("deletionProtection") {
		t.Error("status.deletionProtection is still true")
	}
}

// In the claims flavour the claim and the composite behind it are two objects, and each one is kept.
func TestUsagesInTheClaimsFlavour(t *testing.T) {
	t.Parallel()
	w := newWorld(t).claimed()
	set(w.xr, "spec.deletionProtection", true)
	p := w.settle()
	instance := wanted(p, nameInstance).Name()
	labels := fields{"platform.io/environment-uid": "env-uid"}
	api := "protection.crossplane.io/v1beta1"
	want := map[string]fields{
		usageEnvironment: {"apiVersion": api, "kind": "ClusterUsage",
			"metadata": fields{"name": w.in().Name(usageEnvironment), "labels": labels},
			"spec": fields{
				"of": fields{"apiVersion": "platform.io/v1", "kind": "XEnvironment", "resourceRef": fields{"name": "staging-b2c4d"}},
				"by": fields{"apiVersion": "rds.aws.upbound.io/v1beta3", "kind": "Instance", "resourceRef": fields{"name": instance}},
			}},
		usageEnvironmentClaim: {"apiVersion": api, "kind": "Usage",
			"metadata": fields{"name": w.in().Name(usageEnvironmentClaim), "namespace": "team-checkout", "labels": labels},
			"spec": fields{
				"of":     fields{"apiVersion": "platform.io/v1", "kind": "Environment", "resourceRef": fields{"name": "staging"}},
				"reason": "appdatabase team-checkout/orders lives in it: delete that first",
			}},
		usageProtection: {"apiVersion": api, "kind": "ClusterUsage",
			"metadata": fields{"name": w.in().Name(usageProtection)},
			"spec": fields{
				"of":     fields{"apiVersion": "platform.io/v1", "kind": "XAppDatabase", "resourceRef": fields{"name": "orders-x7k2p"}},
				"reason": protectionReason,
			}},
		usageProtectionClaim: {"apiVersion": api, "kind": "Usage",
			"metadata": fields{"name": w.in().Name(usageProtectionClaim), "namespace": "team-checkout"},
			"spec": fields{
				"of":     fields{"apiVersion": "platform.io/v1", "kind": "AppDatabase", "resourceRef": fields{"name": "orders"}},
				"reason": protectionReason,
			}},
	}
	for name, usage := range want {
		equal(t, name, usage, wanted(p, name).Map())
	}
}

// expired is a preview with a database in it, whose time is over.
func expired(t *testing.T, claim fields) *world {
	t.Helper()
	w := newWorld(t)
	set(w.env, "status.type", "preview")
	w.with(claim)
	w.settle()
	set(w.env, "status.phase", "Expired")
	return w
}

func TestExpiredPreview(t *testing.T) {
	t.Parallel()
	w := expired(t, nil)
	p := w.compose()
	equal(t, "while the instance is there", []string{logGroup, logUpgrade, usageEnvironment, usageMasterSecret}, resourceNames(p))
	equal(t, "drops", []string{
		nameConnection + ": EnvironmentExpired", "database-ingress-sg-vault: EnvironmentExpired", "database-ingress-sg-work: EnvironmentExpired",
		nameInstance + ": EnvironmentExpired", groupName + ": EnvironmentExpired", nameSecurityGroup + ": EnvironmentExpired",
		nameSubnetGroup + ": EnvironmentExpired",
	}, drops(p))
	if p.Wiring != nil || !p.Waiting || p.Environment == nil {
		t.Errorf("Wiring %v, waiting %v, Environment %v", p.Wiring, p.Waiting, p.Environment)
	}
	for _, conditionType := range []string{"EnvironmentResolved", "DatabaseReady", "AccessReady"} {
		if c := condition(p, conditionType); c.Is() || c.Reason != conditions.EnvironmentExpired {
			t.Errorf("%s = %+v", conditionType, c)
		}
	}
	// The instance goes slowly, and core forgets it at once: the Environment is kept until it is gone.
	w.going = w.instance()
	w.step()
	for range 2 {
		p = w.step()
		equal(t, "while it goes", []string{logGroup, logUpgrade, usageEnvironment, usageMasterSecret}, resourceNames(p))
		equal(t, "while it goes, drops", []string(nil), drops(p))
		if c := condition(p, "DatabaseReady"); c.Reason != conditions.EnvironmentExpired || !p.Waiting {
			t.Errorf("while it goes: %+v, waiting %v", c, p.Waiting)
		}
	}
	w.going = nil
	p = w.step()
	equal(t, "when it is gone", []string{}, resourceNames(p))
	equal(t, "when it is gone, drops",
		[]string{
			logGroup + ": EnvironmentExpired", logUpgrade + ": EnvironmentExpired", usageEnvironment + ": EnvironmentExpired",
			usageMasterSecret + ": EnvironmentExpired",
		}, drops(p))
	equal(t, "at the end", 0, len(w.observed))
	equal(t, "what is looked for at the end", []string{"environment"}, requirements(w.compose()))
}

// An Environment that is taken down publishes neither a network nor Vault any more. What is left of a service goes all the same.
func TestExpiredPreviewThatIsTakenDown(t *testing.T) {
	t.Parallel()
	w := expired(t, nil).within(fields{
		"status.network": nil, "status.vault": nil, "status.kmsKeyArn": nil, "status.workloadSecurityGroupIds": nil, "status.identities": nil,
		"status.conditions": []any{fields{"type": "Ready", "status": "False", "reason": "Creating"}},
	})
	p := w.step()
	equal(t, "while the instance is there", []string{logGroup, logUpgrade, usageEnvironment, usageMasterSecret}, resourceNames(p))
	if c := condition(p, "EnvironmentResolved"); c.Reason != conditions.EnvironmentExpired {
		t.Errorf("%+v", c)
	}
	w.step()
	equal(t, "at the end", 0, len(w.observed))
}

// A database that its claim protects stays in its network, even when the Environment has none any more.
func TestExpiredPreviewThatIsTakenDownWithProtection(t *testing.T) {
	t.Parallel()
	w := expired(t, fields{"deletionProtection": true})
	before := forProvider(w.compose(), nameSubnetGroup).Strings("subnetIds")
	w.within(fields{"status.network": nil})
	p := w.compose()
	if len(p.Drops) > 0 {
		t.Errorf("drops %v", drops(p))
	}
	equal(t, "subnets", before, forProvider(p, nameSubnetGroup).Strings("subnetIds"))
}

// Whoever takes an object away by hand, core observes it until it is gone.
func TestExpiredPreviewWithAnInstanceThatIsObserved(t *testing.T) {
	t.Parallel()
	w := expired(t, nil)
	instance := w.instance()
	w.step()
	w.observed[nameInstance] = instance
	p := w.step()
	equal(t, "while it goes", []string{logGroup, logUpgrade, usageEnvironment, usageMasterSecret}, resourceNames(p))
	equal(t, "while it goes, drops", []string{nameInstance + ": EnvironmentExpired"}, drops(p))
}

// requirements are the keys that a plan looks for.
func requirements(p *plan.Plan) []string {
	var keys []string
	for _, r := range p.Requirements {
		keys = append(keys, r.Key)
	}
	return keys
}

func TestExpiredPreviewThatIsExtended(t *testing.T) {
	t.Parallel()
	w := expired(t, nil)
	instance := w.instance()
	w.step()
	w.observed[nameInstance] = instance
	w.step()
	set(w.env, "status.phase", "Active")
	p := w.settle()
	if wanted(p, nameInstance).IsZero() || wanted(p, usageEnvironment).IsZero() || !condition(p, "DatabaseReady").Is() {
		t.Errorf("it does not start anew: %v", resourceNames(p))
	}
}

// A database that its claim protects outlives its preview.
func TestExpiredPreviewWithProtection(t *testing.T) {
	t.Parallel()
	w := expired(t, fields{"deletionProtection": true})
	p := w.compose()
	if wanted(p, nameInstance).IsZero() || wanted(p, usageProtection).IsZero() || len(p.Drops) > 0 {
		t.Errorf("a protected database goes: %v %v", resourceNames(p), drops(p))
	}
}

// An instance that the cloud protects cannot be deleted: first the protection goes, then the instance.
func TestExpiredPreviewThatTheCloudProtects(t *testing.T) {
	t.Parallel()
	cases := map[string]func(*world){
		"the claim took its protection back": func(w *world) { set(w.xr, "spec.deletionProtection", false) },
		"the tier protects":                  func(w *world) { set(w.xr, "spec.deletionProtection", nil); w.protectPreviews() },
	}
	for reason, change := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := expired(t, fields{"deletionProtection": true})
			change(w)
			w.asleep = []string{nameInstance}
			for range 2 {
				p := w.step()
				if len(p.Drops) > 0 || wanted(p, nameInstance).Bool("spec", "forProvider", "deletionProtection") {
					t.Fatalf("drops %v, instance %v", drops(p), wanted(p, nameInstance).Map())
				}
			}
			w.asleep = nil
			w.wake(nameInstance)
			if p := w.step(); wanted(p, nameInstance).Len() > 0 {
				t.Errorf("the instance stays: %v", resourceNames(p))
			}
		})
	}
}

func (w *world) protectPreviews() {
	tier := w.data.tiers["preview"]
	tier.DeletionProtection = ptr(true)
	w.data.tiers["preview"] = tier
}

// Nothing but a preview expires.
func TestOnlyPreviewsExpire(t *testing.T) {
	t.Parallel()
	for _, environment := range []string{"dev", "staging", "production"} {
		w := newWorld(t)
		set(w.env, "status.type", environment)
		w.settle()
		set(w.env, "status.phase", "Expired")
		if p := w.compose(); len(p.Drops) > 0 || wanted(p, nameInstance).IsZero() {
			t.Errorf("%s expires: %v", environment, drops(p))
		}
	}
}

// A composite behind an Environment that is not named any more is let go, not lost.
func TestExpiredClaimWithoutItsComposite(t *testing.T) {
	t.Parallel()
	w := newWorld(t).claimed()
	set(w.env, "status.type", "preview")
	w.settle()
	set(w.env, "status.phase", "Expired")
	set(w.env, "status.composite", nil)
	p := w.compose()
	for name := range w.observed {
		dropped := false
		for _, d := range p.Drops {
			dropped = dropped || d.Name == name
		}
		if dropped == !wanted(p, name).IsZero() {
			t.Errorf("%s is neither wanted nor dropped, or both", name)
		}
	}
}
