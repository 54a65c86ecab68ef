"""Does it fit: a run on so many cards of one size, what decides it, and what to change first."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from peft_vlm_survey.costs.card_names import read_card
from peft_vlm_survey.costs.count import Counts
from peft_vlm_survey.costs.gradient_path import let_in, one_length
from peft_vlm_survey.costs.limits import HALF, CostError
from peft_vlm_survey.costs.memory import GB, Range
from peft_vlm_survey.costs.need import CONTEXT, Need, need
from peft_vlm_survey.costs.options import Options
from peft_vlm_survey.costs.resolution import has_a_resolution
from peft_vlm_survey.costs.step import DEEPSPEED, WEIGHTS_TOO
from peft_vlm_survey.read.cards import Card

MOST_CARDS = 4096
SAY_NUMBER = "Give a whole number of cards, such as 2."
# An allocator that runs out gives back what it can; this much of what is needed stays scattered.
SCATTERED = 1.05
FITS, MAY, NOT = "fits", "may fit", "does not fit"
ADVICE = 5
SMALL = 512  # pixels of the side of an image


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
SETTLES: Mapping[str, str] = {
    "upcast": "say whether what is not quantised is held in 32 bits: upcast=no {no}, upcast=yes {yes}",
    "length": "say how long the longest example is (length=), since a limit alone is known",
    "step": "train one step on the longest examples: it fits if torch.cuda.max_memory_allocated() stays below {most} GB",
    "any step": "train one step: it fits if torch.cuda.max_memory_allocated() stays below {most} GB",
}


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


def settles(counts: Counts, options: Options, cards: Cards) -> str:
    """Return the one thing that would settle whether a run fits: a word that is not said and decides, or a step to try."""
    run = on_cards(options, cards)
    if counts.setting.precision < HALF and run.upcast == "open" and run.sharding not in DEEPSPEED:
        answers = {word: fitting(counts, replace(options, upcast=word), cards) for word in ("no", "yes")}
        words = {word: MAY if fitted is None else fitted[1] for word, fitted in answers.items()}
        if words["no"] != words["yes"]:
            return SETTLES["upcast"].format(**words)
    if options.lengths == "cap":
        return SETTLES["length"]
    alike = one_length(counts.setting)
    return SETTLES["any step" if alike else "step"].format(most=f"{(cards.size - CONTEXT) / SCATTERED / GB:.1f}")


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
    """Yield words of the setting and words of the run that could be changed, those that change the result least first."""
    setting = counts.setting
    batch, length = int(setting.numbers["batch"]), int(setting.numbers["length"])
    sized = has_a_resolution(setting.shape)
    words = setting.shape.parts[setting.shape.default].vocabulary  # what has no words makes no logits of them
    fused = {"logits": "fused"} if words else {}
    if sized and options.encoders != "none":
        yield {}, {"encoders": "none"}
    if let_in(setting) and options.tower != "frozen":
        yield {}, {"tower": "frozen"}
    if fused and options.logits != "fused":
        yield {}, fused
    if not setting.checkpointing:
        yield {"checkpointing": "yes"}, {}
    if options.upcast != "no" and setting.precision < HALF:
        yield {}, {"upcast": "no"}
    if setting.method.whole:
        for optimizer in ("8bit", "paged-8bit"):
            if options.optimizer not in (optimizer, "paged-8bit"):
                yield {}, {"optimizer": optimizer}
    if cards.number > 1:
        for sharding in ("zero2", "zero3"):
            if options.sharding not in (sharding, *WEIGHTS_TOO):
                yield {}, {"sharding": sharding}
    if options.offload != "yes":
        yield {}, {"offload": "yes"}
        if cards.number > 1:
            yield {}, {"sharding": "fsdp" if options.sharding == "fsdp" else "zero3", "offload": "yes"}
    if batch > 1:
        yield {"batch": str(max(batch // 2, 1))}, {}
        if batch > 2:
            yield {"batch": "1"}, {}
    again = {} if setting.checkpointing else {"checkpointing": "yes"}
    if setting.method.low_rank and setting.precision >= HALF:
        yield {"precision": "4"}, {}
        if again or fused:
            yield {"precision": "4", **again}, fused
    if sized:
        if again and options.encoders != "none":
            yield again, {"encoders": "none"}
        if setting.method.low_rank and setting.precision >= HALF and options.encoders != "none":
            yield {"precision": "4", **again}, {"encoders": "none"}
        if int(setting.numbers["resolution"]) > SMALL:
            yield {"resolution": str(SMALL)}, {}
    elif length > 256 and not one_length(setting):
        yield {"length": str(length // 2)}, {}


def parts(needs: Need) -> Sequence[tuple[str, float]]:
    """Return what takes the memory of the phase that decides, the most first; what takes nothing is left out."""
    return sorted(((name, size) for name, size in needs.peak.parts.items() if size > 0), key=lambda pair: -pair[1])
