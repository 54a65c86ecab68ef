"""The command line, `peft-vlm-survey` or `python -m peft_vlm_survey`: --help names the commands."""

import argparse
import gc
import os
import shutil
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from peft_vlm_survey.add.options import Options, declare, read_options
from peft_vlm_survey.arguments import FOLDER_HELP, Parser, above_zero, survey_folder
from peft_vlm_survey.cache import copy_cache, survey_of
from peft_vlm_survey.choose.advice import find_problems as find_outdated
from peft_vlm_survey.compare.findings import find_problems as find_moved
from peft_vlm_survey.data import ROOT, printed_costs, read, survey_below
from peft_vlm_survey.form import find_problems as find_misformed
from peft_vlm_survey.form import texts, unreadable
from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import Problem, SurveyError, report
from peft_vlm_survey.read.edition import read_edition
from peft_vlm_survey.read.reference import PATH as BIBLIOGRAPHY
from peft_vlm_survey.texlog import find_problems as find_tex_problems

# Commands whose words may stand in any order, which a parser of sub-commands does not allow: their modules read them.
# Each is imported when it is asked, so that no command waits for what another one needs.
OWN = {
    "cost": ("costs.command", "print what a method costs on a backbone"),
    "choose": ("choose.command", "tell which methods keep your limits, in order, with reasons"),
    "compare": ("show.side_by_side_command", "set two to four methods side by side"),
    "cite": ("citing", "give the records of papers as BibTeX, RIS or CSL-JSON, by their keys"),
    "search": ("searching", "find papers, methods and data sets by words"),
    "edition": ("editions.edition_command", "say whether an edition can be made, and lay out its files"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return 0, 1 if the sources have problems, or 2 if the question has."""
    words = sys.argv[1:] if arguments is None else arguments
    if not words:
        print(f"{_parsers()[0].format_help()}\nName a command.", file=sys.stderr)
        return 2
    if words[:1] and words[0] in OWN:
        return _own(words[0], words[1:])
    parser, give = _parsers()
    options = parser.parse_args(words)
    if options.command == "log":
        if problems := tuple(find_tex_problems(options.folder)):
            print(report(problems))
        return 1 if problems else 0
    if options.command == "format":
        return _format(options.root, check=options.check)
    if options.command == "check":
        return _check(options.root)[0]
    if options.command == "ask" and options.check:
        code, survey = _check(options.root)
        # Where there is no problem, what was read is kept, so that nobody reads it again to build with it.
        return code or _ask(options.root, survey_of(options.root, lambda root: survey))
    if options.command == "add":
        return _add(options.root, options.file, read_options(give, options), dry=options.dry_run)
    try:
        survey = survey_below(options.root)
    except SurveyError as error:
        print(error)
        return 1
    if options.command == "ask":
        return _ask(options.root, survey)
    if options.command == "stale":
        return _stale(survey, options.before, options.files)
    return _export(survey, options.to)


@cache
def _parsers() -> tuple[argparse.ArgumentParser, argparse.ArgumentParser]:
    """Return the parser of all commands that are not read by their own modules, and in it that of `add`."""
    parser = Parser(
        prog="peft-vlm-survey",
        description="Ask the survey, and check and export its data.",
        epilog="peft-vlm-survey COMMAND --help says what each of them takes.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the edition and exit")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (_, text) in OWN.items():
        commands.add_parser(name, help=text, add_help=False)
    for name, text in (
        ("check", "tell every problem of the data and the bibliography"),
        ("ask", "ask every question of the chapters, and tell those without an answer"),
        ("format", "bring references.bib and the files in data/ into their one form"),
        ("export", "write the downloads into a folder"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument(
            "root",
            nargs="?",
            metavar="FOLDER",
            type=survey_folder,
            default=ROOT,
            help=FOLDER_HELP,
        )
        if name == "ask":
            command.add_argument("--check", action="store_true", help="first tell every problem, as `check` does")
        if name == "format":
            command.add_argument("--check", action="store_true", help="change nothing; exit 1 if the form differs")
        if name == "export":
            command.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="the folder to write into")
    give = commands.add_parser("add", help="add papers from BibTeX", description="Add papers from exported BibTeX.")
    declare(give)
    give.add_argument("--root", type=survey_folder, default=ROOT, help=FOLDER_HELP)
    old = commands.add_parser(
        "stale",
        help="list preprints that may have appeared, with what given BibTeX says of them",
        description="List the catalogue's preprints of earlier years, with the venue that exported BibTeX names.",
    )
    old.add_argument("files", nargs="*", type=Path, help="exported BibTeX, as of a venue's proceedings")
    old.add_argument("--before", type=above_zero, default=date.today().year, help="a year (default: this one)")
    old.add_argument("--root", type=survey_folder, default=ROOT, help=FOLDER_HELP)
    log = commands.add_parser(
        "log", help="tell what went wrong in a LaTeX run", description="Tell what went wrong in a LaTeX run."
    )
    log.add_argument("folder", metavar="FOLDER", type=Path, help="the folder with the log")
    return parser, give


class _Version(argparse.Action):
    """Print the edition that the package holds, and exit; it is read where it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *words: object, **named: object) -> None:
        print(f"{parser.prog} {read_edition(ROOT)[0].version}")
        parser.exit()


def summary(survey: Survey) -> str:
    """Return the counts of a clean survey, its numbers by tier among them."""
    numbers = survey.numbers
    words = printed_costs(survey)
    origins = survey.origins_by_id
    by_tier = Counter(origins[number.origin].read_in for number in numbers)
    return "\n".join(
        [
            f"{len(survey.papers)} papers, {len(survey.references)} references, {len(survey.errata)} errata, "
            f"{len(numbers)} numbers from {len(survey.origins)} tables. No problems found.",
            "Numbers by where they were read: "
            + ", ".join(f"{count} {name}" for name, count in by_tier.most_common())
            + ".",
            f"Printed costs, derived again: {words['agrees']} agree, {words['explained']} explained, {words['open']} open.",
        ]
    )


def _stale(survey: Survey, before: int, files: list[Path]) -> int:
    if missing := [path for path in files if not path.is_file()]:
        print("\n".join(f"{path}: no such file." for path in missing), file=sys.stderr)
        return 2
    from peft_vlm_survey.add.stale import stale

    text, problems = stale(survey, before, files)
    print(text)
    if problems:
        print(report(problems, "The entries that could be read were used."))
    return 1 if problems else 0


def _ask(root: Path, survey: Survey) -> int:
    # Drawing needs matplotlib, which the other commands do without.
    if find_spec("matplotlib") is None:
        print(
            "the questions for figures need matplotlib, which is not installed.\n    Install matplotlib, or the package with its extra `figures`."
        )
        return 1
    from peft_vlm_survey.questions import find_problems as find_open_questions

    if problems := tuple(find_open_questions(root, survey)):
        print(report(problems))
    return 1 if problems else 0


def _check(root: Path) -> tuple[int, Survey]:
    survey, problems = read(root)
    problems = (*problems, *find_misformed(root, survey, problems))
    problems = problems or (*find_moved(survey), *find_outdated(survey))
    translation = ""
    if (root / "locale").is_dir() and not problems:
        # Reading chapters as Sphinx does takes packages that an installed survey does without.
        from peft_vlm_survey.messages import faults, progress

        problems, translation = tuple(faults.find_problems(root, survey.glossary)), progress.summary(root)
    if problems:
        print(report(problems))
        return 1, survey
    print("\n".join(filter(None, [summary(survey), translation])))
    return 0, survey


def _own(command: str, words: list[str]) -> int:
    code, text = import_module(f"peft_vlm_survey.{OWN[command][0]}").run(words, ROOT)
    print(text, file=sys.stderr if code else sys.stdout)
    return int(code)


def _format(root: Path, *, check: bool) -> int:
    survey, problems = read(root)
    if lost := unreadable(root, survey, problems):
        print(report(lost, "Nothing was written."))
        return 1
    misformed = tuple(find_misformed(root, survey, ()))
    if check:
        if misformed:
            print(report(misformed, "Nothing was written."))
        return 1 if misformed else 0
    formed = texts(survey)
    return _write(root, {problem.path: formed[problem.path] for problem in misformed})


def _add(root: Path, file: str, options: Options, *, dry: bool) -> int:
    from peft_vlm_survey.add.addition import add, at_their_entries
    from peft_vlm_survey.add.report import account, difference

    survey, problems = read(root)
    problems = (*problems, *find_misformed(root, survey, problems))
    if problems := problems or (*find_moved(survey), *find_outdated(survey)):
        print(report(problems, "Nothing was added: these come first."))
        return 1
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        print(f"{file}:1: cannot be read: {error.strerror}.\n    Name a file with BibTeX in it, or - to paste it.")
        return 1
    addition = add(survey, raw, file, options)
    if problems := (*addition.problems, *at_their_entries(addition, _problems_with(root, addition.texts))):
        print(report(problems, "Nothing was added."))
        return 1
    if dry:
        print(difference(root, addition.texts), end="")
    elif _write(root, addition.texts):
        return 1
    print(account(addition, dry=dry))
    return 0


def _problems_with(root: Path, changed: Mapping[str, str]) -> tuple[Problem, ...]:
    """Return the problems that a survey would have if some of its files had other texts."""
    with TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in ("CITATION.cff", BIBLIOGRAPHY):
            shutil.copyfile(root / name, copy / name)
        for name in ("book", "data"):
            shutil.copytree(root / name, copy / name)
        for path, text in changed.items():
            (copy / path).write_text(text, encoding="utf-8", newline="\n")
        copy_cache(root, copy)
        survey, problems = read(copy)
        return (*problems, *find_misformed(copy, survey, problems))


def _write(root: Path, changed: Mapping[str, str]) -> int:
    """Write all the files or none; return 1 if it could not be done."""
    before = {path: (root / path).read_bytes() for path in changed}
    staged = {path: (root / path).with_name(f".{Path(path).name}.new") for path in changed}
    try:
        for path, text in changed.items():
            staged[path].write_text(text, encoding="utf-8", newline="\n")
            shutil.copymode(root / path, staged[path])
        for path in changed:
            staged[path].replace(root / path)
    except OSError as error:
        for path, raw in before.items():
            if staged[path].is_file():
                staged[path].unlink()
            if (root / path).read_bytes() != raw:
                (root / path).write_bytes(raw)
        print(f"{error.filename}:1: cannot be written: {error.strerror}.\n    Nothing was changed.")
        return 1
    return 0


def _export(survey: Survey, folder: Path) -> int:
    from peft_vlm_survey.downloads import downloads

    files = downloads(survey)
    try:
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        print(f"{folder}:1: cannot be written: {error.strerror}.\n    Name a folder that exists or can be made.")
        return 1
    print(f"{len(files)} files written.")
    return 0


def run() -> int:
    """Run the command; whoever reads its answer may stop before the end."""
    if sys.argv[1:2] == ["check"]:
        gc.disable()  # all that it reads it holds to its end, and a search for garbage would only go through it
    if sys.argv[1:2] == ["ask"]:
        gc.set_threshold(100_000, 50, 100)  # it holds as much, and draws figures, which are garbage when they are kept
    try:
        code = main()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(
            os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
        )  # or the interpreter flushes again, and complains
        return 1
    gc.freeze()  # the process ends, and need not take apart what it holds to look for garbage in it
    return code


if __name__ == "__main__":
    sys.exit(run())
