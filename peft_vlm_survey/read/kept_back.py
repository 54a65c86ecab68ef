"""Read data/kept_back.csv: papers in scope from lists that no search used, to measure the recall of an edition."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.between_rows import standing_twice
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.read.sheets import DATE, DATE_FORM, Row, column

# What measuring found, in the order in which a reader wants to know it.
FOUND = {
    "in the catalogue": "it has a row",
    "rightly left out": "it stands among the candidates left out, with a reason that holds",
    "wrongly left out": "it stands there with a reason that does not hold",
    "absent": "it stands in neither",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptBack:
    """One row of kept_back.csv: a paper in scope, and what was found of it on the day of measuring.

    The papers on which one `edition` was measured are a set; a title may stand in several sets.
    """

    title: str = column(required=True)
    arxiv: str = column(pattern=r"[0-9]{4}\.[0-9]{4,5}", form="an arXiv identifier like 2112.06825")
    category: str = column(required=True, words=tuple(CATEGORIES))
    source: str = column(required=True)
    edition: str = column(required=True, pattern=r"[0-9]+\.[0-9]+\.[0-9]+", form="an edition like 1.5.0")
    measured: str = column(required=True, pattern=DATE, form=DATE_FORM)
    found: str = column(required=True, words=tuple(FOUND))
    key: str = column(leads="references")
    row: Row


def _key_does_not_fit(kept_back: Iterable[KeptBack]) -> Iterator[Problem]:
    for paper in kept_back:
        if not (paper.row.sound("found") and paper.row.sound("key")):
            continue
        if paper.found == "in the catalogue" and not paper.key:
            yield paper.row.problem(f"'{paper.title}' was found, and has no key.", "Fill in the key of its row.")
        elif paper.found != "in the catalogue" and paper.key:
            yield paper.row.problem(f"'{paper.title}' was not found, and has a key.", "Empty the cell.")


def _twice(kept_back: Iterable[KeptBack]) -> Iterator[Problem]:
    for paper, first in standing_twice(kept_back, lambda paper: (paper.edition, paper.title)):
        yield paper.row.problem(
            f"'{paper.title}' stands in the set of edition {paper.edition} at line {first} already.",
            "Remove one of the two rows.",
        )


RULES = (_key_does_not_fit, _twice)
