package wire

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"
)

// From how many GiB gp3 is striped over four volumes, and what it has at least then. Below, neither can be asked for.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage
const (
	striped           = 400
	stripedIOPS       = 12000
	stripedThroughput = 500
)

// refuseInstance is what RDS refuses of an instance, asked now, that was asked before. The code of each is RDS' own.
func refuseInstance(now map[string]string, before url.Values) *refusal {
	value := func(name string) string { return first(now[name], before.Get(name)) }
	engine, version := value("Engine"), value("EngineVersion")
	if value("StorageType") == "gp3" && slices.Contains([]string{"postgres", "mysql", "mariadb"}, engine) {
		if refused := refuseStorage(engine, now, value); refused != nil {
			return refused
		}
	}
	// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithOptionGroups.html: an option group is of one major version.
	if group := now["OptionGroupName"]; strings.HasPrefix(group, "default:") && group != optionGroup(engine, version) {
		return &refusal{"rds", "InvalidParameterCombination", fmt.Sprintf(
			"The option group %s cannot be used with engine %s version %s: its major version is another", group, engine, version)}
	}
	return nil
}

// refuseStorage refuses IOPS and throughput that gp3 does not have at a size. RDS refuses the whole call.
func refuseStorage(engine string, now map[string]string, value func(string) string) *refusal {
	storage, _ := strconv.Atoi(value("AllocatedStorage"))
	for name, least := range map[string]int{"Iops": stripedIOPS, "StorageThroughput": stripedThroughput} {
		asked, err := strconv.Atoi(now[name])
		switch {
		case err != nil: // not asked
		case storage < striped:
			return &refusal{"rds", "InvalidParameterCombination", fmt.Sprintf(
				"You can't specify IOPS or storage throughput for engine %s and a storage size less than %d.", engine, striped)}
		case asked < least:
			return &refusal{"rds", "InvalidParameterCombination", fmt.Sprintf(
				"%s %d is less than the minimum of %d for engine %s and a storage size of %d.", name, asked, least, engine, storage)}
		}
	}
	return nil
}

// optionGroup is the default option group of an engine and the major version of a version.
func optionGroup(engine, version string) string {
	major := strings.TrimPrefix(cloud.Family(engine, version), engine)
	return "default:" + engine + "-" + strings.ReplaceAll(major, ".", "-")
}

// release is a version as AWS reports it: a minor one, where a major one was asked for.
func release(engine, version string) string {
	switch parts := strings.Count(version, ".") + 1; {
	case strings.Contains(version, "aurora"):
		return version
	case engine == "aurora-mysql":
		return version + ".mysql_aurora.3.10.1"
	case strings.Contains(engine, "postgres") && parts == 1, !strings.Contains(engine, "postgres") && parts == 2:
		return version + ".6"
	default:
		return version
	}
}

// licence of an engine.
func licence(engine string) string {
	switch {
	case strings.HasPrefix(engine, "aurora"):
		return ""
	case engine == "postgres":
		return "postgresql-license"
	default:
		return "general-public-license"
	}
}

// instance adds the attributes of an instance that the server does not report, and derives those that AWS derives.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html
func (a *rules) instance(block string) string {
	identifier, engine := text(block, "DBInstanceIdentifier"), text(block, "Engine")
	a.mu.Lock()
	sum := sha256.Sum256([]byte(identifier + "#" + strconv.Itoa(a.deleted[identifier])))
	id := "db-" + strings.ToUpper(hex.EncodeToString(sum[:13]))
	asked := a.asked[identifier]
	a.identifiers[id] = identifier
	a.mu.Unlock()
	block = put(block, "DbiResourceId", id)

	version := release(engine, text(block, "EngineVersion"))
	block = put(block, "EngineVersion", version)
	if !strings.HasPrefix(engine, "aurora") {
		block = storage(block, asked)
		block = put(block, "OptionGroupName", optionGroup(engine, version))
		block = put(block, "LicenseModel", licence(engine))
	}
	if asked.Get("EnablePerformanceInsights") == "true" {
		block = put(block, "PerformanceInsightsEnabled", "true")
		key := first(asked.Get("PerformanceInsightsKMSKeyId"), "arn:aws:kms:eu-west-1:123456789012:key/aws-rds")
		block = fill(block, "PerformanceInsightsKMSKeyId", key)
		block = fill(block, "PerformanceInsightsRetentionPeriod", first(asked.Get("PerformanceInsightsRetentionPeriod"), "7"))
	}
	block = fill(block, "DatabaseInsightsMode", first(asked.Get("DatabaseInsightsMode"), "standard"))
	block = fill(block, "MonitoringInterval", first(asked.Get("MonitoringInterval"), "0"))
	block = fill(block, "MonitoringRoleArn", asked.Get("MonitoringRoleArn"))
	block = fill(block, "NetworkType", first(asked.Get("NetworkType"), "IPV4"))
	block = fill(block, "EngineLifecycleSupport", first(asked.Get("EngineLifecycleSupport"), "open-source-rds-extended-support"))
	block = fill(block, "BackupTarget", "region")
	return put(block, "CACertificateIdentifier", first(asked.Get("CACertificateIdentifier"), "rds-ca-rsa2048-g1"))
}

// storage reports IOPS and throughput of gp3: what was asked for, or else what comes with the size.
func storage(block string, asked url.Values) string {
	if text(block, "StorageType") != "gp3" {
		return block
	}
	iops, throughput := "3000", "125"
	if size, _ := strconv.Atoi(text(block, "AllocatedStorage")); size >= striped {
		iops, throughput = strconv.Itoa(stripedIOPS), strconv.Itoa(stripedThroughput)
	}
	block = put(block, "Iops", first(asked.Get("Iops"), iops))
	return put(block, "StorageThroughput", first(asked.Get("StorageThroughput"), throughput))
}

// cluster is an Aurora cluster as AWS reports it.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBCluster.html
func cluster(block string) string {
	block = put(block, "EngineVersion", release(text(block, "Engine"), text(block, "EngineVersion")))
	block = fill(block, "EngineLifecycleSupport", "open-source-rds-extended-support")
	return fill(block, "NetworkType", "IPV4")
}
