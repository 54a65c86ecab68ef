"""The lines to run a method of an answer with, at the setting that the answer prices."""

from peft_vlm_survey.choose.prices import ONLY, Price
from peft_vlm_survey.costs import METHODS, known_shapes
from peft_vlm_survey.costs.answer_types import LinesToRun
from peft_vlm_survey.costs.lines_to_run import lines_to_run
from peft_vlm_survey.costs.setting import read_setting
from peft_vlm_survey.model import Survey


def lines_of(survey: Survey, id: str, configuration: str, price: Price) -> list[LinesToRun]:
    """Return the lines at a price's setting; none where all is as printed, or the shapes are not known."""
    if not price.setting or configuration not in known_shapes(survey):
        return []
    pairs = [] if price.setting == ONLY else price.setting.split()
    method = METHODS[id]
    setting = read_setting(method, known_shapes(survey)[configuration], pairs, method.assumed_classes)
    return lines_to_run(survey.software, setting)
