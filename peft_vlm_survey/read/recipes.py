"""Read data/recipes.csv: configurations that official code and documentation ship, each with the file that states it."""

from collections.abc import Iterator
from dataclasses import dataclass

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.backbones import KINDS as BACKBONE_KINDS
from peft_vlm_survey.read.between_rows import standing_twice
from peft_vlm_survey.read.sheets import Row, column
from peft_vlm_survey.read.tasks import TASKS

KINDS = ("official code", "library documentation", "community")
_COUNT = {"pattern": "[1-9][0-9]*", "form": "a whole number above zero"}
_NUMBER = {"pattern": r"[0-9]*\.?[0-9]+(e-?[0-9]+)?", "form": "a number such as 0.05 or 1e-4"}
_PLACE = r"[\w.-]+/[\w.-]+@[0-9a-f]{7,40}: [^ ].*"
# A rate outside is a slip, unless the code multiplies it before use.
LEAST_RATE, MOST_RATE = 1e-8, 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipe:
    """One row of recipes.csv: how somebody trained a method, as far as a file says it.

    `key` is the paper of the method, `paper` the one whose authors' repository states it. A rate is a `base_rate` where the
    code multiplies it before use, so that it stands beside no other.
    """

    key: str = column(leads="references")
    paper: str = column(leads="references")
    method: str = column(required=True)
    method_id: str
    task: str = column(required=True, words=TASKS)
    printed_task: str = column(required=True)
    backbone: str = column(required=True)
    backbone_kind: str = column(required=True, words=BACKBONE_KINDS)
    configuration: str = column(leads="configurations")
    targets: str
    rank: str = column(**_COUNT)
    size: str
    alpha: str = column(**_NUMBER)
    scale: str
    dropout: str = column(**_NUMBER)
    learning_rate: str = column(**_NUMBER)
    base_rate: str = column(words=("yes",))
    rate_note: str
    schedule: str
    warmup: str
    weight_decay: str = column(**_NUMBER)
    optimiser: str
    batch: str = column(**_COUNT)
    batch_note: str
    epochs: str = column(**_NUMBER)
    steps: str = column(**_COUNT)
    length_note: str
    precision: str
    input: str
    gpus: str
    memory: str = column(**_NUMBER)
    memory_unit: str = column(words=("GB", "GiB"))
    memory_note: str
    time: str
    kind: str = column(required=True, words=KINDS)
    command: tuple[str, ...]
    source: str = column(required=True, pattern=_PLACE, form="a place such as owner/repository@0123abc: path")
    also_read: tuple[str, ...]
    note: str
    row: Row

    @property
    def repository(self) -> str:
        """The owner and the name of the repository."""
        return self.source.partition("@")[0]

    @property
    def path(self) -> str:
        """The file that states it, within its repository."""
        return self.source.partition(": ")[2]

    @property
    def commit(self) -> str:
        """The commit at which it was read."""
        return self.source.partition("@")[2].partition(":")[0]

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines that fetch the repository as it was then and run the recipe; none where no command is established."""
        if not self.command:
            return ()
        name = self.repository.partition("/")[2]
        return (
            f"git clone https://github.com/{self.repository}",
            f"cd {name}",
            f"git checkout {self.commit}",
            *self.command,
        )

    @property
    def address(self) -> str:
        """Where the file can be read, as it was then."""
        return f"https://github.com/{self.repository}/blob/{self.commit}/{self.path.replace(' ', '%20')}"


def _impossible_rate(rows: tuple[Recipe, ...]) -> Iterator[Problem]:
    for recipe in rows:
        if not recipe.learning_rate or not recipe.row.sound("learning_rate") or recipe.base_rate:
            continue
        if not LEAST_RATE <= float(recipe.learning_rate) < MOST_RATE:
            yield recipe.row.problem(
                f"learning_rate '{recipe.learning_rate}' is no rate that a model is trained with.",
                "Read it again; where the code multiplies it before use, write yes into base_rate.",
            )


def _impossible_share(rows: tuple[Recipe, ...]) -> Iterator[Problem]:
    for recipe in rows:
        if recipe.dropout and recipe.row.sound("dropout") and not float(recipe.dropout) < 1:
            yield recipe.row.problem(f"dropout '{recipe.dropout}' is not below 1.", "Write the share that is dropped.")


def _memory_without_unit(rows: tuple[Recipe, ...]) -> Iterator[Problem]:
    for recipe in rows:
        if bool(recipe.memory) != bool(recipe.memory_unit):
            yield recipe.row.problem("memory and memory_unit do not stand together.", "Give both, or leave both empty.")


def _twice(rows: tuple[Recipe, ...]) -> Iterator[Problem]:
    for recipe, first in standing_twice(rows, lambda recipe: tuple(recipe.row.cells.values())):
        yield recipe.row.problem(f"the same recipe stands in line {first} already.", "Delete one of the two.")


def _command_of_another(rows: tuple[Recipe, ...]) -> Iterator[Problem]:
    for recipe in rows:
        if recipe.command and recipe.kind != "official code":
            yield recipe.row.problem(
                f"a command, but kind is '{recipe.kind}'.", "Leave it empty: lines are given for official code alone."
            )


def _rate_without_number(rows: tuple[Recipe, ...]) -> Iterator[Problem]:
    for recipe in rows:
        if recipe.base_rate and not recipe.learning_rate:
            yield recipe.row.problem("base_rate is said of no learning_rate.", "Give the rate, or leave it empty.")


RULES = (_impossible_rate, _impossible_share, _memory_without_unit, _twice, _rate_without_number, _command_of_another)
