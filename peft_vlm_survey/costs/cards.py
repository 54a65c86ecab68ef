"""Does it fit: a run on so many cards of one size, what decides it, and what to change first."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from peft_vlm_survey.costs.card_names import read_card
from peft_vlm_survey.costs.count import Counts
from peft_vlm_survey.costs.gradient_path import let_in, one_length
from peft_vlm_survey.costs.limits import HALF, CostError
from peft_vlm_survey.costs.memory import GB, Range
from peft_vlm_survey.costs.need import CONTEXT, Need, need
from peft_vlm_survey.costs.options import Options
from peft_vlm_survey.costs.resolution import has_a_resolution
from peft_vlm_survey.costs.setting import Setting
from peft_vlm_survey.costs.step import WEIGHTS_TOO
from peft_vlm_survey.read.cards import Card

MOST_CARDS = 4096
SAY_NUMBER = "Give a whole number of cards, such as 2."
# An allocator that runs out gives back what it can; this much of what is needed stays scattered.
SCATTERED = 1.05
FITS, MAY, NOT = "fits", "may fit", "does not fit"
ADVICE = 5
SMALL, SHORT = 512, 256  # pixels of the side of an image, and tokens, below which nothing smaller is advised


@dataclass(frozen=True, kw_only=True, slots=True)
class Cards:
    """So many cards of one size, in bytes; `note` is what must be known of such a card."""

    size: float
    number: int = 1
    note: str = ""


def read_cards(size: str, number: str = "1", known: Iterable[Card] = ()) -> Cards:
    """Return the cards; a size as cards are sold, in GiB whatever it is called, or a name that is known. Raises CostError.

    >>> read_cards("24GB", "2") == read_cards("24 GiB", "2") == Cards(size=24 * 1024**3, number=2)
    True
    >>> read_cards("A100-40G") == read_cards("40GB")
    True
    """
    in_bytes, note = read_card(size, known)
    if not re.fullmatch(r"[0-9]+", number) or not 0 < int(number) <= MOST_CARDS:
        raise CostError(f"gpus '{number}' is impossible.", SAY_NUMBER)
    return Cards(size=in_bytes, number=int(number), note=note)


# What would settle whether a run fits that may fit.
SETTLES = (
    "train one step, on the longest examples if they differ: "
    "it fits if torch.cuda.max_memory_allocated() stays below {most} GB"
)
# What may be changed, that which changes the result least first. Where its first word does not apply to a run, or holds
# already, none of it is advised; a later word is then left out. The calculator in the browser reads the same table.
HALVED = "half"
WAYS: tuple[Mapping[str, str], ...] = (
    {"encoders": "none"},
    {"tower": "frozen"},
    {"logits": "fused"},
    {"checkpointing": "yes"},
    {"upcast": "no"},
    {"optimizer": "8bit"},
    {"optimizer": "paged-8bit"},
    {"sharding": "zero2"},
    {"sharding": "zero3"},
    {"offload": "yes"},
    {"sharding": "zero3", "offload": "yes"},
    {"batch": HALVED},
    {"batch": "1"},
    {"precision": "4"},
    {"precision": "4", "checkpointing": "yes", "logits": "fused"},
    {"encoders": "none", "checkpointing": "yes"},
    {"precision": "4", "checkpointing": "yes", "encoders": "none"},
    {"resolution": str(SMALL)},
    {"length": HALVED},
)


def card_for(needed: Range) -> tuple[float, float]:
    """Return the bytes that a card must have for a need, and those with which it is large enough.

    The range is the one that published runs of the kind calibrate.
    """
    return needed.low + CONTEXT, needed.high * SCATTERED + CONTEXT


def verdict(needed: Range, cards: Cards) -> str:
    """Return whether what is needed fits on each of the cards: fits, may fit, or does not fit."""
    least, enough = card_for(needed)
    if enough <= cards.size:
        return FITS
    return NOT if least > cards.size else MAY


def on_cards(options: Options, cards: Cards) -> Options:
    """Return the options of a run on these cards: with more than one, each holds all, unless something else is said."""
    return replace(options, sharding="ddp") if cards.number > 1 and options.sharding == "none" else options


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """Something to change, and what the run then needs."""

    words: str
    needed: Range
    verdict: str


def fitting(counts: Counts, options: Options, cards: Cards) -> tuple[Need, str] | None:
    """Return what a run on these cards needs and whether it fits; None if nothing was traced."""
    needs = need(counts, on_cards(options, cards), cards.number)
    if needs is None:
        return None
    return needs, verdict(needs.needed, cards)


def usual_card(needs: Need | None) -> tuple[float, float] | None:
    """Return the bytes that one card must have for what a run needs with what is usual, and those with which it is large enough."""
    return None if needs is None else card_for(needs.needed)


def settles(cards: Cards) -> str:
    """Return what would settle whether a run fits: a step to try."""
    return SETTLES.format(most=f"{(cards.size - CONTEXT) / SCATTERED / GB:.1f}")


def changes(counts: Counts, options: Options, cards: Cards, again: Any) -> tuple[Change, ...]:
    """Return what to change first: what saves most while it changes least, those that fit before those that do not.

    `again` counts the same method with some words replaced. Raises nothing: what is impossible is left out.
    """
    now = fitting(counts, options, cards)
    if now is None:
        return ()
    possible = []
    for words, more in _ways(counts, options, cards):
        try:
            other = again(words) if words else counts
        except CostError:
            continue
        then = fitting(other, replace(options, **more), cards)
        if then is not None and then[0].needed.high < 0.97 * now[0].needed.high:
            text = " ".join(f"{name}={value}" for name, value in {**words, **more}.items())
            possible.append(Change(words=text, needed=then[0].needed, verdict=then[1]))
    best = [change for word in (FITS, MAY) for change in possible if change.verdict == word]
    return tuple((best or sorted(possible, key=lambda change: change.needed.high))[:ADVICE])


def _ways(counts: Counts, options: Options, cards: Cards) -> Iterator[tuple[Mapping[str, str], Mapping[str, str]]]:
    """Yield words of the setting and words of the run that could be changed, in the order of the table."""
    now = _changeable(counts.setting, options, cards)
    of_run = {option.name for option in fields(Options)}
    seen: list[dict[str, str]] = []
    for way in WAYS:
        changed = {name: _halved(now[name]) if way[name] == HALVED else way[name] for name in way if name in now}
        words = {name: value for name, value in changed.items() if value != now[name]}
        if next(iter(way)) in words and words not in seen:
            seen.append(words)
            yield (
                {name: value for name, value in words.items() if name not in of_run},
                {name: value for name, value in words.items() if name in of_run},
            )


def _halved(number: str) -> str:
    return str(max(int(number) // 2, 1))


def _changeable(setting: Setting, options: Options, cards: Cards) -> Mapping[str, str]:
    """Return the words that could be changed in a run, with what they are now; those that change nothing are left out."""
    shape, few = setting.shape, setting.precision < HALF
    sized = has_a_resolution(shape)
    numbers = {name: str(int(setting.numbers.get(name, 0))) for name in ("batch", "length", "resolution")}
    changeable = {
        "encoders": (sized, options.encoders),
        "tower": (bool(let_in(setting)), options.tower),
        "logits": (bool(shape.parts[shape.default].vocabulary), options.logits),
        "checkpointing": (True, "yes" if setting.checkpointing else "no"),
        "upcast": (few, options.upcast),
        "optimizer": (setting.method.whole, options.optimizer),
        "sharding": (cards.number > 1 and options.sharding not in WEIGHTS_TOO, options.sharding),
        "offload": (True, options.offload),
        "batch": (True, numbers["batch"]),
        "precision": (setting.method.low_rank and not few, str(setting.precision)),
        "resolution": (sized and int(numbers["resolution"]) > SMALL, numbers["resolution"]),
        "length": (not sized and not one_length(setting) and int(numbers["length"]) > SHORT, numbers["length"]),
    }
    return {name: value for name, (applies, value) in changeable.items() if applies}


def parts(needs: Need) -> Sequence[tuple[str, float]]:
    """Return what takes the memory of the phase that decides, the most first; what takes nothing is left out."""
    return sorted(((name, size) for name, size in needs.peak.parts.items() if size > 0), key=lambda pair: -pair[1])
