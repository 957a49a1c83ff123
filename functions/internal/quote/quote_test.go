package quote_test

import (
	"strings"
	"testing"

	"github.com/goldenpath-dev/goldenpath/functions/internal/quote"
)

func TestShort(t *testing.T) {
	t.Parallel()
	for reason, tc := range map[string]struct{ text, want string }{
		"what is short stays":               {"orders", "orders"},
		"a hundred characters stay":         {strings.Repeat("x", 100), strings.Repeat("x", 100)},
		"one more is cut":                   {strings.Repeat("x", 101), strings.Repeat("x", 100) + "..."},
		"characters count, and not bytes":   {strings.Repeat("ä", 100), strings.Repeat("ä", 100)},
		"no character is cut in the middle": {strings.Repeat("ä", 101), strings.Repeat("ä", 100) + "..."},
		"a megabyte":                        {strings.Repeat("x", 1<<20), strings.Repeat("x", 100) + "..."},
	} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			if got := quote.Short(tc.text); got != tc.want {
				t.Errorf("Short() = %q, want %q", got, tc.want)
			}
		})
	}
}
