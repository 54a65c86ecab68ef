"""The command line: python -m survey check | format | export."""

import argparse
import sys
from collections import Counter
from pathlib import Path

from survey.data import ROOT, load
from survey.exports import downloads, references_bib
from survey.problems import SurveyError
from survey.read.reference import PATH as BIBLIOGRAPHY
from survey.read.whole import Survey


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return 0, or 1 if the sources have problems."""
    parser = argparse.ArgumentParser(prog="python -m survey", description="Check and export the survey's data.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (
        ("check", "tell every problem of the data and the bibliography"),
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
    options = parser.parse_args(arguments)
    try:
        survey = load(options.root)
    except SurveyError as error:
        print(error)
        return 1
    if options.command == "check":
        print(summary(survey))
    elif options.command == "format":
        return _format(survey, check=options.check)
    else:
        for name, text in downloads(survey).items():
            path = options.to / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        print(f"{len(downloads(survey))} files written.")
    return 0


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


def _format(survey: Survey, *, check: bool) -> int:
    path = survey.root / BIBLIOGRAPHY
    text = references_bib(survey)
    if path.read_text(encoding="utf-8") == text:
        return 0
    if check:
        print(f"{BIBLIOGRAPHY}:1: not in its one form.\n    Run: python -m survey format")
        return 1
    path.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
