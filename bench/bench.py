"""Measure what the book costs to build and to build again, beside an edition of the past."""

import argparse
import csv
import os
import platform
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from peft_vlm_survey.data import ROOT
from peft_vlm_survey.read.registry import TABLES

README = ROOT / "bench" / "README.md"
_LEFT_BEHIND = (".git", ".venv*", "_build", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis")
PAPERS = TABLES["papers"].path
_MAKE = ("make", "--no-print-directory", "--old-file=.venv/.ready")  # nothing is installed from a scratch folder
_CHAPTER = "method"
BASELINE = "1.2.0"
_BASELINE_COMMIT = "68bb2e0"
_FIRST, _FULL = "first draft", "cold build of the site and the PDF"


@dataclass(frozen=True, kw_only=True, slots=True)
class Took:
    """What a step took, in seconds by the clock and of the processor, and what it did, in a word or two."""

    seconds: float
    processor: float
    did: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Weighs:
    """What something weighs, in bytes."""

    bytes: int


Measure = Took | Weighs | None


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the tables, and keep them in bench/README.md."""
    parser = argparse.ArgumentParser(prog="python -m bench.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave out the PDF")
    options = parser.parse_args(arguments)
    columns = [f"edition {BASELINE}", "now"]
    measured: dict[str, list[Measure]] = {}
    failed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        trees = [make_tree(Path(scratch, "then"), _BASELINE_COMMIT), make_tree(Path(scratch, "now"))]
        for name, step in STEPS.items():
            if options.quick and name == _FULL:
                continue
            print(f"{name} ...", file=sys.stderr, flush=True)
            measured[name] = []
            for column, tree in zip(columns, trees, strict=True):
                try:
                    measured[name].append(step(tree))
                except RuntimeError as error:  # an hour of other measures is not thrown away
                    failed.append(f"{name}, {column}: {error}")
                    measured[name].append(None)
            print(measured[name], file=sys.stderr, flush=True)
    text = f"{_HEAD}\n{circumstances()}\n\n{table(columns, measured)}"
    print(text)
    README.write_text(text, encoding="utf-8")
    print(*failed, sep="\n", file=sys.stderr)
    return 1 if failed else 0


def make_tree(folder: Path, commit: str = "") -> Path:
    """Copy the repository's sources into a folder, as they are or as a commit has them, and return it.

    Raises CalledProcessError if this clone does not hold the commit.
    """
    if commit:
        folder.mkdir(parents=True)
        held = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True)  # noqa: S603, S607
        subprocess.run(["tar", "-x", "-C", str(folder)], input=held.stdout, check=True)  # noqa: S603, S607
    else:
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*_LEFT_BEHIND))
    (folder / ".venv").symlink_to(ROOT / ".venv")
    return folder


def _run(tree: Path, *command: str) -> tuple[Took, str]:
    """Run a command in a tree, and return what it took and said. Raises RuntimeError if it fails."""
    before, start = _processor(), time.perf_counter()
    done = subprocess.run(  # noqa: S603 (our own commands)
        command,
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
        check=False,
    )
    took = Took(seconds=time.perf_counter() - start, processor=_processor() - before)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return took, done.stdout


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _check(tree: Path) -> Took:
    return _run(tree, ".venv/bin/python", "-m", _package(tree), "check")[0]


def _check_with_nothing_kept(tree: Path) -> Took:
    shutil.rmtree(tree / "_build" / "cache", ignore_errors=True)
    return _check(tree)


def _check_with_a_row_changed(tree: Path) -> Measure:
    """Check once more after a row of a catalogue paper changed, and give the row back."""
    path = tree / PAPERS
    before = path.read_bytes()
    try:
        return _check(tree) if _change_row(path, "catalogue") else None
    finally:
        path.write_bytes(before)


def _package(tree: Path) -> str:
    """Return the name of the package in a tree; it was another one once."""
    return next(name for name in ("peft_vlm_survey", "survey") if (tree / name).is_dir())


def _site(tree: Path) -> Took:
    _forget(tree)
    return _run(tree, *_MAKE, "site")[0]


def _book(tree: Path) -> Took:
    _forget(tree)
    took = _run(tree, *_MAKE, "site", "SURVEY_PDF=1")[0]
    shutil.rmtree(tree / "_build" / "latex")
    return took


def _forget(tree: Path) -> None:
    """Delete all that was built, and what a build before has kept for the next."""
    shutil.rmtree(tree / "_build", ignore_errors=True)


def _draft(tree: Path) -> Took:
    """Build a draft as `make watch` does, and say what was read, executed and written for it."""
    made = tree / "_build" / "watch" / "_build" / "html"
    before = {path: path.stat().st_mtime_ns for path in made.glob("papers/*.html")}
    took, output = _run(tree, *_MAKE, "draft", "QUIET=")
    written = [path for path in made.glob("papers/*.html") if before.get(path) != path.stat().st_mtime_ns]
    done = {**what_was_done(output), "papers": written}
    did = ", ".join(f"{name} {len(pages)}" for name, pages in done.items())
    return Took(seconds=took.seconds, processor=took.processor, did=did)


def what_was_done(log: str) -> dict[str, set[str]]:
    """Return which chapters were read, executed and written, according to Sphinx's log."""
    log = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", log.replace("\r", "\n"))
    return {
        "read": set(re.findall(r"^reading sources\.\.\. \[ *\d+%\] (\S+)", log, re.MULTILINE)),
        "executed": set(re.findall(r"(\w+)\.md: Executing notebook", log)),
        "written": set(re.findall(r"^writing output\.\.\. \[ *\d+%\] (\S+)", log, re.MULTILINE)),
    }


def _row_changed(depth: str) -> Callable[[Path], Measure]:
    def step(tree: Path) -> Measure:
        return _draft(tree) if _change_row(tree / PAPERS, depth) else None

    return step


def _change_row(path: Path, depth: str) -> bool:
    """Give the first paper of a depth another address of its code; return whether there is such a paper."""
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    row = next((row for row in rows if row[header.index("depth")] == depth), None)
    if row is None:
        return False
    row[header.index("code")] = "https://code.example/changed"
    if "code_found" in header:
        row[header.index("code_found")] = "name"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([header, *rows])
    return True


def _chapter_changed(tree: Path) -> Took:
    with (tree / "book" / f"{_CHAPTER}.md").open("a", encoding="utf-8") as stream:
        stream.write("\nOne sentence more.\n")
    return _draft(tree)


def _whole_site(tree: Path) -> Weighs:
    return Weighs(bytes=sum(path.stat().st_size for path in (tree / "_build" / "html").rglob("*") if path.is_file()))


STEPS: Mapping[str, Callable[[Path], Measure]] = {
    "`check` with nothing kept": _check_with_nothing_kept,
    "`check` after a row of a catalogue paper changed": _check_with_a_row_changed,
    _FULL: _book,
    "cold build of the site": _site,
    _FIRST: _draft,
    "draft after nothing changed": _draft,
    "draft after a row of a catalogue paper changed": _row_changed("catalogue"),
    "draft after a row of a core paper changed": _row_changed("core"),
    "draft after a chapter changed": _chapter_changed,
    "the whole site": _whole_site,
}


def table(columns: Sequence[str], measured: Mapping[str, Sequence[Measure]]) -> str:
    """Return what was measured as a Markdown table, with the ratio to the first column that has a value.

    >>> print(table(["11 papers", "110 papers"], {"`check`": [Took(seconds=2, processor=1), None]}), end="")
    | | 11 papers | 110 papers |
    | :-- | --: | --: |
    | `check` | 1.0 s (2.0 s) | – |
    """
    lines = [f"| | {' | '.join(columns)} |", f"| :-- |{' --: |' * len(columns)}"]
    for name, row in measured.items():
        first = next((measure for measure in row if measure is not None), None)
        lines.append(f"| {name} | {' | '.join(_cell(measure, first) for measure in row)} |")
    return "\n".join(lines) + "\n"


def _cell(measure: Measure, first: Measure) -> str:
    if measure is None or first is None:
        return "–"
    text = _measured(measure)
    if measure is not first:
        text += f" ×{_amount(measure) / _amount(first):.2f}"
    return f"{text}; {measure.did}" if isinstance(measure, Took) and measure.did else text


def _measured(measure: Took | Weighs) -> str:
    match measure:
        case Took(seconds=seconds, processor=processor):
            return f"{processor:.1f} s ({seconds:.1f} s)"
        case Weighs(bytes=size):
            return f"{size / 1000:,.0f} kB"


def _amount(measure: Took | Weighs) -> float:
    match measure:
        case Took(processor=processor):
            return processor
        case Weighs(bytes=size):
            return size


def circumstances() -> str:
    """Return when, with what and on what was measured, without a name of the machine or a path."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    with_what = ", ".join(f"{name} {version(name)}" for name in ("sphinx", "myst-nb", "jupyter-book", "pybtex"))
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d} with Python {platform.python_version()}, {with_what}, "
        f"on {platform.system()} with {os.cpu_count()} processors and {memory:.0f} GiB of memory; "
        f"{os.getloadavg()[0]:.1f} processes ran or waited at the end."
    )


_HEAD = f"""# What the book costs

`make bench` measures this in one run, in scratch folders, and writes this file; `--quick` leaves out the PDF.
The first column is edition {BASELINE} (commit {_BASELINE_COMMIT}), taken out of the history and built beside the other, each step in turn.
It had 1,933 papers, fewer numbers, no pages of data sets, no figures of benchmarks and no summaries: the ratios say what an edit costs today against then, not what the same book costs.
Times are of the processor, the notebooks' included, and in brackets by the clock; × is the ratio to the first column, of processor time or of size.
`check` caches the bibliography that it has read, and which rules found nothing in which files: the row of a changed paper says what that saves.
Chapters *read* are parsed again, chapters *executed* have their cells run again, and chapters *written* become HTML again; *papers* are the pages of papers that were written.
Drafts are what `make watch` builds after every change.
`make html` and `make book` always build anew.
"""

if __name__ == "__main__":
    sys.exit(main())
