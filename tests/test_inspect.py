"""What is seen of a page in Chromium: each kind of fault, put into a page of a line."""

import pytest
from conftest import CONTRAST, violations

pytestmark = pytest.mark.slow

PAGE = """<!doctype html><html lang="en"><head><title>A page</title><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><style>body {{ color: #111; background: #fff; }}
@media (prefers-color-scheme: dark) {{ body {{ color: #eee; background: #111; }} }} {style}</style></head>
<body><main><h1>A page</h1><p>Words.</p>{body}</main></body></html>"""
OPENED = {"light, desktop", "dark, phone"}  # where the page is opened; for the others the theme changes under it
DARK = "matchMedia('(prefers-color-scheme: dark)').matches"


@pytest.fixture
def faults(inspect, tmp_path):
    """Return a function that shows a page and returns what is wrong with it, by where it is."""

    def of(body="", style="", **options):
        path = tmp_path / "page.html"
        path.write_text(PAGE.format(body=body, style=style), encoding="utf-8")
        found = inspect(lambda page: page.goto(path.as_uri()), **options)
        return {place: " ".join(faults) for place, faults in found.items()}

    return of


def test_a_sound_page_has_no_fault(faults):
    assert faults(thoroughly=True) == {}


# Each with what is said of it, where it shows.
FAULTS = [
    ("<img src='data:,'>", "", {"light, desktop"}, "image-alt"),
    ("<p class='pale'>Words.</p>", ".pale { color: #ccc; }", {"light, desktop"}, ".pale"),
    (
        "<p class='dim'>Words.</p>",
        "@media (prefers-color-scheme: dark) { .dim { color: #333; } }",
        {"dark, desktop"},
        ".dim",
    ),
    ("<p class='wide'>Words.</p>", ".wide { width: 600px; }", {"light, phone", "dark, phone"}, "needs 6"),
    ("<script>first()</script>", "", OPENED, "first is not defined"),
    ("<script>if (innerWidth < 500) narrow()</script>", "", {"dark, phone"}, "narrow is not defined"),
    (f"<script>if ({DARK}) night()</script>", "", {"dark, phone"}, "night is not defined"),
    (f"<script>if (!{DARK}) day()</script>", "", {"light, desktop"}, "day is not defined"),
    (
        "<script>matchMedia('(prefers-color-scheme: dark)').onchange = () => changed()</script>",
        "",
        {"dark, desktop", "light, phone"},
        "changed is not defined",
    ),
    ("<script>console.warn('old')</script>", "", OPENED, "old"),
    ("<img alt='Far' src='https://far.example/a.png'>", "", OPENED, "https://far.example/a.png"),
    ("<img alt='None' src='none.png'>", "", OPENED, "none.png"),
]


def test_each_of_many_faults_is_seen_where_it_shows(faults):
    bodies, styles, places, said = zip(*FAULTS, strict=True)
    found = faults("".join(bodies), " ".join(styles))
    assert {name: {place for place, text in found.items() if name in text} for name in said} == dict(
        zip(said, places, strict=True)
    )
    # What was asked for is told beside what was not loaded: with a network it would be loaded.
    assert all(found[place].count("https://far.example/a.png") == 2 for place in OPENED)


MANY = "<p>Words.</p>" * 40
GREY = "color: #ccc"
# By their ids: what makes each too pale, between many that are not.
PALE = {
    "itself": f"<p id='itself' style='{GREY}'>Words.</p>",
    "opacity": "<div style='opacity: .3'><p id='opacity'>Words.</p></div>",
    "ground": "<div style='background: #222'><div><p id='ground'>Words.</p></div></div>",
    "link": f"<p>See <a id='link' href='#a' style='{GREY}'>words</a>.</p>",
    "field": f"<label>Name <input id='field' value='words' style='{GREY}'></label>",
    "size": f"<p hidden style='{GREY}'>Words.</p>" * 3 + f"<p id='size' style='{GREY}; font-size: 17px'>Words.</p>",
}


@pytest.fixture
def pale(window, tmp_path):
    """Return a function that says of a page what axe-core finds wrong with its contrast."""

    def of(body, style=""):
        path = tmp_path / "page.html"
        path.write_text(PAGE.format(body=body, style=style), encoding="utf-8")
        with window("light", "desktop").opened() as page:
            page.goto(path.as_uri())
            return " ".join(violations(page, CONTRAST))

    return of


def test_each_pale_text_among_many_is_seen(pale):
    found = pale(MANY + MANY.join(PALE.values()) + MANY)
    assert [name for name in PALE if f"#{name}" not in found] == []


def test_a_link_that_nothing_tells_from_the_words_around_it_is_seen(faults):
    style = "a { color: #8cf; } @media (prefers-color-scheme: light) { .plain { color: #333; text-decoration: none; } }"
    alone = "<p><a class='plain' href='#a'>Somewhere</a></p>" * 20
    assert faults(body=alone, style=style) == {}
    found = faults(body=f"{alone}<p>Words and <a class='plain' href='#a'>words</a> and words.</p>{alone}", style=style)
    assert set(found) == {"light, desktop"} and "link-in-text-block" in found["light, desktop"]


def test_a_phone_is_held_against_every_rule_where_that_is_asked(faults):
    small = "@media (max-width: 500px) { p { color: #ccc; } }"
    assert faults(style=small) == {}
    assert set(faults(style=small, thoroughly=True)) == {"light, phone"}


def test_an_error_in_one_theme_and_one_size_alone_is_seen_where_a_page_is_opened_in_each(faults):
    places = {
        f"{theme}, {size}": f"{'' if theme == 'dark' else '!'}{DARK} && innerWidth {'>' if size == 'desktop' else '<'} 500"
        for theme in ("light", "dark")
        for size in ("desktop", "phone")
    }
    scripts = "".join(f"<script>if ({when}) only_{n}()</script>" for n, when in enumerate(places.values()))
    found = faults(scripts, thoroughly=True)
    assert {place: f"only_{n} is not defined" for n, place in enumerate(places)} == found


def test_an_ordinary_page_is_held_against_no_rule(faults):
    assert faults(body="<img src='data:,'>", rules=False) == {}


def test_what_a_page_keeps_is_forgotten_before_the_next(faults):
    keeps = "<script>if (localStorage.seen) nobody(); localStorage.seen = 1;</script>"
    assert faults(body=keeps) == faults(body=keeps) == {}
