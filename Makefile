# Drover: two commands. `make rehearse` deploys the example environment without a cloud; `make test` runs every fast check.
SHELL := /bin/bash
.DEFAULT_GOAL := help
ENVIRONMENT ?= dev
export CHECKPOINT_DISABLE := 1

.PHONY: help prerequisites setup rehearse rehearse-down test lint golden bench clean

help: ## Says what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

prerequisites: ## Says at once what is missing, and how to get it
	@tools/prerequisites.sh

setup: prerequisites node_modules/.package-lock.json packages/provider-rancher2/lib/.stamp ## Installs everything else

node_modules/.package-lock.json: package-lock.json package.json cli/package.json packages/provider-rancher2/package.json
	npm ci --no-audit --no-fund
	@touch $@

packages/provider-rancher2/lib/.stamp: packages/provider-rancher2/schema.json packages/provider-rancher2/generate.mjs node_modules/.package-lock.json
	npm run --silent prepare-bindings
	@touch $@

rehearse: setup ## Deploys an environment against simulated providers (ENVIRONMENT=dev)
	npx --no-install drover rehearse $(ENVIRONMENT)

rehearse-down: setup ## Takes the rehearsed environment away
	npx --no-install drover rehearse $(ENVIRONMENT) --down

test: setup ## Runs every fast check; ends with "N passed, N failed"
	@tools/shell-tools.sh
	@tools/test.sh


lint: setup ## Types, lint, format
	npm run --silent typecheck && npm run --silent lint && npm run --silent format:check

golden: setup ## Regenerates __tests__/golden, to be read before it is committed
	npm run --silent golden

bench: setup ## Measures synth against the stock way
	npm run --silent bench

clean: ## Removes what was built; keeps a rehearsal's world
	rm -rf dist cdktf.out node_modules packages/provider-rancher2/{src,lib} rehearsal/*/bin
