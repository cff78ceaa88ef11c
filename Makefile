# `make demo` and `make test` do everything. Each target says what is missing in one sentence.
SHELL := /bin/sh
PORT ?= 8000
N ?= 400
SECONDS ?= 600
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
THEME := $(shell find themes -type f \( -name '*.js' -o -name '*.mjs' -o -name '*.css' -o -path '*/texts/*.json' \) -not -path '*/assets/bundle/*' -not -path 'themes/airlock/sw.js' 2>/dev/null)
# A lock is a closed list: what it installs is installed as it stands, and nothing is resolved (--no-deps).
LOCK := --universal --generate-hashes --no-strip-extras --no-header --no-emit-index-url --no-emit-find-links --quiet
export NO_MKDOCS_2_WARNING := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup demo serve check fix test test-quick soak lock sbom audit bench bench-site bench-scale bench-edit bench-noop bench-check bench-weight bench-scene bench-hostile bench-classes bench-matrix bench-growth bench-api soak-api bench-live bench-readiness bench-forgetting bench-year bench-tamper cheat-sheet wheel clean

help: ## Say what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

setup: themes/airlock/assets/bundle/manifest.json ## Install everything into .venv and node_modules

.venv/installed: requirements.lock requirements-dev.lock pyproject.toml
	@[ -n "$(PYTHON)" ] || { echo "Airlock needs Python 3.11 or newer: install it, or name it with make PYTHON=/path/to/python3."; exit 1; }
	@echo "Installing the Python packages into .venv"
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv || { echo "Python cannot make a virtual environment: install its venv module (python3-venv on Debian)."; exit 1; }
	@$(BIN)/python -m pip install -qq --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --no-deps --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation -e .
	@touch $@

node_modules/.installed: package.json package-lock.json
	@command -v npm >/dev/null || { echo "Airlock needs Node.js 20 or newer with npm: install it from your system's packages or nodejs.org."; exit 1; }
	@node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' || { echo "Airlock needs Node.js 20 or newer; this is $$(node --version)."; exit 1; }
	@echo "Installing the JavaScript packages into node_modules"
	@npm ci --ignore-scripts --no-fund --no-audit --loglevel=error
	@touch $@

themes/airlock/assets/bundle/manifest.json: .venv/installed node_modules/.installed $(THEME)
	@echo "Bundling the elements"
	@npm run --silent build

demo: setup ## Build everything, start on http://127.0.0.1:8000 with sample people (PORT=8080 for another port)
	@$(BIN)/airlock demo --port $(PORT)

serve: setup ## Show the site while you write
	@$(BIN)/airlock serve

check: setup ## Format, lint, types, import rules
	@$(BIN)/python -m tests.run check

fix: setup ## Let the formatters and linters mend what they can
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .
	@npx biome check --write

test: setup ## Everything: checks, Python tests on SQLite and PostgreSQL, JavaScript, browser (SEED=7: in another order)
	@SEED=$(SEED) $(BIN)/python -m tests.run

test-quick: setup ## The inner loop: unit and functional tests on SQLite, without what is slow
	@$(BIN)/python -m tests.run quick

soak: setup ## The kill test with 500 kills
	@AIRLOCK_KILLS=500 $(BIN)/python -m pytest tests/faults -v -m "$$([ -n "$$AIRLOCK_TEST_POSTGRESQL" ] || echo not postgresql)"

bench-site: setup ## What a build from nothing costs relative to stock Material (N=1600 LANGS=1 RUNS=3)
	@$(BIN)/python -m bench.site site $(N)

bench-scale: setup ## How the cost of a build grows from a quarter of N lessons to N
	@$(BIN)/python -m bench.site scale $(N)

bench-edit: setup ## What one edited lesson costs, in a build and in `airlock serve`
	@$(BIN)/python -m bench.site edit $(N)

bench-noop: setup ## What a build costs when nothing changed
	@$(BIN)/python -m bench.site noop $(N)

bench-check: setup ## What `airlock check` costs, from nothing and again
	@$(BIN)/python -m bench.site check $(N)

