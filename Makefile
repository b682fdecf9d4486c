# Two commands do all the set-up: `make start` and `make test`. `make help` lists the rest.

SHELL := /bin/bash
PYTHON ?= python3
REPO ?= examples/payments
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= $(shell nproc 2>/dev/null || getconf _NPROCESSORS_ONLN)

.DEFAULT_GOAL := help
.PHONY: help setup start check test types suite bench clean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup:  ## create .venv with the core and the cairn command (FULL=1: with every extra)
	@PYTHON="$(PYTHON)" scripts/setup.sh $(if $(FULL),all,core)

start: setup  ## index REPO (default: the sample project) and serve it, with a page, on port 8000
	@scripts/start.sh "$(REPO)" $(PORT)

check: $(VENV)/.dev  ## the quick part: ruff, mypy
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

test: $(VENV)/.dev  ## install everything, then run the checks and all tests
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(MAKE) --no-print-directory -j2 types suite

# mypy works alone for minutes where it has no cache yet: beside the tests it fills their pauses.
types:
	@$(BIN)/mypy

# An empty value counts as none. The tests start thousands of Pythons; each would compile all it imports again.
suite: export PYTHONDONTWRITEBYTECODE :=
suite:
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

$(VENV)/.dev: pyproject.toml scripts/setup.sh
	@PYTHON="$(PYTHON)" scripts/setup.sh dev

bench: $(VENV)/.dev  ## reproduce the figures of benchmarks/results (see benchmarks/README.md)
	@$(BIN)/python -m benchmarks.run

clean:  ## remove the virtual environment and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache build *.egg-info
	find . -name __pycache__ -prune -exec rm -rf {} +
