package simulator_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/protobuf/types/known/structpb"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/simulator"
)

// Sizes of the property test of environments.
const (
	environmentHistories      = 1_200
	shortEnvironmentHistories = 120
	// environmentPatience is how many rounds an environment gets to come to its end, once nothing is wrong any more.
	environmentPatience = 30
)

// environmentFigures of all histories.
type environmentFigures struct {
	rounds, calls, deletions, expired, fatals, ready, healed, ended atomic.Int64
}

// TestEnvironmentHistories plays random histories of one environment each: edits, clocks, faults, states that are lost, and things that
// move in and out.
func TestEnvironmentHistories(t *testing.T) {
	total := environmentHistories
	if testing.Short() {
		total = shortEnvironmentHistories
	}
	first, last := 0, total
	if seed := os.Getenv(seedVariable); seed != "" {
		n, err := strconv.Atoi(seed)
		if err != nil {
			t.Fatal(err)
		}
		first, last = n, n+1
	}
	// Most of what a history leaves is garbage at once.
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(garbage))
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	var sum environmentFigures
	broken := &broken{}
	var wait sync.WaitGroup
	for shard := range shards {
		wait.Go(func() {
			for seed := first + shard; seed < last; seed += shards {
				one := newEnvironmentHistory(t, uint64(seed), &sum)
				if err := one.play(); err != nil {
					broken.add(uint64(seed), err, one.trace)
				} else if last-first == 1 {
					t.Log(strings.Join(one.trace, "\n"))
				}
			}
		})
	}
	wait.Wait()
	broken.report(t)
	t.Logf("figures: %d environment histories, %d rounds, %d calls, %d deletions (%d by expiry), %d fatals, %d rounds ready, %d brought to a good "+
		"end, %d expired to nothing", last-first, sum.rounds.Load(), sum.calls.Load(), sum.deletions.Load(), sum.expired.Load(),
		sum.fatals.Load(), sum.ready.Load(), sum.healed.Load(), sum.ended.Load())
}

// environmentHistory is one environment and all that happens to it.
type environmentHistory struct {
	figures *environmentFigures
	rng     *rand.Rand
	cluster *simulator.Cluster
	clock   *simulator.Clock
	// kind is the type that the environment was created with, and spec what it said then.
	kind    string
	spec0   *structpb.Struct
	network *structpb.Struct
	trace   []string
	wrong   error
	// told is what App kinds have been told of what is there still.
	told map[string]string
}

func newEnvironmentHistory(t testing.TB, seed uint64, sum *environmentFigures) *environmentHistory {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 0xe_7e1))
	forms := slices.Sorted(maps.Keys(environmentSpecs()))
	kinds := []string{"preview", "preview", "preview", "dev", "staging", "production"}
	h := &environmentHistory{figures: sum, rng: rng, kind: kinds[rng.IntN(len(kinds))], told: map[string]string{}}
	legacy := seed%2 == 1
	h.cluster, h.clock = playground(t, forms[rng.IntN(len(forms))], h.kind, legacy)
	h.network = sharedVPC(t, legacy)
	if h.kind == "preview" {
		h.set(simulator.Text("72h"), "ttl")
	}
	h.spec0 = object.Of(h.cluster.XR).At("spec").Struct()
	h.cluster.Pipeline[0].Function = &environmentWitness{h: h, inner: h.cluster.Pipeline[0].Function}
	if seed%4 > 1 {
		h.cluster.Cloud.Delay = func(kind string) int { return len(kind) % 3 }
	}
	if seed%3 == 0 {
		h.cluster.Cloud.Teardown = 2
	}
	return h
}

func (h *environmentHistory) play() error {
	names := slices.Sorted(maps.Keys(environmentEvents()))
	for range 5 + h.rng.IntN(9) {
		name := names[h.rng.IntN(len(names))]
		if h.rng.IntN(6) == 0 {
			name = "the claim is put right"
		}
		h.trace = append(h.trace, name)
		environmentEvents()[name](h)
		for range 1 + h.rng.IntN(4) {
			if err := h.round(); err != nil {
				return fmt.Errorf("after %q: %w", name, err)
			}
		}
	}
	if h.kind == "preview" && h.rng.IntN(2) == 0 {
		return h.end()
	}
	return h.heal()
}

