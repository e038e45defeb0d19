# make fit    set up, then the main job: SDAE-3 on rect, from data to test error
# make test   set up, then every test
# make lint   ruff and mypy
# make bench  what an epoch costs, and the estimators, as ratios to yardsticks
PYTHON ?= python3
VENV ?= .venv
ENTER := . $(VENV)/bin/activate &&

.PHONY: fit test lint bench clean

fit: $(VENV)/.installed
	$(ENTER) python src/cli.py fit

test: $(VENV)/.installed
	$(ENTER) OMP_NUM_THREADS=1 python -m pytest -rs --numprocesses auto --dist worksteal

lint: $(VENV)/.installed
	$(ENTER) ruff check --no-cache && ruff format --no-cache --check && mypy

bench: $(VENV)/.installed
	$(ENTER) OMP_NUM_THREADS=1 python benchmarks/online.py
	$(ENTER) python benchmarks/epochs.py
	$(ENTER) OMP_NUM_THREADS=1 python benchmarks/estimators.py

$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
		{ echo "error: Python 3.11 to 3.13 is needed; name one with make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(ENTER) pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache
