r"""The role {site}`downloads/papers.csv`: a link to a file of the site, on paper the address or the file's name."""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from docutils import nodes
from docutils.nodes import Node, system_message
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxRole

from peft_vlm_survey.cache import prints, whole
from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.downloads import downloads
from peft_vlm_survey.export.feeds import CORRECTIONS
from peft_vlm_survey.export.feeds import NAMES as FEEDS
from peft_vlm_survey.export.notebooks import wheel_of
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.show.overviews import page_of as splits

# The book, its supplement and the catalogue.
PDFS = ("peft-vlm-survey.pdf", "peft-vlm-survey-supplement.pdf", "peft-vlm-survey-catalogue.pdf")
MEASURE = '<span class="measure"></span>'  # behind a link to a PDF; `pdf_sizes` fills it
LLMS = "llms.txt"
NOTEBOOKS = "notebooks"
LICENCES = "licences.html"


class site_file(nodes.Inline, nodes.TextElement):
    """A file of the site, by its address there."""


class SiteFile(SphinxRole):
    """Link to a file that the build promises; any other is an error at the place where it stands."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the link."""
        if whole() and self.text not in addresses():
            message = self.inliner.reporter.error(
                f"the site has no file '{self.text}'; peft_vlm_survey/downloads.py and peft_vlm_survey/export/feeds.py name them",
                line=self.lineno,
            )
            return [], [message]
        return [site_file(self.rawtext, self.text)], []


class SiteFileLinks(SphinxPostTransform):
    """Turn every such file into what the reader of this format can use."""

    default_priority = 20

    def run(self, **kwargs: object) -> None:
        """Replace the nodes: a relative link on the web, an absolute one on paper if the site has an address."""
        url = the_survey().edition.url
        for node in list(self.document.findall(site_file)):
            path = node.astext()
            here = self.app.builder.format == "html"
            if here and not _is_there(path):
                node.replace_self(nodes.literal(path, path))
            elif here or url:
                up = "../" * self.env.docname.count("/")
                link = nodes.reference("", path, refuri=f"{up}{path}" if here else f"{url}/{path}", internal=True)
                measured = here and path in PDFS
                node.replace_self([link, nodes.raw("", MEASURE, format="html")] if measured else [link])
            else:
                node.replace_self(nodes.literal(path, path))


@cache
def addresses() -> frozenset[str]:
    """Return the address in the site of every file that a page may lead to."""
    held = {
        *PDFS,
        LLMS,
        LICENCES,
        wheel_of(the_survey().edition),
        *FEEDS.values(),
        CORRECTIONS,
        *(f"downloads/{name}" for name in the_survey().derived(downloads)),
        *(f"{NOTEBOOKS}/{name}.ipynb" for name in notebooks()),
        *(f"{splits(category)}.html" for category in CATEGORIES),
        *(f"datasets/{dataset.id}.json" for dataset in the_survey().datasets),
    }
    return frozenset(held)


@cache
def notebooks() -> Mapping[str, Path]:
    """Return what becomes a notebook, by its name: every chapter that asks something, and those written by hand."""
    chapters = [path for path in ROOT.glob("book/*.md") if "{code-cell}" in path.read_text(encoding="utf-8")]
    return {path.stem: path for path in (*chapters, *ROOT.glob(f"{NOTEBOOKS}/*.md"))}


def write_downloads(app: Sphinx) -> None:
    """Write every file below `downloads/`, which a draft leaves out."""
    if whole():
        folder = Path(app.outdir, "downloads")
        for name, text in the_survey().derived(downloads).items():
            write(folder / name, text)


def write(path: Path, text: str | bytes) -> None:
    """Write a file of the site, unless it says the same already, so that a rebuild leaves it alone."""
    raw = text.encode("utf-8") if isinstance(text, str) else text
    try:
        if path.read_bytes() != raw:
            path.write_bytes(raw)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)


def stands(path: str) -> bool:
    """Return whether a file is there; of thousands it is asked, and to make a `Path` of each took longer than to look."""
    return os.path.isfile(path)  # noqa: PTH113


def _is_there(path: str) -> bool:
    """Return whether a file is made by this build: a draft leaves out what only whole sites give away."""
    return prints() if path.endswith(".pdf") else whole() or path.endswith((".html", ".xml", ".ipynb"))


def setup(app: Sphinx) -> None:
    """Register the role and its transform."""
    app.add_node(site_file)
    app.add_role("site", SiteFile())
    app.add_post_transform(SiteFileLinks)
