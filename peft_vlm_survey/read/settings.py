"""Read data/settings.csv: methods on backbones with the hyper-parameters that a printed number belongs to."""

from dataclasses import dataclass

from peft_vlm_survey.read.sheets import COUNT_OR_MEAN, Row, column


@dataclass(frozen=True, kw_only=True, slots=True)
class CostSetting:
    """One row of settings.csv: a question in the words of `peft-vlm-survey cost`."""

    setting: str = column(
        required=True,
        unique=True,
        pattern="[a-z0-9]+([-.][a-z0-9]+)*",
        form="small letters, digits, full stops and hyphens",
    )
    method_id: str = column(required=True)
    configuration: str = column(required=True, leads="configurations")
    parameters: tuple[str, ...]
    classes: str = column(**COUNT_OR_MEAN)
    note: str
    row: Row
