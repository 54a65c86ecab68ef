"""Read data/protocols.csv: what must be equal before two numbers may stand side by side."""

from dataclasses import dataclass

from peft_vlm_survey.read.sheets import ID, Row, column


@dataclass(frozen=True, kw_only=True, slots=True)
class Protocol:
    """One row of protocols.csv; `ranked` is `no` where each row keeps a set-up of its own, and an empty cell means *not established*."""

    protocol: str = column(required=True, unique=True, **ID)
    name: str = column(required=True)
    ranked: str = column(required=True, words=("yes", "no"))
    training: str
    pretraining: str
    resolution: str
    split: str
    selection: str
    averaging: str
    note: str
    row: Row

    @property
    def comparable(self) -> bool:
        """Whether its rows share one set-up, so that they may be ranked and subtracted."""
        return self.ranked == "yes"
