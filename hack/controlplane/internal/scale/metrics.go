package scale

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// scrape reads the metrics of a process.
func scrape(ctx context.Context, address string) (map[string]*dto.MetricFamily, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/metrics", nil)
	if err != nil {
		return nil, err
	}
	rsp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer rsp.Body.Close() //nolint:errcheck // It was read.
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(rsp.Body)
	if err != nil {
		return nil, fmt.Errorf("cannot read the metrics at %s: %w", address, err)
	}
	return families, nil
}

// has says that a metric's labels contain all of the given values.
func has(m *dto.Metric, values ...string) bool {
	for _, value := range values {
		found := false
		for _, label := range m.GetLabel() {
			found = found || strings.HasSuffix(label.GetValue(), value)
		}
		if !found {
			return false
		}
	}
	return true
}

// sum of a counter over the metrics whose labels end in the given values.
func sum(families map[string]*dto.MetricFamily, name string, values ...string) float64 {
	total := 0.0
	for _, m := range families[name].GetMetric() {
		if has(m, values...) {
			total += m.GetCounter().GetValue()
		}
	}
	return total
}

// quantile of a histogram, interpolated in its bucket as Prometheus does, in the histogram's unit.
func quantile(q float64, families map[string]*dto.MetricFamily, name string, values ...string) float64 {
	count, bounds, buckets := 0.0, []float64{}, []float64{}
	for _, m := range families[name].GetMetric() {
		if !has(m, values...) {
			continue
		}
		count += float64(m.GetHistogram().GetSampleCount())
		for n, b := range m.GetHistogram().GetBucket() {
			if n == len(bounds) {
				bounds, buckets = append(bounds, b.GetUpperBound()), append(buckets, 0)
			}
			buckets[n] += float64(b.GetCumulativeCount())
		}
	}
	rank, lower, below := q*count, 0.0, 0.0
	for n, cumulative := range buckets {
		if cumulative >= rank && cumulative > below {
			if n == len(buckets)-1 {
				return lower // the last bucket has no upper bound
			}
			return lower + (bounds[n]-lower)*(rank-below)/(cumulative-below)
		}
		lower, below = bounds[n], cumulative
	}
	return lower
}
