package main

import (
	"time"

	"github.com/goldenpath-dev/goldenpath/functions/appdatabase"
	"github.com/goldenpath-dev/goldenpath/functions/environment"
	"github.com/goldenpath-dev/goldenpath/functions/guardrails"
	"github.com/goldenpath-dev/goldenpath/functions/iam"
	"github.com/goldenpath-dev/goldenpath/functions/internal/server"
	"github.com/goldenpath-dev/goldenpath/functions/network"
	"github.com/goldenpath-dev/goldenpath/functions/vault"
)

// functions is the table of all functions: name -> constructor, given the clock.
func functions() map[string]func(now func() time.Time) server.Runner {
	return map[string]func(now func() time.Time) server.Runner{
		"appdatabase": func(now func() time.Time) server.Runner { return appdatabase.New(now) },
		"environment": func(now func() time.Time) server.Runner { return environment.New(now) },
		"iam":         func(now func() time.Time) server.Runner { return iam.New(now) },
		"network":     func(now func() time.Time) server.Runner { return network.New(now) },
		"vault":       func(now func() time.Time) server.Runner { return vault.New(now) },
		"guardrails":  func(func() time.Time) server.Runner { return guardrails.New() },
	}
}
