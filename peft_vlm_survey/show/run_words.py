"""How a training run is carried out, in the words that the command and the calculator take."""

from peft_vlm_survey.costs.options import SAYS, WORDS
from peft_vlm_survey.show.markup import escape
from peft_vlm_survey.show.table import Table


def run_words() -> Table:
    """Return the words of a run, the usual value of each first, and what they mean."""
    return Table(
        header=["Word", "Values, the usual one first", "What it means"],
        rows=[[f"`{name}`", ", ".join(f"`{value}`" for value in WORDS[name]), escape(SAYS[name])] for name in WORDS],
        widths=[16, 30, 54],
    )
