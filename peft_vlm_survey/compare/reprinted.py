"""Which numbers of a paper others print again with another value, and where tables disagree on its method."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from peft_vlm_survey.compare.experiments import points
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.read.contradictions import Contradiction
from peft_vlm_survey.read.results import Result

Setting = tuple[str, str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """A number of a paper on its own method, and what another table prints in its place."""

    own: Result
    other: Result

    @property
    def difference(self) -> Decimal:
        """By how many points the other number is above the paper's own."""
        return Decimal(self.other.value) - Decimal(self.own.value)

    @property
    def same(self) -> bool:
        """Whether the two agree to the digits that both print."""
        digits = min(_digits(self.own.value), _digits(self.other.value))
        return abs(self.difference) <= Decimal(5).scaleb(-digits - 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Spread:
    """Several values of one method on one backbone and benchmark; `points` is their range where the score is of 100 or of 1."""

    said: Contradiction
    benchmark: Benchmark
    lowest: str
    highest: str
    points: Decimal | None


def spreads_by_paper(survey: Survey) -> Mapping[str, tuple[Spread, ...]]:
    """Return for every paper the recorded contradictions on its method, the widest first, those without points last."""
    by_paper: dict[str, list[Spread]] = defaultdict(list)
    for contradiction in survey.contradictions:
        method = survey.methods_by_id.get(contradiction.method)
        if method and method.key:
            by_paper[method.key].append(_spread(survey.benchmark(contradiction.benchmark), contradiction))
    return {
        key: tuple(sorted(spreads, key=lambda s: (s.points is None, -(s.points or 0))))
        for key, spreads in by_paper.items()
    }


def _spread(benchmark: Benchmark, contradiction: Contradiction) -> Spread:
    lowest, *_, highest = sorted(contradiction.tables, key=Decimal)
    scale = points(benchmark)
    apart = None if scale is None else (Decimal(highest) - Decimal(lowest)) * int(scale)
    return Spread(said=contradiction, benchmark=benchmark, lowest=lowest, highest=highest, points=apart)


def differing_reprints(survey: Survey) -> Iterator[Pair]:
    """Yield every number of a paper on its own method that the table of another prints differently.

    Only what can be set side by side counts: one method, backbone and benchmark, and one value on either side, or one
    for the same trained share. Numbers read off plots or in notes do not count.
    """
    origins = survey.origins_by_id
    known = [number for number in survey.results if origins[number.origin].read_in not in ("plot", "notes")]
    originals: dict[Setting, list[Result]] = defaultdict(list)
    for number in known:
        if number.method_key and number.method_key == origins[number.origin].key and number.claim in ("own", ""):
            originals[_setting(number)].append(number)
    for number in known:
        if number.method_key and number.method_key != origins[number.origin].key:
            original = _original(number, originals.get(_setting(number), ()))
            if original is not None and not (pair := Pair(own=original, other=number)).same:
                yield pair


def _setting(number: Result) -> Setting:
    return number.method, number.backbone, number.benchmark


def _original(number: Result, candidates: Sequence[Result]) -> Result | None:
    """Return the one number of the paper that another can be set beside; None if there is none, or no telling which."""
    share = [candidate for candidate in candidates if candidate.trained_percent == number.trained_percent]
    for kept in (candidates, share):
        if kept and len({candidate.value for candidate in kept}) == 1:
            return kept[0]
    return None


def _digits(value: str) -> int:
    return len(value.partition(".")[2])
