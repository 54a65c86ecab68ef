"""Anchors that have moved: from their old places they lead to what they named, with scripts and without."""

from pathlib import Path

import pytest
from anchors import KEPT, anchors, places
from every import each
from playwright.sync_api import expect

from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.editions.changes import edition_before
from peft_vlm_survey.read.families import FAMILIES
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.site.moved import MOVED

PLACES = [(page, anchor, place) for page, moved in MOVED.items() for anchor, place in moved.items()]
TARGETS: dict[str, list[str]] = {}
for _, _, new in PLACES:
    TARGETS.setdefault(new.partition("#")[0], []).append(new.partition("#")[2])
# What is called otherwise in its new place, so that no test can tell it by its name; all else keeps its name.
RENAMED = {
    "audits#the-core-papers-audited": "audits#audits",
    **{
        f"across#{anchor}": place
        for anchor, place in MOVED["across"].items()
        if not place.startswith(("audits#", "segmentation#")) or anchor == "memory"
    },
    "index#what-is-new": "new#new",
    "data_access#a-paper-or-a-data-set-as-json-and-markdown": "data_access#data-records",
    "costs#calculator": "fit#fit",
    "costs#tbl-costs-stated": "costs#tbl-costs-kinds",
    "costs#tbl-costs-statements": "costs#tbl-costs-kinds",
    **{f"field#tbl-{name}": "field#coverage" for name in ("flow", "recall-editions", "recall-lists", "searched")},
    "method#tbl-second-readings-mended": "method#tbl-second-readings",
    "grounding#segment-anything-where-to-adapt-and-who-gives-the-prompt": "segmentation#segmentation",
    "grounding#against-cris": "audits#audit-cris",
    "qa#retrieval-questions-on-science-and-visual-instructions": "qa#retrieval-and-questions-on-science",
    "qa#from-tasks-to-instructions": "multimodal#multimodal",
    "qa#clip-recognition-and-prompt-learning": "recognition#recognition",
    "qa#what-may-be-compared": "recognition#results-clip",
    **{f"method#tbl-benchmarks-{category}": "method#tbl-benchmarks" for category in CATEGORIES},
    "across#tbl-medical-models": "segmentation#medical",
    "segmentation#where-and-what-to-train": "segmentation#what-is-tuned-and-why",
    "segmentation#adapters-and-low-rank-factors-in-the-encoder": "segmentation#the-image-encoder",
    "segmentation#fig-drawing-sam-adapter": "segmentation#the-image-encoder",
    "segmentation#its-own-weights-or-the-decoder-alone": "segmentation#the-decoder-or-the-model-s-own-weights",
    "segmentation#newer-backbones": "segmentation#segmentation-versions",
    "segmentation#tbl-hqseg": "segmentation#what-keeps-the-model-general",
    "segmentation#tbl-sota-segmentation": "segmentation#what-works",
    "segmentation#tbl-subareas-segmentation": "segmentation#fig-sam-versions",
    "segmentation#three-lines-of-work": "segmentation#what-is-tuned-and-why",
    "segmentation#volumes": "segmentation#the-image-encoder",
    "segmentation#what-a-plain-transformer-lacks": "segmentation#the-image-encoder",
    "segmentation#what-is-not-known": "segmentation#segmentation-open",
    "segmentation#who-gives-the-prompt": "segmentation#the-prompt",
    "grounding#comparable-results": "grounding#results-grounding",
    "grounding#expressions-which-encoders-which-exchange": "grounding#grounding-expressions",
    "grounding#fig-drawing-detris": "grounding#what-followed",
    "grounding#further-groups": "grounding#results-grounding",
    "grounding#how-the-methods-differ": "grounding#grounding",
    "grounding#language-models-and-video": "grounding#grounding-mllm",
    "grounding#open-vocabulary-detection-the-region-that-clip-never-saw": "grounding#grounding-detection",
    "grounding#tbl-grounding": "grounding#results-grounding",
    "grounding#tbl-lead-ris-rn50": "grounding#tbl-lead-ris-rn101",
    "grounding#tbl-leads-grounding": "grounding#results-grounding",
    "grounding#tbl-sota-boxes": "grounding#tbl-sorec",
    "grounding#tbl-subareas-grounding": "grounding#grounding",
    "grounding#the-wider-field": "grounding#sec-field-grounding",
    "grounding#three-papers-of-the-wider-field-to-read-first": "grounding#what-to-read-first",
    "grounding#what-fine-tuning-free-means": "grounding#sec-grounding-finetuning-free",
    "grounding#what-has-to-be-supplied": "grounding#grounding",
    "grounding#what-is-not-known": "grounding#grounding-open",
    "grounding#what-to-take-away": "grounding#results-grounding",
    "language#prompts-cheap-unstable-limited": "why#why-prompts",
    "language#low-rank-updates-and-the-distance-to-full-fine-tuning": "why#why-diagnoses",
    **{f"taxonomy#{family}": f"modules#family-{family}" for family in FAMILIES},
    "taxonomy#families-of-parameter-efficient-fine-tuning": "modules#taxonomy",
    "taxonomy#the-families-at-a-glance": "modules#family-choice",
    "taxonomy#choosing-among-families": "modules#family-choice",
    "taxonomy#what-the-taxonomy-does-not-settle": "modules#family-choice",
    "taxonomy#fig-attachment": "modules#fig-modules",
    "taxonomy#what-is-trained-and-where": "method#method-families",
    "taxonomy#the-tree": "method#method-families",
    "taxonomy#python3": "modules#taxonomy",
    "vision#three-papers-of-the-wider-field-to-read-first": "vision#results-vision",
    "vision#what-to-take-away": "vision#results-vision",
    "vision#what-to-read-first": "vision#results-vision",
    "vision#comparable-results": "vision#results-vision",
    "vision#generators": "generation#generation",
    "vision#sec-field-vision": "vision#vision",
    "vision#the-wider-field": "vision#vision",
    "vision#the-papers-discussed-in-detail": "vision#vision-recognition",
    "vision#what-separates-the-methods": "vision#vision-recognition",
    "vision#tbl-vision": "vision#vision-recognition",
    "vision#tbl-subareas-vision": "field#coverage",
    "multimodal#multimodal-large-language-models": "multimodal#multimodal",
    "multimodal#how-little-suffices": "multimodal#multimodal-stages",
    "multimodal#how-tasks-conflict": "instruction#instruction-conflict",
    "multimodal#tbl-leads-multimodal": "multimodal#results-multimodal",
    "multimodal#tbl-subareas-multimodal": "multimodal#multimodal",
    "multimodal#the-tasks": "multimodal#multimodal",
    "multimodal#what-an-image-costs": "multimodal#multimodal-tokens",
    "multimodal#what-is-forgotten": "instruction#instruction-forgetting",
    "multimodal#what-is-trained": "multimodal#multimodal-scripts",
    "multimodal#what-may-be-compared": "multimodal#results-multimodal",
}
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


def test_a_moved_anchor_keeps_its_name_or_is_known_by_another():
    assert {f"{page}#{anchor}": place for page, anchor, place in PLACES if place.partition("#")[2] != anchor} == RENAMED


def test_every_place_that_the_edition_before_had_is_there_or_has_moved():
    edition, *published = KEPT.read_text(encoding="utf-8").splitlines()
    before = edition_before(ROOT, the_survey().edition.version)
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
