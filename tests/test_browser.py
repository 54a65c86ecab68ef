"""The built site in headless Chromium, opened from disk with the network off."""

import re
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from conftest import DESKTOP, PHONE, SEEN, SIZES, offline
from contents import CHAPTERS, START
from every import each
from PIL import Image
from playwright.sync_api import Page, expect
from test_search_browser import asked
from test_tables_browser import seen, tables_of

from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.downloads import paper_bib
from peft_vlm_survey.show.drawing import SMALL_LETTERS


@cache
def the_core():
    return {paper.key: paper for paper in the_survey().papers if paper.depth == "core"}


PAGES = [START, *CHAPTERS, "search"]
READ = {START, *CHAPTERS} - {"references", "catalogue"}  # these two are looked up
MOST_SCREENS = 25  # of a chapter
THEMES = ["light", "dark"]
TEX = re.compile(r"\\[(\[]|\\[)\]]|\$\$|\\(?:frac|mathrm|begin|sum|in|theta|phi)\b")

# What a screen alone can use, by page.
NOT_PRINTED = {
    "grounding": (".shown-code", ".table-filter", ".table-export"),
    "costs": (".figure-files", ".fold > summary"),
    "fit": (".calculator-form", ".calculator-link"),
    "choose": (".choose-form", ".choose-tools button"),
    "compare": (".compare-form",),
    "catalogue": (".explorer-search", ".explorer-facets", ".explorer-more"),
    "datasets/vtab-1k": (".dataset-filter", ".page-parts"),
}

pytestmark = pytest.mark.built
each_page = pytest.mark.parametrize("name", [*PAGES, "licences", "catalogue/qa", "splits/grounding"])
each_theme = pytest.mark.parametrize("theme", THEMES)
each_size = pytest.mark.parametrize("size", SIZES)
each_paper = each("key", the_core)
each_discussing = each("category", lambda: dict.fromkeys(paper.category for paper in the_core().values()))


_SHOWN = """() => ({
    theme: document.documentElement.dataset.theme,
    formulas: document.querySelectorAll(".math").length,
    rendered: [...document.querySelectorAll(".math mjx-container")].filter(
        formula => formula.getClientRects().length && formula.offsetWidth > 0).length,
    hidden: [...document.querySelectorAll(".math")].filter(formula => !formula.offsetParent).length,
    text: document.body.innerText,
    width: innerWidth,
    height: document.body.scrollHeight,
})"""


def section(page: Page, key: str) -> Any:
    """Return a paper's section of the chapter that is open."""
    return page.locator(f'section:has(> [id="sec-{key}"]), section[id="sec-{key}"]')


def core_of(category: str) -> list[str]:
    """Return the papers that a chapter discusses, of which there must be some."""
    keys = [key for key, paper in the_core().items() if paper.category == category]
    assert keys
    return keys


def entry(key: str) -> str:
    return paper_bib(the_survey(), key).strip()


@pytest.mark.parametrize("name", [*PAGES, "licences", "catalogue/qa", "splits/grounding", "zh/index", "zh/search"])
def test_a_page_is_accessible_fits_every_screen_is_no_longer_than_allowed_makes_no_error_and_renders_its_formulas(
    name, inspect, site
):
    facts_of = {}

    def show(page: Page) -> None:
        page.goto((site / f"{name}.html").as_uri())
        page.evaluate("() => window.MathJax?.startup?.promise")

    def ask(page: Page) -> None:
        facts = page.evaluate(_SHOWN)
        facts_of[facts["theme"], "desktop" if facts["width"] == DESKTOP["width"] else "phone"] = facts

    assert inspect(show, ask=ask) == {}
    assert sorted(facts_of) == sorted(SEEN)
    assert [facts["rendered"] for facts in facts_of.values()] == [
        facts["formulas"] - facts["hidden"] for facts in facts_of.values()
    ]
    facts = facts_of["light", "desktop"]
    assert TEX.findall(facts["text"]) == []
    if name in READ:
        assert facts["height"] <= MOST_SCREENS * DESKTOP["height"]


@each_paper
def test_the_search_finds_the_page_of_a_paper_first_by_its_name(key, page, site):
    paper = the_core()[key]
    first = asked(page, site, paper.name)[0]
    # Two papers may have one name.
    named = [other.key for other in the_survey().papers if other.name == paper.name]
    assert first.removeprefix("papers/").removesuffix(".html") in named


