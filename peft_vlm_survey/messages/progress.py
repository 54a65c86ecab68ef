"""How far the translation is, by catalogue."""

from dataclasses import dataclass
from pathlib import Path

from peft_vlm_survey.messages.catalogues import FOLDER, SHARED, chapters, is_translated, messages_of, read_catalogue
from peft_vlm_survey.messages.said import said_in


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of a catalogue is translated, how much is missing, and what is stale: changed in the source since."""

    name: str
    translated: int
    missing: int
    stale: int


def progress(root: Path) -> list[Progress]:
    """Return how far the translation of each chapter and of the shared catalogues is."""
    found = []
    for name in (*chapters(root), *SHARED):
        if not (root / FOLDER / f"{name}.po").is_file():
            continue
        catalogue = read_catalogue(root, name)
        messages = {str(message.id): message for message in messages_of(catalogue)}
        wanted = set(messages) if name in SHARED else {said.text for said in said_in(root, name)}
        done = sum(text in messages and is_translated(messages[text]) for text in wanted)
        stale = sum(message.fuzzy or text not in wanted for text, message in messages.items())
        found.append(Progress(name, done, len(wanted) - done, stale))
    return found


def summary(root: Path) -> str:
    """Return how far the translation is, a line for each catalogue that is not complete."""
    found = progress(root)
    short = [each for each in found if each.missing or each.stale]
    lines = [f"In Chinese: {len(found) - len(short)} of {len(found)} catalogues are complete."]
    for each in short:
        stale = f", {each.stale} stale" if each.stale else ""
        lines.append(f"    {each.name}: {each.translated} of {each.translated + each.missing} messages{stale}.")
    return "\n".join(lines)
