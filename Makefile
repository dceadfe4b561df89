# Each target works alone on a fresh clone and leaves nothing behind but .venv (and the caches that .gitignore names).
#
#   make demo      the sample articles through a host, then a newsroom on Wagtail to log in to           (under 3 minutes, first run)
#   make test      the tests: of newstagger, then of each plugin
#   make lint      ruff and mypy
#   make starter   rebuild the starter bundle in models/ from the open data in DATA
#   make measure   run the benchmarks in bench/ and write their figures to docs/figures.json
#   make documents run the commands that the documents show; put in their output and the figures
#
# PYTHON=python3.12 make test   chooses the interpreter; else the first one of 3.11 or newer that works.

SHELL := /bin/sh
VENV  := .venv
RUN   := $(VENV)/bin/python
DATA  ?= ../shared/corpora
PROJECTS := pyproject.toml plugins/newstagger-django/pyproject.toml plugins/newstagger-wagtail/pyproject.toml
PIP   := $(RUN) -m pip install --quiet --disable-pip-version-check

ifndef PYTHON
PYTHON := $(shell for p in python3 python3.13 python3.12 python3.11 python3.14 python; do \
	$$p -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
endif

.PHONY: demo test lint starter measure documents clean help
.DEFAULT_GOAL := help

help:
	@sed -n '3,8s/^# *//p' Makefile

$(RUN):
	@test -n "$(PYTHON)" || { echo 'make: no Python 3.11 or newer with venv was found; name one: PYTHON=/path/to/python3 make ...' >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(PROJECTS) | $(RUN)
	$(PIP) --editable . --editable plugins/newstagger-django --editable plugins/newstagger-wagtail
	@touch $@

$(VENV)/installed-dev: $(PROJECTS) | $(RUN)
	$(PIP) --editable '.[dev]' --editable plugins/newstagger-django --editable plugins/newstagger-wagtail
	@touch $@ $(VENV)/installed

demo: $(VENV)/installed
	@PYTHONDONTWRITEBYTECODE=1 $(RUN) -m newstagger.demo
	@PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=plugins/newstagger-wagtail $(RUN) -m newsroom.demo

test: $(VENV)/installed-dev
	$(RUN) -m pytest -q tests $(ARGS)
	@set -e; for plugin in plugins/newstagger-*; do echo "tests of $$plugin"; (cd "$$plugin" && ../../$(RUN) -m pytest -q $(ARGS)); done

lint: $(VENV)/installed-dev
	$(RUN) -m ruff check
	$(RUN) -m ruff format --check
	$(RUN) -m mypy
	@set -e; for plugin in plugins/*/src; do echo "mypy $$plugin"; MYPYPATH=plugins/newstagger-django/src $(RUN) -m mypy --strict "$$plugin"; done

starter: $(VENV)/installed-dev
	$(VENV)/bin/newstagger train --recipe recipes/starter.toml --data "$(DATA)" --name starter --models models --promote

measure: $(VENV)/installed-dev
	$(RUN) bench/measure.py --data "$(DATA)" --out docs/figures.json

documents: $(VENV)/installed-dev
	$(RUN) docs/console.py --write

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .hypothesis
