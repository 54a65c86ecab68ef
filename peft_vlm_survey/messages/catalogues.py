"""The catalogues of the translation, read and written as gettext has them."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

FOLDER = "locale/zh_CN/LC_MESSAGES"
SHARED = ("answers", "interface")
_HEADER = b"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Language: zh_CN\\n"

"""


def chapters(root: Path) -> tuple[str, ...]:
    """Return the chapters that have a catalogue, and with it a page in Chinese."""
    there = (path.stem for path in (root / FOLDER).glob("*.po"))
    return tuple(sorted(name for name in there if name not in SHARED))


def read_catalogue(root: Path, name: str) -> Catalog:
    """Return a catalogue. Raises PoFileError for a file that is none."""
    with (root / FOLDER / f"{name}.po").open("rb") as file:
        return read_po(file, locale="zh_CN", abort_invalid=True)


def write_catalogue(root: Path, name: str, wanted: Sequence[str]) -> None:
    """Write a catalogue anew with the messages that are wanted, and the translations that it holds of them."""
    there = (root / FOLDER / f"{name}.po").is_file()
    catalogue = read_catalogue(root, name) if there else Catalog(locale="zh_CN")
    template = Catalog()
    for text in wanted:
        template.add(text)
    catalogue.update(template)
    catalogue.obsolete.clear()
    for message in catalogue:
        message.flags.intersection_update({"fuzzy"})  # roles have braces, and shares a per cent sign
    (root / FOLDER).mkdir(parents=True, exist_ok=True)
    with (root / FOLDER / f"{name}.po").open("wb") as file:
        file.write(_HEADER)
        write_po(file, catalogue, width=0, no_location=True, omit_header=True)


@cache
def translations(root: Path, name: str) -> dict[str, str]:
    """Return the translations that a catalogue holds, without those that are in doubt."""
    if not (root / FOLDER / f"{name}.po").is_file():
        return {}
    return {
        str(message.id): str(message.string)
        for message in messages_of(read_catalogue(root, name))
        if is_translated(message)
    }


def messages_of(catalogue: Catalog) -> Iterator[Message]:
    """Return the messages of a catalogue, without its header."""
    return (message for message in catalogue if message.id)


def is_translated(message: Message) -> bool:
    """Return whether a message has a translation that is not in doubt."""
    return bool(message.string) and not message.fuzzy
