"""Numbers as they are printed."""

from decimal import Decimal


def significant(number: float, digits: int) -> str:
    """Return a number with so many digits that count, written out however large or small.

    >>> significant(343729.6, 4), significant(0.1827161, 3), significant(0.0000031, 2)
    ('343,700', '0.183', '0.0000031')
    """
    return f"{Decimal(f'{number:.{digits}g}'):,f}"
