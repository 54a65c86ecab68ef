"""What is seen of a page in Chromium: each kind of fault, put into a page of a line."""

import pytest
from conftest import CONTRAST, violations

PAGE = """<!doctype html><html lang="en"><head><title>A page</title><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><style>body {{ color: #111; background: #fff; }}
@media (prefers-color-scheme: dark) {{ body {{ color: #eee; background: #111; }} }} {style}</style></head>
<body><main><h1>A page</h1><p>Words.</p>{body}</main></body></html>"""
EVERYWHERE = {"light, desktop", "dark, desktop", "light, phone", "dark, phone"}
OPENED = {"light, desktop", "dark, phone"}  # where the page is opened; for the others the theme changes under it
DARK = "matchMedia('(prefers-color-scheme: dark)').matches"
CHANGING = "<script>matchMedia('(prefers-color-scheme: dark)').onchange = () => nobody()</script>"


@pytest.fixture
def faults(inspect, tmp_path):
    """Return a function that shows a page and returns where something is wrong, and all that is."""

    def of(body="", style="", **options):
        path = tmp_path / "page.html"
        path.write_text(PAGE.format(body=body, style=style), encoding="utf-8")
        found = inspect(lambda page: page.goto(path.as_uri()), **options)
        return set(found), " ".join(fault for one in found.values() for fault in one)

    return of


def test_a_sound_page_has_no_fault(faults):
    assert faults(thoroughly=True) == (set(), "")


@pytest.mark.parametrize(
    ("broken", "where", "said"),
    [
        ({"body": "<img src='data:,'>"}, {"light, desktop"}, "image-alt"),
        ({"style": "p { color: #ccc; }"}, {"light, desktop"}, "color-contrast"),
        ({"style": "@media (prefers-color-scheme: dark) { p { color: #333; } }"}, {"dark, desktop"}, "color-contrast"),
        ({"style": "p { width: 600px; }"}, {"light, phone", "dark, phone"}, "needs 6"),
        ({"style": "@media (prefers-color-scheme: dark) { p { width: 600px; } }"}, {"dark, phone"}, "needs 6"),
        ({"style": "p { width: 1600px; }"}, EVERYWHERE, "needs 16"),
        ({"body": "<script>nobody()</script>"}, OPENED, "nobody is not defined"),
        ({"body": "<script>if (innerWidth < 500) nobody()</script>"}, {"dark, phone"}, "nobody"),
        ({"body": f"<script>if ({DARK}) nobody()</script>"}, {"dark, phone"}, "nobody"),
        ({"body": f"<script>if (!{DARK}) nobody()</script>"}, {"light, desktop"}, "nobody"),
        ({"body": CHANGING}, {"dark, desktop", "light, phone"}, "nobody"),
        ({"body": "<script>console.warn('old')</script>"}, OPENED, "old"),
        ({"body": "<img alt='Far' src='https://far.example/a.png'>"}, OPENED, "https://far.example/a.png"),
        ({"body": "<img alt='None' src='none.png'>"}, OPENED, "not loaded"),
    ],
)
def test_a_fault_is_seen_where_it_shows(faults, broken, where, said):
    found, text = faults(**broken)
    assert found == where
    assert said in text


MANY = "<p>Words.</p>" * 40
GREY = "color: #ccc"
SHEET = "<div><p style='height: 5000px; background: #222; {0}'><b></b></p></div>"  # under what stands beside it


@pytest.mark.parametrize(
    "broken",
    [
        {"body": f"{MANY}<p style='{GREY}'>Words.</p>{MANY}"},
        {"body": MANY, "style": f"p:nth-child(17) {{ {GREY}; }}"},
        {"body": f"{MANY}<div style='opacity: .3'><p>Words.</p></div>{MANY}"},
        {"body": f"{MANY}<div style='background: #222'><div><p>Words.</p></div></div>{MANY}"},
        {"body": f"{MANY}<div style='position: relative'><div style='position: absolute; inset: 0; background: #222'></div>"
         f"<p style='position: relative'>Words.</p></div>{MANY}"},
        {"body": f"<div>{SHEET.format('position: absolute; inset: 0; z-index: -1')}</div><div>{MANY}</div>"},
        {"body": f"<div>{SHEET.format('margin-bottom: -5000px')}</div><div>{MANY}</div>"},
        {"body": f"{MANY}<p>–</p><p style='{GREY}'>–</p><p style='{GREY}'>–</p><p style='{GREY}'>Words.</p>"},
        {"body": f"{MANY}<p>See <a href='#a' style='{GREY}'>words</a>.</p>"},
        {"body": f"{MANY}<label>Name <input value='words' style='{GREY}'></label>"},
        {"body": f"{MANY}<p hidden style='{GREY}'>Words.</p>" * 3 + f"<p style='{GREY}; font-size: 17px'>Words.</p>"},
    ],
    ids=["itself", "its number", "opacity", "ground", "laid under", "from a block beside it",
         "from a block above it", "a word among dashes", "a link", "a field", "size"],
)  # fmt: skip
def test_one_pale_text_among_many_is_seen(window, tmp_path, broken):
    path = tmp_path / "page.html"
    path.write_text(PAGE.format(**{"body": "", "style": "", **broken}), encoding="utf-8")
    with window("light", "desktop").opened() as page:
        page.goto(path.as_uri())
        assert "color-contrast" in " ".join(violations(page, CONTRAST))


