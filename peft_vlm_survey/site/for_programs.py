"""What lies beside the pages for programs: records of papers and data sets, their schemas, and llms.txt."""

import hashlib
from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path

from sphinx.application import Sphinx

from peft_vlm_survey.cache import code, said, sources, whole
from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.downloads import common_records, dataset_record_files, numbers_by_paper, paper_files
from peft_vlm_survey.export.llms import Chapter, llms_txt
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.chapters import front_matter
from peft_vlm_survey.site import files
from peft_vlm_survey.site.remembered import Remembered

_COMMON = ""  # no paper has this key: what is common to all records

_DATASETS = "datasets/"  # so the names of their records begin


def chapters(app: Sphinx) -> list[Chapter]:
    """Return the chapters in the order of the book."""
    listed = dict.fromkeys([app.config.root_doc, *_below(app, app.config.root_doc)])
    found = []
    for name in listed:
        settings, _ = front_matter(Path(app.env.doc2path(name)).read_text(encoding="utf-8"))
        description = settings.get("myst", {}).get("html_meta", {}).get("description", "")
        found.append(
            Chapter(
                name=name,
                title=app.env.titles[name].astext(),
                description=str(description),
                notebook=name in files.notebooks(),
            )
        )
    return found


def _below(app: Sphinx, name: str) -> list[str]:
    below: list[str] = []
    for child in app.env.toctree_includes.get(name, ()):
        below += [child, *_below(app, child)]
    return below


def _write(app: Sphinx, error: Exception | None) -> None:
    """Write each file if it says something else than before or is not there, and delete what is no longer made."""
    if error is not None or app.builder.format != "html":
        return
    survey, folder = the_survey(), Path(app.outdir)
    files.write(folder / files.LLMS, llms_txt(survey, chapters(app)))
    known = Remembered(Path(app.doctreedir, "records.pickle"), state=f"{code()}{sources(ROOT)}", frame=code())
    there = {name for name in known.names if all(files.stands(f"{folder}/{file}") for file in _files_of(name))}
    if known.current and len(there) == len(known.names):
        return
    numbers = numbers_by_paper(survey)
    for paper in survey.papers:
        own = numbers.get(paper.key, ())
        besides = "" if whole() else _digest(said(own))  # a whole site remembers nothing
        _renew(known, there, folder, paper.key, besides, partial(paper_files, key=paper.key, numbers=own))
    for dataset in survey.datasets:
        _renew(known, there, folder, f"{_DATASETS}{dataset.id}", "", partial(dataset_record_files, name=dataset.id))
    _renew(known, there, folder, _COMMON, "", common_records)
    for name in known.gone:
        for file in _files_of(name):
            (folder / file).unlink(missing_ok=True)
    known.save()


def _renew(
    known: Remembered,
    there: Collection[str],
    folder: Path,
    name: str,
    besides: str,
    work: Callable[[Survey], Mapping[str, str]],
) -> None:
    """Write the files of a record, unless they are there and would say the same."""
    if name in there and known.holds(name, besides):
        return
    texts, other = known.make(name, besides, work, _digest)
    if other or name not in there:
        for file, text in texts.items():
            files.write(folder / file, text)


def _files_of(name: str) -> tuple[str, ...]:
    """Return the files of the record of a paper or of a data set, or of what is common one that is always there."""
    if name == _COMMON:
        return ("papers/index.json",)
    place = name if name.startswith(_DATASETS) else f"papers/{name}"
    return (f"{place}.json",)


def _digest(thing: object) -> str:
    return hashlib.sha256(repr(thing).encode()).hexdigest()


def setup(app: Sphinx) -> None:
    """Write the files when the site is there."""
    app.connect("build-finished", _write)
