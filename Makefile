# Two commands: make demo (the whole house against the rehearsal town) and make test.
PYTHON ?= $(shell test -x /usr/bin/python3 && echo /usr/bin/python3 || echo python3)
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test check chaos fuzz bench bench-portal bench-gateway bench-monitor bench-office bench-radius year screenshots peers clean

demo: $(VENV)/ready
	@HOTSPOT_STATE=$${HOTSPOT_STATE:-var/demo} exec $(BIN)/hotspot up --rehearsal --log-level warning

# ruff, mypy --strict, the house's import rules, unit tests
check: $(VENV)/ready-dev
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/pytest -q tests/unit

# everything, with the real peers that Debian ships
test: $(VENV)/ready-dev peers
	$(BIN)/pytest

# RADIUS killed a hundred times under load in each of five cases on both databases; figures go to var/chaos.json
chaos: $(VENV)/ready-dev peers
	$(BIN)/python -m tests.chaos

# changed packets against the parser, with pyrad as second opinion, and the running service; arrivals at the portal; to var/fuzz.json
fuzz: $(VENV)/ready-dev peers
	$(BIN)/python -m tests.fuzz

# figures beside peers, each as a table and in var/bench/
bench: bench-portal bench-gateway bench-monitor bench-office bench-radius

bench-portal: $(VENV)/ready-dev peers
	@$(BIN)/python -m bench.portal

bench-gateway: $(VENV)/ready-dev peers
	@$(BIN)/python -m bench.gateway

bench-monitor: $(VENV)/ready-dev peers
	@$(BIN)/python -m bench.monitor
	@$(BIN)/python -m bench.monitor.polling

# fifty million sessions take an hour or so and 30 GB of disk; HOTSPOT_BENCH_SESSIONS=2000000 a few minutes
bench-office: $(VENV)/ready-dev peers
	@$(BIN)/python -m bench.office

bench-radius: $(VENV)/ready-dev peers
	@$(BIN)/python -m bench.radius

# a year of the lab on each database, every frozen figure counted again from the lab's own log; an hour, figures to var/year.json
year: $(VENV)/ready-dev peers
	$(BIN)/python -m tests.year

# a picture of every state of the portal, for docs/screenshots/portal
screenshots: $(VENV)/ready-dev peers
	@$(BIN)/python -m tests.integration.captive_portal.pictures

# every state of the portal by all of axe's rules in each language and palette; make test asks less of the second ones
access: $(VENV)/ready-dev peers
	HOTSPOT_ACCESS=all $(BIN)/pytest tests/integration/captive_portal/test_access.py

peers:
	@tests/peers/install

$(VENV)/ready: setup.cfg pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -qq --upgrade pip
	$(BIN)/pip install -qq --editable '.[all]'
	@touch $@

$(VENV)/ready-dev: $(VENV)/ready
	$(BIN)/pip install -qq --group dev
	@touch $@

clean:
	rm -rf $(VENV) var build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
