// Package simulator plays Crossplane core and the providers for tests: it calls the functions with real requests, carries out
// what they answer as core would, and lets the providers move resources along. There is no gRPC and no
// randomness in it, so a run can be repeated.
//
// What core does was read from core v2.4.0 (internal/controller/apiextensions/composite/composition_functions.go and
// internal/xfn/required_resources.go). Two things there are easy to get wrong. A repeat of a call, after a function asked for
// more resources, starts from the desired state of the first call, but with the context of the call before. And a resource
// that is garbage collected leaves the composite's references at once: the next call does not observe it, even while its
// provider still works on its deletion.
//
// A composite that another one composes (Cluster.Composites) is reconciled by its own pipeline in every round, after the outer one.
// What it is then flows into the composed object, which the outer one sees in the next round. All of them share one API server: a
// function that requires objects finds those of every level. When such a composite is dropped, everything below goes with it, and is
// noted with the same drop (Deletion.Of).
//
// What is in the cloud is apart from what is said (external): a provider finds a thing by its name or creates it, late-initialises what
// the law names (package cloud/law), and sends what differs in one call, which the cloud takes or refuses as a whole, in AWS's words. A
// restart of the providers (Cluster.RestartProviders) forgets every name that nobody has written down. What the cloud or somebody else does
// without being asked is in Grow, ByHand, Remove and Lose. Every refusal, every second creation, and every write of a provider for which
// nothing had changed is a violation (Cloud.Violations).
//
// There is no clock but the one that a test sets: functions are made with Clock.Now. What is only observed was there before us,
// and is what its external name says (package cloud, Cloud.Existing).
//
// Only tests and the upgrade proof (upgrade, below this package) import it.
package simulator
