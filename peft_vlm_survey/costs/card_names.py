"""What people call a card: its memory, as cards are sold."""

import re

GIB = 1024**3
MOST_GB = 1024
# A size, and a size behind a name; units are powers of 1,024 whatever they are called, as on what cards are sold in.
_SIZE = r"([0-9]+(?:\.[0-9]+)?)\s*(g|gb|gib|gigabytes?|mb|mib)?"
_BEHIND = r"[a-z][a-z0-9 -]*[ -]([0-9]+)\s*(g|gb|gib)"


def card_bytes(text: str) -> float | None:
    """Return the memory of a card, said alone or behind a name; None if the text says none.

    >>> card_bytes("24 GB") == card_bytes("24GiB") == card_bytes("24576 MiB") == card_bytes("RTX 3090 24GB") == 24 * GIB
    True
    >>> card_bytes("0GB"), card_bytes("24MB"), card_bytes("a lot")
    (None, None, None)
    """
    said = text.strip().casefold()
    found = re.fullmatch(_SIZE, said) or re.fullmatch(_BEHIND, said)
    if not found:
        return None
    in_mib = (found[2] or "").startswith("m")
    size = float(found[1]) * GIB / (1024 if in_mib else 1)
    least = GIB if in_mib else 0  # 24MB is a slip
    return size if max(least, 1) <= size <= MOST_GB * GIB else None
