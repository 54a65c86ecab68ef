"""Read data/backbones.csv: one name for each pre-trained model, whatever the tables print."""

from dataclasses import dataclass

from peft_vlm_survey.read.sheets import Row, column


@dataclass(frozen=True, kw_only=True, slots=True)
class Backbone:
    """One row of backbones.csv; `aliases` are printed names that mean exactly this model with this pre-training.

    `configuration` is the id of its shape in configurations.csv; several rows may share one.
    """

    backbone: str = column(required=True, unique=True)
    aliases: tuple[str, ...]
    configuration: str
    reference: tuple[str, ...] = column(leads=True)
    note: str
    row: Row
