// Package budget bounds the time that a test's input may take, by its size. Only tests use it.
package budget

import (
	"testing"
	"time"
)

const (
	// base is for the machine: a busy one, with instrumented code.
	base = time.Second
	// perMegabyte is a hundred times what looking at a text once takes.
	perMegabyte = 2 * time.Second
)

// Of an input of so many bytes.
func Of(bytes int) time.Duration {
	return base + time.Duration(float64(bytes)/(1<<20)*float64(perMegabyte))
}

// Start begins to measure; what it returns is deferred, and fails the test when the input took longer than its budget. What is not
// linear in its input does not stay in it.
func Start(t testing.TB, bytes int) func() {
	t.Helper()
	start := time.Now()
	return func() {
		t.Helper()
		if took := time.Since(start); took > Of(bytes) {
			t.Errorf("an input of %d bytes takes %s, and may take %s", bytes, took, Of(bytes))
		}
	}
}
