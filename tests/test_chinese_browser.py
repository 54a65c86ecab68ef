"""The pages in Chinese in headless Chromium: the switch keeps the place, the search finds Chinese, and scripts speak it."""

from pathlib import Path
from urllib.parse import quote_plus, unquote, urlsplit

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.built


def test_the_switch_leads_to_the_same_place_and_back(page, site):
    page.goto(f"{(site / 'index.html').as_uri()}#the-idea")
    page.locator("a.other-language").click()
    expect(page).to_have_url(f"{(site / 'zh/index.html').as_uri()}#the-idea")
    expect(page.locator("#the-idea > h2")).to_contain_text("核心思想")
    page.locator("a.other-language").click()
    expect(page).to_have_url(f"{(site / 'index.html').as_uri()}#the-idea")


def test_the_search_finds_a_section_by_its_chinese_words_and_keeps_the_query_in_the_other_language(page, site):
    page.goto(f"{(site / 'zh/search.html').as_uri()}?q={quote_plus('核心思想')}")
    found = page.locator(".search-found a").first
    expect(found).to_have_attribute("href", "../zh/index.html#the-idea")
    page.locator("a.other-language").click()
    expect(page).to_have_url(f"{(site / 'search.html').as_uri()}?q={quote_plus('核心思想')}")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Copy link", "复制链接"),
        ("28 methods keep every limit.", "28 种方法满足全部限制。"),
        ("what it stores; its training memory.", "存储什么；训练显存。"),
        ("ImageNet, base", "ImageNet，基类"),
        ("LoRA", "LoRA"),
        ("A sentence that nobody translated.", "A sentence that nobody translated."),
    ],
)
def test_what_a_script_writes_is_translated_where_it_stands(written, shown, page, site):
    page.goto((site / "zh/index.html").as_uri())
    page.wait_for_function("() => survey.data.interface")
    page.evaluate(
        "text => { const line = document.createElement('p'); line.id = 'written'; line.ariaLabel = text;"
        " line.textContent = text; document.querySelector('article').append(line); }",
        written,
    )
    line = page.locator("#written")
    expect(line).to_have_text(shown)
    expect(line).to_have_attribute("aria-label", shown)


def test_a_choice_keeps_the_value_that_scripts_read(page, site):
    page.goto((site / "zh/index.html").as_uri())
    page.wait_for_function("() => survey.data.interface")
    page.evaluate(
        "() => { const list = document.createElement('select'); list.append(new Option('object detection'));"
        " list.options[0].removeAttribute('value'); document.querySelector('article').append(list); }"
    )
    option = page.locator("article select option")
    expect(option).to_have_text("目标检测")
    assert option.evaluate("option => option.value") == "object detection"


def test_a_page_of_a_paper_is_read_in_chinese_by_who_asks_for_it(page, site):
    page.goto(f"{(site / 'papers/hu2022lora.html').as_uri()}?lang=zh")
    expect(page.locator("#facts > h2")).to_contain_text("事实")
    expect(page.locator(".paper-summary > :first-child")).to_have_attribute("lang", "zh")
    expect(page.locator(".paper-place a")).to_have_attribute("href", (site / "zh/catalogue.html").as_uri())
    page.locator("a.other-language").click()
    expect(page.locator("#facts > h2")).to_contain_text("Facts")


def test_an_answer_on_a_page_in_chinese_is_in_chinese_and_leads_to_pages_that_are_there(page, site):
    page.goto(f"{(site / 'zh/choose.html').as_uri()}#task=image+classification&backbone=ViT-B/16")
    expect(page.locator(".choose-status")).to_contain_text("满足全部限制")
    expect(page.locator(".choose-number strong").first).to_contain_text("比全量微调高")
    links = page.locator(".choose-answer a").evaluate_all("links => links.map(link => link.href)")
    own = [unquote(urlsplit(link).path) for link in links if link.startswith(site.as_uri())]
    assert any("lang=zh" in link for link in links)
    assert [path for path in own if not Path(path).is_file()] == []
