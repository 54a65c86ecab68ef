"""Drafts: python -m peft_vlm_survey.site.drafts [--stay], and without --stay one alone.

Half of a draft's time was importing what builds it. A process that stays has done so once: each line on its standard input
is a wish for a draft, made by a fork that has everything loaded and is thrown away afterwards, so that no draft knows of
another. With other code of the package it begins anew.
"""

import contextlib
import gc
import importlib
import os
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from peft_vlm_survey import figures, tables, values
from peft_vlm_survey.cache import stay
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.editions.changes import package_before
from peft_vlm_survey.unchanged import STAMP, state, unchanged
from peft_vlm_survey.watch import MADE

# What a build imports only when it comes to need it, and every draft needs.
_LATER = (
    "IPython.core.formatters",
    "docutils.readers.doctree",
    "ipykernel.debugger",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "jupyter_book.cli.main",
    "jupyter_book.config",
    "jupyter_book.sphinx",
    "myst_nb.sphinx_ext",
    "nbclient.client",
    "pydata_sphinx_theme",
    "sphinx.builders.html",
    "sphinx.builders.text",
    "sphinx_book_theme",
    "sphinx_external_toc",
    # What draws, what reckons, and what answers chapters: an edit asks some of it again.
    "matplotlib.backends.backend_svg",
    "peft_vlm_survey.costs.verdicts",
    *(
        f"peft_vlm_survey.show.{home}"
        for home in sorted({*tables.HOMES.values(), *figures.HOMES.values(), *values.HOMES.values()})
    ),
)
_CODE = ("peft_vlm_survey/**/*.py", "requirements.txt", "data/README.md")
_OF_KERNELS = b"IPKernelApp"  # they warn of what happens on this machine alone


def main(arguments: Sequence[str]) -> int:
    """Make one draft and return its status, or one for every line until there is none."""
    if "--stay" not in arguments:
        return _draft()
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # or the debugger of the kernels tells how Python was begun
    for name in _LATER:
        importlib.import_module(name)
    stay()
    code = state(Path(), _CODE)
    if "--now" in arguments:
        _draft(held_in_memory=True)
    while os.read(0, 1):  # a byte a time: what is not yet read is there for the process that begins anew
        if state(Path(), _CODE) != code:
            os.execv(sys.executable, [sys.executable, "-m", "peft_vlm_survey.site.drafts", "--stay", "--now"])  # noqa: S606
        _draft(held_in_memory=True)
    return 0


def _hold() -> None:
    """Have the survey as it is now in memory, for the fork; what is wrong with it is for the fork to say."""
    the_survey.cache_clear()
    with contextlib.suppress(Exception):
        survey = the_survey()
        for reference in survey.references.values():  # worked out once for each, and not again in every fork
            reference.authors  # noqa: B018
            reference.short_authors  # noqa: B018
            for name in reference.fields:
                reference.plain(name)
        package_before(survey.root, survey.edition.version)
    gc.freeze()  # what is loaded stays


def _draft(*, held_in_memory: bool = False) -> int:
    """Make a draft in a fork, say what it says and what it took, and return its status."""
    if unchanged():
        print(f"{MADE}: nothing changed", flush=True)
        return 0
    made_of, start, before = state(Path()), time.perf_counter(), time.process_time()
    if held_in_memory:
        _hold()
    read_end, write_end = os.pipe()
    child = os.fork()
    if not child:
        os.close(read_end)
        os.dup2(write_end, 1)
        os.dup2(write_end, 2)
        os.close(write_end)
        os._exit(_build())
    os.close(write_end)
    with os.fdopen(read_end, "rb") as lines:
        for line in lines:
            if _OF_KERNELS not in line:
                sys.stdout.buffer.write(line)
                sys.stdout.buffer.flush()
    _, ended, used = os.wait4(child, 0)
    status = os.waitstatus_to_exitcode(ended)
    if status:
        STAMP.unlink(missing_ok=True)
    else:
        STAMP.write_text(made_of, encoding="utf-8")  # what changed meanwhile is for the next
    seconds = time.perf_counter() - start
    processor = time.process_time() - before + used.ru_utime + used.ru_stime
    print(f"{MADE}: {seconds:.1f} s, {processor:.1f} s of the processor, status {status}", flush=True)
    return status


def _build() -> int:
    from jupyter_book.cli.main import main as jupyter_book  # a process that stays has loaded it

    quiet = os.environ.get("QUIET", "--quiet")
    try:
        jupyter_book(
            [
                *("build", "book", "--config", "_config.yml", "--toc", str(Path("_toc.yml").resolve())),
                *("--path-output", str(STAMP.parent), *filter(None, [quiet])),
            ]
        )
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(bool(end.code))
    except RuntimeError as error:  # so Jupyter Book says that Sphinx stopped, which has said why
        print(error, file=sys.stderr)
        return 1
    except BaseException:  # a fork ends here, whatever happens
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
