# Two commands matter: `make run` opens the interview page, `make test` runs every test.
# Both set up .venv from the hashed lock files first; once that is done neither needs a network.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' >/dev/null 2>&1 && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# The system's certificates first, as behind a company's proxy; uv's own where the system has none.
SYNC = $(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes $(VENV)/locked.txt

.PHONY: help install run test check bench soak lock schemas wheel clean
.DEFAULT_GOAL := help

help:  ## list the commands
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

install: $(STAMP)  ## set up .venv with the locked dependencies

$(STAMP): pyproject.toml requirements-bootstrap.lock requirements-dev.lock
	@test -n "$(PYTHON)" || { echo "mlsd needs Python 3.11, 3.12 or 3.13 on the PATH; name one with: make install PYTHON=/path/to/python3.11" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bootstrap.lock
	cat requirements-bootstrap.lock requirements-dev.lock > $(VENV)/locked.txt
	$(SYNC) --system-certs || $(SYNC)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --offline -e .
	@touch $(STAMP)

run: $(STAMP)  ## open the interview page on 127.0.0.1
	$(BIN)/mlsd chat

test: $(STAMP)  ## run all tests, browser and local model included
	$(BIN)/python -m pytest -q
	$(BIN)/python -m pytest -q -m "slow and not alone" --durations=10
	$(BIN)/python -m pytest -q -m "browser and not alone and not model" --dist loadfile --durations=10
	$(BIN)/python -m pytest -q -m "alone or model" -n 0 --durations=10  # one after the other: they have deadlines

check: $(STAMP)  ## lint, types, import rules, content
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/mlsd check

bench: $(STAMP)  ## print the timings the README quotes
	$(BIN)/python -m evals.bench

soak: $(STAMP)  ## long runs, not part of CI; they stop by themselves
	$(BIN)/python -m evals.soak
	$(BIN)/python -m evals.soak_eval
	$(BIN)/python -m evals.page_soak

lock: $(STAMP)  ## resolve the dependencies again
	printf 'llm; python_version<"0"\nllama-cpp-python; python_version<"0"\n' > $(VENV)/overrides.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --override $(VENV)/overrides.txt pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --override $(VENV)/overrides.txt pyproject.toml --group dev -o requirements-dev.lock

schemas: $(STAMP)  ## write docs/schemas/ from the models
	$(BIN)/python -m app.cli.schemas

wheel: $(STAMP)  ## build the wheel, content included, into dist/
	$(BIN)/uv build --quiet --wheel --no-build-isolation --offline --python $(BIN)/python

clean:  ## remove what the commands above made
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