// round is one reconcile with all checks, and one tick of the providers.
func (h *environmentHistory) round() error {
	h.figures.rounds.Add(1)
	before, phase := map[string]object.Object{}, object.Of(h.cluster.Status).String("phase")
	for name, c := range h.cluster.Composed {
		before[name] = object.Of(c.Object)
	}
	r, err := h.cluster.Reconcile()
	if err != nil {
		return err
	}
	h.note(r)
	if err := h.judge(r, before, phase); err != nil {
		return err
	}
	h.cluster.Tick()
	return h.wrong
}

func (h *environmentHistory) note(r *simulator.Round) {
	line := fmt.Sprintf("    ready=%v %s", h.cluster.Ready(), object.Of(h.cluster.Status).String("phase"))
	if r.Fatal != "" {
		h.figures.fatals.Add(1)
		line += " fatal=" + r.Fatal
	}
	for _, d := range r.Deleted {
		h.figures.deletions.Add(1)
		if d.Drop.Reason == "EnvironmentExpired" {
			h.figures.expired.Add(1)
		}
		line += fmt.Sprintf(" deleted=%s%s (%s)", d.Of, d.Name, d.Drop.Reason)
	}
	if h.cluster.Ready() {
		h.figures.ready.Add(1)
	}
	h.trace = append(h.trace, line+fmt.Sprintf(" created=%v", r.Created))
}

func (h *environmentHistory) judge(r *simulator.Round, before map[string]object.Object, phase string) error {
	for _, d := range r.Deleted {
		if d.Of != "" {
			// With the network of its own goes what is in it.
			continue
		}
		if err := h.legal(d, before, phase); err != nil {
			return err
		}
	}
	for name, was := range before {
		if is := h.cluster.Get(name); !is.IsZero() && is.Name() != was.Name() {
			return fmt.Errorf("%s was renamed from %s to %s", name, was.Name(), is.Name())
		}
	}
	if len(h.cluster.Cloud.Violations) > 0 {
		return fmt.Errorf("the cloud refuses: %s", h.cluster.Cloud.Violations[0])
	}
	if len(h.cluster.Composed) > 50 {
		return fmt.Errorf("%d resources", len(h.cluster.Composed))
	}
	if r.Fatal != "" {
		return nil
	}
	// A mistake that is refused with nothing composed says nothing new in the status.
	if want := h.phase(); object.Of(h.cluster.Status).String("phase") != want && len(h.cluster.Composed) > 0 {
		return fmt.Errorf("the phase is %q, want %q", object.Of(h.cluster.Status).String("phase"), want)
	}
	return h.keepsItsWord(before)
}

// phase by the clock, worked out in another way than the function's.
func (h *environmentHistory) phase() string {
	ttl, ok := map[string]time.Duration{
		"1h": time.Hour, "24h": 24 * time.Hour, "72h": 72 * time.Hour, "14d": 14 * 24 * time.Hour,
	}[object.Of(h.cluster.XR).String("spec", "ttl")]
	age := h.clock.Now().Sub(born())
	warn := min(24*time.Hour, ttl/2)
	switch {
	case h.kind != "preview" || !ok || age < ttl-warn:
		return "Active"
	case age < ttl:
		return "Expiring"
	default:
		return "Expired"
	}
}

