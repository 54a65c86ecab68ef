"""The parts of the book: their order in the navigation, and appendices without a number."""

from types import SimpleNamespace

import pytest
from contents import CHAPTERS, PARTS
from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.utils import new_document
from sphinx.addnodes import start_of_file, toctree

from peft_vlm_survey.site.parts import APPENDICES, OnPaper, Unnumbered


def part(caption, *names):
    return toctree(
        "", caption=caption, rawcaption=caption, numbered=1, entries=[(None, n) for n in names], includefiles=[*names]
    )


def shown(document):
    return [(t["caption"], t["numbered"], t["includefiles"]) for t in document.findall(toctree)]


def empty():
    return new_document("index", get_default_settings())


@pytest.fixture
def split():
    """Return the lists of two parts, split around the appendices."""
    document = empty()
    document += [
        part("Start", "choose", "catalogue", "benchmarks"),
        part("The record", "cite", "glossary", "references"),
    ]
    Unnumbered(document).apply()
    return document


def test_every_appendix_is_a_chapter_of_a_part():
    assert set(APPENDICES) <= set(CHAPTERS)


def test_an_appendix_carries_no_number_and_stays_where_it_stands(split):
    assert shown(split) == [
        ("Start", 1, ["choose"]),
        (None, 0, ["catalogue"]),
        (None, 1, ["benchmarks"]),
        ("The record", 1, ["cite"]),
        (None, 0, ["glossary", "references"]),
    ]


def test_on_paper_appendices_come_last_and_the_contents_name_the_parts(split):
    whole = empty()
    whole += [start_of_file("", docname=name) for t in split.findall(toctree) for name in t["includefiles"]]
    env = SimpleNamespace(config=SimpleNamespace(root_doc="index"), get_doctree=lambda _: split)
    whole.settings.env = env
    OnPaper(whole).run()
    told = [node["docname"] if isinstance(node, start_of_file) else node.astext() for node in whole.children]
    assert told == [
        r"\addtocontents{toc}{\protect\surveypart{Start}}",
        "choose",
        "benchmarks",
        r"\addtocontents{toc}{\protect\surveypart{The record}}",
        "cite",
        "\\addtocontents{toc}{\\protect\\surveypart{Appendices}}\n\\appendix",
        r"\surveywidepage",
        "catalogue",
        r"\surveyusualpage",
        "glossary",
        "references",
    ]


def test_on_paper_a_section_of_the_start_page_is_a_heading_and_no_chapter(split):
    start = nodes.section("", nodes.title("", "Book"), nodes.paragraph("", "It is."), ids=["book"])
    start += nodes.section("", nodes.title("", "News"), nodes.paragraph("", "None."), ids=["news"])
    chapter = nodes.section("", nodes.title("", "Choose"), nodes.section("", nodes.title("", "How")))
    start += start_of_file("", chapter, docname="choose")
    whole = empty()
    whole += start
    whole.settings.env = SimpleNamespace(config=SimpleNamespace(root_doc="index"), get_doctree=lambda _: split)
    OnPaper(whole).run()
    assert [(rubric.astext(), rubric["ids"]) for rubric in whole.findall(nodes.rubric)] == [("News", ["news"])]
    assert [title.astext() for title in whole.findall(nodes.title)] == ["Book", "Choose", "How"]


def test_on_paper_the_start_page_says_nothing_twice_and_no_chapter_loses_a_word(split):
    start = nodes.section("", nodes.title("", "Book"), ids=["book"])
    start += nodes.container("", nodes.paragraph("", "Press here."), classes=["tools"])
    start += nodes.container("", nodes.container("", nodes.paragraph("", "3 papers"), classes=["at-a-glance"]))
    start += nodes.section("", nodes.title("", "Cite"), ids=["cite-and-take-along"])
    start += start_of_file("", nodes.section("", nodes.paragraph("", "A hammer."), classes=["tools"]), docname="choose")
    whole = empty()
    whole += start
    whole.settings.env = SimpleNamespace(config=SimpleNamespace(root_doc="index"), get_doctree=lambda _: split)
    OnPaper(whole).run()
    assert [paragraph.astext() for paragraph in whole.findall(nodes.paragraph)] == ["A hammer."]
    assert "Cite" not in whole.astext()


def test_on_paper_a_part_that_holds_chapters_is_never_left_out(split):
    start = nodes.section("", nodes.title("", "Book"), ids=["book"])
    start += nodes.section("", nodes.title("", "Cite"), ids=["cite-and-take-along"])
    start[-1] += start_of_file("", nodes.paragraph("", "A hammer."), docname="choose")
    whole = empty()
    whole += start
    whole.settings.env = SimpleNamespace(config=SimpleNamespace(root_doc="index"), get_doctree=lambda _: split)
    OnPaper(whole).run()
    assert "A hammer." in whole.astext()


@pytest.mark.built
def test_the_navigation_lists_the_parts_and_their_chapters_in_order(read_page):
    found, listed = {}, read_page("index").select(".bd-sidebar-primary .bd-links :is(p.caption, li > a)")
    for element in listed:
        if element.name == "p":
            chapters = found.setdefault(element.get_text().strip(), [])
        else:
            chapters.append(element["href"].removesuffix(".html"))
    assert found == PARTS


@pytest.mark.built
def test_chapters_are_numbered_through_all_parts_and_appendices_are_not(read_page):
    numbers = {name: read_page(name).h1.find(class_="section-number") for name in CHAPTERS}
    assert {name for name, number in numbers.items() if number is None} == set(APPENDICES)
    counted = [number.get_text().strip() for number in numbers.values() if number is not None]
    assert counted == [f"{place}." for place in range(1, len(counted) + 1)]
