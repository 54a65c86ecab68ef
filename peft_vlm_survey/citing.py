"""Cite works of the book by their keys: the command `peft-vlm-survey cite` and the function `cite`."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from peft_vlm_survey.arguments import Parser
from peft_vlm_survey.compare.weight import weights
from peft_vlm_survey.data import survey_below, the_survey
from peft_vlm_survey.export.bibtex import bibtex
from peft_vlm_survey.export.csl import csl
from peft_vlm_survey.export.ris import ris
from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import SurveyError, nearest, suggest
from peft_vlm_survey.read.papers import Paper
from peft_vlm_survey.read.reference import Reference

FORMATS: Mapping[str, Callable[[Survey, Iterable[Reference]], str]] = {
    "bibtex": lambda survey, references: bibtex(references),
    "ris": ris,
    "csl-json": csl,
}


class UnknownKey(KeyError):
    """A key that no work has; the text says which was perhaps meant."""

    def __str__(self) -> str:
        return str(self.args[0])


def cite(*keys: str, format: str = "bibtex", survey: Survey | None = None) -> str:
    """Return the records of works by their citation keys, as `bibtex`, `ris` or `csl-json`.

    Raises UnknownKey if no work has the key, and KeyError for another format.
    """
    known = survey or the_survey()
    for key in keys:
        if key not in known.references:
            named = next((paper.key for paper in known.papers if key and key.casefold() in _names(paper)), "")
            remedy = (
                f"The key of {key} is '{named}'." if named else suggest(key, known.references, _by_name(known, key))
            )
            raise UnknownKey(f"no work has the key '{key}'.\n    {remedy}")
    return FORMATS[format](known, [known.references[key] for key in dict.fromkeys(keys)])


def _by_name(survey: Survey, name: str) -> str:
    """Return the remedy for what is near no key: the best-known paper of the nearest name, or how to search."""
    known = survey.derived(weights)
    names = {
        paper.name: paper.key
        for paper in sorted(survey.papers, key=lambda paper: known.get(paper.key, 0))
        if paper.name
    }
    near = nearest(name, names)
    search = "peft-vlm-survey search WORDS finds the keys of papers."
    return f"Did you mean '{names[near]}', the key of {near}?" if near else search


def _names(paper: Paper) -> list[str]:
    return [name.casefold() for name in (paper.name, *paper.aliases)]


def run(arguments: list[str], root: Path) -> tuple[int, str]:
    """Return the exit code and the text of one call: 0 and the records, or 2 and what is wrong."""
    parser = Parser(
        prog="peft-vlm-survey cite",
        description="Give the records of papers, and of the other works that the book cites, by their citation keys.",
        epilog="Example: peft-vlm-survey cite jia2022vpt hu2022lora --format ris. peft-vlm-survey search finds keys.",
    )
    parser.add_argument("keys", nargs="+", metavar="KEY", help="a citation key, such as jia2022vpt")
    parser.add_argument("--format", choices=FORMATS, default="bibtex", help="the form of the records (default: bibtex)")
    options = parser.parse_intermixed_args(arguments)
    try:
        survey = survey_below(root)
        return 0, cite(*options.keys, format=options.format, survey=survey).rstrip("\n")
    except UnknownKey as error:
        return 2, str(error)
    except SurveyError as error:
        return 1, str(error)