// legal judges a deletion from outside: by the clock, the claim, and what else is there.
func (h *environmentHistory) legal(d simulator.Deletion, before map[string]object.Object, phase string) error {
	xr := object.Of(h.cluster.XR)
	consents := strings.Split(xr.Annotation(v1.AllowDataLossAnnotation), ",")
	data := d.Object.Annotation(v1.DataAnnotation) == v1.DataPrimary
	switch {
	case d.Drop.Message == "":
		return fmt.Errorf("%s was deleted without a reason: %+v", d.Name, d.Drop)
	case d.Drop.Reason == "SpecChanged" && data && !slices.Contains(consents, d.Name):
		return fmt.Errorf("%s was deleted with its data, and nobody consents", d.Name)
	case d.Drop.Reason == "SpecChanged" && (d.Name == "environment-key" || d.Name == "environment-key-alias"):
		return fmt.Errorf("%s was deleted by a change of the spec", d.Name)
	case d.Drop.Reason == "SpecChanged":
		return nil
	case d.Drop.Reason != "EnvironmentExpired":
		return fmt.Errorf("%s was deleted because of %s", d.Name, d.Drop.Reason)
	case h.kind != "preview":
		return fmt.Errorf("%s of an environment of type %s has expired", d.Name, h.kind)
	case h.phase() != "Expired" || phase != "Expired":
		return fmt.Errorf("%s was deleted in phase %s, after a call in phase %s", d.Name, h.phase(), phase)
	case h.inhabited():
		return fmt.Errorf("%s was deleted, and a Usage names the environment", d.Name)
	}
	for name := range before {
		last := strings.HasPrefix(name, "environment-usage-network")
		late := last || name == "environment-key" || name == "environment-network"
		if strings.HasPrefix(d.Name, "environment-usage-network") && !last || d.Name == "environment-key" && !late {
			return fmt.Errorf("%s was deleted before %s", d.Name, name)
		}
	}
	return nil
}

func (h *environmentHistory) inhabited() bool {
	return !h.cluster.Store.Get(simulator.Reference{
		APIVersion: "protection.crossplane.io/v1beta1", Kind: "Usage", Namespace: "team-checkout", Name: "cart",
	}).IsZero()
}

// keepsItsWord: what App kinds were told of what is there, and what the claim asks for, is told whatever is lost on the way.
func (h *environmentHistory) keepsItsWord(before map[string]object.Object) error {
	status, spec := object.Of(h.cluster.Status), object.Of(h.cluster.XR).At("spec")
	now := map[string]string{"environment-key": status.String("kmsKeyArn"), "environment-usage-network": status.String("network", "vpcId")}
	if spec.Has("vault") {
		now["environment-vault-kv-mount"] = status.String("vault", "kvMount")
		now["environment-vault-database-mount"] = status.String("vault", "databaseMount")
		now["environment-vault-kubernetes-auth"] = status.String("vault", "kubernetesAuthMount")
	}
	if spec.Has("cluster") {
		now["environment-namespace"] = status.String("workloadNamespace")
	}
	// While a new one is on its way, the last one is told.
	if own := h.cluster.Get("environment-network").String("status", "vpcId"); own != "" && own == status.String("network", "vpcId") {
		now["environment-network"] = own
	}
	told := map[string]string{}
	for name, is := range now {
		o := h.cluster.Get(name)
		if was := h.told[name]; was != "" && was != is && o.UID() == before[name].UID() && !o.IsZero() {
			return fmt.Errorf("the status says %q of %s, and it was %q", is, name, was)
		}
		if !o.IsZero() {
			told[name] = is
		}
	}
	h.told = told
	return nil
}

// repair puts right what is not the claim's.
func (h *environmentHistory) repair() {
	for name, c := range h.cluster.Composed {
		c.Fault = simulator.Fault{}
		if child := h.cluster.Child(name); child != nil {
			for _, below := range child.Composed {
				below.Fault = simulator.Fault{}
			}
		}
	}
	h.cluster.Store.Put(h.network)
}

