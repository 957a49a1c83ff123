package environment

import (
	"encoding/json"
	"errors"
	"maps"
	"testing"
	"time"

	inputv1 "github.com/goldenpath-dev/goldenpath/functions/environment/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/inputwalk"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// both are a new environment and one that runs. They are made once: a call changes nothing in them.
func both(t *testing.T) []world {
	t.Helper()
	fresh, running := newWorld(t), newWorld(t)
	running.settle()
	return []world{*fresh, *running}
}

// answers of both: all that is planned, or the refusal. The claim is that of the fixture with some fields, and the input has some.
func answers(t *testing.T, of []world, claim, input inputwalk.Fields) []byte {
	t.Helper()
	document, err := inputwalk.Document(fields{}, input)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	in := inputv1.Input{}
	if err := json.Unmarshal(raw, &in); err != nil {
		t.Fatal(err)
	}
	if _, err := stageOf(&in); err != nil {
		return []byte(err.Error())
	}
	data, err := defaultSettings().with(&in)
	if err != nil {
		return []byte(err.Error())
	}
	var said []byte
	for _, w := range of {
		w.data, w.now = data, created().Add(50*time.Hour)
		below := inputwalk.Fields{}
		for path, value := range claim {
			below["spec."+path] = value
		}
		if w.xr, err = inputwalk.Document(w.xr, below); err != nil {
			t.Fatal(err)
		}
		p, err := w.call()
		refusal := &plan.Refusal{}
		if err != nil && !errors.As(err, &refusal) {
			t.Fatal(err)
		}
		said = append(said, told(t, p, refusal)...)
	}
	return said
}

// told is a plan as text.
func told(t *testing.T, p *plan.Plan, refusal *plan.Refusal) []byte {
	t.Helper()
	resources, status := fields{}, fields{}
	for _, r := range p.Resources {
		resources[r.Name] = r.Object.Map()
	}
	if !p.Status.IsZero() {
		status = p.Status.Done().Map()
	}
	raw, err := json.Marshal([]any{
		resources, p.Drops, p.Conditions, status, p.Requirements, p.Environment, p.Waiting, p.Boundary, refusal.Condition,
	})
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// joined are fields of several sets.
func joined(sets ...inputwalk.Fields) inputwalk.Fields {
	all := inputwalk.Fields{}
	for _, set := range sets {
		maps.Copy(all, set)
	}
	return all
}

// Everything that the input takes shows in what is composed, or is refused.
func TestEveryInputShows(t *testing.T) {
	t.Parallel()
	of := both(t)
	type set = inputwalk.Fields
	const tierOf = "tiers.staging."
	// rule lists everything that the claim below names, but for one list. Claims and inputs are told apart by their first word.
	rule := func(without string) set {
		r := fields{
			"namespaces": []any{"team-*"}, "providerConfigs": []any{"*"}, "accounts": []any{"*"}, "clusters": []any{"*"}, "eksClusters": []any{"*"},
			"workloadNamespaces": []any{"*"}, "vaultConfigs": []any{"*"}, "vaultMounts": []any{"*"}, "vaultNamespaces": []any{"*"},
			"vaultSources": []any{"*"}, "kubernetesHosts": []any{"*"}, "securityGroups": []any{"*"}, "owners": []any{"*"}, "costCenters": []any{"*"},
			"groups": []any{"*"}, "serviceAccounts": []any{"*"}, "cidrs": []any{"*"}, "peerGroups": []any{"*"},
		}
		if without != "" {
			r[without] = []any{"none"}
		}
		if without == "cidrs" {
			r[without] = []any{"10.64.0.0/12"}
		}
		return set{"tenancy.rules": []any{r}}
	}
	const inNetworks = "the rules of a tenancy are one text for all functions; function-network acts on this list"
	preview := set{"claim.type": "preview", "claim.ttl": "72h"}
	own := set{"claim.networkRef": nil, "claim.network": fields{"cidr": "10.50.0.0/16"}}
	asks := set{"claim.quota": fields{"cpu": "20", "memory": "40Gi", "storage": "300Gi", "pods": 150}}
	names := set{
		"claim.cluster.namespace": "legacy", "claim.vault.mounts": fields{"kv": "kv", "database": "db", "kubernetesAuth": "k8s"},
		"claim.cluster.group": "people", "claim.cluster.workloadSecurityGroupIds": []any{"sg-0a"}, "claim.vault.namespace": "team",
		"claim.cluster.deployers":    []any{fields{"serviceAccount": fields{"namespace": "argocd", "name": "deployer"}}},
		"claim.vault.kubernetesHost": "https://api.example.org",
	}
	samples := map[string]inputwalk.Sample{
		"stage":                               {Then: set{"stage": "both"}},
		"networkComposition":                  {Given: own, Then: set{"networkComposition": "networks.example.org"}},
		"databasePorts":                       {Then: set{"databasePorts": []any{5433}}},
		"dns.namespace":                       {Then: set{"dns.namespace": "dns"}},
		"dns.labels":                          {Then: set{"dns.labels": fields{"k8s-app": "coredns"}}},
		"dns.addresses":                       {Then: set{"dns.addresses": []any{"169.254.20.10"}}},
		"egress":                              {Then: set{"egress": "None"}},
		"regions":                             {Then: set{"regions": []any{"moon"}}},
		"secretNamespace":                     {Elsewhere: "no resource of an Environment has a Secret of its own; the field is that of every function"},
		"expiry.longestTTL":                   {Given: preview, Then: set{"expiry.longestTTL": "48h"}},
		"expiry.shortestTTL":                  {Given: preview, Then: set{"expiry.shortestTTL": "96h"}},
		"expiry.warnBefore":                   {Given: preview, Then: set{"expiry.warnBefore": "1h"}},
		"tenancy.rules[].namespaces":          {Given: rule(""), Then: set{"tenancy.rules": []any{fields{"namespaces": []any{"other"}}}}},
		"tenancy.rules[].vpcs":                {Elsewhere: inNetworks},
		"tenancy.rules[].routeTargets":        {Elsewhere: inNetworks},
		"tenancy.rules[].permissionsBoundary": {Given: rule(""), Then: set{"tenancy.rules": []any{fields{"namespaces": []any{"*"}, "permissionsBoundary": "arn:aws:iam::aws:policy/base"}}}},
		"tenancy.rules[].cidrs":               {Given: joined(own, rule("")), Then: rule("cidrs")},
		"tenancy.rules[].peerGroups": {Given: joined(set{"claim.networkRef": nil, "claim.network": fields{"cidr": "10.50.0.0/16", "peerGroup": "hub"}}, rule("")),
			Then: rule("peerGroups")},
		"tenancy.systemNamespaces":             {Given: joined(names, rule("")), Then: set{"tenancy.systemNamespaces": []any{"legacy"}}},
		"tiers{}.maxQuota.cpu":                 {Given: asks, Then: set{tierOf + "maxQuota.cpu": "16"}},
		"tiers{}.maxQuota.memory":              {Given: asks, Then: set{tierOf + "maxQuota.memory": "32Gi"}},
		"tiers{}.maxQuota.storage":             {Given: asks, Then: set{tierOf + "maxQuota.storage": "200Gi"}},
		"tiers{}.maxQuota.pods":                {Given: asks, Then: set{tierOf + "maxQuota.pods": 100}},
		"tiers{}.cpu":                          {Then: set{tierOf + "cpu": "3"}},
		"tiers{}.memory":                       {Then: set{tierOf + "memory": "3Gi"}},
		"tiers{}.storage":                      {Then: set{tierOf + "storage": "3Gi"}},
		"tiers{}.pods":                         {Then: set{tierOf + "pods": 3}},
		"tiers{}.podSecurity":                  {Then: set{tierOf + "podSecurity": "privileged"}},
		"tiers{}.teamRole":                     {Given: set{"claim.cluster.group": "people"}, Then: set{tierOf + "teamRole": "admin"}},
		"tiers{}.deletionProtection":           {Then: set{tierOf + "deletionProtection": true}},
		"tiers{}.network.zones":                {Given: own, Then: set{tierOf + "network.zones": 1}},
		"tiers{}.network.nat":                  {Given: own, Then: set{tierOf + "network.nat": "none"}},
		"tiers{}.network.flowLogRetentionDays": {Given: own, Then: set{tierOf + "network.flowLogRetentionDays": 90}},
	}
	for _, list := range []string{
		"providerConfigs", "accounts", "clusters", "eksClusters", "workloadNamespaces", "vaultConfigs", "vaultMounts", "vaultNamespaces",
		"vaultSources", "kubernetesHosts", "securityGroups", "owners", "costCenters", "groups", "serviceAccounts",
	} {
		samples["tenancy.rules[]."+list] = inputwalk.Sample{Given: joined(names, rule("")), Then: rule(list)}
	}
	// Without a rule nothing is composed, whatever else the input says.
	for path, sample := range samples {
		if sample.Elsewhere == "" && sample.Given["tenancy.rules"] == nil {
			sample.Given = joined(sample.Given, rule(""))
			samples[path] = sample
		}
	}
	inputwalk.Walk(t, inputwalk.Input(t, "../../package/environment/input/environment.fn.platform.io_inputs.yaml"), samples,
		func(f set) []byte {
			claim, input := inputwalk.Split(f, "claim")
			return answers(t, of, claim, input)
		})
}

// Everything that an Environment says shows in what is composed, or is refused.
func TestEverySpecShows(t *testing.T) {
	t.Parallel()
	of := both(t)
	type set = inputwalk.Fields
	own := func(shape fields) set {
		shape["cidr"] = "10.50.0.0/16"
		return set{"networkRef": nil, "network": shape}
	}
	everywhere := []any{"*"}
	all := []any{fields{
		"namespaces": everywhere, "providerConfigs": everywhere, "accounts": everywhere, "clusters": everywhere, "eksClusters": everywhere,
		"workloadNamespaces": everywhere, "vaultConfigs": everywhere, "vaultMounts": everywhere, "vaultNamespaces": everywhere,
		"vaultSources": everywhere, "kubernetesHosts": everywhere, "securityGroups": everywhere, "owners": everywhere, "costCenters": everywhere,
		"groups": everywhere, "serviceAccounts": everywhere, "cidrs": everywhere, "peerGroups": everywhere,
	}}
	deploys := func(namespace, name string) set {
		return set{"cluster.deployers": []any{fields{"serviceAccount": fields{"namespace": namespace, "name": name}}}}
	}
	called := func(by fields) set {
		if by["ports"] == nil {
			by["ports"] = []any{8080}
		}
		return set{"cluster.ingress": []any{by}}
	}
	const handed = "handed on as it is: TestShapesAreHandedOn"
	samples := map[string]inputwalk.Sample{
		"type":                                         {Then: set{"type": "dev"}},
		"cloud.provider":                               {Then: set{"cloud.provider": "gcp"}},
		"cloud.region":                                 {Then: set{"cloud.region": "eu-west-2"}},
		"cloud.accountId":                              {Then: set{"cloud.accountId": "999999999999"}},
		"cloud.providerConfigRef.name":                 {Then: set{"cloud.providerConfigRef.name": "other"}},
		"cloud.providerConfigRef.kind":                 {Then: set{"cloud.providerConfigRef.kind": "ProviderConfig"}},
		"owner.team":                                   {Then: set{"owner.team": "other"}},
		"owner.costCenter":                             {Then: set{"owner.costCenter": "other"}},
		"owner.contact":                                {Then: set{"owner.contact": "other@example.org"}},
		"networkRef.name":                              {Then: set{"networkRef.name": "other"}},
		"networkRef.namespace":                         {Then: set{"networkRef.namespace": "other"}},
		"network.cidr":                                 {Given: own(fields{}), Then: set{"network": fields{"cidr": "10.51.0.0/16"}}},
		"network.zones":                                {Given: own(fields{}), Then: own(fields{"zones": 3})},
		"network.nat":                                  {Given: own(fields{}), Then: own(fields{"nat": "none"})},
		"network.databaseTier":                         {Given: own(fields{}), Then: own(fields{"databaseTier": false})},
		"network.peerGroup":                            {Given: own(fields{}), Then: own(fields{"peerGroup": "corporate"})},
		"network.endpoints":                            {Given: own(fields{}), Then: own(fields{"endpoints": []any{"sts"}})},
		"network.endpointPresets":                      {Given: own(fields{}), Then: own(fields{"endpointPresets": []any{"eksPrivate"}})},
		"network.flowLogs.enabled":                     {Given: own(fields{}), Then: own(fields{"flowLogs": fields{"enabled": false}})},
		"network.flowLogs.retentionDays":               {Given: own(fields{}), Then: own(fields{"flowLogs": fields{"retentionDays": 90}})},
		"network.flowLogs.kmsKeyArn":                   {Given: own(fields{}), Then: own(fields{"flowLogs": fields{"kmsKeyArn": "arn:aws:kms:eu-west-1:123456789012:key/2"}})},
		"network.routes[].cidr":                        {Elsewhere: handed},
		"network.routes[].transitGatewayId":            {Elsewhere: handed},
		"network.routes[].peeringConnectionId":         {Elsewhere: handed},
		"cluster.providerConfigRef.name":               {Then: set{"cluster.providerConfigRef.name": "other"}},
		"cluster.providerConfigRef.kind":               {Then: set{"cluster.providerConfigRef.kind": "ProviderConfig"}},
		"cluster.namespace":                            {Then: set{"cluster.namespace": "legacy"}},
		"cluster.group":                                {Then: set{"cluster.group": "people"}},
		"cluster.workloadSecurityGroupIds":             {Then: set{"cluster.workloadSecurityGroupIds": []any{"sg-0fa019"}}},
		"cluster.deployers[].group":                    {Then: set{"cluster.deployers": []any{fields{"group": "deployers"}}}},
		"cluster.deployers[].serviceAccount.namespace": {Given: deploys("argocd", "deployer"), Then: deploys("flux-system", "deployer")},
		"cluster.deployers[].serviceAccount.name":      {Given: deploys("argocd", "deployer"), Then: deploys("argocd", "other")},
		"cluster.ingress[].namespace":                  {Given: called(fields{"namespace": "a"}), Then: called(fields{"namespace": "b"})},
		"cluster.ingress[].cidr":                       {Given: called(fields{"cidr": "10.1.0.0/16"}), Then: called(fields{"cidr": "10.2.0.0/16"})},
		"cluster.ingress[].ports":                      {Given: called(fields{"namespace": "a"}), Then: called(fields{"namespace": "a", "ports": []any{9090}})},
		"cluster.eks.podSecurityGroup":                 {Then: set{"cluster.eks.podSecurityGroup": "Both"}},
		"cluster.eks.name":                             {Then: set{"cluster.eks.name": "other"}},
		"cluster.eks.identityMode":                     {Then: set{"cluster.eks.identityMode": "IRSA"}},
		"identities[].serviceAccount":                  {Then: set{"identities": []any{fields{"serviceAccount": "other"}}}},
		"quota.cpu":                                    {Then: set{"quota.cpu": "3"}},
		"quota.memory":                                 {Then: set{"quota.memory": "3Gi"}},
		"quota.storage":                                {Then: set{"quota.storage": "3Gi"}},
		"quota.pods":                                   {Then: set{"quota.pods": 3}},
		"vault.providerConfigRef.name":                 {Then: set{"vault.providerConfigRef.name": "other"}},
		"vault.providerConfigRef.kind":                 {Then: set{"vault.providerConfigRef.kind": "ProviderConfig"}},
		"vault.namespace":                              {Then: set{"vault.namespace": "team"}},
		"vault.mounts.kv":                              {Then: set{"vault.mounts.kv": "kv"}},
		"vault.mounts.database":                        {Then: set{"vault.mounts.database": "db"}},
		"vault.mounts.jwtAuth":                         {Then: set{"vault.mounts.jwtAuth": "jwt"}},
		"vault.audience":                               {Then: set{"vault.audience": "other"}},
		"vault.issuer":                                 {Then: set{"vault.issuer": "https://issuer.example.org"}},
		"vault.mounts.kubernetesAuth":                  {Then: set{"vault.mounts.kubernetesAuth": "k8s"}},
		"vault.source.cidr":                            {Given: set{"vault.source": fields{"cidr": "10.1.0.0/24"}}, Then: set{"vault.source": fields{"cidr": "10.2.0.0/24"}}},
		"vault.source.securityGroupId":                 {Then: set{"vault.source": fields{"securityGroupId": "sg-0fa019"}}},
		"vault.port":                                   {Then: set{"vault.port": 443}},
		"vault.kubernetesHost":                         {Then: set{"vault.kubernetesHost": "https://other.example.org"}},
		"vault.kubernetesCaCert":                       {Then: set{"vault.kubernetesCaCert": "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"}},
		"ttl":                                          {Given: set{"type": "preview", "ttl": "72h"}, Then: set{"ttl": "96h"}},
		"sharedWith":                                   {Elsewhere: "App kinds look whether the Environment is shared with them; what is wrong with it is refused here"},
		"deletionProtection":                           {Then: set{"deletionProtection": true}},
	}
	inputwalk.Walk(t, inputwalk.Spec(t, "../../apis/environments/definition.yaml"), samples, func(f set) []byte {
		return answers(t, of, f, set{"tenancy.rules": all})
	})
}

// What the claim says of its own network is handed on as it is.
func TestShapesAreHandedOn(t *testing.T) {
	t.Parallel()
	routes := []any{fields{"cidr": "10.9.0.0/16", "transitGatewayId": "tgw-1"}, fields{"cidr": "10.8.0.0/16", "peeringConnectionId": "pcx-1"}}
	w := minimal(t).with(fields{"networkRef": nil, "network": fields{"cidr": "10.50.0.0/16", "routes": routes}})
	equal(t, "routes", any(routes), wanted(w.compose(), nameNetwork).At("spec").Map()["routes"])
}
