"""What follows from the parts of a drawing and their arrows: above all, where the gradient runs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from peft_vlm_survey.read.drawings import DrawnPart, Link

_NO_GRADIENT = ("copies", "stops")


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow of a drawing; `gradient` says whether back-propagation runs along it, from its end to its start."""

    start: DrawnPart
    end: DrawnPart
    link: Link
    gradient: bool


def arrows(parts: Sequence[DrawnPart]) -> tuple[Arrow, ...]:
    """Return the arrows in the order of the parts that they lead to.

    As in automatic differentiation, a gradient runs along an arrow if what it starts from is trained, or follows
    from something trained, drawn or in the layers below, and if it leads to an output. A copy is none of these, and an arrow may stop it.
    """
    by_name = {part.part: part for part in parts}
    links = [(by_name[link.start], part, link) for part in parts for link in part.links if link.start in by_name]
    passes = [(start.part, end.part) for start, end, link in links if link.meaning not in _NO_GRADIENT]
    needs = _reached((part.part for part in parts if part.is_trained or part.trained_below), passes)
    outputs = [part.part for part in parts if part.kind == "end" and part.comes_from]
    counts = _reached(outputs, [(end, start) for start, end in passes])
    return tuple(
        Arrow(
            start=start,
            end=end,
            link=link,
            gradient=link.meaning not in _NO_GRADIENT and start.part in needs and end.part in counts,
        )
        for start, end, link in links
    )


def crossed(parts: Sequence[DrawnPart]) -> tuple[tuple[DrawnPart, ...], tuple[DrawnPart, ...]]:
    """Return the frozen blocks that the gradient runs through, and those that it does not."""
    entered = {arrow.end.part for arrow in arrows(parts) if arrow.gradient}
    frozen = [part for part in parts if part.kind == "block" and part.state == "frozen"]
    return (
        tuple(part for part in frozen if part.part in entered),
        tuple(part for part in frozen if part.part not in entered),
    )


def _reached(starts: Iterable[str], steps: Sequence[tuple[str, str]]) -> set[str]:
    """Return everything that can be reached, the starts included."""
    ways: dict[str, set[str]] = {}
    for start, end in steps:
        ways.setdefault(start, set()).add(end)
    reached: set[str] = set()
    open_ones = list(starts)
    while open_ones:
        name = open_ones.pop()
        if name not in reached:
            reached.add(name)
            open_ones += ways.get(name, ())
    return reached
