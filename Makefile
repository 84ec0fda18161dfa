# Runs, tests and measures the warehouse in a virtual environment of its own (.venv).

PYTHON ?= python3
BIN := .venv/bin
PY := $(BIN)/python
INSTALLED := .venv/.installed
RECENT_PYTHON := import sys; sys.exit(sys.version_info < (3, 11))

.PHONY: run test lint bench env metabase-smoke

# The demonstration, by the commands that an officer uses. It never touches the real database,
# asks no door of a real configuration, and does not wait for files to settle.
SAMPLE := tests/samples/tahun-2024
IKU := @IKU_DATABASE=iku_contoh IKU_INBOX=$(SAMPLE)/inbox IKU_CONFIG=$(SAMPLE)/config \
    IKU_SETTLE_SECONDS=0 $(BIN)/iku

run: $(INSTALLED)
	$(IKU) seed $(SAMPLE)/rujukan
	$(IKU) refresh --office kanreg-06
	$(IKU) land $(SAMPLE)/koreksi/survey_answer_2024-Q3.csv --office kanreg-06 \
	    --source survey_answer --period 2024-Q3
	$(IKU) refresh --office kanreg-06
	$(IKU) scorecard --office kanreg-06 --year 2024

# A file of tests stays in one process, which its fixtures serve; each process has its own Postgres.
test: lint
	@$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: $(INSTALLED)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy --strict flows transforms schemas
	@$(BIN)/lint-imports --no-logo

bench: $(INSTALLED)
	@$(PY) -m tests.bench

# The settings of `docker compose up`; it needs nothing installed.
env:
	@$(PYTHON) -m flows.machine.env_file

# The dashboards on a real Metabase, once; for a machine with Docker.
metabase-smoke: $(INSTALLED)
	@$(PY) -m tests.metabase.smoke_with_docker

# The lock is complete, so pip need not resolve anything (--no-deps); old versions of pip can't,
# as they take no notice of a pin without an extra for a requirement with one. `pip check` proves
# that the lock fulfils pyproject.toml. pip compiles bytecode, which saves the server seconds.
$(INSTALLED): requirements.lock pyproject.toml
	@$(PY) -c '$(RECENT_PYTHON)' 2>/dev/null || { \
	    $(PYTHON) -c '$(RECENT_PYTHON)' 2>/dev/null || { \
	        echo "Butuh Python 3.11 atau lebih baru; '$(PYTHON)' lebih lama atau tidak ada." >&2; \
	        echo "Python 3.11 or later is needed; '$(PYTHON)' is older or missing." >&2; \
	        echo "  make $(firstword $(MAKECMDGOALS) run) PYTHON=/path/to/python3.11" >&2; \
	        exit 1; \
	    }; \
	    $(PYTHON) -m venv --clear .venv; \
	}
	@echo "Memasang pustaka ke .venv, sekitar satu menit / Installing into .venv, about a minute ..."
	@$(PY) -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(PY) -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@report=$$($(PY) -m pip check) || { echo "$$report" >&2; exit 1; }
	@touch $@
