"""The chooser in headless Chromium, from disk and without a network: its answers, its address, its keyboard, its readability."""

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from peft_vlm_survey.choose import RULE, choose, read_question, words
from peft_vlm_survey.choose.question import SWITCHES
from peft_vlm_survey.data import the_survey

pytestmark = pytest.mark.built

ADDRESSED = ("task", "backbone", "data", "max-trainable", "max-stored", "max-memory", *SWITCHES)
ASKED = {"task": "CLIP base-to-novel recognition", "backbone": "openai/clip-vit-base-patch16", "licence": "yes"}


def visit(page, site, asked=None):
    """Open the page anew, in a state."""
    page.goto("about:blank")
    page.goto((site / "choose.html").as_uri() + (f"#{urlencode(asked)}" if asked else ""))
    expect(page.locator(".choose-methods")).to_be_visible()


def in_python(asked):
    return choose(read_question(asked, the_survey()), the_survey())


def test_the_reader_sees_what_python_says(page, site):
    visit(page, site, ASKED)
    found = in_python(ASKED)
    expect(page.locator(".choose-advice")).to_have_text(found.advice)
    for note in found.notes:
        expect(page.locator(".choose-answer")).to_contain_text(re.sub(r" \(\w+\.html\S*\)", "", note))
    items = page.locator(".choose-methods > li")
    expect(items).to_have_count(len(found.methods))
    assert items.evaluate_all("items => items.map(item => item.dataset.method)") == [m.name for m in found.methods]
    for place, method in enumerate(found.methods[:5]):
        expect(items.nth(place)).to_contain_text(method.idea)
        for name, text in method.lines.items():
            gain, _, number = (
                text.partition(": ") if name == "why" and ": " in text.partition("(")[0] else ("", "", text)
            )
            expect(items.nth(place)).to_contain_text(gain)
            expect(items.nth(place)).to_contain_text(number.replace("https://github.com/", ""))
            if name not in ("why", "costs"):  # these two need no head
                expect(items.nth(place)).to_contain_text(words.HEADS[name])
    expect(page.locator(".choose-apart")).to_have_count(2 if found.unknown and found.left_out else 1)


def top(page, selector):
    """Return where an element begins, asked at once: the page may draw its answer again in between."""
    expect(page.locator(selector).first).to_be_visible()
    return page.evaluate("selector => document.querySelector(selector).getBoundingClientRect().top", selector)


def test_it_begins_with_an_answer_in_the_first_screen(page, site):
    page.set_viewport_size({"width": 1280, "height": 900})
    visit(page, site)
    assert top(page, ".choose-methods > li") < 700
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, site)
    assert top(page, ".choose-advice") < 700


def test_a_choice_changes_answer_and_address(page, site):
    visit(page, site)
    page.get_by_label("Task", exact=True).select_option("image classification")
    page.get_by_label("Backbone", exact=True).fill("google/vit-base-patch16-224-in21k")
    page.locator(".choose-limits summary").click()
    page.get_by_label("Stores per task at most").fill("1 MB")
    page.get_by_label("Inference no slower").check()
    asked = {
        "task": "image classification",
        "backbone": "google/vit-base-patch16-224-in21k",
        "max-stored": "1 MB",
        "no-slower": "yes",
    }
    expect(page.locator(".choose-status")).to_contain_text(f"{len(in_python(asked).methods)} methods keep")
    page.wait_for_url(re.compile(re.escape(urlencode(asked)) + "$"))
    page.reload()
    expect(page.get_by_label("Stores per task at most")).to_have_value("1 MB")
    expect(page.get_by_label("Inference no slower")).to_be_checked()


def test_what_may_break_a_limit_is_asked_and_what_breaks_one_is_said(page, site):
    asked = {"task": "image classification", "backbone": "google/vit-base-patch16-224-in21k", "max-stored": "1MB"}
    visit(page, site, asked)
    found = in_python(asked)
    assert found.unknown and found.left_out
    may, gone = (page.locator(".choose-apart").nth(place).locator("li") for place in range(2))
    assert may.all_text_contents() == [f"{one.name}: {', '.join(one.about)}?" for one in found.unknown]
    assert gone.all_text_contents() == [f"{one.name}: {', '.join(one.breaks)}" for one in found.left_out]


def test_what_is_impossible_is_said_with_a_way_out(page, site):
    visit(page, site)
    page.get_by_label("Backbone", exact=True).fill("no model")
    expect(page.locator(".choose-problem")).to_have_text(
        "backbone 'no model' is not known. Choose one from the list, or leave it open."
    )
    expect(page.get_by_label("Backbone", exact=True)).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".choose-problem")).to_have_text("")
    expect(page.locator(".choose-methods")).to_be_visible()