@each_page
def test_without_scripts_contents_and_tables_stand_whole_and_no_tool_is_shown(
    name, page_without_scripts, site, read_page
):
    page = page_without_scripts
    tables = tables_of(page, site, name)
    if "/" in name:  # the navigation of a page that is made of data comes as a script
        expect(page.locator("#pst-primary-sidebar").get_by_role("link", name="All chapters")).to_have_count(1)
    else:
        # Those of the supplement are folded.
        expect(page.locator('nav[aria-label="Main"] a')).to_have_count(len(PAGES) - 2)
    expect(page.locator(".table-sort, .table-filter, .table-export")).to_have_count(0)
    for table, source in zip(tables, read_page(name).select("table.survey"), strict=True):
        assert len(seen(table)) == len(source.select("tr"))


@pytest.mark.parametrize("name", NOT_PRINTED)
def test_on_paper_nothing_is_shown_that_only_a_screen_can_use(name, page, site):
    page.goto(f"{(site / name).as_uri()}.html")
    for tool in NOT_PRINTED[name]:
        expect(page.locator(tool).filter(visible=True).first).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(", ".join(NOT_PRINTED[name])).filter(visible=True)).to_have_count(0)


def test_the_theme_button_goes_through_light_and_dark(page, site):
    page.goto((site / "index.html").as_uri())
    button = page.locator(".theme-switch-button:visible").first
    themes = [page.locator("html").get_attribute("data-theme")]
    for _ in range(3):
        button.click()
        themes.append(page.locator("html").get_attribute("data-theme"))
    assert set(themes) == {"light", "dark"}


def test_the_chosen_theme_is_kept_on_the_next_page(page, site):
    page.goto((site / "index.html").as_uri())
    page.locator(".theme-switch-button:visible").first.click()
    chosen = page.locator("html").get_attribute("data-mode")
    page.locator("a[href='vision.html']").first.evaluate(
        "link => link.click()"
    )  # as a reader leaves: what was kept is there
    page.wait_for_url("**/vision.html")
    assert page.locator("html").get_attribute("data-mode") == chosen


def tops(page, choice):
    """Return where each element of a choice begins, in pixels from above."""
    return page.locator(choice).evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_search_tools_and_the_idea_begin_in_the_first_screen(scheme, chromium, site):
    with offline(chromium, [], viewport=DESKTOP, color_scheme=scheme) as context:
        page = context.new_page()
        page.goto((site / "index.html").as_uri())
        begin = [*tops(page, "h1, .start-search, .tool, .at-a-glance"), tops(page, "figure")[0]]
        assert len(begin) >= 2 + 4 + 1 + 1
        assert max(begin) < DESKTOP["height"] - 100  # a line or two of each is seen, not its edge


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_search_and_tools_begin_in_the_first_screen_of_a_phone(scheme, chromium, site):
    with offline(chromium, [], viewport=PHONE, color_scheme=scheme) as context:
        page = context.new_page()
        page.goto((site / "index.html").as_uri())
        begin = tops(page, ".start-search, .tool, .at-a-glance")
        assert max(begin) < PHONE["height"] - 60
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_on_a_phone_the_newest_papers_begin_in_the_first_screen(chromium, site):
    with offline(chromium, [], viewport=PHONE) as context:
        page = context.new_page()
        page.goto((site / "new.html").as_uri())
        _, second, *_ = tops(page, "#newest-papers li")
        assert second < PHONE["height"] - 60


def test_on_a_phone_the_contents_open_from_their_button(chromium, site):
    with offline(chromium, [], viewport=PHONE) as context:
        page = context.new_page()
        page.goto((site / "index.html").as_uri())
        page.locator("button.primary-toggle:visible").first.click()
        expect(page.get_by_role("link", name=re.compile("Grounding")).first).to_be_visible()


def test_a_wide_table_scrolls_inside_itself_on_a_phone(chromium, site):
    with offline(chromium, [], viewport=PHONE) as context:
        page = context.new_page()
        page.goto((site / "vision.html").as_uri())
        table = page.locator("table.survey, .survey table").first
        box = table.evaluate("table => { const b = table.parentElement; return getComputedStyle(b).overflowX }")
    assert box in ("auto", "scroll")


@each_theme
def test_a_wide_figure_shows_on_a_phone_where_it_goes_on(theme, chromium, site):
    with offline(chromium, [], viewport=PHONE, color_scheme=theme) as context:
        page = context.new_page()
        page.goto((site / "field.html").as_uri())
        figure = page.locator(".bd-article figure").first
        assert edges(figure) == (False, True)
        figure.evaluate("figure => { figure.scrollLeft = 50 }")
        assert edges(figure) == (True, True)
        figure.evaluate("figure => { figure.scrollLeft = figure.scrollWidth }")
        assert edges(figure) == (True, False)


