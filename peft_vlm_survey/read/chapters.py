"""Find what the chapters cite, so that a wrong key is named before anything is built."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.sources import read_source

FOLDER = "book"
CELL = re.compile(r"^```\{code-cell\} python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CITATION = re.compile(r"\{cite(?::\w+)?\}`([^`]+)`")
_FRONT = re.compile(r"\A---\n(.*?)^---\n", re.MULTILINE | re.DOTALL)
_PAPER = re.compile(r"\{paper\}`(?:[^`<]*<)?([^`<>]+)>?`")


@dataclass(frozen=True, kw_only=True, slots=True)
class Citation:
    """One use of a key in a chapter."""

    path: str
    line: int
    key: str


def read_citations(root: Path) -> tuple[tuple[Citation, ...], tuple[Problem, ...]]:
    """Read every citation of every chapter below the root."""
    citations: list[Citation] = []
    problems: list[Problem] = []
    names = {chapter.name for chapter in (root / FOLDER).glob("*.md")}
    for name in sorted(names | {"index.md"}):
        source = read_source(root, f"{FOLDER}/{name}")
        problems += source.problems
        citations += _citations(source.path, source.text)
    return tuple(citations), tuple(problems)


def front_matter(text: str) -> tuple[Mapping[str, Any], str]:
    r"""Return the settings with which a chapter or a cell begins, and what follows them.

    >>> front_matter("---\ntags: [a]\n---\nText")
    ({'tags': ['a']}, 'Text')
    """
    found = _FRONT.match(text)
    return (dict(yaml.safe_load(found.group(1)) or {}), text[found.end() :]) if found else ({}, text)


def _citations(path: str, text: str) -> Iterator[Citation]:
    for match in (*_CITATION.finditer(text), *_PAPER.finditer(text)):
        line = text.count("\n", 0, match.start()) + 1
        for key in match.group(1).split(","):
            yield Citation(path=path, line=line, key=key.strip())
