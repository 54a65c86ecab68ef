"""The questions that the chapters' cells ask, found and answered outside of a notebook."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from peft_vlm_survey import figures, tables, values
from peft_vlm_survey.asking import ask, call_of
from peft_vlm_survey.cache import answers
from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import Problem, suggest
from peft_vlm_survey.read.chapters import CELL

_SETTINGS = re.compile(r"\A---\n(.*?)^---\n", re.MULTILINE | re.DOTALL)
_VALUE = re.compile(r"\{value\}`([^`]+)`")
_DOORS = {"tables": tables.HOMES, "figures": figures.HOMES, "values": values.HOMES}


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One call of a cell or of a sentence; `line` is where it stands, `label` what the answer is called, if anything.

    `code` is the call as the chapter writes it; a sentence quotes the number that is called `field`.
    """

    path: str
    line: int
    door: str
    name: str
    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any]
    label: str
    code: str
    field: str = ""

    @property
    def call(self) -> str:
        """The question as text, by which its answer is kept."""
        return call_of(self.name, self.arguments, self.keywords)

    def ask(self, survey: Survey) -> Any:
        """Return the answer. Raises KeyError, TypeError or ValueError where the question has none."""
        return ask(self.name, _DOORS[self.door][self.name], self.arguments, self.keywords, survey)


def read_questions(root: Path) -> Iterator[Question]:
    """Yield the questions of every chapter below the root, in order."""
    for chapter in sorted((root / "book").glob("*.md")):
        text = chapter.read_text(encoding="utf-8")
        for cell in CELL.finditer(text):
            settings = _SETTINGS.match(cell.group(1))
            parsed = yaml.safe_load(settings.group(1)) if settings else {}
            code = _SETTINGS.sub("", cell.group(1))
            code = "\n".join(line for line in code.split("\n") if not line.startswith(":"))
            call = _call(code)
            if call is None:
                continue
            door, name, arguments, keywords = call
            label = keywords.get("label") or parsed.get("mystnb", {}).get("figure", {}).get("name") or ""
            line = text.count("\n", 0, cell.start() + cell.group().index(f"{door}.{name}(")) + 1
            yield Question(
                path=f"book/{chapter.name}",
                line=line,
                door=door,
                name=name,
                arguments=arguments,
                keywords=keywords,
                label=str(label),
                code=code.strip("\n"),
            )
        for quoted in _VALUE.finditer(text):
            yield read_value(quoted.group(1), f"book/{chapter.name}", text.count("\n", 0, quoted.start()) + 1)


def read_value(text: str, path: str = "", line: int = 0) -> Question:
    """Return the question of a role such as ``{value}`finding("own-table").percent` ``; what is none has no name."""
    try:
        asked = ast.parse(text, mode="eval").body
    except SyntaxError:
        asked = ast.Constant(value=text)
    name, arguments, keywords, field = text, (), {}, ""
    if isinstance(asked, ast.Attribute):
        field, asked = asked.attr, asked.value
        if isinstance(asked, ast.Call):
            keywords = {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in asked.keywords}
            arguments, asked = tuple(ast.literal_eval(argument) for argument in asked.args), asked.func
        if isinstance(asked, ast.Name):
            name = asked.id
    return Question(
        path=path,
        line=line,
        door="values",
        name=name,
        arguments=arguments,
        keywords=keywords,
        label="",
        code=text,
        field=field,
    )


def value_text(answer: Mapping[str, int | str], field: str) -> str:
    """Return a number as a sentence quotes it. Raises KeyError for a name that the answer does not have."""
    if field not in answer:
        raise KeyError(f"no number '{field}' among {', '.join(answer)}")
    number = answer[field]
    return f"{number:,}" if isinstance(number, int) else number


def with_values(text: str, survey: Survey) -> str:
    """Return a chapter's text with the numbers that its sentences quote. Raises as `Question.ask` does."""

    def number(quoted: re.Match[str]) -> str:
        question = read_value(quoted.group(1))
        return value_text(question.ask(survey), question.field)

    return _VALUE.sub(number, text)


def find_problems(root: Path, survey: Survey) -> Iterator[Problem]:
    """Yield every question that has no answer or brings a warning, before a notebook would stop at it.

    The answers are kept below the root for the kernels.
    """
    kept = answers(root)
    kept.hold_against(survey)
    asked = set()
    for question in read_questions(root):
        known = _DOORS[question.door]
        if question.name not in known:
            message = f"{question.door} answers no question '{question.name}'."
            remedy = suggest(question.name, known, f"It answers: {', '.join(sorted(known))}.")
            yield Problem(path=question.path, line=question.line, message=message, remedy=remedy)
            continue
        asked.add(question.call)
        try:
            answer = kept.renew(question.call, question.label, survey, question.ask)
            if question.door == "values":
                value_text(kept.load(answer) or question.ask(survey), question.field)
        except (KeyError, TypeError, ValueError, Warning) as error:
            reason = str(error.args[0]) if error.args else type(error).__name__
            yield Problem(
                path=question.path,
                line=question.line,
                message=f"{question.door}.{question.name}: {reason}.",
                remedy=f"Correct the question; peft_vlm_survey/{question.door}.py leads to what it takes.",
            )
    kept.entries = {call: answer for call, answer in kept.entries.items() if call in asked}
    kept.save()


def answered(root: Path, survey: Survey) -> Iterator[tuple[Question, Any]]:
    """Yield every question with its answer, kept or worked out now. Raises as `ask` does."""
    kept = answers(root)
    current = kept.current  # it takes a digest of every source
    for question in read_questions(root):
        entry = kept.entries.get(question.call) if current else None
        answer = kept.load(entry) if entry else None
        yield question, question.ask(survey) if answer is None else answer


def _call(code: str) -> tuple[str, str, tuple[Any, ...], dict[str, Any]] | None:
    """Return the door, the name and the arguments of a cell's one call; None for a cell that asks nothing."""
    body = ast.parse(code).body
    if len(body) != 1 or not isinstance(body[0], ast.Expr) or not isinstance(body[0].value, ast.Call):
        return None
    call = body[0].value
    if not isinstance(call.func, ast.Attribute) or not isinstance(call.func.value, ast.Name):
        return None
    if call.func.value.id not in _DOORS:
        return None
    keywords = {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in call.keywords}
    return call.func.value.id, call.func.attr, tuple(ast.literal_eval(argument) for argument in call.args), keywords
