"""What the findings of the synthesis rest on: one measure a finding, over every comparable group that can bear it."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import combinations, pairwise
from statistics import median

from peft_vlm_survey.compare.experiments import experiments, points
from peft_vlm_survey.compare.gain import REFERENCE
from peft_vlm_survey.compare.groups import Group, groups, method_of
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.results import Result

FEWEST = 3  # methods of a table of which one can be said to come first
LORA = "hu2022lora"
_LARGE = 1_000_000_000  # parameters
_ROUND = re.compile(r"(?P<suite>.+)-\d{4}-\d{2}")
_ZERO_SHOT = ("Zero-shot CLIP", "Zero-shot BiomedCLIP")


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """A measure: its `value`, what chance alone would give, the counts behind it, and how many papers' tables they come from."""

    value: float
    counts: Mapping[str, int | float]
    papers: int
    chance: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FullGain:
    """The gains over full fine-tuning in one comparable group, the best of each method, in points of 100."""

    group: Group
    gains: Mapping[str, float]
    training_examples: int | None

    @property
    def middle(self) -> float:
        """Return the gain of the middle method."""
        return median(self.gains.values())

    @property
    def best(self) -> float:
        """Return the gain of the best method."""
        return max(self.gains.values())


def full_gains(survey: Survey) -> tuple[FullGain, ...]:
    """Return every comparable group in which a method stands beside full fine-tuning on a score of 0 to 1 or to 100.

    Numbers known from notes alone do not count, nor older rounds of a benchmark suite. `training_examples` is None where no
    source says how many there are.
    """
    return survey.derived(_full_gains)


def _full_gains(survey: Survey) -> tuple[FullGain, ...]:
    sizes = {
        benchmark: int(dataset.training_examples)
        for dataset in survey.datasets
        if dataset.training_examples
        for benchmark in dataset.members
    }
    found = []
    for group in _newest_groups(survey):
        scale, best = points(group.main), dict[str, float]()
        for entry in group.entries:
            gain = group.gain(entry)
            if scale and gain is not None and entry.read_in != "notes":
                method = method_of(entry)
                best[method] = max(scale * float(gain), best.get(method, -100.0))
        if best:
            size = sizes.get(group.main.benchmark)
            found.append(FullGain(group=group, gains=best, training_examples=size))
    return tuple(found)


@dataclass(frozen=True, kw_only=True, slots=True)
class TableScores:
    """The best score of each method in one table of a comparable group, in points of 100, more being better."""

    paper: str
    scores: Mapping[str, float]


def table_scores(survey: Survey) -> tuple[TableScores, ...]:
    """Return the scores on the main benchmark of each comparable group, table by table; full fine-tuning is left out.

    Of a benchmark suite that is run again now and then, the newest round counts alone.
    """
    return survey.derived(_table_scores)


def _table_scores(survey: Survey) -> tuple[TableScores, ...]:
    tables: dict[tuple[str, str, str], dict[str, float]] = defaultdict(dict)
    older = _older_rounds(survey)
    for group in _newest_groups(survey):
        scale = points(group.main)
        for entry in group.entries:
            number = entry.on(group.main.benchmark) if entry.origin not in older else None
            if scale and number and entry.read_in != "notes" and entry.method != REFERENCE:
                scores, method = tables[entry.origin, group.protocol, group.backbone], method_of(entry)
                score = scale * float(group.worth(number))
                scores[method] = max(score, scores.get(method, score))
    return tuple(TableScores(paper=survey.origin(origin).key, scores=scores) for (origin, *_), scores in tables.items())


def _newest_groups(survey: Survey) -> list[Group]:
    """Return the comparable groups without those that only an older round of a benchmark suite fills."""
    older = _older_rounds(survey)
    return [group for group in groups(survey) if not older.issuperset(entry.origin for entry in group.entries)]


def _older_rounds(survey: Survey) -> set[str]:
    """Return the rounds of a benchmark suite of no paper that a later one has replaced; a round's name ends in its month."""
    rounds: dict[str, list[str]] = defaultdict(list)
    for table in survey.origins:
        if not table.key and (named := _ROUND.fullmatch(table.origin)):
            rounds[named["suite"]].append(table.origin)
    return {origin for names in rounds.values() for origin in sorted(names)[:-1]}


