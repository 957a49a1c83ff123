package cloud

import "strings"

// What RDS refuses about versions, option groups and copies, and what it moves along.

// optionGroupRefused: a default option group is of one major version. The code is RDS's; its sentence was not to be found.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithOptionGroups.html
func optionGroupRefused(c Call) *Refusal {
	after := merge(c.Has, c.Sent)
	group, engine, version := stringIn("optionGroupName", c.Sent), stringIn("engine", after, c.Reported), c.version()
	if !strings.HasPrefix(group, "default:") || engine == "" || version == "" || group == OptionGroup(engine, version) {
		return nil
	}
	return combination("The option group %s is not valid for engine %s and version %s", group, engine, version)
}

// version that a database has once a call is through.
func (c Call) version() string {
	engine := stringIn("engine", c.Sent, c.Has, c.Reported)
	asked := release(engine, stringIn("engineVersion", c.Sent, c.Has))
	return later(asked, c.Reported["engineVersionActual"])
}

// optionGroupMoved: with the major version RDS moves a database from one default option group to the other.
func optionGroupMoved(after, sent map[string]any) map[string]any {
	group, engine := stringIn("optionGroupName", after), stringIn("engine", after)
	_, upgrade := sent["engineVersion"]
	_, said := sent["optionGroupName"]
	if !upgrade || said || engine == "" || !strings.HasPrefix(group, "default:") {
		return nil
	}
	return map[string]any{"optionGroupName": OptionGroup(engine, release(engine, stringIn("engineVersion", after)))}
}

// restoreRefused: a restore carries the version of its snapshot. The provider upgrades an instance in a second call, and hands a cluster
// its version with the restore.
// https://github.com/hashicorp/terraform/issues/8468 and
// https://github.com/terraform-aws-modules/terraform-aws-rds-aurora/issues/308 and
// https://github.com/aws-samples/redcap-on-aws/issues/99
func restoreRefused(c Call) *Refusal {
	was := stringIn("engineVersionActual", c.Source)
	if !c.Creates || was == "" || OriginOf(c.Kind, c.Sent).Follows {
		return nil
	}
	engine := stringIn("engine", c.Sent, c.Source)
	wanted := release(engine, stringIn("engineVersion", c.Sent))
	same := wanted == "" || Family(engine, wanted) == Family(engine, was)
	switch {
	case c.Kind == Cluster && wanted != "" && CompareVersions(wanted, was) < 0:
		return combination("The engine version you requested for your restored DB cluster (%s) is earlier than the engine version of the DB "+
			"cluster snapshot (%s).", wanted, was)
	case same:
		return nil
	case c.Kind == Instance && c.Sent["allowMajorVersionUpgrade"] != true && CompareVersions(wanted, was) > 0:
		return combination("The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.")
	case CompareVersions(wanted, was) < 0 || c.Kind == Cluster:
		return combination("Cannot upgrade %s from %s to %s", engine, was, wanted)
	default:
		return nil
	}
}

// LogGroups are the log groups that RDS writes a database's logs to. It makes those that are missing: they never expire, have no key, and
// stay when the database goes. Nil for what exports none.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html
func LogGroups(kind, name string, parameters map[string]any) []string {
	scope := map[string]string{Instance: "instance", Cluster: "cluster"}[kind]
	exports, _ := parameters["enabledCloudwatchLogsExports"].([]any)
	if scope == "" {
		return nil
	}
	groups := make([]string, 0, len(exports))
	for _, log := range exports {
		if text, ok := log.(string); ok {
			groups = append(groups, "/aws/rds/"+scope+"/"+name+"/"+text)
		}
	}
	return groups
}
