"""Read data/reported_costs.csv: what a method costs as its source prints it, beside the setting that it belongs to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.sheets import Row, column

UNITS: Mapping[str, int] = {
    "parameters": 1,
    "K": 1000,
    "M": 10**6,
    "%": 1,
    "backbones": 1,
    "bytes": 1,
    "kB": 1000,
    "KiB": 1024,
    "MB": 10**6,
    "MiB": 1024**2,
}
QUANTITIES = ("trainable", "per_task", "stored_bytes")
DENOMINATORS = ("backbone", "with-added")
# Why a printed number is not what its setting gives; the words are those that the book prints.
REASONS: Mapping[str, str] = {
    "head-counted": "the head is counted too",
    "other-denominator": "the share is of another total",
    "picked-by-name": "the code selects what it trains by name or class, and trains more or less than the method says",
    "other-variant": "the number is that of another variant of the method",
    "other-parts-counted": "other parts of known size are counted too",
    "tuned-per-task": "the size was tuned for each task, and the printed number is a mean",
    "other-mean": "the average head is computed for other numbers of classes",
    "truncated": "digits were cut off, not rounded",
    "unit": "the unit is not the one that the source names",
    "double-counted": "the head was counted twice",
    "fitted": "the setting is not stated, and was chosen because it fits",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportedCost:
    """One row of reported_costs.csv; without `printed` the number stands beside a score, by `method` and `backbone`."""

    origin: str = column(required=True, leads="origins")
    setting: str = column(required=True, leads="settings")
    method: str = column(leads="methods")
    backbone: str = column(leads="backbones")
    printed: str = column(pattern=r"[0-9]+(\.[0-9]+)?", form="a number")
    unit: str = column(required=True, words=tuple(UNITS))
    quantity: str = column(required=True, words=QUANTITIES)
    denominator: str = column(words=DENOMINATORS)
    scope: str
    reason: tuple[str, ...] = column(words=tuple(REASONS))
    explanation: tuple[str, ...]
    note: str
    row: Row

    @property
    def whole(self) -> bool:
        """Return whether the row has no problem of its own, so that it can be compared with its setting."""
        once = bool(self.printed) != bool(self.method)
        return once and (self.unit == "%") == bool(self.denominator) and not self.row.unsound


def _twice_or_nowhere(rows: tuple[ReportedCost, ...]) -> Iterator[Problem]:
    for row in rows:
        if not row.row.sound("printed"):
            continue
        if row.printed and row.method:
            yield row.row.problem(
                "printed here, and method leads to a number beside a score.", "Leave one of the two empty."
            )
        elif not row.printed and not row.method:
            yield replace(
                row.row.problem("no printed number.", "Give it, or the method beside whose score it stands."),
                loses=True,
            )


def _share_of_nothing(rows: tuple[ReportedCost, ...]) -> Iterator[Problem]:
    for row in rows:
        if row.row.sound("unit") and row.row.sound("denominator") and (row.unit == "%") != bool(row.denominator):
            if row.unit == "%":
                yield row.row.problem("a share without a denominator.", "Say of what: backbone or with-added.")
            else:
                yield row.row.problem(f"a denominator, but '{row.unit}' is no share.", "Leave it empty.")


RULES = (
    _twice_or_nowhere,
    _share_of_nothing,
)
