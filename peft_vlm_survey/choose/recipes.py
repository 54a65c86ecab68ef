"""What others ran of the methods of an answer."""

from peft_vlm_survey.choose.backbones import Choice
from peft_vlm_survey.choose.entries import Entry
from peft_vlm_survey.costs.recipes import Ran, Wanted, ran
from peft_vlm_survey.model import Survey


def ran_of(survey: Survey, entry: Entry, task: str, backbone: Choice | None) -> Ran:
    """Return what others ran of a method, on a kind of backbone and a task."""
    wanted = Wanted(
        key=entry.key,
        method_id="" if entry.key else entry.evidence.priced,
        kind=backbone.kind if backbone else "",
        task=task,
        configuration=backbone.configuration if backbone else "",
    )
    return ran(survey.recipes, wanted)
