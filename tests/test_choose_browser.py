"""The chooser in headless Chromium: its answers against those of Python, its links, its keyboard, its readability."""

import json
import random
import re
from functools import cache
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import expect

from peft_vlm_survey.choose import choose, facts_of, read_question
from peft_vlm_survey.costs import CostError
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.read.tasks import TASKS


@cache
def the_facts():
    return facts_of(the_survey())


@cache
def the_options():
    return {
        "category": ["", "", *the_facts()["categories"]],
        "task": ["", "", "", *the_facts()["homes"], *the_facts()["homes"], *TASKS],
        "backbone": ["", *the_facts()["backbones"]],
        "max-trainable": ["", "", "1%", "0.05%", "5 %", "400000", "0.01M", "12k", ".5%", "1e6", "0"],
        "max-stored": ["", "", "1MB", "10kB", "200000", "20MB", "5TB"],
        "max-memory": ["", "", "0.5", "30%", ".7", "0.1", "2"],
        "no-slower": ["", "yes"],
        "tasks": ["", "1", "3", "7", "100", "0"],
        "data": ["", "few", "full"],
    }


WORDS = {"category": "vision", "backbone": "vit-b16", "max-trainable": "0.5%", "no-slower": "yes"}
# What the script answers, without the page around it.
ASK = """questions => questions.map(words => {
    try { return choose(readChoice(words, surveyChoose), surveyChoose); }
    catch (error) { if (error instanceof ChooseError) return error.message; throw error; } })"""

pytestmark = pytest.mark.built


def answered(words):
    """Return Python's answer as JSON gives it, or the message of its error."""
    try:
        return json.loads(json.dumps(choose(read_question(words, the_facts()), the_facts())))
    except CostError as error:
        return error.message


def visit(page, site, words=None):
    """Open the page anew, in a state."""
    page.goto("about:blank")
    page.goto((site / "choose.html").as_uri() + (f"#{urlencode(words)}" if words else ""))
    expect(page.locator(".choose")).to_be_visible()


def shown(page):
    return page.eval_on_selector_all(".choose-methods > li", "items => items.map(item => item.dataset.method)")


def methods(words):
    return [found["method"] for found in answered(words)["methods"]]


def test_the_script_answers_as_python_does(page, site):
    chance = random.Random(6)  # noqa: S311 - the same questions every time
    asked = [{name: chance.choice(values) for name, values in the_options().items()} for _ in range(500)]
    expected = [answered(words) for words in asked]
    assert sum(isinstance(one, dict) for one in expected) > 150
    visit(page, site)
    for start in range(0, len(asked), 50):
        said = page.evaluate(ASK, asked[start : start + 50])
        for words, mine, theirs in zip(asked[start:], expected[start : start + 50], said, strict=False):
            assert theirs == mine, words


def test_numbers_are_written_as_python_writes_them(page, site):
    from peft_vlm_survey.choose.words import fixed, short, signed

    chance = random.Random(7)  # noqa: S311
    numbers = [0, 0.0625, 0.5, 1, 999.5, 1000, 123456.5, *(10 ** chance.uniform(-9, 12) for _ in range(500))]
    visit(page, site)
    said = page.evaluate("numbers => numbers.map(n => [fixed(n, 0), fixed(n, 2), short(n, 4), signed(-n)])", numbers)
    assert said == [[fixed(n, 0), fixed(n, 2), short(n, 4), signed(-n)] for n in numbers]


def test_a_reader_fills_in_the_form_and_sees_the_methods_in_order(page, site):
    visit(page, site)
    page.get_by_label("Category").select_option("vision")
    page.get_by_label("Backbone", exact=True).select_option("vit-b16")
    page.get_by_label("Trained a task, at most").fill("0.5%")
    page.get_by_label("Inference must not get slower").check()
    assert shown(page) == methods(WORDS)
    answer = answered(WORDS)
    kept, gone = len(answer["methods"]), len(answer["left_out"])
    expect(page.locator(".choose-status")).to_have_text(f"Methods that keep every limit: {kept}. Left out: {gone}.")
    first = page.locator(".choose-methods > li").first
    for text in (*answer["methods"][0]["reasons"], *answer["methods"][0]["not_established"]):
        expect(first).to_contain_text(text)
    expect(page.locator(".choose-left-out li")).to_have_count(gone)


