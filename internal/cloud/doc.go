// Package cloud holds what is known of the providers' side for the kinds that we compose: which fields can never change, what a
// provider reports, and what it fills in by itself. The simulator of the unit tests and the one of the control plane both tell
// their story from here. All functions are pure.
//
// What a provider late-initialises, who names what and what never changes is not written here: it is the provider's law (package law,
// generated). Here are the values that a cloud would have (Defaults, Silent), what it refuses of one call, in its own words (Call), and
// what it moves along by itself.
package cloud
