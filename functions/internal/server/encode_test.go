package server

import (
	"bytes"
	"math/rand/v2"
	"testing"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
)

func encodeBytes(t testing.TB, rsp *fnv1.RunFunctionResponse) []byte {
	t.Helper()
	data, err := marshalResponse(rsp)
	if err != nil {
		t.Fatal(err)
	}
	defer data.Free()
	return data.Materialize()
}

func TestEncodeIsTheLibrarysDeterministicEncoding(t *testing.T) {
	full := sampleResponse(t, sampleRequest(t, 20))
	unknown := sampleResponse(t, sampleRequest(t, 1))
	for _, m := range []proto.Message{unknown, unknown.GetDesired(), unknown.GetDesired().GetComposite(), unknown.GetContext(), unknown.GetContext().GetFields()["kind"], unknown.GetContext().GetFields()["spec"].GetStructValue().GetFields()["managementPolicies"].GetListValue()} {
		m.ProtoReflect().SetUnknown(protowire.AppendVarint(protowire.AppendTag(nil, 900, protowire.VarintType), 7))
	}
	cases := map[string]*fnv1.RunFunctionResponse{
		"every field":    full,
		"empty":          {},
		"unknown fields": unknown,
		"nil inside": {Desired: &fnv1.State{Composite: &fnv1.Resource{}, Resources: map[string]*fnv1.Resource{"": nil, "a": {Resource: &structpb.Struct{Fields: map[string]*structpb.Value{
			"nil": nil, "list": structpb.NewListValue(&structpb.ListValue{Values: []*structpb.Value{nil, {}}}),
			"nil-struct": structpb.NewStructValue(nil), "nil-list": structpb.NewListValue(nil),
		}}}}}, Results: []*fnv1.Result{nil}},
		"enum that is not known": {Desired: &fnv1.State{Composite: &fnv1.Resource{Ready: -3}}, Conditions: []*fnv1.Condition{{Status: 77}}},
	}
	for name, rsp := range cases {
		t.Run(name, func(t *testing.T) { compareWithLibrary(t, rsp) })
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		rsp := &fnv1.RunFunctionResponse{Context: randomStruct(r, 4), Desired: &fnv1.State{Resources: map[string]*fnv1.Resource{}}}
		for range r.IntN(4) {
			rsp.Desired.Resources[randomString(r)] = &fnv1.Resource{Resource: randomStruct(r, 3), Ready: fnv1.Ready(r.IntN(3)),
				ConnectionDetails: map[string][]byte{randomString(r): []byte(randomString(r)), "k": nil}}
		}
		compareWithLibrary(t, rsp)
	}
}

func compareWithLibrary(t *testing.T, rsp *fnv1.RunFunctionResponse) {
	t.Helper()
	want, err := proto.MarshalOptions{Deterministic: true}.Marshal(rsp)
	if err != nil {
		t.Fatal(err)
	}
	if got := encodeBytes(t, rsp); !bytes.Equal(got, want) {
		t.Fatalf("%d bytes differ from the library's %d\n got %x\nwant %x", len(got), len(want), got, want)
	}
}

func TestSameResponseSameBytes(t *testing.T) {
	raw, err := proto.Marshal(sampleResponse(t, sampleRequest(t, 20)))
	if err != nil {
		t.Fatal(err)
	}
	var first []byte
	for i := range 100 {
		rsp := &fnv1.RunFunctionResponse{} // Decoded anew: each map has another seed and order.
		if err := proto.Unmarshal(raw, rsp); err != nil {
			t.Fatal(err)
		}
		got := encodeBytes(t, rsp)
		if first == nil {
			first = got
		}
		if !bytes.Equal(got, first) {
			t.Fatalf("run %d gave other bytes", i)
		}
	}
}

func TestEncodeRefusesInvalidUTF8(t *testing.T) {
	bad := "\xff"
	value := func(v *structpb.Value) *structpb.Struct {
		return &structpb.Struct{Fields: map[string]*structpb.Value{"f": v}}
	}
	for name, rsp := range map[string]*fnv1.RunFunctionResponse{
		"value":          {Context: value(structpb.NewStringValue(bad))},
		"key":            {Output: &structpb.Struct{Fields: map[string]*structpb.Value{bad: nil}}},
		"list item":      {Output: value(structpb.NewListValue(&structpb.ListValue{Values: []*structpb.Value{structpb.NewStringValue(bad)}}))},
		"resource name":  {Desired: &fnv1.State{Resources: map[string]*fnv1.Resource{bad: {}}}},
		"connection key": {Desired: &fnv1.State{Composite: &fnv1.Resource{ConnectionDetails: map[string][]byte{bad: nil}}}},
		"message":        {Results: []*fnv1.Result{{Message: bad}}},
	} {
		if _, err := marshalResponse(rsp); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	rsp := sampleResponse(b, sampleRequest(b, 20))
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			data, err := marshalResponse(rsp)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(data.Len()))
			data.Free()
		}
	})
	for name, deterministic := range map[string]bool{"library": false, "library-deterministic": true} {
		b.Run(name, func(b *testing.B) {
			var buf []byte
			b.ReportAllocs()
			for b.Loop() {
				var err error
				if buf, err = (proto.MarshalOptions{Deterministic: deterministic}).MarshalAppend(buf[:0], rsp); err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(len(buf)))
			}
		})
	}
}
