"""The printed book, as the tools of poppler read it, beside the site and the log of TeX."""

import re
import subprocess
import unicodedata
import xml.etree.ElementTree as ElementTree
import zlib
from datetime import date
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path

import pytest
from contents import CHAPTERS, PARTS, START
from every import each

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.site.front import first_words
from peft_vlm_survey.site.parts import APPENDICES


@cache
def the_core():
    return {paper.key: paper for paper in the_survey().papers if paper.depth == "core"}


LETTERS = dict(zip(APPENDICES, "ABC", strict=True))  # on paper; on the site appendices carry no number
ON_PAPER = [*(name for name in CHAPTERS if name not in APPENDICES), *APPENDICES]
PAGES = [START, *CHAPTERS]
NUMBER = re.compile(r"^((?:Table|Fig\.) \d+(?:\.\d+)?): ", re.MULTILINE)
CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")
TOO_WIDE = 5.0  # points

pytestmark = [pytest.mark.built, pytest.mark.xdist_group("pdf")]


def bare(text: str) -> str:
    """Return the letters and digits of a text, so that line breaks, hyphenation and ligatures do not matter."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text))


def run(*command: str | int | Path) -> str:
    return subprocess.run([str(word) for word in command], capture_output=True, check=True).stdout.decode("utf-8")


@pytest.fixture(scope="module")
def pdf(site: Path) -> Path:
    return site / "peft-vlm-survey.pdf"


@pytest.fixture(scope="module")
def pages(pdf: Path) -> list[str]:
    """Return the text of every page, without its running head and its number."""
    text = run("pdftotext", *("-x", "0", "-y", "60", "-W", "595", "-H", "715"), pdf, "-")
    return unicodedata.normalize("NFKC", text).removesuffix("\f").split("\f")


@pytest.fixture(scope="module")
def printed(pages: list[str]) -> str:
    """Return the letters and digits of the whole book."""
    return bare("\n".join(pages))


@pytest.fixture(scope="module")
def properties(pdf: Path) -> dict[str, str]:
    lines = run("pdfinfo", pdf).splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


@pytest.fixture(scope="module")
def objects(pdf: Path) -> bytes:
    """Return the objects of the file, those in compressed streams too."""
    content = pdf.read_bytes()
    parts = [content]
    for match in re.finditer(rb"/Type\s*/ObjStm.*?stream\r?\n", content, re.DOTALL):
        parts.append(zlib.decompressobj().decompress(content[match.end() :]))
    return b"\n".join(parts)


@pytest.fixture(scope="module")
def bookmarks(pdf: Path) -> list[tuple[str, int]]:
    """Return the title and the page, from 1, of every chapter in the bookmarks."""
    document = ElementTree.fromstring(run("pdftohtml", "-xml", "-i", "-stdout", pdf))  # noqa: S314 our own file
    return [("".join(item.itertext()).strip(), int(item.attrib["page"])) for item in document.findall("outline/item")]


@pytest.fixture(scope="module")
def outline(bookmarks: list[tuple[str, int]]) -> list[str]:
    """Return the titles of the chapters, as the bookmarks have them."""
    return [title for title, _ in bookmarks]


@pytest.fixture(scope="module")
def contents(pages, bookmarks) -> str:
    """Return the text of the contents."""
    starts = dict(bookmarks)
    return "\f".join(pages[starts["Contents"] - 1 : starts["Figures"] - 1])


@pytest.fixture(scope="module")
def titles(read_page) -> list[str]:
    """Return the titles of the site's chapters, without their numbers, in the order of the paper."""
    return [title for _, title in (headed(read_page(name)) for name in ON_PAPER)]


@pytest.fixture(scope="module")
def log(site: Path) -> list[str]:
    """Return the lines of TeX's log."""
    (path,) = (site.parent / "latex").glob("*.log")
    return path.read_text(encoding="utf-8", errors="replace").splitlines()


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


def test_the_book_has_more_than_forty_pages(properties):
    assert int(properties["Pages"]) > 40


def test_the_properties_name_the_title(properties):
    assert properties["Title"] == the_survey().edition.title


def test_the_properties_name_the_author(properties):
    assert properties["Author"] == ", ".join(the_survey().edition.authors)


def test_the_properties_name_edition_and_keywords(properties):
    edition = the_survey().edition
    assert properties["Subject"].startswith(f"Version {edition.version}, {edition.date}.")
    assert properties["Keywords"] == ", ".join(edition.keywords) != ""


def test_the_language_of_the_book_is_set(objects):
    assert re.search(rb"/Lang\s*(?:\(en|\(\xfe\xff\x00e\x00n|<656e|<feff0065006e)", objects)


def test_the_date_of_the_file_is_that_of_the_edition(pdf):
    dates = dict(line.split(":", 1) for line in run("pdfinfo", "-isodates", pdf).splitlines() if ":" in line)
    assert dates["CreationDate"].strip().startswith(the_survey().edition.date)


def test_every_font_is_embedded(pdf):
    fonts = [line.split() for line in run("pdffonts", pdf).splitlines()[2:]]
    assert [font[0] for font in fonts if font[-5] != "yes"] == []


