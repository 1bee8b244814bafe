# Every target builds .venv from the lock first; .venv/bin/referee is then there.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test test-long bench bench-detection lint docs clean

.venv/ready: pyproject.toml uv.lock
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 ..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv 2>/dev/null || { $(MAKE) -s system && $(PYTHON) -m venv .venv; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.9,<1"
	@VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv sync --quiet --frozen --inexact --python $(CURDIR)/$(BIN)/python
	@touch $@

# A Debian-like system keeps venv apart from Python.
.PHONY: system
system:
	@command -v apt-get >/dev/null || { echo "install your system's Python venv package, then try again"; exit 1; }
	@SUDO=$$(test "$$(id -u)" = 0 || echo sudo); $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq python3-venv

# What the tests hold Referee against: a real bash with its tools, and the engine that runs opencode's plugins.
TOOLS := bash:bash node:nodejs xxd:xxd rev:bsdextrautils awk:gawk openssl:openssl perl:perl

.venv/tools: .venv/ready
	@missing=; for tool in $(TOOLS); do command -v $${tool%%:*} >/dev/null || missing="$$missing $${tool##*:}"; done; \
	test -z "$$missing" || { SUDO=$$(test "$$(id -u)" = 0 || echo sudo); command -v apt-get >/dev/null \
	&& $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq --no-install-recommends $$missing >/dev/null \
	|| echo "not here, and could not be installed:$$missing; the tests that need them are skipped"; }
	@touch $@

demo: .venv/ready
	@$(BIN)/referee demo

test: .venv/tools
	@$(BIN)/python -m pytest

test-long: .venv/tools
	@VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv sync --quiet --frozen --inexact --extra presidio --python $(CURDIR)/$(BIN)/python
	@$(BIN)/python -m pytest -m "long or not long"

bench: .venv/ready
	@$(BIN)/python -m bench.run

# Labelled cases of others, which are not part of the project: one folder a topic, as bench/README.md says.
DATA ?= ../shared/evaluation/dev

bench-detection: .venv/ready
	@$(BIN)/python -m bench.detection --data $(DATA)

lint: .venv/ready
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/basedpyright
	@$(BIN)/lint-imports

# What the scanners load and policies can name follows from src/referee/scanners/packs/*.yaml.
.PHONY: packs
packs: .venv/ready
	@$(BIN)/python -m scripts.packs

docs: .venv/ready
	@VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv sync --quiet --frozen --inexact --group docs --python $(CURDIR)/$(BIN)/python
	@$(BIN)/zensical build --clean

clean:
	rm -rf .venv site .pytest_cache .mypy_cache .ruff_cache
