"""A drawing in words: its text alternative, and what it was checked against."""

from collections.abc import Iterable, Sequence

from peft_vlm_survey.read.drawings import STATES, Drawing, DrawnPart
from peft_vlm_survey.show.drawing_graph import Arrow, arrows, crossed

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
