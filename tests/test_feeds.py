"""The feeds as feedparser and lxml read them, held against what RFC 4287 asks of a feed."""

import dataclasses
import re
from datetime import datetime

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.downloads import feeds, sitemap
from peft_vlm_survey.export.feeds import CORRECTIONS, LIMIT, NAMES
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.site.feeds import pages

ATOM = "{http://www.w3.org/2005/Atom}"
ONCE = ("id", "title", "updated")
AT_MOST_ONCE = ("subtitle", "rights", "generator", "icon", "logo", "published", "summary", "content", "source")
_EVERYWHERE = {*ONCE, "rights", "author", "contributor", "category", "link"}
KNOWN = {
    "feed": {*_EVERYWHERE, "subtitle", "generator", "icon", "logo"},
    "entry": {*_EVERYWHERE, "published", "summary", "content", "source"},
}


def elements(parent, name):
    return parent.findall(f"{ATOM}{name}")


def text_of(parent, name):
    return parent.findtext(f"{ATOM}{name}") or ""


def faults(text):
    """Return whatever RFC 4287 forbids in the feed that this text is."""
    feed = etree.fromstring(text.encode())
    entries = elements(feed, "entry")
    found = [] if feed.tag == f"{ATOM}feed" else ["the root is no feed"]
    for kind, holder in [("feed", feed), *(("entry", entry) for entry in entries)]:
        names = [child.tag.removeprefix(ATOM) for child in holder if child not in entries]
        found += [f"{kind}: unknown {name}" for name in set(names) - KNOWN[kind]]
        found += [f"{kind}: {name} not once" for name in ONCE if names.count(name) != 1]
        found += [f"{kind}: {name} twice" for name in AT_MOST_ONCE if names.count(name) > 1]
        found += [f"{kind}: no {name} in it" for name in ONCE if not text_of(holder, name)]
        found += [
            f"{kind}: author without a name" for author in elements(holder, "author") if not text_of(author, "name")
        ]
        links = [dict(link.attrib) for link in elements(holder, "link")]
        found += [f"{kind}: {link}" for link in links if not re.match(r"https?://[^\s]+$", link.get("href", ""))]
        alternates = [link for link in links if link.get("rel", "alternate") == "alternate"]
        found += [f"{kind}: {len(alternates)} alternates"] if len(alternates) > 1 else []
        found += [f"{kind}: {c.attrib}" for c in elements(holder, "category") if not c.get("term")]
        for date in (*elements(holder, "updated"), *elements(holder, "published")):
            datetime.strptime(date.text, "%Y-%m-%dT%H:%M:%S%z")
        if not re.match(r"[a-z][a-z0-9+.-]*:\S+$", text_of(holder, "id")):
            found.append(f"{kind}: id {text_of(holder, 'id')} is no IRI")
        if kind == "entry" and not alternates and not elements(holder, "content"):
            found.append("entry: neither an alternate nor content")
        if kind == "entry" and not elements(holder, "author") and not elements(feed, "author"):
            found.append("entry: no author")
    ids = [text_of(holder, "id") for holder in (feed, *entries)]
    return found + [f"id {name} twice" for name in set(ids) if ids.count(name) > 1]


def entries(survey, category=""):
    return elements(etree.fromstring(feeds(survey)[NAMES[category]].encode()), "entry")


def entry(survey, key):
    (found,) = [one for one in entries(survey) if text_of(one, "id").endswith(f"/{key}")]
    return found


def links(survey, key):
    return {link.get("rel"): link.get("href") for link in elements(entry(survey, key), "link")}


def without_address(survey):
    return dataclasses.replace(survey, edition=dataclasses.replace(survey.edition, url=""))


def without_addresses_of_papers(survey):
    kept = ("author", "title", "year")
    references = {
        key: dataclasses.replace(reference, type="misc", fields={name: reference.fields[name] for name in kept})
        for key, reference in survey.references.items()
    }
    return dataclasses.replace(survey, references=references)


def test_there_is_a_feed_of_all_and_one_of_each_category(good):
    assert set(feeds(good)) == {"feed.xml", CORRECTIONS, *(f"feed-{category}.xml" for category in CATEGORIES)}


@pytest.mark.parametrize("name", [*NAMES.values(), CORRECTIONS])
@pytest.mark.parametrize(
    "change",
    [
        lambda survey: survey,
        without_address,
        without_addresses_of_papers,
        lambda survey: without_address(without_addresses_of_papers(survey)),
        lambda survey: dataclasses.replace(survey, papers=()),
    ],
    ids=["as it is", "no address of the book", "no address of a paper", "no address at all", "no paper"],
)
def test_a_feed_is_valid(good, change, name):
    assert faults(feeds(change(good))[name]) == []


@pytest.mark.parametrize("name", [*NAMES.values(), CORRECTIONS])
def test_a_feed_of_the_book_is_valid(name):
    text = the_survey().derived(feeds)[name]
    assert faults(text) == [] and not feedparser.parse(text).bozo


@pytest.mark.parametrize(
    ("begins", "instead", "fault"),
    [
        ("<updated>", "{0}{0}", "feed: updated not once"),
        ("<name>", "<name></name>", "feed: author without a name"),
        ('<link rel="alternate"', "{0}{0}", "feed: 2 alternates"),
        ("<id>", "<id></id>", "feed: no id in it"),
    ],
)
def test_what_is_checked_here_can_fail(good, begins, instead, fault):
    text = feeds(good)["feed.xml"]
    line = next(line for line in text.splitlines() if line.strip().startswith(begins))
    assert fault in faults(text.replace(line, instead.format(line), 1))


