# The one list of tasks. `make setup` first, or the README's commands.
SHELL := bash
.SHELLFLAGS := -o pipefail -c # whichever part of a task fails, the task does
PY := .venv/bin/python
PYTEST := $(PY) -m pytest -q
TORCH ?= torch==2.13.0
FROM ?= e0e60f1
HELD := judge checks/compare.py sandbox/wire.py gradebook
EXPORT := --frozen --extra dev --extra docs --extra browser --no-hashes --no-annotate --no-header --no-emit-project

.PHONY: setup test test-all torch archives browser postgres hosts coverage matrix newest lint types locked lock validate bench bench-quick flame performance fuzz docs picture reference release messages

setup:            ## a virtual environment with everything that development needs, as it is locked
	test -d .venv || python3 -m venv .venv
	$(PY) -m pip install -q -c constraints.txt -e '.[dev]'

test:             ## the tests that take less than a minute together
	$(PYTEST) -n auto -m "not slow and not torch and not archives and not browser and not postgres and not hosts"

test-all:         ## all tests but those against PyTorch; what the README's command and CI run
	$(PYTEST) -n auto

torch:            ## the reference implementations against PyTorch, which is installed for that (TORCH=… for another build)
	$(PY) -c "import torch" 2> /dev/null || $(PY) -m pip install -q $(TORCH)
	$(PYTEST) -m torch tests/pytorch

archives:         ## .7z files, which the system's libarchive reads (apt install libarchive13)
	$(PYTEST) -m archives tests/collect

browser:          ## the pages and the review app in headless Chromium (apt install chromium; CHROMIUM=… for another one)
	$(PY) -c "import playwright, axe_playwright_python" 2> /dev/null || $(PY) -m pip install -q -c constraints.txt -e '.[browser]'
	$(PYTEST) -m browser tests/browser

postgres:         ## the records in a PostgreSQL server of the tests' own (apt install postgresql)
	$(PYTEST) -m postgres tests/postgres

hosts:            ## a cluster of hosts in a network of their own, made of namespaces (as root; apt install iproute2)
	$(PYTEST) -m hosts tests/hosts

coverage:         ## the fast tests with the branches that they take; what must not go untested is held at 95 %
	$(PYTEST) -n auto -m "not slow and not torch and not archives and not browser and not postgres and not hosts" --cov --cov-branch --cov-report=
	$(PY) -m coverage report
	for room in $(HELD); do \
	  $(PY) -m coverage report --include="grader/$$room,grader/$$room/*" --fail-under=95 > /dev/null || \
	    { echo "below 95 %: grader/$$room"; exit 1; }; \
	done

matrix:           ## the tests on every Python, with the oldest and the newest numpy (ARGS="--only 3.12 tests/sandbox" for a part)
	python3 tests/matrix.py $(ARGS)

newest:           ## the tests in a new environment, with what is newest today
	rm -rf .venv-newest
	python3 -m venv .venv-newest
	.venv-newest/bin/python -m pip install -q -e '.[dev]'
	.venv-newest/bin/python -m pytest -q -n auto

lint:             ## style, docstrings on every test, and which room of grader/ may import which
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY:python=lint-imports) --no-cache | tail -n +14

types:            ## strict types
	$(PY) -m mypy

locked:           ## uv.lock fits pyproject.toml, and constraints.txt is what pip reads of it
	$(PY) -m uv lock -q --check
	$(PY) -m uv export -q $(EXPORT) | diff constraints.txt -

lock:             ## renew uv.lock and constraints.txt: the newest versions that fit
	$(PY) -m uv lock -q --upgrade
	$(PY) -m uv export -q $(EXPORT) -o constraints.txt

validate:         ## prove the rubrics
	$(PY) -m grader validate

bench:            ## speed and memory, as ratios in one run, kept in benchmarks/results; about an hour
	$(PY) benchmarks/bench.py --keep
	$(PY) benchmarks/others.py --keep
	$(PY) benchmarks/limit.py --keep
	$(PY) benchmarks/one.py --keep
	$(PY) benchmarks/references.py --keep
	$(PY) benchmarks/notebooks.py --keep
	$(PY) benchmarks/scale.py --topic delta_rule --keep
	$(PY) benchmarks/scale.py --topic delta_rule --count 1000 --way local:2 --only grade --keep
	-$(PY) benchmarks/workers.py --keep  # where there are control groups, and as root
	$(PY) benchmarks/diagnosis.py
	$(PY) benchmarks/page.py

bench-quick:      ## the most important of them, in about two minutes; nothing is kept
	$(PY) benchmarks/quick.py

flame:            ## where the processes spend their CPU time, drawn beside an earlier commit (FROM=…), kept in docs/performance
	$(PY) benchmarks/flame.py --before $(FROM) --keep
	$(PY) benchmarks/page.py

performance:      ## docs/performance.md and its pictures, from what the benchmarks kept
	$(PY) benchmarks/page.py

fuzz:             ## search for what a reader cannot bear, a million inputs each (ARGS="--runs 1000" for fewer)
	$(PY) -c "import atheris" 2> /dev/null || $(PY) -m pip install -q atheris
	$(PY) tests/fuzz/run.py $(ARGS)

docs:             ## the documentation's site, in site/; a warning is an error
	$(PY) -c "import zensical, mkdocstrings_handlers.python" 2> /dev/null || $(PY) -m pip install -q -c constraints.txt -e '.[docs]'
	@log=$$(mktemp); $(PY) -m zensical build --clean --strict > $$log 2>&1; code=$$?; cat $$log; \
	  ! grep '^griffe: ' $$log > /dev/null && test $$code = 0; code=$$?; rm $$log; exit $$code

picture:          ## the report in the README, drawn anew from a run on the sample class
	$(PY) tests/docs/picture.py

reference:        ## the tables of settings in docs/authors/reference.md, from the types that read them
	$(PY) tests/docs/settings_tables.py

release:          ## cut the stubs from the solutions
	$(PY) -m grader release

messages:         ## collect what students read into the .po files, the grader's own and the course's (TOPICS="conv pooling" for some)
	$(if $(TOPICS),,$(PY) -m grader messages --framework)
	$(PY) -m grader messages $(TOPICS)
