package faults

import "github.com/goldenpath-dev/goldenpath/functions/internal/conditions"

// crossplane are errors of the providers themselves.
// https://github.com/crossplane/crossplane-runtime/blob/main/pkg/reconciler/managed/reconciler.go,
// https://github.com/crossplane/upjet/blob/main/pkg/controller/external_tfpluginsdk.go (replacing). What to do about an unknown
// result: https://github.com/crossplane/docs/pull/688; the removal alone wakes no provider, crossplane.io/reconcile-requested-at does.
// What is encrypted in another way than it was restored with is rdsRestores'.
func crossplane() []entry {
	secret := []string{
		"cannot get credentials secret", "cannot extract credentials", "cannot extract from", "cannot unmarshal vault credentials",
		"cannot get credentials:",
	}
	return []entry{
		{
			says:   []string{"cannot determine creation result"},
			reason: conditions.OutcomeUnknown, means: "The provider was stopped while it created this", who: PlatformTeam,
			remedy: "check in the cloud whether it exists, then to remove the annotation crossplane.io/external-create-pending from the resource " +
				"and to set crossplane.io/reconcile-requested-at to any new value",
		},
		{
			says: []string{
				"cannot get referenced ProviderConfig", "cannot get referenced Provider:", "no providerConfigRef provided",
				"referenced provider config kind",
			},
			reason: conditions.CredentialsInvalid, means: "The provider cannot find {config}", who: PlatformTeam,
			remedy: "create it, or to correct the reference in the Environment. What runs goes on running",
		},
		{
			says:   secret,
			reason: conditions.CredentialsInvalid, means: "The provider has no credentials for {config}", who: PlatformTeam,
			remedy: "create the Secret that it names, with valid credentials. What runs goes on running",
		},
		{
			// What a claim may not change is refused before it is composed, so this comes from what we compose, or from the catalog.
			says: []string{replacing}, not: []string{argEncrypted, argKey},
			reason: conditions.ChangeRefused, means: "This cannot be changed without losing what is there, so it stays as it is", who: PlatformTeam,
			remedy: "find out what changed in the catalog or in the cloud and to take it back, or else to report this as a defect",
		},
		{
			says:   []string{"cannot resolve references"},
			reason: conditions.DependencyNotFound, means: "What it refers to is not there or not ready", who: Nobody, remedy: retried,
		},
		{
			says:   []string{"the object has been modified; please apply your changes to the latest version"},
			reason: conditions.Busy, means: "Two programs wrote the resource at the same time", who: Nobody, remedy: retried,
		},
		{
			says:   []string{"external resource does not exist"},
			reason: conditions.DependencyNotFound, means: "It is only looked at, and it is not in the cloud", who: PlatformTeam,
			remedy: "correct its id in the Environment or the Network, or to create it",
		},
		{
			says:   []string{"ReconcilePaused"},
			reason: conditions.Paused, means: "The provider has been told to leave this resource alone", who: PlatformTeam,
			remedy: "remove the annotation crossplane.io/paused from it",
		},
	}
}
