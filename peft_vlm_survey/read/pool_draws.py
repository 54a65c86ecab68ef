"""Read data/pool_draws.csv: records of the pools that name tuning, how many the catalogue has, and a draw of the others."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.read.sheets import DATE, DATE_FORM, Row, column

_COUNT = {"pattern": "[0-9]+", "form": "a whole number"}
# Where the words stand by which a record was picked out of the pools.
WORDS = ("title", "abstract alone")


@dataclass(frozen=True, kw_only=True, slots=True)
class PoolDraw:
    """One row of pool_draws.csv: of records with such words, those of one category, or of all where none is named.

    `held` counts records that the catalogue has, `held_since` those among them that edition 1.2.0 lacked; `in_scope`
    counts those of the draw that belong and are absent, doubtful ones too.
    What was left out, what is absent and how many of these were drawn is known of all categories together alone.
    """

    edition: str = column(required=True, pattern=r"[0-9]+\.[0-9]+\.[0-9]+", form="an edition like 1.5.0")
    measured: str = column(required=True, pattern=DATE, form=DATE_FORM)
    words: str = column(required=True, words=WORDS)
    category: str = column(words=tuple(CATEGORIES))
    held: str = column(required=True, **_COUNT)
    held_since: str = column(required=True, **_COUNT)
    left_out: str = column(**_COUNT)
    left_out_since: str = column(**_COUNT)
    absent: str = column(**_COUNT)
    drawn: str = column(**_COUNT)
    in_scope: str = column(required=True, **_COUNT)
    row: Row

    @property
    def weight(self) -> float:
        """How many absent records each drawn one stands for; of a row of all categories alone."""
        return int(self.absent) / int(self.drawn)


def _does_not_add_up(draws: Iterable[PoolDraw]) -> Iterator[Problem]:
    groups: dict[tuple[str, str], list[PoolDraw]] = {}
    for draw in draws:
        if all(map(draw.row.sound, ("edition", "words", "category", "held", "held_since", "in_scope"))):
            groups.setdefault((draw.edition, draw.words), []).append(draw)
    for group in groups.values():
        whole = [draw for draw in group if not draw.category]
        if len(whole) != 1:
            yield group[0].row.problem(
                f"words '{group[0].words}' of edition {group[0].edition} have {len(whole)} rows of all categories.",
                "Give them one, whose category is empty, and one for each category.",
            )
            continue
        for part in ("left_out", "left_out_since", "absent", "drawn"):
            if whole[0].row.sound(part) and not whole[0].row.cells[part]:
                yield whole[0].row.problem(f"{part} is empty.", "Fill it in; it is known of all categories together.")
        for part in ("held", "held_since", "in_scope"):
            parts = sum(int(draw.row.cells[part]) for draw in group if draw.category)
            if parts != int(whole[0].row.cells[part]):
                yield whole[0].row.problem(
                    f"{part} {whole[0].row.cells[part]} is not the sum {parts} of its categories.", "Count again."
                )


RULES = (_does_not_add_up,)
