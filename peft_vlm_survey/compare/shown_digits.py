"""The digits of a value that are shown, and those that a difference of two such values has."""

from collections import Counter
from collections.abc import Iterable
from decimal import ROUND_HALF_DOWN, ROUND_HALF_EVEN, Decimal

_MOST_DECIMALS = 4  # more are those of a log or a sheet, which prints the whole of a computer's number


def short(value: str) -> str:
    """Return a value as printed, or with four digits where a log or a sheet prints the whole of a computer's number.

    >>> short("0.5261561789234268"), short("1168.529134792"), short("75.83")
    ('0.5262', '1169', '75.83')
    """
    whole, _, decimals = value.partition(".")
    if len(decimals) <= _MOST_DECIMALS:
        return value
    return f"{float(value):#.4g}" if len(whole.lstrip("-")) < _MOST_DECIMALS else f"{float(value):.0f}"


def difference_shown(difference: Decimal, value: str) -> str:
    """Return the exact difference of two printed values as it is told: with their decimals, or with those that the value shows.

    >>> difference_shown(Decimal("75.83") - Decimal("73.1"), "73.1")
    '2.73'
    >>> difference_shown(Decimal("0.012888551933"), "0.5261561789234268")
    '0.0129'
    >>> difference_shown(Decimal("37.60399") - Decimal("0.0955"), "0.09550123")
    '37.51'
    """
    exact = -int(difference.as_tuple().exponent)
    if exact > _MOST_DECIMALS:
        exact = min(_decimals(value), _decimals(f"{difference:f}"))
    return _rounded(difference, exact, ROUND_HALF_EVEN)


def median_shown(median: Decimal, values: Iterable[str]) -> Decimal:
    """Return the median of differences with as many decimals as most of such values show: between two it is the smaller.

    A difference of such values is then more than the median that is told if it is more than the median.

    >>> median_shown(Decimal("0.845"), ["75.83", "73.1"])
    Decimal('0.84')
    """
    usual = Counter(map(_decimals, values)).most_common(1)
    decimals = usual[0][0] if usual else _decimals(f"{median:f}")
    return Decimal(_rounded(median, decimals, ROUND_HALF_DOWN))


def _decimals(value: str) -> int:
    return len(short(value).partition(".")[2])


def _rounded(difference: Decimal, decimals: int, rounding: str) -> str:
    rounded = difference.quantize(Decimal(1).scaleb(-decimals), rounding)
    return f"{rounded:f}" if rounded or not difference else short(f"{difference:f}")
