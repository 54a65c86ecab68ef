"""Anchors that have moved: from their old places they lead to what they named, with scripts and without."""

from pathlib import Path

import pytest
from anchors import KEPT, anchors, places
from every import each
from playwright.sync_api import expect

from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.editions.changes import last_edition
from peft_vlm_survey.editions.package import read_package
from peft_vlm_survey.site.moved import MOVED

PLACES = [(page, anchor, place) for page, moved in MOVED.items() for anchor, place in moved.items()]
TARGETS: dict[str, list[str]] = {}
for _, _, new in PLACES:
    TARGETS.setdefault(new.partition("#")[0], []).append(new.partition("#")[2])
IN_SIGHT = """id => {
    const { top } = document.getElementById(id).getBoundingClientRect();
    return top >= 0 && top < innerHeight;
}"""
built = pytest.mark.built


def address(site: Path, place: str) -> str:
    """Return the address of a chapter's anchor."""
    chapter, _, target = place.partition("#")
    return f"{(site / chapter).as_uri()}.html#{target}"


@each("page, anchor, place", PLACES)
def test_a_moved_anchor_leads_to_one_that_stands_in_a_chapter(page, anchor, place):
    chapter, _, target = place.partition("#")
    assert target in anchors(chapter)


def test_every_paper_of_the_last_edition_still_has_a_page():
    survey = the_survey()
    before = last_edition(ROOT, survey.edition.version)
    published = {row["key"] for row in read_package(before).rows("papers")} if before else set()
    assert published <= {paper.key for paper in survey.papers} | {paper.former_key for paper in survey.excluded}


@built
def test_the_page_of_a_paper_that_left_says_why(site):
    left = next(paper for paper in the_survey().excluded if paper.former_key)
    text = (site / "papers" / f"{left.former_key}.html").read_text(encoding="utf-8")
    assert "no longer in the catalogue" in text
    assert left.checked in text


def test_every_place_that_the_last_edition_had_is_there_or_has_moved():
    edition, *published = KEPT.read_text(encoding="utf-8").splitlines()
    before = last_edition(ROOT, the_survey().edition.version)
    assert before is None or edition == f"edition {before.stem}", "Run: python tests/anchors.py > tests/anchors.txt"
    assert sorted({*published} - places()) == [], "Bring it back, or lead on from it in peft_vlm_survey/site/moved.py."


@each("page, anchor, place", PLACES)
def test_what_has_moved_stands_no_more_in_its_old_place(page, anchor, place):
    assert anchor not in anchors(page)


@built
@each("page, anchor, place", PLACES)
def test_the_old_place_has_the_anchor_once_and_the_new_one_its_target(page, anchor, place, read_page):
    chapter, _, target = place.partition("#")
    assert len(read_page(page).find_all(id=anchor)) == 1
    assert len(read_page(chapter).find_all(id=target)) == 1


@built
@each("page", MOVED)
def test_an_old_address_goes_on_to_the_new_one(page, site, window):
    """Whoever comes to a page by an address, and whoever goes to another address of the page, is led by one function."""
    anchor, place = next(iter(MOVED[page].items()))
    with window("light", "desktop").reopened() as opened:
        opened.goto(f"{(site / page).as_uri()}.html#{anchor}")
        expect(opened).to_have_url(address(site, place))
        opened.wait_for_function(IN_SIGHT, arg=place.partition("#")[2])


@built
@each("page", MOVED)
def test_every_old_address_of_a_page_goes_on_to_its_new_one(page, site, window):
    with window("light", "desktop").reopened() as opened:
        opened.goto(f"{(site / page).as_uri()}.html")
        opened.route("**/*.html", lambda route: route.fulfill(status=204))  # so that the page stays
        for anchor, place in MOVED[page].items():
            chapter = place.partition("#")[0]
            if chapter == page:
                opened.evaluate("anchor => { location.hash = anchor; }", anchor)
                expect(opened).to_have_url(address(site, place))
                continue
            with opened.expect_request("**/*.html") as asked:
                opened.evaluate("anchor => { location.hash = anchor; }", anchor)
            assert asked.value.url == f"{(site / chapter).as_uri()}.html"
            link = opened.locator(f"p.moved#{anchor} a")
            assert link.evaluate("link => link.href") == address(site, place)


@built
@each("chapter", TARGETS)
def test_every_new_place_is_in_sight_for_who_comes_to_it(chapter, site, window):
    with window("light", "desktop").reopened() as opened:
        for target in TARGETS[chapter]:
            opened.goto(f"{(site / chapter).as_uri()}.html#{target}")  # the page is loaded for the first alone
            opened.wait_for_function(IN_SIGHT, arg=target)
            opened.evaluate("scrollTo(0, 0)")


@built
@each("page", MOVED)
def test_without_scripts_an_old_address_shows_a_line_with_the_link(page, site, page_without_scripts):
    for anchor, place in MOVED[page].items():
        page_without_scripts.goto(f"{(site / page).as_uri()}.html#{anchor}")
        line = page_without_scripts.locator("p.moved:visible")
        expect(line).to_have_count(1)
        expect(line).to_have_id(anchor)
        expect(line).to_be_in_viewport()
        assert line.get_by_role("link").evaluate("link => link.href") == address(site, place)
    line.get_by_role("link").click()
    expect(page_without_scripts).to_have_url(address(site, place))


@built
def test_nobody_else_sees_such_a_line(site, page_without_scripts):
    for page in MOVED:
        page_without_scripts.goto(f"{(site / page).as_uri()}.html")
        expect(page_without_scripts.locator("p.moved:visible")).to_have_count(0)
