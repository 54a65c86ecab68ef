"""How often the verdict on a card was right: published runs against every common size of a card."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from peft_vlm_survey.costs.card_names import GIB
from peft_vlm_survey.costs.cards import FITS, MAY, NOT, SCATTERED, Cards, verdict
from peft_vlm_survey.costs.memory import GB
from peft_vlm_survey.costs.need import CONTEXT
from peft_vlm_survey.costs.outer import DECODER, FAMILIES, UNTESTED
from peft_vlm_survey.costs.outer_ends import by_source, many, sources
from peft_vlm_survey.costs.priced import Priced, of_family, share, unseen
from peft_vlm_survey.costs.shapes import Shape
from peft_vlm_survey.read.memory_cases import MemoryCase

SIZES = (8, 12, 16, 24, 32, 40, 48, 80)
INSIDE = "inside"


@dataclass(frozen=True, kw_only=True, slots=True)
class Tested:
    """What was said of so many runs on every size of a card: how often each verdict, and how often it was right.

    *May fit* claims nothing and is never wrong; it has no place in `right`. `alike` has the same shares with every source
    weighing the same: of runs in the outer range under `INSIDE`, of verdicts that were right, and of *may fit* among all.
    """

    runs: int
    sources: int
    inside: int
    said: Mapping[str, int]
    right: Mapping[str, int]
    alike: Mapping[str, float]

    def share_right(self, word: str) -> float | None:
        """Return what share of a verdict was right; None if it was never given, or claims nothing."""
        return self.right[word] / self.said[word] if word in self.right and self.said[word] else None

    @property
    def asked(self) -> int:
        """How many verdicts were given."""
        return sum(self.said.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """How answers did on published runs of one family of backbones, in per cent: of the outer range, and of each verdict."""

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
    return run.case.gigabytes * GB + (CONTEXT if bare else 0.0)


def judged(priced: Iterable[Priced]) -> Tested:
    """Return how often the verdicts on runs were right."""
    runs = list(priced)
    inside = [run.inside(run.outer) for run in runs]
    names = sources(runs)
    # Of each verdict that was given, the source of the run and whether it was right.
    given: dict[str, list[tuple[str, bool]]] = {FITS: [], MAY: [], NOT: []}
    for run in runs:
        for size in SIZES:
            word = verdict(run.needs, Cards(size=size * GIB))
            given[word].append((names[run.case.group], word != MAY and (took(run) <= size * GIB) is (word == FITS)))
    alike = {word: _alike(given[word]) for word in (FITS, NOT) if given[word]}
    if runs:
        open_of = {name: sum(source == name for source, _ in given[MAY]) for name in names.values()}
        asked = {name: len(SIZES) * sum(names[run.case.group] == name for run in runs) for name in open_of}
        alike |= {
            INSIDE: by_source(runs, inside),
            MAY: sum(open_of[name] / asked[name] for name in asked) / len(asked),
        }
    return Tested(
        runs=len(runs),
        sources=len(set(names.values())),
        inside=sum(inside),
        said={word: len(some) for word, some in given.items()},
        right={word: sum(was for _, was in given[word]) for word in (FITS, NOT)},
        alike=alike,
    )


def _alike(given: Sequence[tuple[str, bool]]) -> float:
    """Return what share of verdicts was right, every source weighing the same."""
    of = [source for source, _ in given]
    return sum(was / of.count(source) for source, was in given) / len(set(of))


def just_fits(run: Priced) -> bool:
    """Return whether a run took no more than the smallest card has that is told to be large enough for it."""
    return took(run) <= SCATTERED * run.needs.high + CONTEXT


def sentences(tested: Tested, family: str = DECODER) -> Mapping[str, str]:
    """Return in a sentence what stands beside each verdict: how it did on these runs, priced before they were looked at.

    Runs of decoders are of many sources; of others it is told besides what it is with every source weighing the same.
    """
    if not tested.runs:
        return {}
    whole = f"On {many(tested.runs, 'published run')} of {family} priced unseen, "
    if family != DECODER:
        whole = (
            f"On {many(tested.runs, 'published run')} of {family} from {many(tested.sources, 'source')} priced unseen, "
        )
    lay = f"and {_both(tested.inside / tested.runs, tested, INSIDE, family)} lay in the outer range."
    by_verdict = {}
    for word in tested.said:
        right = tested.share_right(word)
        by_verdict[word] = whole + (
            f"{100 * tested.said[word] / tested.asked:.0f} % of verdicts were this one, {lay}"
            if right is None
            else f"{_both(right, tested, word, family)} of such verdicts were right, {lay}"
        )
    return by_verdict


def sentences_by_kind(priced: Iterable[Priced]) -> Mapping[str, Mapping[str, str]]:
    """Return by kind of runs what stands beside each verdict: how it did on the runs of the same family of backbones."""
    runs = list(priced)
    by_kind: dict[str, Mapping[str, str]] = {}
    for family, kinds in FAMILIES.items():
        by_verdict = sentences(judged(of_family(runs, family)), family)
        by_kind |= dict.fromkeys(
            kinds, by_verdict or (dict.fromkeys((FITS, MAY, NOT), UNTESTED) if family != DECODER else {})
        )
    return by_kind


def records_by_kind(priced: Iterable[Priced]) -> Mapping[str, Record]:
    """Return by kind of runs the figures of `sentences_by_kind`; where sources are few, each weighs the same."""
    runs = list(priced)
    by_kind: dict[str, Record] = {}
    for family, kinds in FAMILIES.items():
        tested = judged(of_family(runs, family))
        if not tested.runs:
            continue
        shares = tested.alike
        if family == DECODER:
            right = {word: part for word in tested.right if (part := tested.share_right(word)) is not None}
            shares = {**right, INSIDE: tested.inside / tested.runs}
        record = Record(
            family=family,
            runs=tested.runs,
            inside=100 * shares[INSIDE],
            right={word: 100 * part for word, part in shares.items() if word in tested.right},
        )
        by_kind |= dict.fromkeys(kinds, record)
    return by_kind


def _both(part: float, tested: Tested, what: str, family: str) -> str:
    """Return a share in per cent, and of few sources the same with each weighing as much as another."""
    percent = f"{100 * part:.0f} %"
    return percent if family == DECODER else f"{percent} ({100 * tested.alike[what]:.0f} % by source)"


def promise(cases: Iterable[MemoryCase], shapes: Mapping[str, Shape]) -> str:
    """Return in words how often both ranges held, and the verdicts, on the runs that were priced before anybody had looked at them."""
    runs = unseen(cases, shapes)
    promises = [_promise(of_family(runs, family), family) for family in FAMILIES]
    return f"Memory: {' '.join(promises)} No more is promised."


def _promise(runs: Sequence[Priced], family: str) -> str:
    if not runs:
        return f"Of {family} no run was priced before anybody had looked at it."
    held, verdicts = share(runs), judged(runs)
    first = by_source(runs, [run.inside(run.after) for run in runs])
    right = " and ".join(
        f"{_both(part, verdicts, word, family)} of '{word}'"
        for word in (FITS, NOT)
        if (part := verdicts.share_right(word)) is not None
    )
    lay = f"{100 * held.after / held.runs:.0f} %" + ("" if family == DECODER else f" ({100 * first:.0f} % by source)")
    return (
        f"Of {many(held.runs, 'published run')} of {family} that were priced before anybody had looked at them, {lay} lay in the "
        f"range, at a median high/low of {held.after_width:.1f}, and {_both(held.outer / held.runs, verdicts, INSIDE, family)} in the "
        f"outer one, at {held.outer_width:.1f}; on cards of {SIZES[0]} to {SIZES[-1]} GB "
        f"{f'{right} were right' if right else 'no verdict but may fit was given'}."
    )