bench-weight: setup ## What a learner's first lesson weighs, from a real browser's network log
	@$(BIN)/python -m bench.weight

bench-scene: setup ## What a scene costs a slow phone on a slow network
	@$(BIN)/python -m bench.scene

bench-hostile: setup ## What 10,000 hostile pages come to, and the time of one relative to a page of the course
	@$(BIN)/python -m bench.hostile

bench-classes: setup ## What 6,000 learners and three years do to the reports, relative to the demo
	@$(BIN)/python -m bench.classes

bench-matrix: setup ## How long a class matrix of 40 x 30 keeps a browser busy, relative to the demo's
	@$(BIN)/python -m bench.matrix

bench-growth: setup ## What 5 million responses do to each report, relative to 100,000
	@$(BIN)/python -m bench.classes --growth --learners 15500 --classes 750

bench-api: setup ## What begin and hand in, a matrix and a crowd cost the server, relative to nothing and to bare statements
	@$(BIN)/python -m bench.api

soak-api: setup ## Begin and hand in without a pause for SECONDS=600, on each database
	@$(BIN)/python -m bench.api --soak $(SECONDS)

bench-live: setup ## What 200 phones cost that answer a question in a room, relative to plain polling
	@$(BIN)/python -m bench.live

bench-readiness: setup ## What readiness costs: a class of 30 relative to its matrix, and a month of events
	@$(BIN)/python -m bench.readiness

bench-year: setup ## The report of a generated year (N learners), counted twice, and its cost beside a month's
	@$(BIN)/python -m bench.year $(N)

bench-forgetting: setup ## What refreshers buy made-up learners who forget by a published curve
	@$(BIN)/python -m bench.forgetting

bench-tamper: setup ## How many of N random tamperings with evidence the audit trail shows, on each database (N=10000)
	@$(BIN)/python -m bench.tamper $(N)

bench: bench-site bench-scale bench-edit bench-noop bench-check bench-weight bench-hostile bench-classes bench-matrix ## Every measurement

cheat-sheet: setup ## Write docs/cheat-sheet.md from the examples
	@$(BIN)/python -m tests.cheat_sheet

lock: ## Lock the packages again (needs uv)
	@npm install --package-lock-only --ignore-scripts --no-fund --no-audit --omit-lockfile-registry-resolved --loglevel=error
	@node -e 'const fs=require("fs"),f="package-lock.json",l=JSON.parse(fs.readFileSync(f));for(const p of Object.values(l.packages))delete p.funding;fs.writeFileSync(f,JSON.stringify(l,null,2)+"\n")'
	@uv pip compile $(LOCK) pyproject.toml -o requirements.lock
	@uv pip compile $(LOCK) --group dev -c requirements.lock -o requirements-dev.lock

wheel: setup ## A wheel in dist/ that needs no checkout and no Node
	@rm -rf build dist
	@$(BIN)/python -m pip wheel -q --no-deps --no-build-isolation -w dist .
	@rm -rf build *.egg-info/SOURCES.txt
	@ls dist

sbom: wheel ## What a server and its pages are made of, with versions and licences, as CycloneDX (dist/sbom-*.json)
	@rm -rf build/production && $(PYTHON) -m venv --without-pip build/production
	@$(BIN)/python -m pip --python build/production/bin/python install -qq --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip --python build/production/bin/python install -qq --no-deps dist/airlock-*.whl
	@$(BIN)/cyclonedx-py environment --output-reproducible -o dist/sbom-python.json build/production/bin/python
	@npm sbom --sbom-format cyclonedx --omit dev --package-lock-only > dist/sbom-javascript.json
	@rm -rf build && ls dist

audit: setup ## Look for known holes in what is locked; asks the registries' lists of them
	@$(BIN)/pip-audit --require-hashes --disable-pip -r requirements.lock
	@npm audit --omit dev

clean: ## Remove everything that was installed or built, and the demo's data
	@rm -rf .venv node_modules build dist site site.drafts catalogue.json themes/airlock/assets/bundle themes/airlock/sw.js* .airlock .mypy_cache .ruff_cache .pytest_cache
