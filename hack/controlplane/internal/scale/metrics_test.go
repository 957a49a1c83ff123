package scale

import (
	"math"
	"strings"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

const text = `
# TYPE calls counter
calls{function="a",code="OK"} 3
calls{function="a",code="Unknown"} 2
calls{function="b",code="OK"} 5
# TYPE seconds histogram
seconds_bucket{function="a",le="0.1"} 50
seconds_bucket{function="a",le="0.2"} 90
seconds_bucket{function="a",le="0.4"} 100
seconds_bucket{function="a",le="+Inf"} 100
seconds_sum{function="a"} 1
seconds_count{function="a"} 100
seconds_bucket{function="b",le="0.1"} 0
seconds_bucket{function="b",le="0.2"} 0
seconds_bucket{function="b",le="0.4"} 0
seconds_bucket{function="b",le="+Inf"} 1
seconds_sum{function="b"} 1
seconds_count{function="b"} 1
`

func TestMetrics(t *testing.T) {
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name      string
		got, want float64
	}{
		{"all of a counter", sum(families, "calls"), 10},
		{"one function", sum(families, "calls", "a"), 5},
		{"one function and code", sum(families, "calls", "a", "OK"), 3},
		{"a metric that is not there", sum(families, "none"), 0},
		{"the first bucket, from zero", quantile(0.25, families, "seconds", "a"), 0.05},
		{"in a bucket", quantile(0.7, families, "seconds", "a"), 0.15},
		{"p99", quantile(0.99, families, "seconds", "a"), 0.38},
		{"above the last bound: the last bound", quantile(0.5, families, "seconds", "b"), 0.4},
		{"nothing measured", quantile(0.5, families, "seconds", "c"), 0},
	} {
		if math.Abs(tc.got-tc.want) > 1e-9 {
			t.Errorf("%s: got %v, want %v", tc.name, tc.got, tc.want)
		}
	}
}
