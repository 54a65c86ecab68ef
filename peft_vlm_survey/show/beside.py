"""Two to four methods beside each other as a chapter shows them: the rows of the group in which most of them meet."""

from peft_vlm_survey.compare.choosable import NoSuchMethod, chosen
from peft_vlm_survey.compare.group_comparisons import EVEN, WITHIN
from peft_vlm_survey.model import Survey
from peft_vlm_survey.show.markup import NOT_ESTABLISHED, Markup, escape
from peft_vlm_survey.show.side_by_side import Data, answer
from peft_vlm_survey.show.side_by_side_data import index_of
from peft_vlm_survey.show.table import Column, Numbers, Table, table

_MOST_ROWS = 12


def beside(*names: str, survey: Survey) -> Table:
    """Return the first group of a comparison: a row a benchmark, a column a method, each number with how far it is behind.

    Raises KeyError for a name that no method has, or if no two of these have comparable numbers.
    """
    index = index_of(survey)
    comparison = answer(index, _ids(survey, names))
    if not comparison["groups"]:
        raise KeyError(f"no comparable numbers of {', '.join(names)}")
    group = comparison["groups"][0]
    present = [at for at, setting in enumerate(group["settings"]) if setting]

    def behind(row: Data, at: int) -> str:
        cell = row["cells"][at]
        if not cell or cell["verdict"] == EVEN:
            return ""
        distance = f"{'−' if row['higher'] else '+'}{cell['behind']}"
        return f"({distance})" if cell["verdict"] == WITHIN else distance

    def method(at: int) -> tuple[Column[Data], Column[Data]]:
        name = escape(comparison["methods"][at]["name"])
        return (
            Numbers(name, 12, lambda row: cell["value"] if (cell := row["cells"][at]) else ""),
            Numbers("Behind", 9, lambda row: behind(row, at) or " "),
        )

    return table(
        group["rows"][:_MOST_ROWS],
        Column("Benchmark", 26, lambda row: escape(", ".join(filter(None, (row["name"], row["unit"]))))),
        *(column for at in present for column in method(at)),
        Numbers("Re-run gap", 12, lambda row: row["apart"] + ("*" if row["elsewhere"] else "")),
        note=f"{escape(group['name'])}. *Behind*: distance from the best of the row, in brackets if no larger than that between re-runs. "
        f"*Re-run gap*: median difference between re-runs (starred: on other benchmarks of the set-up); {NOT_ESTABLISHED}: not known."
        + (f" The first {_MOST_ROWS} of {len(group['rows'])} rows." if len(group["rows"]) > _MOST_ROWS else ""),
        data=[
            {
                "benchmark": row["benchmark"],
                "method": comparison["methods"][at]["id"],
                **{name: cell[name] for name in ("value", "spread", "table", "claim", "behind", "verdict")},
            }
            for row in group["rows"]
            for at in present
            if (cell := row["cells"][at])
        ],
    )


def beside_said(*names: str, survey: Survey) -> Markup:
    """Return the sentences of a comparison. Raises KeyError for a name that no method has."""
    return Markup(" ".join(escape(text) for text in answer(index_of(survey), _ids(survey, names))["said"]) + "\n")


def _ids(survey: Survey, names: tuple[str, ...]) -> list[str]:
    try:
        return [chosen(survey, name).id for name in names]
    except NoSuchMethod as error:
        raise KeyError(str(error)) from None
