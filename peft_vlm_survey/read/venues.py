"""Read data/venues.csv: the short name and the kind of every venue, and under which names others print it."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from peft_vlm_survey.read.sheets import Row, column

KINDS = ("conference", "journal", "workshop", "preprint", "other")


@dataclass(frozen=True, kw_only=True, slots=True)
class Venue:
    """One row of venues.csv.

    `venue` is the name in references.bib, in which `*` stands for what differs from year to year;
    `aliases` are the names of other bibliographies.
    """

    venue: str = column(required=True, unique=True)
    short: str = column(required=True)
    kind: str = column(required=True, words=KINDS)
    aliases: tuple[str, ...]
    row: Row


def short_name(venues: Iterable[Venue], name: str) -> str:
    """Return the short name of a venue; the name itself where it has no row, and `arXiv` stays `arXiv`."""
    return next((venue.short for venue in venues if fnmatchcase(name, venue.venue)), name)
