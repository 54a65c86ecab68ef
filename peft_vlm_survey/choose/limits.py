"""Which limits a method keeps, which it breaks, and of which it is not known."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from peft_vlm_survey.choose.prices import Price
from peft_vlm_survey.choose.question import Limits
from peft_vlm_survey.choose.traits import NONE, PERMISSIVE, Traits

KEEPS, UNKNOWN, BREAKS = "keeps", "unknown", "breaks"


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """What became of a method under the limits: at which price, and which limits it breaks or may break."""

    verdict: str
    price: Price
    about: tuple[str, ...] = ()


def judged(limits: Limits, prices: Sequence[Price], traits: Traits, data: str) -> Judged:
    """Return the first price that keeps every limit, or else one that may, or else the last and what it breaks.

    `prices` are those of the usual settings, the usual one first; there is at least one.
    """
    fixed = list(_of_traits(limits, traits, data))
    by_price = [(price, [*fixed, *_of_price(limits, price)]) for price in prices]
    for verdict, worst in ((KEEPS, ()), (UNKNOWN, (UNKNOWN,))):
        for price, breaches in by_price:
            if all(kind in worst for kind, _ in breaches):
                return Judged(verdict=verdict, price=price, about=tuple(limit for _, limit in breaches))
    price, breaches = by_price[-1]
    return Judged(verdict=BREAKS, price=price, about=tuple(limit for kind, limit in breaches if kind == BREAKS))


def scored_beyond(limits: Limits, printed: Price, price: Price, *, on_backbone: bool) -> bool:
    """Return whether a number was reached with more trained than the limit, though the price keeps it.

    `printed` is what stands beside the number. Where it is a share and the limit a number, or the other way round, the price
    tells one by the other, if the number was reached `on_backbone` that is priced.
    """
    percent, trained = printed.percent, printed.trained
    if on_backbone and price.percent and price.trained:
        percent = trained / price.trained * price.percent if percent is None and trained else percent
        trained = percent / price.percent * price.trained if trained is None and percent else trained
    return any(
        limit is not None and value is not None and value > limit
        for limit, value in ((limits.trained_percent, percent), (limits.trained_number, trained))
    )


def _of_price(limits: Limits, price: Price) -> Iterator[tuple[str, str]]:
    """Yield each limit on costs that a price breaks or may break."""
    yield from _above("trained", price.percent, limits.trained_percent)
    yield from _above("trained", price.trained, limits.trained_number)
    yield from _above("stored", price.stored, limits.stored)
    yield from _above("memory", price.memory, limits.memory)
    if limits.memory_bytes is not None:
        if price.least is None or price.enough is None:
            yield UNKNOWN, "memory"
        elif price.least > limits.memory_bytes:
            yield BREAKS, "memory"
        elif price.enough > limits.memory_bytes:
            yield UNKNOWN, "memory"


def _above(name: str, value: float | None, limit: float | None) -> Iterator[tuple[str, str]]:
    if limit is not None and value is None:
        yield UNKNOWN, name
    elif limit is not None and value is not None and value > limit:
        yield BREAKS, name


def _of_traits(limits: Limits, traits: Traits, data: str) -> Iterator[tuple[str, str]]:
    """Yield each limit on anything else that a method breaks or may break."""
    if limits.no_slower and traits.same_speed != "yes":
        yield (BREAKS if traits.same_speed else UNKNOWN), "speed"
    if limits.spares_gradient and traits.gradient != "no":
        yield (BREAKS if traits.gradient else UNKNOWN), "gradient"
    if limits.code and traits.has_code != "yes":
        yield (BREAKS if traits.has_code else UNKNOWN), "code"
    if limits.licence and traits.licence not in PERMISSIVE:
        yield (BREAKS if traits.licence else UNKNOWN), "licence"
    if limits.data == NONE and traits.trains and data != NONE:
        yield BREAKS, "data"
    elif limits.data and limits.data not in (NONE, data):
        yield UNKNOWN, "data"  # it may do as well with other data
