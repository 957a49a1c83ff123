package appdatabase

import (
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	inputv1 "github.com/goldenpath-dev/goldenpath/functions/appdatabase/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
)

// maxStorageGiB is the limit of RDS for PostgreSQL and MySQL on gp3.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html
const maxStorageGiB = 65536

// settings are the effective values: catalog, tier, claim and what runs already, put together.
type settings struct {
	facts engineFacts
	size  inputv1.Size
	tier  inputv1.Tier
	// version is the major version that is wanted.
	version string
	// running is the major version that the instance is composed with. Empty before there is one.
	running     string
	family      string
	database    string
	storage     v1.DatabaseStorageStatus
	protected   bool
	credentials v1.CredentialsMode
}

func (d *database) settle(data catalog) {
	engine := data.engines[d.claim.engine]
	instance := d.in.Observed.Get(nameInstance)
	s := settings{
		facts:   facts()[d.claim.engine],
		size:    d.size(data),
		tier:    data.tiers[d.env.Type],
		running: instance.String("spec", "forProvider", "engineVersion"),
	}
	// The default is for new databases. One that runs keeps its version until the claim asks for another.
	s.version = first(d.claim.version, s.running, engine.DefaultVersion)
	s.family = familyOf(d.in, engine, s.version)
	s.database = first(instance.String("spec", "forProvider", "dbName"), d.claim.database, naming.Database(d.in.Subject))
	s.storage = d.storage(s.size)
	// The tier does not protect what an expired environment lets go.
	s.protected = d.claim.protected(*s.tier.DeletionProtection && !d.env.Expired())
	s.credentials = d.credentials()
	d.settings = s
}

// size from the catalog, or, for one that has left it, what runs.
func (d *database) size(data catalog) inputv1.Size {
	if size, ok := data.sizes[d.claim.size]; ok {
		return size
	}
	params := d.in.Observed.Get(nameInstance).At("spec", "forProvider")
	return inputv1.Size{
		InstanceClass:       params.String("instanceClass"),
		StorageGiB:          params.Int("allocatedStorage"),
		MaxStorageGiB:       params.Int("maxAllocatedStorage"),
		PerformanceInsights: ptr(params.Bool("performanceInsightsEnabled")),
	}
}

// storage is a high-water mark: of the catalog, the claim, what was asked for before, and what the database has grown to.
func (d *database) storage(size inputv1.Size) v1.DatabaseStorageStatus {
	instance := d.in.Observed.Get(nameInstance)
	allocated := max(
		size.StorageGiB, d.claim.storageGiB,
		instance.Int("spec", "forProvider", "allocatedStorage"),
		instance.Int("status", "atProvider", "allocatedStorage"),
	)
	s := v1.DatabaseStorageStatus{AllocatedGiB: min(allocated, maxStorageGiB), RequestedGiB: d.claim.storageGiB}
	if s.RequestedGiB == 0 {
		s.RequestedGiB = d.in.XR.Int("status", "storage", "requestedGiB")
	}
	// RDS wants the limit at least a tenth above what is allocated; half leaves room to grow.
	limit := min(max(size.MaxStorageGiB, s.AllocatedGiB+s.AllocatedGiB/2), maxStorageGiB)
	if limit >= s.AllocatedGiB+(s.AllocatedGiB+9)/10 {
		s.MaxGiB = limit
	}
	return s
}

// credentials is decided once, unless the claim says it: an Environment that gets Vault later must not take the password out
// of a Secret that workloads read.
func (d *database) credentials() v1.CredentialsMode {
	if d.claim.credentials != "" {
		return d.claim.credentials
	}
	if instance := d.in.Observed.Get(nameInstance); !instance.IsZero() {
		if was := d.in.XR.String("status", "credentials"); was != "" {
			return v1.CredentialsMode(was)
		}
		// The status is lost. With static credentials alone the instance hands its password over.
		if instance.String("spec", "writeConnectionSecretToRef", "name") != "" {
			return v1.CredentialsStatic
		}
		return v1.CredentialsDynamic
	}
	if d.env.Vault != nil {
		return v1.CredentialsDynamic
	}
	return v1.CredentialsStatic
}

func (s settings) dynamic() bool { return s.credentials == v1.CredentialsDynamic }
