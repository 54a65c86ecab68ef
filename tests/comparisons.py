"""Links that lead to a comparison of methods: what stands behind "#" is no section but names."""

from peft_vlm_survey.compare.choosable import MOST, NoSuchMethod, chosen
from peft_vlm_survey.data import the_survey


def is_comparison(path: str, anchor: str) -> bool:
    """Return whether a link asks for a comparison, and has names of methods that can be compared."""
    if path != "compare.html" or not anchor.startswith("m="):
        return False
    names = anchor.removeprefix("m=").split(",")
    try:
        return len({chosen(the_survey(), name).id for name in names}) == len(names) <= MOST
    except NoSuchMethod:
        return False
