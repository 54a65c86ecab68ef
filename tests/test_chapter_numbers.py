"""The order and the numbers of the chapters, and the parts in the navigation."""

from types import SimpleNamespace

import pytest
from contents import BELOW, CHAPTERS, PARTS

from peft_vlm_survey.site.chapter_numbers import SUPPLEMENT, UNNUMBERED, numbers, ordered

ENV = SimpleNamespace(
    config=SimpleNamespace(root_doc="index"),
    toctree_includes={"index": ["choose", "models", "why", "supplement"], "supplement": ["method", "new"]},
)


def test_chapters_below_another_follow_it():
    assert ordered(ENV) == ["choose", "models", "why", "supplement", "method", "new"]
    assert ordered(ENV, "supplement") == ["method", "new"]


def test_the_supplement_has_numbers_of_its_own_and_tools_have_none():
    assert numbers(ENV) == {"models": 1, "why": 2, "method": "S1", "new": "S2"}


def test_what_carries_no_number_is_a_chapter_of_the_book():
    assert set(UNNUMBERED) <= set(CHAPTERS)


@pytest.mark.built
def test_the_navigation_lists_the_parts_and_their_chapters_in_order(read_page):
    found, listed = {}, read_page("index").select(".bd-sidebar-primary .bd-links :is(p.caption, li > a)")
    for element in listed:
        if element.name == "p":
            chapters = found.setdefault(element.get_text().strip(), [])
        else:
            chapters.append(element["href"].removesuffix(".html"))
    below = [name for names in BELOW.values() for name in names]
    assert {caption: [name for name in names if name not in below] for caption, names in found.items()} == PARTS


@pytest.mark.built
def test_the_supplement_is_closed_but_on_its_own_pages(read_page):
    def opened(name):
        return [
            item
            for item in read_page(name).select(".bd-sidebar-primary li.has-children")
            if item.select_one(f'a[href="{SUPPLEMENT}.html"]') or "current" in item.get("class", ())
            if item.select_one("details[open], input[checked]")
        ]

    assert opened("index") == []
    assert len(opened(BELOW[SUPPLEMENT][0])) == 1


@pytest.mark.built
def test_chapters_are_numbered_through_all_parts(read_page):
    shown = {name: read_page(name).h1.find(class_="section-number") for name in CHAPTERS}
    assert {name for name, number in shown.items() if number is None} == set(UNNUMBERED)
    supplement = BELOW[SUPPLEMENT]
    counted = [number.get_text().strip() for name, number in shown.items() if number and name not in supplement]
    assert counted == [f"{place}." for place in range(1, len(counted) + 1)]
    assert [shown[name].get_text().strip() for name in supplement] == [
        f"S{place}." for place in range(1, len(supplement) + 1)
    ]
