package appdatabase

import (
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	inputv1 "github.com/goldenpath-dev/goldenpath/functions/appdatabase/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
)

// settings are the effective values: catalog, tier, claim and what runs already, put together.
type settings struct {
	facts engineFacts
	size  inputv1.Size
	// class of every instance.
	class string
	// capacity of a serverless cluster. Nil when it is not one.
	capacity *capacity
	// insights says that Performance Insights are on.
	insights bool
	tier     inputv1.Tier
	// version is the major version that is wanted.
	version string
	// running is the major version that the database is composed with. Empty before there is one.
	running string
	family  string
	// database is empty as long as it is not known what a restored database is called.
	database string
	// storage of an instance. An Aurora cluster has no size.
	storage           v1.DatabaseStorageStatus
	replicas          int64
	parameters        map[string]string
	backupWindow      string
	maintenanceWindow string
	protected         bool
	iam               bool
	credentials       v1.CredentialsMode
}

func (d *database) settle(data catalog) {
	engine := data.engines[d.claim.engine]
	holder := d.holder()
	s := settings{
		facts:   facts()[d.claim.engine],
		size:    d.size(data),
		tier:    data.tiers[d.env.Type],
		running: holder.String("spec", "forProvider", "engineVersion"),
		iam:     d.claim.iamAuthentication,
	}
	s.class, s.capacity = d.class(s.size, s.tier)
	s.insights = s.watched()
	// The default is for new databases. One that runs keeps its version until the claim asks for another.
	// A backup of another database is restored with that one's version, and upgraded from there.
	s.version = first(d.source.version(engine), d.claim.version, d.reached(engine), engine.DefaultVersion)
	s.family = familyOf(d.in, d.form, engine, s.version)
	s.database = d.databaseName()
	s.storage = d.storage(s.size)
	s.replicas = d.replicas(*s.tier.MultiAZ)
	s.parameters = parametersOf(data.parameters, engine, d.claim, s.facts)
	s.backupWindow, s.maintenanceWindow = data.windows(d.in, d.form, d.claim, d.env.Type)
	// The tier does not protect what an expired environment lets go.
	s.protected = d.claim.protected(*s.tier.DeletionProtection && !d.env.Expired())
	s.credentials = d.credentials()
	d.settings = s
}

// databaseName is decided once. What a restored database is called only the cloud knows.
func (d *database) databaseName() string {
	holder := d.holder()
	if name := holder.String("spec", "forProvider", d.form.databaseField); name != "" {
		return name
	}
	if d.claim.restored() {
		return first(holder.String("status", "atProvider", d.form.databaseField), d.before().String("database"))
	}
	return first(d.claim.database, naming.Database(d.in.Subject))
}

// size from the catalog, or, for one that has left it, what runs.
func (d *database) size(data catalog) inputv1.Size {
	if size, ok := data.sizes[d.claim.size]; ok {
		return size
	}
	server := d.holder()
	if copies := d.observedCopies(); d.form.aurora && len(copies) > 0 {
		server = copies[0]
	}
	params := server.At("spec", "forProvider")
	return inputv1.Size{
		InstanceClass:       params.String("instanceClass"),
		StorageGiB:          storedGiB(server),
		MaxStorageGiB:       params.Int("maxAllocatedStorage"),
		PerformanceInsights: ptr(params.Bool("performanceInsightsEnabled")),
	}
}

// replicas that the claim asks for. On Aurora a reader is the standby, so where the tier wants two zones there is one.
func (d *database) replicas(multiAZ bool) int64 {
	if d.form.aurora && multiAZ {
		return max(d.claim.replicas, 1)
	}
	return d.claim.replicas
}

// credentials is decided once, unless the claim says it: an Environment that gets Vault later must not take the password out
// of a Secret that workloads read.
func (d *database) credentials() v1.CredentialsMode {
	if d.claim.credentials != "" {
		return d.claim.credentials
	}
	if holder := d.holder(); !holder.IsZero() {
		if was := d.in.XR.String("status", "credentials"); was != "" {
			return v1.CredentialsMode(was)
		}
		// The status is lost. With static credentials alone the password is handed over.
		if holder.String("spec", "writeConnectionSecretToRef", "name") != "" {
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
