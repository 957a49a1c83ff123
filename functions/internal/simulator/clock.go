package simulator

import "time"

// Clock is what time it is for functions, until a test says otherwise. Functions take its method Now.
type Clock struct{ at time.Time }

// NewClock makes a clock that stands.
func NewClock(at time.Time) *Clock { return &Clock{at: at} }

// Now is the time.
func (c *Clock) Now() time.Time { return c.at }

// Set the time.
func (c *Clock) Set(at time.Time) { c.at = at }

// Advance the time.
func (c *Clock) Advance(by time.Duration) { c.at = c.at.Add(by) }
