"""What follows from the parts of a drawing and their arrows: where the gradient runs, and the drawing in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from peft_vlm_survey.read.drawings import STATES, Drawing, DrawnPart, Link

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


BASES = {
    "official code": "Checked against the official code",
    "other code": "No official code was found. Checked against other code",
    "paper": "The code could not be read. Drawn from the text of the paper",
}
# What an operation does with what it is given, and what an arrow means that is not the way of the data.
_OPERATIONS = {"+": "added to", "×": "multiplied with", "·": "compared with", "‖": "joined with"}
_RESULTS = {"+": "the sum", "×": "the product", "·": "the similarity", "‖": "what is joined"}
_MEANINGS = {"writes": "writing the weights of", "copies": "copied to"}


def text_alternative(name: str, drawing: Drawing, parts: Sequence[DrawnPart]) -> str:
    """Return in words what a drawing shows: every part by its state, where the new ones sit, and the gradient."""
    known = arrows(parts)
    sentences = [f"{name}: {drawing.shows}."]
    for state, words in STATES.items():
        if names := _counted(part.name for part in parts if part.state == state):
            sentences.append(f"{words[0].upper()}{words[1:]}: {'; '.join(names)}.")
    places = [place for part in parts if part.state not in ("", "frozen") and (place := _place(part, known))]
    sentences.append(f"Where these sit: {'; '.join(dict.fromkeys(places))}.")
    through, beside = (_counted(part.name for part in group) for group in crossed(parts))
    if not any(arrow.gradient for arrow in known):
        sentences.append("No gradient is computed.")
    elif not through:
        sentences.append("The gradient enters no frozen part.")
    else:
        below = "; and on into the layers below" if any(part.trained_below for part in parts) else ""
        sentences.append(f"The gradient runs back through: {'; '.join(through)}{below}.")
        if beside:
            sentences.append(f"It does not enter: {'; '.join(beside)}.")
    return " ".join(sentences)


def _place(part: DrawnPart, known: Sequence[Arrow]) -> str:
    """Return where a part's input comes from, and where its output goes."""
    ways = [f"from {name}" for name in _counted(_called(arrow.start) for arrow in known if arrow.end is part)]
    ways += dict.fromkeys(_goal(arrow, known) for arrow in known if arrow.start is part)
    return f"{part.short_name} ({', '.join(ways)})" if ways else ""


def _called(part: DrawnPart) -> str:
    return _RESULTS.get(part.name, part.short_name)


def _goal(arrow: Arrow, known: Sequence[Arrow]) -> str:
    name = arrow.end.name
    if arrow.link.meaning in _MEANINGS:
        return f"{_MEANINGS[arrow.link.meaning]} {arrow.end.short_name}"
    if name not in _OPERATIONS:
        return f"to {arrow.end.short_name}"
    others = (other.start for other in known if other.end is arrow.end and other.start is not arrow.start)
    return f"{_OPERATIONS[name]} {' and '.join(_counted(map(_called, others)))}"


def _counted(names: Iterable[str]) -> list[str]:
    """Return each name once, with how often it stands if that is more than once.

    >>> _counted(["adapter", "head", "adapter"])
    ['adapter (twice)', 'head']
    """
    named = [name for name in names if name]
    times = {1: "", 2: " (twice)", 3: " (three times)"}
    return [name + times.get(count := named.count(name), f" ({count} times)") for name in dict.fromkeys(named)]
