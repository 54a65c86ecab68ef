"""Read data/families.csv: what a family of methods trains, by which typed facts it is known, and what it costs."""

from collections.abc import Iterable
from dataclasses import dataclass

from peft_vlm_survey.read.sheets import Row, column

FAMILIES = (
    "adapter",
    "prompt",
    "reparameterisation",
    "selective",
    "side-tuning",
    "hypernetwork",
    "quantised",
    "hybrid",
)
# Where a text leaves open what is trained, or works on modules that others trained, its own words decide on the family.
_OPEN = frozenset({"module of unstated form", "merges modules", "transfers modules to another model"})
_SEVERAL = "hybrid"
_ANSWERS = ("yes", "no", "partly")


@dataclass(frozen=True, kw_only=True, slots=True)
class Family:
    """One row of families.csv; `reference` holds the citation keys of the founding papers.

    A paper may be of the family if it has one of the typed facts `trained` or `action`.
    """

    family: str = column(required=True, words=FAMILIES, unique=True)
    name: str = column(required=True)
    trains: str = column(required=True)
    trained: tuple[str, ...]
    action: tuple[str, ...]
    gradient: str = column(required=True, words=_ANSWERS)
    mergeable: str = column(required=True, words=_ANSWERS)
    inference: str = column(required=True)
    storage: str = column(required=True)
    reference: tuple[str, ...] = column(required=True, leads="references")
    row: Row


def fitting(families: Iterable[Family], trained: Iterable[str], action: Iterable[str]) -> tuple[str, ...]:
    """Return the families that typed facts allow, in the order of the facts; none where the facts do not tell.

    Facts that point to several families allow the family of those that are several at once.
    """
    rows = tuple(families)
    allowed = [family.family for fact in trained for family in rows if fact in family.trained]
    allowed += [family.family for fact in action for family in rows if fact in family.action]
    fit = tuple(dict.fromkeys(allowed))
    return (*fit, _SEVERAL) if len(fit) > 1 else fit


def left_open(trained: Iterable[str], action: Iterable[str]) -> bool:
    """Return whether typed facts leave the family to the words of the text."""
    return not _OPEN.isdisjoint((*trained, *action))


def why_none(trained: tuple[str, ...], action: tuple[str, ...], fit: tuple[str, ...]) -> str:
    """Return why a method has no family, in words; empty where the facts point to a single one.

    >>> why_none(("nothing",), ("closed form",), ())
    'nothing in the model is trained'
    """
    if len(fit) > 1:
        return "it works with modules of several families"
    if left_open(trained, action):
        return "the text leaves open what form the trained modules have"
    if "nothing" in trained:
        return "nothing in the model is trained"
    if fit:
        return ""
    if trained:
        return "what it trains is of no family"
    return "the text does not say what is trained"
