"""What can be set side by side under a name: every named paper, and what tables report that no paper is known of."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from peft_vlm_survey.compare.groups import method_of
from peft_vlm_survey.costs import METHODS
from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import suggest
from peft_vlm_survey.read.folding import folded
from peft_vlm_survey.read.methods import Method

MOST = 4  # methods that are set side by side at once


class NoSuchMethod(Exception):
    """A name that means no method, or several."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Choosable:
    """A method by its id in addresses: short where its name is its own, else the key of its paper, which always leads to it.

    `method` is what tells its numbers from those of others (see `method_of`), `names` are all by which it is found.
    """

    id: str
    key: str
    method: str
    name: str
    names: tuple[str, ...]


def choosable(survey: Survey) -> Mapping[str, Choosable]:
    """Return everything that can be chosen by its id: papers in their order, then methods without a paper."""
    return survey.derived(_choosable)


def choosable_by_method(survey: Survey) -> Mapping[str, Choosable]:
    """Return the same by the key of the paper, or the name of a method without one."""
    return survey.derived(_by_method)


def chosen(survey: Survey, word: str) -> Choosable:
    """Return the method that a reader means by a word: its id, its key, or a name of it, in any case.

    Of several whose name is written so but for case, it is the one that the short id leads to. Raises NoSuchMethod, with
    what to type instead.
    """
    known = choosable(survey)
    by_key = choosable_by_method(survey)
    if word in known or word in by_key:
        return known.get(word) or by_key[word]
    wanted = folded(word)
    named = [choice for choice in known.values() if wanted in map(folded, (choice.name, *choice.names))]
    alike = [choice for choice in named if folded(choice.name) == wanted]
    if len({choice.name for choice in alike}) > 1 and (best := known.get(slug(word))) in alike:
        return best
    if len(named) == 1:
        return named[0]
    if named:
        raise NoSuchMethod(
            f"'{word}' is the name of {len(named)} methods.\n    Say which: {', '.join(choice.id for choice in named)}."
        )
    by_name = {choice.name: choice.id for choice in known.values()}
    raise NoSuchMethod(
        f"no method '{word}'.\n    {suggest(word, [*by_name, *known], 'Type a name of the catalogue, or the key of a paper.')}"
    )


def namesakes(survey: Survey, word: str, taken: Choosable) -> tuple[Choosable, ...]:
    """Return the other methods whose name is that of a taken one but for case; none where a word is an id or a key."""
    if word in (taken.id, taken.key, taken.name):
        return ()
    others = (choice for choice in choosable(survey).values() if folded(choice.name) == folded(taken.name))
    return tuple(choice for choice in others if choice is not taken)


def beside_first(survey: Survey, methods: Sequence[str]) -> Mapping[str, tuple[Choosable, Choosable]]:
    """Return what to set each of some methods beside: the first of them, and that one beside the second."""
    known = choosable_by_method(survey)
    listed = [known[method] for method in methods if method in known]
    if len(listed) < 2:
        return {}
    first, second, *_ = listed
    return {choice.method: (choice, second if choice is first else first) for choice in listed}


def first_ids(survey: Survey, methods: Sequence[str]) -> str:
    """Return the ids of the first methods that can be set side by side, as an address has them; nothing for fewer than two."""
    known = choosable_by_method(survey)
    ids = [known[method].id for method in dict.fromkeys(methods) if method in known][:MOST]
    return ",".join(ids) if len(ids) > 1 else ""


def slug(name: str) -> str:
    """Return a name as an address has it: small letters, digits and hyphens.

    >>> slug("MaPLe"), slug("(IA)³"), slug("M²IST"), slug("Q-Former + LoRA")
    ('maple', 'ia3', 'm2ist', 'q-former-lora')
    """
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"[()\[\]'’]", "", folded(name))).strip("-")


def _choosable(survey: Survey) -> Mapping[str, Choosable]:
    choices = [*_papers(survey), *_without_paper(survey)]
    owner = _owners(survey, choices)
    listed = [
        Choosable(
            id=short if owner.get(short := slug(choice.name)) == choice.method else (choice.key or choice.method),
            key=choice.key,
            method=choice.method,
            name=choice.name,
            names=choice.names,
        )
        for choice in choices
    ]
    return {choice.id: choice for choice in listed}


def _by_method(survey: Survey) -> Mapping[str, Choosable]:
    return {choice.method: choice for choice in choosable(survey).values()}


def _papers(survey: Survey) -> Iterator[Choosable]:
    """Yield every paper that has a name, and every work whose method has numbers."""
    also: dict[str, list[str]] = {}
    for method in survey.methods:
        if method.key:
            also.setdefault(method.key, []).extend((method.method, *method.aliases))
    for priced in METHODS.values():  # which may be one of several that a paper has
        also.setdefault(priced.key, []).extend((priced.name, priced.id))
    reported = {number.method_key for number in survey.results} - {""}
    papers = {paper.key: paper for paper in survey.papers}
    for key in (*papers, *sorted(reported - papers.keys())):
        paper = papers.get(key)
        if key in reported or (paper and paper.name):
            name = survey.name(key)
            aliases = (*(paper.aliases if paper else ()), *also.get(key, ()))
            names = tuple(dict.fromkeys(alias for alias in aliases if alias != name))
            yield Choosable(id="", key=key, method=key, name=name, names=names)


def _without_paper(survey: Survey) -> Iterator[Choosable]:
    """Yield what tables report without a paper, each once in all its settings, by the name without them."""
    rows: dict[str, list[Method]] = {}
    known = survey.methods_by_id
    for number in survey.results:
        if not number.method_key and number.method in known:
            settings = rows.setdefault(method_of(number), [])
            if known[number.method] not in settings:
                settings.append(known[number.method])
    for name, methods in rows.items():
        names = (alias for method in methods for alias in (method.method, *method.aliases) if alias != name)
        yield Choosable(id="", key="", method=name, name=name, names=tuple(dict.fromkeys(names)))


def _owners(survey: Survey, choices: list[Choosable]) -> Mapping[str, str]:
    """Return whose each short id is: of those of one name the one with most numbers, then the older, then by its key."""
    numbers = Counter(map(method_of, survey.results))

    def worth(choice: Choosable) -> tuple[int, int, str]:
        year = survey.references[choice.key].year if choice.key else 0
        return -numbers[choice.method], year, choice.method

    owner: dict[str, str] = {}
    for choice in sorted(choices, key=worth):
        owner.setdefault(slug(choice.name), choice.method)
    taken = {choice.key for choice in choices if choice.key}
    return {short: method for short, method in owner.items() if short and (short not in taken or short == method)}