// right is a claim without mistakes: what it said at first, as far as what is composed by now can have it.
func (h *environmentHistory) right() *structpb.Struct {
	spec, own := h.spec0, h.cluster.Composed["environment-network"] != nil
	switch {
	case own:
		spec = simulator.With(simulator.Without(spec, "networkRef"), simulator.Nested(ownNetwork()), "network")
	case h.cluster.Composed["environment-usage-network"] != nil || h.cluster.Composed["environment-usage-network-claim"] != nil:
		spec = simulator.With(simulator.Without(spec, "network"), simulator.Nested(sharedRef()), "networkRef")
	default:
		own = object.Of(spec).Has("network")
	}
	if object.Of(spec).At("cluster").IsZero() {
		return spec
	}
	if config := h.cluster.Get("environment-namespace").String("spec", "providerConfigRef", "name"); config != "" {
		spec = simulator.With(spec, simulator.Text(config), "cluster", "providerConfigRef", "name")
	}
	// Clusters of EKS are in the network that they are named after.
	there, fits := h.cluster.Get("environment-eks-cluster").Annotation("crossplane.io/external-name"), "shared-eks"
	if own {
		fits = "play"
	}
	if there != "" && there != fits {
		spec = simulator.Without(simulator.Without(spec, "identities"), "cluster", "eks")
		return simulator.With(spec, simulator.Text("https://api.example.org"), "vault", "kubernetesHost")
	}
	return simulator.With(spec, simulator.Text(fits), "cluster", "eks", "name")
}

// heal puts right whatever a message could have asked for. Then the environment has to become ready: no history is a trap.
func (h *environmentHistory) heal() error {
	h.trace = append(h.trace, "everything is put right")
	h.repair()
	h.cluster.XR = simulator.With(h.cluster.XR, simulator.Nested(simulator.Without(h.right(), "ttl")), "spec")
	h.consent(strings.Join(slices.Sorted(maps.Keys(h.cluster.Composed)), ","))
	for range environmentPatience {
		if err := h.round(); err != nil {
			return fmt.Errorf("after %q: %w", "everything is put right", err)
		}
		if h.cluster.Ready() {
			h.figures.healed.Add(1)
			return nil
		}
	}
	return fmt.Errorf("after %q: it never becomes ready: %v", "everything is put right", h.cluster.Conditions)
}

// end lets a preview expire, whatever mistakes its claim has. In the end nothing is left.
func (h *environmentHistory) end() error {
	h.trace = append(h.trace, "its time is over")
	h.repair()
	for _, field := range []string{"type", "cloud"} {
		h.set(structpb.NewStructValue(h.spec0).GetStructValue().GetFields()[field], field)
	}
	h.set(simulator.Text("1h"), "ttl")
	h.consent("")
	h.cluster.Store.Delete(simulator.Reference{
		APIVersion: "protection.crossplane.io/v1beta1", Kind: "Usage", Namespace: "team-checkout", Name: "cart",
	})
	if h.clock.Now().Before(born().Add(time.Hour)) {
		h.clock.Set(born().Add(time.Hour))
	}
	for range environmentPatience {
		if err := h.round(); err != nil {
			return fmt.Errorf("after %q: %w", "its time is over", err)
		}
		if len(h.cluster.Composed)+len(h.cluster.Terminating) == 0 && object.Of(h.cluster.Status).String("phase") == "Expired" {
			h.figures.ended.Add(1)
			return nil
		}
	}
	return fmt.Errorf("after %q: left %v: %v", "its time is over", slices.Sorted(maps.Keys(h.cluster.Composed)), h.cluster.Conditions)
}

func (h *environmentHistory) consent(names string) {
	h.cluster.XR = simulator.With(h.cluster.XR, simulator.Text(names), "metadata", "annotations", v1.AllowDataLossAnnotation)
}

func (h *environmentHistory) set(value *structpb.Value, path ...string) {
	h.cluster.XR = simulator.With(h.cluster.XR, value, append([]string{"spec"}, path...)...)
}

func (h *environmentHistory) unset(field string) {
	h.cluster.XR = simulator.Without(h.cluster.XR, "spec", field)
}

func (h *environmentHistory) one(values ...string) *structpb.Value {
	return simulator.Text(values[h.rng.IntN(len(values))])
}

