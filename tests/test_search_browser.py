"""The search in headless Chromium, opened from disk with the network off: what is found first, and how the box is used."""

import gzip
import json
from urllib.parse import quote_plus

import pytest
from conftest import PHONE, offline
from every import each
from playwright.sync_api import expect

from peft_vlm_survey.data import the_survey

pytestmark = pytest.mark.built
FIRST = {
    "MaPLe": "papers/khattak2023maple.html",
    "SAMed": "papers/zhang2023samed.html",
    "IQA-Adapter": "papers/abud2025iqaadapter.html",
    "iqa adapter": "papers/abud2025iqaadapter.html",
    "RefCOCOg": "datasets/refcocog.html",
    "提示学习": "glossary.html#term-prompt-learning",
    "memory of LST": "papers/sung2022lst.html",
    "SAM 2": "references.html#ref-ravi2025sam2",
    "visual prompt tuning": "papers/jia2022vpt.html",
    "low-rank adaptation of large language models": "papers/hu2022lora.html",
    "Multi-modal prompt learning": "papers/khattak2023maple.html",
    "CoOp vs CoCoOp": "papers/zhou2022coop.html",
    "Grounding DINO": "references.html#ref-liu2024groundingdino",
    "sung2022vladapter": "papers/sung2022vladapter.html",
}


def asked(page, site, words):
    """Return where the results of a query lead, in order; the page is opened for the first query, and typed into then."""
    address, said = (site / "search.html").as_uri(), page.locator(".search-said")
    if page.url.partition("?")[0] == address:
        said.evaluate("said => { said.textContent = ''; }")
        page.locator(".search-page input").fill(words)
        page.locator(".search-page input").press("Enter")
    else:
        page.goto(f"{address}?q={quote_plus(words)}")
    expect(said).not_to_be_empty()
    return [
        address.removeprefix("./")
        for address in page.locator(".search-found a").evaluate_all(
            "links => links.map((link) => link.getAttribute('href'))"
        )
    ]


def counted(page):
    return page.locator(".search-said").inner_text()


@each("words", FIRST)
def test_what_was_meant_stands_first(words, page, site):
    assert asked(page, site, words)[0] == FIRST[words]


# Where three letters of a word stand nowhere, the word does not: each name is looked for where the rarest of them stand.
_FIRST_OF = """named => {
    const { queryOf, readTexts, readChapters, search } = survey;
    const all = [...readTexts(survey.data.texts), ...readChapters(survey.data.chapters)];
    search(all, queryOf(named[0], all)); // which lays out what is searched
    const threes = (text) => new Set(Array.from({ length: Math.max(0, text.length - 2) }, (_, at) => text.slice(at, at + 3)));
    const holding = new Map();
    for (const one of all) {
        for (const three of threes(one.folded.all)) {
            holding.has(three) ? holding.get(three).push(one) : holding.set(three, [one]);
        }
    }
    return named.map(name => {
        const query = queryOf(name, all);
        const lists = query.words.flatMap(({ beginning }) => [...threes(beginning)].map(three => holding.get(three) ?? []));
        const few = lists.reduce((least, list) => list.length < least.length ? list : least, all);
        return search(few, query).slice(0, 10).map(found => found.address);
    });
}"""


def test_every_paper_is_among_the_first_ten_by_its_name(page, site):
    asked(page, site, "LoRA")
    papers = [paper for paper in the_survey().papers if paper.name]
    found = page.evaluate(_FIRST_OF, [paper.name for paper in papers])
    missed = [paper.name for paper, first in zip(papers, found, strict=True) if f"papers/{paper.key}.html" not in first]
    assert len(papers) > 1000 and missed == []


def test_a_name_is_not_reduced_to_a_stem(page, site):
    asked(page, site, "SAMed")
    marks = {mark.inner_text().lower() for mark in page.locator(".search-found mark").all()}
    assert marks and all(mark.startswith("samed") for mark in marks)


SPELLINGS = [
    ("generalise", "generalize"),
    ("optimiser", "optimizer"),
    ("behaviour", "behavior"),
    ("modelling", "modeling"),
    ("low-rank", "low rank"),
    ("data set", "dataset"),
    ("fine-tuning", "finetuning"),
    ("zero-shot", "zero shot"),
    ("SAM 2", "sam2"),
]


@each("one, other", SPELLINGS)
def test_two_spellings_of_one_word_find_the_same(one, other, page, site):
    found = asked(page, site, one)
    assert found and counted(page)
    said = counted(page)
    # Of equally good hits the first are shown, and which those are may depend on the spelling of a title.
    assert asked(page, site, other) and counted(page) == said


# Of texts without the beginning of a word none is held against its patterns: none of them may meet it.
_PASSED_OVER = """words => {
    const { queryOf, readTexts } = survey;
    const all = readTexts(survey.data.texts);
    const texts = all.flatMap(({ folded }) => [...folded.names, folded.title, folded.text]);
    return words.flatMap(said => queryOf(said, all).words.flatMap(({ beginning, whole, begins, stem }) => {
        const over = texts.filter(text => !text.includes(beginning));
        return over.filter(text => [whole, begins, stem].some(pattern => pattern?.test(text))).map(text => [said, text]);
    }));
}"""


