"""Read data/families.csv: what a family of methods trains, and what it costs."""

from dataclasses import dataclass

from peft_vlm_survey.read.sheets import Row, column

FAMILIES = (
    "adapter",
    "prompt",
    "reparameterisation",
    "selective",
    "side-tuning",
    "hypernetwork",
    "quantised",
    "hybrid",
)
_ANSWERS = ("yes", "no", "partly")


@dataclass(frozen=True, kw_only=True, slots=True)
class Family:
    """One row of families.csv; `reference` holds the citation keys of the founding papers."""

    family: str = column(required=True, words=FAMILIES, unique=True)
    name: str = column(required=True)
    trains: str = column(required=True)
    gradient: str = column(required=True, words=_ANSWERS)
    mergeable: str = column(required=True, words=_ANSWERS)
    inference: str = column(required=True)
    storage: str = column(required=True)
    reference: tuple[str, ...] = column(required=True, leads=True)
    row: Row
