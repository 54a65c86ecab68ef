"""The answer to a question of costs in plain values, as the command and the functions give it in JSON."""

from typing import Any, TypedDict

Plain = int | float
# Members by name, as `answer`, `fit` (card_lines.py) and `listing` make them.
Answer = dict[str, Any]
Fit = dict[str, Any]
Listing = dict[str, Any]
Ends = dict[str, float]  # `low` and `high`, in GB of 10^9 bytes


class LinesToRun(TypedDict):
    """Lines of one library that run the setting."""

    title: str
    library: str
    written_in: str
    checked: str
    lines: list[str]