def test_the_newest_stand_first_and_those_of_one_date_by_year_and_key(good):
    keys = [text_of(one, "id").rpartition("/")[2] for one in entries(good)]
    assert keys == ["jones2023teller", "hart2022asker", "ivey2022seer", "garcia2021grounder"]


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_feed_of_a_category_holds_its_papers_alone(good, category):
    keys = [text_of(one, "id").rpartition("/")[2] for one in entries(good, category)]
    assert keys == [paper.key for paper in good.papers if paper.category == category]


def test_a_feed_holds_no_more_than_its_limit(good):
    papers = tuple(
        dataclasses.replace(good.papers[0], key=f"garcia2021grounder{number:03}") for number in range(LIMIT + 1)
    )
    references = {paper.key: good.references["garcia2021grounder"] for paper in papers}
    survey = dataclasses.replace(good, papers=papers, references=references)
    assert len(entries(survey)) == LIMIT


def test_an_entry_says_what_the_paper_is(good):
    said = {
        "id": "tag:peft-vlm-survey,2026:paper/hart2022asker",
        "title": "Asker & Answerer: 50% Fewer Weights",
        "published": "2026-01-02T00:00:00Z",
        "updated": "2026-03-04T00:00:00Z",  # the day of its correction
        "summary": "Puts learned tokens before the question and before every layer of a frozen language model. JST 2022. "
        "Family: prompt. Task: visual question answering, visual captioning.",
    }
    assert {name: text_of(entry(good, "hart2022asker"), name) for name in said} == said
    authors = [text_of(author, "name") for author in elements(entry(good, "garcia2021grounder"), "author")]
    assert authors == ["Inés García", "Jan van der Berg", "Pat O'Neil"]
    terms = [
        (c.get("scheme").rpartition(":")[2], c.get("term")) for c in elements(entry(good, "ivey2022seer"), "category")
    ]
    assert terms == [
        ("category", "vision"),
        ("family", "side-tuning"),
        ("family", "adapter"),
        ("task", "image classification"),
    ]


def test_a_feed_was_updated_when_its_youngest_entry_was(good):
    updated = {name: feedparser.parse(text).feed.updated[:10] for name, text in feeds(good).items()}
    assert updated == {
        "feed.xml": "2026-03-04",
        "feed-corrections.xml": "2026-03-04",
        "feed-grounding.xml": "2026-01-02",
        "feed-qa.xml": "2026-03-04",
        "feed-recognition.xml": "2026-01-02",
        "feed-vision.xml": "2026-01-02",
        "feed-language.xml": "2026-02-03",
    }


def test_of_more_corrections_than_a_feed_holds_it_holds_the_latest_the_latest_first(good):
    days = [f"2026-{1 + place // 28:02}-{1 + place % 28:02}" for place in range(LIMIT + 20)]
    many = tuple(dataclasses.replace(good.corrections[0], date=day) for day in days)
    text = feeds(dataclasses.replace(good, corrections=many))[CORRECTIONS]
    found = feedparser.parse(text)
    assert [entry.published[:10] for entry in found.entries] == days[: -LIMIT - 1 : -1]
    assert {link["rel"]: link["href"] for link in found.feed.links} == {
        "self": f"https://tiny.example/book/{CORRECTIONS}",
        "alternate": "https://tiny.example/book/new.html",
    }


def test_an_entry_leads_to_the_papers_page_and_to_the_paper(good):
    paper = "https://doi.org/10.1000/small.2022.030"
    page = "https://tiny.example/book/papers/ivey2022seer.html"
    assert links(good, "ivey2022seer") == {"alternate": page, "related": paper}
    assert links(without_address(good), "ivey2022seer") == {"alternate": paper}
    ids = [[text_of(one, "id") for one in entries(survey)] for survey in (good, without_address(good))]
    assert ids[0] == ids[1]  # which do not depend on the address


def test_a_title_keeps_no_sign_of_tex(good):
    assert text_of(entry(good, "garcia2021grounder"), "title") == "Grounder: a k-shot Study of CLIP"


@given(summary=st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), min_size=1))
def test_whatever_a_summary_says_it_is_read_as_it_stands(good, summary):
    described = tuple(dataclasses.replace(description, summary=summary) for description in good.descriptions)
    survey = dataclasses.replace(good, descriptions=described)
    assert text_of(entry(survey, "hart2022asker"), "summary").startswith(f"{summary} JST 2022.")


def test_an_entry_without_a_summary_begins_with_the_venue(good):
    assert text_of(entry(good, "ivey2022seer"), "summary").startswith("CST 2022. Family: side-tuning")


def test_the_map_of_the_site_names_its_pages_in_order(good):
    found = etree.fromstring(sitemap(good.edition, ["new.html", "index.html", "papers/hart2022asker.html"]).encode())
    assert [place.text for place in found.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")] == [
        "https://tiny.example/book/index.html",
        "https://tiny.example/book/new.html",
        "https://tiny.example/book/papers/hart2022asker.html",
    ]


def test_the_map_leaves_out_what_is_not_for_reading(tmp_path):
    for name in ("index.html", "search.html", "404.html", "papers/a2020b.html", "_static/frame.html", "feed.xml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    assert sorted(pages(tmp_path)) == ["index.html", "papers/a2020b.html"]
