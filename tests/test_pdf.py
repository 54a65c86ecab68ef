"""The book, the supplement and the catalogue in print, as poppler reads them, beside the site and the logs of TeX."""

import re
import subprocess
import unicodedata
import xml.etree.ElementTree as ElementTree
import zlib
from datetime import date
from functools import cached_property
from itertools import groupby, pairwise
from pathlib import Path

import pytest
from contents import BELOW, CHAPTERS, PARTS, START

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.site.chapter_numbers import SUPPLEMENT, TOOLS, UNNUMBERED
from peft_vlm_survey.site.printed import DOCUMENTS

NUMBERED = [name for name in CHAPTERS if name not in (*UNNUMBERED, *BELOW[SUPPLEMENT])]
HELD = {
    "book": [*NUMBERED, "references"],
    "supplement": [*BELOW[SUPPLEMENT], "glossary", "references"],
    "catalogue": ["catalogue", "references"],
}
WHOLE = {
    "book": NUMBERED,
    "supplement": BELOW[SUPPLEMENT],
    "catalogue": ["catalogue"],
}  # with all that their pages hold
PLACES = [(document, name) for document, names in WHOLE.items() for name in names]
MOST_PAGES = 180  # 172 when it was last measured
NUMBER = re.compile(r"^((?:Table|Fig\.) S?\d+(?:\.\d+)?): ", re.MULTILINE)
CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")
TOO_WIDE = 5.0  # points

pytestmark = [pytest.mark.built, pytest.mark.xdist_group("pdf")]
on_each = pytest.mark.parametrize("document", HELD)


def bare(text: str) -> str:
    """Return the letters and digits of a text, so that line breaks, hyphenation and ligatures do not matter."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text))


def run(*command: str | int | Path) -> str:
    return subprocess.run([str(word) for word in command], capture_output=True, check=True).stdout.decode("utf-8")


class Print:
    """One PDF, with what its tests ask of it, each worked out once."""

    def __init__(self, path: Path, log: Path) -> None:
        self.path = path
        self._log = log

    @cached_property
    def pages(self) -> list[str]:
        """The text of every page, without its running head and its number."""
        text = run("pdftotext", *("-x", "0", "-y", "60", "-W", "595", "-H", "715"), self.path, "-")
        return unicodedata.normalize("NFKC", text).removesuffix("\f").split("\f")

    @cached_property
    def printed(self) -> str:
        """The letters and digits of the whole document."""
        return bare("\n".join(self.pages))

    @cached_property
    def properties(self) -> dict[str, str]:
        """What the file says of itself."""
        lines = run("pdfinfo", "-isodates", self.path).splitlines()
        return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}

    @cached_property
    def objects(self) -> bytes:
        """The objects of the file, those in compressed streams too."""
        content = self.path.read_bytes()
        parts = [content]
        for match in re.finditer(rb"/Type\s*/ObjStm.*?stream\r?\n", content, re.DOTALL):
            parts.append(zlib.decompressobj().decompress(content[match.end() :]))
        return b"\n".join(parts)

    @cached_property
    def bookmarks(self) -> list[tuple[str, int]]:
        """The title and the page, from 1, of every chapter in the bookmarks."""
        document = ElementTree.fromstring(run("pdftohtml", "-xml", "-i", "-stdout", self.path))  # noqa: S314 our own
        items = document.findall("outline/item")
        return [("".join(item.itertext()).strip(), int(item.attrib["page"])) for item in items]

    @cached_property
    def contents(self) -> str:
        """The text of the contents."""
        titles = [title for title, _ in self.bookmarks]
        at = titles.index("Contents")
        return "\f".join(self.pages[self.bookmarks[at][1] - 1 : self.bookmarks[at + 1][1] - 1])

    @cached_property
    def log(self) -> list[str]:
        """The lines of TeX's log."""
        return self._log.read_text(encoding="utf-8", errors="replace").splitlines()


