"""What the columns of a downloaded table mean, in the words of the data dictionary."""

from peft_vlm_survey.export.csv_json import COLUMNS
from peft_vlm_survey.export.package import meaning
from peft_vlm_survey.show.table import Table


def columns(table: str) -> Table:
    """Explain the columns of a table of the downloads. Raises KeyError if there is none of that name."""
    if table not in COLUMNS:
        raise KeyError(f"no table '{table}'")
    meanings = [(column.name, meaning(table, column.name)) for column in COLUMNS[table]]
    return Table(
        header=["Column", "What it holds", "An empty cell"],
        rows=[[f"`{name}`", sense.holds, sense.empty] for name, sense in meanings],
        widths=[22, 52, 26],
        classes=["longtable"],
    )
