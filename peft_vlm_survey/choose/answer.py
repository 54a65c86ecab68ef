"""The answer to a question: methods in order with their reasons, what may keep the limits, and what is left out."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from peft_vlm_survey.choose import words
from peft_vlm_survey.choose.advice import advice_text, unnumbered
from peft_vlm_survey.choose.backbones import Choice
from peft_vlm_survey.choose.contests import contests
from peft_vlm_survey.choose.entries import (
    Entry,
    beats,
    entries,
    kind_of,
    place_open,
    price_open,
    price_text,
    traits_open,
    traits_text,
)
from peft_vlm_survey.choose.evidence import idea_of, name_of
from peft_vlm_survey.choose.limits import BREAKS, KEEPS, UNKNOWN, Judged, judged, scored_beyond
from peft_vlm_survey.choose.lines import lines_of
from peft_vlm_survey.choose.nearness import OTHER, SAME, nearness
from peft_vlm_survey.choose.numbers import readable
from peft_vlm_survey.choose.prices import Price
from peft_vlm_survey.choose.question import Question
from peft_vlm_survey.choose.recipes import ran_of
from peft_vlm_survey.choose.task_names import section_said
from peft_vlm_survey.compare.groups import method_of
from peft_vlm_survey.costs.answer_types import LinesToRun
from peft_vlm_survey.costs.card_names import GIB
from peft_vlm_survey.model import Survey


@dataclass(frozen=True, kw_only=True, slots=True)
class Method:
    """A method in an answer: `idea` says what it does, and `lines` why this one, what it beats, on whose word, what it costs, what is not known.

    `about` names the limits that it may break. `scored_with` is the share that its number was reached with, where the price
    trains less than half of that. `origin` and `anchor` lead to the number that tells most of it.
    `ran` says what others ran, `recipe` the nearest of it, which stands at `recipe_address`. `run` are lines that run the
    method at the setting that is priced, in libraries that have it; `script` are those of the nearest recipe whose repository
    names a command; `script_of` says of what, and `script_address` where it is stated.
    """

    method: str
    name: str
    key: str
    idea: str
    advised: bool
    distance: int
    rating: float
    met: int
    beaten: int
    lines: Mapping[str, str]
    price: Price
    licence: str
    about: tuple[str, ...]
    scored_with: str
    origin: str
    anchor: str
    ran: str
    recipe: str
    recipe_address: str
    run: tuple[LinesToRun, ...]
    script: tuple[str, ...]
    script_of: str
    script_address: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """A method that breaks limits, and which."""

    method: str
    name: str
    breaks: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A person's advice; methods that keep every limit and those that may, in order; those left out; what to know first.

    `unnumbered` are the methods of the advice of which no number can be compared.
    """

    task: str
    backbone: str
    advice: str
    unnumbered: tuple[str, ...]
    notes: tuple[str, ...]
    methods: tuple[Method, ...]
    unknown: tuple[Method, ...]
    left_out: tuple[LeftOut, ...]
    rule: tuple[str, ...] = words.RULE


def choose(question: Question, survey: Survey) -> Answer:
    """Return the answer to a question."""
    candidates = entries(survey, question.task, question.backbone)
    size = question.limits.memory_bytes
    judgements = [
        (entry, judged(question.limits, entry.prices, entry.traits, entry.evidence.data)) for entry in candidates
    ]

    def of(verdict: str) -> tuple[Method, ...]:
        return tuple(_method(survey, question, *pair) for pair in judgements if pair[1].verdict == verdict)

    return Answer(
        task=question.task,
        backbone=question.backbone.id if question.backbone else "",
        advice=advice_text(survey, question.task, kind_of(question.backbone)),
        unnumbered=_unnumbered(survey, question.task, question.backbone, candidates),
        notes=(
            *notes(survey, question.task, question.backbone, candidates),
            *([words.MEMORY_LIMIT.format(gb=f"{size / GIB:g}")] if candidates and size is not None else []),
            *(
                [words.NONE_KEEPS]
                if candidates and not any(judgement.verdict == KEEPS for _, judgement in judgements)
                else []
            ),
        ),
        methods=of(KEEPS),
        unknown=of(UNKNOWN),
        left_out=tuple(
            LeftOut(method=entry.ranked.method, name=entry.name, breaks=tuple(words.LIMITS[n] for n in judgement.about))
            for entry, judgement in judgements
            if judgement.verdict == BREAKS
        ),
    )


def _method(survey: Survey, question: Question, entry: Entry, judgement: Judged) -> Method:
    row, evidence = entry.ranked, entry.evidence
    beyond = scored_beyond(question.limits, evidence.printed, judgement.price, on_backbone=row.distance == SAME)
    unknown = (
        *place_open(row, question.task, question.backbone, nearness(survey)),
        *evidence.open,
        *([words.OPEN["within"]] if beyond else []),
        *price_open(judgement.price),
        *traits_open(entry.traits, entry.key),
    )
    costs = "; ".join(filter(None, (price_text(judgement.price), traits_text(entry.traits))))
    lines = {
        "why": evidence.why,
        "beats": beats(row.rating, names(survey)),
        "word": evidence.word,
        "costs": f"{costs[:1].upper()}{costs[1:]}." if costs else "",
        "open": f"{'; '.join(unknown)}." if unknown else "",
    }
    blocks = lines_of(
        survey, evidence.priced, question.backbone.configuration if question.backbone else "", judgement.price
    )
    others = ran_of(survey, entry, question.task, question.backbone)
    return Method(
        method=row.method,
        name=entry.name,
        key=entry.key,
        idea=idea_of(survey, entry.key),
        advised=entry.advised,
        distance=row.distance,
        rating=row.rating.strength,
        met=row.rating.met,
        beaten=len(row.rating.beaten),
        lines={name: text for name, text in lines.items() if text},
        price=judgement.price,
        licence=entry.traits.licence,
        about=tuple(words.LIMITS[name] for name in judgement.about),
        scored_with=_scored_with(evidence.printed, judgement.price),
        origin=evidence.origin,
        anchor=evidence.anchor,
        ran=others.said,
        recipe=others.nearest,
        recipe_address=others.address,
        run=tuple(blocks),
        script=others.script,
        script_of=others.script_of,
        script_address=others.script_address,
    )


