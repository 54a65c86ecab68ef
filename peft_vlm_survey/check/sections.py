"""The rule that a section named for a task stands in the book, under the heading that is named."""

import re
from collections.abc import Iterator, Mapping

from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import Problem, suggest
from peft_vlm_survey.read.chapters import FOLDER
from peft_vlm_survey.read.sections import TaskSection
from peft_vlm_survey.read.sources import read_source

_HEADING = re.compile(r"^((?:\([a-z0-9-]+\)=\n)*)#+ (.+)$", re.MULTILINE)
_LABEL = re.compile(r"\(([a-z0-9-]+)\)=")


def section_not_in_the_book(survey: Survey) -> Iterator[Problem]:
    """Yield the rows whose chapter, label or heading is not in the book; chapters that cannot be read are reported elsewhere."""
    chapters = {"index", *(chapter.stem for chapter in (survey.root / FOLDER).glob("*.md"))}
    for section in survey.sections:
        if not all(section.row.sound(name) for name in ("chapter", "label", "heading")):
            continue
        if section.chapter not in chapters:
            yield section.row.problem(
                f"the book has no chapter '{section.chapter}'.",
                suggest(section.chapter, chapters, "Name the file of a chapter without .md."),
            )
            continue
        source = read_source(survey.root, f"{FOLDER}/{section.chapter}.md")
        if not any(problem.loses for problem in source.problems):
            yield from _wrong(section, source.path, _headings(source.text))


def _wrong(section: TaskSection, path: str, headings: Mapping[str, str]) -> Iterator[Problem]:
    if section.label not in headings:
        yield section.row.problem(
            f"no heading of {path} has the label '{section.label}'.",
            suggest(section.label, filter(None, headings), "Put the label above its heading."),
        )
    elif headings[section.label] != section.heading:
        yield section.row.problem(
            f"heading '{section.heading}' is not the one of the section.",
            f"Write '{headings[section.label]}', as {path} has it.",
        )


def _headings(chapter: str) -> dict[str, str]:
    """Return the headings of a chapter by their labels; the heading of the chapter itself has none."""
    headings: dict[str, str] = {}
    for labels, heading in _HEADING.findall(chapter):
        headings.setdefault("", heading)
        headings |= dict.fromkeys(_LABEL.findall(labels), heading)
    return headings
