"""Read CITATION.cff: what the book says of itself, and the two addresses that may be unset."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from survey.problems import Problem
from survey.read.sources import read_source

PATH = "CITATION.cff"
_REQUIRED = ("title", "authors", "version", "date-released", "abstract")


@dataclass(frozen=True, kw_only=True, slots=True)
class Edition:
    """What the book says of itself; `url` and `repository` are empty while they are unset."""

    title: str
    authors: tuple[str, ...]
    version: str
    date: str
    abstract: str
    url: str
    repository: str


def read_edition(root: Path) -> tuple[Edition, tuple[Problem, ...]]:
    """Read the edition; what is wrong with it beyond a missing field is for a CFF validator to say."""
    source = read_source(root, PATH)
    problems = list(source.problems)
    said: dict[str, Any] = {}
    try:
        said = dict(yaml.safe_load(source.text) or {})
    except (yaml.YAMLError, TypeError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problems.append(
            Problem(
                path=PATH,
                line=line,
                message="not YAML.",
                remedy="Compare with the Citation File Format 1.2.",
                loses=True,
            )
        )
    if not problems:
        for field in _REQUIRED:
            if not said.get(field):
                problems.append(
                    Problem(
                        path=PATH,
                        line=1,
                        message=f"{field} is missing.",
                        remedy="Add it; the Citation File Format 1.2 says how.",
                    )
                )
    edition = Edition(
        title=str(said.get("title", "")),
        authors=tuple(_name(author) for author in said.get("authors") or []),
        version=str(said.get("version", "")),
        date=str(said.get("date-released", "")),
        abstract=str(said.get("abstract", "")),
        url=str(said.get("url") or "").rstrip("/"),
        repository=str(said.get("repository-code") or "").rstrip("/"),
    )
    return edition, tuple(problems)


def _name(author: dict[str, str]) -> str:
    return author.get("name") or f"{author.get('given-names', '')} {author.get('family-names', '')}".strip()
