"""The files of the figures on collected pages: the figure as SVG and PDF, and the rows behind it; a script makes the PNG."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from peft_vlm_survey.downloads import rows_csv
from peft_vlm_survey.model import Survey
from peft_vlm_survey.show.result_page import FIGURES
from peft_vlm_survey.show.scatter import Scatter, standalone
from peft_vlm_survey.show.scatter_pdf import scatter_pdf
from peft_vlm_survey.site import files
from peft_vlm_survey.site.pages import Page

FORMS = ("svg", "pdf", "csv")


class Figures:
    """The figures of all pages of one kind: `drawn` are those of the pages that were made this time, by page and address.

    `pages` are all that there are. The addresses of the others' figures are remembered; nothing else lies in their folder
    below the downloads.
    """

    def __init__(self, app: Sphinx, folder: str) -> None:
        self._site = Path(app.outdir)
        self._folder = folder
        self._record = Path(app.doctreedir, f"{folder}.figures.json")
        self.pages: list[str] = []
        self.drawn: dict[str, Mapping[str, Scatter]] = {}

    def page(
        self,
        name: str,
        show: Callable[[Survey], tuple[dict[str, Any], Mapping[str, Scatter]]],
        around: Callable[[Mapping[str, Any]], dict[str, Any]],
    ) -> Page:
        """Return a page of the kind, of which `show` gives the content and the figures drawn for it."""

        def content(survey: Survey) -> dict[str, Any]:
            shown, self.drawn[name] = show(survey)
            return shown

        self.pages.append(name)
        return Page(name=name, content=content, around=around)

    def write(self) -> None:
        """Write the files of every figure that changed, and delete those of figures that are drawn no more."""
        before = json.loads(self._record.read_text(encoding="utf-8")) if self._record.is_file() else {}
        now = {page: [*self.drawn.get(page, before.get(page, ()))] for page in self.pages}
        kept = {f"{address}.{form}" for addresses in now.values() for address in addresses for form in FORMS}
        for path in (self._site / FIGURES / self._folder).glob("*"):
            if path.relative_to(self._site).as_posix() not in kept:
                path.unlink()
        for figures in self.drawn.values():
            for address, figure in figures.items():
                _write(self._site / address, figure)
        self._record.write_text(json.dumps(now), encoding="utf-8")


def _write(place: Path, figure: Scatter) -> None:
    svg, pdf, rows = (place.with_name(f"{place.name}.{form}") for form in FORMS)
    files.write(rows, rows_csv(figure.rows))
    if not pdf.is_file() or not svg.is_file() or svg.read_text(encoding="utf-8") != standalone(figure.svg):
        files.write(svg, standalone(figure.svg))
        pdf.write_bytes(scatter_pdf(figure.svg))
