"""How often the verdict on a card was right: published runs against every common size of a card."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from peft_vlm_survey.costs.card_names import GIB
from peft_vlm_survey.costs.cards import FITS, MAY, NOT, SCATTERED, Cards, verdict
from peft_vlm_survey.costs.ends import many
from peft_vlm_survey.costs.kinds import FAMILIES
from peft_vlm_survey.costs.need import CONTEXT
from peft_vlm_survey.costs.priced import Priced, of_family, share

SIZES = (8, 12, 16, 24, 32, 40, 48, 80)
HIGH, SOME = 90, 75  # per cent, from which on a certainty is called high, and fair


@dataclass(frozen=True, kw_only=True, slots=True)
class Tested:
    """What was said of runs on every size of a card: how often each verdict, and how often it was right.

    *May fit* claims nothing and is never wrong; it has no place in `right`.
    """

    runs: int
    said: Mapping[str, int]
    right: Mapping[str, int]

    def share_right(self, word: str) -> float | None:
        """Return what share of a verdict was right; None if it was never given, or claims nothing."""
        return self.right[word] / self.said[word] if word in self.right and self.said[word] else None

    @property
    def asked(self) -> int:
        """How many verdicts were given."""
        return sum(self.said.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """How answers did on published runs of one family of backbones, in per cent: of the range, and of each verdict."""

    family: str
    runs: int
    inside: float
    right: Mapping[str, float]


def took(run: Priced) -> float:
    """Return the bytes that a run took of its card: what is reported, and CUDA's context where that counts none.

    What a card showed may have been more than had to be, since an allocator that runs out gives back what it can; a run that
    is told to fit and showed more counts as a wrong verdict all the same.
    """
    bare = run.case.allocated or "reserved" in run.case.measured_as
    return run.reported + (CONTEXT if bare else 0.0)


def judged(priced: Iterable[Priced]) -> Tested:
    """Return how often the verdicts on runs were right."""
    runs = list(priced)
    given: dict[str, list[bool]] = {FITS: [], MAY: [], NOT: []}
    for run in runs:
        for size in SIZES:
            word = verdict(run.needs, Cards(size=size * GIB))
            given[word].append((took(run) <= size * GIB) is (word == FITS))
    return Tested(
        runs=len(runs),
        said={word: len(were_right) for word, were_right in given.items()},
        right={word: sum(given[word]) for word in (FITS, NOT)},
    )


def just_fits(run: Priced) -> bool:
    """Return whether a run took no more than the smallest card has that is told to be large enough for it."""
    return took(run) <= SCATTERED * run.needs.high + CONTEXT


def certainty(record: Record | None, verdict: str | None = None) -> str:
    """Return one word and one figure: of a verdict how often such were right, else how often the range held."""
    if record is None:
        return "untested: no such answer was held against a run that set nothing of it"
    right = None if verdict == MAY else record.right.get(verdict or "")
    percent = record.inside if right is None else right
    word = "high" if percent >= HIGH else "fair" if percent >= SOME else "low"
    runs = f"{many(record.runs, 'held-out run')} of {record.family}"
    if right is None:
        return f"{word}: {percent:.0f} % of {runs} lay in such a range"
    return f"{word}: {percent:.0f} % of such verdicts were right, on {runs}"


def certainties(priced: Iterable[Priced]) -> Mapping[str, Mapping[str, str]]:
    """Return by kind of runs how sure each verdict is."""
    records = records_by_kind(priced)
    return {
        kind: {word: certainty(records.get(kind), word) for word in (FITS, MAY, NOT)}
        for kinds in FAMILIES.values()
        for kind in kinds
    }


def records_by_kind(priced: Iterable[Priced]) -> Mapping[str, Record]:
    """Return by kind of runs how answers did on the runs of the same family of backbones."""
    runs = list(priced)
    by_kind: dict[str, Record] = {}
    for family, kinds in FAMILIES.items():
        if some := of_family(runs, family):
            held, tested = share(some), judged(some)
            right = {word: 100 * part for word in tested.right if (part := tested.share_right(word)) is not None}
            record = Record(family=family, runs=held.runs, inside=100 * held.inside / held.runs, right=right)
            by_kind |= dict.fromkeys(kinds, record)
    return by_kind
