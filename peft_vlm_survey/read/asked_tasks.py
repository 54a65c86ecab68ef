"""Read data/asked_tasks.csv: the tasks that a reader may ask the chooser for, with their further names."""

from collections.abc import Iterator
from dataclasses import dataclass

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.sheets import Row, column
from peft_vlm_survey.read.tasks import TASKS


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedTask:
    """One row of asked_tasks.csv: a task of the vocabulary, or a narrower one within it.

    `protocols` are those whose groups answer a narrower task; where `apart` they say nothing of the wider one. `like` are
    tasks whose numbers come near to it on a model of the reader's kind.
    """

    task: str = column(required=True, unique=True)
    zh: str
    within: str = column(words=TASKS)
    aliases: tuple[str, ...]
    protocols: tuple[str, ...] = column(leads="protocols")
    like: tuple[str, ...] = column(words=TASKS)
    apart: str = column(words=("yes",))
    row: Row


def _wider_task(tasks: tuple[AskedTask, ...]) -> Iterator[Problem]:
    for task in tasks:
        if task.task in TASKS and task.within:
            yield task.row.problem(
                f"'{task.task}' is in the vocabulary and lies within no other task.", "Empty within, or name it anew."
            )
        elif task.task not in TASKS and not (task.within and task.zh):
            yield task.row.problem(
                f"'{task.task}' is not in the vocabulary, and lacks within or zh.",
                "Name the wider task and the Chinese name.",
            )


def _two_tasks(tasks: tuple[AskedTask, ...]) -> Iterator[Problem]:
    first = {task.task.casefold(): task for task in tasks}
    for task in tasks:
        for name in task.aliases if task.row.sound("aliases") else ():
            known = first.setdefault(name.casefold(), task)
            if known is not task:
                yield task.row.problem(
                    f"alias '{name}' means '{known.task}' already.", "A name means one task; keep it once."
                )


RULES = (_wider_task, _two_tasks)
