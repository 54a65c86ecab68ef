"""The pages of the papers and the cards of citations in headless Chromium, from disk with the network off."""

import re
from functools import cache

import pytest
from conftest import DESKTOP, PHONE, offline, violations
from every import each
from playwright.sync_api import expect
from test_papers_site import the_keys, the_sample
from test_search_browser import asked

from peft_vlm_survey.data import the_survey

pytestmark = pytest.mark.built


@cache
def the_background():
    return {work.key for work in the_survey().background}


CARD = ".citation-card"
MOST_SCREENS = 1  # a sentence and the heads of the folds


def citation(page, kind):
    """Return a citation of a catalogued paper or of a background work, in view."""
    start = {"catalogued": "papers/", "background": "references.html#"}[kind]
    link = page.locator(f'.bd-article p a.cite[href^="{start}"]').first
    link.scroll_into_view_if_needed()
    return link


def work_of(link):
    key = re.search(r"papers/([^/]+)\.html$|#ref-(.+)$", link.get_attribute("href"))
    return the_survey().references[key.group(1) or key.group(2)]


# All papers have one template; these three have most of its parts between them.
@each("field", ["numbers in its own tables", "no section", "a study"])
def test_a_papers_page_is_accessible(field, inspect, site):
    assert the_sample()[field]
    address = (site / "papers" / f"{the_sample()[field]}.html").as_uri()
    assert inspect(lambda page: page.goto(address), thoroughly=True) == {}


@each("key", the_keys)
def test_a_papers_page_fits_the_screen_and_makes_no_error(key, inspect, site):
    assert inspect(lambda page: page.goto((site / "papers" / f"{key}.html").as_uri()), rules=False) == {}


@pytest.mark.parametrize("format", ["BibTeX", "RIS"])
def test_the_buttons_copy_what_stands_in_the_blocks(format, page, open_page):
    open_page(f"papers/{the_sample()['a section']}")
    page.get_by_role("button", name=f"Copy {format}").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    shown = page.locator(f'#to-cite details:not([open]) [data-copy="{format}"] pre').text_content()
    assert page.evaluate("navigator.clipboard.readText()").strip() == shown.strip()


@each("key", the_keys)
def test_everything_stands_there_without_scripts(key, page_without_scripts, site):
    page_without_scripts.goto((site / "papers" / f"{key}.html").as_uri())
    page_without_scripts.locator("#to-cite summary").click()
    for format in ("BibTeX", "RIS"):
        expect(page_without_scripts.locator(f'[data-copy="{format}"] pre')).to_be_visible()
    expect(page_without_scripts.get_by_role("heading", level=1)).to_be_visible()
    expect(page_without_scripts.locator("#facts dl")).to_be_visible()


def test_the_address_of_a_number_is_seen_on_focus_and_leads_to_it(page, open_page):
    open_page(f"papers/{the_sample()['numbers in its own tables']}")
    page.locator("details.more-numbers > summary").first.click()
    link = page.locator(".number-link").first
    seen = "link => getComputedStyle(link, '::before').opacity"
    page.mouse.move(0, 0)
    assert link.evaluate(seen) == "0"
    link.focus()
    expect(link).to_be_focused()
    assert link.evaluate(seen) == "1"
    page.keyboard.press("Enter")
    expect(page.locator(".cell-number:target")).to_have_count(1)
    assert link.evaluate("link => link.closest('.cell-number').matches(':target')")


def test_a_number_of_another_table_leads_to_the_page_of_that_table(page, open_page):
    open_page("papers/jia2022vpt")
    page.locator("details.more-numbers > summary").last.click()
    link = page.locator("[id^='table-others-'] .number-link:not([href^='#'])").first
    value = link.locator("xpath=..").inner_text()
    link.click()
    expect(page).not_to_have_url(re.compile("jia2022vpt"))
    expect(page.locator(".cell-number:target")).to_have_text(re.compile(f"^{re.escape(value)}(Report an error)?$"))
    expect(page.locator(".cell-number:target")).to_be_in_viewport(ratio=1)


