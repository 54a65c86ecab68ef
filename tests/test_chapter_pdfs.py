"""Chapters cut from a whole: a small PDF with three chapters, and what TeX would have written of it."""

from dataclasses import replace

import pytest
from pikepdf import Array, Dictionary, Name, NameTree, OutlineItem, Pdf, String

from peft_vlm_survey.chapter_pdfs.around import AROUND, Outside, tex_around
from peft_vlm_survey.chapter_pdfs.cutting import Whole, cut, last_pages, outside, ranges
from peft_vlm_survey.chapter_pdfs.places import BOOK, read_printed

TEX = r"""\documentclass{book}\title{Trees}
\begin{document}
\chapter{Oaks}
\label{\detokenize{oaks::doc}}
\addtocontents{toc}{\protect\surveysummary{What oaks do with 5\% of light.}}
\chapter{Elms}
\label{\detokenize{elms::doc}}
\chapter{References}
\label{\detokenize{references::doc}}
\begin{sphinxthebibliography}{100}
\bibitem[1]{references:ref-a}
\sphinxAtStartPar
Ann. Acorns.
\bibitem[2]{references:ref-b}
\sphinxAtStartPar
Bob. Bark.

\end{sphinxthebibliography}
\end{document}
"""
AUX = r"""\relax
\newlabel{index::doc}{{}{1}{About}{Doc-Start}{}}
\newlabel{oaks::doc}{{1}{2}{Oaks \{old\}}{chapter.1}{}}
\newlabel{oaks:id1}{{1.1}{3}{Leaves}{section.1.1}{}}
\newlabel{oaks:leaves}{{1.1}{3}{Leaves}{section.1.1}{}}
\newlabel{elms::doc}{{2}{4}{Elms}{chapter.2}{}}
\newlabel{elms:tbl-elms}{{2.1}{4}{\xpg@aux {\xpg@current@opts }{\languagename }All \emph{elms}.\strut }{table.caption.7}{}}
\newlabel{equation:elms:eq-height}{{2.1}{4}{}{equation.2.1}{}}
\newlabel{elms:bark}{{2}{4}{Elms}{section*.9}{}}
\newlabel{references::doc}{{A}{5}{References}{appendix.A}{}}
"""
# Where each destination stands, by page from 0, and which page leads where: one page about the book, two of oaks.
AT = {
    "chapter.1": 1,
    "section.1.1": 2,
    "chapter.2": 3,
    "table.caption.7": 3,
    "equation.2.1": 3,
    "section*.9": 3,
    "appendix.A": 4,
    "cite.references:ref-a": 4,
    "cite.references:ref-b": 4,
}
LINKS = {
    1: ["section.1.1", "cite.references:ref-b", "table.caption.7", "cite.references:ref-a", "section*.9"],
    2: ["chapter.1"],
    3: ["section.1.1"],
}


def pdf(path, pages, at, links, outline=()):
    """Write a PDF whose pages lead to named places."""
    with Pdf.new() as made:
        for _ in range(pages):
            made.add_blank_page(page_size=(200, 200))
        tree = NameTree.new(made)
        for name, page in at.items():
            tree[name] = Array([made.pages[page].obj, Name.XYZ, 10, 150, None])
        made.Root.Names = Dictionary(Dests=tree.obj)
        for page, names in links.items():
            made.pages[page].obj.Annots = Array(
                Dictionary(
                    Type=Name.Annot,
                    Subtype=Name.Link,
                    Rect=Array([0, 0, 9, 9]),
                    A=Dictionary(S=Name.GoTo, D=String(name)),
                )
                for name in names
            )
        with made.open_outline() as bookmarks:
            for title, name in outline:
                item = OutlineItem(title, action=Dictionary(S=Name.GoTo, D=String(name)))
                (bookmarks.root[-1].children if name.startswith("section") else bookmarks.root).append(item)
        made.docinfo["/Author"] = "Ann"
        made.save(path)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / f"{BOOK}.tex").write_text(TEX, encoding="utf-8")
    (tmp_path / f"{BOOK}.aux").write_text(AUX, encoding="utf-8")
    outline = [
        ("Oaks", "chapter.1"),
        ("Leaves", "section.1.1"),
        ("Elms", "chapter.2"),
        ("References", "appendix.A"),
    ]
    pdf(tmp_path / f"{BOOK}.pdf", 5, AT, LINKS, outline)
    # A cover for each chapter; two pages behind the oaks, one behind the elms.
    at = {"cover.0": 0, "back.0": 1, "references.0": 1, "elsewhere.0": 2, "cover.1": 3, "back.1": 4, "elsewhere.1": 4}
    at |= {"to.0.0": 1, "to.0.1": 1, "to.0.2": 2, "to.0.3": 2, "to.1.0": 4, "cover.2": 5}
    pdf(tmp_path / f"{AROUND}.pdf", 6, at, {})
    return tmp_path


@pytest.fixture
def made(folder, good):
    cut(folder, folder / "out", read_printed(folder), good.edition)
    return folder / "out"


def led(path):
    """Return where the links of a file lead, by page: page numbers, from 0."""
    with Pdf.open(path) as read:
        numbers = {page.objgen: number for number, page in enumerate(read.pages)}
        return [[numbers[link.A.D[0].objgen] for link in page.obj.get("/Annots", Array())] for page in read.pages]


