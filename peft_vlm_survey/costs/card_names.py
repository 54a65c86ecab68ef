"""What people call a card: its memory, as cards are sold, or its name."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from peft_vlm_survey.costs.limits import CostError
from peft_vlm_survey.read.cards import FORMS, MAKERS, Card, key_of

GIB = 1024**3
MOST_GB = 1024
# A size, and a size behind a name; units are powers of 1,024 whatever they are called, as on what cards are sold in.
_SIZE = r"([0-9]+(?:\.[0-9]+)?) ?(g|gb|gib|gigabytes?|mb|mib)?"
_BEHIND = r"(.+) ([0-9]+) ?(?:g|gb|gib)"
# What is wrong with a text, and the way out; said on pages too.
REFUSALS: Mapping[str, tuple[str, str]] = {
    "no card": (
        "{what} '{text}' is no card that is known here, and no size of one.",
        "Write its memory, such as 24GB; peft-vlm-survey cost --list names the cards that are known.",
    ),
    "sizes": ("{what} '{text}' comes in several sizes.", "Write {sizes}."),
}


def read_card(text: str, cards: Iterable[Card] = (), what: str = "gpu") -> tuple[float, str]:
    """Return the memory of a card in bytes, and what must be known of it. Raises CostError, which calls it `what`.

    >>> read_card("24 GB") == read_card("24GiB") == read_card("24576 MiB") == read_card("RTX 3090 24GB") == (24 * GIB, "")
    True
    """
    normalised = " ".join(re.split(r"[\s_-]+", text.strip().casefold()))
    size = _size(normalised)
    if size is not None:  # no card is called by a size alone
        return size, ""
    known = {key: card for card in cards for key in card.keys}
    card = known.get(key_of(normalised))
    if behind := re.fullmatch(_BEHIND, re.sub(rf" {FORMS}$", "", normalised)):
        card = known.get(key_of(behind[1]))
        size = _size(f"{behind[2]}gb") if card or behind[1][0].isalpha() else None
    if size is None and card is None:
        raise _refused("no card", what=what, text=text)
    if size is None and card and len(card.memory_gb) > 1:
        raise _refused("sizes", what=what, text=text, sizes=" or ".join(written(card)))
    return size or float(card.memory_gb[0] if card else 0) * GIB, card.note if card else ""


def _refused(key: str, **words: str) -> CostError:
    message, remedy = (text.format(**words) for text in REFUSALS[key])
    return CostError(message, remedy)


def _size(text: str) -> float | None:
    parsed = re.fullmatch(_SIZE, text)
    if not parsed:
        return None
    in_mib = (parsed[2] or "").startswith("m")
    size = float(parsed[1]) * GIB / (1024 if in_mib else 1)
    least = GIB if in_mib else 0  # 24MB is a slip
    return size if max(least, 1) <= size <= MOST_GB * GIB else None


def written(card: Card) -> list[str]:
    """Return how a card is called with each of its sizes, or alone where it has one."""
    return [card.card] if len(card.memory_gb) == 1 else [f"{card.card} {size}GB" for size in card.memory_gb]


def page_data(cards: Iterable[Card]) -> Mapping[str, Any]:
    """Return what a page needs to know cards by name: each with its sizes, its keys, and what must be known of it."""
    return {
        "makers": MAKERS,
        "forms": FORMS,
        "refusals": REFUSALS,
        "known": [
            [written(card), [float(size) for size in card.memory_gb], sorted(card.keys), card.note] for card in cards
        ],
    }
