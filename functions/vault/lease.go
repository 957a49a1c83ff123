package vault

// MaxLeaseSeconds is how long a user that Vault issues lasts at most.
const MaxLeaseSeconds int64 = credentialsMaxTTL
