# Everything from nothing on a fresh Debian or Ubuntu with Python 3.11 or newer, make and git.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
READY := $(VENV)/.ready
SHELL := /bin/bash
# Tests are handed out one by one in the order of the files, so that both processes do the
# browser's first, each with a stand of its own.
PROCESSES := --numprocesses 2 --dist loadgroup

.PHONY: demo demo-manage test test-scale smoke check bench browser clean

demo: $(READY)
	@$(RUN) -m tests.demo

# Runs manage.py with the settings of a running demo: make demo-manage ARGS="register_portal …"
demo-manage: $(READY)
	@$(RUN) -m tests.demo.manage $(ARGS)

test: $(READY) browser
	$(RUN) -m pytest $(PROCESSES) $(ARGS)

# PostgreSQL and Redis must answer at DATABASE_URL and REDIS_URL.
test-scale: export DATABASE_URL ?= postgresql://postgres@127.0.0.1:5432/postgres
test-scale: export REDIS_URL ?= redis://127.0.0.1:6379/9
test-scale: $(READY) browser
	$(RUN) -m pytest $(PROCESSES) $(ARGS)

smoke: $(READY) browser
	@$(RUN) -m tests.smoke

check: $(READY)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(RUN) -m tests.checks mypy
	$(VENV)/bin/lint-imports
	$(RUN) -m tests.checks migrations
	$(RUN) -m tests.checks deploy
	$(RUN) -m tests.checks translations

bench: $(READY)
	@$(RUN) -m tests.bench

# Locked packages by hash. A Debian Python comes without venv; root may add it.
$(READY): requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq python3-venv; } || { echo "Python lacks venv: sudo apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $(READY)

# Chromium comes from the system: no package of ours downloads a browser.
browser: $(READY)
	@$(RUN) -m tests.browser.chromium || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-liberation; } || { echo "Chromium is needed: sudo apt-get install chromium"; exit 1; }

clean:
	rm -rf $(VENV) var .pytest_cache .mypy_cache .ruff_cache .hypothesis