def test_a_link_that_nothing_tells_from_the_words_around_it_is_seen(faults):
    style = "a { color: #8cf; } @media (prefers-color-scheme: light) { .plain { color: #333; text-decoration: none; } }"
    alone = "<p><a class='plain' href='#a'>Somewhere</a></p>" * 20
    assert faults(body=alone, style=style)[0] == set()
    found, text = faults(
        body=f"{alone}<p>Words and <a class='plain' href='#a'>words</a> and words.</p>{alone}", style=style
    )
    assert found == {"light, desktop"}
    assert "link-in-text-block" in text


def test_a_phone_is_held_against_every_rule_where_that_is_asked(faults):
    small = "@media (max-width: 500px) { p { color: #ccc; } }"
    assert faults(style=small) == (set(), "")
    assert faults(style=small, thoroughly=True)[0] == {"light, phone"}


@pytest.mark.parametrize("dark", [DARK, f"!{DARK}"], ids=["dark", "light"])
@pytest.mark.parametrize("wide", ["innerWidth > 500", "innerWidth < 500"], ids=["desktop", "phone"])
def test_an_error_in_one_theme_and_one_size_alone_is_seen_where_a_page_is_opened_in_each(dark, wide, faults):
    script = f"<script>if ({dark} && {wide}) nobody()</script>"
    where = f"{'light' if dark[0] == '!' else 'dark'}, {'desktop' if '>' in wide else 'phone'}"
    assert faults(body=script, thoroughly=True)[0] == {where}


def test_an_ordinary_page_is_held_against_no_rule(faults):
    assert faults(body="<img src='data:,'>", rules=False) == (set(), "")


def test_what_a_page_keeps_is_forgotten_before_the_next(faults):
    keeps = "<script>if (localStorage.seen) nobody(); localStorage.seen = 1;</script>"
    assert faults(body=keeps) == faults(body=keeps) == (set(), "")


def test_a_look_is_judged_again_until_nothing_is_wrong_in_it(faults):
    pale = {"style": "p { color: #ccd; }"}
    assert faults(**pale) == faults(**pale)
    assert faults(**pale)[0] == {"light, desktop"}


def test_a_text_of_a_sound_look_is_seen_where_what_is_painted_around_it_is_another(faults):
    assert faults(body="<div><p>More.</p></div>") == (set(), "")
    found, text = faults(body="<div style='background: #222'><p>More.</p></div>")
    assert "light, desktop" in found
    assert "color-contrast" in text


def test_colours_that_are_sound_by_one_rule_are_not_taken_to_be_so_by_another(faults, window, tmp_path):
    style = "a { color: #8cf; } @media (prefers-color-scheme: light) { a { color: #324; text-decoration: none; } }"
    body = "<p>Words of one more and <a href='#a'>words</a> and words.</p>"
    path = tmp_path / "page.html"
    path.write_text(PAGE.format(body=body, style=style), encoding="utf-8")
    with window("light", "desktop").opened() as page:
        page.goto(path.as_uri())
        assert violations(page, CONTRAST) == []
        assert "link-in-text-block" in " ".join(violations(page))


def test_a_page_that_was_judged_is_as_it_was(window, tmp_path):
    path = tmp_path / "page.html"
    row = "<tr><td><p>Words.</p></td><td style='width: 3em'><p><em>Words.</em></p></td></tr>"
    table = f"<table>{row * 60}</table>"
    path.write_text(PAGE.format(body=f"{table}<p><input autofocus></p>{table}", style=""), encoding="utf-8")
    with window("light", "desktop").opened() as page:
        page.goto(path.as_uri())
        page.locator("input").focus()
        page.evaluate("scrollTo(0, 700)")
        look = "[document.body.outerHTML, scrollY, document.activeElement.localName, document.body.scrollHeight]"
        before = page.evaluate(look)
        violations(page, CONTRAST)
        assert page.evaluate(look) == before
