# Everything runs from a virtual environment that this file makes itself; nothing is installed elsewhere.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
LAB    := $(VENV)/.installed-lab
FAULT  ?=
WAY    ?=
COVERED := 100
TESTS   := $(BIN)/pytest --dist worksteal --durations=20
# Every process of the tests would compile the package anew without its bytecode.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help install demo compare endings test test-all test-matrix soak stories check docs format bench clean

help:            ## say what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | expand -t 12

install: $(STAMP)  ## set up the virtual environment (pinned versions)
$(STAMP): pyproject.toml constraints.txt tests/aws-sdk.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing into $(VENV) (once; about a minute)"
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[lab,dev]'
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -r tests/aws-sdk.txt
	@touch $@

# Who only wants to see it needs no test tools. What is installed for more is enough for less.
$(LAB): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test $(STAMP) -nt pyproject.toml -a $(STAMP) -nt constraints.txt || { \
	    echo "installing the lab into $(VENV) (once; well under a minute)"; \
	    $(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[lab]'; }
	@touch $@

demo: $(LAB)     ## migrate a live gateway in the lab, under load (WAY=envoy-gateway|contour|ingress-nginx|nginx-to-envoy|nginx-to-istio|nginx-to-contour|two-clusters|node-pool|node-port|in-place; FAULT=errors|latency|crash|stale-config|not-found|old-restart|drift)
	$(BIN)/migrator lab demo $(if $(WAY),--way $(WAY)) $(if $(FAULT),--fault $(FAULT))

compare: $(LAB) ## migrator beside what people do without it, same lab and load
	$(BIN)/migrator lab compare

endings: $(LAB) ## what is lost when others end a gateway's pods, before and after `migrator harden` (a quarter of an hour)
	$(BIN)/migrator lab endings

check: install   ## format, lint, types, import contracts, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@mkdir -p build && rm -f build/check.db
	$(BIN)/alembic -x store=build/check.db upgrade head
	$(BIN)/alembic -x store=build/check.db check

# Three workers on two cores: a third of the time is spent waiting for processes.
test: install    ## unit, property and contract tests and one short lab run; the lab's own gateways, nodes and whole worlds are tried in test-all
	$(TESTS) -n 3 -m "not slow and not matrix"

test-all: install  ## the same, the core under coverage, and what needs Debian packages or minutes: every kill, Prometheus, the demo, six of the stories, the lab itself
	$(TESTS) -n 3 -m "not slow and not matrix" --ignore=tests/domain --ignore=tests/workflow
	$(TESTS) -n 2 -m "not slow and not matrix" tests/domain tests/workflow --cov --cov-report=term-missing:skip-covered --cov-fail-under=$(COVERED)
	$(TESTS) -n 2 -m "slow and not matrix"

test-matrix: install  ## every fault, every kill, every kind of trouble and provider in the lab, every event at every moment in fake time (an hour)
	$(BIN)/pytest -m matrix

soak: $(LAB)     ## ten migrations there and back under load while both sides change and the outside fails (an hour; goes on where it was cut off)
	$(BIN)/migrator lab soak

stories: $(LAB) ## every event of the soak once going on, once paused, once on the way back (an hour; goes on where it was cut off)
	$(BIN)/migrator lab stories

bench: install   ## print the benchmarks' tables
	@for bench in tests/bench/bench_*.py; do echo "== $$bench"; $(BIN)/python $$bench; done

DOCS_STAMP := $(VENV)/.documented
$(DOCS_STAMP): $(STAMP)
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[docs]'
	@touch $@

docs: $(DOCS_STAMP) ## build the documentation as a site into build/site; a broken link fails it
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --config-file .ci/mkdocs.yml

format: install  ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:           ## remove what was built
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