def test_nothing_is_passed_over_that_a_word_would_meet(page, site):
    asked(page, site, "LoRA")
    others = [
        "analogue",
        "grey",
        "centred",
        "learned prompts",
        "multi-tasking",
        "programmes",
        "judgement",
        "c++",
        "65.9",
    ]
    assert page.evaluate(_PASSED_OVER, [*(word for pair in SPELLINGS for word in pair), *others]) == []


def test_a_printed_number_leads_to_its_place(page, site):
    found = asked(page, site, "65.15")
    held = {number.anchor: number for number in the_survey().results if number.value == "65.15"}
    numbers = [address for address in found if "#r-" in address]
    assert {address.partition("#")[2] for address in numbers} == set(held)
    assert all(
        address.startswith(f"benchmarks/{held[address.partition('#')[2]].benchmark}.html") for address in numbers
    )
    page.locator(".search-found a").first.click()
    page.wait_for_url("**/benchmarks/*.html#r-*")
    expect(page.locator(f'[id="{page.url.partition("#")[2]}"]')).to_have_count(1)


def test_a_decimal_number_is_found_however_many_zeros_it_ends_in(page, site):
    assert asked(page, site, "66.5") and counted(page)
    said = counted(page)
    assert asked(page, site, "66.50") and counted(page) == said


def test_a_number_is_no_part_of_another(page, site):
    found = asked(page, site, "5.15")
    anchors = {number.anchor: number.value for number in (*the_survey().results, *the_survey().measurements)}
    values = {anchors[address.partition("#")[2]] for address in found if "#r-" in address}
    assert all(float(value) == 5.15 for value in values)


def test_an_excerpt_holds_the_word_that_was_asked_for(page, site):
    asked(page, site, "hypernetwork")
    for item in page.locator(".search-found li").all()[:10]:
        assert "hypernetwork" in item.inner_text().lower()
        assert item.locator("mark").count()


def test_a_chinese_summary_is_found_and_marked_as_chinese(page, site):
    assert any(address.startswith("papers/") for address in asked(page, site, "提示学习"))
    assert page.locator('.search-excerpt[lang="zh"] mark').count()


def test_an_address_asks_what_is_typed_otherwise(page, new_page, site):
    asked(page, site, "LoRA")
    for words in ("提示学习", "memory of LST"):
        assert asked(page, site, words) == asked(new_page, site, words) != []
        new_page.goto("about:blank")
    page.locator(".search-page input").fill("LoRA")  # and it is answered before Enter is pressed
    expect(page.locator(".search-found a").first).to_have_attribute("href", "./papers/hu2022lora.html")


def test_what_stands_nowhere_is_said(page, site):
    assert asked(page, site, "xyzzyx plugh plover") == []
    assert "Nothing in the book" in counted(page)


def test_where_nothing_holds_all_words_what_holds_all_but_one_is_shown(page, site):
    assert asked(page, site, "MaPLe xyzzyx")[0] == FIRST["MaPLe"]
    assert "all of these words" in counted(page) and "all but one" in counted(page)
    page.get_by_role("button", name="chapters").click()
    assert "all but one" in counted(page)
    assert asked(page, site, "MaPLe xyzzyx plugh")[0] == FIRST["MaPLe"] and "1 of 3" in counted(page)


def test_papers_are_found_by_venue_and_year_and_by_the_short_name_of_their_task(page, site):
    survey = the_survey()
    years = {f"papers/{key}.html": reference.year for key, reference in survey.references.items()}
    tasks = {f"papers/{paper.key}.html": paper.task for paper in survey.papers}
    for words in ("VQA 2025", "visual question answering CVPR 2025"):
        first = asked(page, site, words)[:5]
        assert [years.get(address) for address in first] == [2025] * 5
        assert any("visual question answering" in tasks[address] for address in first)


@each("between", ["vs", "versus", "best difference between"])
def test_what_only_sets_names_against_each_other_is_not_looked_for(between, page, site):
    assert asked(page, site, "CoCoOp CoOp")
    said = counted(page)
    assert asked(page, site, f"CoCoOp {between} CoOp") and counted(page) == said


def test_the_kinds_narrow_the_results(page, site):
    asked(page, site, "low-rank")
    page.get_by_role("button", name="terms").click()
    kinds = page.locator(".search-found .search-kind").all_inner_texts()
    assert kinds and all(kind.startswith("Term") for kind in kinds)
    expect(page.get_by_role("button", name="terms")).to_have_attribute("aria-pressed", "true")


def test_more_results_are_shown_on_request(page, site):
    before = asked(page, site, "low-rank")
    page.get_by_role("button", name="more of").click()
    expect(page.locator(".search-found li")).to_have_count(2 * len(before))


