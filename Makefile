# Everything runs with Go, make and git alone; Docker is not needed. `make help` lists the targets.

SHELL       := /bin/bash
MAKEFLAGS   += --no-print-directory
BIN         := _output/bin
REGISTRY    ?= xpkg.crossplane.io
PORT        ?=
COUNT       ?= 200
BASE        ?=
VERSION     ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo v0.0.0-dev)
# A release has a tag; everything else is a prerelease that names its commit.
PACKAGE_VERSION ?= $(shell git describe --tags --exact-match --match 'v*' --dirty 2>/dev/null || \
  { sha=$$(git describe --always --dirty=.dirty --exclude '*' 2>/dev/null); echo v0.1.0-dev$${sha:+.g$$sha}; })
FUZZTIME    ?= 30s
XR          ?=
EXAMPLE     ?=
QUICK       ?=
# Compositions to pack in place of those in apis/: a platform team's own, with rules for what its tenants may name.
COMPOSITIONS ?=
TOOL        := hack/tools/build.sh
LINT        := "$(CURDIR)/$(BIN)/golangci-lint" run --config "$(CURDIR)/.golangci.yml"
# Packages that ask for deep copies, and functions that have an input of their own.
MARKED       = $(sort $(dir $(shell grep -rl --include='*.go' '+kubebuilder:object:generate=true' apis functions)))
# Every Go module with code of ours. Those of hack/tools pin the versions of other people's.
MODULES     := . $(patsubst %/go.mod,%,$(wildcard hack/*/go.mod))
INPUTS      := $(patsubst functions/%/input/v1,%,$(wildcard functions/*/input/v1))

# A file name is data: neither make nor the shell looks into it.
unexport XR
quoted = '$(subst ','\'',$(value $(1)))'
define newline


endef

export GOWORK := off
# The same flags for builds, tests and linters, wherever the checkout is: what one has compiled none of the others compiles again.
export CGO_ENABLED := 0
export GOFLAGS := -buildvcs=false -trimpath $(GOFLAGS)

.DEFAULT_GOAL := help
.PHONY: help tools tools-up build generate check-generate lint fmt test gate render bench upgrade-proof fuzz packages up down status e2e scale tools-vault e2e-vault tools-aws law e2e-aws night clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

tools: ## Build the pinned tools into _output/bin (once: about 6 minutes on two cores)
	@$(TOOL) crossplane-core crossplane-cli controller-gen golangci-lint

tools-up: ## Build the tools of a local control plane too: Kubernetes' servers, kubectl, etcd (once: about 5 minutes)
	@$(TOOL) crossplane-core crossplane-cli etcd kube-apiserver kube-controller-manager kubectl

build: ## Build goldenpath (the functions) and the test harness into _output/bin
	@echo "building goldenpath $(VERSION) and its test harness"
	@go build -ldflags "-s -w -X main.version=$(VERSION)" -o $(BIN)/goldenpath ./functions
	@go build -C hack/harness -o ../../$(BIN)/harness .
	@go build -C hack/packages -o ../../$(BIN)/packages .
	@go build -C hack/controlplane -o ../../$(BIN)/controlplane .

