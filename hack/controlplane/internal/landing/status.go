package landing

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/crossplane/function-sdk-go/resource/composite"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
)

// desired is the composite that is returned: core takes nothing but its status.
func desired(env *v1.Environment) *composite.Unstructured {
	xr := composite.New()
	xr.SetAPIVersion(env.APIVersion)
	xr.SetKind(env.Kind)
	return xr
}

// statusOf is the status of a healthy Environment: a pure function of its spec, namespace and name.
func statusOf(env *v1.Environment) *v1.EnvironmentStatus {
	short := hash(env, "name")[:6]
	status := &v1.EnvironmentStatus{
		Phase:             pipelinev1.PhaseActive,
		WorkloadNamespace: workloadNamespace(env, short),
		Vault: &pipelinev1.Vault{
			ProviderConfigRef:   &pipelinev1.ProviderConfigReference{Name: "vault", Kind: "ClusterProviderConfig"},
			KVMount:             mount(env, short, "kv"),
			DatabaseMount:       mount(env, short, "db"),
			KubernetesAuthMount: mount(env, short, "k8s"),
		},
	}
	if env.Spec.Cloud.Provider != pipelinev1.CloudAWS {
		// Only AWS is played. The rest is there, so that App kinds can say that they are not offered on the cloud.
		return status
	}
	status.Network = network(env)
	status.WorkloadSecurityGroupIDs = []string{id(env, "sg", "workloads")}
	status.KMSKeyARN = keyARN(env)
	status.Vault.Source = &pipelinev1.VaultSource{SecurityGroupID: id(env, "sg", "vault")}
	return status
}

// network has private and database subnets in two zones of the region: RDS takes no fewer.
func network(env *v1.Environment) *pipelinev1.Network {
	net := second(env)
	n := &pipelinev1.Network{VPCID: id(env, "vpc", "network")}
	for _, s := range []struct {
		role       pipelinev1.SubnetRole
		zone, cidr string
	}{
		{pipelinev1.SubnetPrivate, "a", "0.0/20"},
		{pipelinev1.SubnetPrivate, "b", "16.0/20"},
		{pipelinev1.SubnetDatabase, "a", "64.0/24"},
		{pipelinev1.SubnetDatabase, "b", "65.0/24"},
	} {
		n.Subnets = append(n.Subnets, pipelinev1.Subnet{
			ID:   id(env, "subnet", string(s.role)+s.zone),
			Role: s.role,
			Zone: env.Spec.Cloud.Region + s.zone,
			CIDR: fmt.Sprintf("10.%d.%s", net, s.cidr),
		})
	}
	return n
}

// second is the second number of the network's address: 16 to 207.
func second(env *v1.Environment) int {
	sum := sha256.Sum256([]byte(env.Namespace + "/" + env.Name))
	return 16 + int(sum[0])%192
}

// keyARN names a key in the account. Keys look like UUIDs.
func keyARN(env *v1.Environment) string {
	h := hash(env, "key")
	return fmt.Sprintf("arn:%s:kms:%s:%s:key/%s-%s-%s-%s-%s", partition(env.Spec.Cloud.Region), env.Spec.Cloud.Region,
		env.Spec.Cloud.AccountID, h[:8], h[8:12], h[12:16], h[16:20], h[20:32])
}

// partition of a region.
func partition(region string) string {
	for prefix, name := range map[string]string{"cn-": "aws-cn", "us-gov-": "aws-us-gov"} {
		if strings.HasPrefix(region, prefix) {
			return name
		}
	}
	return "aws"
}

// workloadNamespace is the team and the Environment, as a namespace: a team's name may be longer and have other characters.
func workloadNamespace(env *v1.Environment, short string) string {
	readable := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(env.Spec.Owner.Team+"-"+env.Name))
	readable = strings.Trim(readable, "-")
	if most := 63 - len("-") - len(short); len(readable) > most {
		readable = strings.TrimRight(readable[:most], "-")
	}
	return readable + "-" + short
}

// mount is the path of a Vault mount. The hash keeps two Environments of one name in two namespaces apart.
func mount(env *v1.Environment, short, kind string) string {
	return env.Name + "-" + short + "-" + kind
}

// id looks like the ids of EC2.
func id(env *v1.Environment, kind, purpose string) string {
	return kind + "-" + hash(env, kind+"/"+purpose)[:17]
}

// hash of an Environment and a purpose. Names hold no slash: no two tuples join to the same string.
func hash(env *v1.Environment, purpose string) string {
	sum := sha256.Sum256([]byte(env.Namespace + "/" + env.Name + "/" + purpose))
	return hex.EncodeToString(sum[:])
}