def test_a_task_that_the_list_has_not_is_not_answered_by_another(page, site):
    page.goto("about:blank")
    page.goto((site / "choose.html").as_uri() + "#task=tea leaves")
    expect(page.locator(".choose-problem")).to_have_text("task 'tea leaves' is not known. Choose one from the list.")
    expect(page.locator(".choose-methods")).to_have_count(0)
    expect(page.get_by_label("Task", exact=True)).to_have_value("")
    page.get_by_label("Backbone", exact=True).fill("clip-bart")
    expect(page.locator(".choose-problem")).to_have_text("no task is named. Choose one from the list.")
    page.get_by_label("Task", exact=True).select_option("visual question answering")
    expect(page.locator(".choose-methods")).to_be_visible()
    expect(page.locator(".choose-problem")).to_have_text("")


def test_a_term_that_leads_to_a_task_is_told_with_the_section_on_it(page, site):
    page.goto("about:blank")
    page.goto((site / "choose.html").as_uri() + "#task=radiology")
    expect(page.locator(".choose-problem")).to_have_text(
        "task 'radiology' is not known. Choose one from the list. Near is: medical image analysis. "
        "This book treats medical image analysis in “Medical images”."
    )
    expect(page.locator(".choose-problem a")).to_have_attribute("href", "segmentation.html#medical")


def test_a_task_is_known_by_its_other_names(page, site):
    page.goto("about:blank")
    page.goto((site / "choose.html").as_uri() + "#task=VQA")
    expect(page.get_by_label("Task", exact=True)).to_have_value("visual question answering")


def test_an_answer_leads_to_the_section_on_its_task(page, site):
    page.goto("about:blank")
    page.goto((site / "choose.html").as_uri() + "#task=medical image analysis")
    page.locator(".choose-notes").get_by_role("link", name="Medical images").click()
    expect(page.locator("section#medical-images, section:has(> #medical)").first).to_be_in_viewport()


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("data=some", "data 'some' is not known. Choose one from the list."),
        ("licence=MIT", "licence 'MIT' is not known. Tick the box, or leave it open."),
        ("optimizer=adamw", f"word 'optimizer' is not known. Leave it out: an address can say {', '.join(ADDRESSED)}."),
        ("data=few&data=full", "data stands twice. Keep one of them."),
    ],
)
def test_what_the_form_cannot_hold_is_not_passed_over(page, site, state, told):
    page.goto("about:blank")
    before = "?" if "optimizer" in state else "#"  # people write both
    page.goto((site / "choose.html").as_uri() + f"{before}task=visual+question+answering&{state}")
    expect(page.locator(".choose-problem")).to_have_text(told)
    expect(page.locator(".choose-methods")).to_have_count(0)
    page.get_by_label("Backbone", exact=True).fill("clip-bart")
    expect(page.locator(".choose-methods")).to_be_visible()
    expect(page.locator(".choose-problem")).to_have_text("")
    expect(page.get_by_label("Measured with")).to_have_value("full" if "=full" in state else "")
    page.wait_for_url(re.compile(r"choose\.html#task=visual\+question\+answering&backbone=clip-bart"))


def test_where_nothing_can_be_compared_no_limit_is_spoken_of(page, site):
    page.goto("about:blank")
    page.goto((site / "choose.html").as_uri() + "#task=visual tracking")
    expect(page.locator(".choose-notes")).to_contain_text("Nothing can be compared here")
    expect(page.locator(".choose-status")).to_have_text("No method can be compared.")


def test_an_old_address_still_asks_its_task(page, site):
    visit(page, site, {"category": "vision", "task": "image classification", "backbone": "vit-b16", "tasks": "3"})
    expect(page.get_by_label("Task", exact=True)).to_have_value("image classification")
    expect(page.locator(".choose-notes")).to_contain_text("ViT-B/16 exist for")


def test_a_link_to_a_section_stays_one(new_page, site):
    visit(new_page, site)
    new_page.clock.install()  # the page writes its own address a while after a choice
    new_page.goto((site / "choose.html").as_uri() + "#choose-rule")
    new_page.clock.run_for(5000)
    assert new_page.url.endswith("#choose-rule")


def test_it_works_by_keyboard(page, site):
    visit(page, site)
    page.get_by_label("Task", exact=True).focus()
    page.keyboard.type("CLIP base")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "choose-backbone"
    page.keyboard.type("clip-vit-b16")
    expect(page.locator(".choose-notes")).to_contain_text("CLIP-ViT-B/16 exist for")


def test_the_link_can_be_copied(page, site):
    visit(page, site, ASKED)
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Link copied.")).to_be_visible()
    assert urlencode({"licence": "yes"}) in page.evaluate("navigator.clipboard.readText()")