@pytest.fixture(scope="module")
def prints(site: Path) -> dict[str, Print]:
    """Return the three documents by name."""
    logs = site.parent / "latex"
    return {one.name: Print(site / f"{one.file}.pdf", logs / f"{one.file}.log") for one in DOCUMENTS}


def headed(soup) -> tuple[str, str]:
    """Return the number and the title of a chapter; an appendix has no number."""
    text = soup.h1.get_text().rstrip("#").strip()
    number = soup.h1.find(class_="section-number")
    return (number.get_text().strip().rstrip("."), text[len(number.get_text()) :]) if number else ("", text)


def captions(soup) -> list[tuple[str, str]]:
    """Return the number and the text of every caption of a page."""
    return [
        (number.get_text().strip(), number.find_next_sibling(class_="caption-text").get_text())
        for number in soup.select(".caption-number")
    ]


def test_the_book_has_no_more_pages_than_allowed(prints):
    assert 40 < int(prints["book"].properties["Pages"]) <= MOST_PAGES


@on_each
def test_the_file_says_title_author_edition_keywords_language_and_date(document, prints):
    edition, properties = the_survey().edition, prints[document].properties
    assert properties["Title"].startswith(edition.title)
    assert properties["Author"] == ", ".join(edition.authors)
    assert properties["Subject"].startswith(f"Version {edition.version}, {edition.date}.")
    assert properties["Keywords"] == ", ".join(edition.keywords) != ""
    assert properties["CreationDate"].startswith(edition.date)
    assert re.search(rb"/Lang\s*(?:\(en|\(\xfe\xff\x00e\x00n|<656e|<feff0065006e)", prints[document].objects)


@on_each
def test_every_font_is_embedded(document, prints):
    fonts = [line.split() for line in run("pdffonts", prints[document].path).splitlines()[2:]]
    assert [font[0] for font in fonts if font[-5] != "yes"] == []


def test_latin_text_is_set_in_no_chinese_font(prints):
    # The fonts of neighbouring pages without a Chinese character are listed at once, which takes the time of one page.
    book = prints["book"]
    latin = [number for number, text in enumerate(book.pages, 1) if not CHINESE.search(text)]
    stretches = [
        [number for _, number in together] for _, together in groupby(enumerate(latin), lambda one: one[1] - one[0])
    ]
    assert len(latin) < len(book.pages)  # there are Chinese characters
    ends = [(numbers[0], numbers[-1]) for numbers in stretches]
    assert [(one, last) for one, last in ends if "CJK" in run("pdffonts", "-f", one, "-l", last, book.path)] == []


@pytest.mark.parametrize("document", ["book", "supplement"])
def test_links_lead_from_place_to_place(document, prints):
    assert len(re.findall(rb"/S\s*/GoTo\b", prints[document].objects)) > 100


@on_each
def test_no_page_is_blank_no_reference_unresolved_and_no_mark_of_the_source_left(document, prints):
    pages = prints[document].pages
    assert [number for number, text in enumerate(pages, 1) if len(bare(text)) < 100] == []
    marks = re.compile(r".*(?:\?\?|\{(?:cite|ref|numref|site)[:}]|\$\$|:::|\[\?\]|\bundefined\b|elsewhere:\w).*")
    assert [(number, line) for number, text in enumerate(pages, 1) for line in marks.findall(text)] == []


def test_cross_references_carry_page_numbers(prints):
    assert len(re.findall(r"\bp\.\s\d+", "\n".join(prints["book"].pages))) > 100


@pytest.mark.parametrize(("document", "name"), PLACES)
def test_captions_have_the_numbers_and_words_of_the_site(document, name, prints, read_page):
    printed = prints[document].printed
    assert [(n, text) for n, text in captions(read_page(name)) if bare(n + text) not in printed] == []


@on_each
def test_tables_and_figures_have_the_numbers_of_the_site(document, prints, read_page):
    on_the_site = {number for name in WHOLE[document] for number, _ in captions(read_page(name))}
    assert {number for text in prints[document].pages for number in NUMBER.findall(text)} == on_the_site


