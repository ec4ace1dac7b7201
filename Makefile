# Everything runs from here. A fresh machine needs Python 3.11 or newer, make and git; the rest is set up by itself.
.DEFAULT_GOAL := help
PY := .venv/bin/python
UV := .venv/bin/uv
CLIENT ?= demo
ARGS ?=
# In the order of their names: by default those with the fewest tests come last, and the longest are among them.
PYTEST ?= -n auto --dist loadfile --no-loadscope-reorder
SOURCES := layers/recobro/python functions infra tests

# Where byte code may not be written as programs run, it is written once, here; elsewhere that would only take time.
COMPILE := $(if $(PYTHONDONTWRITEBYTECODE),--compile-bytecode)

help: ## What can be done here
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.ready ## Everything the other commands need; done by itself, once

demo: setup ## Work an invented portfolio for 45 days and look at it (ARGS="--debtors 300 --days 45 --seed 7 --json")
	@$(PY) -m infra.cli demo $(ARGS)

up: setup ## Run a client on this machine (ARGS="--keep FOLDER")
	@$(PY) -m infra.cli up $(ARGS)

test: setup ## Lint, types, tests and template checks
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy $(SOURCES) & types=$$!; \
		$(PY) -m pytest $(PYTEST) --ignore=tests/benchmarks; tests=$$?; \
		wait $$types && exit $$tests

bench: setup ## Measure, alone on the machine, and print the figures
	@LOG_LEVEL=ERROR AWS_DEFAULT_REGION=us-east-1 $(PY) -m tests.benchmarks $(ARGS)

model: setup ## Look at every order in which the claim protocol can run, and break it on purpose (ARGS="--small")
	@$(PY) -m infra.cli model $(ARGS)

check: setup ## Is the folder of CLIENT fit to be deployed? Words, strategy and laws
	@$(PY) -m infra.playbook $(CLIENT) --check

layer: setup ## Build the layers and show how large everything is
	@$(PY) -m infra.packing $(CLIENT)

synth: setup ## Write the template of CLIENT to cdk.out
	@CLIENT="$(CLIENT)" CDK_OUTDIR=cdk.out $(PY) -m infra.app

deploy: setup node_modules/.ready ## Ship CLIENT to the AWS account of your profile (AWS_PROFILE=... make deploy CLIENT=acme)
	PATH="$(CURDIR)/.venv/bin:$$PATH" node_modules/.bin/cdk deploy 'recobro-*' -c client="$(CLIENT)" $(ARGS)
	$(PY) -m infra.connect $(CLIENT)

deploy-agency: setup node_modules/.ready ## Once, before its clients: the table that CLIENT's file names in agency.scope_table
	PATH="$(CURDIR)/.venv/bin:$$PATH" node_modules/.bin/cdk deploy agency -c client="$(CLIENT)" $(ARGS)

lock: setup ## Renew the lock files (ARGS=--upgrade takes the newest that requirements.in allows)
	$(UV) pip compile $(LOCK) --python-version 3.11 $(ARGS) requirements.in -o requirements.txt
	$(UV) pip compile $(LOCK) --python-version 3.13 -c requirements.txt layers/runtime/requirements.in \
	    -o layers/runtime/requirements.txt
	$(UV) pip compile $(LOCK) --python-version 3.11 $(ARGS) infra/linting/requirements.in \
	    -o infra/linting/requirements.txt
	grep '^uv==' requirements.txt | cut -d ' ' -f 1 | $(UV) pip compile $(LOCK) - -o requirements-bootstrap.txt
	PATH="$(CURDIR)/.venv/bin:$$PATH" npm install --package-lock-only
LOCK := --quiet --generate-hashes --universal --no-header --no-emit-index-url --no-emit-find-links

clean: ## Remove what can be built again; what `up --keep` holds stays
	rm -rf build cdk.out .recobro/assembly node_modules .mypy_cache .ruff_cache .pytest_cache
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

.venv/.ready: requirements.txt requirements-bootstrap.txt Makefile | .venv/bin/python
	@echo "setting up (once)"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bootstrap.txt
	@$(UV) pip sync --quiet --python $(PY) --require-hashes $(COMPILE) requirements.txt
	@$(PY) -c "$$WRITE_PATHS"
	@printf '#!/bin/sh\nexec "$$(dirname "$$0")/python" -m infra.cli "$$@"\n' > .venv/bin/recobro
	@chmod +x .venv/bin/recobro
	@touch $@

.venv/bin/python:
	@for python in $(PYTHON) python3.13 python3.12 python3.11 python3; do \
	    if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' > /dev/null 2>&1; then \
	        $$python -m venv .venv && exit 0; \
	        rm -rf .venv; echo "$$python makes no virtual environment; on Debian or Ubuntu: apt install python3-venv"; \
	        exit 1; \
	    fi; \
	done; echo "Recobro needs Python 3.11 or newer (make PYTHON=/path/to/it)"; exit 1

# The repository and the shared package are found from anywhere, by paths relative to the environment itself.
define WRITE_PATHS
import os, pathlib, sysconfig
site = pathlib.Path(sysconfig.get_path("purelib"))
lines = [os.path.relpath(path, site) for path in (".", "layers/recobro/python")]
(site / "recobro.pth").write_text("\n".join(lines) + "\n")
endef
export WRITE_PATHS

node_modules/.ready: package-lock.json .npmrc | .venv/.ready
	PATH="$(CURDIR)/.venv/bin:$$PATH" npm ci
	@touch $@

.PHONY: help setup demo up test bench model check layer synth deploy deploy-agency lock clean
