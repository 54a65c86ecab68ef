"""Whether two printed numbers can be one: their digits decide, and how the last of them may have been made explains."""

from decimal import Decimal

EQUAL, ROUNDED, CUT = "equal", "rounded", "cut"


def explanation(one: str, other: str) -> str:
    """Return how two printed numbers can stand for one number; empty if no way of writing it gives both.

    `EQUAL`: they are the same. `ROUNDED`: the one with fewer digits is the other, rounded, where half a unit may go
    either way. `CUT`: one of them was cut off after its last digit and the other rounded, or one cut from the other.
    """
    first, second = Decimal(one), Decimal(other)
    if first == second:
        return EQUAL
    coarse, fine = sorted((first, second), key=exponent_of, reverse=True)
    unit = Decimal(1).scaleb(exponent_of(coarse))
    if exponent_of(coarse) == exponent_of(fine):
        # The number behind both lies between them: one table cut it off, the other rounded it up.
        return CUT if abs(first - second) == unit else ""
    if 2 * abs(first - second) <= unit:
        return ROUNDED
    # Cut towards zero, a number loses less than a unit and keeps its sign.
    lost = abs(fine) - abs(coarse)
    return CUT if 0 <= lost < unit and coarse * fine >= 0 else ""


def agree(one: str, other: str) -> bool:
    """Return whether two printed numbers are equal or one is the other, rounded."""
    return explanation(one, other) in (EQUAL, ROUNDED)


def exponent_of(value: Decimal) -> int:
    """Return the power of ten of the last digit of a number; 0 for what is no number."""
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
