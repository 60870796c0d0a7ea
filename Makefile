# The one list of tasks. `make setup` first, or the README's commands.
PY := .venv/bin/python
HELD := judge checks/compare.py sandbox/wire.py gradebook

.PHONY: setup test torch coverage lint types validate bench docs picture release messages

setup:            ## a virtual environment with everything that development needs
	test -d .venv || python3 -m venv .venv
	$(PY) -m pip install -q -e '.[dev]'

test:             ## the whole test suite
	$(PY) -m pytest -q -n auto

torch:            ## the reference implementations against PyTorch, which is installed for that
	$(PY) -m pip install -q 'torch>=2.2'
	$(PY) -m pytest -q tests/pytorch

coverage:         ## the fast tests with the branches that they take; what must not go untested is held at 95 %
	$(PY) -m pytest -q -n auto -m "not slow" --cov --cov-branch --cov-report=
	$(PY) -m coverage report
	for room in $(HELD); do \
	  $(PY) -m coverage report --include="grader/$$room,grader/$$room/*" --fail-under=95 > /dev/null || \
	    { echo "below 95 %: grader/$$room"; exit 1; }; \
	done

lint:             ## style, and docstrings on every test
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types:            ## strict types
	$(PY) -m mypy

validate:         ## prove the rubrics
	$(PY) -m grader validate

bench:            ## speed and memory, as ratios in one run
	$(PY) benchmarks/bench.py

docs:             ## the documentation's site, in site/; a warning is an error
	$(PY) -c "import zensical, mkdocstrings_handlers.python" 2> /dev/null || $(PY) -m pip install -q -e '.[docs]'
	@log=$$(mktemp); $(PY) -m zensical build --clean --strict > $$log 2>&1; code=$$?; cat $$log; \
	  ! grep '^griffe: ' $$log > /dev/null && test $$code = 0; code=$$?; rm $$log; exit $$code

picture:          ## the report in the README, drawn anew from a run on the sample class
	$(PY) tests/docs/picture.py

release:          ## cut the stubs from the solutions
	$(PY) -m grader release

messages:         ## collect what students read into the .po files, and compile them (TOPICS="conv pooling" for some)
	$(PY) -m grader.release.catalogs $(TOPICS)
