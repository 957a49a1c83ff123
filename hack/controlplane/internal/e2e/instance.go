package e2e

import "github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/instance"

// Instance is the control plane itself, for stories that end parts of it and start them again.
func (c *Case) Instance() *instance.Instance { return c.suite.instance }
