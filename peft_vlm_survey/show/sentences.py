"""How a sentence begins, counts things and lists names."""

from collections.abc import Iterable


def capitalised(text: str) -> str:
    """Return a text with a capital in front.

    >>> capitalised("two CLIPs"), capitalised("")
    ('Two CLIPs', '')
    """
    return text[:1].upper() + text[1:]


def counted(number: int, thing: str) -> str:
    """Return a number with its thing, in the plural where it is not one.

    >>> counted(1, "row"), counted(2, "row")
    ('1 row', '2 rows')
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def listed(names: Iterable[str]) -> str:
    """Return names as a sentence lists them.

    >>> listed(["A"]), listed(["A", "B", "C"])
    ('A', 'A, B and C')
    """
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
