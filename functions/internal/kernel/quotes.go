package kernel

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/quote"
)

// quotes shorten what messages repeat of a spec. That is done here, where every message passes, so that no stage has to think of it.
type quotes []string

// A spec within its bounds has no more long texts, and no longer ones. Of one that is not within them, a message repeats the first that is
// wrong, and that is short.
const (
	maxQuotes      = 256
	maxQuotedBytes = 1 << 18
)

// quotesOf the texts of a spec that are longer than a message may repeat: old and new in turn, the longest first.
func quotesOf(xr object.Object) quotes {
	var long []string
	collect(&long, structpb.NewStructValue(xr.At("spec").Struct()))
	slices.SortFunc(long, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	var all quotes
	long = slices.Compact(long)
	for _, text := range long[:min(len(long), maxQuotes)] {
		all = append(all, text, quote.Short(text))
		if quoted := strconv.Quote(text); quoted[1:len(quoted)-1] != text {
			all = append(all, quoted[1:len(quoted)-1], quote.Short(quoted[1:len(quoted)-1]))
		}
	}
	return all
}

func collect(long *[]string, v *structpb.Value) {
	add := func(text string) {
		if len(text) > quote.Longest && len(text) <= maxQuotedBytes {
			*long = append(*long, text)
		}
	}
	switch kind := v.GetKind().(type) {
	case *structpb.Value_StringValue:
		add(kind.StringValue)
	case *structpb.Value_ListValue:
		for _, each := range kind.ListValue.GetValues() {
			collect(long, each)
		}
	case *structpb.Value_StructValue:
		for key, each := range kind.StructValue.GetFields() {
			add(key)
			collect(long, each)
		}
	}
}

// in a message. One text can stand in another, so the order matters.
func (q quotes) in(message string) string {
	for i := 0; i+1 < len(q); i += 2 {
		message = strings.ReplaceAll(message, q[i], q[i+1])
	}
	return message
}
