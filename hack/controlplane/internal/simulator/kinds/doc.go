// Package kinds holds Go types for the managed resources that the simulator plays: the kinds that our functions compose, in the
// namespaced flavour. The providers' own types are not imported: their packages drag in Terraform. A managed resource has the
// same envelope whatever its kind, and what differs below it is kept as it is on the wire.
package kinds