def test_the_address_holds_the_question_and_brings_it_back(page, site):
    visit(page, site)
    page.get_by_label("Category").select_option("vision")
    page.get_by_label("Trained a task, at most").fill("0.5%")
    page.wait_for_function("location.hash.includes('max-trainable')")
    assert re.search(r"#category=vision&max-trainable=0.5%25$", page.url)
    visit(page, site, WORDS)
    assert shown(page) == methods(WORDS)
    assert page.get_by_label("Backbone", exact=True).input_value() == "vit-b16"
    assert page.get_by_label("Inference must not get slower").is_checked()
    page.get_by_role("button", name="Clear all").click()
    assert shown(page) == []
    page.wait_for_function("!location.hash")


def test_an_impossible_limit_is_said_at_its_field_and_answers_nothing(page, site):
    visit(page, site, {"category": "vision"})
    field = page.get_by_label("Training memory, at most")
    field.fill("8GB")
    with pytest.raises(CostError) as error:
        read_question({"max-memory": "8GB"}, the_facts())
    expect(page.get_by_role("alert")).to_have_text(f"{error.value.message} {error.value.remedy}")
    assert field.get_attribute("aria-invalid") == "true"
    assert shown(page) == []
    field.fill("0.8")
    assert field.get_attribute("aria-invalid") is None
    assert shown(page) == methods({"category": "vision", "max-memory": "0.8"})


def test_the_page_asks_for_a_category_or_a_task_first(page, site):
    visit(page, site, {"max-memory": "0.8"})
    expect(page.locator(".choose-status")).to_have_text(
        "Choose a category or a task first: a score on one task says nothing of another."
    )
    assert shown(page) == []
    page.get_by_label("Category").select_option("vision")
    assert shown(page) == methods({"category": "vision", "max-memory": "0.8"})


def test_every_link_of_an_answer_leads_somewhere(page, site):
    ids = {}
    for words in (WORDS, {"category": "qa"}, {"category": "grounding"}, {"category": "language"}):
        visit(page, site, words)
        links = page.eval_on_selector_all(".choose-answer a", "links => links.map(link => link.getAttribute('href'))")
        assert links
        for link in {link for link in links if not link.startswith("https://")}:
            name, _, anchor = link.partition("#")
            if name not in ids:
                soup = BeautifulSoup((site / name).read_text(encoding="utf-8"), "html.parser")
                ids[name] = {tag["id"] for tag in soup.find_all(id=True)}
            assert not anchor or anchor in ids[name], link


def test_the_lines_that_run_a_method_stand_with_it(page, site):
    words = {"task": "image classification", "backbone": "vit-b16"}
    visit(page, site, words)
    lora = next(found for found in answered(words)["methods"] if found["method"] == "lora")
    lines = next(one["lines"] for one in lora["software"] if one["library"] == "peft")
    expect(page.locator('[data-method="lora"] pre').first).to_have_text("\n".join(lines))
    expect(page.locator('[data-method="lora"]')).to_contain_text("must be those of yours")


def test_the_chooser_works_by_keyboard(page, site):
    visit(page, site)
    page.get_by_label("Category").focus()
    page.keyboard.press("v")
    for _ in range(4):
        page.keyboard.press("Tab")
    page.keyboard.type("0.5%")
    for _ in range(4):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    words = {"category": "vision", "max-trainable": "0.5%", "no-slower": "yes"}
    assert shown(page) == methods(words)
    summary = page.locator(".choose-methods > li > details > summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator(".choose-methods > li > details").first.get_attribute("open") is None


def test_an_answer_has_no_violation_no_error_and_fits_the_window(inspect, site):
    def answer(page):
        visit(page, site, WORDS)
        page.evaluate("document.querySelectorAll('.choose details').forEach(one => { one.open = true; })")

    def refuse(page):
        answer(page)
        page.get_by_label("Training memory, at most").fill("8GB")

    assert inspect(answer, thoroughly=True) == {}
    assert inspect(refuse, thoroughly=True) == {}


def test_without_scripts_the_table_the_choices_and_the_rule_stand_there(page_without_scripts, site):
    page_without_scripts.goto((site / "choose.html").as_uri())
    expect(page_without_scripts.locator(".choose-place")).to_contain_text("answers typical questions")
    rows = page_without_scripts.locator("table#tbl-decisions tbody tr")
    assert rows.count() > 10
    text = page_without_scripts.locator("article").inner_text()
    for rule in the_facts()["rule"]:
        assert " ".join(rule.split()) in " ".join(text.split())
    assert "Not established:" in text


@pytest.mark.parametrize("name", ["index", "results", "catalogue", "choose"])
def test_only_the_page_of_the_chooser_loads_it(read_page, name):
    scripts = [script.get("src", "") for script in read_page(name).find_all("script")]
    styles = [link.get("href", "") for link in read_page(name).find_all("link")]
    assert any("/choose.js" in script for script in scripts) == (name == "choose")
    assert any("/choose.css" in style for style in styles) == (name == "choose")
