"""The one door to the data: find every problem, or load the whole survey."""

from functools import cache
from pathlib import Path

from peft_vlm_survey.check.descriptions import RULES as DESCRIPTION_RULES
from peft_vlm_survey.check.drawings import RULES as DRAWING_RULES
from peft_vlm_survey.check.families import RULES as FAMILY_RULES
from peft_vlm_survey.check.rules import RULES
from peft_vlm_survey.costs import software, verdicts
from peft_vlm_survey.kept import parsed, survey_of
from peft_vlm_survey.model import Survey
from peft_vlm_survey.place import ROOT
from peft_vlm_survey.problems import Problem, SurveyError
from peft_vlm_survey.read.bibliography import read_bibliography
from peft_vlm_survey.read.chapters import read_citations
from peft_vlm_survey.read.edition import read_edition
from peft_vlm_survey.read.reference import PATH as BIBLIOGRAPHY
from peft_vlm_survey.read.registry import TABLES

__all__ = ["ROOT", "find_problems", "load", "read", "survey_below", "the_survey"]


def find_problems(root: Path) -> tuple[Problem, ...]:
    """Return every problem of the sources below the root, sorted by place."""
    return read(root)[1]


def load(root: Path = ROOT) -> Survey:
    """Return the survey below the root. Raises SurveyError, with every problem, if there is any."""
    survey, problems = read(root)
    if problems:
        raise SurveyError(problems)
    return survey


@cache
def the_survey() -> Survey:
    """Return this repository's own survey, read once per process; chapters ask this one."""
    return survey_of(ROOT, load)


def survey_below(root: Path) -> Survey:
    """Return the survey below the root; this repository's own as it was kept. Raises SurveyError as `load` does."""
    return the_survey() if root == ROOT else load(root)


def read(root: Path) -> tuple[Survey, tuple[Problem, ...]]:
    """Return what could be read below the root, and every problem, sorted by place."""
    edition, edition_problems = read_edition(root)
    bibliography = parsed(root, BIBLIOGRAPHY, read_bibliography)
    tables = {name: table.read(root) for name, table in TABLES.items()}
    citations, chapter_problems = read_citations(root)
    survey = Survey(
        root=root,
        edition=edition,
        references=bibliography.references,
        citations=citations,
        **{name: rows for name, (rows, _) in tables.items()},
    )
    problems = [*edition_problems, *bibliography.problems, *chapter_problems]
    problems += [problem for _, own in tables.values() for problem in own]
    # What rests on a wrong shape or number is not derived again.
    countable = not any(tables[name][1] for name in ("configurations", "settings", "results", "measurements"))
    for rule, needs in (
        *RULES,
        *DESCRIPTION_RULES,
        *DRAWING_RULES,
        *FAMILY_RULES,
        *software.RULES,
        *(verdicts.RULES if countable else ()),
    ):
        if not any(problem.loses and problem.path in needs for problem in problems):
            problems += rule(survey)
    return survey, tuple(sorted(set(problems)))
