# The only place that knows commands. `make help` lists them.
SHELL := bash
.SHELLFLAGS := -eo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
VERIFY := .venv-verify
AUDIT := .venv-audit
SITE := _build/html
MAKING := _build/making/_build
CONFIG := _config.yml
BUILD = $(BIN)/python -m peft_vlm_survey.site.build build book --config $(CONFIG) --toc $(CURDIR)/_toc.yml --path-output
# The compiler of TypeScript checks the scripts and makes nothing of them; Debian's 4.9 does, and so does any later one.
TSC ?= tsc
# Tests run on every processor there is, but on no more than four.
JOBS ?= $(shell nproc | awk '{ print $$1 < 4 ? $$1 : 4 }')
# The processes take groups of tests in the order that tests/conftest.py gives them: the longest first.
PYTEST := $(BIN)/python -m pytest --dist loadgroup --no-loadscope-reorder
# A module whose every test opens the built book is not even read.
UNREAD := $(patsubst %,--ignore=%,$(shell grep -l '^pytestmark.*mark\.built' tests/test_*.py))
FAST := -n $(JOBS) -m "not built and not slow" $(UNREAD)
# Beside the build run those too that build small books of their own, but none that asks all that the build is asking.
BESIDE := -n $(JOBS) -m "not built and not asks" $(UNREAD)
# A browser is busy enough: a process more took longer. A module without such a test is not even read.
BUILT = -n $(JOBS) -m "(built or asks) and not again" $(shell grep -lE 'mark\.(built|asks)' tests/test_*.py)
# Python keeps the code that it has compiled beside the sources, which a process that is begun anew would compile again.
unexport PYTHONDONTWRITEBYTECODE
# The same input gives the same bytes: dates come from the edition, hashes from a fixed seed.
export SOURCE_DATE_EPOCH := $(shell date -u -d "$$(sed -n 's/^date-released: *//p' CITATION.cff)" +%s)
export FORCE_SOURCE_DATE := 1
export PYTHONHASHSEED := 0
export VERSION
export JUPYTER_PLATFORM_DIRS := 1
# Hundreds of processes read the package: its modules are compiled once, whatever the environment says.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help book html pdf wheel edition test second-build reproducible test-fast coverage check messages drift lint watch draft bench verify audit clean lock setup packages

help:  ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 20

book: setup  ## build the site, its three PDFs and the downloads into _build/html
	@if $(MAKE) --no-print-directory packages 2> /dev/null; then \
	  $(MAKE) --no-print-directory site SURVEY_PDF=1; \
	else \
	  $(MAKE) --no-print-directory site && $(MAKE) --no-print-directory packages; \
	fi

html: setup  ## build the site alone, which needs no TeX
	@$(MAKE) --no-print-directory site

pdf: book  ## the same as book: the PDF is part of it

wheel: setup  ## build the Python package, with the data in it, into _build/wheel
	@$(MAKE) --no-print-directory wheel-alone
	@echo "The package is $$(ls $(WHEEL)/*.whl)."