// back writes a field as it was at first.
func (h *environmentHistory) back(field string) {
	if value, ok := h.spec0.GetFields()[field]; ok {
		h.set(value, field)
	}
}

func sharedRef() *structpb.Struct {
	return &structpb.Struct{Fields: map[string]*structpb.Value{"name": simulator.Text("shared"), "namespace": simulator.Text("platform")}}
}

func ownNetwork() *structpb.Struct {
	return &structpb.Struct{Fields: map[string]*structpb.Value{"cidr": simulator.Text("10.50.0.0/16"), "zones": simulator.Number(2)}}
}

// resource is a random composed resource, of the environment or of its network, with who composes it.
func (h *environmentHistory) resource() (*simulator.Cluster, string) {
	cluster := h.cluster
	if child := cluster.Child("environment-network"); child != nil && h.rng.IntN(3) == 0 {
		cluster = child
	}
	names := slices.Sorted(maps.Keys(cluster.Composed))
	if len(names) == 0 {
		return cluster, ""
	}
	return cluster, names[h.rng.IntN(len(names))]
}

// environmentWitness looks at every call of function-environment from the outside, and makes each eighth one twice.
type environmentWitness struct {
	h     *environmentHistory
	inner simulator.Function
}

// RunFunction calls the function: the same request has to give the same bytes, and stay as it is, and every condition is answered.
func (w *environmentWitness) RunFunction(ctx context.Context, req *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error) {
	w.h.figures.calls.Add(1)
	var before []byte
	twice := w.h.rng.IntN(8) == 0
	if twice {
		before = marshal(req)
	}
	rsp, err := w.inner.RunFunction(ctx, req)
	if err != nil {
		return nil, err
	}
	if twice {
		again, err := w.inner.RunFunction(ctx, req)
		if err != nil || !bytes.Equal(marshal(rsp), marshal(again)) {
			w.h.wrong = fmt.Errorf("the same request gave two different responses (%w)", err)
		}
		if !bytes.Equal(before, marshal(req)) {
			w.h.wrong = fmt.Errorf("the function changed its request")
		}
	}
	answered := map[string]bool{}
	for _, c := range rsp.GetConditions() {
		answered[c.GetType()] = c.GetReason() != ""
	}
	for _, conditionType := range []string{
		v1.ConditionNetworkReady, v1.ConditionClusterReady, v1.ConditionAccessReady, v1.ConditionVaultReady,
	} {
		if !answered[conditionType] {
			w.h.wrong = fmt.Errorf("%s is not answered", conditionType)
		}
	}
	return rsp, nil
}

// environmentEvents are what may happen to an environment.
func environmentEvents() map[string]func(*environmentHistory) {
	events := map[string]func(*environmentHistory){
		"nothing": func(*environmentHistory) {},
		"something moves in": func(h *environmentHistory) {
			h.cluster.Store.Put(usageNamed(h.cluster, "cart"))
		},
		"something moves out": func(h *environmentHistory) {
			h.cluster.Store.Delete(simulator.ReferenceTo(usageNamed(h.cluster, "cart")))
		},
		"another ttl":     func(h *environmentHistory) { h.set(h.one("1h", "24h", "72h", "14d", "10m", "soon", "400d"), "ttl") },
		"the end is near": func(h *environmentHistory) { h.set(simulator.Text("1h"), "ttl") },
		"extended":        func(h *environmentHistory) { h.set(simulator.Text("14d"), "ttl") },
		"no ttl":          func(h *environmentHistory) { h.unset("ttl") },
		"consent to all": func(h *environmentHistory) {
			h.consent(strings.Join(slices.Sorted(maps.Keys(h.cluster.Composed)), ","))
		},
		"no consent": func(h *environmentHistory) { h.consent("") },
		"the claim is put right": func(h *environmentHistory) {
			ttl, given := object.Of(h.cluster.XR).At("spec").Struct().GetFields()["ttl"]
			h.cluster.XR = simulator.With(h.cluster.XR, simulator.Nested(simulator.Without(h.right(), "ttl")), "spec")
			if given {
				h.set(ttl, "ttl")
			}
		},
		"core restarts": func(h *environmentHistory) { h.cluster.RestartCore() },
		"the status is lost": func(h *environmentHistory) {
			h.cluster.Status = nil
			// Nothing that is composed tells the network of others: that it is another one since is not noticed.
			h.cluster.Store.Put(h.network)
		},
	}
	maps.Copy(events, clockEvents())
	maps.Copy(events, claimEvents())
	maps.Copy(events, worldEvents())
	return events
}

