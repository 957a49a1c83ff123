package server

import (
	"math/rand/v2"
	"testing"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/functions/internal/budget"
)

func slices3(raw []byte) mem.BufferSlice {
	third := len(raw) / 3
	return mem.BufferSlice{mem.SliceBuffer(raw[:third]), mem.SliceBuffer(raw[third : 2*third]), mem.SliceBuffer(raw[2*third:])}
}

// compareDecoding holds our decoder against the library: the same verdict and the same message.
func compareDecoding(t *testing.T, raw []byte) {
	t.Helper()
	want, got := &fnv1.RunFunctionRequest{}, &fnv1.RunFunctionRequest{}
	wantErr := proto.Unmarshal(raw, want)
	gotErr := unmarshalRequest(slices3(raw), got)
	if (wantErr == nil) != (gotErr == nil) {
		t.Fatalf("library: %v, ours: %v, input %x", wantErr, gotErr, raw)
	}
	if wantErr == nil && !proto.Equal(want, got) {
		// proto.Equal holds NaN unequal to itself; the bytes decide.
		if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
			t.Fatalf("input %x: -library +ours\n%s", raw, diff)
		}
	}
}

func takesFastPath(raw []byte) bool {
	d := &decoder{}
	d.request(string(raw), &fnv1.RunFunctionRequest{})
	return !d.bail
}

func marshal(t testing.TB, m proto.Message) []byte {
	t.Helper()
	b, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDecodeEqualsTheLibrary(t *testing.T) {
	full := marshal(t, sampleRequest(t, 20))
	compareDecoding(t, full)
	if !takesFastPath(full) {
		t.Error("a usual request must not need the library")
	}
	r := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		req := &fnv1.RunFunctionRequest{Context: randomStruct(r, 4), Input: randomStruct(r, 2),
			RequiredResources: map[string]*fnv1.Resources{randomString(r): {Items: []*fnv1.Resource{{Resource: randomStruct(r, 3), Ready: fnv1.Ready(r.IntN(3))}, {}}}}}
		raw := marshal(t, req)
		if !takesFastPath(raw) {
			t.Fatalf("a plain request must not need the library: %x", raw)
		}
		compareDecoding(t, raw)
		for range 5 { // Broken and strange messages: flip, cut, join.
			bent := append([]byte(nil), raw...)
			if len(bent) > 0 {
				bent[r.IntN(len(bent))] = byte(r.IntN(256))
				bent = bent[:len(bent)-r.IntN(2)*r.IntN(len(bent))]
			}
			compareDecoding(t, bent)
			compareDecoding(t, append(bent, raw...))
		}
	}
}

func TestDecodeOddForms(t *testing.T) {
	context := func(value ...byte) []byte { // a context with one field, k
		entry := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), "k")
		entry = protowire.AppendBytes(protowire.AppendTag(entry, 2, protowire.BytesType), value)
		st := protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), entry)
		return protowire.AppendBytes(protowire.AppendTag(nil, 5, protowire.BytesType), st)
	}
	deep := structpb.NewStringValue("bottom")
	for range 300 {
		deep = structpb.NewListValue(&structpb.ListValue{Values: []*structpb.Value{deep}})
	}
	for name, raw := range map[string][]byte{
		"empty":                      {},
		"unknown field":              append(marshal(t, sampleRequest(t, 1)), protowire.AppendVarint(protowire.AppendTag(nil, 99, protowire.VarintType), 1)...),
		"message given twice merges": append(marshal(t, sampleRequest(t, 1)), marshal(t, sampleRequest(t, 2))...),
		"two kinds in one value":     context(0x20, 1, 0x1a, 1, 'x'),
		"one kind twice":             context(0x2a, 0, 0x2a, 0),
		"no kind":                    context(),
		"null with a negative value": context(0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01),
		"overlong varint":            context(0x20, 0x81, 0x80, 0x00),
		"wrong wire type":            context(0x18, 1),
		"invalid UTF-8":              context(0x1a, 1, 0xff),
		"group":                      context(0x0b, 0x0c),
		"cut off":                    context(0x1a, 9, 'x'),
		"field number zero":          {0x02, 0x00},
		"deep":                       marshal(t, &fnv1.RunFunctionRequest{Context: &structpb.Struct{Fields: map[string]*structpb.Value{"d": deep}}}),
		"negative enum":              marshal(t, &fnv1.RunFunctionRequest{Desired: &fnv1.State{Composite: &fnv1.Resource{Ready: -1}}}),
		"entry without key or value": {0x2a, 0x02, 0x0a, 0x00},
	} {
		t.Run(name, func(t *testing.T) { compareDecoding(t, raw) })
	}
}

// FuzzDecodeRequest: our decoder and the library never disagree, and what was decoded encodes like the library's.
func FuzzDecodeRequest(f *testing.F) {
	// Small seeds: the fuzzer minimizes each before it looks further.
	f.Add(marshal(f, &fnv1.RunFunctionRequest{Meta: &fnv1.RequestMeta{Tag: "t"}, Desired: &fnv1.State{
		Composite: &fnv1.Resource{Ready: 1}, Resources: map[string]*fnv1.Resource{"a": {ConnectionDetails: map[string][]byte{"k": {1}}}},
	}}))
	f.Add(marshal(f, &fnv1.RunFunctionRequest{RequiredResources: map[string]*fnv1.Resources{"r": {Items: []*fnv1.Resource{{}}}}}))
	f.Add(marshal(f, &fnv1.RunFunctionRequest{Context: &structpb.Struct{Fields: map[string]*structpb.Value{"k": structpb.NewBoolValue(true)}}}))
	f.Fuzz(func(t *testing.T, raw []byte) {
		defer budget.Start(t, len(raw))()
		compareDecoding(t, raw)
		req := &fnv1.RunFunctionRequest{}
		if unmarshalRequest(slices3(raw), req) == nil {
			compareWithLibrary(t, &fnv1.RunFunctionResponse{Desired: req.GetDesired(), Context: req.GetContext()})
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	raw := marshal(b, sampleRequest(b, 20))
	b.SetBytes(int64(len(raw)))
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(raw)))
		for b.Loop() {
			if err := unmarshalRequest(mem.BufferSlice{mem.SliceBuffer(raw)}, &fnv1.RunFunctionRequest{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("library", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(raw)))
		for b.Loop() {
			if err := proto.Unmarshal(raw, &fnv1.RunFunctionRequest{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