def _authors(survey: Survey, origin: str) -> str:
    """Return the paper of a table, or the repository that holds a table of no paper."""
    table = survey.origin(origin)
    return table.key or table.source.split("@")[0]


def _papers(survey: Survey, found: Iterable[Group]) -> set[str]:
    return {_authors(survey, number.origin) for group in found for number in group.numbers}


def _match(survey: Survey, *, best: bool) -> Measured:
    found = full_gains(survey)
    matched = sum((f.best if best else f.middle) >= 0 for f in found)
    # If full fine-tuning were one of the methods and luck decided, it would come first in one of k + 1 groups.
    chance = sum(len(f.gains) / (len(f.gains) + 1) if best else 0.5 for f in found)
    return Measured(
        value=matched / len(found),
        counts={"groups": len(found), "matched": matched, "within_one": sum(f.middle >= -1 for f in found)},
        papers=len(_papers(survey, (f.group for f in found))),
        chance=chance,
    )


def few_examples(survey: Survey) -> Measured:
    """Return by how much more the middle method gains with at most 1,000 training examples than with more."""
    known = [f for f in full_gains(survey) if f.training_examples]
    few = [f for f in known if (f.training_examples or 0) <= 1000]
    many = [f for f in known if (f.training_examples or 0) > 1000]
    little, much = median(f.middle for f in few), median(f.middle for f in many)
    return Measured(
        value=little - much,
        counts={
            "few_groups": len(few),
            "few_gain": little,
            "many_groups": len(many),
            "many_loss": -much,
        },
        papers=len(_papers(survey, (f.group for f in known))),
    )


def own_table(survey: Survey) -> Measured:
    """Return how often the method of a paper comes first among the methods of the paper's own table."""
    own = [t for t in table_scores(survey) if t.paper in t.scores and len(t.scores) >= FEWEST]
    first = sum(t.scores[t.paper] == max(t.scores.values()) for t in own)
    return Measured(
        value=first / len(own),
        counts={"tables": len(own), "first": first},
        papers=len({t.paper for t in own}),
        chance=sum(1 / len(t.scores) for t in own),
    )


def same_winner(survey: Survey) -> Measured:
    """Return how often the better of two methods in one group is also the better in a group of other papers on the same task."""
    held: dict[tuple[str, str], list[tuple[Group, float]]] = defaultdict(list)
    for group in _newest_groups(survey):
        if scale := points(group.main):
            worth = {m: scale * float(group.worth(n)) for m, n in group.best.items() if m != REFERENCE}
            for one, other in combinations(sorted(worth), 2):
                if worth[one] != worth[other]:
                    held[one, other].append((group, worth[one] - worth[other]))
    authors = {id(group): _papers(survey, [group]) for group in _newest_groups(survey)}
    counts = {"same": 0, "same_agree": 0, "clear": 0, "clear_agree": 0, "other": 0, "other_agree": 0}
    papers: set[str] = set()
    for places in held.values():
        for (here, ahead), (there, before) in combinations(places, 2):
            if not (involved := authors[id(here)]).isdisjoint(second := authors[id(there)]):
                continue
            agree = (ahead > 0) == (before > 0)
            kinds = ["same" if here.main.task == there.main.task else "other"]
            if kinds == ["same"]:
                papers |= involved | second
                kinds += ["clear"] if min(abs(ahead), abs(before)) > 1 else []
            for kind in kinds:
                counts[kind] += 1
                counts[f"{kind}_agree"] += agree
    return Measured(
        value=counts["same_agree"] / counts["same"], counts=counts, papers=len(papers), chance=counts["same"] / 2
    )


