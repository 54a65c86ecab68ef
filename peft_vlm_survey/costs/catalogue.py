"""Every method that the package can count, by its identifier."""

from peft_vlm_survey.costs import in_place, modules, multimodal, networks, prompts
from peft_vlm_survey.costs.method import Method

METHODS: dict[str, Method] = {
    method.id: method for room in (in_place, modules, networks, prompts, multimodal) for method in room.METHODS
}
