package environment

import (
	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// claim is what the team said. The API server has checked it against the schema.
type claim struct {
	kind       pipelinev1.EnvironmentType
	cloud      pipelinev1.Cloud
	owner      pipelinev1.Owner
	networkRef *v1.NetworkReference
	// network is spec.network as it is written. The zero Object when there is none.
	network    object.Object
	cluster    *v1.EnvironmentCluster
	quota      v1.Quota
	identities []string
	vault      *v1.EnvironmentVault
	ttl        string
	sharedWith []string
	protection *bool
}

func readClaim(xr object.Object) claim {
	spec := xr.At("spec")
	c := claim{
		kind: pipelinev1.EnvironmentType(spec.String("type")),
		cloud: pipelinev1.Cloud{
			Provider: pipelinev1.CloudProvider(spec.String("cloud", "provider")), Region: spec.String("cloud", "region"),
			AccountID: spec.String("cloud", "accountId"), ProviderConfigRef: providerConfig(spec.At("cloud", "providerConfigRef")),
		},
		owner: pipelinev1.Owner{
			Team: spec.String("owner", "team"), CostCenter: spec.String("owner", "costCenter"), Contact: spec.String("owner", "contact"),
		},
		network: spec.At("network"),
		quota: v1.Quota{
			CPU: spec.String("quota", "cpu"), Memory: spec.String("quota", "memory"), Storage: spec.String("quota", "storage"),
			Pods: spec.Int("quota", "pods"),
		},
		ttl:        spec.String("ttl"),
		sharedWith: spec.Strings("sharedWith"),
		cluster:    readCluster(spec.At("cluster")),
		vault:      readVault(spec.At("vault")),
	}
	if ref := spec.At("networkRef"); !ref.IsZero() {
		c.networkRef = &v1.NetworkReference{Name: ref.String("name"), Namespace: ref.String("namespace")}
	}
	for _, i := range spec.List("identities") {
		c.identities = append(c.identities, i.String("serviceAccount"))
	}
	if spec.Has("deletionProtection") {
		c.protection = ptr(spec.Bool("deletionProtection"))
	}
	return c
}

func readCluster(o object.Object) *v1.EnvironmentCluster {
	if o.IsZero() {
		return nil
	}
	c := &v1.EnvironmentCluster{
		Namespace: o.String("namespace"), Group: o.String("group"), WorkloadSecurityGroupIDs: o.Strings("workloadSecurityGroupIds"),
	}
	if ref := providerConfig(o.At("providerConfigRef")); ref != nil {
		c.ProviderConfigRef = *ref
	}
	c.Deployers, c.Ingress = readDeployers(o), readIngress(o)
	if eks := o.At("eks"); !eks.IsZero() {
		mode := v1.IdentityMode(first(eks.String("identityMode"), string(v1.IdentityPodIdentity)))
		group := v1.PodSecurityGroup(first(eks.String("podSecurityGroup"), string(v1.PodSecurityGroupCluster)))
		c.EKS = &v1.EKSCluster{Name: eks.String("name"), IdentityMode: mode, PodSecurityGroup: group}
	}
	return c
}

func readDeployers(cluster object.Object) []v1.ClusterDeployer {
	var all []v1.ClusterDeployer
	for _, o := range cluster.List("deployers") {
		d := v1.ClusterDeployer{Group: o.String("group")}
		if account := o.At("serviceAccount"); !account.IsZero() {
			d.ServiceAccount = &v1.DeployerServiceAccount{Namespace: account.String("namespace"), Name: account.String("name")}
		}
		all = append(all, d)
	}
	return all
}

func readIngress(cluster object.Object) []v1.WorkloadIngress {
	var all []v1.WorkloadIngress
	for _, o := range cluster.List("ingress") {
		all = append(all, v1.WorkloadIngress{Namespace: o.String("namespace"), CIDR: o.String("cidr"), Ports: o.Ints("ports")})
	}
	return all
}

func readVault(o object.Object) *v1.EnvironmentVault {
	if o.IsZero() {
		return nil
	}
	mounts := o.At("mounts")
	v := &v1.EnvironmentVault{
		ProviderConfigRef: providerConfig(o.At("providerConfigRef")), Namespace: o.String("namespace"),
		Mounts: &v1.VaultMounts{
			KV: mounts.String("kv"), Database: mounts.String("database"), KubernetesAuth: mounts.String("kubernetesAuth"),
			JWTAuth: mounts.String("jwtAuth"),
		},
		Audience: o.String("audience"), Issuer: o.String("issuer"),
		KubernetesHost: o.String("kubernetesHost"), KubernetesCACert: o.String("kubernetesCaCert"),
		Port: o.Int("port"),
	}
	if source := o.At("source"); !source.IsZero() {
		v.Source = &pipelinev1.VaultSource{SecurityGroupID: source.String("securityGroupId"), CIDR: source.String("cidr")}
	}
	return v
}

func providerConfig(o object.Object) *pipelinev1.ProviderConfigReference {
	if o.IsZero() {
		return nil
	}
	return &pipelinev1.ProviderConfigReference{Name: o.String("name"), Kind: o.String("kind")}
}
