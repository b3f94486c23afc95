# Everything one needs to run and to change this project. `make` alone lists the targets.
PYTHON := $(shell for python in python3.13 python3.12 python3.11 python3; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
VENV := .venv
RUN := $(VENV)/bin/python -m
LOCKS := requirements.lock requirements-dev.lock

.PHONY: help install lock demo test test-fast lint bench pictures clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):[^#]*## /make \1\t/' | expand -t 20

install: $(VENV)/installed  ## make .venv with the pinned dependencies

$(VENV)/installed: requirements-dev.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed, and was not found in PATH"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		$(PYTHON) -c 'from tests.services.machine import install_packages; install_packages("python3-venv")'
	@echo "installing the pinned dependencies into $(VENV) ($$($(PYTHON) --version)) …"
	@$(PYTHON) -m venv $(VENV)
	@$(RUN) pip install --quiet --disable-pip-version-check --use-pep517 --require-hashes --requirement requirements-dev.lock
	@touch $@

lock:  ## write the lock files again; UPGRADE=1 takes newer versions
	@$(PYTHON) -m venv build/lock && build/lock/bin/pip install --quiet --disable-pip-version-check uv
	@set -e; for lock in $(LOCKS); do \
		case $$lock in *-dev*) group="--group dev --constraint requirements.lock";; *) group=;; esac; \
		build/lock/bin/uv pip compile pyproject.toml --extra s3 $$group --output-file $$lock $(if $(UPGRADE),--upgrade) \
			--quiet --universal --python-version 3.11 --generate-hashes \
			--no-header --no-annotate --no-emit-index-url --no-emit-find-links; done

demo: install  ## a replica of the site, crawled and searchable in the browser; PORT=8080 for another port
	@$(RUN) tests.demo $(if $(PORT),--port $(PORT))

test: install  ## everything; WITHOUT="elasticsearch browser" leaves services out, ONLY="crawler" takes suites
	@$(RUN) tests.run $(ONLY) $(if $(WITHOUT),--without $(WITHOUT))

test-fast: install  ## embedded engine, SQLite, no browser: under a minute
	@$(RUN) tests.run --fast

lint: install  ## formatting, rules, types, imports
	@$(RUN) tests.run lint

bench: install  ## speed beside what one would use instead (docs/benchmarks.md); BENCH_N=500 articles, ONLY=reading
	@$(RUN) tests.benchmarks $(ONLY) $(if $(WITHOUT),--without $(WITHOUT))

pictures: install  ## the pictures of the README, from the pages as they are now
	@$(RUN) tests.browser.screenshots docs/images --shown

clean:  ## remove what can be made again (never the data folder)
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
