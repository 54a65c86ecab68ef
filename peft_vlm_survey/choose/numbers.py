"""Numbers as a person reads them: two digits that count, and a unit."""


def readable(number: float) -> str:
    """Return a number with two significant digits, or all before the point.

    >>> [readable(x) for x in (0.3437, 1.25, 12.5, 124.4, 0.00021)]
    ['0.34', '1.3', '13', '124', '0.00021']
    """
    if number == 0:
        return "0"
    if number >= 10:
        return f"{int(number + 0.5):,}"
    digits = 1 if number >= 1 else 1 - _exponent(number)
    scale = 10**digits
    return f"{int(number * scale + 0.5) / scale:.{digits}f}"


def _exponent(number: float) -> int:
    return int(f"{number:.1e}".partition("e")[2])


def parameters(number: float) -> str:
    """Return a number of parameters.

    >>> parameters(1204224), parameters(294912), parameters(512), parameters(7.1e9)
    ('1.2 M', '295 k', '512', '7.1 B')
    """
    return _with_unit(number, ((1e9, " B"), (1e6, " M"), (1e3, " k"), (1, "")))


def size(number: float) -> str:
    """Return a number of bytes.

    >>> size(4816896), size(24e9), size(930)
    ('4.8 MB', '24 GB', '930 bytes')
    """
    return _with_unit(number, ((1e9, " GB"), (1e6, " MB"), (1e3, " kB"), (1, " bytes")))


def _with_unit(number: float, units: tuple[tuple[float, str], ...]) -> str:
    step, unit = next((pair for pair in units if number >= pair[0]), units[-1])
    return readable(number / step) + unit


def ordinal(place: int) -> str:
    """Return a place.

    >>> [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 21, 103)]
    ['1st', '2nd', '3rd', '4th', '11th', '12th', '21st', '103rd']
    """
    ending = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"