def test_latin_text_is_set_in_no_chinese_font(pdf, pages):
    # The fonts of neighbouring pages without a Chinese character are listed at once, which takes the time of one page.
    latin = [number for number, text in enumerate(pages, 1) if not CHINESE.search(text)]
    stretches = [
        [number for _, number in together] for _, together in groupby(enumerate(latin), lambda one: one[1] - one[0])
    ]
    assert len(stretches) > 1  # there are Chinese characters
    ends = [(numbers[0], numbers[-1]) for numbers in stretches]
    assert [(first, last) for first, last in ends if "CJK" in run("pdffonts", "-f", first, "-l", last, pdf)] == []


def test_links_lead_to_the_papers(pdf):
    addresses = run("pdfinfo", "-url", pdf)
    assert [p.key for p in the_core().values() if (the_survey().references[p.key].address or "") not in addresses] == []


def test_links_lead_from_place_to_place(objects):
    assert len(re.findall(rb"/S\s*/GoTo\b", objects)) > 100


def test_no_page_is_blank(pages):
    assert [number for number, text in enumerate(pages, 1) if len(bare(text)) < 100] == []


def test_no_reference_is_unresolved(pages):
    found = [(number, line) for number, text in enumerate(pages, 1) for line in text.splitlines() if "??" in line]
    assert found == []


def test_no_mark_of_the_source_is_left_in_the_text(pages):
    marks = re.compile(r".*(?:\{(?:cite|ref|numref|site)[:}]|\$\$|:::|\[\?\]|\bundefined\b).*")
    assert [line for text in pages for line in marks.findall(text)] == []


@each("key", the_core)
def test_a_core_papers_title_is_printed(key, printed):
    assert bare(the_survey().references[key].plain("title")) in printed


@each("key", lambda: [key for key in the_core() if the_core()[key].note_zh])
def test_a_chinese_note_is_printed(key, printed):
    assert bare(the_core()[key].note_zh) in printed


@pytest.mark.parametrize("name", PAGES)
def test_captions_have_the_numbers_and_words_of_the_site(name, printed, read_page):
    assert [(n, text) for n, text in captions(read_page(name)) if bare(n + text) not in printed] == []


def test_tables_and_figures_have_the_numbers_of_the_site(pages, read_page):
    on_the_site = {number for name in PAGES for number, _ in captions(read_page(name))}
    in_print = {number for text in pages for number in NUMBER.findall(text)}
    assert in_print == on_the_site


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_has_the_number_and_the_title_of_the_site(name, pages, bookmarks, read_page):
    number, title = headed(read_page(name))
    assert bool(number) == (name not in LETTERS)
    number = LETTERS.get(name, number)
    kind = "Appendix" if name in LETTERS else "Chapter"
    openings = [bare(pages[page - 1].removeprefix(kind)) for marked, page in bookmarks if marked == title]
    assert [opening.startswith(bare(number + title)) for opening in openings] == [True]


def test_the_chapters_in_print_are_those_of_the_site_in_the_same_order(outline, titles):
    assert outline[-len(titles) :] == titles


def test_the_title_page_names_title_edition_date_authors_and_licence(pages):
    edition = the_survey().edition
    day = date.fromisoformat(edition.date)
    said = [
        *edition.title.split(": "),
        f"Edition {edition.version}",
        f"{day.day} {day:%B %Y}",
        *edition.authors,
        "CC BY 4.0",
    ]
    assert [words for words in said if bare(words) not in bare(pages[0])] == []


def test_the_abstract_counts_what_the_first_page_of_the_site_counts(pages, read_page):
    counted = re.findall(r"\d[\d,]*", read_page(START).select_one(".at-a-glance").get_text())
    assert pages[1].lstrip().startswith("Abstract")
    said = " ".join(pages[1].split())
    assert re.findall(r"\d[\d,]*", said[said.index("This edition holds") :])[: len(counted)] == counted
    assert bare(the_survey().edition.abstract) in bare(pages[1])


def test_the_contents_name_every_chapter_with_what_its_page_says_of_it(contents, read_page):
    said = bare(contents)
    for name in ON_PAPER:
        _, title = headed(read_page(name))
        description = read_page(name).select_one('meta[name="description"]')["content"]
        assert bare(title) in said and bare(description) in said, name


def test_the_contents_name_no_section_and_take_at_most_two_pages(contents):
    assert re.findall(r"^\s*(?:\d+|[A-C])\.\d+ .*", contents, re.MULTILINE) == []
    assert contents.count("\f") <= 1


def test_the_list_of_figures_has_the_first_words_of_every_caption(pages, bookmarks, read_page):
    (start,) = (page for title, page in bookmarks if title == "Figures")
    (end,) = (page for title, page in bookmarks if title == "About This Book")
    listed = bare("".join(pages[start - 1 : end - 1]))
    figures = [(n.removeprefix("Fig. "), text) for name in PAGES for n, text in captions(read_page(name)) if "Fig" in n]
    assert figures
    assert [(n, text) for n, text in figures if bare(first_words(text)) not in listed] == []


