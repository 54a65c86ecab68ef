"""Read data/implementations.csv: parameters and operations counted on real modules, to compare the closed forms with."""

from dataclasses import dataclass
from fractions import Fraction

from peft_vlm_survey.read.sheets import COUNT_OR_MEAN, Row, column

QUANTITIES = ("trainable", "per_task", "stored_bytes", "backbone_bytes", "base_flops", "extra_flops")


@dataclass(frozen=True, kw_only=True, slots=True)
class Implementation:
    """One row of implementations.csv: a setting in the words of the command line, and the count of a real module."""

    method_id: str = column(required=True)
    configuration: str = column(required=True, leads="configurations")
    setting: tuple[str, ...]
    classes: str = column(**COUNT_OR_MEAN)
    quantity: str = column(required=True, words=QUANTITIES)
    value: str = column(required=True, **COUNT_OR_MEAN)
    implementation: str = column(required=True)
    version: str
    module: str
    script: str
    source: str = column(required=True)
    note: str
    row: Row

    @property
    def number(self) -> Fraction:
        return Fraction(self.value)
