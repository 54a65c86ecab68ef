"""What changed from one edition to the next, computed from the data packages of both."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from peft_vlm_survey.editions.cost_changes import CostChanges, cost_changes
from peft_vlm_survey.editions.matched import Matched, matched
from peft_vlm_survey.editions.number_changes import NumberChanges, number_changes
from peft_vlm_survey.editions.package import Package, package_of, read_package
from peft_vlm_survey.editions.paper_changes import PaperChanges, paper_changes
from peft_vlm_survey.editions.ranking_changes import RankingChanges, ranking_changes
from peft_vlm_survey.editions.reduced import KEPT, reduced
from peft_vlm_survey.model import Survey, dear
from peft_vlm_survey.read.registry import TABLES

FOLDER = Path("data", "editions")
VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """Everything that an edition says otherwise than one before, both of them reduced to what is compared."""

    old: Package
    new: Package
    match: Matched
    papers: PaperChanges
    numbers: NumberChanges
    rankings: RankingChanges
    costs: CostChanges


def changes(old: Package, new: Package, rankings: RankingChanges | None = None) -> Changes:
    """Compare two packages, of which the second is the later; rankings may have been compared before."""
    old, new = reduced(old), reduced(new)
    match = matched(old, new)
    return Changes(
        old=old,
        new=new,
        match=match,
        papers=paper_changes(match.package, new),
        numbers=number_changes(match.package, new),
        rankings=rankings or ranking_changes(match.package, new),
        costs=cost_changes(match.package, new),
    )


def changes_of(survey: Survey) -> Changes | None:
    """Return what changed since the edition before; None if the survey keeps no earlier edition."""
    return survey.derived(_changes_of)


def _changes_of(survey: Survey) -> Changes | None:
    path = edition_before(survey.root, survey.edition.version)
    return changes(read_package(path), package_of(survey), survey.derived(_rankings_of)) if path else None


@dear
def _rankings_of(survey: Survey) -> RankingChanges | None:
    """Compare the rankings since the edition before, and look for it at no more than these need: of papers at their records."""
    path = edition_before(survey.root, survey.edition.version)
    if path is None:
        return None
    records = tuple(
        {"key": paper.key, **{name: survey.references[paper.key].plain(name) for name in ("title", "doi", "eprint")}}
        for paper in survey.papers
    )
    today = package_of(survey, (name for name in KEPT if name in TABLES and name not in ("papers", "descriptions")))
    new = reduced(replace(today, tables={"papers": records, **today.tables}))
    return ranking_changes(matched(reduced(read_package(path)), new).package, new)


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
