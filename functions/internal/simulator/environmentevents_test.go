package simulator_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/structpb"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/simulator"
)

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
		"core restarts":             func(h *environmentHistory) { h.cluster.RestartCore() },
		"the providers start again": func(h *environmentHistory) { h.cluster.RestartProviders() },
		"the status is lost": func(h *environmentHistory) {
			h.cluster.Status = nil
			// Nothing that is composed tells the network of others: that it is another one since is not noticed, and while it is not
			// found, there is nothing to tell.
			h.cluster.Store.Put(h.network)
			h.told["environment-usage-network"] = ""
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
		"thirty accounts": func(h *environmentHistory) { h.set(accounts(thirty()...), "identities") },
		"some of thirty accounts": func(h *environmentHistory) {
			some := thirty()
			h.rng.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
			h.set(accounts(some[:5+h.rng.IntN(20)]...), "identities")
		},
		"the group of pods": func(h *environmentHistory) {
			h.set(h.one("Cluster", "Both", "Environment"), "cluster", "eks", "podSecurityGroup")
		},
		"somebody may call": func(h *environmentHistory) {
			h.set(written(`{namespace: ingress-nginx, ports: [8080]}`, `{cidr: 10.40.48.0/21, ports: [80, 443]}`), "cluster", "ingress")
		},
		"somebody deploys": func(h *environmentHistory) {
			h.set(written(`{serviceAccount: {namespace: argocd, name: deployer}}`), "cluster", "deployers")
		},
		"nobody calls or deploys": func(h *environmentHistory) {
			h.cluster.XR = simulator.Without(simulator.Without(h.cluster.XR, "spec", "cluster", "ingress"), "spec", "cluster", "deployers")
		},
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
		"another region":         moves("region", "eu-west-1", "us-east-1"),
		"another account":        moves("accountId", "123456789012", "210987654321"),
		"the cloud is as before": func(h *environmentHistory) { h.back("cloud") },
		"another owner":          func(h *environmentHistory) { h.set(h.one("checkout", "payments"), "owner", "team") },
		"shared":                 func(h *environmentHistory) { h.set(simulator.Texts("team-search"), "sharedWith") },
		"shared with everybody":  func(h *environmentHistory) { h.set(simulator.Texts("*"), "sharedWith") },
	}
}

// written is a list of objects in YAML.
func written(objects ...string) *structpb.Value {
	list := make([]*structpb.Struct, 0, len(objects))
	for _, text := range objects {
		s, err := simulator.Parse([]byte(text))
		if err != nil {
			panic(err) // It is written above.
		}
		list = append(list, s)
	}
	return listOf(list...)
}

// thirty service accounts: more than an Environment holds itself.
func thirty() []string {
	names := make([]string, 0, 30)
	for i := range 30 {
		names = append(names, fmt.Sprintf("service-%02d", i))
	}
	return names
}

// moves an environment that is somewhere already. One that is not may go anywhere, and its Network would not be there.
func moves(field string, to ...string) func(*environmentHistory) {
	return func(h *environmentHistory) {
		if told := object.Of(h.cluster.Status).String("kmsKeyArn"); told != "" && h.cluster.Composed["environment-key-alias"] != nil {
			h.set(h.one(to...), "cloud", field)
		}
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
				cluster.Lose(name)
			}
		},
		"the Network is gone":  func(h *environmentHistory) { h.cluster.Store.Delete(simulator.ReferenceTo(h.network)) },
		"the Network is there": network(func(s *structpb.Struct) *structpb.Struct { return s }),
		"the Network is not ready": network(func(s *structpb.Struct) *structpb.Struct {
			return simulator.With(s, listOf(), "status", "conditions")
		}),
		"the Network is empty":      network(func(s *structpb.Struct) *structpb.Struct { return simulator.Without(s, "status") }),
		"the Network is not shared": network(func(s *structpb.Struct) *structpb.Struct { return simulator.Without(s, "status", "sharedWith") }),
		"the Network is another": func(h *environmentHistory) {
			if object.Of(h.cluster.Status).String("network", "vpcId") != "" {
				h.cluster.Store.Put(simulator.With(h.network, simulator.Text("vpc-0ff"), "status", "vpcId"))
			}
		},
	}
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