def _scored_with(printed: Price, price: Price) -> str:
    less = printed.percent and price.percent and 2 * price.percent < printed.percent
    return f"{readable(printed.percent)} %" if less and printed.percent else ""


def names(survey: Survey) -> Mapping[str, str]:
    """Return the name of every method, by what tells it from others."""
    return survey.derived(_names)


def _names(survey: Survey) -> Mapping[str, str]:
    return {method: name_of(survey, method) for contest in contests(survey) for method in contest.best}


def notes(survey: Survey, task: str, backbone: Choice | None, candidates: Sequence[Entry]) -> Iterator[str]:
    """Yield what to know of a list before any of its methods: how near it lies, and what the literature holds."""
    if not candidates:
        yield words.NOTHING.format(task=task)
    else:
        yield from _nearness(survey, task, backbone, candidates)
    if advised := _unnumbered(survey, task, backbone, candidates):
        yield words.UNNUMBERED.format(methods="; ".join(advised))
    alone = uncompared(survey, task)
    if alone:
        named = [names(survey).get(method) or name_of(survey, method) for method in alone[: words.UNCOMPARED_NAMED]]
        more = f" and {len(alone) - len(named)} more" if len(alone) > len(named) else ""
        yield words.UNCOMPARED.format(names="; ".join(named) + more)
    wider = survey.wider_task(task)
    yield words.CATALOGUE.format(count=survey.derived(_papers_by_task).get(wider, 0), task=wider)
    if section := section_said(task, survey):
        yield section


def _unnumbered(survey: Survey, task: str, backbone: Choice | None, candidates: Sequence[Entry]) -> tuple[str, ...]:
    return unnumbered(survey, task, kind_of(backbone), {entry.ranked.method for entry in candidates})


def _papers_by_task(survey: Survey) -> Mapping[str, int]:
    """Return how many papers a task has: every list asks, and the papers are many."""
    return Counter(task for paper in survey.papers for task in {*paper.task})


def uncompared(survey: Survey, task: str) -> tuple[str, ...]:
    """Return the methods that have numbers on a task, none of which can be compared, in the order of the results."""
    return survey.derived(_uncompared).get(task, ())


def _uncompared(survey: Survey) -> Mapping[str, tuple[str, ...]]:
    """Return them by task: every list of a task asks, and the results are many."""
    known: dict[str, set[str]] = defaultdict(set)
    for contest in contests(survey):
        known[contest.task].update(contest.best)
    methods_by_task: dict[str, dict[str, None]] = defaultdict(dict)
    for number in survey.results:
        if number.method not in survey.roles_of_methods:
            methods_by_task[survey.benchmarks_by_id[number.benchmark].task][method_of(number)] = None
    return {
        task: tuple(method for method in methods if method not in known[task])
        for task, methods in methods_by_task.items()
    }


def _nearness(survey: Survey, task: str, backbone: Choice | None, candidates: Sequence[Entry]) -> Iterator[str]:
    met = [entry.ranked.distance for entry in candidates if entry.ranked.rating.met]
    nearest = min(entry.ranked.distance for entry in candidates)
    first = min(met, default=OTHER)
    if not met or first > nearest + 1:
        yield words.ALONE
        first = nearest
        if first == SAME:
            return
    here = [entry for entry in candidates if entry.ranked.distance == first]
    if backbone is None:
        yield words.NO_BACKBONE.format(task=task, count=_methods(len(here)))
    else:
        backbones = Counter(entry.ranked.contest.group.backbone for entry in here)
        as_one = first == SAME and survey.wider_task(task) == task
        most = [name for name, _ in backbones.most_common(words.BACKBONES_NAMED)]
        yield words.NEAREST[first].format(
            task=" and ".join(dict.fromkeys(e.ranked.contest.task for e in here)) if as_one else task,
            backbone=backbone.name,
            in_tables=words.IN_TABLES.format(name=backbone.in_tables) if backbone.in_tables else "",
            kind=backbone.kind or words.UNKNOWN_KIND,
            kindred=", ".join(dict.fromkeys(entry.ranked.contest.task for entry in here)),
            backbones=", ".join(most) + (" and others" if len(backbones) > len(most) else ""),
            count=_methods(len(here)),
        )
    beaten = sum(_untuned_is_better(entry) for entry in here)
    if beaten and first == SAME:
        yield words.UNTUNED.format(count=beaten)


def _methods(count: int) -> str:
    return f"{count} methods" if count != 1 else "one method"


def _untuned_is_better(entry: Entry) -> bool:
    contest = entry.ranked.contest
    if contest.untuned is None:
        return False
    return contest.worth(contest.untuned) > contest.worth(contest.best[entry.ranked.method])
