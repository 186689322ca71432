# Everything a fresh machine needs: Python ≥ 3.11, git, make.
#
#   make demo                            the base install, a campaign with planted faults, its report
#   make demo TORCH="torch==2.13.0+cpu"  the same with the torch you name: a pip requirement, options, or a wheel
#   make test                            everything, and the tests
#   make lint | docs | bench | clean
#
# PYTHON=python3.12 names the interpreter that `.venv` is made with; PROCESSES=4 how many run tests.

PYTHON ?= python3
TORCH ?=
DEMO ?= qa-demo
PROCESSES ?= 2
BIN := .venv/bin

.PHONY: help demo test lint docs bench install install-dev clean

help:
	@sed -n '1,9s/^# \{0,1\}//p' Makefile

install:
	@$(PYTHON) tools/install.py base --torch="$(TORCH)"

install-dev:
	@$(PYTHON) tools/install.py dev --torch="$(TORCH)"

demo: install
	$(BIN)/qa demo $(DEMO)

test: install-dev
	$(BIN)/python -m pytest -n $(PROCESSES) --dist loadfile

lint: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: install-dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

bench: install-dev
	@set -e; for script in $$(grep -l -- '--quick' benchmarks/*.py); do echo "== $$script --quick"; $(BIN)/python $$script --quick; done

clean:
	rm -rf .venv site qa-demo .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
