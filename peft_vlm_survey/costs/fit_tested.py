"""How often the verdict on a card was right: published runs against every common size of a card."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from peft_vlm_survey.costs.cards import FITS, GIB, MAY, NOT, Cards, verdict
from peft_vlm_survey.costs.memory import GB
from peft_vlm_survey.costs.need import CONTEXT
from peft_vlm_survey.costs.priced import Priced, share, unseen
from peft_vlm_survey.costs.shapes import Shape
from peft_vlm_survey.read.memory_cases import MemoryCase

SIZES = (8, 12, 16, 24, 32, 40, 48, 80)


@dataclass(frozen=True, kw_only=True, slots=True)
class Tested:
    """What was said of so many runs on every size of a card: how often each verdict, and how often it was right.

    *May fit* claims nothing and is never wrong; it has no place in `right`.
    """

    runs: int
    inside: int
    said: Mapping[str, int]
    right: Mapping[str, int]

    def share_right(self, word: str) -> float | None:
        """Return what share of a verdict was right; None if it was never given, or claims nothing."""
        return self.right[word] / self.said[word] if word in self.right and self.said[word] else None

    @property
    def asked(self) -> int:
        """How many verdicts were given."""
        return sum(self.said.values())


def took(one: Priced) -> float:
    """Return the bytes that a run took of its card: what is reported, and CUDA's context where that counts none.

    What a card showed may have been more than had to be, since an allocator that runs out gives back what it can; a run that
    is told to fit and showed more counts as a wrong verdict all the same.
    """
    bare = one.case.allocated or "reserved" in one.case.measured_as
    return one.case.gigabytes * GB + (CONTEXT if bare else 0.0)


def judged(found: Iterable[Priced]) -> Tested:
    """Return how often the verdicts on runs were right."""
    runs = list(found)
    said, right = dict.fromkeys((FITS, MAY, NOT), 0), dict.fromkeys((FITS, NOT), 0)
    for one in runs:
        for size in SIZES:
            word = verdict(one.needs, Cards(size=size * GIB))
            said[word] += 1
            if word != MAY:
                right[word] += (took(one) <= size * GIB) is (word == FITS)
    return Tested(runs=len(runs), inside=sum(one.inside(one.outer) for one in runs), said=said, right=right)


def sentences(found: Tested) -> Mapping[str, str]:
    """Return in a sentence what stands beside each verdict: how it did on these runs, priced before they were looked at."""
    if not found.runs:
        return {}
    whole = f"On {found.runs} published runs priced unseen, "
    lay = f"and {100 * found.inside / found.runs:.0f} % lay in the outer range."
    told = {}
    for word in found.said:
        right = found.share_right(word)
        told[word] = whole + (
            f"{100 * found.said[word] / found.asked:.0f} % of verdicts were this one, {lay}"
            if right is None
            else f"{100 * right:.0f} % of such verdicts were right, {lay}"
        )
    return told


def promise(cases: Iterable[MemoryCase], shapes: Mapping[str, Shape]) -> str:
    """Say how often both ranges held, and the verdicts, on the runs that were priced before anybody had looked at them."""
    found = unseen(cases, shapes)
    held, verdicts = share(found), judged(found)
    right = " and ".join(
        f"{100 * part:.0f} % of '{word}'" for word in (FITS, NOT) if (part := verdicts.share_right(word)) is not None
    )
    return (
        f"Memory: Of {held.runs} published runs that were priced before anybody had looked at them, {100 * held.after / held.runs:.0f} % lay in the "
        f"range, at a median high/low of {held.after_width:.1f}, and {100 * held.outer / held.runs:.0f} % in the outer one, at "
        f"{held.outer_width:.1f}; on cards of {SIZES[0]} to {SIZES[-1]} GB {right} were right; no more is promised."
    )
