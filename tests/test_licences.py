"""What the site holds copies of: every file is named on a page, with its licence."""

import re
import subprocess
from importlib.metadata import distribution

import pytest

from peft_vlm_survey.site.files import PDFS
from peft_vlm_survey.site.licences import FOLDERS, TEXTS, copied, nameless
from peft_vlm_survey.site.shipped import THIRD_PARTY, ours

PARTS = (*ours(), *THIRD_PARTY)
BUNDLED = [part for part in THIRD_PARTY if part.source != "debian"]
# Words that the text of one licence has and that of another has not.
WORDS = {
    "Apache-2.0": ("Apache License", "Version 2.0"),
    "BSD-2-Clause": ("Redistribution and use in source and binary forms",),
    "BSD-3-Clause": ("Redistribution and use in source and binary forms", "Neither the name"),
    "Bitstream-Vera": ("Bitstream Vera", "DejaVu"),
    "CC-BY-4.0": ("Creative Commons Attribution 4.0",),
    "GUST Font License": ("GUST",),
    "MIT": ("Permission is hereby granted, free",),
    "OFL-1.1": ("Open Font License",),
}
installed = pytest.mark.parametrize("part", BUNDLED, ids=lambda part: part.name)


def without_breaks(text):
    return re.sub(r"\s+", " ", text).casefold()


@pytest.fixture
def small(tmp_path):
    """Return a site of four files, one of which nobody knows."""
    for name in ("_static/tables.js", "_static/basic.css", "_static/mathjax/output/new.woff", "_static/strange.js"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"{name}\n", encoding="utf-8")
    return tmp_path


def test_a_file_that_no_part_holds_is_nameless(small):
    assert nameless(small, PARTS) == ["_static/strange.js"]
    assert nameless(small, THIRD_PARTY) == ["_static/strange.js", "_static/tables.js"]


def test_what_is_not_copied_is_not_named(small):
    known = [part for part in PARTS if part.name in ("Sphinx", "Pygments") or part.source == "ours"]
    assert [(one.name, files) for one, files in copied(small, known, pdf=False).items()] == [
        ("Scripts and styles of this book", ("_static/tables.js",)),
        ("Sphinx", ("_static/basic.css",)),
    ]


def test_what_a_part_holds_is_looked_for_where_it_lies():
    assert [
        file for part in PARTS for file in part.files if not file.startswith(tuple(f"{one}/" for one in FOLDERS))
    ] == []


def test_a_font_of_the_pdf_is_named_where_there_is_a_pdf(small):
    fonts = [part for part in THIRD_PARTY if part.fonts and not part.files]
    assert copied(small, fonts, pdf=False) == {}
    assert [*copied(small, fonts, pdf=True)] == fonts


@pytest.mark.parametrize("part", [*ours(), *BUNDLED], ids=lambda part: part.name)
def test_the_text_of_a_licence_is_at_hand_and_is_that_licence(part):
    text = without_breaks(part.licence_text())
    assert [words for words in WORDS[part.licence] if words.casefold() not in text] == []


@installed
def test_the_notice_of_the_holder_stands_in_the_text_that_goes_with_the_copy(part):
    text = without_breaks(part.licence_text())
    said = re.sub(r"\bcopyright\b|\(c\)|[^a-z0-9]+", " ", part.holder.casefold()).split()
    assert [word for word in said if word not in text] == []


@pytest.mark.parametrize(
    "part", [part for part in BUNDLED if part.source == "python" and part.name != "DejaVu Sans"], ids=str
)
def test_a_licence_is_the_one_that_the_installed_distribution_names(part):
    said = distribution(part.name).metadata
    named = said.get("License-Expression") or said.get("License") or " ".join(said.get_all("Classifier") or ())
    assert part.licence == named or f"License :: OSI Approved :: {part.licence.partition('-')[0]} License" in named


@pytest.mark.built
def test_every_file_that_is_copied_into_the_site_has_a_licence(site):
    assert nameless(site, PARTS) == []


@pytest.mark.built
def test_the_page_has_a_row_for_every_part_and_leads_to_its_licence(site, read_page):
    rows = read_page("licences").select("table.licences tbody tr")
    shown = {row.th.find(string=True): row.td for row in rows}
    assert {*shown} == {part.name for part in PARTS}
    for part in PARTS:
        assert part.holder in shown[part.name].get_text()
        address = f"{TEXTS}/{part.slug}.txt"
        assert shown[part.name].a["href"] == address
        text = without_breaks((site / address).read_text(encoding="utf-8"))
        assert [words for words in WORDS[part.licence] if words.casefold() not in text] == []


@pytest.mark.built
def test_no_script_that_the_site_ships_knows_a_cookie(site):
    """SECURITY.md says so; that no page asks another host for anything is tried in a browser, in test_browser.py."""
    scripts = [path for kind in ("js", "html") for path in (site / "_static").rglob(f"*.{kind}")]
    found = [
        path.name
        for path in [*scripts, *site.glob("*.html")]
        if re.search(rb"document\s*\.\s*cookie|set-cookie|cookieStore", path.read_bytes())
    ]
    assert scripts and found == []


@pytest.mark.built
def test_every_page_leads_to_the_licences(read_page):
    assert read_page("index").select_one('.survey-downloads a[href="licences.html"]')
    # The navigation of a record page comes as a script, without which the page leads there itself.
    assert read_page("papers/hu2022lora").select_one('noscript a[href="../licences.html"]')


@pytest.mark.built
@pytest.mark.parametrize("pdf", PDFS)
def test_every_font_that_a_pdf_embeds_has_a_licence(pdf, site):
    done = subprocess.run(["pdffonts", str(site / pdf)], capture_output=True, text=True, check=True)
    fonts = {line.split()[0].partition("+")[2] for line in done.stdout.splitlines()[2:]}
    known = [part.fonts for part in THIRD_PARTY if part.fonts]
    assert fonts and [font for font in sorted(fonts) if not any(re.match(one, font) for one in known)] == []