LEAST_LETTER = 11  # pixels
_SCALES = """selector => [...document.querySelectorAll(selector)].filter(drawn => drawn.getClientRects().length).map(drawn => {
    const { left, right, width } = drawn.getBoundingClientRect();
    const letters = [...drawn.querySelectorAll("text")].filter(text => text.getClientRects().length).map(text => {
        const { a, b } = text.getScreenCTM();
        return parseFloat(getComputedStyle(text).fontSize) * Math.hypot(a, b);
    });
    return { scale: width / (drawn.naturalWidth || 1), letter: Math.min(...letters), whole: left >= 0 && right <= innerWidth };
})"""


@each_theme
def test_no_letter_of_a_drawing_is_too_small_on_a_phone_and_what_goes_on_shows_it(theme, chromium, site):
    sizes = [
        float(size)
        for path in (ROOT / "peft_vlm_survey" / "show").glob("*.py")
        for size in re.findall(r"fontsize=([0-9.]+)", path.read_text(encoding="utf-8"))
    ]
    points = {"figure.drawing > img": SMALL_LETTERS, "figure:not(.drawing) > img": min(sizes)}
    with offline(chromium, [], viewport=PHONE, color_scheme=theme) as context:
        page = context.new_page()
        for name in ("segmentation", "papers/sung2022lst", "field"):
            page.goto((site / f"{name}.html").as_uri())
            page.wait_for_function("[...document.images].every(image => image.complete)")
            for selector, size in points.items():
                for drawn in page.evaluate(_SCALES, f".bd-article {selector}"):
                    assert drawn["scale"] * size * 4 / 3 >= LEAST_LETTER, (name, selector)
                    assert drawn["whole"] or ".drawing >" not in selector
            assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        for name, selector in (
            ("papers/koleilat2025biomedcoop", "svg.schematic"),
            ("datasets/base-to-novel", "svg.scatter"),
        ):
            page.goto((site / f"{name}.html").as_uri())
            drawn = page.evaluate(_SCALES, selector)
            assert drawn and all(one["letter"] >= LEAST_LETTER for one in drawn)
            assert edges(page.locator("figure", has=page.locator(selector)).first) == (False, True)
            assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@each_theme
def test_what_does_not_scroll_shows_no_edge(theme, chromium, site):
    with offline(chromium, [], viewport=DESKTOP, color_scheme=theme) as context:
        page = context.new_page()
        page.goto((site / "field.html").as_uri())
        assert edges(page.locator(".bd-article figure").first) == (False, False)


def edges(box: Any) -> tuple[bool, bool]:
    """Return whether the lowest line of a box is shaded at its left and at its right end."""
    with Image.open(BytesIO(box.screenshot())) as shot:
        line = [shot.convert("L").getpixel((x, shot.height - 4)) for x in (2, shot.width // 2, shot.width - 3)]
    return abs(line[0] - line[1]) > 20, abs(line[2] - line[1]) > 20


@each_size
def test_the_words_of_a_search_stand_beside_the_magnifier(size, chromium, site):
    with offline(chromium, [], viewport=SIZES[size]) as context:
        page = context.new_page()
        page.goto(f"{(site / 'search.html').as_uri()}?q=adapter")
        field = page.locator(".bd-article-container .bd-search input, .bd-search-container .bd-search input").first
        magnifier = page.locator(".bd-search .fa-magnifying-glass").filter(visible=True).first.bounding_box()
        padding = field.evaluate("field => parseFloat(getComputedStyle(field).paddingLeft)")
        assert field.bounding_box()["x"] + padding > magnifier["x"] + magnifier["width"]


def test_the_corrections_fit_their_column_and_keep_a_date_in_one_line(page, site):
    page.goto((site / "new.html").as_uri())
    table = page.locator("table.corrections")
    page.locator("details.fold", has=table).locator("> summary").click()
    needed, given = table.evaluate("table => [table.scrollWidth, table.parentElement.clientWidth]")
    assert needed <= given
    lines = table.locator("tbody td:first-child p").evaluate_all(
        "dates => dates.map(date => date.getBoundingClientRect().height / parseFloat(getComputedStyle(date).fontSize))"
    )
    assert lines
    assert max(lines) < 2


def test_nothing_is_asked_of_another_host_while_the_book_is_used(chromium, site):
    asked: list[str] = []
    with offline(chromium, asked, viewport=DESKTOP) as context:
        page = context.new_page()
        page.goto((site / "index.html").as_uri())
        page.locator(".search-button__button:visible").first.click()
        page.locator("#pst-search-dialog input[type=search]").fill("adapter")
        page.keyboard.press("Enter")
        expect(page.locator(".search-found a").first).to_be_visible()
    assert asked == []
