"""Read data/excluded.csv: the candidates that were looked at and left out of the catalogue."""

from dataclasses import dataclass

from peft_vlm_survey.read.sheets import DATE, DATE_FORM, Row, column

REASONS = {
    "no PEFT": "no pre-trained model is adapted by few parameters: the key word has another sense",
    "PEFT only used": "a system or model that merely uses LoRA, adapters or prompts",
    "full training": "a new architecture, or the model itself is trained",
    "prompting without tuning": "nothing is learned, and it is no alternative to tuning",
    "optimiser or systems": "optimiser memory, pre-training, compression or serving",
    "merging": "models are merged without modules",
    "other modality": "speech alone, graphs, time series, molecules, recommendation or control",
    "attack or unlearning": "an attack, a watermark or unlearning, not adaptation",
    "language application": "a narrow text application without a method of general use",
    "duplicate": "the same paper stands in the catalogue under another title",
    "no record": "no author list was found, or the record contradicts itself",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Excluded:
    """One row of excluded.csv; `reason` is a word of REASONS, which explains it; `former_key` is what it had in the catalogue."""

    title: str = column(required=True)
    venue: str
    year: str = column(pattern="[0-9]{4}", form="a year of four digits")
    reason: str = column(required=True, words=tuple(REASONS))
    source: str = column(required=True)
    checked: str = column(required=True, pattern=DATE, form=DATE_FORM)
    former_key: str
    row: Row
