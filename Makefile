# `make run` opens the desk on the sample workspace; `make test` passes the tests. Both set everything up.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
SYSTEM := $(VENV)/system-ready
TOOLS := $(VENV)/tools-ready
WORKSPACE ?= .workspace

.PHONY: run demo test check check-platforms test-long test-trainers test-servers measure-repair measure-methods bench screenshots snapshots translations changelog changelog-draft lock app check-app packages setup clean

run: $(READY) $(SYSTEM)
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" != Linux ] || [ -n "$$QT_QPA_PLATFORM" ]; then \
		$(BIN)/hitl-app --data-dir $(WORKSPACE) --samples; \
	else \
		echo "No display here (neither DISPLAY nor WAYLAND_DISPLAY is set): the same job without a window."; \
		$(BIN)/hitl-app demo --data-dir $(WORKSPACE); \
	fi

demo: $(READY)
	$(BIN)/hitl-app demo --data-dir $(WORKSPACE)

test: $(READY) $(SYSTEM) check
	$(BIN)/python -m pytest -n 2 --dist worksteal

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# What is written for other systems is at least typed for them. A cache for each: they would overwrite each other's.
check-platforms: $(READY)
	$(BIN)/mypy --platform win32 --cache-dir .mypy_cache/win32 hitl_app
	$(BIN)/mypy --platform darwin --cache-dir .mypy_cache/darwin hitl_app

# Longer checks, each with a reason to stay out of `make test`. This one: everything that is marked `slow`.
test-long: $(READY) $(SYSTEM) check-platforms
	$(BIN)/python -m pytest -n 2 --dist worksteal -m slow --ignore tests/servers

test-trainers: $(READY)
	$(BIN)/python tests/trainers/run.py

test-servers: $(READY)
	sh tests/servers/run.sh $(BIN)/python

measure-methods: $(READY)
	$(BIN)/python tests/benchmarks/measure_methods.py

measure-repair: $(READY)
	$(BIN)/python tests/benchmarks/measure_repair.py --curve docs/images/repair-curve.svg

bench: app
	@for file in tests/benchmarks/bench_*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

screenshots: $(READY) $(SYSTEM)
	$(BIN)/python docs/make_screenshots.py

# After the desk was changed on purpose: the small pictures that `make test` compares it with.
snapshots: $(READY) $(SYSTEM)
	QT_QPA_PLATFORM=offscreen $(BIN)/python tests/ui/snapshot_scenes.py

# After words of the window were changed: collect them for the translators, and compile what is translated.
TRANSLATIONS := $(wildcard resources/translations/*.ts)
translations: $(READY)
	$(BIN)/pyside6-lupdate $$(find hitl_app/ui -name '*.py' | LC_ALL=C sort) -ts $(TRANSLATIONS) -no-obsolete -locations none
	$(BIN)/pyside6-lrelease $(TRANSLATIONS)

# The section of this version in CHANGELOG.md, from docs/changes; DATE=YYYY-MM-DD if it is not today's.
CHANGELOG = $(BIN)/towncrier build --version "$$($(BIN)/python -c 'import hitl_app; print(hitl_app.__version__)')" --date
DATE ?= $(shell date +%F)
changelog: $(READY)
	$(CHANGELOG) $(DATE) --yes

changelog-draft: $(READY)
	@$(CHANGELOG) $(DATE) --draft

# After the dependencies were changed: exact versions for packages, with hashes for all platforms. UV_INDEX and the like
# name another index; LOCK=--upgrade takes what is newest.
LOCKED := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links $(LOCK)
lock: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group lock
	$(LOCKED) pyproject.toml --output-file packaging/lock.txt
	$(LOCKED) --group pyproject.toml:build --constraints packaging/lock.txt --output-file packaging/lock-build.txt

# The packaged application in dist/hitl-app; then whether it works; then everything that is released.
app: $(READY) $(SYSTEM) $(TOOLS)
	$(BIN)/python packaging/build.py app

check-app: app
	$(BIN)/python packaging/build.py check

packages: $(READY) $(SYSTEM) $(TOOLS)
	$(BIN)/python packaging/build.py all

setup: $(READY) $(SYSTEM)

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name it with PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || sh packaging/system-packages.sh venv
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=24'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

$(SYSTEM): packaging/system-packages.sh $(READY)
	sh packaging/system-packages.sh qt
	@touch $@

$(TOOLS): packaging/system-packages.sh $(READY)
	sh packaging/system-packages.sh build
	@touch $@

clean:
	rm -rf $(VENV) $(WORKSPACE) build dist
