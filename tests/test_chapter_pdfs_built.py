"""The PDFs of single chapters as the built book has them, held against the whole and against the site."""

import re
import subprocess
import unicodedata
from pathlib import Path

import pytest
from contents import CHAPTERS, START
from pikepdf import Array, Name, Pdf

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.site.files import chapter_pdf
from peft_vlm_survey.site.parts import APPENDICES

LARGEST, ALL = 2_000_000, 15_000_000  # bytes
pytestmark = [pytest.mark.built, pytest.mark.xdist_group("pdf")]


def bare(text: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text))


def text_of(path: Path, *options: str) -> list[str]:
    """Return the text of every page."""
    said = subprocess.run(["pdftotext", *options, path, "-"], capture_output=True, check=True).stdout.decode("utf-8")
    return said.removesuffix("\f").split("\f")


def links(pdf: Pdf):
    """Yield the action of every link, with the page on which it stands."""
    for number, page in enumerate(pdf.pages):
        for link in page.obj.get("/Annots", Array()):
            if link.get("/Subtype") == Name.Link:
                yield number, link


@pytest.fixture
def path(site, name) -> Path:
    return site / chapter_pdf(name)


def test_every_chapter_is_a_pdf_and_nothing_else_is(site):
    assert {path.name for path in (site / "downloads" / "chapters").iterdir()} == {f"{name}.pdf" for name in CHAPTERS}


def test_they_are_small(site):
    sizes = {name: (site / chapter_pdf(name)).stat().st_size for name in CHAPTERS}
    assert {name: size for name, size in sizes.items() if size > LARGEST} == {}
    assert sum(sizes.values()) < ALL


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_link_leads_to_a_page_of_the_file_or_to_an_address(name, path):
    with Pdf.open(path) as pdf:
        pages = {page.obj.objgen for page in pdf.pages}
        wrong = [
            (number, str(link))
            for number, link in links(pdf)
            if "/A" not in link
            or not (
                (Name.GoTo == link.A.S and isinstance(link.A.D, Array) and link.A.D[0].objgen in pages)
                or (link.A.S == Name.URI and re.match(r"https?://|mailto:", str(link.A.URI)))
            )
        ]
    assert wrong == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_is_named_after_its_page_in_its_properties_its_bookmarks_and_on_its_cover(name, path, read_page):
    heading = read_page(name).h1
    number = heading.find(class_="section-number")
    title = heading.get_text().rstrip("#").strip().removeprefix(number.get_text() if number else "")
    kind = "Appendix" if name in APPENDICES else "Chapter"
    with Pdf.open(path) as pdf, pdf.open_outline() as outline:
        said = str(pdf.docinfo["/Title"])
        assert said.startswith(f"{kind} ") and said.endswith(f". {title}")
        assert number is None or said.startswith(f"{kind} {number.get_text().strip()}")
        assert outline.root[0].title == title
        assert str(pdf.Root.Lang) == "en" and str(pdf.docinfo["/CreationDate"])[
            2:10
        ] == the_survey().edition.date.replace("-", "")
        assert pdf.pages[0].label == "Cover"
    cover = bare(text_of(path, "-l", "1")[0])
    description = read_page(name).select_one('meta[name="description"]')["content"]
    said = (title, description, f"Edition {the_survey().edition.version}", the_survey().edition.title)
    assert [words for words in said if bare(words) not in cover] == []


def test_the_pages_of_the_chapters_are_those_of_the_whole(site):
    whole = text_of(site / "peft-vlm-survey.pdf", "-layout")
    printed = set(whole)
    for name in CHAPTERS:
        with Pdf.open(site / chapter_pdf(name)) as pdf:
            own = [place for place, page in enumerate(pdf.pages) if page.label.isdigit()]
        pages = text_of(site / chapter_pdf(name), "-layout")
        assert own and [place for place in own if pages[place] not in printed] == [], name


@pytest.mark.parametrize("name", ["grounding", "taxonomy", "recognition"])
def test_the_references_that_a_chapter_cites_stand_behind_it(name, path):
    with Pdf.open(path) as pdf, pdf.open_outline() as outline:
        numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        starts = {item.title: numbers[item.destination[0].objgen] for item in outline.root}
    assert list(starts)[1:] == ["References", "Elsewhere in the Book"]
    inside = ("-x", "0", "-y", "60", "-W", "595", "-H", "715")  # an entry may run across a page and its head
    listed = bare("".join(text_of(path, *inside)[starts["References"] :]))
    survey = the_survey()
    cited = {citation.key for citation in survey.citations if citation.path == f"book/{name}.md"}
    assert cited
    assert [key for key in sorted(cited) if bare(survey.references[key].plain("title")) not in listed] == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_chapter_of_the_site_offers_its_pdf_at_its_top_and_among_the_downloads(name, read_page):
    offered = read_page(name).select(f':is(.article-header-buttons, .survey-downloads) a[href="{chapter_pdf(name)}"]')
    assert sorted(link.get_text() for link in offered) == ["Chapter PDF", "This chapter as a PDF"]


def test_the_first_page_offers_the_whole_alone(read_page):
    assert not read_page(START).select('a[href^="downloads/chapters/"]')


def test_the_page_of_the_downloads_lists_the_pdf_of_every_chapter_beside_its_title(read_page):
    rows = {
        row.select("td")[1].a["href"]: row.select("td")[0].a["href"]
        for row in read_page("cite").select("#tbl-chapter-pdfs tbody tr")
    }
    assert rows == {chapter_pdf(name): f"{name}.html" if name != "cite" else "#" for name in CHAPTERS}
