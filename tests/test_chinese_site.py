"""The pages in Chinese, as files: they stand beside the English ones, lead to the same places and hold the same numbers."""

import re
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest
from every import each

from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.messages.catalogues import chapters

pytestmark = [pytest.mark.built, pytest.mark.xdist_group("pages")]
HAN = re.compile("[\u3400-\u9fff]")


def translated():
    return (*chapters(ROOT), "search")


each_page = each("name", translated)


@each_page
def test_a_page_in_chinese_says_so_and_each_language_leads_to_the_other(name, read_page):
    chinese, english = read_page(f"zh/{name}"), read_page(name)
    assert (chinese.html["lang"], english.html["lang"]) == ("zh-CN", "en")
    for page, address, language in ((chinese, f"../{name}.html", "en"), (english, f"zh/{name}.html", "zh-CN")):
        switch = page.select_one("a.other-language")
        assert (switch["href"], switch["hreflang"], switch["lang"]) == (address, language, language)
        assert [link["href"] for link in page.select(f'link[rel="alternate"][hreflang="{language}"]')] == [address]


@each_page
def test_what_a_page_in_chinese_leads_to_and_loads_is_there(name, read_page, site):
    lost = []
    for element in read_page(f"zh/{name}").select("[href], [src]"):
        address = element.get("href") or element["src"]
        if re.match(r"[a-z]+:|//", address):
            continue
        path, anchor = urldefrag(urljoin(f"zh/{name}.html", address))
        path = path.partition("?")[0]
        if not (site / path).is_file():
            if path not in ("peft-vlm-survey.pdf",):
                lost.append(address)
        elif (
            anchor
            and "=" not in anchor
            and path.endswith(".html")
            and not read_page(path.removesuffix(".html")).find(id=anchor)
        ):
            lost.append(address)
    assert lost == []


@each_page
def test_places_have_the_same_names_in_both_languages(name, read_page):
    pages = [read_page(f"{folder}{name}").select_one("article") for folder in ("", "zh/")]
    english, chinese = (
        [element["id"] for element in page.select("section[id], table[id], figure[id]")] for page in pages
    )
    assert english == chinese


@each_page
def test_what_stands_in_english_on_a_page_in_chinese_is_marked(name, read_page):
    article = read_page(f"zh/{name}").select_one("article")
    for text in article.select("p.untranslated, span.untranslated"):
        assert text["lang"] == "en"
    for paragraph in article.select("p"):
        words = re.findall(r"\b[a-z]{3,}\b", paragraph.get_text())
        if len(words) > 8 and not HAN.search(paragraph.get_text()):
            assert paragraph.find_parent(attrs={"lang": "en"}) or paragraph.get("lang") == "en", paragraph


def test_a_finding_has_its_grade_in_chinese(read_page):
    grades = [text.get_text() for text in read_page("zh/known").select("p em") if text.get_text().startswith("等级")]
    assert len(grades) == len(the_survey().findings)
    assert all(re.fullmatch(r"等级：(许多论文|少数论文|一篇论文)（\d+）。", grade) for grade in grades)


@each("page", lambda: ["papers/hu2022lora", "references"])
def test_what_has_no_page_in_chinese_offers_none(page, read_page, site):
    assert not Path(site, f"zh/{page}.html").exists()
    assert read_page(page).select("a.other-language") == []
