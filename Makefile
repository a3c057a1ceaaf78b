# Every target sets up what it needs, in this folder only. `make help` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
STUDY ?= data/synthetic
SCENARIO ?= published
FROM ?=
THRESHOLD ?= 5
GRID ?= scenarios/multiverse.yaml
PLAN ?= scenarios/design.yaml
PROFILE ?=
JOBS ?=
LIMIT ?=
LAB_ARGS ?=
TEST_ARGS ?=
BENCH ?=
BENCH_ARGS ?=

# Caches stay in the checkout, whatever the tools' defaults are.
HERE := $(CURDIR)
UV_CACHE_DIR ?= $(HERE)/.cache/uv
export UV_CACHE_DIR
# As pip does: the certificates of the system, which a network's own proxy may need.
export UV_SYSTEM_CERTS := 1
export PIP_CACHE_DIR := $(HERE)/.cache/pip
export XDG_CACHE_HOME := $(HERE)/.cache
export npm_config_cache := $(HERE)/.cache/npm
export MPLCONFIGDIR := $(HERE)/.cache/matplotlib
export IPYTHONDIR := $(HERE)/.cache/ipython
export JUPYTER_CONFIG_DIR := $(HERE)/.cache/jupyter/config
export JUPYTER_DATA_DIR := $(HERE)/.cache/jupyter/data
export JUPYTER_RUNTIME_DIR := $(HERE)/.cache/jupyter/runtime
export JUPYTERLAB_SETTINGS_DIR := $(HERE)/.cache/jupyter/lab/settings
export JUPYTERLAB_WORKSPACES_DIR := $(HERE)/.cache/jupyter/lab/workspaces
# A kernel called python3 in a home directory must not take the place of this environment's.
export JUPYTER_PREFER_ENV_PATH := 1
export JUPYTER_PATH :=
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# One locale for all: the same order and letters everywhere. Under an ASCII one, Python 3.11 would not even start in a
# folder whose name has other letters.
export LC_ALL := C.UTF-8
unexport PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONHOME VIRTUAL_ENV CONDA_PREFIX

PY := .venv/bin/python
HELPERS := $(PY) -m helpers.cli
SELECTED = --study "$(STUDY)" --scenario "$(SCENARIO)"
RUN = $(SELECTED) $(if $(JOBS),--jobs "$(JOBS)") $(if $(LIMIT),--limit "$(LIMIT)")
PINNED := requirements.lock pyproject.toml

.PHONY: help book pdf word figures tables share check study multiverse design verify manifest archive wheels twin claims test nightly faults oracles picture bench lab lock synthetic witnesses pbc lint clean clean-all

help: ## Print this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name text; do printf '%-10s %s\n' "$$name" "$$text"; done

book: .venv/.built ## Make the book: make book [STUDY=data/pbc] [SCENARIO=recommended] [JOBS=2] [LIMIT=seconds]
	@$(HELPERS) book $(RUN)

pdf: .venv/.built ## Make the supplement as one PDF, without code: make pdf [STUDY=...]
	@$(HELPERS) pdf $(RUN)

word: .venv/.built ## Make the supplement as one Word file
	@$(HELPERS) word $(RUN)

figures: .venv/.built ## Make every figure as SVG, PDF and PNG, under the paper's names
	@$(HELPERS) figures $(RUN)

tables: .venv/.built ## Make every table as CSV and Word file, under the paper's names
	@$(HELPERS) tables $(RUN)

share: .venv/.built ## Make what may leave: make share STUDY=data/own/x [SCENARIO=…] [THRESHOLD=5]
	@$(HELPERS) share $(RUN) --threshold "$(THRESHOLD)"

check: .venv/.built ## Check a study folder and a scenario, and run nothing
	@$(HELPERS) check $(SELECTED)

study: .venv/.built ## Start a study from your own files, or convert it: make study FROM="trial.sav labs.xlsx"
	@$(HELPERS) study $(if $(FROM),--from '$(FROM)') $(if $(filter-out file,$(origin STUDY)),--study "$(STUDY)")

multiverse: .venv/.built ## Try every claim under every combination of choices [PROFILE=slurm]
	@$(HELPERS) multiverse --study "$(STUDY)" --grid "$(GRID)" $(if $(JOBS),--jobs "$(JOBS)") $(if $(PROFILE),--profile "$(PROFILE)")

design: .venv/.built ## Simulate cohorts: power, level, bias and coverage of the tests [PROFILE=slurm]
	@$(HELPERS) design --study "$(STUDY)" --plan "$(PLAN)" $(if $(JOBS),--jobs "$(JOBS)") $(if $(PROFILE),--profile "$(PROFILE)")

verify: .venv/.built ## Make the book twice, under other conditions, and compare every byte [STUDY=data/pbc]
	@$(HELPERS) verify $(SELECTED)

manifest: .venv/.built ## Put the bytes of both bundled studies' books into MANIFEST.sha256
	@for study in data/synthetic data/pbc; do $(HELPERS) verify --study $$study --write || exit 1; done

archive: .venv/.built ## Make one zip file of the commit and the bundled studies' books, for a repository
	@$(HELPERS) archive $(if $(JOBS),--jobs "$(JOBS)") $(if $(LIMIT),--limit "$(LIMIT)")

