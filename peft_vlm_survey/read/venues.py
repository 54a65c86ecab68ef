"""Read data/venues.csv: the short name and the kind of every venue, and under which names others print it."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.sheets import Column, Row, read_records

PATH = "data/venues.csv"
KINDS = ("conference", "journal", "workshop", "preprint", "other")
COLUMNS = (
    Column(name="venue", required=True, unique=True),
    Column(name="short", required=True),
    Column(name="kind", required=True, words=KINDS),
    Column(name="aliases", many=True),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Venue:
    """One row of venues.csv.

    `venue` is the name in references.bib, in which `*` stands for what differs from year to year;
    `aliases` are the names of other bibliographies.
    """

    venue: str
    short: str
    kind: str
    aliases: tuple[str, ...]
    row: Row


def read_venues(root: Path) -> tuple[tuple[Venue, ...], tuple[Problem, ...]]:
    """Read the venues in the order of the file."""
    return read_records(root, PATH, COLUMNS, Venue)


def short_name(venues: Iterable[Venue], name: str) -> str:
    """Return the short name of a venue; the name itself where it has no row, and `arXiv` stays `arXiv`."""
    return next((venue.short for venue in venues if fnmatchcase(name, venue.venue)), name)