def test_every_place_of_a_name_that_the_box_completes_is_there(site, read_page):
    script = (site / "_static" / "search-names.js").read_text(encoding="utf-8")
    held = json.loads(script.partition("=")[2].rstrip().rstrip(";"))
    pages = {kind: {key for _, k, key, _ in held["names"] if held["kinds"][k] == kind} for kind in held["kinds"]}
    assert all((site / "papers" / f"{key}.html").is_file() for key in pages["paper"])
    assert all((site / "datasets" / f"{key}.html").is_file() for key in pages["dataset"])
    for kind, chapter in (("term", "glossary"), ("work", "references")):
        assert pages[kind] and pages[kind] <= {element["id"] for element in read_page(chapter).select("[id]")}


def test_the_box_completes_a_name_and_the_keyboard_follows_it(page, site):
    page.goto((site / "papers" / "sung2022lst.html").as_uri())
    page.keyboard.press("Control+k")
    box = page.locator("#pst-search-dialog").get_by_role("combobox")
    expect(box).to_be_focused()
    page.keyboard.type("promptsr")
    expect(page.get_by_role("option").first).to_contain_text("PromptSRC")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url("**/papers/*.html")
    expect(page.locator("h1")).to_contain_text("Self-regulating Prompts")


def test_the_box_of_the_first_page_completes_as_well(page, site):
    page.goto((site / "index.html").as_uri())
    box = page.locator("form.start-search").get_by_role("combobox")
    box.fill("iqaada")
    expect(page.get_by_role("option").first).to_contain_text("IQA-Adapter")
    page.get_by_role("option").first.click()
    page.wait_for_url("**/papers/abud2025iqaadapter.html")


def test_the_box_completes_a_title_and_names_the_best_known_first(page, site):
    page.goto((site / "index.html").as_uri())
    box = page.locator("form.start-search").get_by_role("combobox")
    box.fill("learning to prompt for vision")
    expect(page.get_by_role("option").first).to_contain_text("CoOp")
    box.fill("co")
    expect(page.get_by_role("option").first).to_contain_text("CoOp")


def test_the_names_close_again(page, site):
    page.goto((site / "index.html").as_uri())
    box = page.locator("form.start-search").get_by_role("combobox")
    box.fill("lora")
    expect(page.get_by_role("listbox")).to_be_visible()
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)


def test_enter_without_a_choice_leads_to_the_search_page(page, site):
    page.goto((site / "index.html").as_uri())
    page.locator(".search-button__button:visible").first.click()
    page.locator("#pst-search-dialog").get_by_role("combobox").fill("ladder side")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=ladder*")
    expect(page.locator(".search-found a").first).to_be_visible()


WITHOUT_SCRIPTS = {
    "all papers": "catalogue",
    "all data sets": "benchmarks",
    "the glossary": "glossary",
    "all references": "references",
}


def test_without_scripts_the_search_page_leads_on(page_without_scripts, site):
    page_without_scripts.goto((site / "search.html").as_uri())
    article = page_without_scripts.locator(".bd-article")
    for name, chapter in WITHOUT_SCRIPTS.items():
        link = article.get_by_role("link", name=name)
        expect(link).to_be_visible()
        expect(link).to_have_attribute("href", f"{chapter}.html")
    expect(page_without_scripts.locator(".search-page")).to_be_hidden()


def test_the_box_and_its_names_fit_a_phone(chromium, site):
    with offline(chromium, [], viewport=PHONE) as context:
        page = context.new_page()
        page.goto((site / "index.html").as_uri())
        page.locator(".search-button__button:visible").first.click()
        page.locator("#pst-search-dialog").get_by_role("combobox").fill("adapter")
        for box in (
            page.locator(".search-names:visible").bounding_box(),
            page.get_by_role("option").first.bounding_box(),
        ):
            assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]


def test_axe_finds_nothing_wrong_with_results_and_names(inspect, site):
    def results(page):
        asked(page, site, "low-rank")

    def names(page):
        page.goto((site / "index.html").as_uri())
        page.locator(".search-button__button:visible").first.click()
        page.locator("#pst-search-dialog").get_by_role("combobox").fill("adapter")
        expect(page.get_by_role("option").first).to_be_visible()
        page.keyboard.press("ArrowDown")

    assert inspect(results) == {} and inspect(names) == {}


def test_what_the_search_loads_is_light(site):
    def weight(name):
        return len(gzip.compress((site / "_static" / f"{name}.js").read_bytes(), 9))

    papers = len(the_survey().papers)
    assert weight("search-names") < 25 * papers
    assert weight("search-texts") < 200 * papers  # a title, its authors and a summary


@pytest.mark.parametrize(
    "name", ["searchindex.js", "_static/searchtools.js", "_static/language_data.js", "_static/sphinx_highlight.js"]
)
def test_nothing_of_sphinxs_own_search_is_in_the_site(name, site):
    assert not (site / name).exists()


def test_no_match_is_marked_on_the_page_that_a_result_leads_to(page, site):
    asked(page, site, "hypernetwork")
    page.locator(".search-found a").first.click()
    page.wait_for_url(lambda address: "/search.html" not in address)
    assert page.get_by_text("Hide Search Matches").count() == 0 and page.locator("span.highlighted").count() == 0
