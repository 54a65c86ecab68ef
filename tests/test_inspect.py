"""What is seen of a page in Chromium: each kind of fault, put into a page of a line."""

import pytest

PAGE = """<!doctype html><html lang="en"><head><title>A page</title><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><style>body {{ color: #111; background: #fff; }}
@media (prefers-color-scheme: dark) {{ body {{ color: #eee; background: #111; }} }} {style}</style></head>
<body><main><h1>A page</h1><p>Words.</p>{body}</main></body></html>"""
EVERYWHERE = {"light, desktop", "dark, desktop", "light, phone", "dark, phone"}


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
        ({"body": "<script>nobody()</script>"}, EVERYWHERE, "nobody is not defined"),
        ({"body": "<script>if (innerWidth < 500) nobody()</script>"}, {"light, phone", "dark, phone"}, "nobody"),
        ({"body": "<script>console.warn('old')</script>"}, EVERYWHERE, "old"),
        ({"body": "<img alt='Far' src='https://far.example/a.png'>"}, EVERYWHERE, "https://far.example/a.png"),
        ({"body": "<img alt='None' src='none.png'>"}, EVERYWHERE, "not loaded"),
    ],
)
def test_a_fault_is_seen_where_it_shows(faults, broken, where, said):
    found, text = faults(**broken)
    assert found == where
    assert said in text


def test_a_phone_is_held_against_every_rule_where_that_is_asked(faults):
    small = "@media (max-width: 500px) { p { color: #ccc; } }"
    assert faults(style=small) == (set(), "")
    assert faults(style=small, thoroughly=True)[0] == {"light, phone"}


def test_an_ordinary_page_is_held_against_no_rule(faults):
    assert faults(body="<img src='data:,'>", rules=False) == (set(), "")


def test_what_a_page_keeps_is_forgotten_before_the_next(faults):
    keeps = "<script>if (localStorage.seen) nobody(); localStorage.seen = 1;</script>"
    assert faults(body=keeps) == faults(body=keeps) == (set(), "")
