package appdatabase

import (
	"strings"

	inputv1 "github.com/goldenpath-dev/goldenpath/functions/appdatabase/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// What the cloud chooses when nobody says it the provider copies into the spec, and holds on to when the cloud moves on. So what moves
// with something else is composed with it.

// insightsStandard is the mode of Database Insights that costs nothing.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DatabaseInsights.html
const insightsStandard = "standard"

// optionGroup goes along with the version: RDS has a default one of each major version, and refuses that of another. A group that
// somebody has chosen stays until then.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithOptionGroups.html
func (d *database) optionGroup(observed object.Object, version string) string {
	at := observed.At("status", "atProvider")
	used := first(at.String("optionGroupName"), observed.String("spec", "forProvider", "optionGroupName"))
	actual := at.String("engineVersionActual")
	if used != "" && !strings.HasPrefix(used, "default:") && (actual == "" || within(actual, version)) {
		return used
	}
	return "default:" + d.keep(nameInstance, "engine", string(d.claim.engine)) + "-" + strings.ReplaceAll(version, ".", "-")
}

// lifecycle of a database is fixed when it is created: Extended Support is charged for once standard support is over, or else RDS
// upgrades the database then. What runs keeps what it has.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/extended-support-creating-db-instance.html
func (d *database) lifecycle() string {
	if holder := d.holder(); !holder.IsZero() {
		return first(holder.String("status", "atProvider", "engineLifecycleSupport"),
			holder.String("spec", "forProvider", "engineLifecycleSupport"))
	}
	switch engine := d.data.engines[d.claim.engine]; {
	case !d.settings.facts.extendedSupport:
		return ""
	case engine.ExtendedSupport != nil && *engine.ExtendedSupport:
		return "open-source-rds-extended-support"
	default:
		return "open-source-rds-extended-support-disabled"
	}
}

// reached is the major version that what runs is composed with, or the one that RDS has brought it to by itself: it does so when the
// standard support of the old one is over, and nothing leads back.
func (d *database) reached(engine inputv1.Engine) string {
	composed := d.holder().String("spec", "forProvider", "engineVersion")
	actual := d.holder().String("status", "atProvider", "engineVersionActual")
	for version := range engine.Versions {
		if within(actual, version) && lower(composed, version) {
			return version
		}
	}
	return composed
}

// insights are Performance Insights, and the mode of Database Insights, of one server.
func (d *database) insights(server object.Object) (on *bool, key string, days *int64) {
	if !d.settings.insights {
		return ptr(false), "", nil
	}
	return ptr(true), d.insightsKey(server), ptr[int64](performanceInsightsDays)
}

// insightsMode is said where the class has Database Insights at all.
func (d *database) insightsMode() string {
	if !d.settings.facts.insights(d.settings.class) {
		return ""
	}
	return insightsStandard
}
