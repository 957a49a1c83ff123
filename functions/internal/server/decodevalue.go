package server

import (
	"math"
	"unicode/utf8"

	"google.golang.org/protobuf/types/known/structpb"
)

// A value and what it holds are allocated together, 32 at a time.
type (
	stringValue struct {
		value structpb.Value
		kind  structpb.Value_StringValue
	}
	numberValue struct {
		value structpb.Value
		kind  structpb.Value_NumberValue
	}
	boolValue struct {
		value structpb.Value
		kind  structpb.Value_BoolValue
	}
	structValue struct {
		value structpb.Value
		kind  structpb.Value_StructValue
		inner structpb.Struct
	}
	listValue struct {
		value structpb.Value
		kind  structpb.Value_ListValue
		inner structpb.ListValue
	}
)

const slabSize = 32

type slab[T any] struct{ free []T }

func (s *slab[T]) next() *T {
	if len(s.free) == 0 {
		s.free = make([]T, slabSize)
	}
	p := &s.free[0]
	s.free = s.free[1:]
	return p
}

func (d *decoder) structure(s string, m *structpb.Struct) {
	for s != "" && !d.bail {
		var f field
		if f, s = d.field(s); f.tag != lenTag|1<<3 {
			d.bail = true
			return
		}
		if m.Fields == nil {
			m.Fields = make(map[string]*structpb.Value, 1+count(s, f.tag))
		}
		key, value := d.entry(f.text)
		m.Fields[key] = d.value(value)
	}
}

// value decodes a Value of one field, the only form that encoders write.
func (d *decoder) value(s string) *structpb.Value {
	if s == "" || d.bail {
		return &structpb.Value{}
	}
	f, rest := d.field(s)
	if rest != "" || d.depth == maxDepth {
		d.bail = true
		return nil
	}
	d.depth++
	defer func() { d.depth-- }()
	switch f.tag {
	case lenTag | 3<<3:
		return d.stringValue(f.text)
	case lenTag | 5<<3:
		p := d.structs.next()
		d.structure(f.text, &p.inner)
		p.kind.StructValue = &p.inner
		p.value.Kind = &p.kind
		return &p.value
	case lenTag | 6<<3:
		return d.listValue(f.text)
	case fixed64Tag | 2<<3:
		p := d.numbers.next()
		p.kind.NumberValue = math.Float64frombits(f.number)
		p.value.Kind = &p.kind
		return &p.value
	case varintTag | 4<<3:
		p := d.bools.next()
		p.kind.BoolValue = f.number != 0
		p.value.Kind = &p.kind
		return &p.value
	case varintTag | 1<<3:
		return &structpb.Value{Kind: &structpb.Value_NullValue{NullValue: structpb.NullValue(f.number)}} //nolint:gosec // As the library does.
	}
	d.bail = true
	return nil
}

func (d *decoder) stringValue(s string) *structpb.Value {
	d.bail = d.bail || !utf8.ValidString(s)
	p := d.strings.next()
	p.kind.StringValue = s
	p.value.Kind = &p.kind
	return &p.value
}

func (d *decoder) listValue(s string) *structpb.Value {
	p := d.lists.next()
	for s != "" && !d.bail {
		var f field
		if f, s = d.field(s); f.tag != lenTag|1<<3 {
			d.bail = true
			return nil
		}
		if p.inner.Values == nil {
			p.inner.Values = make([]*structpb.Value, 0, 1+count(s, f.tag))
		}
		p.inner.Values = append(p.inner.Values, d.value(f.text))
	}
	p.kind.ListValue = &p.inner
	p.value.Kind = &p.kind
	return &p.value
}