func usageNamed(cluster *simulator.Cluster, name string) *structpb.Struct {
	uid := object.Of(cluster.XR).UID()
	if object.Of(cluster.XR).Namespace() == "" {
		uid = claimUID
	}
	s, err := simulator.Parse([]byte(`{apiVersion: protection.crossplane.io/v1beta1, kind: Usage, metadata: {name: ` + name +
		`, namespace: team-checkout, labels: {platform.io/environment-uid: ` + uid + `}}}`))
	if err != nil {
		panic(err) // It is written above.
	}
	return s
}

// clockEvents move the clock, also back: nobody promises that two clocks agree.
func clockEvents() map[string]func(*environmentHistory) {
	events := map[string]func(*environmentHistory){}
	for name, by := range map[string]time.Duration{
		"a minute passes": time.Minute, "an hour passes": time.Hour, "a night passes": 14 * time.Hour, "three days pass": 72 * time.Hour,
		"a month passes": 31 * 24 * time.Hour, "the clock goes back": -2 * time.Hour,
	} {
		events[name] = func(h *environmentHistory) { h.clock.Advance(by) }
	}
	return events
}

// claimEvents are edits of the claim, also such that the API server refuses: a claim may be older than its schema.
func claimEvents() map[string]func(*environmentHistory) {
	accounts := func(names ...string) *structpb.Value {
		list := &structpb.ListValue{}
		for _, name := range names {
			list.Values = append(list.Values, simulator.Nested(&structpb.Struct{Fields: map[string]*structpb.Value{"serviceAccount": simulator.Text(name)}}))
		}
		return structpb.NewListValue(list)
	}
	return map[string]func(*environmentHistory){
		"one account":     func(h *environmentHistory) { h.set(accounts("orders-api"), "identities") },
		"other accounts":  func(h *environmentHistory) { h.set(accounts("orders-batch", "orders-api"), "identities") },
		"a wrong account": func(h *environmentHistory) { h.set(accounts("default"), "identities") },
		"no accounts":     func(h *environmentHistory) { h.unset("identities") },
		"no cluster":      func(h *environmentHistory) { h.unset("identities"); h.unset("cluster") },
		"no EKS": func(h *environmentHistory) {
			h.unset("identities")
			h.cluster.XR = simulator.Without(h.cluster.XR, "spec", "cluster", "eks")
		},
		"the cluster is back": func(h *environmentHistory) { h.back("cluster"); h.back("identities") },
		"another EKS":         func(h *environmentHistory) { h.set(h.one("shared-eks", "play", "other"), "cluster", "eks", "name") },
		"another mode":        func(h *environmentHistory) { h.set(h.one("PodIdentity", "IRSA"), "cluster", "eks", "identityMode") },
		"another cluster": func(h *environmentHistory) {
			h.set(h.one("workloads", "others"), "cluster", "providerConfigRef", "name")
		},
		"security groups":         func(h *environmentHistory) { h.set(simulator.Texts("sg-0e1"), "cluster", "workloadSecurityGroupIds") },
		"a namespace that exists": func(h *environmentHistory) { h.set(h.one("legacy", ""), "cluster", "namespace") },
		"no Vault":                func(h *environmentHistory) { h.unset("vault") },
		"Vault is back":           func(h *environmentHistory) { h.back("vault") },
		"a mount that exists":     func(h *environmentHistory) { h.set(h.one("kv", ""), "vault", "mounts", "kv") },
		"a quota":                 func(h *environmentHistory) { h.set(h.one("8", "16", "many"), "quota", "cpu") },
		"protection":              func(h *environmentHistory) { h.set(simulator.Bool(h.rng.IntN(2) == 0), "deletionProtection") },
		"protection by its type":  func(h *environmentHistory) { h.unset("deletionProtection") },
		"no network":              func(h *environmentHistory) { h.unset("networkRef"); h.unset("network") },
		"another network":         func(h *environmentHistory) { h.unset("network"); h.set(h.one("shared", "other"), "networkRef", "name") },
		"a network of its own":    func(h *environmentHistory) { h.unset("networkRef"); h.set(simulator.Nested(ownNetwork()), "network") },
		"the network is as before": func(h *environmentHistory) {
			h.unset("networkRef")
			h.unset("network")
			h.back("networkRef")
			h.back("network")
		},
		"another region":         func(h *environmentHistory) { h.set(h.one("eu-west-1", "us-east-1"), "cloud", "region") },
		"another account":        func(h *environmentHistory) { h.set(h.one("123456789012", "210987654321"), "cloud", "accountId") },
		"the cloud is as before": func(h *environmentHistory) { h.back("cloud") },
		"another owner":          func(h *environmentHistory) { h.set(h.one("checkout", "payments"), "owner", "team") },
		"shared":                 func(h *environmentHistory) { h.set(simulator.Texts("team-search"), "sharedWith") },
		"shared with everybody":  func(h *environmentHistory) { h.set(simulator.Texts("*"), "sharedWith") },
	}
}

