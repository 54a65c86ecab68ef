"""Read data/backbones.csv: one name for each pre-trained model, whatever the tables print."""

from dataclasses import dataclass

from peft_vlm_survey.read.sheets import Row, column

# Of the kinds of model in data/vocabulary.csv, by what the descriptions of papers say which they adapt.
KINDS = (
    *("dual-encoder VLM", "fusion VLM", "MLLM", "vision transformer", "CNN", "promptable segmenter", "detector"),
    *("text-to-image diffusion", "other image generator", "LLM", "encoder-decoder LM", "encoder LM", "audio model"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Backbone:
    """One row of backbones.csv; `aliases` are printed names that mean exactly this model with this pre-training.

    `kind` is what sort of model it is. `configuration` is the id of its shape in configurations.csv; several rows may
    share one.
    """

    backbone: str = column(required=True, unique=True)
    kind: str = column(words=KINDS)
    aliases: tuple[str, ...]
    configuration: str = column(leads="configurations")
    reference: tuple[str, ...] = column(leads="references")
    note: str
    row: Row