@pytest.mark.parametrize(("document", "name"), PLACES)
def test_a_chapter_has_the_number_and_the_title_of_the_site(document, name, prints, read_page):
    number, title = headed(read_page(name))
    assert bool(number) == (name not in UNNUMBERED)
    openings = [
        bare(prints[document].pages[page - 1]) for marked, page in prints[document].bookmarks if marked == title
    ]
    assert [opening.removeprefix("Chapter").startswith(bare(number + title)) for opening in openings] == [True]


@on_each
def test_a_document_holds_its_chapters_in_order_and_nothing_else(document, prints, read_page):
    titles = [headed(read_page(name))[1] for name in HELD[document]]
    found = [title for title, _ in prints[document].bookmarks]
    assert [title for title in found if title not in ("Abstract", "Contents", "The Tools on the Site")] == titles


def test_each_tool_has_a_section_that_says_where_it_is(prints, read_page):
    ((first, behind),) = (
        (page, following)
        for (title, page), (_, following) in pairwise(prints["book"].bookmarks)
        if title == "The Tools on the Site"
    )
    said = bare("".join(prints["book"].pages[first - 1 : behind - 1]))
    for name in TOOLS:
        assert bare(headed(read_page(name))[1]) in said
        assert bare(f"{name}.html") in said


@on_each
def test_the_title_page_names_title_edition_date_authors_and_licence(document, prints):
    edition = the_survey().edition
    day = date.fromisoformat(edition.date)
    said = [
        *edition.title.split(": "),
        f"Edition {edition.version}",
        f"{day.day} {day:%B %Y}",
        *edition.authors,
        "CC BY 4.0",
        *([] if document == "book" else [document.capitalize()]),
    ]
    assert [words for words in said if bare(words) not in bare(prints[document].pages[0])] == []


def test_the_abstract_counts_what_the_first_page_of_the_site_counts(prints, read_page):
    counted = re.findall(r"\d[\d,]*", read_page(START).select_one(".at-a-glance").get_text())
    page = prints["book"].pages[1]
    assert page.lstrip().startswith("Abstract")
    said = " ".join(page.split())
    assert re.findall(r"\d[\d,]*", said[said.index("This edition holds") :])[: len(counted)] == counted
    assert bare(the_survey().edition.abstract) in bare(page)


@pytest.mark.parametrize(("document", "name"), PLACES)
def test_the_contents_name_every_chapter_with_what_its_page_says_of_it(document, name, prints, read_page):
    said = bare(prints[document].contents)
    description = read_page(name).select_one('meta[name="description"]')["content"]
    assert bare(headed(read_page(name))[1]) in said and bare(description) in said


def test_the_contents_name_the_parts_and_take_at_most_two_pages(prints):
    contents = prints["book"].contents
    lines = [line.strip() for line in contents.splitlines()]
    opened = [caption for caption, names in PARTS.items() if set(names) - set(UNNUMBERED)]
    assert [caption for caption in opened if caption not in lines] == []
    assert contents.count("\f") <= 1


def test_a_chapter_of_several_sections_begins_with_their_list(prints, read_page):
    title = headed(read_page("modules"))[1]
    (opening,) = (bare(prints["book"].pages[page - 1]) for marked, page in prints["book"].bookmarks if marked == title)
    sections = [bare(h2.get_text().rstrip("#")) for h2 in read_page("modules").select("article h2")]
    assert sections
    assert [section for section in sections if section not in opening] == []


@pytest.fixture(scope="module")
def listed(prints) -> tuple[int, int]:
    """Return the first and the last page of the catalogue."""
    marks = prints["catalogue"].bookmarks
    at = [title for title, _ in marks].index("The Catalogue")
    return marks[at][1], marks[at + 1][1] - 1


def test_the_catalogue_with_6500_papers_takes_fewer_than_ninety_pages(listed):
    first, last = listed
    pages = last - first + 1
    assert pages > 10
    assert pages * 6500 / len(the_survey().papers) < 90