wheels: .venv/.built ## Fetch every pinned package into wheels/, to make the book without the network
	@$(PY) -m pip download --quiet --require-hashes --no-deps --dest wheels -r requirements.lock
	@$(PY) -c 'import platform as p; print("wheels/ is for Python", p.python_version(), "on", p.system(), p.machine())'

twin: .venv/.built ## Make a synthetic twin of a study: make twin STUDY=... [SEED=1] [TO=data/own/...]
	@$(HELPERS) twin --study "$(STUDY)" $(if $(SEED),--seed "$(SEED)") $(if $(TO),--to "$(TO)")

claims: book ## Print the ledger's checks by kind and verdict, and put them into the README
	@$(HELPERS) claims $(SELECTED)

test: .venv/.tested ## Run every test, in a browser too
	@$(PY) -m helpers.cli.browser
	@$(PY) -m helpers.cli.office
	@$(PY) -m ruff check
	@$(PY) -m pytest -n 2 --dist loadfile $(TEST_ARGS)

nightly: .venv/.tested ## Run the property tests on more than 10,000 examples, new ones each time
	@PROPERTIES=nightly OPENBLAS_NUM_THREADS=1 $(PY) -m pytest tests/properties $(TEST_ARGS)

faults: .venv/.tested ## Break builds in every way that is tested, and write what was found for the book
	@FAULTS_TABLE=1 $(PY) -m pytest tests/faults

# Scripts that make inputs come first by their names. Only this target needs R; the tests read what it committed.
oracles: .venv/.tested ## Compute again what the tests compare with (needs R, see tests/oracles/README.md)
	@command -v Rscript > /dev/null || { echo "no Rscript: tests/oracles/README.md names the Debian packages" >&2; exit 1; }
	@$(PY) tests/oracles/make_inputs.py
	@for script in tests/oracles/*.R; do echo "$$script"; OPENBLAS_NUM_THREADS=1 Rscript "$$script" || exit 1; done
	@OPENBLAS_NUM_THREADS=1 $(PY) tests/oracles/dense.py

picture: .venv/.tested ## Photograph the book for the README, after make book
	@$(PY) tests/book/picture.py

# On one core for each process, whatever the machine has, but for make book and the grid engine.
bench: .venv/.tested ## Time it beside R, statsmodels, pingouin, papermill [BENCH=fits,bootstrap]
	@OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 $(PY) -m benchmarks "$(BENCH)" $(BENCH_ARGS)

lab: .venv-lab/.ready ## Open JupyterLab on the notebooks (LAB_ARGS=... for its options)
	@.venv-lab/bin/python -m jupyterlab --ServerApp.root_dir="$(HERE)" \
	  --LabApp.default_url=/lab/tree/notebooks/01_cohort.ipynb \
	  $$([ "$$(id -u)" = 0 ] && echo --allow-root) $(LAB_ARGS)

lock: .venv/.tested ## Pin the versions again after a change of pyproject.toml
	@$(PY) -m helpers.cli.lock

synthetic: .venv/.built ## Make the synthetic cohort again: a seeded search for the printed figures
	@$(HELPERS) synthetic

witnesses: .venv/.built ## Search every reading's witness with twenty seeds, check them, write data/witnesses
	@$(PY) -u -m helpers.claims.witness --all

pbc: .venv/.built ## Make the tables of the PBC trial again from their source
	@$(HELPERS) pbc

lint: .venv/.tested ## Check the style of the code, and that no output, data or secret is tracked
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check
	@$(PY) -m helpers.cli.hygiene

clean: ## Remove what was built: books, results, records of runs
	@rm -rf build .snakemake .pytest_cache .ruff_cache .hypothesis
	@find src tests notebooks -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
	@find notebooks -name .ipynb_checkpoints -prune -exec rm -rf {} + 2>/dev/null || true

clean-all: clean ## Remove the environments and the download cache too
	@rm -rf .venv .venv-lab .cache src/helpers.egg-info

# Environments. A stamp is written last, so that an interrupted set-up starts again. uv comes with its hashes from the
# lock and installs the rest, which it checks against the lock's hashes.
define new_environment
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' || \
	  { echo "$(PYTHON): expected Python 3.11 to 3.14; name one with make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "setting up $(1) (once, and after a change of versions)"
	@mkdir -p .cache
	@$(PYTHON) -m venv --clear $(1) || { echo "$(PYTHON) has no venv (Debian, Ubuntu: apt-get install python3-venv)" >&2; exit 1; }
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > $(1)/uv.txt
	@$(1)/bin/python -m pip install --quiet --require-hashes --no-deps -r $(1)/uv.txt
endef

define install
	@$(1)/bin/python -m uv pip install --quiet --python $(1) -c requirements.lock $(2) -r pyproject.toml setuptools
	@$(1)/bin/python -m uv pip install --quiet --python $(1) --no-deps --no-build-isolation -e .
endef

.venv/.built: $(PINNED)
	$(call new_environment,.venv)
	$(call install,.venv,--group build)
	@touch $@

.venv/.tested: .venv/.built
	$(call install,.venv,--group build --group dev)
	@touch $@

.venv-lab/.ready: $(PINNED)
	$(call new_environment,.venv-lab)
	$(call install,.venv-lab,--group lab)
	@touch $@
