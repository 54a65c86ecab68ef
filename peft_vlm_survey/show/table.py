"""The one table of the book: what its columns show of each row, as MyST that HTML and LaTeX print alike."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, Generic, TypeVar

from peft_vlm_survey.show.markup import NOT_ESTABLISHED, Shown, align_decimals

Row = TypeVar("Row")
_LONG = 14  # rows; a longer table may break across printed pages
_UNIT = re.compile(r"(?<=\d) (?=(?:%|k|M|B|GB|MB|kB|points?)(?![\w%]))")  # a number and its unit stay together


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column: its head, its share of the width, and what it shows of a row, as MyST; nothing is shown as a dash.

    What is `further` stands behind a button on the site.
    """

    head: str
    width: int
    cell: Callable[[Row], str | int | None]
    further: bool = False

    numeric: ClassVar[bool] = False

    def text(self, row: Row) -> str:
        """Return the cell of a row."""
        shown = self.cell(row)
        return f"{shown:,}" if isinstance(shown, int) else shown or NOT_ESTABLISHED


@dataclass(frozen=True, slots=True)
class Numbers(Column[Row]):
    """A column of numbers, which are set at the decimal point."""

    numeric: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Table(Shown):
    """A table of MyST cells.

    `widths` are relative; `numeric` and `further` name columns by position. `note` stands below the table and may cite;
    `classes` reach HTML and LaTeX; `data` are the rows of the sources behind it, for downloads. `on_paper` is the table
    that stands in the place of this one on paper. Caption and label are those of the cell that asks for it.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    caption: str = ""
    label: str = ""
    numeric: frozenset[int] = field(default_factory=frozenset)
    further: frozenset[int] = field(default_factory=frozenset)
    note: str = ""
    classes: Sequence[str] = ()
    data: Sequence[Mapping[str, str]] = ()
    on_paper: "Table | None" = None

    def titled(self, caption: str, label: str) -> "Table":
        """Return the table with its caption and label."""
        on_paper = self.on_paper and replace(self.on_paper, caption=caption)
        return replace(self, caption=caption, label=label, on_paper=on_paper)

    def __str__(self) -> str:
        if self.on_paper is None:
            return self._text(self.label)
        # The one on paper has no label: two of a name are a mistake, and with its own it would be numbered on the site too.
        return _only("html", self._text(self.label)) + "\n" + _only("latex", self.on_paper._text(""))

    def _text(self, label: str) -> str:
        columns = [
            align_decimals([row[i] for row in self.rows]) if i in self.numeric else [row[i] for row in self.rows]
            for i in range(len(self.header))
        ]
        lines = [
            "```{tabularcolumns} "
            + "".join(_column(width, sum(self.widths), i in self.numeric) for i, width in enumerate(self.widths)),
            "```",
            "",
            f"::::{{table}} {self.caption}",
            *([f":name: {label}"] if label else []),
            f":widths: {' '.join(map(str, self.widths))}",
            f":class: {' '.join(self._classes())}",
            "",
            _line(self.header),
            _line(["--:" if i in self.numeric else ":--" for i in range(len(self.header))]),
            *(_line(row) for row in zip(*columns, strict=True)),
            "::::",
        ]
        if self.note:
            lines += ["", ":::{container} table-note", self.note, ":::"]
        return "\n".join(lines) + "\n"

    def _classes(self) -> list[str]:
        long = ["longtable"] if len(self.rows) > _LONG and "longtable" not in self.classes else []
        further = [f"further-{'-'.join(map(str, sorted(self.further)))}"] if self.further else []
        return ["survey", *self.classes, *long, *further]


def table(
    rows: Iterable[Row],
    *columns: Column[Row],
    note: str = "",
    classes: Sequence[str] = (),
    data: Sequence[Mapping[str, str]] = (),
) -> Table:
    """Return the table that shows these columns of each row."""
    return Table(
        header=[column.head for column in columns],
        rows=[[column.text(row) for column in columns] for row in rows],
        widths=[column.width for column in columns],
        numeric=frozenset(place for place, column in enumerate(columns) if column.numeric),
        further=frozenset(place for place, column in enumerate(columns) if column.further),
        note=note,
        classes=classes,
        data=data,
    )


def _only(format: str, text: str) -> str:
    return f"::::::{{only}} {format}\n{text}::::::\n"


def _column(width: int, total: int, numeric: bool) -> str:
    # Sphinx tells LaTeX the widths of a table's columns but not how they are aligned.
    side = "raggedleft" if numeric else "raggedright"
    return f">{{\\{side}\\arraybackslash}}\\X{{{width}}}{{{total}}}"


def _line(cells: Sequence[str]) -> str:
    return _UNIT.sub("\u00a0", f"| {' | '.join(cells)} |")
