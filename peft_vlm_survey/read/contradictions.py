"""Read data/contradictions.csv: one thing, printed with different values in different tables."""

from dataclasses import dataclass

from peft_vlm_survey.read.sheets import ID, Row, column

KINDS = {
    "typing error": "a digit was mistyped or taken from another cell",
    "re-run": "the experiment was run again",
    "version": "another version of the paper or its code",
    "rounding": "one table cuts where the other rounds",
    "unknown": "the reason is not established",
}
_NUMBER = r"-?[0-9]+(\.[0-9]+)?(E[0-9]+)?"
_VALUE = f"[a-z0-9-]+={_NUMBER}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Contradiction:
    """One row of contradictions.csv; `values` are members like `origin=value`, `right` is one of the values or empty."""

    id: str = column(required=True, unique=True, **ID)
    method: str = column(required=True, leads="methods")
    backbone: str = column(leads="backbones")
    benchmark: str = column(required=True, leads="benchmarks")
    values: tuple[str, ...] = column(
        required=True,
        leads="origins",
        pattern=f"{_VALUE}(; {_VALUE})+",
        form="a list of two or more members like table-1=12.20",
    )
    kind: str = column(required=True, words=tuple(KINDS))
    right: str = column(pattern=_NUMBER, form="a number")
    reason: str = column(required=True)
    source: str
    row: Row

    @property
    def printed(self) -> dict[str, str]:
        """The value that each table prints, by the table's id, in the order of the row."""
        return {origin: value for origin, _, value in (member.partition("=") for member in self.values)}

    @property
    def tables(self) -> dict[str, tuple[str, ...]]:
        """The ids of the tables that print each value, by the value, in the order of the row."""
        return {
            value: tuple(origin for origin, other in self.printed.items() if other == value)
            for value in self.printed.values()
        }
