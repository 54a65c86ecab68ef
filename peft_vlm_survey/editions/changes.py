"""What changed from one edition to the next, computed from the data packages of both."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from peft_vlm_survey.cache import digest, held
from peft_vlm_survey.editions.cost_changes import CostChanges, cost_changes
from peft_vlm_survey.editions.matched import matched
from peft_vlm_survey.editions.number_changes import NumberChanges, number_changes
from peft_vlm_survey.editions.package import Cells, Package, package_of, read_package
from peft_vlm_survey.editions.paper_changes import PaperChanges, paper_changes
from peft_vlm_survey.editions.ranking_changes import (
    Ranked,
    RankingChanges,
    compared,
    ranked,
    ranked_of,
    ranking_changes,
)
from peft_vlm_survey.editions.reduced import reduced
from peft_vlm_survey.export.costs import cost_rows
from peft_vlm_survey.model import Survey

FOLDER = Path("data", "editions")
VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")


# What is compared of each kind needs these tables: those that it is of, and those by which a new key or name is known.
_NAMING = ("papers", "protocols", "benchmarks", "origins", "methods", "backbones")
_OF_PAPERS = ("papers", "descriptions", "benchmarks", "backbones")
_OF_NUMBERS = (*_NAMING, "results", "measurements")
_OF_COSTS = ("costs",)


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """One of the two editions: how many papers it has in each category, the task of each benchmark, the methods with costs."""

    version: str
    date: str
    categories: Mapping[str, int]
    tasks: Mapping[str, str]
    priced: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """Everything that an edition says otherwise than one before, and by table which old names became which new ones."""

    old: Side
    new: Side
    renamed: Mapping[str, Mapping[str, str]]
    papers: PaperChanges
    numbers: NumberChanges
    rankings: RankingChanges
    costs: CostChanges


def changes(old: Package, new: Package) -> Changes:
    """Compare two packages, of which the second is the later, both of them reduced to what is compared."""
    old, new = reduced(old), reduced(new)
    match = matched(old, new)
    return Changes(
        old=_side(old),
        new=_side(new),
        renamed=match.renamed,
        papers=paper_changes(match.package, new),
        numbers=number_changes(match.package, new),
        rankings=ranking_changes(match.package, new),
        costs=cost_changes(match.package, new),
    )


def _side(package: Package) -> Side:
    return Side(
        version=package.version,
        date=package.date,
        categories=Counter(row["category"] for row in package.rows("papers")),
        tasks={row["benchmark"]: row["task"] for row in package.rows("benchmarks")},
        priced=len({row["method_id"] for row in package.rows("costs")}),
    )


def changes_of(survey: Survey) -> Changes | None:
    """Return what changed since the edition before; None if the survey keeps no earlier edition.

    Each kind is compared by itself, so that after an edit a build compares only what the edit can have changed.
    """
    return survey.derived(_changes_of)


def _changes_of(survey: Survey) -> Changes | None:
    if edition_before(survey.root, survey.edition.version) is None:
        return None
    new = Side(
        version=survey.edition.version,
        date=survey.edition.date,
        categories=Counter(paper.category for paper in survey.papers),
        tasks={benchmark.benchmark: benchmark.task for benchmark in survey.benchmarks},
        priced=len({row["method_id"] for row in cost_rows(survey)}),
    )
    return Changes(
        old=survey.derived(_side_before),
        new=new,
        renamed=survey.derived(_renamed),
        papers=survey.derived(_papers),
        numbers=survey.derived(_numbers),
        rankings=survey.derived(_rankings),
        costs=survey.derived(_costs),
    )


def _side_before(survey: Survey) -> Side:
    return _side(survey.derived(_before))


def _renamed(survey: Survey) -> Mapping[str, Mapping[str, str]]:
    return matched(survey.derived(_before), _now(survey, _NAMING)).renamed


def _papers(survey: Survey) -> PaperChanges:
    return paper_changes(*_both(survey, _OF_PAPERS))


def _numbers(survey: Survey) -> NumberChanges:
    return number_changes(*_both(survey, _OF_NUMBERS))


def _rankings(survey: Survey) -> RankingChanges:
    return compared(survey.derived(_ranked_before), ranked(survey))


def _ranked_before(survey: Survey) -> Ranked:
    return ranked_of(matched(survey.derived(_before), _now(survey, _NAMING)).package)


def _costs(survey: Survey) -> CostChanges:
    return cost_changes(*_both(survey, _OF_COSTS))


def _both(survey: Survey, tables: Iterable[str]) -> tuple[Package, Package]:
    """Return some tables of the edition before, in today's keys and names, and of this one."""
    new = _now(survey, tables)
    return matched(survey.derived(_before), new).package, new


def _before(survey: Survey) -> Package:
    package = package_before(survey.root, survey.edition.version)
    if package is None:
        raise ValueError("no earlier edition is kept")
    return package


def package_before(root: Path, version: str) -> Package | None:
    """Return the tables of the latest edition before a version that is kept below the root; None if none is."""
    path = edition_before(root, version)
    if path is None:
        return None
    state = partial(digest, root, path.relative_to(root).as_posix())
    return held(("edition", path), state, lambda: reduced(read_package(path)))


def _now(survey: Survey, tables: Iterable[str]) -> Package:
    """Return some tables of this edition; where descriptions of papers are not asked for, of these no more than their records."""
    wanted = tuple(tables)
    whole = "descriptions" in wanted
    today = package_of(survey, (name for name in wanted if whole or name != "papers"))
    records = {} if whole or "papers" not in wanted else {"papers": tuple(_records(survey))}
    return reduced(replace(today, tables={**records, **today.tables}))


def _records(survey: Survey) -> Iterator[Cells]:
    """Yield by what a paper is known whose key was changed."""
    for paper in survey.papers:
        reference = survey.references[paper.key]
        yield {"key": paper.key, **{name: reference.plain(name) for name in ("title", "doi", "eprint")}}


def edition_before(root: Path, version: str) -> Path | None:
    """Return the reduced package of the latest edition before a version that is kept below the root."""
    known = {path.stem: path for path in (root / FOLDER).glob("*.zip") if VERSION.fullmatch(path.stem)}
    earlier = [name for name in known if in_order(name) < in_order(version)]
    return known[max(earlier, key=in_order)] if earlier else None


def in_order(version: str) -> tuple[int, ...]:
    """Return what puts versions in their order.

    >>> in_order("1.10.0") > in_order("1.9.2")
    True
    """
    return tuple(int(part) for part in re.findall(r"[0-9]+", version))
