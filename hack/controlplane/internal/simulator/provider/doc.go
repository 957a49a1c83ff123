// Package provider plays the providers for AWS and Vault: what upjet does between Crossplane's managed reconciler, which is the
// real one, and the cloud. Conditions, wording and order of what happens follow upjet v2 and provider-upjet-aws v2.5.0: all our
// kinds are asynchronous there, so that an operation is begun in one reconcile, runs beside it, and its error is told by the
// reconcile that begins the next one.
package provider
