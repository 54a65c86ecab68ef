"""What a reader may call a task: its name, its other names, and terms of the glossary that lead to it."""

import re
from collections.abc import Mapping

from peft_vlm_survey.choose import words
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.glossary import GlossaryTerm
from peft_vlm_survey.read.tasks import TASKS


def named_task(text: str, survey: Survey) -> str:
    """Return the task of which a text is a name; empty if there is none."""
    return survey.derived(_by_name).get(folded(text), "")


def names_of_tasks(survey: Survey) -> Mapping[str, str]:
    """Return the task of every name."""
    return survey.derived(_by_name)


def leading_terms(survey: Survey) -> Mapping[str, tuple[str, ...]]:
    """Return the tasks to which every name of a term of the glossary leads."""
    return survey.derived(_by_term)


def section_said(task: str, survey: Survey) -> str:
    """Return where the book says what is known of a task, or of the wider one; empty if no section does."""
    sections = survey.sections_by_task
    section = sections.get(task) or sections.get(survey.wider_task(task))
    return words.SECTION.format(task=section.task, heading=section.heading, address=section.address) if section else ""


def near_said(tasks: tuple[str, ...], survey: Survey, end: str = words.SEARCH) -> str:
    """Return the way out of a name that no task has, by the tasks that are near, and the section on a single one."""
    section = section_said(tasks[0], survey) if len(tasks) == 1 else ""
    near = words.NEAR_ONE if len(tasks) == 1 else words.NEAR
    return near.format(tasks=", ".join(tasks)) + end + (f" {section}" if section else "")


def page_data(survey: Survey) -> dict[str, Mapping[str, str]]:
    """Return what the page knows of names: the task of each, and of each term that leads to tasks the way out."""
    return {
        "called": {name: task for name, task in names_of_tasks(survey).items() if name != folded(task)},
        "near": {name: near_said(tasks, survey, end=".") for name, tasks in leading_terms(survey).items()},
        "wider": {task.task: task.within for task in survey.asked_tasks if task.within},
    }


def folded(text: str) -> str:
    """Return the words of a name without what writers differ in: case, hyphens, plurals, z for s.

    >>> folded("Chest X-rays"), folded("domain_generalization"), folded("classes")
    ('chest x ray', 'domain generalisation', 'class')
    """
    return " ".join(_singular(word) for word in re.findall("[a-z0-9]+", text.casefold()))


def _singular(word: str) -> str:
    word = re.sub("iz(?=e|ing|ation)", "is", word)
    return re.sub("(?<=ss)es$|(?<=[^s])s$", "", word) if len(word) > 3 else word


def _by_name(survey: Survey) -> Mapping[str, str]:
    """Return the task of every name: the glossary may have it under another of its names."""
    found = {folded(name): task for term in survey.glossary for task in _meant(term) for name in term.names}
    found |= {folded(name): asked.task for asked in survey.asked_tasks for name in asked.aliases}
    return found | {folded(task): task for task in (*TASKS, *survey.asked_tasks_by_name)}


def _by_term(survey: Survey) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for term in survey.glossary:
        if tasks := _meant(term) or tuple(task for task in TASKS if task in term.see):
            found |= {folded(name): tasks for name in term.names}
    return found


def _meant(term: GlossaryTerm) -> tuple[str, ...]:
    """Return the task that a term is; none if it is no task."""
    return tuple(task for task in TASKS if task in term.names)