generate: ## Write everything that is generated: deep copies, XRDs, encoders, input CRDs, the schema lock
	@$(TOOL) controller-gen
	@rm -rf _output/crds
	@$(BIN)/controller-gen object $(MARKED:%=paths=./%)
	@$(BIN)/controller-gen crd paths=./apis/v1 output:crd:dir=_output/crds
	@go run -C hack/gen ./cmd/xrdgen --crds ../../_output/crds --out ../../apis \
	  --bounds ../../functions/internal/kernel/zz_generated.bounds.go
	@go run -C hack/gen ./cmd/encodegen ../../functions/internal/managed/...
	@for name in $(INPUTS); do rm -f package/$$name/input/*.yaml && \
	  $(BIN)/controller-gen crd paths=./functions/$$name/input/v1 output:crd:dir=package/$$name/input || exit 1; done
	@$(MAKE) build
	@$(BIN)/harness lock
	@$(BIN)/harness activation

law: ## Write internal/cloud/law/law.json from the AWS provider's own code: what the simulated clouds obey
	@hack/aws/build.sh
	@hack/aws/law.sh

check-generate: ## Fail when `make generate` or `make law` changes a generated file
	@hack/tools/check-generate.sh

lint: ## Run the linters and the formatting check on every module
	@$(TOOL) golangci-lint
	@for module in $(MODULES); do (cd $$module && $(LINT) ./...) || exit 1; done

fmt: ## Format the Go files as the linter wants them
	@$(TOOL) golangci-lint
	@$(BIN)/golangci-lint fmt

test: ## Unit tests, history properties, convergence; then the schema gate and the seeded faults
	@$(TOOL) crossplane-core crossplane-cli
	@hack/tools/test.sh $(MODULES)
	@$(MAKE) gate
	@$(BIN)/harness mutate

gate: build ## Hold every example against the providers' schemas; with PROVIDER_SCHEMAS a provider of which only the lock is there fails
	@$(BIN)/harness gate $(if $(PROVIDER_SCHEMAS),--full)

render: ## Render and validate every example through Crossplane; XR=file renders that claim and prints its YAML
	@$(if $(findstring $(newline),$(value XR)),$(error XR: a file name with a line break is not taken))
	@$(TOOL) crossplane-core crossplane-cli
	@$(MAKE) build
	@$(BIN)/harness render $(if $(value XR),--xr $(call quoted,XR))

bench: build ## Measure latency, CPU and memory per call beside the baseline; QUICK=1 judges the same budgets but the growth of memory
	@$(BIN)/harness bench $(if $(QUICK),--quick)

upgrade-proof: build ## Prove that today's functions take over what earlier ones composed: the previous commit's and the last release's, or BASE's
	@go build -o $(BIN)/upgrade ./functions/internal/simulator/upgrade
	@$(BIN)/upgrade $(BASE:%=--base %)

fuzz: ## Run every fuzz target for FUZZTIME (30s)
	@hack/tools/fuzz.sh $(FUZZTIME)

packages: ## Build every package into _output/packages, for PACKAGE_VERSION and REGISTRY, with your COMPOSITIONS; no Docker
	@$(TOOL) crossplane-cli
	@go build -C hack/packages -o ../../$(BIN)/packages .
	@$(BIN)/packages build --version "$(PACKAGE_VERSION)" --registry "$(REGISTRY)" $(if $(COMPOSITIONS),--compositions "$(COMPOSITIONS)")

# A control plane to play with has the Compositions of the examples' platform team.
up e2e scale e2e-aws: COMPOSITIONS = examples/platform

up: tools-up build packages ## Start a control plane on loopback with Goldenpath on it, without containers; PORT= for the API server
	@$(BIN)/controlplane up $(if $(PORT),--port "$(PORT)")

down: ## Stop it
	@$(BIN)/controlplane down

status: ## Show its processes and what was applied
	@$(BIN)/controlplane status

e2e: tools-up build packages ## Play every scenario on a control plane of its own
	@$(BIN)/controlplane e2e

scale: tools-up build packages ## COUNT (200) AppDatabases at once, with our settings of Crossplane and with its own
	@$(BIN)/controlplane scale --count $(COUNT)

tools-vault: ## Build Vault and what renders the examples (once: about 6 minutes on two cores)
	@$(TOOL) crossplane-core crossplane-cli vault

e2e-vault: tools-vault build ## Log in with what a real Vault issues for the examples, in a real PostgreSQL and MariaDB; EXAMPLE= for one
	@hack/vault/install.sh
	@go build -C hack/vault -o ../../$(BIN)/e2e-vault .
	@$(BIN)/e2e-vault $(EXAMPLE)

night: ## What .ci/run has no time for, in full length: fuzzing, benchmarks, 200 databases at once
	@$(MAKE) fuzz FUZZTIME=5m
	@$(MAKE) bench
	@$(MAKE) scale

tools-aws: ## Build the real AWS provider for the kinds that we compose (once: about 8 minutes on two cores)
	@hack/aws/build.sh
	@hack/aws/install.sh

e2e-aws: tools-up tools-aws build packages ## Reconcile what the functions compose with the real AWS provider, against an AWS API server on loopback
	@$(BIN)/controlplane e2e-aws

clean: ## Remove _output with everything that was built, the tools too
	@rm -rf _output
