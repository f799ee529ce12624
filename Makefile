# Two commands on a fresh machine: `make demo`, `make test`. They need Rust 1.95, Python 3.11 or newer with venv, and make.
PYTHON ?= python3
PY = .venv/bin/python
TOOLS_OF_TESTS = tests/stack/requirements.txt tests/template/linter/package-lock.json
STAMP = .venv/made-from-$(shell cat $(TOOLS_OF_TESTS) | cksum | tr ' ' '-')
FUNCTIONS = --bin dispatch --bin sync --bin remove --bin api --bin companies
TOOLS = --bin operator --bin simulator --bin generator

.PHONY: help venv build demo demo-stop test bench match-bench check deploy
.NOTPARALLEL:

help: ## What there is
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

venv: $(STAMP) ## The Python tools of the tests, in .venv
$(STAMP): $(TOOLS_OF_TESTS)
	$(PYTHON) -m venv --clear .venv && $(PY) -m pip install --quiet --disable-pip-version-check -r $< && $(PY) tests/template/linter.py && touch $@

build: ## Function programs and the tests' tools
	cargo build --release --locked -p abgleich -p simulator -p generator $(FUNCTIONS) $(TOOLS)

demo: venv build ## Two tenants, synced, matched and sealed on this machine (SALESFORCE_* settings: a real organisation)
	$(PY) tests/demo

demo-stop: venv ## Ends what the demo left running
	$(PY) tests/demo stop

test: venv build ## All tests
	$(PY) tests/all.py

bench: venv ## Measures; writes target/bench.json (RECORDS=100000: a smaller sync; BESIDE=1: other people's extractors, too)
	cargo build --release --locked -p abgleich -p simulator -p generator -p bench $(FUNCTIONS) $(TOOLS) --bin bench --bin bare
	$${CARGO_TARGET_DIR:-target}/release/bench

match-bench: ## Precision, recall and speed of matching, to target/match.json (COMPANIES= RECORDS= TRUTH= files; BESIDE=splink)
	@COMPANIES=$(COMPANIES) RECORDS=$(RECORDS) TRUTH=$(TRUTH) BESIDE=$(BESIDE) $(PYTHON) tests/matching

check: ## Format, lints and documentation, without the tests
	.ci/run check

deploy: ## To AWS, by sam build and sam deploy (samconfig.toml)
	sam build && sam deploy