def test_a_chapter_of_several_sections_begins_with_their_list(pages, bookmarks, read_page):
    title = headed(read_page("modules"))[1]
    (opening,) = (bare(pages[page - 1]) for marked, page in bookmarks if marked == title)
    sections = [bare(h2.get_text().rstrip("#")) for h2 in read_page("modules").select("article h2")]
    assert sections
    assert [section for section in sections if section not in opening] == []


def test_paper_counts_benchmarks_by_task_and_does_not_list_them(pages):
    places = [
        page for page, text in enumerate(pages) if re.search(r"^Table \d+\.\d+: Benchmarks by category", text, re.M)
    ]
    assert places
    assert places[-1] - places[0] <= 2


@pytest.fixture(scope="module")
def listed(bookmarks) -> tuple[int, int]:
    """Return the first and the last page of the catalogue."""
    titles = [title for title, _ in bookmarks]
    at = titles.index("The Catalogue")
    return bookmarks[at][1], bookmarks[at + 1][1] - 1


def test_the_catalogue_with_6500_papers_takes_fewer_than_ninety_pages(listed):
    first, last = listed
    pages = last - first + 1
    assert pages > 10
    assert pages * 6500 / len(the_survey().papers) < 90


def test_no_type_of_the_catalogue_is_smaller_than_six_points_and_a_half(listed, pdf):
    first, last = map(str, listed)
    zoom = 3  # the largest that it takes; sizes are told in whole numbers
    text = run("pdftohtml", "-xml", "-i", "-stdout", "-zoom", str(zoom), "-f", first, "-l", last, pdf)
    sizes = {id: int(size) / zoom for id, size in re.findall(r'<fontspec id="(\d+)" size="(\d+)"', text)}
    # A raised digit of a name is smaller.
    lines = re.findall(r'<text [^>]*font="(\d+)">(?:<[^>]+>)*([^<\n]{3,})', text)
    assert len(lines) > 1000
    assert [words for font, words in lines if sizes[font] < 6.5] == []


def test_the_contents_name_the_parts(contents):
    lines = [line.strip() for line in contents.splitlines()]
    opened = [caption for caption, names in PARTS.items() if set(names) - set(APPENDICES)]
    assert [caption for caption in [*opened, "Appendices"] if caption not in lines] == []


def test_nothing_but_the_start_page_stands_before_the_first_chapter(outline, titles):
    assert outline[: outline.index(titles[0])] == ["Abstract", "Contents", "Figures", "About This Book"]


def test_the_notes_below_tables_are_printed(printed, read_page):
    notes = {bare(note.get_text())[:60] for name in PAGES for note in read_page(name).select(".table-note")}
    assert len(notes) > 20
    assert [note for note in sorted(notes) if note not in printed] == []


def test_a_page_is_headed_by_the_chapter_that_it_belongs_to(pdf, bookmarks, titles):
    heads = run("pdftotext", *("-x", "0", "-y", "0", "-W", "595", "-H", "60"), pdf, "-").split("\f")
    inside = {}
    for (title, first), (_, behind) in pairwise(bookmarks):
        inside |= {page: title for page in range(first + 1, behind) if title in titles}
    assert len(inside) > 100
    assert [page for page, title in inside.items() if bare(title) not in bare(heads[page - 1])] == []


def test_the_references_stand_in_one_chapter_only(outline):
    assert [title for title in outline if title in ("References", "Bibliography")] == ["References"]


def test_every_cited_reference_stands_in_the_list(pages, bookmarks):
    start = max(page for title, page in bookmarks if title == "References")
    listed = bare("\n".join(pages[start - 1 :]))
    cited = {citation.key for citation in the_survey().citations}
    assert cited
    assert [key for key in sorted(cited) if bare(the_survey().references[key].plain("title")) not in listed] == []


def test_the_end_of_the_last_chapter_is_printed(pages, read_page):
    last = read_page(ON_PAPER[-1]).select("article .citation")[-1]
    assert bare(last.find("p").get_text())[:60] in bare("\n".join(pages[-3:]))


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_last_sentence_of_a_chapter_is_printed(name, printed, read_page):
    sentences = [
        p for p in read_page(name).select("article section > p, article section > ul > li > p") if not p.select(".math")
    ]
    assert bare(sentences[-1].get_text())[:80] in printed


@pytest.mark.parametrize("mark", ["!", "Missing character", "undefined", "multiply defined", "Rerun to get"])
def test_tex_complains_of_nothing(mark, log):
    start = re.compile(r"^!") if mark == "!" else re.compile(re.escape(mark))
    assert [line for line in log if start.search(line)] == []


def test_no_line_is_much_wider_than_the_text(log):
    too_wide = [re.match(r"Overfull \\hbox \((\d+(?:\.\d+)?)pt too wide\)", line) for line in log]
    assert [match.string for match in too_wide if match and float(match.group(1)) > TOO_WIDE] == []


def test_paper_has_the_latest_corrections_and_says_where_all_are(printed):
    total = len(the_survey().corrections)
    assert bare(f"These are the latest 20 of {total:,} corrections. All stand in this chapter on the site") in printed
