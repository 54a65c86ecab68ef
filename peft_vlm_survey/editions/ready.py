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
from peft_vlm_survey.editions.changes import FOLDER, edition_before
from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.edition import PATH as CITATION
from peft_vlm_survey.read.edition import Edition, read_edition
from peft_vlm_survey.read.sheets import DATE

PROJECT = "pyproject.toml"


def find_problems(root: Path, version: str, today: str) -> tuple[Problem, ...]:
    """Return all that stands against making an edition of a version on a day, sorted by place."""
    edition, _ = read_edition(root)  # what is wrong with it is among the problems of the data
    return tuple(
        sorted(
            [
                *read(root)[1],
                *_otherwise_versioned(root, edition, version),
                *_not_of_today(root, edition, today),
                *_not_described(root, edition, version),
                *_not_committed(root, version),
            ]
        )
    )


def reminders(root: Path) -> tuple[Problem, ...]:
    """Return what an edition can be made without, and is better made with."""
    edition, _ = read_edition(root)
    problems = [
        Problem(path=CITATION, line=1, message=f"{field} is not set.", remedy=remedy)
        for field, value, remedy in (
            (
                "url",
                edition.url,
                "Until it is set, feeds, previews and citations have no address, and no site map is made.",
            ),
            (
                "repository-code",
                edition.repository,
                "Until it is set, a report of an error is text to copy and opens no form.",
            ),
            (
                "doi",
                edition.doi,
                "Reserve one in the archive, or leave it unset: then citations name no archived edition.",
            ),
        )
        if not value
    ]
    versions = [section.version for section in sections(root)]
    before = edition_before(root, edition.version) if edition.version else None
    if edition.version in versions[:-1]:
        last = versions[versions.index(edition.version) + 1]
        if before is None or before.stem != last:
            compared = f"compares with {before.stem}" if before else "compares with nothing"
            problems.append(
                Problem(
                    path=f"{FOLDER.as_posix()}/{last}.zip",
                    line=1,
                    message=f"the edition before is not kept, so that What Changed {compared}.",
                    remedy="Keep the reduced data of each edition: `make edition` makes them, and says where they belong.",
                )
            )
    return tuple(problems)


def _otherwise_versioned(root: Path, edition: Edition, version: str) -> Iterator[Problem]:
    """Yield the files that name another version."""
    path = root / PROJECT
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    versions = {CITATION: edition.version}
    try:
        versions[PROJECT] = str(tomllib.loads(text).get("project", {}).get("version", ""))
    except tomllib.TOMLDecodeError as error:
        yield Problem(
            path=PROJECT, line=1, message=f"not TOML: {error}.", remedy="Mend it: the wheel is built from it."
        )
    for name, other in versions.items():
        if other != version and (other or name != CITATION):  # a version that is missing there is told by the check
            yield Problem(
                path=name,
                line=_line_of(root / name, r"version\b"),
                message=f"the version is '{other}', and the edition to make is {version}.",
                remedy=f"Write {version} there, or make the edition with VERSION={other or 'x.y.z'}.",
            )


def _not_of_today(root: Path, edition: Edition, today: str) -> Iterator[Problem]:
    """Yield a date that has not come yet."""
    if _is_date(edition) and edition.date > today:
        yield Problem(
            path=CITATION,
            line=_line_of(root / CITATION, "date-released"),
            message=f"date-released {edition.date} has not come yet.",
            remedy=f"Write the day on which the edition is made, {today}.",
        )


def _not_described(root: Path, edition: Edition, version: str) -> Iterator[Problem]:
    """Yield what the changelog does not say of the edition."""
    written = sections(root)
    of_version = [section for section in written if section.version == version]
    heading = f"## {version} ({edition.date if _is_date(edition) else 'YYYY-MM-DD'})"
    if not of_version:
        yield Problem(
            path=CHANGELOG,
            line=1,
            message=f"no section tells what {version} changed.",
            remedy=f"Begin one, before the others, with '{heading}'.",
        )
        return
    section = of_version[0]
    for other in of_version[1:]:
        yield Problem(
            path=CHANGELOG,
            line=other.line,
            message=f"{version} has a section at line {section.line} already.",
            remedy="Make one of them.",
        )
    if section != written[0]:
        yield Problem(
            path=CHANGELOG,
            line=section.line,
            message=f"the section of {version} is not the first.",
            remedy="Put the newest edition first, or name the newest with VERSION=.",
        )
    if _is_date(edition) and section.date != edition.date:
        yield Problem(
            path=CHANGELOG,
            line=section.line,
            message=f"the date of {version} is '{section.date}', and {CITATION} says {edition.date}.",
            remedy=f"Let the heading be '{heading}', or correct date-released.",
        )
    if not re.search(r"^[^#\s]", section.text, re.MULTILINE):
        yield Problem(
            path=CHANGELOG,
            line=section.line,
            message=f"the section of {version} says nothing.",
            remedy="Say what a reader notices, then the corrections of data.",
        )


def _not_committed(root: Path, version: str) -> Iterator[Problem]:
    """Yield every file that is not as the last commit has it, and a tag that names another commit."""
    top = _git(root, "rev-parse", "--show-toplevel")
    if top is None or Path(top.strip()).resolve() != root.resolve():
        yield Problem(
            path=CITATION,
            line=1,
            message="its folder is no git repository, so that nothing says what is committed.",
            remedy="Make the edition in a clone.",
        )
        return
    for entry in (_git(root, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all") or "").split("\0"):
        if entry:
            message = "in no commit." if entry.startswith("??") else "not as the last commit has it."
            remedy = "Commit it, or put it aside with git stash --include-untracked."
            yield Problem(path=entry[3:], line=1, message=message, remedy=remedy)
    commit = _git(root, "rev-parse", "HEAD")
    tagged = _git(root, "rev-parse", "--quiet", "--verify", f"refs/tags/v{version}^{{commit}}")
    if tagged and tagged != commit:
        yield Problem(
            path=CITATION,
            line=_line_of(root / CITATION, "version"),
            message=f"the tag v{version} names another commit, {tagged[:10]}.",
            remedy="An edition that is out is not made again; take the next version.",
        )


def _git(root: Path, *words: str) -> str | None:
    """Return what git says of a repository, or None if it has no answer."""
    program = shutil.which("git")
    if program is None:
        return None
    done = subprocess.run([program, *words], cwd=root, capture_output=True, text=True, check=False)  # noqa: S603 (our words)
    return done.stdout if done.returncode == 0 else None


def _is_date(edition: Edition) -> bool:
    return re.fullmatch(DATE, edition.date) is not None


def _line_of(path: Path, field: str) -> int:
    lines = path.read_text(encoding="utf-8").split("\n") if path.is_file() else []
    return next((number for number, line in enumerate(lines, 1) if re.match(field, line)), 1)
