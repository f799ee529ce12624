# Two commands for a fresh machine: `make demo` and `make test`. README lists what they need.
PYTHON ?= python3
PY = .venv/bin/python
TOOLS_OF_TESTS = tests/stack/requirements.txt tests/template/linter/package-lock.json tests/simulator/tests/hubspot_client/package-lock.json \
	tests/simulator/tests/dynamics_client/package-lock.json
# The tests alone need it, and it wants an older boto3 than they do.
CHECKOV = tests/template/checkov/requirements.txt
CHECKOV_STAMP = .venv/checkov/made-from-$(shell cat $(CHECKOV) | cksum | tr ' ' '-')
STAMP = .venv/made-from-$(shell cat $(TOOLS_OF_TESTS) | cksum | tr ' ' '-')
FUNCTIONS = --bin dispatch --bin sync --bin remove --bin api --bin companies --bin console
TOOLS = --bin operator --bin simulator --bin generator

.PHONY: help venv console browser build demo demo-stop test bench match-bench check deploy
.NOTPARALLEL:

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

venv: $(STAMP) ## Install the Python tools of the tests into .venv
$(STAMP): $(TOOLS_OF_TESTS)
	$(PYTHON) -m venv --clear .venv && $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $< && $(PY) tests/stack/npm.py && touch $@

$(CHECKOV_STAMP): $(STAMP) $(CHECKOV)
	$(PYTHON) -m venv --clear .venv/checkov && .venv/checkov/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(CHECKOV) && touch $@

console: venv ## Check and build the console and its client, to console/dist
	$(PY) tests/stack/console.py

build: console ## Build the functions' programs and the tests' tools
	cargo build --release --locked -p abgleich -p console -p simulator -p generator $(FUNCTIONS) $(TOOLS)

demo: venv build ## Sync, match and seal four tenants on this machine (with SALESFORCE_* or HUBSPOT_* settings: a real organisation)
	$(PY) tests/demo

demo-stop: venv ## End what the demo left running
	$(PY) tests/demo stop

browser: venv ## Install the browser in which the console is tested
	$(PY) tests/browser/browser.py

test: venv $(CHECKOV_STAMP) browser build ## Run all tests
	$(PY) tests/all.py

bench: venv console browser ## Measure, to target/bench.json (RECORDS=100000: a smaller sync; BESIDE=1: other people's extractors, too)
	cargo build --release --locked -p abgleich -p console -p simulator -p generator -p bench $(FUNCTIONS) $(TOOLS) --bin bench --bin bare
	cargo build --release --locked -p domain --example days
	$${CARGO_TARGET_DIR:-target}/release/bench

match-bench: ## Measure precision, recall and speed of matching, to target/match.json (COMPANIES= RECORDS= TRUTH= files; WORLDS= folders; BESIDE=splink)
	@COMPANIES=$(COMPANIES) RECORDS=$(RECORDS) TRUTH=$(TRUTH) WORLDS="$(WORLDS)" BESIDE=$(BESIDE) $(PYTHON) tests/matching

check: ## Check format, lints, documentation and dependencies, without the tests
	.ci/run check

deploy: console ## Deploy to AWS by sam build and sam deploy (samconfig.toml)
	sam build && sam deploy
