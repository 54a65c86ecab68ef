"""The pages before the first chapter on paper: what they say of the edition, and that TeX can print it."""

from dataclasses import replace

import pytest
from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.utils import new_document
from sphinx.addnodes import start_of_file

from peft_vlm_survey.show.counts import counts
from peft_vlm_survey.site.front import Summaries, about, title_page


def test_the_title_page_names_title_edition_and_date(good):
    edition = replace(good.edition, title="Trees: A Survey", version="2.1.0", date="2031-03-09")
    page = title_page(edition)
    assert [words for words in ("Trees", "A Survey", "Edition 2.1.0", "9 March 2031") if words not in page] == []


@pytest.mark.parametrize(
    ("field", "address"), [("url", "https://a.example"), ("repository", "https://b.example"), ("doi", "10.1/c")]
)
def test_the_title_page_has_the_addresses_that_are_set_and_no_others(good, field, address):
    bare = replace(good.edition, url="", repository="", doi="")
    assert r"\url" not in title_page(bare)
    assert title_page(replace(bare, **{field: address})).count(r"\url") == 1


def test_what_tex_would_misread_is_escaped(good):
    page = title_page(replace(good.edition, title="100% of #1: R&D"))
    assert r"100\% of \#1" in page and r"R\&D" in page


def test_the_page_about_the_book_has_the_counts_of_the_first_page(good):
    page = about(good)
    assert [words for words, _, rest in counts(survey=good) if words + rest not in page] == []
    assert good.edition.abstract in page


def chapter(sections: int) -> nodes.document:
    document = new_document("index", get_default_settings())
    section = nodes.section("", nodes.title("", "Grounding"))
    section += [nodes.section("", nodes.title("", f"Part {number}")) for number in range(sections)]
    document += start_of_file("", nodes.meta(name="description", content="What 5% do."), section, docname="grounding")
    return document


def raw(document):
    Summaries(document).run()
    return "\n".join(node.astext() for node in document.findall(nodes.raw))


def test_the_contents_say_of_a_chapter_what_its_page_says():
    assert r"\protect\surveysummary{What 5\% do.}" in raw(chapter(1))


def test_a_chapter_begins_with_the_list_of_its_sections_if_it_has_several():
    assert [r"\surveysections" in raw(chapter(sections)) for sections in (2, 3)] == [False, True]
