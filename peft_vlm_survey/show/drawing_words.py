"""A drawing in words: its text alternative, and what it was checked against."""

from collections.abc import Iterable, Sequence

from peft_vlm_survey.read.drawings import STATES, Drawing, DrawnPart
from peft_vlm_survey.show.drawing_graph import Arrow, arrows, crossed

# What an operation does to what it is given, as one says it of one of its inputs.
_OPERATIONS = {"+": "is added to", "×": "multiplies", "·": "is compared with", "‖": "is joined with"}
BASES = {
    "official code": "Checked against the official code",
    "other code": "No official code was found. Checked against other code",
    "paper": "The code could not be read. Drawn from the text of the paper",
}


def text_alternative(name: str, drawing: Drawing, parts: Sequence[DrawnPart]) -> str:
    """Return in words what a drawing shows: every part by its state, where the new ones sit, and the gradient."""
    known = arrows(parts)
    said = [f"{name}: {drawing.shows}."]
    for state, words in STATES.items():
        names = _counted(part.name for part in parts if part.state == state and part.name)
        if names:
            said.append(f"{words[0].upper()}{words[1:]}: {'; '.join(names)}.")
    for part in parts:
        if part.is_trained or part.state == "given":
            place = _place(part, known)
            if place and place not in said:
                said.append(place)
    through, beside = crossed(parts)
    if not any(arrow.gradient for arrow in known):
        said.append("No gradient is computed.")
    elif through:
        said.append(f"The gradient runs back through: {'; '.join(_counted(part.name for part in through))}.")
        if beside:
            said.append(f"It does not enter: {'; '.join(_counted(part.name for part in beside))}.")
    else:
        said.append("The gradient enters no frozen part.")
    return " ".join(said)


def _place(part: DrawnPart, known: Sequence[Arrow]) -> str:
    """Return a sentence on where a part's input comes from, and where its output goes."""
    reads = _counted(arrow.start.name for arrow in known if arrow.end is part and arrow.link.meaning != "writes")
    goes = []
    for arrow in known:
        if arrow.start is not part:
            continue
        if arrow.link.meaning == "writes":
            goes.append(f"writes the weights of {arrow.end.name}")
        elif arrow.link.meaning == "copies":
            goes.append(f"is copied to {arrow.end.name}")
        elif arrow.end.kind == "operation" and arrow.end.name in _OPERATIONS:
            others = _counted(
                a.start.name for a in known if a.end is arrow.end and a.start is not part and a.start.name
            )
            goes.append(
                f"{_OPERATIONS[arrow.end.name]} {' and '.join(others)}" if others else f"goes to {arrow.end.name}"
            )
        else:
            goes.append(f"goes to {arrow.end.name}")
    said = [f"reads {' and '.join(reads)}"] if reads else []
    said += list(dict.fromkeys(goes))
    return f"{part.name[:1].upper()}{part.name[1:]} {', '.join(said)}." if part.name and said else ""


def _counted(names: Iterable[str]) -> list[str]:
    """Return each name once, with how often it stands if that is more than once.

    >>> _counted(["adapter", "head", "adapter"])
    ['adapter (twice)', 'head']
    """
    found = list(names)
    times = {2: " (twice)", 3: " (three times)"}
    return [
        name + (times.get(found.count(name), f" ({found.count(name)} times)") if found.count(name) > 1 else "")
        for name in dict.fromkeys(found)
        if name
    ]
