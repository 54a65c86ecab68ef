"""What a contributor says of the papers to add: the options of `python -m peft_vlm_survey add`."""

import argparse
from dataclasses import dataclass
from datetime import date

from peft_vlm_survey.read.papers import CODE_FOUND, KINDS
from peft_vlm_survey.read.sheets import LIST_SEPARATOR

_OF_PAPERS = ("category", "task", "family", "further_family", "aliases", "code", "code_found")


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """The cells of a row that no BibTeX knows, as given; an empty one was not given.

    `background` is the role of a work that is only cited, which then gets its row in background.csv;
    `again` lets a candidate in that was left out before.
    """

    category: str = ""
    task: str = ""
    family: str = ""
    further_families: str = ""
    name: str = ""
    aliases: str = ""
    kind: str = "method"
    code: str = ""
    code_found: str = ""
    source: str = ""
    checked: str = ""
    added: str = ""
    background: str = ""
    again: bool = False


def declare(command: argparse.ArgumentParser) -> None:
    """Add the options to the command line."""
    command.add_argument("file", metavar="FILE", help="the BibTeX file, or - for what is typed or pasted")
    where = command.add_mutually_exclusive_group(required=True)
    where.add_argument("--category", help="the category of the papers")
    where.add_argument(
        "--background", metavar="ROLE", help="the works are only cited: method, model, benchmark, survey"
    )
    for option, text in (
        ("--task", "a task of the vocabulary, the main one first; may be repeated"),
        ("--family", "the main family of the vocabulary"),
        ("--further-family", "another family that the method uses too; may be repeated"),
        ("--name", "the short name of the method, as title or abstract print it"),
        ("--aliases", "another name under which a reader would look for it; may be repeated"),
        ("--code", "the address of the official code"),
        (
            "--code-found",
            f"how it is known: {', '.join(CODE_FOUND)} (default with --code: source, where the record was read)",
        ),
        ("--source", "where the record was read, as exactly as it can be told"),
        ("--checked", "the date on which it was read there, like 2026-11-25"),
    ):
        command.add_argument(option, action="append", default=[], help=text)
    command.add_argument("--kind", default="method", help=f"one of: {', '.join(KINDS)} (default: method)")
    command.add_argument("--added", default=date.today().isoformat(), help="the date of the addition (default: today)")
    command.add_argument(
        "--again", action="store_true", help="take in what data/excluded.csv left out, and delete it there"
    )
    command.add_argument("--dry-run", action="store_true", help="show the difference and write nothing")


def read_options(command: argparse.ArgumentParser, given: argparse.Namespace) -> Options:
    """Return what was given; exit with the usage if the options contradict each other."""
    if given.background:
        for option in _OF_PAPERS:
            if getattr(given, option):
                command.error(f"--{option.replace('_', '-')} goes with --category, not with --background")
    if any("\ud800" <= letter <= "\udfff" for value in vars(given).values() for letter in "".join(_texts(value))):
        command.error("an option is not UTF-8")
    single = {name: getattr(given, name) for name in ("family", "name", "code", "code_found", "source", "checked")}
    for name, values in single.items():
        if len(values) > 1:
            command.error(f"--{name.replace('_', '-')} is given twice")
    if single["code"] and not single["code_found"]:
        single["code_found"] = ["source"]
    return Options(
        category=given.category or "",
        task=LIST_SEPARATOR.join(given.task),
        further_families=LIST_SEPARATOR.join(given.further_family),
        aliases=LIST_SEPARATOR.join(given.aliases),
        kind=given.kind,
        added=given.added,
        background=given.background or "",
        again=given.again,
        **{name: values[0] if values else "" for name, values in single.items()},
    )


def _texts(value: object) -> list[str]:
    return [value] if isinstance(value, str) else list(value) if isinstance(value, list) else []
