"""What must hold before an edition is made: all is committed, dated and described, and says the same version."""

import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

from peft_vlm_survey.data import read
from peft_vlm_survey.editions.changelog import PATH as CHANGELOG
from peft_vlm_survey.editions.changelog import sections
from peft_vlm_survey.editions.changes import FOLDER, last_edition
from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.edition import PATH as CITATION
from peft_vlm_survey.read.edition import Edition, read_edition
from peft_vlm_survey.read.sheets import DATE

PROJECT = "pyproject.toml"


def find_problems(root: Path, version: str, today: str) -> tuple[Problem, ...]:
    """Return all that stands against making an edition of a version on a day, sorted by place."""
    edition, _ = read_edition(root)  # what is wrong with it is among the problems of the data
    date = edition.date if re.fullmatch(DATE, edition.date) else ""
    own = [
        *_versions(root, edition, version),
        *_date(root, date, today),
        *_section(root, date, version),
        *_before(root, version),
        *_commits(root, version),
    ]
    return tuple(sorted([*read(root)[1], *own]))


def _before(root: Path, version: str) -> Iterator[Problem]:
    """Yield that the edition before is not there, with which *What Changed* compares this one."""
    versions = [section.version for section in sections(root)]
    if version in versions[:-1]:
        last, before = versions[versions.index(version) + 1], last_edition(root, version)
        if before is None or before.stem != last:
            yield Problem(
                path=f"{FOLDER.as_posix()}/{last}.zip",
                line=1,
                message="the edition before is not there, so that What Changed does not compare this one with it.",
                remedy="Put its reduced data there; its release has them.",
            )


def _versions(root: Path, edition: Edition, version: str) -> Iterator[Problem]:
    """Yield the files that name another version."""
    project = root / PROJECT
    versions = {CITATION: edition.version or version}  # that it is missing is said among the problems of the data
    versions[PROJECT] = tomllib.loads(project.read_text(encoding="utf-8"))["project"].get("version", "")
    for name, other in versions.items():
        if other != version:
            yield Problem(
                path=name,
                line=_line_of(root / name, r"version\b"),
                message=f"the version is '{other}', and the edition to make is {version}.",
                remedy=f"Write {version} there, or make the edition with VERSION={other or 'x.y.z'}.",
            )


def _date(root: Path, date: str, today: str) -> Iterator[Problem]:
    """Yield a date that has not come yet."""
    if date > today:
        yield Problem(
            path=CITATION,
            line=_line_of(root / CITATION, "date-released"),
            message=f"date-released {date} has not come yet.",
            remedy=f"Write the day on which the edition is made, {today}.",
        )


def _section(root: Path, date: str, version: str) -> Iterator[Problem]:
    """Yield what is wrong with the section of the changelog about the edition, which has to be the first."""
    heading = f"## {version} ({date or 'YYYY-MM-DD'})"
    written = sections(root)
    first = written[0] if written else None
    if first is None or first.version != version:
        yield Problem(
            path=CHANGELOG,
            line=first.line if first else 1,
            message=f"the first section is not that of {version}.",
            remedy=f"Begin it with '{heading}': what a reader notices, then the corrections of data.",
        )
    elif (date and first.date != date) or not re.search(r"^[^#\s]", first.text, re.MULTILINE):
        yield Problem(
            path=CHANGELOG,
            line=first.line,
            message=f"the section of {version} is dated '{first.date}', or says nothing.",
            remedy=f"Let the heading be '{heading}', and say what a reader notices.",
        )


def _commits(root: Path, version: str) -> Iterator[Problem]:
    """Yield that files are not as the last commit has them, or that the version's tag names another commit."""
    head, top = _git(root, "rev-parse", "HEAD"), _git(root, "rev-parse", "--show-toplevel")
    if not head or Path(top).resolve() != root.resolve():
        message = "its folder is no git repository with a commit, so that nothing says what the edition is made of."
        yield Problem(path=CITATION, line=1, message=message, remedy="Make the edition in a clone.")
        return
    for entry in _git(root, "status", "--porcelain", "--no-renames", "--untracked-files=all").splitlines():
        remedy = "Commit it, or put it aside with git stash --include-untracked."
        yield Problem(path=entry[3:], line=1, message="not as the last commit has it.", remedy=remedy)
    tagged = _git(root, "rev-parse", "--quiet", "--verify", f"refs/tags/v{version}^{{commit}}")
    if tagged and tagged != head:
        yield Problem(
            path=CITATION,
            line=_line_of(root / CITATION, "version"),
            message=f"the tag v{version} names another commit, {tagged[:10]}.",
            remedy="An edition that is out is not made again; take the next version.",
        )


def _git(root: Path, *words: str) -> str:
    """Return what git says of a repository; nothing if it has no answer."""
    if not shutil.which("git"):
        return ""
    command = ["git", "-c", "core.quotePath=false", *words]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)  # noqa: S603 (our words)
    return done.stdout.rstrip("\n") if done.returncode == 0 else ""


def _line_of(path: Path, field: str) -> int:
    lines = path.read_text(encoding="utf-8").split("\n") if path.is_file() else []
    return next((number for number, line in enumerate(lines, 1) if re.match(field, line)), 1)
