"""What lies beside the pages for programs: records of papers and data sets, their schemas, and llms.txt."""

import json
from pathlib import Path

from sphinx.application import Sphinx

from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.exports import record_addresses, records
from peft_vlm_survey.give.llms import Chapter, llms_txt
from peft_vlm_survey.kept import code, sources
from peft_vlm_survey.read.chapters import front_matter
from peft_vlm_survey.site import files


def chapters(app: Sphinx) -> list[Chapter]:
    """Return the chapters in the order of the book."""
    listed = dict.fromkeys([app.config.root_doc, *_below(app, app.config.root_doc)])
    found = []
    for name in listed:
        said, _ = front_matter(Path(app.env.doc2path(name)).read_text(encoding="utf-8"))
        description = said.get("myst", {}).get("html_meta", {}).get("description", "")
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
    """Write the files if data or code changed or one is not there, each only if it says something else than before."""
    if error is not None or app.builder.format != "html":
        return
    survey, folder = the_survey(), Path(app.outdir)
    files.write(folder / files.LLMS, llms_txt(survey, chapters(app)))
    record = Path(app.doctreedir, "records.json")
    before = json.loads(record.read_text(encoding="utf-8")) if record.is_file() else {"state": "", "names": []}
    state = f"{code()}{sources(ROOT)}"
    names = sorted(record_addresses(survey))
    if before == {"state": state, "names": names} and all((folder / name).is_file() for name in names):
        return
    for name, text in records(survey).items():
        files.write(folder / name, text)
    for name in set(before["names"]) - set(names):
        (folder / name).unlink(missing_ok=True)
    record.write_text(json.dumps({"state": state, "names": names}), encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Write the files when the site is there."""
    app.connect("build-finished", _write)
