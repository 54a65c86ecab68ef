"""What an answer tells of each method of a ranked list, before any limit is set."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from peft_vlm_survey.choose import words
from peft_vlm_survey.choose.advice import contests_behind, nearest_advice
from peft_vlm_survey.choose.backbones import Choice
from peft_vlm_survey.choose.contests import Contest, contests
from peft_vlm_survey.choose.evidence import Evidence, evidence, few_meetings, key_of, name_of
from peft_vlm_survey.choose.nearness import Nearness, nearness
from peft_vlm_survey.choose.numbers import parameters, readable, size
from peft_vlm_survey.choose.prices import Price, by_form
from peft_vlm_survey.choose.ranked import Ranked, ranked
from peft_vlm_survey.choose.rating import Rating
from peft_vlm_survey.choose.traits import Traits, traits_of
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.papers import CATEGORIES


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A method in its place, with what is known of it; `prices` are those of its usual settings, at least one."""

    survey: Survey
    ranked: Ranked
    advised: bool
    name: str
    key: str
    evidence: Evidence
    prices: tuple[Price, ...]

    @property
    def traits(self) -> Traits:
        """What is known of the method beside numbers and costs, looked up when it is asked for."""
        return traits_of(self.survey, self.key, self.evidence.priced)


def entries(survey: Survey, task: str, backbone: Choice | None) -> tuple[Entry, ...]:
    """Return the entries of a task on a backbone: what the advice names in its order, then the others by the rule."""
    part = part_of(survey, task)
    advice = nearest_advice(survey, task, kind_of(backbone))
    named = advice.methods if advice else ()
    rested_on = contests_behind(survey, advice) if advice else {}
    rows = sorted(ranked(survey, task, backbone), key=lambda row: (*named, row.method).index(row.method))
    return tuple(
        _entry(survey, _as_advised(survey, row, task, backbone, rested_on), backbone, part, advised=row.method in named)
        for row in rows
    )


def _as_advised(
    survey: Survey, row: Ranked, task: str, backbone: Choice | None, rested_on: Mapping[str, Sequence[Contest]]
) -> Ranked:
    """Return a row with the contest that the advice rests on, if that lies no farther off than what tells most."""
    distance = nearness(survey).distance
    reachable = (
        (row.distance,) if backbone else (row.distance, 0)
    )  # without a backbone the advice may be on a like task
    contest = next((c for c in rested_on.get(row.method, ()) if distance(c, task, backbone) in reachable), row.contest)
    return replace(row, contest=contest)


def kind_of(backbone: Choice | None) -> str:
    """Return the kind of a backbone, or that it is not established; empty without a backbone."""
    return (backbone.kind or words.UNKNOWN_KIND) if backbone else ""


def part_of(survey: Survey, task: str) -> str:
    """Return the part of a model that methods act on for a task: `vision` where it is about images alone, or empty."""
    categories = survey.derived(_categories_by_task).get(survey.wider_task(task))
    return "vision" if categories == {"vision"} and "vision" in CATEGORIES else ""


def _categories_by_task(survey: Survey) -> Mapping[str, set[str]]:
    categories: dict[str, set[str]] = defaultdict(set)
    for benchmark in survey.benchmarks:
        categories[benchmark.task].add(benchmark.category)
    return categories


def _entry(survey: Survey, row: Ranked, backbone: Choice | None, part: str, *, advised: bool) -> Entry:
    row_evidence = evidence_of(survey, row.contest, row.method)
    key = key_of(survey, row.method)
    configuration = backbone.configuration if backbone else ""
    formed = by_form(survey, row_evidence.priced, configuration, part) if row_evidence.priced and configuration else ()
    return Entry(
        survey=survey,
        ranked=row,
        advised=advised,
        name=name_of(survey, row.method),
        key=key,
        evidence=row_evidence,
        prices=_nearest_first(formed, row_evidence.printed) or (row_evidence.printed,),
    )


def evidence_of(survey: Survey, contest: Contest, method: str) -> Evidence:
    """Return what a contest tells of a method, worked out once for all of them."""
    return survey.derived(_known_evidence)[contest, method]


def _known_evidence(survey: Survey) -> Mapping[tuple[Contest, str], Evidence]:
    return {
        (contest, method): evidence(survey, contest, method) for contest in contests(survey) for method in contest.best
    }