def run_again(survey: Survey) -> Measured:
    """Return by how many points a method's own numbers exceed what others get who run the same configurations, in the median.

    A method counts once, by the median of its configurations: of one method another paper may run dozens.
    """
    ahead: dict[str, list[float]] = defaultdict(list)
    papers = set()
    for rerun in (rerun for experiment in experiments(survey) for rerun in experiment.reruns):
        high, low = (survey.origin(number.origin).key for number in (rerun.highest, rerun.lowest))
        method = rerun.lowest.method_key
        if method and high != low and method in (high, low):
            ahead[method].append(rerun.points if method == high else -rerun.points)
            papers |= {high, low} - {method}
    distances = [median(of_method) for of_method in ahead.values()]
    return Measured(
        value=median(distances),
        counts={
            "methods": len(distances),
            "higher": sum(distance > 0 for distance in distances),
            "pairs": sum(map(len, ahead.values())),
            "most_pairs": max(map(len, ahead.values())),
            "largest": max(distances),
        },
        papers=len(papers),
        chance=len(distances) / 2,
    )


def against_lora(survey: Survey) -> Measured:
    """Return how often another method beats LoRA in a paper whose authors proposed neither; a suite of no paper counts apart."""
    own, third, suite, papers = [], [], [], set()
    for table in table_scores(survey):
        if LORA not in table.scores or table.paper == LORA:
            continue
        for method, score in table.scores.items():
            if method == LORA or method not in survey.papers_by_key:
                continue
            if method == table.paper:
                own.append(score > table.scores[LORA])
            elif not table.paper:
                suite.append(score > table.scores[LORA])
            else:
                third.append(score > table.scores[LORA])
                papers.add(table.paper)
    return Measured(
        value=sum(third) / len(third),
        counts={
            "third": len(third),
            "third_better": sum(third),
            "own": len(own),
            "own_better": sum(own),
            "suite": len(suite),
            "suite_better": sum(suite),
        },
        papers=len(papers),
        chance=len(third) / 2,
    )


def _families(survey: Survey, *, one: str, other: str) -> Measured:
    """Return how often the best of one family beats the best of another in a table of authors who proposed neither."""
    ahead, papers = [], set()
    for table in table_scores(survey):
        best = dict[str, float]()
        for method, score in table.scores.items():
            paper = survey.papers_by_key.get(method)
            if paper and method != table.paper:
                best[paper.family] = max(score, best.get(paper.family, score))
        if one in best and other in best and best[one] != best[other]:
            ahead.append(best[one] - best[other])
            papers.add(table.paper)
    better = sum(distance > 0 for distance in ahead)
    return Measured(
        value=better / len(ahead),
        counts={"tables": len(ahead), "better": better, "distance": median(ahead)},
        papers=len(papers),
        chance=len(ahead) / 2,
    )


def low_rank(survey: Survey) -> Measured:
    """Return how often prompts beat low-rank updates, and beside it how often adapters do."""
    prompts, adapters = (_families(survey, one=one, other="reparameterisation") for one in ("prompt", "adapter"))
    counts = {**prompts.counts, **{f"adapter_{word}": count for word, count in adapters.counts.items()}}
    return Measured(value=prompts.value, counts=counts, papers=prompts.papers, chance=prompts.chance)


def memory(survey: Survey) -> Measured:
    """Return the training memory of a method as a share of that of full fine-tuning in the same table, in the median."""
    kept, time = _ratios(survey, "memory"), _ratios(survey, "training-time")
    counts = {**kept.counts, "time": time.value, "time_configurations": time.counts["configurations"]}
    return Measured(value=kept.value, counts=counts, papers=kept.papers)


def _ratios(survey: Survey, quantity: str) -> Measured:
    """Return a measured cost over that of full fine-tuning in the same table, the least of each method, in the median."""
    tables: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    older = _older_rounds(survey)
    for number in survey.measurements:
        if number.benchmark == quantity and number.origin not in older:
            costs = tables[number.origin, number.backbone]
            costs[number.method] = min(float(number.value), costs.get(number.method, float(number.value)))
    beside = {place: costs for place, costs in tables.items() if REFERENCE in costs}
    ratios = {
        (origin, method): cost / costs[REFERENCE]
        for (origin, _), costs in beside.items()
        for method, cost in costs.items()
        if method != REFERENCE
    }
    return Measured(
        value=median(ratios.values()),
        counts={
            "configurations": len(ratios),
            "below_half": sum(ratio < 0.5 for ratio in ratios.values()),
            "suite": sum(not survey.origin(origin).key for origin, _ in ratios),
            "papers_ratio": median(ratio for (origin, _), ratio in ratios.items() if survey.origin(origin).key),
        },
        papers=len({_authors(survey, origin) for origin, _ in beside}),
    )


