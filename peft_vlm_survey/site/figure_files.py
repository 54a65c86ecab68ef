"""The files of the figures on collected pages: the figure as SVG and PDF, and the rows behind it; a script makes the PNG."""

from collections.abc import Mapping
from pathlib import Path

from peft_vlm_survey.exports import rows_csv
from peft_vlm_survey.show.scatter import Scatter, standalone
from peft_vlm_survey.show.scatter_pdf import scatter_pdf
from peft_vlm_survey.site import files

FIGURES = "downloads/figures"
FORMS = ("svg", "pdf", "csv")


def write_figures(site: Path, folder: str, figures: Mapping[str, Scatter]) -> None:
    """Write the files of every figure that changed, and delete those of figures that are drawn no more.

    `figures` are the figures of all pages of one kind, by the address of their files without extension; nothing else
    lies in their folder below the downloads.
    """
    kept = {f"{address}.{form}" for address in figures for form in FORMS}
    for path in (site / FIGURES / folder).glob("*"):
        if path.relative_to(site).as_posix() not in kept:
            path.unlink()
    for address, figure in figures.items():
        svg, pdf, rows = (site / f"{address}.{form}" for form in FORMS)
        files.write(rows, rows_csv(figure.rows))
        if not pdf.is_file() or not svg.is_file() or svg.read_text(encoding="utf-8") != standalone(figure.svg):
            files.write(svg, standalone(figure.svg))
            pdf.write_bytes(scatter_pdf(figure.svg))


def files_of(folder: str, page: str, group: str) -> str:
    """Return the address of the files of a page's figure of one group, without extension."""
    return f"{FIGURES}/{folder}/{page}-{group}"
