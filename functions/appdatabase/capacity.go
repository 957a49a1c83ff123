package appdatabase

import (
	"fmt"
	"strconv"

	inputv1 "github.com/goldenpath-dev/goldenpath/functions/appdatabase/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/rds"
)

// classServerless is the instance class of Aurora Serverless v2.
const classServerless = "db.serverless"

// Bounds of the time after which an idle instance pauses, in seconds.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ServerlessV2ScalingConfiguration.html
const (
	shortestPause = 300
	longestPause  = 86400
)

// insightsCapacity is what Performance Insights needs of a serverless instance beside the database, in Aurora capacity units.
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
const insightsCapacity = 2

// capacity bounds a serverless database, in Aurora capacity units.
type capacity struct {
	min, max float64
	// pauseAfter is how many seconds an instance is idle before it pauses. It goes with a min of zero alone.
	pauseAfter int64
}

// capacityOf reads the bounds. Aurora takes halves, up to 256.
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.how-it-works.html
func capacityOf(s *inputv1.Serverless) (capacity, error) {
	least, minErr := strconv.ParseFloat(s.MinCapacity, 64)
	most, maxErr := strconv.ParseFloat(s.MaxCapacity, 64)
	if minErr != nil || maxErr != nil || least < 0 || most < 1 || least > most || most > 256 || least*2 != float64(int(least*2)) ||
		most*2 != float64(int(most*2)) {
		return capacity{}, fmt.Errorf("serverless: %q to %q is no capacity; write halves between 0 and 256, in quotes, and a "+
			"maxCapacity of 1 or more that is not below minCapacity", s.MinCapacity, s.MaxCapacity)
	}
	c := capacity{min: least, max: most}
	if least == 0 {
		c.pauseAfter = shortestPause
	}
	return c, nil
}

// paused is the capacity with none at all for who is idle.
func (c capacity) paused(after int64) capacity { return capacity{max: c.max, pauseAfter: after} }

// params is how the provider takes it.
func (c capacity) params() *rds.ServerlessV2 {
	p := &rds.ServerlessV2{MinCapacity: ptr(c.min), MaxCapacity: ptr(c.max)}
	if c.pauseAfter > 0 {
		p.SecondsUntilAutoPause = ptr(c.pauseAfter)
	}
	return p
}

// class of the instances, and the capacity where that is not fixed.
func (d *database) class(size inputv1.Size, tier inputv1.Tier) (string, *capacity) {
	if !d.form.aurora {
		return size.InstanceClass, nil
	}
	composed := d.capacityComposed()
	if size.Aurora == nil {
		for _, name := range d.in.Observed.Names(nameMember) {
			return d.in.Observed.Get(name).String("spec", "forProvider", "instanceClass"), composed
		}
		return "", composed
	}
	if size.Aurora.Serverless == nil {
		// A cluster does not let go of its bounds, and without a serverless instance they do nothing.
		return size.Aurora.InstanceClass, composed
	}
	wanted, err := capacityOf(size.Aurora.Serverless)
	if err != nil {
		// The catalog has been checked: this is never reached.
		return size.Aurora.InstanceClass, composed
	}
	switch pauses := d.mayPause(); {
	case pauses && *tier.PauseAfterSeconds > 0:
		wanted = wanted.paused(*tier.PauseAfterSeconds)
	case !pauses && wanted.min == 0:
		wanted = capacity{min: 0.5, max: wanted.max}
	}
	return size.Aurora.InstanceClass, &wanted
}

// mayPause says that Aurora takes a capacity of zero. A new cluster gets a version that can; a running one may have an old one, and
// as long as nothing is reported it keeps what it has.
func (d *database) mayPause() bool {
	if d.holder().IsZero() {
		return true
	}
	if actual := d.holder().String("status", "atProvider", "engineVersionActual"); actual != "" {
		return facts()[d.claim.engine].pauses(actual)
	}
	composed := d.capacityComposed()
	return composed != nil && composed.pauseAfter > 0
}

func (d *database) capacityComposed() *capacity {
	composed := d.holder().At("spec", "forProvider", "serverlessv2ScalingConfiguration")
	if composed.IsZero() {
		return nil
	}
	return &capacity{
		min: composed.Number("minCapacity"), max: composed.Number("maxCapacity"), pauseAfter: composed.Int("secondsUntilAutoPause"),
	}
}

// watched says that Performance Insights are on: the size has them, the class can have them, and where the capacity is not fixed there
// is enough of it.
func (s settings) watched() bool {
	return *s.size.PerformanceInsights && s.facts.insights(s.class) &&
		(s.class != classServerless || s.capacity == nil || s.capacity.min >= insightsCapacity)
}
