"""Read data/cards.csv: graphics cards by the names that people have for them, and their memory."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.sheets import DATE, DATE_FORM, Row, column

# Words and letters that tell no card from another: who makes it, what it is plugged into, of which kind its memory is.
MAKERS = (
    *("nvidia", "amd", "geforce", "tesla", "quadro", "radeon", "instinct", "rtx", "gtx", "rx"),
    *("gpu", "card", "workstation", "server", "edition", "generation", "blackwell"),
)
FORMS = r"(sxm|pcie|oam|hbm)[0-9]*e?"


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """One row of cards.csv; `memory_gb` as cards are sold, several where the name has several sizes.

    `note` is what whoever reckons with the memory must know.
    """

    card: str = column(required=True, unique=True)
    aliases: tuple[str, ...]
    memory_gb: tuple[str, ...] = column(
        required=True, pattern="[1-9][0-9]*(; [1-9][0-9]*)*", form="numbers of GB like 40; 80"
    )
    source: str = column(required=True)
    checked: str = column(required=True, pattern=DATE, form=DATE_FORM)
    note: str
    row: Row

    @property
    def keys(self) -> frozenset[str]:
        """What tells the card from others, by each of its names."""
        return frozenset(key_of(name) for name in (self.card, *self.aliases))


def key_of(name: str) -> str:
    """Return what tells a card from others, however its name is written.

    >>> key_of("NVIDIA GeForce RTX 3090 Ti"), key_of("rtx3090-ti"), key_of("V100-SXM2"), key_of("RTX A6000")
    ('3090 ti', '3090 ti', 'v 100', 'a 6000')
    """
    words = [word for word in re.split(r"[\s_-]+", name.casefold()) if not re.fullmatch(FORMS, word)]
    return " ".join(piece for word in words for piece in re.findall("[a-z]+|[0-9]+", word) if piece not in MAKERS)


def _one_name_for_two(cards: Iterable[Card]) -> Iterator[Problem]:
    known: dict[str, Card] = {}
    for card in cards:
        if not (card.row.sound("card") and card.row.sound("aliases")):
            continue
        for key in sorted(card.keys):
            if known.setdefault(key, card) is not card:
                yield card.row.problem(
                    f"card '{card.card}' is called as '{known[key].card}' is.",
                    "Give each card names that tell it from others, whoever makes it.",
                )


RULES = (_one_name_for_two,)
