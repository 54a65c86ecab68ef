"""Find a venue by any of its names: data/venues.csv holds its full name, its short name and its aliases."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase

from peft_vlm_survey.add.entries import Log
from peft_vlm_survey.add.text import escaped, unicode_text
from peft_vlm_survey.add.word_lists import OPTIONAL_WORDS
from peft_vlm_survey.problems import suggest
from peft_vlm_survey.read.venues import Venue

# Words that make another venue of the same name.
_APART = {"workshop", "findings", "companion", "demonstrations", "demos", "tutorial", "doctoral"}
_DATED = re.compile(r"\S*[A-Z]{2}\S*( Workshops?)?[ -](19|20)?[0-9]{2}")
_PIECES = re.compile(r"\s*[,;:()\[\]]\s*|\.\s+(?=Proceedings)|\s+[-–—]+\s+")
_PREPRINT = re.compile(r"\s*(arxiv|corr\b|computing research repository)", re.IGNORECASE)


def is_preprint(name: str) -> bool:
    """Return whether what stands as journal or proceedings is arXiv, under any of its names."""
    return bool(_PREPRINT.match(unicode_text(name)))


def find_venue(log: Log, venues: Collection[Venue], given: str, year: str) -> tuple[str, str]:
    """Return the full name of the venue, as BibTeX, and its kind; refuse one that data/venues.csv does not know."""
    name = re.sub(r"^in:?\s+", "", unicode_text(given), flags=re.IGNORECASE).strip(" .,")
    for written in _beginnings(name):
        for venue in venues:
            if fnmatchcase(written, venue.venue):
                return escaped(written), venue.kind
    if re.match(r"submitted|under review|in (review|submission)", name, re.IGNORECASE):
        log.refuse(f"'{name}' is no venue yet.", "Take the export of arXiv, or wait for the decision.")
        return "", ""
    if (called := _called(venues, name)) is not None:
        for written in _filled(called.venue, year):
            if fnmatchcase(written, called.venue):
                return escaped(written), called.kind
        log.refuse(
            f"venue '{name}' is {called.short}, whose full name differs from year to year.",
            f"Write the proceedings' full name into the entry, which is like '{called.venue}'.",
        )
        return "", called.kind
    names = [alias for venue in venues for alias in (venue.venue, *venue.aliases)]
    log.refuse(
        f"venue '{name}' is not known in data/venues.csv.",
        suggest(name, names, "Correct the entry, or add the venue's row there; this name may be one of its aliases."),
    )
    return "", ""


def _beginnings(name: str) -> Iterator[str]:
    """Yield a name cut before its acronym with the year, as DBLP prints it, then the whole, then cut at other commas."""
    pieces = name.split(", ")
    dated = [number for number, piece in enumerate(pieces) if number and _DATED.fullmatch(piece)]
    if re.search(r"[A-Z]{2}\S* (19|20)[0-9]{2}$", pieces[0]):
        dated.insert(0, 1)  # the name itself ends in acronym and year
    for number in (*dated[:1], *range(len(pieces), 0, -1)):
        yield ", ".join(pieces[:number])


def _called(venues: Collection[Venue], name: str) -> Venue | None:
    """Return the venue that has this name; of two, the one that shares more words with it."""
    apart = _APART & set(_words(name))
    words = set(_all_words(name))
    best: tuple[int, int] = (0, 0)
    nearest = None
    essences = {_essence(piece) for piece in (*_beginnings(name), *_PIECES.split(name))}
    for venue in venues:
        for alias in (venue.venue, venue.short, *venue.aliases):
            if apart != _APART & set(_words(alias)) or not (essence := _essence(alias)) or essence not in essences:
                continue
            alias_words = set(_all_words(alias))
            rank = (-len(alias_words - words), len(alias_words & words))
            if nearest is None or rank > best:
                best, nearest = rank, venue
    return nearest


def _filled(pattern: str, year: str) -> Iterator[str]:
    """Yield what a name with `*` may be in one year: the year where it ends in one, and nothing elsewhere."""
    if re.search(r"[A-Z]{2}\s*\*$", pattern):
        yield " ".join(f"{pattern.removesuffix('*')} {year}".split())
    yield " ".join(pattern.replace("*", " ").split())


def _all_words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ")).encode("ascii", "ignore").decode().casefold()
    return re.findall(r"[a-z0-9]+", re.sub(r"['’](?=[0-9]{2}\b)", " ", plain))


def _words(name: str) -> list[str]:
    return ["workshop" if word == "workshops" else word for word in _all_words(name)]


def _essence(name: str) -> tuple[str, ...]:
    """Return the words by which a venue is known, without year, number and what some leave out.

    >>> _essence("2022 IEEE/CVF Conference on Computer Vision") == _essence("Proc. of the 9th Conference on Computer Vision")
    True
    """
    return tuple(
        word for word in _words(name) if word not in OPTIONAL_WORDS and not re.fullmatch(r"[0-9]+(st|nd|rd|th)?", word)
    )
