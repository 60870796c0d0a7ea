# The one list of tasks. `make setup` first, or the README's commands.
PY := .venv/bin/python

.PHONY: setup test lint types validate bench release messages

setup:            ## a virtual environment with everything that development needs
	test -d .venv || python3 -m venv .venv
	$(PY) -m pip install -q -e '.[dev]'

test:             ## the whole test suite
	$(PY) -m pytest -q -n auto

lint:             ## style, and docstrings on every test
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types:            ## strict types
	$(PY) -m mypy

validate:         ## prove the rubrics
	$(PY) -m grader validate

bench:            ## speed and memory, as ratios in one run
	$(PY) benchmarks/bench.py

release:          ## cut the stubs from the solutions
	$(PY) -m grader release

messages:         ## collect what students read into the .po files, and compile them (TOPICS="conv pooling" for some)
	$(PY) -m grader.release.catalogs $(TOPICS)
