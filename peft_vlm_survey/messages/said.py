"""What a chapter says, cut into messages as Sphinx cuts it: description, headings, paragraphs, cells and captions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.mdit_to_docutils.base import DocutilsRenderer
from myst_parser.parsers.mdit import create_md_parser

from peft_vlm_survey.questions import read_questions

_EXTENSIONS = {"colon_fence", "dollarmath", "attrs_inline"}
_WITHOUT_TEXT = ("code-cell", "bibliography", "raw", "literalinclude", "search-field")
_FENCE = re.compile(r"\{([a-z-]+)\}\s*(.*)")
_OPTIONS = re.compile(r"\A(?::[\w-]+:.*\n)+")


@dataclass(frozen=True, slots=True)
class Said:
    """A message of a chapter as it is written, and where."""

    text: str
    path: str
    line: int


@cache
def parser() -> Any:
    """Return what reads MyST as the build does."""
    return create_md_parser(MdParserConfig(enable_extensions=_EXTENSIONS), DocutilsRenderer)


def said_in(root: Path, chapter: str) -> list[Said]:
    """Return the messages of a chapter: description, headings, paragraphs and cells that stand in it, and captions of its cells."""
    path = f"book/{chapter}.md"
    text = (root / path).read_text(encoding="utf-8")
    front = re.match(r"\A---\n(.*?)\n---\n", text, re.DOTALL)
    found: list[Said] = []
    if front:
        meta = yaml.safe_load(front[1]).get("myst", {}).get("html_meta", {})
        if "description" in meta:
            found.append(Said(meta["description"], path, front[1].count("\n", 0, front[1].index("description:")) + 2))
    found += [Said(words, path, line) for words, line in cut(text, 0)]
    for cell in _cells(text):
        for word in ("alt", "caption"):
            if words := cell[0].get(word):
                found.append(Said(" ".join(str(words).split()), path, cell[1]))
    for question in read_questions(root):
        if question.path == path and question.keywords.get("caption"):
            found.append(Said(question.keywords["caption"], path, question.line))
    return list({said.text: said for said in reversed(found)}.values())[::-1]


def _cells(text: str) -> Iterator[tuple[dict[str, Any], int]]:
    """Yield what the settings of each cell say of its figure, with its line."""
    for match in re.finditer(r"^```\{code-cell\}[^\n]*\n---\n(.*?)^---\n", text, re.MULTILINE | re.DOTALL):
        settings = (yaml.safe_load(match[1]) or {}).get("mystnb", {})
        yield {**settings.get("image", {}), **settings.get("figure", {})}, text.count("\n", 0, match.start()) + 1


def cut(text: str, before: int) -> Iterator[tuple[str, int]]:
    """Yield the messages of a piece of MyST as Sphinx cuts them, each with its line; `before` lines stand above the piece."""
    for token in parser().parse(text):
        line = before + (token.map[0] if token.map else 0) + 1
        if token.type == "inline" and token.content.strip() and not _is_bare(token):
            yield token.content.replace("\n", " ").strip(), line
        elif token.type in ("fence", "colon_fence") and (fence := _FENCE.match(token.info)):
            name, argument = fence.groups()
            if name in _WITHOUT_TEXT:
                continue
            if argument and name in ("table", "dropdown"):
                yield argument.strip(), line
            body = token.content
            options = _OPTIONS.match(body)
            skipped = options.group().count("\n") if options else 0
            yield from cut(body[options.end() :] if options else body, line + skipped)


def _is_bare(token: Token) -> bool:
    """Return whether a piece holds no words: a table cell with numbers alone."""
    return not any(letter.isalpha() for letter in token.content)
