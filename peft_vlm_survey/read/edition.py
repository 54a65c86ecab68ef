"""Read CITATION.cff: what the book says of itself, and the addresses that may be unset."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.sheets import ADDRESS, DATE, DATE_FORM, DOI, DOI_REMEDY
from peft_vlm_survey.read.sources import read_source

PATH = "CITATION.cff"
_REQUIRED = ("title", "authors", "version", "date-released", "abstract")


@dataclass(frozen=True, kw_only=True, slots=True)
class Edition:
    """What the book says of itself; `url`, `doi` and `repository` are empty while they are unset."""

    title: str
    authors: tuple[str, ...]
    version: str
    date: str
    abstract: str
    url: str
    doi: str
    repository: str
    keywords: tuple[str, ...] = ()

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where the edition is found, as far as it is set: its DOI first."""
        doi = f"https://doi.org/{self.doi}" if self.doi else ""
        return tuple(address for address in (doi, self.url, self.repository) if address)


def read_edition(root: Path) -> tuple[Edition, tuple[Problem, ...]]:
    """Read the edition; what is wrong with it beyond a missing field is for a CFF validator to say."""
    source = read_source(root, PATH)
    problems = list(source.problems)
    fields: dict[str, Any] = {}
    try:
        fields = {} if problems else dict(yaml.safe_load(source.text) or {})
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
        problems += _field_problems(source.text, fields)
    edition = Edition(
        title=str(fields.get("title", "")),
        authors=tuple(map(_name, fields["authors"])) if _is_names(fields.get("authors")) else (),
        version=str(fields.get("version", "")),
        date=str(fields.get("date-released", "")),
        abstract=str(fields.get("abstract", "")),
        url=str(fields.get("url") or "").rstrip("/"),
        doi=str(fields.get("doi") or ""),
        repository=str(fields.get("repository-code") or "").rstrip("/"),
        keywords=tuple(map(str, fields.get("keywords") or ())),
    )
    return edition, tuple(problems)


def _field_problems(text: str, fields: dict[str, Any]) -> Iterator[Problem]:
    for field in _REQUIRED:
        if not fields.get(field):
            remedy = "Add it; the Citation File Format 1.2 says how."
            yield Problem(path=PATH, line=1, message=f"{field} is missing.", remedy=remedy)
    if fields.get("authors") and not _is_names(fields["authors"]):
        remedy = "Write each as '- name: ...', or with given-names and family-names."
        yield Problem(path=PATH, line=1, message="authors is not a list of names.", remedy=remedy)
    if fields.get("date-released") and not re.fullmatch(DATE, str(fields["date-released"])):
        line = _line(text, "date-released")
        message = f"date-released '{fields['date-released']}' is not {DATE_FORM}."
        yield Problem(path=PATH, line=line, message=message, remedy=f"Write {DATE_FORM}.")
    for field in ("url", "repository-code"):
        if fields.get(field) and not re.fullmatch(ADDRESS, str(fields[field])):
            yield Problem(
                path=PATH,
                line=_line(text, field),
                message=f"{field} '{fields[field]}' is not an http(s) address.",
                remedy="Write the address in full, or delete the line while there is none.",
            )
    if fields.get("doi") and not re.fullmatch(DOI, str(fields["doi"])):
        message = f"doi '{fields['doi']}' is not a DOI."
        yield Problem(path=PATH, line=_line(text, "doi"), message=message, remedy=DOI_REMEDY)


def _line(text: str, field: str) -> int:
    lines = text.split("\n")
    return next((number for number, line in enumerate(lines, start=1) if line.startswith(f"{field}:")), 1)


def _is_names(authors: object) -> bool:
    return isinstance(authors, list) and all(isinstance(author, dict) and _name(author) for author in authors)


def _name(author: dict[str, Any]) -> str:
    return str(author.get("name") or f"{author.get('given-names', '')} {author.get('family-names', '')}".strip())
