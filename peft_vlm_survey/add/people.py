"""Write the names of authors as `Family, Given`, whatever form they were exported in."""

import re

from pybtex.database import Person
from pybtex.exceptions import PybtexError

from peft_vlm_survey.add.entries import Log
from peft_vlm_survey.add.text import escaped, unicode_text
from peft_vlm_survey.read.reference import split_names

_OTHERS = ("others", "et al.", "et al", "...", "…")
_NUMBER_OF_DBLP = re.compile(r"\s+0[0-9]{3}$")  # it tells apart people of one name
_SUFFIXED = re.compile(r"([^,]+) ([^,\s]+) (Jr\.?|Sr\.?|II|III|IV)")
_WORD = re.compile(r"[^\W\d_]+")


def authors(log: Log) -> str:
    """Return the author field of an entry; names that cannot be understood are refused."""
    given = log.entry.fields.get("author", "")
    names = split_names(re.sub(r"\s+", " ", given))
    written = []
    for name in names:
        if unicode_text(name).casefold() in _OTHERS:
            log.refuse("the author list ends in 'others'.", "Name every author; the publisher's page lists them.")
        elif text := _name(_NUMBER_OF_DBLP.sub("", name.strip(" ,")), log):
            written.append(text)
    if len(names) == 1 and ";" in unicode_text(given):
        log.refuse(f"author '{unicode_text(given)}' is several names.", "Separate authors by ' and '.")
    return " and ".join(written)


def _name(name: str, log: Log) -> str:
    if _braced(name):
        return f"{{{escaped(unicode_text(name[1:-1]))}}}"
    if _top_commas(name) > 2:
        log.refuse(
            f"author '{unicode_text(name)}' is not one name.",
            "Write 'Family, Given' and separate authors by ' and '; put an organisation in braces.",
        )
        return ""
    if suffixed := _SUFFIXED.fullmatch(name):
        name = "{1}, {2}, {0}".format(*suffixed.groups())  # BibTeX takes a suffix without commas for the family name
    if name == name.lower() and unicode_text(name).isascii() and "," not in name:
        log.note(f"author '{name}' was written '{_capitalised(name)}'.")
        name = _capitalised(name)  # BibTeX takes what has no capital for a particle
    try:
        person = Person(name)
    except (PybtexError, ValueError, IndexError):
        log.refuse(f"author '{unicode_text(name)}' cannot be read.", "Write 'Family, Given'.")
        return ""
    family = _plain([*person.prelast_names, *person.last_names])
    first = _plain([*person.first_names, *person.middle_names])
    suffix = _plain(person.lineage_names)
    if not family and not first:
        return ""
    if not family or not first:
        only = family or first
        log.note(f"author {only} has one name only, and is kept in braces as an organisation is.")
        return f"{{{escaped(only)}}}"
    mended = _mended(family, first)
    if mended != (family, first):
        log.note(f"author '{family}, {first}' was written '{', '.join(mended)}'.")
    if re.fullmatch(r"([^\W\d_]\.[ -]*)+", first):
        log.note("given names are initials; the paper's page has them in full.")
    parts = [mended[0], *([suffix] if suffix else []), mended[1]]
    if any("," in part for part in parts):
        log.refuse(f"author '{unicode_text(name)}' has a comma within a name.", "Write 'Family, Given'.")
    return escaped(", ".join(parts))


def _plain(parts: list[str]) -> str:
    return unicode_text(" ".join(parts)).strip()


def _braced(name: str) -> bool:
    """Return whether one pair of braces holds the whole name."""
    if not (name.startswith("{") and name.endswith("}")) or name.startswith("{\\"):
        return False
    depth = 0
    for place, character in enumerate(name):
        depth += (character == "{") - (character == "}")
        if depth == 0 and place < len(name) - 1:
            return False
    return True


def _top_commas(name: str) -> int:
    depth = commas = 0
    for character in name:
        depth += (character == "{") - (character == "}")
        commas += character == "," and depth == 0
    return commas


def _mended(family: str, first: str) -> tuple[str, str]:
    """Return a name with the capitals of a name, where it was all in capitals or had none.

    Two capitals of a given name may be initials, so they stay unless the family name is in capitals too.

    >>> _mended("SUNG", "YI-LIN"), _mended("Li", "JB"), _mended("o'neil", "pat")
    (('Sung', 'Yi-Lin'), ('Li', 'JB'), ("O'Neil", 'Pat'))
    """
    if family + first == (family + first).lower():
        return _capitalised(family), _capitalised(first)
    loud = family == family.upper() and len(_letters(family)) > 1
    words = [
        _capitalised(word)
        if word == word.upper() and "." not in word and len(_letters(word)) > 2 and re.search("[AEIOUY]", word)
        else word
        for word in first.split(" ")
    ]
    return (_capitalised(family) if loud else family), " ".join(words)


def _letters(text: str) -> str:
    return "".join(_WORD.findall(text))


def _capitalised(text: str) -> str:
    return _WORD.sub(lambda word: word.group()[0].upper() + word.group()[1:].lower(), text)
