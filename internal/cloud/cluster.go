package cloud

import (
	"maps"
	"strings"
)

func clusters() map[string]Facts {
	return map[string]Facts{
		EKSCluster: {
			Identity: []string{"region"}, Reads: []string{"region"}, Named: true, Report: eksCluster, Existing: eksCluster,
		},
		PodIdentityAssociation: {
			Identity: []string{"region", "clusterName", "namespace", "serviceAccount"},
			Reads:    []string{"region", "clusterName"},
			Report:   podIdentity,
			Defaults: fixed(map[string]any{"disableSessionTags": false}),
		},
		Object: {Reads: []string{"manifest"}, Named: true, Report: manifest, Existing: manifest},
	}
}

// authority is the certificate of an API server that does not exist, as EKS reports it: PEM in base64.
const authority = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCmMybHRkV3hoZEdWawotLS0tLUVORCBDRVJUSUZJQ0FURS0tLS0tCg=="

// eksCluster is an EKS cluster. Ours are only observed.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/eks_cluster
func eksCluster(r Resource) map[string]any {
	id, vpcID := derived(r.Name, "eks")+derived(r.Name, "oidc"), r.VPC
	if vpcID == "" {
		vpcID = ExistingVPC
	}
	id = strings.ToUpper(id[:32])
	domain, issuer := r.text("region")+".eks.amazonaws.com", "eks."+r.text("region")+".amazonaws.com"
	return map[string]any{
		"id": r.Name, "arn": r.arn("eks", "cluster/"+r.Name), "status": "ACTIVE", "version": "1.34", "createdAt": created,
		"endpoint":             "https://" + id + ".gr7." + domain,
		"certificateAuthority": []any{map[string]any{"data": authority}},
		"identity":             []any{map[string]any{"oidc": []any{map[string]any{"issuer": "https://oidc." + issuer + "/id/" + id}}}},
		"vpcConfig":            map[string]any{"vpcId": vpcID, "clusterSecurityGroupId": "sg-" + derived(r.Name, "cluster")},
	}
}

func podIdentity(r Resource) map[string]any {
	id := r.kept("associationId", "a-"+r.digits(17))
	return map[string]any{
		"id": id, "associationId": id, "associationArn": r.arn("eks", "podidentityassociation/"+r.text("clusterName")+"/"+id),
	}
}

// manifest is the object in the other cluster: as it was applied, with what that cluster adds.
func manifest(r Resource) map[string]any {
	applied, _ := r.Parameters["manifest"].(map[string]any)
	metadata, _ := applied["metadata"].(map[string]any)
	d, metadata, observed := r.digits(32), maps.Clone(metadata), maps.Clone(applied)
	if observed == nil {
		return map[string]any{}
	}
	if metadata == nil {
		metadata = map[string]any{}
	}
	metadata["uid"] = d[:8] + "-" + d[8:12] + "-4" + d[13:16] + "-8" + d[17:20] + "-" + d[20:]
	metadata["creationTimestamp"] = created
	observed["metadata"] = metadata
	return map[string]any{"manifest": observed}
}
