package environment

import (
	"fmt"
	"strings"
	"time"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/cidr"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/partition"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// validate runs the checks in order and returns the first refusal. Each one is for a mistake of a person; what only time heals is not
// refused. In an expired preview a mistake keeps nothing alive, so only what makes it the one that it was is checked.
func validate(e *environment) *plan.Refusal {
	checks := []func(*environment) *plan.Refusal{typeKnown, typeUnchanged, cloudUnchanged}
	if !e.expired() {
		checks = append(checks,
			cloudOffered, regionKnown, accountGiven, ttlValid, sharedWithSome, oneNetwork, cidrGiven, networkLoss, clusterNamed, clusterUnchanged,
			namespaceKept, namespaceOfTheSystem, namespaceOfAnother,
			groupOfPeople, deployersNamed, ingressNamed, quotaValid, quotaWithin, quotaOfOthers, identitiesPossible, identitiesCounted,
			accountsNamed, accountsUnique, vaultReachable, issuerUsed, vaultCertificate, vaultSource,
			vaultPortValid, vaultPathsPlain, vaultMountsApart, vaultKept,
			podGroupMoves, tenancyAllows)
	}
	for _, check := range checks {
		if refusal := check(e); refusal != nil {
			return refusal
		}
	}
	return nil
}

func typeKnown(e *environment) *plan.Refusal {
	if _, known := e.data.tiers[e.claim.kind]; known {
		return nil
	}
	return plan.Refuse(v1.ConditionNetworkReady, conditions.InvalidSpec, fmt.Sprintf(
		"spec.type: %q is not a type of environment; write one of %s", e.claim.kind, e.data.types()))
}

// typeUnchanged matters most of all: an environment that became a preview could expire.
func typeUnchanged(e *environment) *plan.Refusal {
	const mark = "platform.io/environment-type"
	was := first(e.in.Observed.Get(nameKey).String("spec", "forProvider", "tags", mark),
		e.observedManifest(nameNamespace).String("metadata", "labels", mark))
	if was == "" || was == string(e.claim.kind) {
		return nil
	}
	return plan.Refuse(v1.ConditionNetworkReady, conditions.TypeChanged, fmt.Sprintf(
		"spec.type: the environment is of type %s and cannot become %s. Write %s again, or create another Environment",
		was, e.claim.kind, was))
}

// cloudUnchanged compares with what is composed, and with what was published of it.
func cloudUnchanged(e *environment) *plan.Refusal {
	arn, region, provider := e.kmsKeyARN(), "", ""
	for _, name := range []string{nameKey, nameAlias, nameEKS} {
		o := e.in.Observed.Get(name)
		region = first(region, o.String("spec", "forProvider", "region"))
		arn = first(arn, o.String("status", "atProvider", "arn"))
	}
	if region = first(region, regionOf(arn)); region != "" {
		provider = string(pipelinev1.CloudAWS)
	}
	for _, f := range []struct{ field, was, is string }{
		{"provider", provider, string(e.claim.cloud.Provider)},
		{"accountId", accountOf(arn), e.claim.cloud.AccountID},
		{"region", region, e.claim.cloud.Region},
	} {
		if f.was != "" && f.was != f.is {
			return plan.Refuse(v1.ConditionNetworkReady, conditions.CloudChanged, fmt.Sprintf(
				"spec.cloud.%s: the environment is in %q and cannot move to %q. Write %q again, or create another Environment",
				f.field, f.was, f.is, f.was))
		}
	}
	return nil
}

// regionOf an ARN. Empty when it says none.
func regionOf(arn string) string {
	const region = 3
	if parts := strings.Split(arn, ":"); len(parts) > region {
		return parts[region]
	}
	return ""
}

func cloudOffered(e *environment) *plan.Refusal {
	if e.claim.cloud.Provider == pipelinev1.CloudAWS {
		return nil
	}
	return plan.Refuse(v1.ConditionNetworkReady, conditions.EnvironmentCloudUnsupported, fmt.Sprintf(
		"spec.cloud.provider: %q is not offered yet; write aws", e.claim.cloud.Provider))
}

// regionKnown is for what begins: what is there is in a region that exists.
func regionKnown(e *environment) *plan.Refusal {
	if len(e.in.Observed.Names(prefix)) > 0 {
		return nil
	}
	if err := partition.Check(e.claim.cloud.Region, e.data.regions); err != nil {
		return plan.Refuse(v1.ConditionNetworkReady, conditions.RegionUnknown, fmt.Sprintf("spec.cloud.region: %v", err))
	}
	return nil
}

// accountGiven: the key policy and the trust of the roles name the account.
func accountGiven(e *environment) *plan.Refusal {
	id := e.claim.cloud.AccountID
	if len(id) == 12 && strings.Trim(id, "0123456789") == "" {
		return nil
	}
	return plan.Refuse(v1.ConditionNetworkReady, conditions.InvalidSpec, fmt.Sprintf(
		"spec.cloud.accountId: %q is not an AWS account; write its twelve digits, in quotes", id))
}

func ttlValid(e *environment) *plan.Refusal {
	ttl := e.claim.ttl
	refuse := func(message string) *plan.Refusal {
		return plan.Refuse(v1.ConditionNetworkReady, conditions.InvalidTTL, "spec.ttl: "+message)
	}
	if ttl == "" {
		if missing := e.ttlMissing(); missing != "" {
			return refuse(missing)
		}
		return nil
	}
	if e.claim.kind != pipelinev1.EnvironmentPreview {
		return refuse(fmt.Sprintf("an environment of type %s does not expire: remove the field. It is for previews", e.claim.kind))
	}
	span, err := parseTTL(ttl)
	switch {
	case err != nil:
		return refuse(err.Error())
	case span < e.data.shortest:
		return refuse(fmt.Sprintf("%s is too short: write %s or more", ttl, spanOf(e.data.shortest)))
	case e.data.longest > 0 && span > e.data.longest:
		return refuse(fmt.Sprintf("%s is too long: write %s or less. For something that lasts, create an environment of type dev",
			ttl, spanOf(e.data.longest)))
	}
	return nil
}

// ttlMissing: without an end a preview would outlive the longest time that it may have. Nobody guesses one for a preview that is there:
// its data would go with it.
func (e *environment) ttlMissing() string {
	if e.claim.kind != pipelinev1.EnvironmentPreview || e.data.longest <= 0 || e.expires() {
		return ""
	}
	longest := spanOf(e.data.longest)
	created, err := time.Parse(time.RFC3339, e.in.XR.String("metadata", "creationTimestamp"))
	if err == nil && len(e.in.Observed.Names(prefix)) > 0 && e.in.Now.After(created.Add(e.data.longest)) {
		return fmt.Sprintf("it is missing, and a preview lasts %s at most. This one is from %s: whatever ttl is written now, it "+
			"expires at once and its services go with their data. Nothing is changed before. Move what has to stay to an environment of type dev "+
			"first, or ask the platform team to raise expiry.longestTTL in the input of the Composition", longest,
			created.UTC().Format(time.RFC3339))
	}
	return fmt.Sprintf("it is missing, and a preview lasts %s at most: write how long it lasts from its creation, such as 72h. For "+
		"something that lasts, create an environment of type dev", longest)
}

// oneNetwork: which one would be meant?
func oneNetwork(e *environment) *plan.Refusal {
	if e.claim.networkRef == nil || e.claim.network.IsZero() {
		return nil
	}
	return plan.Refuse(v1.ConditionNetworkReady, conditions.InvalidSpec,
		"spec.networkRef and spec.network are both there: write networkRef, for a Network that exists, or network, for one of its own")
}

// cidrGiven judges the range of a new network here, before anything is composed: the Network would refuse it when the rest is built, and
// a range that was asked for cannot be changed any more.
func cidrGiven(e *environment) *plan.Refusal {
	if e.claim.network.IsZero() {
		return nil
	}
	text := e.claim.network.String("cidr")
	if text == "" {
		return plan.Refuse(v1.ConditionNetworkReady, conditions.InvalidSpec,
			"spec.network.cidr is missing: write the range of the new network, such as 10.40.0.0/16")
	}
	if _, err := cidr.Parse(text); err != nil && !e.observes(nameNetwork) {
		return plan.Refuse(v1.ConditionNetworkReady, conditions.InvalidCIDR, "spec.network.cidr: "+err.Error())
	}
	return nil
}

// clusterNamed: without names there is no way to the cluster. The schema wants them too, and a composite may be older than that.
func clusterNamed(e *environment) *plan.Refusal {
	refuse := func(field, what string) *plan.Refusal {
		return plan.Refuse(v1.ConditionClusterReady, conditions.InvalidSpec, fmt.Sprintf(
			"spec.cluster.%s is missing: write the name of %s", field, what))
	}
	switch c := e.claim.cluster; {
	case c == nil:
		return nil
	case c.ProviderConfigRef.Name == "":
		return refuse("providerConfigRef.name", "the provider-kubernetes configuration that leads to the cluster")
	case c.EKS != nil && c.EKS.Name == "":
		return refuse("eks.name", "the cluster in EKS, or remove spec.cluster.eks")
	}
	return nil
}

// clusterUnchanged: what is composed in one cluster cannot follow to another, and the trust of the roles and what Vault believes are
// of one EKS cluster.
func clusterUnchanged(e *environment) *plan.Refusal {
	if e.claim.cluster == nil {
		return nil
	}
	eks := ""
	if named := e.eksCluster(); named != nil {
		eks = named.Name
	}
	for _, f := range []struct{ field, was, is string }{
		{
			"providerConfigRef.name", e.in.Observed.Get(nameNamespace).String("spec", "providerConfigRef", "name"),
			e.claim.cluster.ProviderConfigRef.Name,
		},
		{"eks.name", e.in.Observed.Get(nameEKS).Annotation(managed.ExternalNameAnnotation), eks},
	} {
		// That an EKS cluster is not named any more changes nothing of where the workloads are.
		if f.was != "" && f.is != "" && f.was != f.is {
			return plan.Refuse(v1.ConditionClusterReady, conditions.ClusterChanged, fmt.Sprintf(
				"spec.cluster.%s: the environment's workloads are in %q and cannot move to %q. Write %q again, or create another Environment",
				f.field, f.was, f.is, f.was))
		}
	}
	return nil
}

func quotaValid(e *environment) *plan.Refusal {
	if e.claim.quota == (v1.Quota{}) {
		return nil
	}
	if e.claim.cluster == nil {
		return plan.Refuse(v1.ConditionClusterReady, conditions.InvalidQuota, fmt.Sprintf(
			"spec.quota needs spec.cluster: without it workloads run in namespace %s, beside this object, which has a quota of its own. Remove "+
				"spec.quota, or name the cluster", e.workloadNamespace()))
	}
	if err := checkQuota(e.claim.quota); err != nil {
		return plan.Refuse(v1.ConditionClusterReady, conditions.InvalidQuota, err.Error())
	}
	return nil
}

// sharedWithSome: who shares with everybody does it by accident.
func sharedWithSome(e *environment) *plan.Refusal {
	for i, pattern := range e.claim.sharedWith {
		prefix, open := strings.CutSuffix(pattern, "*")
		switch {
		case open && len(prefix) < 3:
			return plan.Refuse(v1.ConditionNetworkReady, conditions.SharedTooWide, fmt.Sprintf(
				"spec.sharedWith[%d]: %q would include everything by accident; write a prefix of at least three characters before the *, or the "+
					"names of the namespaces", i, pattern))
		case !isNamespace(strings.TrimSuffix(prefix, "-")):
			return plan.Refuse(v1.ConditionNetworkReady, conditions.InvalidSpec, fmt.Sprintf(
				"spec.sharedWith[%d]: %q is not the name of a namespace; write one, or a prefix that ends in *, such as team-checkout-*", i, pattern))
		}
	}
	return nil
}
