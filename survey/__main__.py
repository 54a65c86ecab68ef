"""The command line: python -m survey check | ask | format | export | log | cost."""

import argparse
import sys
from collections import Counter
from pathlib import Path

from survey.data import ROOT, load
from survey.exports import bibtex, downloads
from survey.problems import SurveyError, report
from survey.read.bibliography import read_bibliography
from survey.read.reference import PATH as BIBLIOGRAPHY
from survey.read.whole import Survey
from survey.texlog import find_problems as find_tex_problems


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return 0, 1 if the sources have problems, or 2 if the question has."""
    words = sys.argv[1:] if arguments is None else arguments
    if words[:1] == ["cost"]:
        return _cost(words[1:])
    parser = argparse.ArgumentParser(prog="python -m survey", description="Check and export the survey's data.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (
        ("check", "tell every problem of the data and the bibliography"),
        ("ask", "ask every question of the chapters, and tell those without an answer"),
        ("format", "rewrite references.bib in its one form: sorted, one field a line"),
        ("export", "write the downloads into a folder"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument(
            "root", nargs="?", type=Path, default=ROOT, help="the survey's folder (default: this repository)"
        )
        if name == "format":
            command.add_argument("--check", action="store_true", help="change nothing; exit 1 if the form differs")
        if name == "export":
            command.add_argument("--to", type=Path, required=True, help="the folder to write into")
    log = commands.add_parser(
        "log", help="tell what went wrong in a LaTeX run", description="Tell what went wrong in a LaTeX run."
    )
    log.add_argument("folder", type=Path, help="the folder with the log")
    # Its words may stand in any order, which a parser of sub-commands does not allow: it reads them itself.
    commands.add_parser("cost", help="tell what a method costs on a backbone", add_help=False)
    options = parser.parse_args(words)
    if options.command == "log":
        if problems := tuple(find_tex_problems(options.folder)):
            print(report(problems))
        return 1 if problems else 0
    if options.command == "format":
        return _format(options.root, check=options.check)
    try:
        survey = load(options.root)
    except SurveyError as error:
        print(error)
        return 1
    if options.command == "check":
        print(summary(survey))
        return 0
    if options.command == "ask":
        return _ask(options.root)
    return _export(survey, options.to)


def summary(survey: Survey) -> str:
    """Return the counts of a clean survey, its numbers by tier among them."""
    numbers = (*survey.results, *survey.measurements)
    tier = {origin.origin: origin.read_in for origin in survey.origins}
    by_tier = Counter(tier[number.origin] for number in numbers)
    return "\n".join(
        [
            f"{len(survey.papers)} papers, {len(survey.references)} references, {len(survey.errata)} errata, "
            f"{len(numbers)} numbers from {len(survey.origins)} tables. No problems found.",
            "Numbers by where they were read: "
            + ", ".join(f"{count} {name}" for name, count in by_tier.most_common())
            + ".",
        ]
    )


def _ask(root: Path) -> int:
    # Drawing needs matplotlib, which the other commands do without.
    from survey.questions import find_problems as find_open_questions

    if problems := tuple(find_open_questions(root)):
        print(report(problems))
    return 1 if problems else 0


def _cost(words: list[str]) -> int:
    # Formulas need SymPy, which the other commands do without.
    from survey.costs.command import run

    code, text = run(words, ROOT)
    print(text, file=sys.stderr if code else sys.stdout)
    return code


def _format(root: Path, *, check: bool) -> int:
    bibliography = read_bibliography(root)
    if lost := [problem for problem in bibliography.problems if problem.loses]:
        print(report(lost))
        return 1
    path = root / BIBLIOGRAPHY
    text = bibtex(bibliography.references.values())
    if path.read_text(encoding="utf-8") == text:
        return 0
    if check:
        print(f"{BIBLIOGRAPHY}:1: not in its one form.\n    Run: python -m survey format")
        return 1
    path.write_text(text, encoding="utf-8", newline="\n")
    return 0


def _export(survey: Survey, folder: Path) -> int:
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


if __name__ == "__main__":
    sys.exit(main())
