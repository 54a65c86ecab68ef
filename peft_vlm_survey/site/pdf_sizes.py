"""Write behind each link to a PDF how many pages and megabytes it has, which is known only when the pages are made."""

import re
import sys
from pathlib import Path

from peft_vlm_survey.site.files import MEASURE, PDFS


def measured(site: Path, logs: Path) -> dict[str, str]:
    """Return what to say of each PDF of a site; TeX's logs count the pages."""
    return {name: f" ({_pages(logs / name)} pages, {(site / name).stat().st_size / 1e6:.1f} MB)" for name in PDFS}


def _pages(pdf: Path) -> int:
    text = pdf.with_suffix(".log").read_text(encoding="utf-8", errors="replace").replace("\n", "")
    found = re.search(r"Output written on \S+ \((\d+) pages?", text)
    if found is None:
        raise ValueError(f"{pdf.name}: the log does not count its pages")
    return int(found.group(1))


def fill(page: str, sizes: dict[str, str]) -> str:
    """Return a page with the size behind each link that has a place for it."""
    pattern = rf'(href="(?:\.\./)*([\w-]+\.pdf)"(?:(?!</a>).)*</a>){re.escape(MEASURE)}'
    return re.sub(pattern, lambda link: link.group(1) + sizes[link.group(2)], page)


if __name__ == "__main__":
    html, latex = Path(sys.argv[1]), Path(sys.argv[2])
    known = measured(html, latex)
    for path in html.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        if MEASURE in text:
            path.write_text(fill(text, known), encoding="utf-8")
