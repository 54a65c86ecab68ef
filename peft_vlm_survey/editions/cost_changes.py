"""Methods of the cost model that cost something else than in the edition before, with their default settings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from peft_vlm_survey.editions.package import Cells, Package

# What may have changed, in the words of a reader.
QUANTITIES: Mapping[str, tuple[str, ...]] = {
    "trained parameters": ("trained_parameters",),
    "stored bytes": ("stored_bytes",),
    "training memory": ("memory_low_gb", "memory_high_gb"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class CostCell:
    """One cost of a method on a backbone, before and now; of a range both ends."""

    method: str
    configuration: str
    quantity: str
    before: tuple[str, ...]
    now: tuple[str, ...]

    @property
    def factor(self) -> float | None:
        """By what the cost, or the middle of its range, was multiplied; None where one edition knows none."""
        if not all((*self.before, *self.now)) or not (was := sum(map(float, self.before))):
            return None
        return sum(map(float, self.now)) / was


@dataclass(frozen=True, kw_only=True, slots=True)
class CostChanges:
    """Whether both editions say what methods cost; methods and backbones that came and went; every cost that changed."""

    known: bool
    methods_come: tuple[str, ...]
    methods_gone: tuple[str, ...]
    backbones_come: tuple[str, ...]
    backbones_gone: tuple[str, ...]
    cells: tuple[CostCell, ...]

    @property
    def by_method(self) -> Mapping[str, Mapping[str, tuple[CostCell, ...]]]:
        """The changed costs of each method that has any, by quantity."""
        methods: dict[str, dict[str, tuple[CostCell, ...]]] = {}
        for cell in self.cells:
            quantities = methods.setdefault(cell.method, {})
            quantities[cell.quantity] = (*quantities.get(cell.quantity, ()), cell)
        return methods


def cost_changes(old: Package, new: Package) -> CostChanges:
    """Compare what methods cost in two packages."""
    known = bool(old.rows("costs") and new.rows("costs"))
    before, now = (_by_place(package) if known else {} for package in (old, new))
    methods, backbones = ((_names(before, i), _names(now, i)) for i in (0, 1))
    return CostChanges(
        known=known,
        methods_come=_only(methods[1], methods[0]),
        methods_gone=_only(*methods),
        backbones_come=_only(backbones[1], backbones[0]),
        backbones_gone=_only(*backbones),
        cells=tuple(cell for place in now if place in before for cell in _cells(place, before[place], now[place])),
    )


def _by_place(package: Package) -> Mapping[tuple[str, str], Cells]:
    return {(row["method_id"], row["configuration"]): row for row in package.rows("costs")}


def _names(places: Mapping[tuple[str, str], Cells], part: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(place[part] for place in places))


def _only(these: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in these if name not in others)


def _cells(place: tuple[str, str], before: Cells, now: Cells) -> Iterator[CostCell]:
    for quantity, columns in QUANTITIES.items():
        was, after = (tuple(row.get(column, "") for column in columns) for row in (before, now))
        if was != after:
            yield CostCell(method=place[0], configuration=place[1], quantity=quantity, before=was, now=after)
