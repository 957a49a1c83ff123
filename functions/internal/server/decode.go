package server

import (
	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
)

// maxDepth of nested values on the fast path; no Kubernetes object comes near.
const maxDepth = 100

// unmarshalRequest decodes what Crossplane sends in one pass: all strings share one copy of the message, and values
// are allocated in slabs. Whatever is not in the plain form that encoders write (unknown fields, a field given
// twice, malformed input) goes to the library, which is the judge of what it means; tests and a fuzz target compare the two.
func unmarshalRequest(data mem.BufferSlice, m *fnv1.RunFunctionRequest) error {
	var u undecoded
	u.read(data)
	return u.decode(m)
}

func (u *undecoded) decode(m *fnv1.RunFunctionRequest) error {
	d := &decoder{}
	if d.request(u.text, m); !d.bail {
		return nil
	}
	return proto.Unmarshal([]byte(u.text), m)
}

// decoder decodes requests; once bail is set, what it decoded means nothing.
type decoder struct {
	bail  bool
	depth int

	strings slab[stringValue]
	numbers slab[numberValue]
	bools   slab[boolValue]
	structs slab[structValue]
	lists   slab[listValue]
}

func (d *decoder) request(s string, m *fnv1.RunFunctionRequest) {
	for s != "" && !d.bail {
		var f field
		f, s = d.field(s)
		switch f.tag {
		case lenTag | 1<<3:
			if m.Meta != nil {
				d.bail = true
				return
			}
			m.Meta = &fnv1.RequestMeta{}
			d.library(f.text, m.Meta)
		case lenTag | 2<<3:
			m.Observed = d.state(f.text, m.Observed)
		case lenTag | 3<<3:
			m.Desired = d.state(f.text, m.Desired)
		case lenTag | 4<<3:
			m.Input = d.optionalStruct(f.text, m.Input)
		case lenTag | 5<<3:
			m.Context = d.optionalStruct(f.text, m.Context)
		case lenTag | 6<<3:
			m.ExtraResources = d.resources(f.text, m.ExtraResources) //nolint:staticcheck // Old cores send it.
		case lenTag | 7<<3:
			m.Credentials = d.credentials(f.text, m.Credentials)
		case lenTag | 8<<3:
			m.RequiredResources = d.resources(f.text, m.RequiredResources)
		case lenTag | 9<<3:
			m.RequiredSchemas = d.schemas(f.text, m.RequiredSchemas)
		default:
			d.bail = true
		}
	}
}

// library decodes a small message.
func (d *decoder) library(s string, m proto.Message) {
	if err := proto.Unmarshal([]byte(s), m); err != nil {
		d.bail = true
	}
}

func (d *decoder) credentials(s string, m map[string]*fnv1.Credentials) map[string]*fnv1.Credentials {
	if m == nil {
		m = map[string]*fnv1.Credentials{}
	}
	key, value := d.entry(s)
	c := &fnv1.Credentials{}
	d.library(value, c)
	m[key] = c
	return m
}

func (d *decoder) schemas(s string, m map[string]*fnv1.Schema) map[string]*fnv1.Schema {
	if m == nil {
		m = map[string]*fnv1.Schema{}
	}
	key, value := d.entry(s)
	schema := &fnv1.Schema{}
	for value != "" && !d.bail {
		var f field
		if f, value = d.field(value); f.tag != lenTag|1<<3 {
			d.bail = true
		}
		schema.OpenapiV3 = d.optionalStruct(f.text, schema.OpenapiV3)
	}
	m[key] = schema
	return m
}

func (d *decoder) resources(s string, m map[string]*fnv1.Resources) map[string]*fnv1.Resources {
	if m == nil {
		m = map[string]*fnv1.Resources{}
	}
	key, value := d.entry(s)
	resources := &fnv1.Resources{}
	for value != "" && !d.bail {
		var f field
		if f, value = d.field(value); f.tag != lenTag|1<<3 {
			d.bail = true
		}
		resources.Items = append(resources.Items, d.resource(f.text))
	}
	m[key] = resources
	return m
}

func (d *decoder) state(s string, old *fnv1.State) *fnv1.State {
	d.bail = d.bail || old != nil
	m := &fnv1.State{}
	for s != "" && !d.bail {
		var f field
		f, s = d.field(s)
		switch {
		case f.tag == lenTag|1<<3 && m.Composite == nil:
			m.Composite = d.resource(f.text)
		case f.tag == lenTag|2<<3:
			if m.Resources == nil {
				m.Resources = make(map[string]*fnv1.Resource, 1+count(s, f.tag))
			}
			key, value := d.entry(f.text)
			m.Resources[key] = d.resource(value)
		default:
			d.bail = true
		}
	}
	return m
}

func (d *decoder) resource(s string) *fnv1.Resource {
	m := &fnv1.Resource{}
	for s != "" && !d.bail {
		var f field
		f, s = d.field(s)
		switch f.tag {
		case lenTag | 1<<3:
			m.Resource = d.optionalStruct(f.text, m.Resource)
		case lenTag | 2<<3:
			if m.ConnectionDetails == nil {
				m.ConnectionDetails = make(map[string][]byte, 1+count(s, f.tag))
			}
			key, value := d.entry(f.text)
			m.ConnectionDetails[key] = []byte(value)
		case varintTag | 3<<3:
			m.Ready = fnv1.Ready(f.number) //nolint:gosec // An enum is truncated to 32 bits, as the library does.
		default:
			d.bail = true
		}
	}
	return m
}

func (d *decoder) optionalStruct(s string, old *structpb.Struct) *structpb.Struct {
	d.bail = d.bail || old != nil
	m := &structpb.Struct{}
	d.structure(s, m)
	return m
}
