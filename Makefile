# Nashra. Two commands: `make demo` and `make test`; `make` alone lists the rest.
# Needs GNU make and Python 3.11 or later; nothing here needs root.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

# make PYTHON=python3.12 …: the Python that .venv is made with, instead of the newest suitable one.
PYTHON ?=
# make demo HOST=0.0.0.0 PORT=8000 DESK_PORT=8001
HOST ?=
PORT ?=
DESK_PORT ?=
# make test ARGS="tests/desk -k rename"
ARGS ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
INSTALLED := .venv/.installed
INSTALLED_DEV := .venv/.installed-dev
CATALOGUES := $(wildcard src/nashra/theme/locale/*/LC_MESSAGES/*.po)

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-24s %s\n", $$1, $$2 }'

install: $(INSTALLED) ## Make .venv with the nashra command in it

demo: $(INSTALLED) ## Serve the demo newsroom (HOST, PORT, DESK_PORT change where)
	@exec $(BIN)/nashra demo $(if $(HOST),--host $(HOST)) $(if $(PORT),--port $(PORT)) $(if $(DESK_PORT),--desk-port $(DESK_PORT))

test: $(INSTALLED_DEV) ## Run every test, on SQLite and on PostgreSQL (ARGS go to pytest)
	@exec $(BIN)/python -m tests.run $(ARGS)

# make test-crash SEED=4711 KILLS=200 FULL_DISKS=40 EXAMPLES=500 CLIENTS=50 READER_KILLS=10
SEED ?=
KILLS ?= 100
FULL_DISKS ?= 20
EXAMPLES ?= 100
CLIENTS ?= 50
READER_KILLS ?= 10

test-crash: $(INSTALLED_DEV) ## Kill the newsroom, fill its disks, over and over (SEED, KILLS, FULL_DISKS, EXAMPLES, CLIENTS, READER_KILLS)
	@NASHRA_TEST_SEED=$(SEED) NASHRA_TEST_KILLS=$(KILLS) NASHRA_TEST_FULL_DISKS=$(FULL_DISKS) \
	NASHRA_TEST_EXAMPLES=$(EXAMPLES) NASHRA_TEST_EVERY_WRITE=1 \
	NASHRA_TEST_CLIENTS=$(CLIENTS) NASHRA_TEST_READER_KILLS=$(READER_KILLS) \
	$(BIN)/python -m tests.run tests/crash tests/press/test_any_sequence.py -rP $(ARGS)

check: lint types contracts migrations-check ## All that needs no test run: the four below

lint: $(INSTALLED_DEV) ## Look for mistakes and for lines that are not formatted
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(INSTALLED_DEV) ## Check the types of edition, press and serve, strictly
	$(BIN)/mypy

contracts: $(INSTALLED_DEV) ## Check that no import runs up the floor plan
	$(BIN)/lint-imports

migrations-check: $(INSTALLED_DEV) ## Check that no model has changed without a migration
	@home=$$(mktemp -d) && mkdir "$$home/var"; \
	NASHRA_HOME="$$home" $(BIN)/nashra manage makemigrations --check --dry-run; \
	result=$$?; rm -rf "$$home"; exit $$result

format: $(INSTALLED_DEV) ## Format the code and mend what can be mended by machine
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(INSTALLED_DEV) ## Lock what pyproject.toml asks for (ARGS=--upgrade takes the newest)
	$(BIN)/python tools/lock.py $(ARGS)

bench: $(INSTALLED_DEV) ## Measure everything beside its peers (ARGS=--sizes=1000,10000 leaves out the longest hour)
	$(BIN)/python -m benchmarks.everything $(ARGS)

bench-press: $(INSTALLED_DEV) ## Measure full presses beside Hugo
	$(BIN)/python -m benchmarks.press $(ARGS)

bench-publish: $(INSTALLED_DEV) ## Measure what publishing one story costs in archives of growing size
	$(BIN)/python -m benchmarks.publish $(ARGS)

bench-serve: $(INSTALLED_DEV) ## Measure reads beside nginx
	$(BIN)/python -m benchmarks.serving $(ARGS)

bench-readers: $(INSTALLED_DEV) ## Measure comments and reactions beside Isso
	$(BIN)/python -m benchmarks.readers $(ARGS)

bench-edition: $(INSTALLED_DEV) ## Measure editions: cutting, checking beside sha256sum, bundles and deltas
	$(BIN)/python -m benchmarks.edition_sizes
	$(BIN)/python -m benchmarks.edition_verify
	$(BIN)/python -m benchmarks.edition_cutting $(ARGS)

clean: ## Take away .venv and what tools left behind; the newsroom in var/ stays
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests benchmarks tools -name __pycache__ -type d -prune -exec rm -rf {} +
	find src -name '*.mo' -delete
	rm -rf src/nashra/theme/compiled

# Locked releases first, each checked by its hash; then the project itself, which needs nothing more.
$(INSTALLED): pyproject.toml hatch_build.py requirements/build.txt requirements/newsroom.txt $(CATALOGUES)
	@python=$$(tools/find-python.sh $(PYTHON)) || exit 1; \
	if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
		echo "Making .venv with $$("$$python" --version)"; \
		"$$python" -m venv --clear .venv || exit 1; \
	fi
	@echo "Installing what requirements/newsroom.txt locks (a minute or two the first time)"
	@$(PIP) install --require-hashes -r requirements/build.txt -r requirements/newsroom.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(INSTALLED_DEV): $(INSTALLED) requirements/dev.txt
	@echo "Installing what requirements/dev.txt locks for tests and tools"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

.PHONY: help install demo test test-crash check lint types contracts migrations-check format lock bench bench-press bench-publish bench-serve bench-readers bench-edition clean