def test_on_a_phone_a_link_to_a_number_shows_the_number(chromium, site):
    with offline(chromium, [], viewport=PHONE) as context:
        page = context.new_page()
        page.goto((site / "papers" / "jia2022vpt.html").as_uri())
        address = page.locator("table.pivot .number-link[href^='#']").nth(25).get_attribute("href")
        page.goto("about:blank")
        page.goto((site / "papers" / "jia2022vpt.html").as_uri() + address)
        value = page.locator(".cell-number:target")
        expect(value).to_be_in_viewport(ratio=1)
        row = page.locator("tr", has=value)
        expect(row.get_by_role("rowheader")).to_be_in_viewport(ratio=1)  # it stays beside the number
        head, cell = row.get_by_role("rowheader").bounding_box(), value.bounding_box()
        assert head["x"] + head["width"] <= cell["x"] + 0.5


@pytest.mark.parametrize("key", ["hu2022lora", "jia2022vpt", "khattak2023maple", "zhou2022coop"])
def test_the_numbers_of_a_paper_that_many_compare_with_take_few_screens_until_a_fold_is_opened(key, page, open_page):
    open_page(f"papers/{key}")
    height = "numbers => numbers.getBoundingClientRect().height / innerHeight"
    assert page.locator("#numbers").evaluate(height) < MOST_SCREENS
    page.locator("#numbers details").evaluate_all("folds => folds.forEach((fold) => { fold.open = true; })")
    assert page.locator("#numbers").evaluate(height) > MOST_SCREENS


def test_an_address_within_what_others_print_opens_its_fold(page, open_page):
    open_page("papers/khattak2023maple")
    expect(page.locator("#table-of-spreads")).to_be_hidden()
    page.goto(page.url + "#table-of-spreads")
    expect(page.locator("#table-of-spreads")).to_be_in_viewport()


def test_on_paper_the_folds_of_numbers_stand_open_and_keep_their_sentences(page, open_page):
    open_page("papers/khattak2023maple")
    page.emulate_media(media="print")
    expect(page.locator("#table-of-spreads")).to_be_visible()
    expect(page.locator("#spread + details > summary")).to_be_visible()


def test_a_link_to_a_number_behind_a_fold_opens_it(page, open_page):
    open_page("papers/jia2022vpt")
    folded = page.locator("details.more-numbers .cell-number[id]")
    address = folded.first.get_attribute("id")
    open_page("index")
    page.goto(page.url.replace("index.html", f"papers/jia2022vpt.html#{address}"))
    expect(page.locator(f"#{address}")).to_be_in_viewport(ratio=1)


def test_a_task_leads_to_the_papers_of_that_task(page, open_page):
    open_page("papers/jia2022vpt")
    page.get_by_role("link", name="image classification", exact=True).click()
    chips = page.get_by_role("list", name="Chosen filters").get_by_role("button")
    expect(chips).to_have_count(1)
    expect(chips).to_contain_text("Image classification")


@pytest.mark.parametrize("kind", ["catalogued", "background"])
def test_a_pointer_on_a_citation_opens_its_card(kind, page, open_page):
    open_page("grounding")
    link = citation(page, kind)
    link.hover()
    expect(page.locator(CARD)).to_be_visible()
    expect(page.locator(f"{CARD} .card-title")).to_have_text(work_of(link).title_without_formulas)
    expect(page.locator(f"{CARD} .card-authors")).to_contain_text(work_of(link).authors[0])
    expect(page.locator(f"{CARD} .card-where")).to_contain_text(str(work_of(link).year))
    expect(link).to_have_attribute("aria-describedby", "citation-card")
    assert link.get_attribute("title") is None


@pytest.mark.parametrize("kind", ["catalogued", "background"])
def test_the_keyboard_opens_a_card_and_escape_closes_it(kind, page, open_page):
    open_page("grounding")
    link = citation(page, kind)
    page.keyboard.press("Tab")  # from here on the focus counts as the keyboard's
    link.focus()
    expect(page.locator(CARD)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(CARD)).to_be_hidden()
    expect(link).to_be_focused()
    expect(link).to_have_attribute("title", re.compile("."))
    assert link.get_attribute("aria-describedby") is None


