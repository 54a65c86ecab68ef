"""What lies beside the pages for programs: records of papers and data sets, their schemas, and llms.txt."""

from pathlib import Path

from sphinx.application import Sphinx

from peft_vlm_survey.cache import whole
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.downloads import records
from peft_vlm_survey.export.llms import Chapter, llms_txt
from peft_vlm_survey.read.chapters import front_matter
from peft_vlm_survey.site import files
from peft_vlm_survey.site.chapter_numbers import ordered


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
    """Write llms.txt, and of a whole site the records, which a draft leaves out."""
    if error is not None or app.builder.format != "html":
        return
    survey, folder = the_survey(), Path(app.outdir)
    files.write(folder / files.LLMS, llms_txt(survey, chapters(app)))
    if whole():
        for name, text in records(survey).items():
            files.write(folder / name, text)


def setup(app: Sphinx) -> None:
    """Write the files when the site is there."""
    app.connect("build-finished", _write)
