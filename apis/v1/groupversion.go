package v1

const (
	// Group is the API group of every kind that a developer writes.
	Group = "platform.io"
	// Version is the only version: it grows by optional fields.
	Version = "v1"
	// APIVersion is what a claim says.
	APIVersion = Group + "/" + Version
)

// Kinds of this package. In the claims flavour the composite's kind has the prefix X.
const (
	AppDatabaseKind           = "AppDatabase"
	EnvironmentKind           = "Environment"
	EnvironmentIdentitiesKind = "EnvironmentIdentities"
	NetworkKind               = "Network"
	NetworkEndpointsKind      = "NetworkEndpoints"
	NetworkRoutesKind         = "NetworkRoutes"
)

// Annotations that a person sets, and labels and annotations that the functions set.
const (
	// AllowDataLossAnnotation names, comma separated, the data holders that may disappear, or, where one was deleted outside of the
	// platform, that may be made anew, once.
	AllowDataLossAnnotation = "platform.io/allow-data-loss"
	// DataAnnotation marks a composed resource that holds data; its value is DataPrimary.
	DataAnnotation = "platform.io/data"
	// DataPrimary is the holder of the only live copy. Replicas and readers carry no mark.
	DataPrimary = "primary"
	// MadeAnewAnnotation is on a data holder that was lost and is made anew with consent. Its value is the id of the one that was lost, so
	// that a consent serves once.
	MadeAnewAnnotation = "platform.io/made-anew"
	// EnvironmentUIDLabel is on every Usage of an Environment.
	EnvironmentUIDLabel = "platform.io/environment-uid"
)
