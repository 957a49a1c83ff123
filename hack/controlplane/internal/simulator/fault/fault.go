// Package fault reads from annotations what shall go wrong.
package fault

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// The annotations.
const (
	// Annotation on a managed resource: "<fault>[=<argument>]", several separated by commas.
	Annotation = "simulator.platform.io/fault"
	// CompositeAnnotation on the composite: "<composition resource name>=<fault>[:<argument>]", several separated by commas. So a
	// fault can be there before its resource. The name * stands for every resource.
	CompositeAnnotation = "simulator.platform.io/faults"
)

// Fault is a name of something that goes wrong.
type Fault string

// The faults. All but the last end when the annotation goes.
const (
	// CreateFails lets the cloud refuse the creation: quota (the default), permission, version or name-taken.
	CreateFails Fault = "create-fails"
	// Throttled lets the cloud refuse every call.
	Throttled Fault = "throttled"
	// Stuck lets a creation, change or deletion that has begun never end.
	Stuck Fault = "stuck"
	// Drift lets somebody change the resource in the cloud, once. The argument is the field.
	Drift Fault = "drift"
	// SlowDelete lets the deletion take long: 10s, or what the argument says.
	SlowDelete Fault = "slow-delete"
	// SecretLate lets the connection secret get its content 10s after the resource is ready, or what the argument says.
	SecretLate Fault = "secret-late"
	// Credentials lets the provider's credentials be invalid.
	Credentials Fault = "credentials"
	// WindowClosed lets changes of a database wait that are not applied immediately, until the fault is taken away: then the
	// maintenance window comes.
	WindowClosed Fault = "window-closed"
	// NotSynced lets the provider fail to observe the resource. The argument is the message.
	NotSynced Fault = "not-synced"
	// Leased lets somebody hold a user of a database role of Vault, which has to be taken back before its mount can go. It does not end
	// with the annotation.
	Leased Fault = "leased"
)

// late is how long SlowDelete and SecretLate last.
const late = 10 * time.Second

// Set of faults, with their arguments.
type Set map[Fault]string

// Has says that a fault is in the set.
func (s Set) Has(f Fault) bool { _, ok := s[f]; return ok }

// Lasts is the duration of a fault, zero when it is not in the set.
func (s Set) Lasts(f Fault) time.Duration {
	argument, ok := s[f]
	if !ok {
		return 0
	}
	if d, err := time.ParseDuration(argument); err == nil {
		return d
	}
	return late
}

// Parse reads the faults of one resource: from its own annotation, and from the one of its composite.
func Parse(own, composite, compositionResourceName string) (Set, error) {
	set := Set{}
	for _, item := range items(own) {
		name, argument, _ := strings.Cut(item, "=")
		if err := set.add(Annotation, name, argument); err != nil {
			return nil, err
		}
	}
	for _, item := range items(composite) {
		resource, rest, found := strings.Cut(item, "=")
		if !found {
			return nil, fmt.Errorf("annotation %s: %q: write <composition resource name>=<fault>[:<argument>]", CompositeAnnotation, item)
		}
		if resource != "*" && resource != compositionResourceName {
			continue
		}
		name, argument, _ := strings.Cut(rest, ":")
		if err := set.add(CompositeAnnotation, name, argument); err != nil {
			return nil, err
		}
	}
	return set, nil
}

func items(annotation string) []string {
	var list []string
	for item := range strings.SplitSeq(annotation, ",") {
		if item = strings.TrimSpace(item); item != "" {
			list = append(list, item)
		}
	}
	return list
}

func (s Set) add(annotation, name, argument string) error {
	name, argument = strings.TrimSpace(name), strings.TrimSpace(argument)
	check, ok := arguments()[Fault(name)]
	if !ok {
		return fmt.Errorf("annotation %s: there is no fault %q: write one of %v", annotation, name,
			slices.Sorted(maps.Keys(arguments())))
	}
	if argument != "" && check != nil {
		if err := check(argument); err != nil {
			return fmt.Errorf("annotation %s: fault %s: %w", annotation, name, err)
		}
	}
	s[Fault(name)] = argument
	return nil
}

// arguments of every fault: how they are checked. Nil where everything is right.
func arguments() map[Fault]func(string) error {
	return map[Fault]func(string) error{
		CreateFails: oneOf("quota", "permission", "version", "name-taken"),
		Throttled:   none, Stuck: none, Drift: nil, NotSynced: nil, Credentials: none, WindowClosed: none, Leased: none,
		SlowDelete: duration, SecretLate: duration,
	}
}

func none(argument string) error {
	return fmt.Errorf("it takes no argument, and %q is one", argument)
}

func duration(argument string) error {
	if _, err := time.ParseDuration(argument); err != nil {
		return fmt.Errorf("%q is no duration: write one such as 10s", argument)
	}
	return nil
}

func oneOf(allowed ...string) func(string) error {
	return func(argument string) error {
		if slices.Contains(allowed, argument) {
			return nil
		}
		return fmt.Errorf("%q: write one of %v", argument, allowed)
	}
}