// worldEvents are what others do.
func worldEvents() map[string]func(*environmentHistory) {
	fault := func(f simulator.Fault) func(*environmentHistory) {
		return func(h *environmentHistory) {
			if cluster, name := h.resource(); name != "" {
				cluster.Composed[name].Fault = f
			}
		}
	}
	network := func(edit func(*structpb.Struct) *structpb.Struct) func(*environmentHistory) {
		return func(h *environmentHistory) { h.cluster.Store.Put(edit(h.network)) }
	}
	return map[string]func(*environmentHistory){
		"a provider fails":    fault(simulator.Fault{Message: "create failed: out of luck"}),
		"a provider is stuck": fault(simulator.Fault{Stuck: true}),
		"providers recover":   func(h *environmentHistory) { h.repair() },
		"the status of a resource is lost": func(h *environmentHistory) {
			if cluster, name := h.resource(); name != "" {
				cluster.LoseStatus(name)
			}
		},
		"the status of everything is lost": func(h *environmentHistory) {
			for name := range h.cluster.Composed {
				h.cluster.LoseStatus(name)
			}
		},
		"a resource is lost": func(h *environmentHistory) {
			if cluster, name := h.resource(); name != "" && cluster == h.cluster {
				delete(cluster.Composed, name)
			}
		},
		"the Network is gone":  func(h *environmentHistory) { h.cluster.Store.Delete(simulator.ReferenceTo(h.network)) },
		"the Network is there": network(func(s *structpb.Struct) *structpb.Struct { return s }),
		"the Network is not ready": network(func(s *structpb.Struct) *structpb.Struct {
			return simulator.With(s, listOf(), "status", "conditions")
		}),
		"the Network is empty":      network(func(s *structpb.Struct) *structpb.Struct { return simulator.Without(s, "status") }),
		"the Network is not shared": network(func(s *structpb.Struct) *structpb.Struct { return simulator.Without(s, "spec", "sharedWith") }),
		"the Network is another": func(h *environmentHistory) {
			if object.Of(h.cluster.Status).String("network", "vpcId") != "" {
				h.cluster.Store.Put(simulator.With(h.network, simulator.Text("vpc-0ff"), "status", "vpcId"))
			}
		},
	}
}
