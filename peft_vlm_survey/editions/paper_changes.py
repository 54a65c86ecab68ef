"""Papers that came in, went out, or of which the book says something else than in the last edition."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from peft_vlm_survey.editions.package import Cells, Package
from peft_vlm_survey.editions.reduced import DESCRIBED, LABELS, RECORD

Kind = Literal["record", "label", "description"]
How = Literal["filled", "changed", "emptied"]
KINDS: tuple[Kind, ...] = ("record", "label", "description")


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperCell:
    """One thing that the book says of a paper, before and now; empty is not established."""

    key: str
    kind: Kind
    column: str
    before: str
    now: str

    @property
    def how(self) -> How:
        """Whether it was filled, changed or emptied."""
        return "changed" if self.before and self.now else "filled" if self.now else "emptied"


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperChanges:
    """Keys of the papers that came in and went out, with their titles, and every cell that says something else."""

    come: tuple[Cells, ...]
    gone: tuple[Cells, ...]
    cells: tuple[PaperCell, ...]

    def of(self, kind: Kind, *how: How) -> tuple[PaperCell, ...]:
        """Return the cells of a kind that were filled, changed or emptied, as asked."""
        return tuple(cell for cell in self.cells if cell.kind == kind and cell.how in how)


def paper_changes(old: Package, new: Package) -> PaperChanges:
    """Compare the papers of two packages that name them alike."""
    before, now = ({row["key"]: row for row in package.rows("papers")} for package in (old, new))
    described_before, described_now = (
        {row["key"]: row for row in package.rows("descriptions")} for package in (old, new)
    )
    both = [key for key in now if key in before]
    cells = [cell for key in both for cell in _cells(key, before[key], now[key])]
    known = {column for row in old.rows("descriptions") for column in row}
    cells += [
        cell
        for key in both
        for cell in _described(key, described_before.get(key, {}), described_now.get(key, {}), known)
    ]
    return PaperChanges(
        come=tuple(row for key, row in now.items() if key not in before),
        gone=tuple(row for key, row in before.items() if key not in now),
        cells=tuple(cells),
    )


def _cells(key: str, before: Cells, now: Cells) -> Iterator[PaperCell]:
    kinds: tuple[tuple[Kind, tuple[str, ...]], ...] = (("record", RECORD), ("label", LABELS))
    for kind, columns in kinds:
        for column in columns:
            # What one of the editions has no column for cannot have been corrected.
            if column in before and column in now and before[column] != now[column]:
                yield PaperCell(key=key, kind=kind, column=column, before=before[column], now=now[column])


def _described(key: str, before: Cells, now: Cells, known: Collection[str]) -> Iterator[PaperCell]:
    for column in DESCRIBED:
        if column in known and before.get(column, "") != now.get(column, ""):
            yield PaperCell(
                key=key, kind="description", column=column, before=before.get(column, ""), now=now.get(column, "")
            )
