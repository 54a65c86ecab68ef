"""All answers of the chooser before any limit, as plain lists: the page filters them and adds nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from peft_vlm_survey.choose import task_names, words
from peft_vlm_survey.choose.advice import advice_text, nearest_advice
from peft_vlm_survey.choose.answer import names, notes
from peft_vlm_survey.choose.backbones import Choice, choices, further_names
from peft_vlm_survey.choose.contests import contests
from peft_vlm_survey.choose.entries import (
    Entry,
    entries,
    kind_of,
    part_of,
    place_open,
    price_open,
    price_text,
    traits_open,
    traits_text,
)
from peft_vlm_survey.choose.evidence import idea_of
from peft_vlm_survey.choose.lines import lines_of
from peft_vlm_survey.choose.nearness import KIND, KINDRED, nearness
from peft_vlm_survey.choose.prices import Price, part_on, prices_on
from peft_vlm_survey.choose.traits import PERMISSIVE, traits_of
from peft_vlm_survey.costs import card_names
from peft_vlm_survey.costs.answer_types import LinesToRun
from peft_vlm_survey.costs.backbone_names import BESIDE, SIZES
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.tasks import GROUPS

Plain = str | int | float | None | Sequence["Plain"] | Mapping[str, "Plain"]
# What the page fills in where backbones share a list.
_ANY, _KIND = "{backbone}", "{kind}"
_TRAITS = 6  # where in an evidence stands which traits its method has


@dataclass(frozen=True, slots=True)
class _Table:
    """Values that many lists share, each once, by its place."""

    rows: list[Plain] = field(default_factory=list)
    places: dict[object, int] = field(default_factory=dict)

    def place(self, key: object, row: Plain) -> int:
        if key not in self.places:
            self.places[key] = len(self.rows)
            self.rows.append(row)
        return self.places[key]


@dataclass(frozen=True, slots=True)
class _Tables:
    methods: _Table = field(default_factory=_Table)
    evidence: _Table = field(default_factory=_Table)
    printed: _Table = field(default_factory=_Table)
    lists: _Table = field(default_factory=_Table)
    lines: _Table = field(default_factory=_Table)
    runs: _Table = field(default_factory=_Table)
    prices: dict[str, dict[str, Plain]] = field(default_factory=dict)
    traits: list[tuple[str, str]] = field(default_factory=list)


def page_data(survey: Survey) -> dict[str, Plain]:
    """Return what the page of the chooser needs, by name."""
    data, known = survey.derived(_before_traits)
    traits = _Table()
    evidence = [
        [*row[:_TRAITS], _traits(survey, traits, *of), *row[_TRAITS:]]
        for row, of in zip(data["evidence"], known, strict=True)
    ]
    return {**data, "evidence": evidence, "traits": traits.rows}


def _before_traits(survey: Survey) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Return the same without what is known of methods beside their numbers and costs, and whose it is in each evidence.

    That is most of the work, and asks for no paper's code.
    """
    tables = _Tables()
    known = choices(survey)
    tasks: dict[str, Plain] = {}
    groups = _groups(survey)
    for task in (task for members in groups.values() for task in members):
        tasks[task] = {
            "part": part_of(survey, task),
            "lists": {key: _list(survey, tables, task, choice) for key, choice in _askable(survey, task, known)},
        }
    kinds = {choice.id: choice.kind for choice in known.values()}
    data = {
        **task_names.page_data(survey),
        "groups": groups,
        "tasks": tasks,
        "backbones": [
            [choice.id, choice.name, kinds[choice.id], choice.configuration, [*further_names(survey, choice)]]
            for choice in known.values()
        ],
        "beside": sorted(BESIDE),
        "sizes": dict(SIZES),
        "methods": tables.methods.rows,
        "evidence": tables.evidence.rows,
        "printed": tables.printed.rows,
        "prices": tables.prices,
        "lists": tables.lists.rows,
        "lines": tables.lines.rows,
        "runs": tables.runs.rows,
        "words": _words(),
        "rule": list(words.RULE),
        "cards": card_names.page_data(survey.cards),
    }
    return data, tables.traits


def _groups(survey: Survey) -> dict[str, list[str]]:
    """Return the tasks of each group, each followed by the narrower ones within it."""

    def with_narrower(task: str) -> list[str]:
        return [task, *(asked.task for asked in survey.asked_tasks if asked.within == task)]

    return {name: [asked for task in tasks for asked in with_narrower(task)] for name, tasks in GROUPS.items()}


def _askable(survey: Survey, task: str, known: Mapping[str, Choice]) -> Iterable[tuple[str, Choice | None]]:
    """Yield each list of a task that differs: without a backbone, of each that has numbers, and of each kind without."""
    yield "", None
    near = nearness(survey)
    for choice in known.values():
        on_backbone = [contest for contest in contests(survey) if contest.group.backbone in choice.rows]
        if any(near.distance(contest, task, choice) for contest in on_backbone):
            yield choice.id, choice
    for kind in dict.fromkeys(choice.kind for choice in known.values() if choice.kind):
        choice = Choice(id=_ANY, name=_ANY, kind=kind, configuration="", rows=frozenset())
        said = nearest_advice(survey, task, kind) is not nearest_advice(survey, task, words.UNKNOWN_KIND)
        if said or any(near.distance(contest, task, choice) in (KIND, KINDRED) for contest in contests(survey)):
            yield f"kind {kind}", choice
    yield "other", Choice(id=_ANY, name=_ANY, kind=_KIND, configuration="", rows=frozenset())


