"""Contests: what one comparable group says about one task, with the best number that each method has in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from peft_vlm_survey.compare.groups import Group, every_group, main_of, method_of
from peft_vlm_survey.compare.rerun_scatter import rerun_scatter
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.read.results import Result

BEATS, LEVEL, LOSES = 1.0, 0.5, 0.0


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)  # each is made once, and told by its identity
class Contest:
    """The methods of one group on one task, each with its best number on the benchmark that ranks them there.

    `untuned` is the best number of a model as it is. A difference of at most `scatter` is none. `partial` says that what
    ranks them is one part of an average that is known, but not of this group.
    """

    group: Group
    task: str
    main: Benchmark
    best: Mapping[str, Result]
    untuned: Result | None
    scatter: Decimal
    partial: bool = False

    def worth(self, number: Result) -> Decimal:
        """Return a number so that more is better."""
        return self.main.worth(number.value)

    def meeting(self, one: str, other: str) -> float:
        """Return 1 if the one method is better here than the other, 0 if it is worse, and a half if they are level."""
        difference = self.worth(self.best[one]) - self.worth(self.best[other])
        return LEVEL if abs(difference) <= self.scatter else BEATS if difference > 0 else LOSES

    @property
    def order(self) -> tuple[str, ...]:
        """The methods, the best first; those of one value by name."""
        return tuple(sorted(self.best, key=lambda method: (-self.worth(self.best[method]), method)))


def contests(survey: Survey) -> tuple[Contest, ...]:
    """Return every contest, in the order of the results; one with a single method is one too."""
    return survey.derived(_contests)


def _contests(survey: Survey) -> tuple[Contest, ...]:
    return tuple(
        contest for group in every_group(survey).values() if group.comparable for contest in _of(survey, group)
    )


def _parts(survey: Survey) -> frozenset[str]:
    return frozenset(part for benchmark in survey.benchmarks for part in benchmark.parts)


def _of(survey: Survey, group: Group) -> Iterator[Contest]:
    """Yield a contest for each task that the group reports."""
    for task in dict.fromkeys(benchmark.task for benchmark in group.benchmarks if benchmark.task):
        benchmarks = [benchmark for benchmark in group.benchmarks if benchmark.task == task]
        if contest := _contest(survey, group, task, benchmarks):
            yield contest


def _contest(survey: Survey, group: Group, task: str, benchmarks: Sequence[Benchmark]) -> Contest | None:
    roles = survey.roles_of_methods
    numbers = {
        benchmark.benchmark: [
            number
            for number in group.scores[benchmark.benchmark]
            if survey.origins_by_id[number.origin].read_in != "notes" and roles.get(number.method) != "system"
        ]
        for benchmark in benchmarks
    }
    methods = {name: {method_of(n) for n in results if not roles.get(n.method)} for name, results in numbers.items()}
    most = max(map(len, methods.values()))
    if not most:
        return None
    # An average that few of the methods have ranks nothing.
    usual = tuple(b for b in benchmarks if 2 * len(methods[b.benchmark]) >= most)
    main = main_of(usual, {b.benchmark: len(numbers[b.benchmark]) for b in usual})
    best: dict[str, Result] = {}
    untuned: Result | None = None
    for number in numbers[main.benchmark]:
        worth = main.worth(number.value)
        if roles.get(number.method):
            if untuned is None or worth > main.worth(untuned.value):
                untuned = number
        else:
            method = method_of(number)
            if method not in best or worth > main.worth(best[method].value):
                best[method] = number
    return Contest(
        group=group,
        task=task,
        main=main,
        best=best,
        untuned=untuned,
        scatter=rerun_scatter(survey, group.protocol, main),
        partial=main.benchmark in survey.derived(_parts),
    )
