# Tasks of a developer. `make` alone lists them.
# Everything runs in .venv; setup makes it from requirements/*.lock (see docs/how-to/set-up.md).
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup dev run test days mutants bench docs lock format screenshots

BIN := .venv/bin
export OPENBLAS_NUM_THREADS ?= 1

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)$$/make \1	\2/p' Makefile | expand -t 14

setup: ## prepare .venv; the program is then .venv/bin/bounceback
	@tools/python tools/prepare.py run

dev: ## prepare .venv with what checks the program
	@tools/python tools/prepare.py dev

PORT ?= 8000
run: setup ## the web app with an example learner, at the address it prints (PORT=8000)
	@$(BIN)/bounceback demo --port $(PORT)

test: dev ## everything that must hold: format, lint, types, imports, licences, docs, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/commit_subjects.py
	$(BIN)/python tools/licences.py
	$(BIN)/python tools/documentation.py
	@$(BIN)/python tools/chromium.py
	$(BIN)/python -m pytest -n 2
	$(BIN)/python tools/postgresql.py

DAYS ?= 2028-02-29 2027-03-14 2027-04-15 2031-12-01
days: dev ## the tests on a leap day, on a clock change, next spring and five years on (DAYS=…)
	@for day in $(DAYS); do echo "the tests on $$day"; $(BIN)/python -m pytest -q -n 2 --day $$day || exit 1; done

ONLY ?=
mutants: dev ## change planning, decision, forecast, records and list what no test notices (ONLY=…)
	$(BIN)/python -m mutmut run $(ONLY)
	$(BIN)/python -m mutmut results

bench: dev ## the speed table: ours against a named peer, in one run
	@$(BIN)/python benchmarks/run.py

screenshots: dev ## pictures of every page, phone and desk, light and dark, in screenshots/
	@$(BIN)/python tools/chromium.py
	@$(BIN)/python tools/screenshots.py

docs: dev ## build and check the documentation into site/
	$(BIN)/python tools/documentation.py --write

format: dev ## format the code and fix what ruff can fix
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

LOCK = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11
lock: dev ## settle the versions again after pyproject.toml changed (UPGRADE=1: newest)
	$(LOCK) $(if $(UPGRADE),--upgrade) pyproject.toml --group build --output-file requirements/run.lock
	$(LOCK) $(if $(UPGRADE),--upgrade) pyproject.toml --extra lab --group dev --constraint requirements/run.lock --output-file requirements/dev.lock
	$(LOCK) --group installer --output-file requirements/installer.lock
