"""The files of an edition as they are published, laid out in one folder: the same site gives the same bytes."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from peft_vlm_survey.editions.changelog import sections
from peft_vlm_survey.editions.package import DESCRIPTION, read_package
from peft_vlm_survey.editions.reduced import reduced_file
from peft_vlm_survey.editions.zipped import below, zipped
from peft_vlm_survey.export.notebooks import wheel_of
from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.edition import PATH as CITATION
from peft_vlm_survey.read.edition import Edition, read_edition

NAME = "peft-vlm-survey"
SUMS = "SHA256SUMS"
CHANGES = "CHANGES.md"
PDFS = (f"{NAME}.pdf", f"{NAME}-supplement.pdf", f"{NAME}-catalogue.pdf")
# What lies in the data package beside the tables that it describes.
_BESIDE = ("results.json", "papers.json", "references.bib")


def missing(root: Path, site: Path) -> Iterator[Problem]:
    """Yield what an edition takes from the built site and does not find there."""
    edition, _ = read_edition(root)
    remedy = "Build the book: make edition does so before it lays out the files."
    for name in ("index.html", *PDFS, wheel_of(edition), f"downloads/{DESCRIPTION}"):
        if not (site / name).is_file():
            yield Problem(path=_named(root, site / name), line=1, message="the site does not hold it.", remedy=remedy)
    described = site / "downloads" / DESCRIPTION
    if described.is_file():
        description = json.loads(described.read_text(encoding="utf-8"))
        if (description["version"], description["created"][:10]) != (edition.version, edition.date):
            message = f"the site is of edition {description['version']}, {description['created'][:10]}."
            yield Problem(path=_named(root, described), line=1, message=message, remedy=remedy)


def lay_out(root: Path, site: Path, folder: Path) -> tuple[str, ...]:
    """Write every file of the edition into a folder, in the place of what lay there, and return their names."""
    edition, _ = read_edition(root)
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    whole = f"{NAME}-{edition.version}"
    with (folder / f"{whole}-site.zip").open("wb") as out:
        zipped(below(site, whole), out, date=edition.date)
    with (folder / f"{whole}-data.zip").open("wb") as out:
        zipped(_data(root, site), out, date=edition.date)
    (folder / kept_as(edition)).write_bytes(reduced_file(read_package(site / "downloads")))
    for name in PDFS:
        shutil.copyfile(site / name, folder / name.replace(NAME, whole))
    shutil.copyfile(site / wheel_of(edition), folder / Path(wheel_of(edition)).name)
    shutil.copyfile(root / CITATION, folder / CITATION)
    changed = next(section.text for section in sections(root) if section.version == edition.version)
    (folder / CHANGES).write_text(changed + "\n", encoding="utf-8", newline="\n")
    names = tuple(sorted(path.name for path in folder.iterdir()))
    sums = "".join(f"{_digest(folder / name)}  {name}\n" for name in names)
    (folder / SUMS).write_text(sums, encoding="utf-8", newline="\n")
    return (*names, SUMS)


def kept_as(edition: Edition) -> str:
    """Return the name of the reduced data, by which the next edition is compared with this one."""
    return f"{NAME}-{edition.version}-compared.zip"


def _data(root: Path, site: Path) -> dict[str, Path | bytes]:
    """Return what the data package holds: the tables, what describes them, and under what licence they are."""
    downloads = site / "downloads"
    description = json.loads((downloads / DESCRIPTION).read_text(encoding="utf-8"))
    names = [DESCRIPTION, *(resource["path"] for resource in description["resources"])]
    names += [name for name in _BESIDE if (downloads / name).is_file()]
    return {
        **{name: downloads / name for name in names},
        "README.md": root / "data" / "README.md",
        CITATION: root / CITATION,
        "LICENSE": root / "LICENSE-CONTENT",
    }


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _named(root: Path, path: Path) -> str:
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()
