"""Every method that the package can count, by its identifier."""

from survey.costs import in_place, modules, multimodal, prompts
from survey.costs.method import Method

METHODS: dict[str, Method] = {
    method.id: method for room in (in_place, modules, prompts, multimodal) for method in room.METHODS
}
