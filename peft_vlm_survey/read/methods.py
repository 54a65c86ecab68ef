"""Read data/methods.csv: one name for each method, whatever the tables print."""

from dataclasses import dataclass

from peft_vlm_survey.read.sheets import Row, column


@dataclass(frozen=True, kw_only=True, slots=True)
class Method:
    """One row of methods.csv; `aliases` are printed names that mean exactly this method."""

    method: str = column(required=True, unique=True)
    key: str = column(leads=True)
    aliases: tuple[str, ...]
    note: str
    row: Row
