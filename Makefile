# Everything runs with Go, make and git alone; Docker is not needed. `make help` lists the targets.

SHELL       := /bin/bash
MAKEFLAGS   += --no-print-directory
BIN         := _output/bin
VERSION     ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo v0.0.0-dev)
FUZZTIME    ?= 30s
XR          ?=
BUILD_FLAGS := -buildvcs=false -trimpath
TOOL        := hack/tools/build.sh
LINT        := "$(CURDIR)/$(BIN)/golangci-lint" run --config "$(CURDIR)/.golangci.yml"
# Packages that ask for deep copies, and functions that have an input of their own.
MARKED       = $(sort $(dir $(shell grep -rl --include='*.go' '+kubebuilder:object:generate=true' apis functions)))
INPUTS      := $(patsubst functions/%/input/v1,%,$(wildcard functions/*/input/v1))

export GOWORK := off

.DEFAULT_GOAL := help
.PHONY: help tools build generate check-generate lint fmt test render bench fuzz clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

tools: ## Build the pinned tools into _output/bin (once: about 6 minutes on two cores)
	@$(TOOL) crossplane-core crossplane-cli controller-gen golangci-lint

build: ## Build goldenpath (the functions) and the test harness into _output/bin
	@echo "building goldenpath $(VERSION) and its test harness"
	@CGO_ENABLED=0 go build $(BUILD_FLAGS) -ldflags "-s -w -X main.version=$(VERSION)" -o $(BIN)/goldenpath ./functions
	@CGO_ENABLED=0 go build -C hack/harness $(BUILD_FLAGS) -o ../../$(BIN)/harness .

generate: ## Write everything that is generated: deep copies, XRDs, encoders, input CRDs, the schema lock
	@$(TOOL) controller-gen
	@rm -rf _output/crds
	@$(BIN)/controller-gen object $(MARKED:%=paths=./%)
	@$(BIN)/controller-gen crd paths=./apis/v1 output:crd:dir=_output/crds
	@go run -C hack/gen ./cmd/xrdgen --crds ../../_output/crds --out ../../apis
	@go run -C hack/gen ./cmd/encodegen ../../functions/internal/managed/...
	@for name in $(INPUTS); do rm -f package/$$name/input/*.yaml && \
	  $(BIN)/controller-gen crd paths=./functions/$$name/input/v1 output:crd:dir=package/$$name/input || exit 1; done
	@$(MAKE) build
	@$(BIN)/harness lock

check-generate: ## Fail when `make generate` changes a generated file
	@hack/tools/check-generate.sh

lint: ## Run the linters and the formatting check on every module
	@$(TOOL) golangci-lint
	@$(LINT) ./...
	@cd hack/gen && $(LINT) ./...
	@cd hack/harness && $(LINT) ./...

fmt: ## Format the Go files as the linter wants them
	@$(TOOL) golangci-lint
	@$(BIN)/golangci-lint fmt

test: ## Unit tests, history properties, convergence; then the schema gate and the seeded faults
	@hack/tools/test.sh . hack/gen hack/harness
	@$(TOOL) crossplane-core crossplane-cli
	@$(MAKE) build
	@$(BIN)/harness gate $(if $(PROVIDER_SCHEMAS),--full)
	@$(BIN)/harness mutate

render: ## Render and validate every example through Crossplane; XR=file renders that claim and prints its YAML
	@$(TOOL) crossplane-core crossplane-cli
	@$(MAKE) build
	@$(BIN)/harness render $(if $(XR),--xr "$(XR)")

bench: build ## Measure latency, CPU and memory per call beside the baseline
	@$(BIN)/harness bench

fuzz: ## Run every fuzz target for FUZZTIME (30s)
	@hack/tools/fuzz.sh $(FUZZTIME)

clean: ## Remove _output with everything that was built, the tools too
	@rm -rf _output