def beats(rating: Rating, names: Mapping[str, str]) -> str:
    """Return whom a method beat, drew with and lost to, in words; `names` has the name of each."""
    if not rating.met:
        return words.MET_NOBODY
    if rating.met == 1:
        ended = "beaten" if rating.beaten else "lost" if rating.lost else "level"
        return words.MET_ONE[ended].format(whom=_whom([*rating.beaten, *rating.lost], names, 1))
    text = words.BEATS.format(
        beaten=len(rating.beaten), met=rating.met, whom=_whom(rating.beaten, names, words.NAMED_BEATEN)
    )
    if rating.level:
        text += words.LEVEL_WITH.format(level=len(rating.level))
    if rating.lost:
        text += words.LOST_TO.format(lost=len(rating.lost), whom=_whom(rating.lost, names, words.NAMED_LOST))
    return text + "."


def _whom(methods: Sequence[str], names: Mapping[str, str], most: int) -> str:
    if not methods:
        return ""
    text = words.ALL if len(methods) <= most else words.AMONG
    return text.format(whom=", ".join(names[method] for method in methods[:most]))


def price_text(price: Price) -> str:
    """Return what a price says, in words; empty if it says nothing."""
    parts = amounts(price)
    if parts:
        parts.append(words.COSTS["form"].format(setting=price.setting) if price.setting else words.COSTS["printed"])
    sentences = [", ".join(parts)] if parts else []
    if price.memory is not None and price.memory != 1:
        ratio = readable(price.memory)
        sentences.append(words.COSTS["memory"].format(ratio=ratio))
    return "; ".join(sentences)


def amounts(price: Price) -> list[str]:
    """Return what is trained and what is stored per task, in words, as far as it is known."""
    parts = []
    if price.trained is not None:
        share = "" if price.percent is None or not price.setting else readable(price.percent)
        parts.append(
            words.COSTS["trained"].format(number=parameters(price.trained))
            + (words.COSTS["share"].format(percent=share) if share else "")
        )
    elif price.percent is not None:
        parts.append(words.COSTS["percent"].format(percent=readable(price.percent)))
    if price.stored is not None:
        parts.append(words.COSTS["stored"].format(size=size(price.stored)))
    return parts


def traits_text(traits: Traits) -> str:
    """Return what is known of merging, gradient and code, in words; empty if nothing is."""
    parts = [words.MERGES.get(traits.merges, ""), words.GRADIENT.get(traits.gradient, "")]
    if traits.code:
        parts.append(words.CODE.format(code=traits.code, licence=traits.licence or "licence not looked up"))
    return "; ".join(filter(None, parts))


def price_open(price: Price) -> tuple[str, ...]:
    """Return which costs a price leaves open."""
    open_costs = []
    if price.trained is None and price.percent is None:
        open_costs.append(words.OPEN["trained"])
    if price.stored is None:
        open_costs.append(words.OPEN["stored"])
    if price.memory is None:
        open_costs.append(words.OPEN["memory"])
    return tuple(open_costs)


def traits_open(traits: Traits, key: str) -> tuple[str, ...]:
    """Return what else is open of a method; without a paper nobody looked for its code."""
    open_points = [words.OPEN[name] for name in ("merges", "gradient") if not getattr(traits, name)]
    if not traits.same_speed:
        open_points.append(words.OPEN["speed"])
    if key and not traits.has_code:
        open_points.append(words.OPEN["code"])
    if traits.has_code == "yes" and not traits.licence:
        open_points.append(words.OPEN["licence"])
    return tuple(open_points)


def place_open(row: Ranked, task: str, backbone: Choice | None, near: Nearness) -> Iterator[str]:
    """Yield what a number on another task or backbone leaves open, and what few meetings do."""
    if not near.on_task(row.contest, task):
        yield words.OPEN["task"].format(task=task)
    if backbone and row.contest.group.backbone not in backbone.rows:
        yield words.OPEN["backbone"].format(backbone=backbone.name)
    if few_meetings(row.rating.met):
        yield words.OPEN["few"]


def _nearest_first(prices: tuple[Price, ...], printed: Price) -> tuple[Price, ...]:
    """Return prices with the one first that trains most nearly what is printed, in a share or else in a number."""
    for name in ("percent", "trained"):
        wanted = getattr(printed, name)
        if wanted and prices and all(getattr(price, name) for price in prices):
            first = min(prices, key=lambda price: abs(math.log(getattr(price, name) / wanted)))
            return (first, *(price for price in prices if price is not first))
    return prices
