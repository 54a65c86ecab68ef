"""Read data/advice.csv: what a person advises for a task on a kind of backbone, and the figures that it rests on."""

from dataclasses import dataclass

from peft_vlm_survey.read.backbones import KINDS
from peft_vlm_survey.read.sheets import DATE, DATE_FORM, Row, column

# How much an advice rests on, from most to least.
SEVERAL, ONE_PAPER, ONE_TABLE, NOT_COMPARED = "several papers", "one paper", "one table", "not compared"
GRADES = (SEVERAL, ONE_PAPER, ONE_TABLE, NOT_COMPARED)
_FIGURE = r"[^|;]+ \| [^|;]+ \| [^|;]+ \| -?[0-9]+(\.[0-9]+)?"


@dataclass(frozen=True, kw_only=True, slots=True)
class Advice:
    """One row of advice.csv; without `kinds` it is for every kind of backbone that no other row of its task names.

    `methods` are those that it recommends, by the key of their paper or else by name, the first choice first. `evidence`
    holds the best number of methods at the time of writing: `protocol | backbone | method | value`. It is empty where no
    number of a method that is advised can be compared.
    """

    task: str = column(required=True, leads="asked_tasks")
    kinds: tuple[str, ...] = column(words=KINDS)
    methods: tuple[str, ...] = column(required=True)
    advice: str = column(required=True)
    grade: str = column(required=True, words=GRADES)
    evidence: tuple[str, ...] = column(
        pattern=f"{_FIGURE}(; {_FIGURE})*",
        form="a list of protocol | backbone | method | value",
    )
    checked: str = column(required=True, pattern=DATE, form=DATE_FORM)
    row: Row


def split(figure: str) -> list[str]:
    """Return the protocol, the backbone, the method and the value of a figure of `evidence`."""
    return figure.split(" | ")
