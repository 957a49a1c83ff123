package kernel

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/types/known/structpb"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/quote"
)

// bound is what a value of a spec may be at most, as its schema says.
type bound struct {
	// most characters of a string, items of a list or entries of a map. Zero bounds nothing.
	most int
	// each item of a list or entry of a map.
	each *bound
	// fields of an object.
	fields []field
}

type field struct {
	name  string
	bound bound
}

// bounded says what in the spec of a composite of ours is longer than its schema lets it be. The API server has said so before, but for
// what was written under an older schema, or past the API server: nothing that reads a text has to care for its length. Composites
// of others are theirs to bound.
func bounded(xr object.Object, kinds map[string]bound) error {
	if group(xr) != v1.Group {
		return nil
	}
	spec, known := kinds[xr.Kind()]
	if !known {
		spec = kinds[strings.TrimPrefix(xr.Kind(), "X")]
	}
	return spec.check("spec", structpb.NewStructValue(xr.At("spec").Struct()))
}

// check reports the first violation in the order of the schema, in which the outer one comes before what is in it.
func (b bound) check(path string, v *structpb.Value) error {
	switch kind := v.GetKind().(type) {
	case *structpb.Value_StringValue:
		if b.most > 0 && longer(kind.StringValue, b.most) {
			return fmt.Errorf("%s has more than %d characters: %q; write less", path, b.most, quote.Short(kind.StringValue))
		}
	case *structpb.Value_ListValue:
		return b.checkList(path, kind.ListValue.GetValues())
	case *structpb.Value_StructValue:
		if b.each != nil {
			return b.checkMap(path, kind.StructValue.GetFields())
		}
		for _, f := range b.fields {
			if value, ok := kind.StructValue.GetFields()[f.name]; ok {
				if err := f.bound.check(path+"."+f.name, value); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (b bound) checkList(path string, values []*structpb.Value) error {
	if b.most > 0 && len(values) > b.most {
		return fmt.Errorf("%s has %d items; write %d at most", path, len(values), b.most)
	}
	for i, value := range values {
		if b.each == nil {
			break
		}
		if err := b.each.check(fmt.Sprintf("%s[%d]", path, i), value); err != nil {
			return err
		}
	}
	return nil
}

func (b bound) checkMap(path string, entries map[string]*structpb.Value) error {
	if b.most > 0 && len(entries) > b.most {
		return fmt.Errorf("%s has %d entries; write %d at most", path, len(entries), b.most)
	}
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		if longer(key, maxKey) {
			return fmt.Errorf("%s has a name of more than %d characters: %q; write less", path, maxKey, quote.Short(key))
		}
		if err := b.each.check(fmt.Sprintf("%s[%s]", path, quote.Short(key)), entries[key]); err != nil {
			return err
		}
	}
	return nil
}

// longer counts characters, as a schema does, and nothing where the bytes tell.
func longer(text string, most int) bool {
	return len(text) > most && (len(text) > most*utf8.UTFMax || utf8.RuneCountInString(text) > most)
}
