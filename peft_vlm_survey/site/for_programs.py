"""What lies beside the pages for programs: records of papers and data sets, their schemas, and llms.txt."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from sphinx.application import Sphinx

from peft_vlm_survey.cache import code, sources
from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.downloads import common_records, dataset_record_files, numbers_by_paper, paper_files
from peft_vlm_survey.export.llms import Chapter, llms_txt
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.chapters import front_matter
from peft_vlm_survey.site import files
from peft_vlm_survey.site.chapter_numbers import ordered
from peft_vlm_survey.site.written import Written

_COMMON = ""  # no paper has this key: what is common to all records

_DATASETS = "datasets/"  # so the names of their records begin


def chapters(app: Sphinx) -> list[Chapter]:
    """Return the chapters in the order of the book."""
    listed = dict.fromkeys([app.config.root_doc, *ordered(app.env)])
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


def _write(app: Sphinx, error: Exception | None) -> None:
    """Write each file if it says something else than before or is not there, and delete what is no longer made."""
    if error is not None or app.builder.format != "html":
        return
    survey, folder = the_survey(), Path(app.outdir)
    files.write(folder / files.LLMS, llms_txt(survey, chapters(app)))
    known = Written(Path(app.doctreedir, "records.json"), state=f"{code()}{sources(ROOT)}")
    there = {name for name in known.names if all(files.stands(f"{folder}/{file}") for file in _files_of(name))}
    if known.current and len(there) == len(known.names):
        return
    for name, texts in _records(survey):
        if known.differs(name, texts) or name not in there:
            for file, text in texts.items():
                files.write(folder / file, text)
    for name in known.gone:
        for file in _files_of(name):
            (folder / file).unlink(missing_ok=True)
    known.save()


def _records(survey: Survey) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the files of the record of each paper and each data set, and what is common."""
    numbers = numbers_by_paper(survey)
    for paper in survey.papers:
        yield paper.key, paper_files(survey, key=paper.key, numbers=numbers.get(paper.key, ()))
    for dataset in survey.datasets:
        yield f"{_DATASETS}{dataset.id}", dataset_record_files(survey, name=dataset.id)
    yield _COMMON, common_records(survey)


def _files_of(name: str) -> tuple[str, ...]:
    """Return the files of the record of a paper or of a data set, or of what is common one that is always there."""
    if name == _COMMON:
        return ("papers/index.json",)
    place = name if name.startswith(_DATASETS) else f"papers/{name}"
    return (f"{place}.json",)


def setup(app: Sphinx) -> None:
    """Write the files when the site is there."""
    app.connect("build-finished", _write)
