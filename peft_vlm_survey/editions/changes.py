"""What changed from one edition to the next, computed from the data packages of both."""

import re
from dataclasses import dataclass
from pathlib import Path

from peft_vlm_survey.editions.number_changes import NumberChanges, number_changes
from peft_vlm_survey.editions.package import Package, package_of, read_package
from peft_vlm_survey.editions.paper_changes import PaperChanges, paper_changes
from peft_vlm_survey.editions.ranking_changes import RankingChanges, ranked_survey, ranking_changes
from peft_vlm_survey.editions.reduced import COMPARED, reduced
from peft_vlm_survey.model import Survey

FOLDER = Path("data", "editions")
VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """Everything that differs between two editions."""

    old: Package
    new: Package
    papers: PaperChanges
    numbers: NumberChanges
    rankings: RankingChanges


def changes(old: Package, new: Package) -> Changes:
    """Compare two packages, of which the second is the later."""
    return _compared(reduced(old), reduced(new), ranked_survey(reduced(new)))


def _compared(old: Package, new: Package, survey: Survey) -> Changes:
    return Changes(
        old=old,
        new=new,
        papers=paper_changes(old, new),
        numbers=number_changes(old, new),
        rankings=ranking_changes(ranked_survey(old), survey),
    )


def changes_of(survey: Survey) -> Changes | None:
    """Return what changed since the last edition; None if the survey holds none."""
    return survey.derived(_changes_of)


def _changes_of(survey: Survey) -> Changes | None:
    path = last_edition(survey.root, survey.edition.version)
    old = reduced(read_package(path)) if path else None
    return _compared(old, reduced(package_of(survey, COMPARED)), survey) if old else None


def last_edition(root: Path, version: str) -> Path | None:
    """Return the reduced package of the newest edition below the root that is not newer than a version.

    While an edition is made, that is the one before it; afterwards it is that edition itself, and what changed is unreleased.
    """
    known = {path.stem: path for path in (root / FOLDER).glob("*.zip") if VERSION.fullmatch(path.stem)}
    published = [name for name in known if version_key(name) <= version_key(version)]
    return known[max(published, key=version_key)] if published else None


def version_key(version: str) -> tuple[int, ...]:
    """Return a sort key for versions.

    >>> version_key("1.10.0") > version_key("1.9.2")
    True
    """
    return tuple(int(part) for part in re.findall(r"[0-9]+", version))
