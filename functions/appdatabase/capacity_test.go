package appdatabase

import (
	"testing"

	inputv1 "github.com/goldenpath-dev/goldenpath/functions/appdatabase/input/v1"
)

// What nobody uses in previews and dev has no capacity, where the version can do that.
func TestCapacityThatPauses(t *testing.T) {
	t.Parallel()
	type bounds = []any
	cases := map[string]struct {
		engine, tier, actual string
		least                string
		want                 bounds
	}{
		"new, in dev":                       {"aurora-postgresql", "dev", "", "2", bounds{0.0, 900.0, false}},
		"new, in a preview":                 {"aurora-mysql", "preview", "", "2", bounds{0.0, 300.0, false}},
		"new, in staging":                   {"aurora-postgresql", "staging", "", "2", bounds{2.0, nil, true}},
		"too little for insights":           {"aurora-postgresql", "staging", "", "0.5", bounds{0.5, nil, false}},
		"none in staging, said by the size": {"aurora-postgresql", "staging", "", "0", bounds{0.0, 300.0, false}},
		"a version that cannot":             {"aurora-postgresql", "dev", "15.5", "2", bounds{2.0, nil, true}},
		"a version that can":                {"aurora-postgresql", "dev", "15.7", "2", bounds{0.0, 900.0, false}},
		"a newer major version":             {"aurora-postgresql", "dev", "18.3", "2", bounds{0.0, 900.0, false}},
		"an older major version":            {"aurora-postgresql", "dev", "12.22", "2", bounds{2.0, nil, true}},
		"MySQL that cannot":                 {"aurora-mysql", "dev", "8.0.mysql_aurora.3.04.4", "2", bounds{2.0, nil, true}},
		"MySQL that can":                    {"aurora-mysql", "dev", "8.0.mysql_aurora.3.10.1", "2", bounds{0.0, 900.0, false}},
		"MySQL 8.4":                         {"aurora-mysql", "dev", "8.4.mysql_aurora.8.4.7", "2", bounds{0.0, 900.0, false}},
		"none, and a version that cannot":   {"aurora-mysql", "staging", "8.0.mysql_aurora.3.04.4", "0", bounds{0.5, nil, false}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := auroraWorld(t, fields{"engine": tc.engine}).within(fields{"status.type": tc.tier})
			w.data.sizes["small"] = inputv1.Size{InstanceClass: "db.t4g.medium", StorageGiB: 20, MaxStorageGiB: 100, PerformanceInsights: ptr(true),
				Aurora: &inputv1.AuroraSize{InstanceClass: classServerless, Serverless: &inputv1.Serverless{MinCapacity: tc.least, MaxCapacity: "8"}}}
			if tc.actual != "" {
				// Made by an earlier function.
				w.settle()
				set(w.observed[nameCluster], "spec.forProvider.serverlessv2ScalingConfiguration", fields{"minCapacity": 0.5, "maxCapacity": 8.0})
				set(w.observed[nameCluster], "status.atProvider.engineVersionActual", tc.actual)
				w.asleep = []string{nameCluster}
			}
			p := w.settle()
			scaling := forProvider(p, nameCluster).At("serverlessv2ScalingConfiguration").Map()
			equal(t, "capacity", tc.want, bounds{scaling["minCapacity"], scaling["secondsUntilAutoPause"],
				forProvider(p, member1).Bool("performanceInsightsEnabled")})
			delete(w.observed[nameCluster], "status")
			equal(t, "when nothing is reported", scaling["secondsUntilAutoPause"],
				forProvider(w.compose(), nameCluster).At("serverlessv2ScalingConfiguration").Map()["secondsUntilAutoPause"])
		})
	}
}
