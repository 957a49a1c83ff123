package simulator

import (
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/internal/cloud"
)

// What a provider makes of a resource is told by package cloud, on plain maps. Only the parameters that it reads are converted.

// Password of every simulated master user: nothing but Secrets and connection details may hold it.
const Password = "SimulatedMasterPassw0rdX7q"

// externalName is the annotation with the name that the provider finds something by.
const externalName = "crossplane.io/external-name"

// plain is a resource as package cloud takes it, with some parameters: those that are said, or those that the cloud has. Identifiers follow
// from the name alone, so those observed are not handed on.
func (c *Cluster) plain(o object.Object, facts cloud.Facts, given map[string]*structpb.Value) cloud.Resource {
	parameters := make(map[string]any, len(facts.Reads))
	for _, field := range facts.Reads {
		if value, ok := given[field]; ok {
			parameters[field] = value.AsInterface()
		}
	}
	r := cloud.Resource{
		Kind: kindOf(o), Name: o.Name(), Seed: o.Kind() + "/" + o.Name(), Parameters: parameters,
		Account: cloud.AccountOf(o.String("spec", "providerConfigRef", "name")),
	}
	if name := o.Annotation(externalName); name != "" && (facts.Named || onlyObserved(o)) {
		r.Name = name
	}
	if is(o, cloud.EKSCluster) {
		r.VPC = cloud.VPCOf(r.Name, c.networks())
	}
	if isDatabase(o) {
		r.Observed = stateOf(o)
		r.Source = c.sourceOf(cloud.OriginOf(r.Kind, parameters))
		r.Members, r.Writer = c.members(o)
	}
	if field := map[string]string{cloud.EIP: "allocationId", cloud.NATGateway: "subnetId"}[r.Kind]; field != "" {
		r.Source = c.neighbour(o, field)
	}
	return r
}

// sourceOf is what is known of the origin of a copy: of a snapshot what a test has said (Cloud.Existing).
func (c *Cluster) sourceOf(origin cloud.Origin) map[string]any {
	if origin.Kind == cloud.Snapshot {
		return c.Cloud.Existing[origin.Name]
	}
	return stateOf(c.database(origin))
}

// neighbour is status.atProvider of what an address or a NAT gateway belongs to: of the gateway that has taken the address, and of the
// subnet that the gateway is in. Nil when it is not there.
func (c *Cluster) neighbour(o object.Object, field string) map[string]any {
	var found map[string]any
	c.outermost().each(func(composed *Composed) {
		other := object.Of(composed.Object)
		id := other.String("status", "atProvider", "id")
		address := is(o, cloud.EIP) && is(other, cloud.NATGateway) &&
			other.String("spec", "forProvider", field) == o.String("status", "atProvider", "id")
		subnet := is(o, cloud.NATGateway) && is(other, cloud.Subnet) && o.String("spec", "forProvider", field) == id
		if id != "" && (address || subnet) {
			found = some(other.At("status", "atProvider"), "networkInterfaceId", "vpcId", "cidrBlock")
		}
	})
	return found
}

// stateOf a database is what it is by now, whatever its parameters say.
func stateOf(o object.Object) map[string]any {
	return some(o.At("status", "atProvider"),
		"allocatedStorage", "engine", "engineVersionActual", "port", "username", "dbName", "masterUsername", "databaseName", "dbSubnetGroupName",
		"kmsKeyId", "storageEncrypted", "storageType")
}

// fieldsOf is what package cloud answers, as it goes over the wire.
func fieldsOf(plain map[string]any) *structpb.Struct {
	out := make(map[string]*structpb.Value, len(plain))
	for field, value := range plain {
		out[field] = valueOf(value)
	}
	return fields(out)
}

func valueOf(plain any) *structpb.Value {
	switch v := plain.(type) {
	case string:
		return Text(v)
	case bool:
		return Bool(v)
	case int64:
		return Number(v)
	case float64:
		return structpb.NewNumberValue(v)
	case map[string]any:
		return Nested(fieldsOf(v))
	case []any:
		list := make([]*structpb.Value, 0, len(v))
		for _, item := range v {
			list = append(list, valueOf(item))
		}
		return listOf(list...)
	default:
		return structpb.NewNullValue()
	}
}

// detailsOf are the connection details that the provider writes when it is told where to.
func detailsOf(s *structpb.Struct) map[string][]byte {
	o := object.Of(s)
	if o.String("spec", "writeConnectionSecretToRef", "name") == "" {
		return nil
	}
	details := cloud.Details(kindOf(o), some(o.At("spec", "forProvider"), "username", "masterUsername"), some(o.At("status", "atProvider"),
		"address", "endpoint", "readerEndpoint", "port", "username", "masterUsername"), Password)
	if details == nil {
		return nil
	}
	out := make(map[string][]byte, len(details))
	for key, value := range details {
		out[key] = []byte(value)
	}
	return out
}

// some fields of an object.
func some(o object.Object, names ...string) map[string]any {
	out := make(map[string]any, len(names))
	for _, name := range names {
		if value, ok := o.Struct().GetFields()[name]; ok {
			out[name] = value.AsInterface()
		}
	}
	return out
}
