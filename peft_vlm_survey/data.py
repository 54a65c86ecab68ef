"""The one door to the data: find every problem, or load the whole survey."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

from peft_vlm_survey.cache import all_wanted, parsed, survey_of, worked_out
from peft_vlm_survey.check.descriptions import RULES as DESCRIPTION_RULES
from peft_vlm_survey.check.drawings import RULES as DRAWING_RULES
from peft_vlm_survey.check.families import RULES as FAMILY_RULES
from peft_vlm_survey.check.kinds import RULES as KIND_RULES
from peft_vlm_survey.check.rules import RULES
from peft_vlm_survey.checked import Checked
from peft_vlm_survey.model import Survey
from peft_vlm_survey.place import ROOT
from peft_vlm_survey.problems import Problem, SurveyError
from peft_vlm_survey.read.bibliography import read_bibliography
from peft_vlm_survey.read.chapters import read_citations
from peft_vlm_survey.read.edition import read_edition
from peft_vlm_survey.read.reference import PATH as BIBLIOGRAPHY
from peft_vlm_survey.read.registry import TABLES, Table

__all__ = ["ROOT", "find_problems", "load", "printed_costs", "read", "survey_below", "the_survey"]

Rule = tuple[Callable[[Survey], Iterator[Problem]], tuple[str, ...]]


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
    with all_wanted():
        return _read(root)


def _read(root: Path) -> tuple[Survey, tuple[Problem, ...]]:
    edition, edition_problems = read_edition(root)
    bibliography = parsed(root, BIBLIOGRAPHY, read_bibliography)
    checked = Checked(root)
    tables = {name: _table(root, table, checked) for name, table in TABLES.items()}
    citations, chapter_problems = read_citations(root)
    survey = Survey(
        root=root,
        edition=edition,
        references=bibliography.references,
        citations=citations,
        **{name: rows for name, (rows, _) in tables.items()},
    )
    problems = [*edition_problems, *bibliography.problems, *chapter_problems]
    problems += [problem for _, of_table in tables.values() for problem in of_table]
    rules = (*RULES, *DESCRIPTION_RULES, *DRAWING_RULES, *FAMILY_RULES, *KIND_RULES)
    known: dict[Any, Any] = {}
    problems += _broken(rules, problems, lambda rule: checked.broken(rule, survey, known))
    checked.save()
    # What rests on a wrong shape or number is not derived again.
    leading = ("configurations", "memory_traces", "settings", "results", "measurements")
    countable = not any(tables[name][1] for name in leading)
    problems += _costs(survey, problems, countable=countable)[0]
    return survey, tuple(sorted(set(problems)))


def _table(root: Path, table: Table, checked: Checked) -> tuple[tuple[Any, ...], tuple[Problem, ...]]:
    """Return the rows of a table and every problem within it."""
    rows, problems = table.rows(root)
    files = (table.path,)
    return rows, (*problems, *checked.faults(f"table {table.name}", files, partial(table.faults, rows, problems)))


def _broken(
    rules: Iterable[Rule],
    known: Iterable[Problem],
    judge: Callable[[Callable[[Survey], Iterator[Problem]]], Iterable[Problem]],
) -> list[Problem]:
    """Return what the rules find, but for those that would speak of what could not be read."""
    lost = {problem.path for problem in known if problem.loses}
    problems: list[Problem] = []
    for rule, needs in rules:
        if lost.isdisjoint(needs):
            here = tuple(judge(rule))
            problems += here
            lost |= {problem.path for problem in here if problem.loses}
    return problems


def printed_costs(survey: Survey) -> Mapping[str, int]:
    """Return how many printed costs of a survey without a problem agree, are explained, and are open."""
    return _costs(survey, (), countable=True)[1]


def _costs(survey: Survey, known: Collection[Problem], *, countable: bool) -> tuple[tuple[Problem, ...], Counter[str]]:
    """Return what is wrong with the rows that lead to the cost model, and the verdicts if nothing is.

    That nothing is wrong with them is kept: the algebra of the cost model takes longer than all other rules.
    """
    places = {(cost.origin, cost.method, cost.backbone) for cost in survey.reported_costs}
    numbers = (n for n in (*survey.results, *survey.measurements) if (n.origin, n.method, n.backbone) in places)
    looked_at: tuple[Any, ...] = (
        *survey.software,
        *survey.recipes,
        *survey.settings,
        *survey.reported_costs,
        *survey.configurations,
        *survey.memory_cases,
    )
    rows = [(thing.row.path, thing.row.cells, sorted(thing.row.unsound)) for thing in (*looked_at, *numbers)]

    def hold() -> tuple[tuple[Problem, ...], Counter[str]]:
        from peft_vlm_survey.costs import priced, software, verdicts

        derived = (*verdicts.RULES, *priced.RULES) if countable else ()
        problems = _broken((*software.RULES, *derived), known, lambda rule: rule(survey))
        whole = countable and not known and not problems
        return tuple(problems), Counter(judged.verdict for judged in verdicts.verdicts(survey)) if whole else Counter()

    return worked_out(survey.root, "costs", repr(rows), hold, worth=lambda held: bool(held[1]))