# A build leaves folders behind: it works on a copy. It is asked itself: pip would begin Python four times to ask it.
WHEEL := _build/wheel
.PHONY: wheel-alone
wheel-alone:
	@rm -rf $(WHEEL)/tree $(WHEEL)/*.whl
	@mkdir -p $(WHEEL)/tree
	@cp -R peft_vlm_survey data book references.bib CITATION.cff README.md LICENSE LICENSE-CONTENT pyproject.toml setup.py $(WHEEL)/tree
	@find $(WHEEL)/tree -name __pycache__ -prune -exec rm -rf {} +
	@cd $(WHEEL)/tree && $(abspath $(BIN))/python -c 'from setuptools.build_meta import build_wheel; build_wheel("..")' > ../wheel.log 2>&1 || { cat ../wheel.log; exit 1; }
	@rm -rf $(WHEEL)/tree $(WHEEL)/wheel.log

# A failed build leaves no site: the old one goes first, the new one comes only when it is whole.
.PHONY: site
site: export SURVEY_PDF := $(SURVEY_PDF)
# Pages lead to the PDF, name its fonts, and are the same if PAPER= leaves it out: a second build need not run TeX.
PAPER = $(SURVEY_PDF)
# A whole site gives figures away as PDF and PNG too; a draft goes without.
site: export SURVEY_WHOLE := 1
site: setup
	@mkdir -p _build
	@rm -rf $(SITE) _build/making _build/latex
	@$(BIN)/python -m peft_vlm_survey ask --check
	@echo "Building the pages ..."
	@$(BUILD) _build/making -n -W --keep-going --all > _build/html.log 2>&1 || { grep -v IPKernelApp _build/html.log | grep -E 'WARNING|ERROR|Error|Exception|\.md:' ; echo "The site was not built; all of it is in _build/html.log." >&2; exit 1; }
	@$(if $(PAPER),$(MAKE) --no-print-directory paper)
	@$(MAKE) --no-print-directory chinese
	@$(MAKE) --no-print-directory wheel-alone
	@cp $(WHEEL)/*.whl $(MAKING)/html/downloads
	@rm $(MAKING)/html/.buildinfo
	@mv $(MAKING)/html $(SITE)
	@rm -rf _build/making
	@echo "The site is in $(SITE)/index.html."

# After the PDFs, which are made of what the English build has read; the chapters in Chinese take its place there.
.PHONY: chinese
chinese: CONFIG := _build/making/chinese.yml
chinese:
	@echo "Building the pages in Chinese ..."
	@sed 's/^    language: en$$/    language: zh_CN/' _config.yml > $(CONFIG)
	@$(BUILD) _build/making -n -W --keep-going --builder custom --custom-builder translated > _build/chinese.log 2>&1 || { grep -E 'WARNING|ERROR|Error|Exception|\.md:' _build/chinese.log ; echo "The pages in Chinese were not built; all of it is in _build/chinese.log." >&2; exit 1; }

.PHONY: paper
paper:
	@echo "Building the PDFs ..."
	@MAKEFLAGS=--jobs=2 $(BUILD) _build/making -n -W --keep-going --builder pdflatex > _build/pdf.log 2>&1 || { grep -v IPKernelApp _build/pdf.log | grep -E 'WARNING|ERROR|^!' ; $(BIN)/python -m peft_vlm_survey log $(MAKING)/latex; echo "The PDFs were not built; all of it is in _build/pdf.log." >&2; exit 1; }
	@$(BIN)/python -m peft_vlm_survey log $(MAKING)/latex
	@cp $(MAKING)/latex/peft-vlm-survey*.pdf $(MAKING)/html
	@$(BIN)/python -m peft_vlm_survey.site.pdf_sizes $(MAKING)/html $(MAKING)/latex
	@mv $(MAKING)/latex _build/latex

# What stands against the edition is told before the book is built, and again afterwards: the build may take minutes.
edition: setup  ## check, build and lay out an edition into _build/edition: make edition VERSION=1.5.0
	@$(BIN)/python -m peft_vlm_survey edition --check "$$VERSION"
	@$(MAKE) --no-print-directory book
	@$(BIN)/python -m peft_vlm_survey edition "$$VERSION"

# The build takes little more than one processor; the tests that need no book take what is left.
test: setup packages  ## build the book afresh and run every test, on it or beside its build
	@$(MAKE) --no-print-directory --jobs=2 book test-beside
	@$(PYTEST) $(BUILT)

# What two processes say at once nobody can read, and what the build keeps it may delete meanwhile.
.PHONY: test-beside
test-beside: export SURVEY_CACHE := _build/cache-beside
test-beside: setup
	@mkdir -p _build
	@echo "Running the tests that need no book beside the build ..."
	@env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL $(PYTEST) $(BESIDE) > _build/fast.log 2>&1 || { cat _build/fast.log; echo "A test that needs no book failed." >&2; exit 1; }
	@tail -n 1 _build/fast.log

second-build: setup  ## after make test: build the pages a second time, elsewhere, and tell every file that differs
	@$(PYTEST) -m again tests/test_reproducible.py

reproducible: book packages  ## build the book twice, in two folders, and tell every file that differs, the PDF among them
	@SURVEY_TWICE=1 $(BIN)/python -m pytest tests/test_reproducible.py

# What takes seconds a test is left to make test, and of the examples of a property three in four; pyproject.toml names the marks.
test-fast: setup  ## run the quick tests that need no built book, properties with a quarter of their examples
	@SURVEY_ONE_EXAMPLE_IN=4 $(PYTEST) $(FAST)

coverage: setup  ## run the same, and list the modules with branches that no test takes
	@mkdir -p _build
	@$(PYTEST) $(FAST) --cov --cov-report=term:skip-covered

check: setup  ## tell every problem of the data and the bibliography
	@$(BIN)/python -m peft_vlm_survey check

messages: setup  ## bring the catalogues of the translation up to date; CHAPTERS="qa vision" starts those of chapters
	@$(BIN)/python -m peft_vlm_survey.messages.renew $(CHAPTERS)

# A report for whoever writes or releases: papers come in and a sentence stays. It never fails.
drift: setup  ## report the sentences of the chapters that the data no longer bear out
	-@$(PYTEST) -q --tb=line -n 0 tests/drift/*.py

lint: setup  ## check the form of code, data, citation file and workflow, and the types of the scripts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m peft_vlm_survey format --check
	@$(BIN)/check-jsonschema --builtin-schema vendor.citation-file-format CITATION.cff
	@$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/*-a-*.yml
	@$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
	@$(BIN)/zizmor --offline --quiet .github
	@command -v $(TSC) > /dev/null || $(MAKE) --no-print-directory packages PACKAGES=node-typescript
	@$(TSC) -p jsconfig.json

watch: setup  ## rebuild and reload in the browser while you write
	@$(BIN)/python -m peft_vlm_survey.watch

# Only what changed, and warnings are shown without failing. Where nothing changed, Sphinx is not even started.
QUIET := --quiet
export QUIET
draft:  ## build into _build/watch what changed since the last draft, once
	@$(BIN)/python -S -m peft_vlm_survey.unchanged || { $(BUILD) _build/watch $(QUIET) && $(BIN)/python -S -m peft_vlm_survey.unchanged --made; }

bench: setup packages  ## measure builds, beside edition 1.2.0, into bench/README.md
	@$(BIN)/python -m bench.bench

verify: $(VERIFY)/.ready  ## build real modules and count them against data and closed forms (1.7 GB of packages)
	@$(VERIFY)/bin/python -m verify

# The CPU build of PyTorch is not in the Python Package Index; pip's own settings say where it is.
$(VERIFY)/.ready: requirements-verify.txt
	@echo "Installing what real modules need into $(VERIFY) ..."
	@$(PYTHON) -m venv $(VERIFY)
	@$(VERIFY)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-verify.txt || { echo "torch and torchvision are CPU builds: name the folder that has them with PIP_FIND_LINKS=..." >&2; exit 1; }
	@touch $@

# Without --strict, packages that the lists cannot be asked about are passed over, and all is called well.
audit: $(AUDIT)/.ready  ## ask public lists whether a pinned dependency has a known hole, which needs a network
	@$(AUDIT)/bin/pip-audit --strict --requirement requirements.txt --require-hashes --disable-pip

$(AUDIT)/.ready: requirements-audit.txt
	@echo "Installing what asks for known holes into $(AUDIT) ..."
	@$(PYTHON) -m venv $(AUDIT)
	@$(AUDIT)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-audit.txt
	@touch $@

clean:  ## delete everything that was made, but not the environment
	@rm -rf _build .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

lock: setup  ## renew requirements.txt and requirements-audit.txt, and complete requirements-verify.txt
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade --quiet requirements.in -o requirements.txt
	@$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade --quiet requirements-audit.in -o requirements-audit.txt
	@$(BIN)/uv pip compile --python-version 3.11 --python-platform x86_64-manylinux_2_28 $(addprefix --find-links ,$(PIP_FIND_LINKS)) --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet requirements-verify.in -o requirements-verify.txt

setup: $(STAMP)

$(STAMP): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one with make PYTHON=..." >&2; exit 1; }
	@echo "Installing the Python packages into $(VENV) (about two minutes) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

packages: PACKAGES = $(shell cat apt.txt)
packages:
	@missing=$$(for name in $(PACKAGES); do dpkg-query -W -f='$${Status}' "$$name" 2>/dev/null | grep -q '^install ok installed' || echo "$$name"; done); \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ]; then as=; elif sudo -n true 2>/dev/null; then as="sudo -n"; else as=no; fi; \
	  if [ "$$as" = no ] || ! command -v apt-get > /dev/null; then \
	    echo "For the PDF, the tests and the check of the scripts, run: apt-get install" $$missing >&2; exit 1; \
	  fi; \
	  echo "Installing Debian packages:" $$missing; \
	  $$as apt-get update -qq; \
	  $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing > /dev/null; \
	fi
