// Package cloud holds what is known of the providers' side for the kinds that we compose: which fields can never change, what a
// provider reports, and what it fills in by itself. The simulator of the unit tests and the one of the control plane both tell
// their story from here. All functions are pure.
package cloud