def test_chapters_are_read_in_their_order_without_the_first_page(folder):
    printed = read_printed(folder)
    assert [(c.chapter, c.name, c.title, c.page) for c in printed.chapters] == [
        ("oaks", "Chapter 1", r"Oaks \{old\}", "2"),
        ("elms", "Chapter 2", "Elms", "4"),
        ("references", "Appendix A", "References", "5"),
    ]
    assert printed.summaries == {"oaks": r"What oaks do with 5\% of light.", "elms": "", "references": ""}
    assert list(printed.references) == ["cite.references:ref-a", "cite.references:ref-b"]


@pytest.mark.parametrize(
    ("destination", "name", "title", "address"),
    [
        ("section.1.1", "Section 1.1", "Leaves", "oaks.html#leaves"),
        ("table.caption.7", "Table 2.1", r"All \emph{elms}.", "elms.html#tbl-elms"),
        ("equation.2.1", "Equation 2.1", "", "elms.html#equation-eq-height"),
        ("chapter.2", "Chapter 2", "Elms", "elms.html"),
        ("section*.9", "", "Elms", "elms.html#bark"),
    ],
)
def test_a_place_has_its_name_its_title_and_its_address(folder, destination, name, title, address):
    place = read_printed(folder).places[destination]
    assert (place.name, place.title, place.address) == (name, title, address)


def test_what_lies_outside_of_a_chapter_is_found_references_in_the_order_of_the_list(folder):
    printed = read_printed(folder)
    with Pdf.open(folder / f"{BOOK}.pdf") as read:
        found = outside(Whole(pdf=read), printed)
        last = last_pages(printed, ranges(Whole(pdf=read), printed))
    assert found["oaks"].references == ("cite.references:ref-a", "cite.references:ref-b")
    assert set(found["oaks"].places) == {"table.caption.7", "section*.9"}
    assert found["references"] == Outside(references=(), places=())
    assert last == {"oaks": "3", "elms": "4", "references": "5"}


def around(folder, edition):
    printed = read_printed(folder)
    with Pdf.open(folder / f"{BOOK}.pdf") as read:
        book = Whole(pdf=read)
        return tex_around(printed, outside(book, printed), last_pages(printed, ranges(book, printed)), edition)


def test_a_cover_names_chapter_edition_and_pages(folder, good):
    tex = around(folder, good.edition)
    said = ["Chapter 1", r"What oaks do with 5\% of light.", f"Edition {good.edition.version}", "pages 2–3", "page 4,"]
    assert [words for words in said if words not in tex] == []


def test_every_link_to_the_outside_has_its_place_behind_the_chapter(folder, good):
    tex = around(folder, good.edition)
    targets = [name for name in ("to.0.0", "to.0.1", "to.0.2", "to.0.3", "to.1.0") if rf"\hypertarget{{{name}}}" in tex]
    assert len(targets) == 5 and "to.2." not in tex
    assert tex.count("Ann. Acorns.") == 1


def test_places_elsewhere_are_said_with_their_pages_and_lead_to_the_site_if_it_has_an_address(folder, good):
    line = r"Table 2.1. All \emph{elms}"
    assert f"{line}, page~4." in around(folder, replace(good.edition, url=""))
    led_on = around(folder, replace(good.edition, url="https://trees.example"))
    assert rf"\href{{https://trees.example/elms.html\#tbl-elms}}{{{line}}}, page~4." in led_on


def test_a_chapter_has_its_cover_its_pages_and_what_stands_behind_it(made):
    lengths = {}
    for path in made.glob("*.pdf"):
        with Pdf.open(path) as read:
            lengths[path.stem] = len(read.pages)
    assert lengths == {"oaks": 1 + 2 + 2, "elms": 1 + 1 + 1, "references": 1 + 1}


def test_links_lead_within_the_chapter_or_behind_it(made):
    assert led(made / "oaks.pdf") == [[], [2, 3, 4, 3, 4], [1], [], []]
    assert led(made / "elms.pdf") == [[], [2], []]


def test_a_chapter_has_the_bookmarks_of_the_whole_and_those_of_what_stands_behind_it(made):
    with Pdf.open(made / "oaks.pdf") as read, read.open_outline() as outline:
        found = [(item.title, [child.title for child in item.children]) for item in outline.root]
    assert found == [("Oaks", ["Leaves"]), ("References", []), ("Elsewhere in the Book", [])]


def test_a_chapter_says_what_it_is(made, good):
    with Pdf.open(made / "oaks.pdf") as read:
        assert str(read.docinfo["/Title"]) == "Chapter 1. Oaks"
        assert str(read.docinfo["/Author"]) == "Ann"
        assert f"version {good.edition.version}" in str(read.docinfo["/Subject"])
        assert str(read.Root.Lang) == "en"
        assert [page.label for page in read.pages] == ["Cover", "2", "3", "i", "ii"]


def test_the_same_whole_gives_the_same_bytes(made, folder, good):
    before = {path.name: path.read_bytes() for path in made.glob("*.pdf")}
    cut(folder, made, read_printed(folder), good.edition)
    assert {path.name: path.read_bytes() for path in made.glob("*.pdf")} == before