def _list(survey: Survey, tables: _Tables, task: str, choice: Choice | None) -> int:
    candidates = entries(survey, task, choice)
    row: list[Plain] = [
        [advice_text(survey, task, kind_of(choice)), *notes(survey, task, choice, candidates)],
        [_entry(survey, tables, entry, task, choice) for entry in candidates],
    ]
    for configuration in _configurations(survey, choice):
        _price(survey, tables, candidates, configuration, part_on(survey, configuration, part_of(survey, task)))
    return tables.lists.place(repr(row), row)


def _configurations(survey: Survey, choice: Choice | None) -> Iterable[str]:
    """Yield the shapes that a list may be priced on: those of its backbone, or of every one of its kind."""
    if choice is None:
        return
    if choice.id != _ANY:
        yield choice.configuration
    else:  # in the order of the choices, so that the same data give the same bytes
        others = [other for other in choices(survey).values() if choice.kind in (other.kind, _KIND)]
        yield from dict.fromkeys(other.configuration for other in others)


def _price(survey: Survey, tables: _Tables, candidates: Iterable[Entry], configuration: str, part: str) -> None:
    if not configuration:
        return
    by_method = tables.prices.setdefault(f"{configuration}|{part}", {})
    for id in dict.fromkeys(entry.evidence.priced for entry in candidates if entry.evidence.priced):
        if id not in by_method:
            prices = survey.derived(_PricesOn(configuration, part)).get(id, ())
            by_method[id] = [[*price, _run(tables, lines)] for price, lines in prices]


@dataclass(frozen=True, slots=True)
class _PricesOn:
    """What the page says of the price of every method on a backbone or a part of it: at each setting, and how to run that.

    No number that was reported counts for it.
    """

    configuration: str
    part: str

    def __call__(self, survey: Survey) -> Mapping[str, list[tuple[list[Plain], list[tuple[str, str]]]]]:
        """Return it by method."""
        return {
            id: [(_plain(price), _lines(lines_of(survey, id, self.configuration, price))) for price in prices]
            for id, prices in prices_on(survey, self.configuration, self.part).items()
        }


def _lines(blocks: Iterable[LinesToRun]) -> list[tuple[str, str]]:
    """Return the lines that run a setting, each a title and what is copied."""
    return [(block["title"], "\n".join(block["lines"])) for block in blocks]


def _run(tables: _Tables, blocks: Iterable[tuple[str, str]]) -> int:
    """Return the place of such lines."""
    row: list[Plain] = [tables.lines.place(block, list(block)) for block in blocks]
    return tables.runs.place(tuple(row), row)


def _plain(price: Price) -> list[Plain]:
    costs = (price.trained, price.percent, price.stored, price.memory, price.least, price.enough)
    return [
        price_text(price),
        *(None if cost is None else float(f"{cost:.6g}") for cost in costs),
        [*price_open(price)],
    ]


def _entry(survey: Survey, tables: _Tables, entry: Entry, task: str, choice: Choice | None) -> list[Plain]:
    """Return an entry: method, distance, evidence, whom it beat, drew with and lost to, whether it is advised, and what its place leaves open."""
    row, rating = entry.ranked, entry.ranked.rating
    place = tables.methods.places
    for method in (row.method, *rating.beaten[: words.NAMED_BEATEN], *rating.lost[: words.NAMED_LOST]):
        _method(survey, tables, method)
    return [
        place[row.method],
        row.distance,
        _evidence(tables, entry),
        [place[method] for method in rating.beaten[: words.NAMED_BEATEN]],
        len(rating.beaten),
        len(rating.level),
        [place[method] for method in rating.lost[: words.NAMED_LOST]],
        len(rating.lost),
        int(entry.advised),
        list(place_open(row, task, choice, nearness(survey))),
    ]


def _method(survey: Survey, tables: _Tables, method: str) -> None:
    key = method if method in survey.references else ""
    tables.methods.place(method, [names(survey)[method], key, idea_of(survey, key)])


def _traits(survey: Survey, table: _Table, key: str, priced: str) -> int:
    """Return the place of what is known of a method beside its numbers."""
    traits = traits_of(survey, key, priced)
    row: list[Plain] = [
        traits_text(traits),
        list(traits_open(traits, key)),
        traits.same_speed,
        traits.gradient,
        traits.has_code,
        "" if not traits.licence else "yes" if traits.licence in PERMISSIVE else "no",
        int(traits.trains),
    ]
    return table.place(repr(row), row)


def _evidence(tables: _Tables, entry: Entry) -> int:
    evidence, key = entry.evidence, (id(entry.ranked.contest), entry.ranked.method)
    if key in tables.evidence.places:
        return tables.evidence.places[key]
    tables.traits.append((entry.key, evidence.priced))
    printed = _plain(evidence.printed)
    row: list[Plain] = [
        evidence.why,
        evidence.word,
        list(evidence.open),
        evidence.data,
        evidence.priced,
        tables.printed.place(repr(printed), printed),
        f"papers/{evidence.home}.html#{evidence.anchor}" if evidence.home else "",
    ]
    return tables.evidence.place(key, row)


def _words() -> dict[str, Plain]:
    return {
        "beats": words.BEATS,
        "among": words.AMONG,
        "all": words.ALL,
        "level": words.LEVEL_WITH,
        "lost": words.LOST_TO,
        "nobody": words.MET_NOBODY,
        "one": dict(words.MET_ONE),
        "memory": words.MEMORY_LIMIT,
        "none": words.NONE_KEEPS,
        "within": words.OPEN["within"],
        "unknownKind": words.UNKNOWN_KIND,
        "catalogue": words.CATALOGUE.partition("{")[0],
        "uncompared": words.UNCOMPARED.partition("{")[0],
        "alone": words.ALONE,
        "advised": words.ADVISED,
        "limits": dict(words.LIMITS),
        "heads": dict(words.HEADS),
    }
