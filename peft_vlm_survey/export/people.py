"""Names in their parts, and pages as first and last, as reference managers want them."""

import re
from dataclasses import dataclass

from pybtex.database import Person

from peft_vlm_survey.read.reference import Reference, plain


@dataclass(frozen=True, kw_only=True, slots=True)
class Name:
    """One name as Unicode text: `van der` is a particle, `Jr.` a suffix; an organisation is all family name."""

    family: str
    given: str = ""
    particle: str = ""
    suffix: str = ""


def names(reference: Reference) -> tuple[Name, ...]:
    """Return the authors in order."""
    return tuple(map(_name, reference.people))


def pages(reference: Reference) -> tuple[str, str]:
    """Return the first and the last page; the last is empty if there is one page, both if none is established."""
    first, _, last = re.sub("-+|–", "-", reference.plain("pages")).partition("-")
    return first.strip(), last.strip()


def _name(person: Person) -> Name:
    return Name(
        family=plain(" ".join(person.last_names)),
        given=plain(" ".join([*person.first_names, *person.middle_names])),
        particle=plain(" ".join(person.prelast_names)),
        suffix=plain(" ".join(person.lineage_names)),
    )