def sizes_of(path: Path, first: int, last: int) -> list[tuple[float, str]]:
    """Return the lines of pages, each with the size of its type in points."""
    zoom = 3  # the largest that it takes; sizes are told in whole numbers
    command = ("pdftohtml", "-xml", "-i", "-stdout", "-zoom", str(zoom), "-f", str(first), "-l", str(last), path)
    text = run(*command)
    sizes = {id: int(size) / zoom for id, size in re.findall(r'<fontspec id="(\d+)" size="(\d+)"', text)}
    # A raised digit of a name is smaller.
    lines = re.findall(r'<text [^>]*font="(\d+)">(?:<[^>]+>)*([^<\n]{3,})', text)
    return [(sizes[font], words) for font, words in lines]


def test_no_type_of_the_catalogue_is_smaller_than_six_points_and_a_half(listed, prints):
    lines = sizes_of(prints["catalogue"].path, *listed)
    assert len(lines) > 1000
    assert [words for size, words in lines if size < 6.5] == []


@on_each
def test_the_notes_below_tables_are_printed(document, prints, read_page):
    pages = [read_page(name) for name in WHOLE[document]]
    notes = {bare(note.get_text())[:60] for page in pages for note in page.select(".table-note")}
    assert [note for note in sorted(notes) if note not in prints[document].printed] == []


@pytest.mark.parametrize("document", ["book", "supplement"])
def test_a_page_is_headed_by_the_chapter_that_it_belongs_to(document, prints):
    one = prints[document]
    heads = run("pdftotext", *("-x", "0", "-y", "0", "-W", "595", "-H", "60"), one.path, "-").split("\f")
    inside = {}
    for (title, first), (_, behind) in pairwise(one.bookmarks):
        inside |= {page: title for page in range(first + 1, behind) if title not in ("Abstract", "Contents")}
    assert len(inside) > 50
    assert [page for page, title in inside.items() if bare(title) not in bare(heads[page - 1])] == []


@on_each
def test_what_a_document_cites_is_in_its_list(document, prints):
    one = prints[document]
    start = next(page for title, page in reversed(one.bookmarks) if title == "References")
    listed = bare("\n".join(one.pages[start - 1 :]))
    names = {f"book/{name}.md" for name in WHOLE[document]}
    citations = the_survey().citations
    cited = {citation.key for citation in citations if citation.path in names or document == "catalogue"}
    assert [key for key in sorted(cited) if bare(the_survey().references[key].plain("title")) not in listed] == []


@pytest.mark.parametrize(("document", "name"), [place for place in PLACES if place[0] != "catalogue"])
def test_the_last_sentence_of_a_chapter_is_printed(document, name, prints, read_page):
    sentences = [
        p for p in read_page(name).select("article section > p, article section > ul > li > p") if not p.select(".math")
    ]
    # Behind a reference its page is printed.
    said = [re.split("<a ", p.decode_contents())[0] for p in sentences]
    last = [bare(re.sub("<[^>]*>", "", words)) for words in said if len(words) > 40][-1]
    assert last[:60] in prints[document].printed


@on_each
@pytest.mark.parametrize("mark", ["!", "Missing character", "undefined", "multiply defined", "Rerun to get"])
def test_tex_complains_of_nothing(document, mark, prints):
    start = re.compile(r"^!") if mark == "!" else re.compile(re.escape(mark))
    assert [line for line in prints[document].log if start.search(line)] == []


@on_each
def test_no_line_is_much_wider_than_the_text(document, prints):
    too_wide = [re.match(r"Overfull \\hbox \((\d+(?:\.\d+)?)pt too wide\)", line) for line in prints[document].log]
    assert [match.string for match in too_wide if match and float(match.group(1)) > TOO_WIDE] == []


def test_paper_has_the_latest_corrections_and_says_where_all_are(prints):
    total = len(the_survey().corrections)
    said = f"These are the latest 20 of {total:,} corrections. All stand in this chapter on the site"
    assert bare(said) in prints["supplement"].printed
