"""The numbers of figures and tables, which hold from one build to the next."""

import pickle
from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.utils import new_document
from sphinx import addnodes
from sphinx.domains.math import MathDomain
from sphinx.domains.std import StandardDomain

from peft_vlm_survey.site import numbering


@pytest.fixture
def number(monkeypatch):
    """Return a function that numbers as Sphinx and the book do, and the list of how often all was numbered anew."""
    rounds = []

    def number_all(collector, env):
        rounds.append(1)
        env.toc_fignumbers = {name: {"table": {f"tbl-{name}": (len(rounds), 1)}} for name in env.toc_secnumbers}
        return sorted(env.toc_fignumbers)

    monkeypatch.setattr(numbering, "_number_all", number_all)
    return lambda env: numbering._number(None, env), rounds


@pytest.fixture
def env():
    config = SimpleNamespace(numfig=True, numfig_secnum_depth=1, root_doc="index")
    return SimpleNamespace(config=config, toc_secnumbers={"cite": {}, "field": {}}, toc_fignumbers={})


def test_a_chapter_that_is_read_again_keeps_its_numbers(number, env):
    assign, rounds = number
    assert assign(env) == ["cite", "field"]
    for _ in range(2):  # every build after it
        env.toc_fignumbers.pop("cite")  # as Sphinx does with a chapter that it reads again
        assert assign(env) == []
        assert env.toc_fignumbers == {name: {"table": {f"tbl-{name}": (1, 1)}} for name in ("cite", "field")}
    assert rounds == [1]


def test_all_is_numbered_anew_where_a_chapter_came(number, env):
    assign, rounds = number
    assign(env)
    env.toc_secnumbers["open"] = {}
    assert assign(env) == ["cite", "field", "open"]
    assert rounds == [1, 1]


class Environment(SimpleNamespace):
    """What numbering asks of an environment, with chapters that are not on disk."""

    def get_doctree(self, name):
        self.read.append(name)
        return self.chapters[name]


def chapter(*parts):
    """Return a chapter of one section."""
    doctree = new_document("chapter", get_default_settings())
    doctree += nodes.section("", nodes.title("", "One"), *parts, ids=["one"])
    return doctree


def table(name, *inside):
    paragraph = nodes.paragraph("", "", *inside)
    return nodes.table("", nodes.title("", name), nodes.tgroup("", paragraph), ids=[f"tbl-{name}"])


def test_an_outline_is_numbered_as_the_chapter_is_and_the_chapter_is_not_read(monkeypatch):
    figure = nodes.figure("", nodes.image(), nodes.caption("", "Drawn"), ids=["fig-drawn"])
    code = nodes.container("", nodes.caption("", "Code"), nodes.literal_block(), ids=["code"], literal_block=True)
    chapters = {
        "index": chapter(addnodes.toctree(entries=[(None, "more"), (None, "code")]), table("first")),
        "more": chapter(
            nodes.container("", table("second", nodes.math_block("", "x", ids=["formula"]))),
            nodes.section("", nodes.figure("", nodes.image(), ids=["fig-unnamed"]), figure, ids=["two"]),
        ),
        "code": chapter(code, table("third")),
    }
    config = SimpleNamespace(numfig=True, numfig_secnum_depth=2, root_doc="index", numfig_format={})
    numbers = {name: {"": (place,), "#one": (place,), "#two": (place, 1)} for place, name in enumerate(chapters)}
    app = SimpleNamespace(registry=SimpleNamespace(enumerable_nodes={}))
    env = Environment(
        app=app,
        config=config,
        chapters=chapters,
        read=[],
        domains={},
        domaindata={},
        toc_secnumbers=numbers,
        toc_fignumbers={},
    )
    env.domains = {"std": StandardDomain(env), "math": MathDomain(env)}
    env.get_domain = env.domains.get
    for name, doctree in chapters.items():
        env.docname = name
        numbering._note(SimpleNamespace(env=env), doctree)
    env.survey_outlines = pickle.loads(pickle.dumps(env.survey_outlines))  # noqa: S301 (our own)
    numbering._number(None, env)
    told = env.toc_fignumbers
    assert env.read == []
    numbering._number_all(None, env)
    assert env.toc_fignumbers == told and env.read == ["index", "more", "code"]
    monkeypatch.setattr(numbering, "_outline", lambda env, part: iter(()))  # which lacks what decides
    numbering._note(SimpleNamespace(env=env), chapters["code"])
    assert set(env.survey_outlines) == {"index", "more"}
    assert told["more"] == {
        "table": {"tbl-second": (1, 1)},
        "displaymath": {"formula": (1, 1)},
        "figure": {"fig-drawn": (1, 1, 1)},
    }
