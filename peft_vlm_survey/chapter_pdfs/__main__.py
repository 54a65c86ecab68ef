"""The two steps around TeX: `python -m peft_vlm_survey.chapter_pdfs write LATEX`, then `… cut LATEX TO`."""

import sys
from pathlib import Path

from pikepdf import Pdf

from peft_vlm_survey.chapter_pdfs.around import AROUND, tex_around
from peft_vlm_survey.chapter_pdfs.cutting import Whole, cut, last_pages, outside, ranges
from peft_vlm_survey.chapter_pdfs.places import BOOK, read_printed
from peft_vlm_survey.data import the_survey


def write(folder: Path) -> None:
    """Write the TeX of the pages that stand around the chapters beside the whole."""
    printed = read_printed(folder)
    with Pdf.open(folder / f"{BOOK}.pdf") as pdf:
        book = Whole(pdf=pdf)
        tex = tex_around(
            printed, outside(book, printed), last_pages(printed, ranges(book, printed)), the_survey().edition
        )
    (folder / f"{AROUND}.tex").write_text(tex, encoding="utf-8")


if __name__ == "__main__":
    step, latex, *to = sys.argv[1:]
    if step == "write":
        write(Path(latex))
    else:
        cut(Path(latex), Path(to[0]), read_printed(Path(latex)), the_survey().edition)
