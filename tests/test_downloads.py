"""What the built site holds to take away and to follow, held against what the package gives."""

import hashlib
import json

import pytest
from contents import CHAPTERS, START
from every import each

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.downloads import downloads, feeds, sitemap
from peft_vlm_survey.export.notebooks import wheel_of
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.site.feeds import pages
from peft_vlm_survey.site.files import PDFS, addresses

PAGES = [START, *CHAPTERS, "search"]

pytestmark = [pytest.mark.built, pytest.mark.xdist_group("pages")]


def followed(soup):
    """Return the addresses of the feeds that a page's head names."""
    return [link["href"] for link in soup.head.select('link[rel="alternate"][type="application/atom+xml"]')]


def test_the_site_holds_every_download_as_the_package_gives_it(site):
    given = the_survey().derived(downloads)
    assert [name for name, text in given.items() if (site / "downloads" / name).read_bytes() != text.encode()] == []


def test_below_the_downloads_lies_nothing_else_but_rows_figures_and_licences(site):
    folder = site / "downloads"
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    package = wheel_of(the_survey().edition).removeprefix("downloads/")
    apart = ("data/", "figures/", "licences/")
    assert {name for name in names if not name.startswith(apart)} == {
        *the_survey().derived(downloads),
        package,
    }


def test_the_site_holds_every_feed_as_the_package_gives_it(site):
    assert {
        name: (site / name).read_text(encoding="utf-8") for name in the_survey().derived(feeds)
    } == the_survey().derived(feeds)


@pytest.mark.parametrize("page", [START, "catalogue", "search"])
def test_a_download_at_the_foot_of_the_sidebar_is_what_its_name_says(page, read_page):
    links = {link.get_text(): link["href"] for link in read_page(page).select(".survey-downloads ul a")}
    forms = {
        "PDF": PDFS[0],
        "BibTeX": "downloads/references.bib",
        "CSV": "downloads/papers.csv",
        "JSON": "downloads/papers.json",
    }
    assert {name: links.get(name) for name in (*forms, "Feed")} == {**forms, "Feed": "feed.xml"}


def test_there_is_a_map_of_the_site_if_and_only_if_it_has_an_address(site):
    path, url = site / "sitemap.xml", the_survey().edition.url
    assert (path.read_text(encoding="utf-8") if path.is_file() else "") == (
        sitemap(the_survey().edition, pages(site)) if url else ""
    )


def test_everything_that_a_chapter_may_lead_to_is_there(site):
    assert [address for address in addresses() if not (site / address).is_file()] == []


def test_the_addresses_hold_files_at_the_root_and_below_the_downloads():
    assert {*PDFS, "feed.xml", "downloads/papers.csv"} <= addresses() and "papers.csv" not in addresses()


@each("page", PAGES)
def test_a_page_names_the_feeds_in_its_head(page, read_page):
    own = [f"feed-{page}.xml"] if page in CATEGORIES else []
    assert followed(read_page(page)) == ["feed.xml", *own]


def test_the_page_of_what_is_new_leads_to_every_feed(read_page):
    assert {link["href"] for link in read_page("new").main.select("a[href]")} >= set(the_survey().derived(feeds))


def test_the_page_of_what_is_new_lists_the_newest_first(read_page):
    dates = [strong.get_text() for strong in read_page("new").main.select("strong")]
    assert dates[0] == max(paper.added for paper in the_survey().papers) and dates == sorted(dates, reverse=True)


def test_the_tables_are_those_that_the_description_beside_them_was_made_of(site):
    """What frictionless finds in these very tables with this description, test_package.py says."""
    folder = site / "downloads"
    text = (folder / "datapackage.json").read_text(encoding="utf-8")
    assert text == the_survey().derived(downloads)["datapackage.json"]
    resources = json.loads(text)["resources"]
    found = {one["path"]: (folder / one["path"]).read_bytes() for one in resources}
    assert len(found) == len(resources) > 20
    promised = {one["path"]: (one["bytes"], one["hash"]) for one in resources}
    assert {
        path: (len(table), f"sha256:{hashlib.sha256(table).hexdigest()}") for path, table in found.items()
    } == promised
