# Everything runs from a virtual environment that this file makes itself; nothing is installed elsewhere.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.PHONY: help install demo compare test test-all check format bench clean

help:            ## say what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | expand -t 12

install: $(STAMP)  ## set up the virtual environment (pinned versions)
$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[lab,dev]'
	@touch $@

check: install   ## format, lint, types, import contracts, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: install    ## unit, property and contract tests and one short lab run
	$(BIN)/pytest -n 2 -m "not slow"

format: install  ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:           ## remove what was built
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