def novel_classes(survey: Survey) -> Measured:
    """Return which share of the methods that are tuned on base classes are worse than zero-shot CLIP on novel ones."""
    base_gains, novel_gains = [], []
    papers = set()
    for group in _newest_groups(survey):
        for name in group.scores:
            stem = name.removesuffix("-base")
            if stem == name or "b2n" not in name or "average" not in name or f"{stem}-novel" not in group.scores:
                continue
            base, novel = (dict(_by_method(group.scores[f"{stem}-{part}"])) for part in ("base", "novel"))
            zero = next((method for method in _ZERO_SHOT if method in base and method in novel), None)
            if zero:
                tuned = (base.keys() & novel.keys()) - {zero}
                base_gains += [base[method] - base[zero] for method in sorted(tuned)]
                novel_gains += [novel[method] - novel[zero] for method in sorted(tuned)]
                papers |= _papers(survey, [group])
    worse = sum(gain < 0 for gain in novel_gains)
    return Measured(
        value=worse / len(novel_gains),
        counts={
            "methods": len(novel_gains),
            "worse": worse,
            "base_gain": median(base_gains),
            "novel_gain": median(novel_gains),
        },
        papers=len(papers),
    )


def _by_method(numbers: Iterable[Result]) -> Iterator[tuple[str, float]]:
    """Yield the first number of each method, which is that of the table that was read first."""
    seen = set()
    for number in numbers:
        if number.method not in seen:
            seen.add(number.method)
            yield number.method, float(number.value)


def small_backbones(survey: Survey) -> Measured:
    """Return which share of the scores on images or video come from backbones of at most a billion parameters."""
    sizes = {
        backbone.backbone: int(shape.total_params)
        for backbone in survey.backbones
        if (shape := survey.configurations_by_id.get(backbone.configuration)) and shape.total_params
    }
    seeing = [n for n in survey.results if n.backbone in sizes and survey.benchmark(n.benchmark).category != "language"]
    small = sum(sizes[n.backbone] <= _LARGE for n in seeing)
    return Measured(
        value=small / len(seeing),
        counts={"scores": len(seeing), "large": len(seeing) - small},
        papers=len({_authors(survey, n.origin) for n in seeing}),
    )


def within_noise(survey: Survey) -> Measured:
    """Return which share of neighbours in rank lie closer together than two runs of one configuration do in the median."""
    again: dict[str, list[float]] = defaultdict(list)
    for rerun in (rerun for experiment in experiments(survey) for rerun in experiment.reruns):
        again[rerun.benchmark.category].append(rerun.points)
    overall = median(distance for distances in again.values() for distance in distances)
    steps = within = unsure = 0
    counted = []
    for group in _newest_groups(survey):
        scale, ranked = points(group.main), group.ranked
        if scale is None or len(ranked) < FEWEST:
            continue
        yardstick = median(again[group.main.category]) if again[group.main.category] else overall
        apart = [scale * abs(float(a.value) - float(b.value)) for a, b in pairwise(ranked)]
        counted.append(group)
        unsure += apart[0] < yardstick
        steps += len(apart)
        within += sum(distance < yardstick for distance in apart)
    return Measured(
        value=within / steps,
        counts={"groups": len(counted), "steps": steps, "within": within, "unsure": unsure},
        papers=len(_papers(survey, counted)),
    )


MEASURES: Mapping[str, Callable[[Survey], Measured]] = {
    "best matches full": partial(_match, best=True),
    "middle matches full": partial(_match, best=False),
    "few examples": few_examples,
    "own table": own_table,
    "same winner": same_winner,
    "run again": run_again,
    "against LoRA": against_lora,
    "low rank": low_rank,
    "memory": memory,
    "novel classes": novel_classes,
    "small backbones": small_backbones,
    "within noise": within_noise,
}