def test_the_pointer_may_move_onto_the_card_and_leaving_closes_it(new_page, site):
    new_page.goto((site / "grounding.html").as_uri())
    citation(new_page, "catalogued").hover()
    card = new_page.locator(CARD)
    expect(card).to_be_visible()
    box = card.bounding_box()
    new_page.mouse.move(box["x"] + 20, box["y"] + 10)
    new_page.clock.install()
    new_page.clock.run_for(1000)
    expect(card).to_be_visible()
    new_page.mouse.move(2, 2)
    new_page.clock.run_for(1000)
    expect(card).to_be_hidden()


def test_a_card_lies_within_the_window(page, open_page):
    open_page("modules")
    for number in range(page.locator(".bd-article p a.cite").count()):
        if number % 7:
            continue
        link = page.locator(".bd-article p a.cite").nth(number)
        link.scroll_into_view_if_needed()
        page.keyboard.press("Tab")
        link.focus()
        expect(link).to_have_attribute("aria-describedby", "citation-card")  # it is the card of this one
        expect(page.locator(CARD)).to_be_visible()
        box = page.locator(CARD).bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= DESKTOP["width"]
        assert box["y"] >= 0 and box["y"] + box["height"] <= DESKTOP["height"]
        link.blur()
        expect(page.locator(CARD)).to_be_hidden()


def test_the_catalogue_is_loaded_once_and_only_for_a_card(new_page, site):
    loaded = []
    names = re.compile(r"/(?:catalogue|authors|works)\.js")
    new_page.on("request", lambda request: loaded.append(request.url) if names.search(request.url) else None)
    new_page.goto((site / "grounding.html").as_uri())
    assert loaded == []
    for kind in ("catalogued", "background"):
        citation(new_page, kind).hover()
        expect(new_page.locator(CARD)).to_be_visible()
        new_page.keyboard.press("Escape")
    assert len(loaded) == 3


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_open_card_is_accessible(theme, chromium, site):
    with offline(chromium, [], color_scheme=theme, viewport=DESKTOP) as context:
        page = context.new_page()
        page.goto((site / "grounding.html").as_uri())
        citation(page, "catalogued").hover()
        expect(page.locator(CARD)).to_be_visible()
        assert violations(page) == []


def test_a_finger_follows_the_link_and_opens_no_card(chromium, site):
    with offline(chromium, [], viewport=PHONE, has_touch=True, is_mobile=True) as context:
        page = context.new_page()
        page.goto((site / "grounding.html").as_uri())
        link = citation(page, "catalogued")
        address = link.get_attribute("href")
        assert page.evaluate("matchMedia('(any-hover: hover)').matches") is False
        link.tap()
        page.wait_for_url(f"**/{address}")
        assert page.locator(CARD).count() == 0


@pytest.mark.parametrize("script", ["catalogue", "authors", "works"])
def test_without_the_catalogue_the_plain_tooltip_stays(script, new_page, site):
    errors = []
    new_page.on("pageerror", lambda error: errors.append(str(error)))
    new_page.route(f"**/{script}.js*", lambda route: route.abort())
    new_page.goto((site / "grounding.html").as_uri())
    link = citation(new_page, "catalogued")
    with new_page.expect_event("requestfailed"):
        link.hover()
    expect(link).to_have_attribute("title", re.compile("."))
    assert (errors, new_page.locator(CARD).count()) == ([], 0)


@each("key", lambda: [the_sample()["a section"], the_sample()["no section"], the_sample()["other names"]])
def test_the_search_finds_a_page_by_title_name_alias_and_author(key, page, site):
    paper, reference = the_survey().paper(key), the_survey().references[key]
    for words in filter(None, [reference.title_without_formulas, paper.name, *paper.aliases[:1], reference.authors[0]]):
        asked(page, site, words)
        result = page.locator(f'.search-found a[href$="papers/{key}.html"]').first
        expect(result).to_be_visible()
        expect(result).to_contain_text(reference.title_without_formulas)


def test_the_search_finds_an_author_without_accents(page, site):
    key = next(
        paper.key
        for paper in the_survey().papers
        if any("Bałazy" in name for name in the_survey().references[paper.key].authors)
    )
    page.goto(f"{(site / 'search.html').as_uri()}?q=Balazy")
    expect(page.locator(f'.search-found a[href$="papers/{key}.html"]').first).to_be_visible()