def test_papers_and_numbers_are_a_link_away(page, site):
    visit(page, site, ASKED)
    links = page.locator(".choose-methods a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    pages = [link.split("#")[0] for link in links if link.startswith("papers/")]
    assert len(pages) > 10
    assert all((site / name).exists() for name in pages)


def test_a_card_is_known_by_its_name(page, site):
    asked = {"task": "visual question answering", "backbone": "llava-1.5-7b", "max-memory": "A100-40G"}
    visit(page, site, asked)
    found = in_python(asked)
    expect(page.locator(".choose-status")).to_contain_text(f"{len(found.methods)} method")
    page.get_by_label("Training memory at most").fill("V100")
    expect(page.locator(".choose-problem")).to_have_text(
        "max-memory 'V100' comes in several sizes. Write V100 16GB or V100 32GB."
    )
    assert page.locator("#choose-cards option").count() > 100


def test_axe_finds_no_fault_and_the_page_no_error(inspect, site):
    def answer(page):
        visit(page, site, ASKED)
        page.evaluate("document.querySelectorAll('.choose details').forEach(one => { one.open = true; })")

    def refuse(page):
        visit(page, site, ASKED)
        page.get_by_label("Training memory at most").fill("8 cows")

    assert inspect(answer, thoroughly=True) == {}
    assert inspect(refuse, thoroughly=True) == {}


def test_without_scripts_the_table_and_the_rule_stand_there(page_without_scripts, site):
    page_without_scripts.goto((site / "choose.html").as_uri())
    expect(page_without_scripts.locator(".choose-place")).to_contain_text("answers typical questions")
    assert page_without_scripts.locator("table#tbl-decisions tbody tr").count() > 10
    text = " ".join(page_without_scripts.locator("article").inner_text().split())
    for sentence in RULE:
        assert sentence in text


@pytest.mark.parametrize("name", ["index", "results", "catalogue", "choose", "fit", "costs", "compare"])
def test_a_page_loads_only_what_it_uses(read_page, name):
    scripts = [script.get("src", "") for script in read_page(name).find_all("script")]
    for script, pages in {
        "/choose.js": {"choose"},
        "/calculator.js": {"fit"},
        "/moved.js": {"costs"},
        "/names.js": {"choose", "fit"},
        "/address.js": {"choose", "fit", "compare"},
    }.items():
        assert any(script in found for found in scripts) == (name in pages), script


def test_what_others_ran_is_what_python_says(page, site):
    visit(page, site, ASKED)
    ran = page.locator(".choose-ran")
    expect(ran).to_be_visible()
    found = in_python(ASKED).methods[:5]
    known = [method for method in found if method.recipe]
    expect(ran.locator("li")).to_have_count(len(known))
    for place, method in enumerate(known):
        expect(ran.locator("li").nth(place)).to_contain_text(method.ran)
        own = ran.locator("li").nth(place)
        expect(own.locator("a").first).to_have_attribute("href", method.recipe_address)
        expect(own.locator(".others-script")).to_have_count(1 if method.script else 0)
        if method.script:
            assert own.locator("pre").text_content() == "\n".join(method.script)
            expect(own.locator(".others-script a")).to_have_attribute("href", method.script_address)
    assert any(method.script for method in known)
    for method in found:
        if not method.recipe:
            expect(ran).to_contain_text(method.name)


def test_lines_to_run_are_folded_beside_the_answer_and_are_pythons(page, site):
    asked = {"task": "visual question answering", "backbone": "llava-1.5-7b"}
    visit(page, site, asked)
    given = 0
    for place, method in enumerate(in_python(asked).methods[:5]):
        blocks = page.locator(".choose-methods > li").nth(place).locator(".choose-lines")
        expect(blocks).to_have_count(len(method.run))
        for i, lines in enumerate(method.run):
            expect(blocks.nth(i).locator("summary")).to_have_text(lines["title"])
            assert blocks.nth(i).locator("pre").text_content() == "\n".join(lines["lines"])
            given += 1
    assert given > 3
    assert page.locator(".choose-lines[open]").count() == 0


@pytest.mark.parametrize("width", [1280, 390])
def test_opened_lines_do_not_widen_the_page(page, site, width):
    page.set_viewport_size({"width": width, "height": 844})
    visit(page, site, {"task": "visual question answering", "backbone": "llava-1.5-7b"})
    expect(page.locator(".choose-ran")).to_be_visible()
    page.evaluate("document.querySelectorAll('.choose details').forEach(one => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_recipes_are_loaded_by_the_chooser_and_the_calculator_alone(site):
    pages = [path.name for path in site.glob("*.html") if "recipes.js" in path.read_text(encoding="utf-8")]
    assert sorted(pages) == ["choose.html", "fit.html"]
