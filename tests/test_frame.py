"""The frame around collected pages, rendered by the book's own theme and templates in a site of one page."""

import json
import re
import warnings

import pytest
from bs4 import BeautifulSoup
from jinja2 import FileSystemBytecodeCache
from markupsafe import escape
from sphinx.application import Sphinx

from peft_vlm_survey.data import ROOT
from peft_vlm_survey.show.facts import Part
from peft_vlm_survey.site.frame import Frames

SETTINGS = {
    "html_theme": "sphinx_book_theme",
    "html_title": "A Tiny Site",
    "html_sidebars": {"**": ["navbar-logo.html"]},
    "html_copy_source": False,
    "html_show_sourcelink": False,
}
SECTIONS = [Part("Facts", "facts"), Part("Where “this” & that <stands>", "discussed"), Part('Say "cite"', "to-cite")]


@pytest.fixture(scope="module")
def builder(tmp_path_factory):
    """Return the builder of a site of one page, with our templates and one of an article."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "index.rst").write_text("Index\n=====\n", encoding="utf-8")
    (folder / "conf.py").write_text("", encoding="utf-8")
    (folder / "own").mkdir()
    article = "<h1>{{ title|e }}</h1>{% for part in sections %}<section id='{{ part.address }}'></section>{% endfor %}{{ said }}"
    (folder / "own" / "tiny.html").write_text(article, encoding="utf-8")
    settings = {**SETTINGS, "templates_path": [str(ROOT / "_templates"), "own"]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the theme's own making
        app = Sphinx(folder, folder, folder / "html", folder / "trees", "html", settings, status=None)
        app.build()
        yield app.builder


def around(title, sections=SECTIONS, **loads):
    said = escape(f"It is about {title}.")
    tags = f'<meta name="description" content="{said}" />\n<meta property="og:title" content="{escape(title)}" />\n'
    return {"title": title, "metatags": tags, "sections": sections, **loads}


def whole(builder, name, content, around):
    """Return the page as the theme renders it by itself."""
    title = escape(around["title"])
    entries = "".join(
        f'<li><a class="reference internal" href="#{part.address}">'
        f"{part.text.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}</a></li>"
        for part in around["sections"]
    )
    article = builder.templates.environment.get_template("tiny.html").render({**content, **around})
    toc = f'<ul><li><a class="reference internal" href="#">{title}</a><ul>{entries}</ul></li></ul>'
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        builder.handle_page(name, {**around, "title": title, "toc": toc, "article": article}, "collected.html")
    path = builder.outdir / f"{name}.html"
    text = path.read_text(encoding="utf-8")
    path.unlink()
    return text


def filled(builder, frames, name, content, around):
    """Return the page from its frame, with the navigation where the script of it puts that."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        page = frames.filled(name, content, around)
    script = (builder.outdir / "_static" / "navigation.js").read_text(encoding="utf-8")
    (navigation,) = json.loads("[" + re.fullmatch(r'[^(]+\("beforebegin", (.*)\);\n', script)[1] + "]")
    loads = re.compile(r'<script src="\.\./_static/navigation\.js\?v=\w+"></script><noscript>.*?</noscript>')
    assert len(loads.findall(page)) == 1
    return loads.sub(lambda _: navigation, page)


def lines(text):
    return [line.strip() for line in re.sub(r"(</?(?:li|ul)\b[^>]*>)", r"\n\1\n", text).split("\n") if line.strip()]


TITLES = ["A Plain Title", "Ada & <Bela>: a “Study”", 'It says "x" and it\'s 50 % \\1 \\g<0>', "视觉语言模型 的 适配"]


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("sections", [SECTIONS, SECTIONS[:1]], ids=["several sections", "one section"])
def test_a_page_filled_from_the_frame_is_the_page_rendered_whole(title, sections, builder):
    frames = Frames(builder, "things", "tiny.html")
    filled(builder, frames, "things/first", {"said": "first"}, around("First"))  # the frame is that of another page
    given = {"said": f"<p>What {escape(title)} says</p>"}
    page = filled(builder, frames, "things/second", given, around(title, sections))
    assert lines(page) == lines(whole(builder, "things/second", given, around(title, sections)))


def test_nothing_of_one_page_is_left_in_the_next(builder):
    frames = Frames(builder, "things", "tiny.html")
    filled(builder, frames, "things/first", {"said": "the first text"}, around("The First Title", SECTIONS[:1]))
    page = filled(builder, frames, "things/second", {"said": "x"}, around("Another", SECTIONS[1:]))
    assert "first" not in page.lower() and "#facts" not in page
    assert not re.search("[\ue000-\uf8ff]", page)


def test_the_title_the_description_and_the_contents_are_those_of_the_page(builder):
    page = BeautifulSoup(
        filled(builder, Frames(builder, "things", "tiny.html"), "things/a", {"said": ""}, around(TITLES[1])),
        "html.parser",
    )
    assert page.title.get_text().startswith(TITLES[1])
    (described,) = page.select('meta[name="description"]')
    assert described["content"] == f"It is about {TITLES[1]}."
    links = [link for link in page.select("nav a, .page-toc a") if link["href"][1:] in {p.address for p in SECTIONS}]
    assert [(link.get_text(strip=True), link["href"]) for link in links] == [
        (p.text, f"#{p.address}") for p in SECTIONS
    ]


def test_a_page_leaves_no_file_of_marks_behind(builder):
    filled(builder, Frames(builder, "things", "tiny.html"), "things/a", {"said": ""}, around("A"))
    assert [path for path in (builder.outdir / "things").glob("*") if not path.name.isascii()] == []


def test_the_theme_renders_one_frame_for_all_pages_that_load_the_same(builder, monkeypatch):
    rendered = []
    handle = builder.handle_page
    monkeypatch.setattr(
        builder, "handle_page", lambda *given, **more: rendered.append(given[0]) or handle(*given, **more)
    )
    frames = Frames(builder, "things", "tiny.html")
    for place in range(4):
        filled(builder, frames, f"things/{place}", {"said": ""}, around(str(place), has_tables=place % 2 == 0))
    assert len(rendered) == 2


def test_a_page_whose_tags_have_no_description_is_refused(builder):
    with pytest.raises(ValueError, match="description"):
        filled(
            builder, Frames(builder, "things", "tiny.html"), "things/a", {"said": ""}, {**around("A"), "metatags": ""}
        )


def test_what_is_compiled_for_sphinxs_own_environment_is_not_run_in_ours(builder, tmp_path, monkeypatch):
    environment = builder.templates.environment
    monkeypatch.setattr(environment, "bytecode_cache", FileSystemBytecodeCache(str(tmp_path)))
    monkeypatch.setattr(environment, "cache", None)  # each template is taken as it was compiled
    given, said = {"said": "<b>It says</b>"}, around("A page")
    for _ in range(2):
        expected = whole(builder, "things/a", given, said)
        page = filled(builder, Frames(builder, "things", "tiny.html"), "things/a", given, said)
        assert lines(page) == lines(expected)
    kept = [path.name for path in tmp_path.iterdir()]
    assert {name.startswith("trusted-") for name in kept} == {True, False}
