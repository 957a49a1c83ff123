package appdatabase

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// pendingChange is a change that the database has not taken on yet.
type pendingChange struct {
	change, waitsFor string
	// parameter that changed, what it was, and what the database was then. Another class or version takes a reboot.
	parameter, from, since string
}

// pending lists what waits for the maintenance window, and which parameters wait for a reboot.
func (d *database) pending() []pendingChange {
	if d.holder().IsZero() {
		return nil
	}
	return append(d.waitingForWindow(), d.waitingForReboot()...)
}

// waitingForWindow compares what is wanted with what the provider reports, where a change is not applied at once.
func (d *database) waitingForWindow() []pendingChange {
	if *d.settings.tier.ApplyImmediately {
		return nil
	}
	waitsFor := "the maintenance window " + d.settings.maintenanceWindow + " (UTC)"
	var changes []pendingChange
	note := func(what, is, becomes string) {
		if is != "" && becomes != "" && is != becomes {
			changes = append(changes, pendingChange{change: fmt.Sprintf("%s: %s becomes %s", what, is, becomes), waitsFor: waitsFor})
		}
	}
	holder := d.holder()
	at, s := holder.At("status", "atProvider"), d.settings
	version, _ := d.versionAndGroup()
	if actual := at.String("engineVersionActual"); !within(actual, version) {
		note("version", actual, version)
	}
	if !d.form.aurora {
		note("instance class", at.String("instanceClass"), s.class)
		if at.Has("multiAz") {
			note("multiAZ", strconv.FormatBool(at.Bool("multiAz")), strconv.FormatBool(*s.tier.MultiAZ))
		}
		if is, becomes := at.Int("allocatedStorage"), s.storage.AllocatedGiB; is > 0 && is < becomes {
			note("storage", fmt.Sprintf("%d GiB", is), fmt.Sprintf("%d GiB", becomes))
		}
	}
	for _, server := range d.observedCopies() {
		note("instance class of "+server.Name(), server.String("status", "atProvider", "instanceClass"), s.class)
	}
	return changes
}

// waitingForReboot remembers in the status which parameters changed that take effect when the database starts. No provider
// reports a reboot: what takes one ends the wait, and so does writing the old value again.
func (d *database) waitingForReboot() []pendingChange {
	now := d.since()
	group := d.in.Observed.Get(d.parameterGroupName(d.settings.family))
	if group.IsZero() || d.upgrading() || now == "" {
		return d.stillWaiting(now)
	}
	from := d.composedParameters(group)
	for _, item := range d.before().List("pending") {
		if item.Has("parameter") && item.String("since") == now {
			was := d.data.parameters.Spell(string(d.claim.engine), item.String("parameter"), item.String("from"))
			from[was.Name] = was.Value
		}
	}
	var changes []pendingChange
	for _, name := range slices.Sorted(maps.Keys(union(from, d.settings.parameters))) {
		is, becomes := from[name], d.settings.parameters[name]
		if d.same(name, is, becomes) || d.dynamic(name) {
			continue
		}
		changes = append(changes, pendingChange{
			change:   fmt.Sprintf("parameter %s: %s becomes %s", name, first(is, "its default"), first(becomes, "its default")),
			waitsFor: "a reboot, by whoever may use AWS: " + d.rebootCommand(), parameter: name, from: is, since: now,
		})
	}
	return changes
}

// stillWaiting repeats what waited before, unless a reboot is known to have ended it.
func (d *database) stillWaiting(now string) []pendingChange {
	var changes []pendingChange
	for _, item := range d.before().List("pending") {
		if item.Has("parameter") && (now == "" || item.String("since") == now) {
			changes = append(changes, pendingChange{
				change: item.String("change"), waitsFor: item.String("waitsFor"), parameter: item.String("parameter"),
				from: item.String("from"), since: item.String("since"),
			})
		}
	}
	return changes
}

// since is what changes with a reboot. Empty while it is not known. How many instances a cluster has says nothing.
func (d *database) since() string {
	at := d.holder().At("status", "atProvider")
	classes := []string{at.String("instanceClass")}
	if d.form.aurora {
		for _, member := range d.observedCopies() {
			classes = append(classes, member.String("status", "atProvider", "instanceClass"))
		}
	}
	slices.Sort(classes)
	classes = slices.DeleteFunc(slices.Compact(classes), func(s string) bool { return s == "" })
	if version := at.String("engineVersionActual"); version != "" && len(classes) > 0 {
		return version + " " + strings.Join(classes, " ")
	}
	return ""
}

func (d *database) rebootCommand() string {
	if d.form.aurora {
		return "aws rds reboot-db-instance, for each instance of DB cluster " + d.identifier()
	}
	return "aws rds reboot-db-instance --db-instance-identifier " + d.identifier()
}

func union(a, b map[string]string) map[string]string {
	both := maps.Clone(a)
	maps.Copy(both, b)
	return both
}

// pendingStatus writes the list.
func (d *database) pendingStatus(f object.Fields) {
	changes := d.pending()
	if len(changes) == 0 {
		return
	}
	for i, item := range f.Objects("pending", len(changes)) {
		item.SetString("change", changes[i].change)
		item.SetString("waitsFor", changes[i].waitsFor)
		if changes[i].parameter != "" {
			item.SetString("parameter", changes[i].parameter)
			item.SetStringIf("from", changes[i].from)
			item.SetString("since", changes[i].since)
		}
	}
}
