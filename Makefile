# Each target makes what it needs; `make demo` and `make test` work in a fresh clone.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo start test lint check build bench clean

.venv/ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable ".[sam]" --group dev
	touch $@

demo: .venv/ready  ## the streaming loop, offline, with a live timeline
	$(BIN)/appsync-emulator demo

start: .venv/ready  ## serve the streaming-chat example
	$(BIN)/appsync-emulator start examples/streaming-chat/template.yaml

test: .venv/ready  ## all tests, on all processors, with coverage
	rm -f .coverage .coverage.*
	$(BIN)/pytest --numprocesses auto --dist loadfile --cov --cov-report= $(ARGS)
	$(BIN)/coverage report --skip-covered --fail-under=90

lint: .venv/ready  ## mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

check: .venv/ready  ## everything a review would check by machine
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

build: .venv/ready  ## wheel and sdist
	$(BIN)/python -m build --quiet
	$(BIN)/check-wheel-contents dist/*.whl

bench: .venv/ready  ## figures beside node's and airspeed's, where those are
	-test -e .venv/bench/ready || $(MAKE) --quiet .venv/bench/ready
	PYTHONPATH=tests $(BIN)/python -m bench $(ARGS)

.venv/bench/ready:
	$(PYTHON) -m venv .venv/bench
	.venv/bench/bin/python -m pip install --quiet airspeed==0.7.1
	touch $@

clean:
	rm -rf .venv dist .coverage*
