"""Read data/searches.csv: the sources that were searched for papers as wholes, and how far their records came."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.sheets import DATE, DATE_FORM, Row, column

_WHOLE, _FORM = "[0-9]+", "a whole number"


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """One row of searches.csv: a source, and its records at each step; a record may stand in several sources."""

    source: str = column(required=True, unique=True)
    date: str = column(required=True, pattern=DATE, form=DATE_FORM)
    records: str = column(required=True, pattern=_WHOLE, form=_FORM)
    matched: str = column(required=True, pattern=_WHOLE, form=_FORM)
    known: str = column(required=True, pattern=_WHOLE, form=_FORM)
    judged: str = column(required=True, pattern=_WHOLE, form=_FORM)
    left_out: str = column(required=True, pattern=_WHOLE, form=_FORM)
    row: Row

    @property
    def waiting(self) -> int:
        """The records that a key word found and nobody has judged."""
        return int(self.matched) - int(self.known) - int(self.judged)


def _more_than_before(searches: Iterable[Search]) -> Iterator[Problem]:
    for search in searches:
        for part, whole in (("matched", "records"), ("left_out", "judged")):
            if (
                search.row.sound(part)
                and search.row.sound(whole)
                and int(search.row.cells[part]) > int(search.row.cells[whole])
            ):
                message = f"{part} {search.row.cells[part]} is more than {whole} {search.row.cells[whole]}."
                yield search.row.problem(message, "Each step keeps a part of the step before; count again.")
        if all(map(search.row.sound, ("matched", "known", "judged"))) and search.waiting < 0:
            message = f"known and judged are more than matched {search.matched}."
            yield search.row.problem(message, "Each step keeps a part of the step before; count again.")


RULES = (_more_than_before,)
