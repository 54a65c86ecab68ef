"""Every method that the package can count, by its identifier, and found by any name that people have for it."""

import re

from peft_vlm_survey.costs import in_place, modules, multimodal, networks, prompts, reparameterised
from peft_vlm_survey.costs.limits import CostError, listed
from peft_vlm_survey.costs.method import Method
from peft_vlm_survey.problems import suggest

METHODS: dict[str, Method] = {
    method.id: method
    for room in (in_place, reparameterised, modules, networks, prompts, multimodal)
    for method in room.METHODS
}


def find_method(name: str | Method) -> Method:
    """Return a method by its identifier, or the one that is given. Raises CostError if there is none."""
    if isinstance(name, Method):
        return name
    if name in METHODS:
        return METHODS[name]
    letters = _letters(name)
    for method in METHODS.values():  # LoRA, vpt_deep
        if letters and letters in (_letters(method.id), _letters(method.name)):
            return method
    raise CostError(f"method '{name}' is not known.", _method_meant(name))


def _method_meant(name: str) -> str:
    """Return the way out of a name that no method has: the reading of that name, those that begin so, or the nearest."""
    letters = _letters(name)
    readings = [(id, word) for id, method in METHODS.items() for word in method.variants if _letters(word) == letters]
    if len(readings) == 1:
        return "Write {} variant={}.".format(*readings[0])
    begin = [id for id in METHODS if id.startswith(f"{name.casefold()}-")]
    return listed(begin) if len(begin) > 1 else suggest(name, METHODS, listed(METHODS))


def _letters(name: str) -> str:
    """Return the letters and numbers of a name, whatever stands between them."""
    return re.sub("[^a-z0-9]", "", name.casefold().replace("+", "plus"))
