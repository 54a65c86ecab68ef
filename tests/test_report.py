"""To report an error: the repository's form filled in, on a page that holds nothing else."""

import dataclasses
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from conftest import DESKTOP, PHONE, offline, violations
from jinja2 import Environment, FileSystemLoader

from peft_vlm_survey.data import ROOT
from peft_vlm_survey.export.report import FIELDS, FORM, blank, form_address, named, place

FORMS = ROOT / ".github" / "ISSUE_TEMPLATE"
REPOSITORY = "https://forge.example/tiny"
ARTICLE = """<section id="page"><h1>A Page</h1><section id="facts"><h2>Facts<a class="headerlink" href="#facts">#</a></h2>
<table><tr><td><span class="cell-number" id="r-1"><span title="78.48 ± 0.1">78.48</span><a class="number-link" href="#r-1"
aria-label="Address of this number: VPT-deep, VTAB-1k"></a></span></td><td><span class="cell-number" id="r-2">60<a class="number-link" href="#r-2"
aria-label="Address of this number: VPT-deep, FGVC"></a></span></td></tr><tr id="r-3"><td>LoRA</td><td>70.1<a class="number-link" href="#r-3"
aria-label="Address of this number: LoRA, 70.1, Tiny Table 2"></a></td></tr></table></section></section>"""


@pytest.fixture
def edition(good):
    return dataclasses.replace(good.edition, url="", repository="")


@pytest.fixture
def with_form(edition):
    return dataclasses.replace(edition, url="https://tiny.example/book", repository=REPOSITORY)


def asked(address):
    return {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}


def test_the_form_and_its_fields_are_those_of_the_repository():
    fields = [field for field in yaml.safe_load((FORMS / FORM).read_text(encoding="utf-8"))["body"] if "id" in field]
    assert {field["id"]: field["attributes"]["label"] for field in fields} == dict(FIELDS)


def test_the_form_is_filled_in_with_the_page_and_the_edition(with_form):
    assert asked(form_address(with_form, "papers/a2020b")) == {
        "template": FORM,
        "title": "Correct: papers/a2020b.html",
        "where": "https://tiny.example/book/papers/a2020b.html, edition 0.1.0 of 2026-01-02",
    }


def test_the_name_of_the_page_stands_in_the_address_unescaped(with_form):
    assert form_address(with_form, "papers/\ue100").count("\ue100") == 2  # the mark of a shared frame


def test_without_a_repository_there_is_no_form(edition):
    assert form_address(edition, "index") == ""


def test_a_place_is_named_by_its_file_where_the_site_has_no_address(edition):
    assert place(edition, "papers/a2020b") == "papers/a2020b.html"


def test_the_report_as_text_asks_what_the_form_asks(edition):
    assert [line.partition(":")[0] for line in blank(edition).splitlines()] == list(FIELDS.values())
    assert named(edition) in blank(edition)


def page_of(edition, folder):
    """Write a page as the site has it, with our template, style and scripts, and return its address."""
    template = Environment(loader=FileSystemLoader(ROOT / "_templates"), autoescape=False).get_template("report.html")  # noqa: S701
    address = form_address(edition, "papers/a") or "../cite.html#report"
    foot = template.render(
        survey_report={"address": address, "place": place(edition, "papers/a"), "edition": named(edition)}
    )
    static = (ROOT / "_static").as_uri()
    text = f"""<!doctype html><html lang="en" data-theme="auto"><head><meta charset="utf-8"><title>A</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="{static}/survey.css">
<link rel="stylesheet" href="{static}/papers.css"><style>.bd-article a.headerlink {{ text-decoration: underline }}</style><script defer src="{static}/folding.js"></script><script defer src="{static}/survey.js"></script><script defer src="{static}/report.js"></script></head>
<body style="background: var(--pst-color-background); color: var(--pst-color-text-base)"><main><article class="bd-article">{ARTICLE}{foot}</article></main></body></html>"""
    path = folder / "a.html"
    path.write_text(text, encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def opened(chromium, tmp_path):
    """Return a function that opens such a page, in the light or the dark, on a desktop or a phone."""
    contexts = []

    def open_it(edition, fragment="", **options):
        options = {"color_scheme": "light", "viewport": DESKTOP, **options}
        context = offline(chromium, [], **options)
        contexts.append(context)
        page = context.new_page()
        page.goto(page_of(edition, tmp_path) + fragment)
        return page

    yield open_it
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    ("number", "said"),
    [("r-1", "78.48 ± 0.1, VPT-deep, VTAB-1k"), ("r-2", "60, VPT-deep, FGVC"), ("r-3", "LoRA, 70.1, Tiny Table 2")],
)
def test_a_number_is_reported_at_its_address_with_every_digit(number, said, opened, with_form):
    page = opened(with_form, f"#{number}")
    found = asked(page.locator(f"#{number} .report-number").get_attribute("href"))
    assert f"papers/a.html#{number}," in found["where"] and found["said"] == said


def test_only_the_number_that_was_gone_to_can_be_reported(opened, with_form):
    page = opened(with_form)
    assert page.locator(".report-number").count() == 0
    for number in ("r-1", "r-2"):
        page.locator(f'.number-link[href="#{number}"]').click()
        page.locator(f"#{number} .report-number").wait_for()
        assert page.locator(".report-number").count() == 1


def test_a_section_is_reached_by_keyboard(opened, with_form):
    page = opened(with_form)
    page.locator("h2 .headerlink").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Report an error in “Facts”"


def test_without_a_repository_only_the_foot_leads_to_what_the_book_says_of_reports(opened, edition):
    page = opened(edition, "#r-1")
    assert page.locator(".report-error a").get_attribute("href") == "../cite.html#report"
    assert page.locator(".report-section, .report-number").count() == 0


def test_with_a_repository_every_link_leads_to_the_form_filled_in(opened, with_form):
    page = opened(with_form, "#r-1")
    found = asked(page.locator(".report-number").get_attribute("href"))
    assert found["template"] == FORM and found["said"] == "78.48 ± 0.1, VPT-deep, VTAB-1k"
    assert found["where"] == "https://tiny.example/book/papers/a.html#r-1, edition 0.1.0 of 2026-01-02"
    section = asked(page.locator(".report-section").get_attribute("href"))
    assert "#facts," in section["where"] and "said" not in section
    assert set(found) <= {"template", "title", *FIELDS}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_links_can_be_seen_and_read(theme, size, opened, with_form):
    page = opened(
        with_form, "#r-1", color_scheme=theme, viewport=size, has_touch=size == PHONE, is_mobile=size == PHONE
    )
    assert page.locator(".report-section").evaluate("link => getComputedStyle(link).opacity") == (
        "1" if size == PHONE else "0"
    )
    assert violations(page) == []


@pytest.mark.built
@pytest.mark.parametrize(
    "name",
    [
        "index",
        "grounding",
        "choose",
        "search",
        "papers/jia2022vpt",
        "datasets/activitynet-captions",
        "catalogue",
        "catalogue/qa",
        "compare",
    ],
)
def test_every_kind_of_page_has_the_link_once_and_knows_its_own_name(name, read_page):
    (link,) = read_page(name).select(".report-error a")
    assert link["data-place"].endswith(f"{name}.html")
    up = "../" * name.count("/")
    assert link["href"] == f"{up}cite.html#report" or "issues/new?" in link["href"]
