"""The survey as pandas data frames, with a dtype for every column.

Text is `string`, a list a tuple of texts (`object`), a number `float64`, a whole number or a year `Int64`, a date
`datetime64[s]`. What is not established is missing (`pandas.NA`, `NaN` or `NaT`), or an empty tuple. `columns` says
what each column holds and in which unit. Every function takes a survey, and otherwise that of this package.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.export.csv_json import COLUMNS, table_rows
from peft_vlm_survey.export.package import meaning, unit_of
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.sheets import DATE_FORM, LIST_SEPARATOR, Column

if TYPE_CHECKING:  # it takes half a second to import
    import pandas as pd

_DTYPES = {
    "a number": "float64",
    "a whole number": "Int64",
    "a year of four digits": "Int64",
    DATE_FORM: "datetime64[s]",
}
_IN_ROW = "see unit"
# What stands beside a number: the column there, and the table and the column that it comes from.
_OF_TABLE = {name: ("origins", name) for name in ("locator", "read_in", "source", "protocol", "checked")}
_JOINED = {
    "results": {
        **{name: ("benchmarks", name) for name in ("name", "dataset", "split", "metric", "unit", "direction")},
        "origin_key": ("origins", "key"),
        **_OF_TABLE,
    },
    "measurements": {"origin_key": ("origins", "key"), **_OF_TABLE},
}
_PRINTED = ("results", "measurements")


def papers(survey: Survey | None = None) -> "pd.DataFrame":
    """Return the papers: one row a paper, what it says of itself beside what the survey says of it."""
    return table("papers", survey)


def references(survey: Survey | None = None) -> "pd.DataFrame":
    """Return the bibliography: one row a work that the book cites, its record alone."""
    return table("references", survey)


def descriptions(survey: Survey | None = None) -> "pd.DataFrame":
    """Return what the papers do: one row a paper whose text was read, a summary and typed facts."""
    return table("descriptions", survey)


def methods(survey: Survey | None = None) -> "pd.DataFrame":
    """Return the methods under their one name, with the names that tables print."""
    return table("methods", survey)


def backbones(survey: Survey | None = None) -> "pd.DataFrame":
    """Return the adapted models under their one name, with the names that tables print."""
    return table("backbones", survey)


def benchmarks(survey: Survey | None = None) -> "pd.DataFrame":
    """Return the benchmarks: one row a data set, split and metric."""
    return table("benchmarks", survey)


def datasets(survey: Survey | None = None) -> "pd.DataFrame":
    """Return the data sets, each with its benchmarks."""
    return table("datasets", survey)


def origins(survey: Survey | None = None) -> "pd.DataFrame":
    """Return the printed tables that numbers stand in: whose they are, and where each was read."""
    return table("origins", survey)


def protocols(survey: Survey | None = None) -> "pd.DataFrame":
    """Return the protocols: what must be equal before numbers are compared."""
    return table("protocols", survey)


def results(survey: Survey | None = None) -> "pd.DataFrame":
    """Return the reported scores: one row a number, beside its benchmark and the table that it stands in.

    `value` is a number in the unit of `unit`; `printed` is the text of the source, with all its digits.
    """
    return table("results", survey)


def measurements(survey: Survey | None = None) -> "pd.DataFrame":
    """Return the reported memory, times and sizes: one row a number, with its unit, beside the table that it stands in.

    `value` is a number in the unit of `unit`; `printed` is the text of the source, with all its digits.
    """
    return table("measurements", survey)


def table(name: str, survey: Survey | None = None) -> "pd.DataFrame":
    """Return any table of the downloads by its name, such as `glossary`. Raises KeyError if there is none."""
    import pandas as pd

    known = _columns(name)
    rows = list(_rows(survey or the_survey(), name))
    return pd.DataFrame({column: _series(known[column][1], [row[column] for row in rows]) for column in known})


def columns(name: str) -> "pd.DataFrame":
    """Return what the columns of a table hold: dtype, unit, meaning, and what a missing cell means.

    The unit is empty where there is none, and `see unit` where each row names its own. Raises KeyError for no table.
    """
    import pandas as pd

    rows = [
        {
            "column": column,
            "dtype": dtype_of(rules),
            "unit": _IN_ROW if name in _PRINTED and column in ("value", "spread") else unit_of(column),
            "holds": "the value as the source prints it" if column == "printed" else meaning(home, rules.name).holds,
            "missing": "never missing" if column == "printed" else meaning(home, rules.name).empty,
        }
        for column, (home, rules) in _columns(name).items()
    ]
    return pd.DataFrame(rows, dtype="string")


def dtype_of(column: Column) -> str:
    """Return the dtype of a column."""
    return "object" if column.many else _DTYPES.get(column.form, "string")


def _columns(name: str) -> Mapping[str, tuple[str, Column]]:
    """Return the columns of a table in order, each with the table whose dictionary explains it."""
    if name not in COLUMNS:
        raise KeyError(f"no table '{name}'; there are {', '.join(COLUMNS)}")
    known = {column.name: (name, column) for column in COLUMNS[name]}
    for column, (home, source) in _JOINED.get(name, {}).items():
        known[column] = (home, next(joined for joined in COLUMNS[home] if joined.name == source))
    if name in _PRINTED:
        known["printed"] = (name, Column(name="printed"))
    return known


def _rows(survey: Survey, name: str) -> Iterator[Mapping[str, str]]:
    if name == "results":
        for number, row in zip(survey.results, survey.number_rows(survey.results), strict=True):
            beside = survey.benchmark(number.benchmark).row
            joined = {column: beside[source] for column, (home, source) in _JOINED[name].items() if home != "origins"}
            yield {**row, **joined, "printed": number.value}
    elif name == "measurements":
        for number, row in zip(survey.measurements, survey.number_rows(survey.measurements), strict=True):
            yield {**row, "quantity": number.benchmark, "printed": number.value}
    else:
        yield from table_rows(survey, name)


def _series(column: Column, cells: Iterable[str]) -> Any:
    import pandas as pd

    dtype = dtype_of(column)
    if column.many:
        return pd.Series([tuple(cell.split(LIST_SEPARATOR)) if cell else () for cell in cells], dtype="object")
    values = pd.Series([cell or None for cell in cells], dtype="string")
    if dtype == "Int64":
        return values.astype("Float64").astype("Int64")
    return values if dtype == "string" else values.astype("object").where(values.notna(), None).astype(cast(Any, dtype))
