"""What a reader may call a task: its name, its other names, and terms of the glossary that lead to it."""

import re
from collections.abc import Iterable, Mapping

from peft_vlm_survey.choose import words
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.glossary import GlossaryTerm
from peft_vlm_survey.read.tasks import TASKS


def named_task(text: str, survey: Survey) -> str:
    """Return the task of which a text is a name; empty if there is none."""
    return survey.derived(_by_name).get(folded(text), "")


def held_tasks(text: str, survey: Survey) -> tuple[str, ...]:
    """Return the tasks to which terms of the glossary lead that a text holds, in the order of the vocabulary."""
    said = spaced(text)
    return _in_order(tasks for name, tasks in survey.derived(_by_term).items() if name in said)


def holding_tasks(text: str, survey: Survey) -> tuple[str, ...]:
    """Return the tasks to which terms of the glossary lead of which a text is a part, in the order of the vocabulary."""
    said = spaced(text)
    return _in_order(tasks for name, tasks in survey.derived(_by_term).items() if said in name)


def _in_order(found: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    led = {task for tasks in found for task in tasks}
    return tuple(task for task in TASKS if task in led)


def section_said(task: str, survey: Survey) -> str:
    """Return where the book says what is known of a task; empty if no section does."""
    section = survey.sections_by_task.get(task)
    return words.SECTION.format(task=task, heading=section.heading, address=section.address) if section else ""


def near_said(tasks: tuple[str, ...], survey: Survey, end: str = words.SEARCH) -> str:
    """Return the way out of a name that no task has, by the tasks that are near, and the section on a single one."""
    section = section_said(tasks[0], survey) if len(tasks) == 1 else ""
    near = words.NEAR_ONE if len(tasks) == 1 else words.NEAR
    return near.format(tasks=", ".join(tasks)) + end + (f" {section}" if section else "")


def page_data(survey: Survey) -> dict[str, Mapping[str, str]]:
    """Return what the page knows of names: the task of each, and of each term that leads to tasks the way out."""
    return {
        "called": {name: task for name, task in survey.derived(_by_name).items() if name != task},
        "near": {name.strip(): near_said(tasks, survey, end=".") for name, tasks in survey.derived(_by_term).items()},
    }


def folded(text: str) -> str:
    """Return a name without what writers differ in."""
    return text.casefold().replace("_", " ")


def spaced(text: str) -> str:
    """Return the words of a text between spaces, so that a name in it is found as a whole, in the plural too.

    >>> spaced("Chest X-rays")
    ' chest x ray '
    """
    return f" {' '.join(word.removesuffix('s') for word in re.findall('[a-z0-9]+', text.casefold()))} "


def _by_name(survey: Survey) -> Mapping[str, str]:
    """Return the task of every name: the glossary may have it under another of its names."""
    found = {folded(name): task for term in survey.glossary for task in _meant(term) for name in term.names}
    return found | {folded(task): task for task in TASKS}


def _by_term(survey: Survey) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for term in survey.glossary:
        if tasks := _meant(term) or tuple(task for task in TASKS if task in term.see):
            found |= {spaced(name): tasks for name in term.names}
    return found


def _meant(term: GlossaryTerm) -> tuple[str, ...]:
    """Return the task that a term is; none if it is no task."""
    return tuple(task for task in TASKS if task in term.names)
