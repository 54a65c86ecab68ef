"""The pages of the papers as files: what each shows, where it leads, and what a reference manager takes from it."""

import json
import re
from collections import Counter
from functools import cache
from urllib.parse import parse_qsl, urldefrag

import pytest
from bs4 import BeautifulSoup, SoupStrainer
from contents import CHAPTERS, START
from every import each
from markupsafe import escape

from peft_vlm_survey.compare.related import related_by_paper
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.downloads import paper_bib, paper_ris
from peft_vlm_survey.read.tasks import GROUP_OF
from peft_vlm_survey.show.facts import chapters_by_paper
from peft_vlm_survey.show.paper_page import PaperPages


@cache
def the_papers():
    return {paper.key: paper for paper in the_survey().papers}


@cache
def the_tables():
    pages = PaperPages(the_survey())
    return {paper.key: tables for paper in the_survey().papers if (tables := pages.tables(paper.key))}


# What a page may have or lack; the sample has a paper for each.
FIELDS = {
    "a section": lambda p, r: p.depth == "core",
    "no section": lambda p, r: p.depth != "core",
    "a name": lambda p, r: p.name,
    "no name": lambda p, r: not p.name,
    "other names": lambda p, r: p.aliases,
    "further families": lambda p, r: p.further_families,
    "no family": lambda p, r: not p.family,
    "several tasks": lambda p, r: len(p.task) > 1,
    "no task": lambda p, r: not p.task,
    "a study": lambda p, r: p.kind == "study",
    "a survey": lambda p, r: p.kind == "survey",
    "a library": lambda p, r: p.kind == "library",
    "a training-free relative": lambda p, r: p.kind == "training-free",
    "code with its licence": lambda p, r: p.code_licence,
    "code without its licence": lambda p, r: p.code and not p.code_licence,
    "no code": lambda p, r: not p.code,
    "a partial record": lambda p, r: p.status == "partial",
    "a journal": lambda p, r: r.type == "article",
    "a preprint": lambda p, r: r.type == "misc",
    "pages": lambda p, r: "pages" in r.fields,
    "no DOI": lambda p, r: "doi" not in r.fields,
    "no arXiv identifier": lambda p, r: "eprint" not in r.fields,
    "a formula in the title": lambda p, r: "$" in r.title,
    "an author of two family names": lambda p, r: any(" " in name for name in r.family_names),
    "a description": lambda p, r: the_survey().description(p.key),
    "no description": lambda p, r: not the_survey().description(p.key),
    "code that was found by its name": lambda p, r: p.code_found == "name",
    "no code although it was looked for": lambda p, r: p.code_found == "none",
    "nothing trained": lambda p, r: (d := the_survey().description(p.key)) and d.trained == ("nothing",),
    "a place in a block": lambda p, r: (d := the_survey().description(p.key)) and d.place,
    "numbers": lambda p, r: p.key in the_tables(),
    "numbers in its own tables": lambda p, r: any(t.origin.key == p.key for t in the_tables().get(p.key, ())),
    "numbers in the tables of others": lambda p, r: any(t.origin.key != p.key for t in the_tables().get(p.key, ())),
}


@cache
def the_sample():
    return {
        field: next((key for key, paper in the_papers().items() if has(paper, the_survey().references[key])), "")
        for field, has in FIELDS.items()
    }


@cache
def the_keys():
    return sorted(filter(None, set(the_sample().values())))


pytestmark = [pytest.mark.built, pytest.mark.xdist_group("pages")]
each_paper = each("key", the_keys)


@pytest.fixture(scope="module")
def page(read_page):
    """Return a function that parses the page of a paper."""
    return lambda key: read_page(f"papers/{key}")


def zotero(soup: BeautifulSoup) -> dict[str, object]:
    """Return what Zotero's *Embedded Metadata* makes of a page's head; a tag's last value wins, authors add up."""
    said = {meta.get("name", meta.get("property")): meta["content"] for meta in soup.select("meta[content]")}
    kinds = {"citation_journal_title": "journalArticle", "citation_conference_title": "conferencePaper"}
    authors = []
    for meta in soup.select('meta[name="citation_author"]'):
        parts = re.split(r"\s*,\s*", meta["content"])
        # Two names of several words around a comma are taken for two authors.
        split = len(parts) > 1 and " " in parts[0] and " " in parts[1]
        authors += parts if split else [" ".join(reversed(parts)).replace("\u00a0", " ")]
    return {
        "type": next((kind for name, kind in kinds.items() if name in said), "journalArticle"),
        "title": said["citation_title"],
        "authors": authors,
        "date": said["citation_publication_date"],
        "publication": said.get("prism.publicationName", said["og:site_name"]),
        "pages": "-".join(filter(None, [said.get("citation_firstpage"), said.get("citation_lastpage")])),
        "doi": said.get("citation_doi", ""),
    }


def expected(key):
    reference = the_survey().references[key]
    return {
        "type": {"inproceedings": "conferencePaper"}.get(reference.type, "journalArticle"),
        "title": reference.title_without_formulas,
        "authors": list(reference.authors),
        "date": str(reference.year),
        "publication": reference.venue,
        "pages": re.sub("-+|–", "-", reference.plain("pages")),
        "doi": reference.plain("doi"),
    }


def test_the_sample_has_a_paper_for_almost_every_field():
    assert len([field for field, key in the_sample().items() if key]) >= len(FIELDS) - 2


def test_every_paper_has_its_page_under_its_title(site):
    wrong = []
    for key in the_papers():
        text = (site / "papers" / f"{key}.html").read_text(encoding="utf-8")
        heading = BeautifulSoup(re.search(r"<h1>.*?</h1>", text, re.DOTALL).group(), "html.parser").get_text()
        if heading != the_survey().references[key].title_without_formulas:
            wrong.append(key)
    assert wrong == []


def test_zotero_takes_the_right_paper_from_every_page(site):
    wrong = {}
    for key in the_papers():
        head = (site / "papers" / f"{key}.html").read_text(encoding="utf-8").partition("</head>")[0]
        taken = zotero(BeautifulSoup(head, "html.parser", parse_only=SoupStrainer("meta")))
        if taken != expected(key):
            wrong[key] = taken
    assert wrong == {}


def test_no_number_has_two_addresses_and_none_is_missing(site):
    found = []
    for key in the_tables():
        text = (site / "papers" / f"{key}.html").read_text(encoding="utf-8")
        found += [(key, anchor) for anchor in re.findall(r'id="(r-[0-9a-f]+)"', text)]
    numbers = {(n.home, n.anchor) for tables in the_tables().values() for table in tables for n in table.numbers}
    assert sorted(found) == sorted(numbers)


def test_every_link_to_a_number_leads_to_exactly_one_place(site):
    texts = {
        path: path.read_text(encoding="utf-8")
        for folder in ("", "papers", "benchmarks")
        for path in (site / folder).glob("*.html")
    }
    places = {path: Counter(re.findall(r'\bid="(r-[0-9a-f]+)"', text)) for path, text in texts.items()}
    leads_to = cache(lambda folder, page: (folder / page).resolve())
    links = {
        (leads_to(path.parent, page) if page else path, anchor)
        for path, text in texts.items()
        for page, anchor in re.findall(r'href="([^"#:]*)#(r-[0-9a-f]+)"', text)
    }
    assert len(links) > 1000
    assert [(path.name, anchor) for path, anchor in links if places.get(path, {}).get(anchor) != 1] == []


def test_every_drawing_is_a_file_of_the_site(site):
    folder = site / "_images" / "drawings"
    assert {path.stem for path in folder.iterdir()} == set(the_survey().drawings_by_key)
    pages = (site / "papers" / f"{key}.html" for key in set(the_survey().drawings_by_key) & set(the_papers()))
    sources = [
        re.findall(r'<figure class="drawing"><img src="([^"]+)"', page.read_text(encoding="utf-8")) for page in pages
    ]
    assert all(len(found) == 1 and (site / "papers" / found[0]).resolve().is_file() for found in sources)


def test_every_page_opens_with_what_the_paper_does_or_says_why_it_does_not(site):
    wrong = []
    for key in the_papers():
        text = (site / "papers" / f"{key}.html").read_text(encoding="utf-8")
        opening = text[text.index("<h1>") : text.index('<section id="facts">')]
        found = the_survey().description(key)
        said = (found.summary, found.summary_zh) if found else ("only its title was at hand",)
        large = key in the_survey().drawings_by_key
        drawn = opening.count('<svg class="schematic"') == bool(found and found.trained and not large)
        drawn = drawn and opening.count('<figure class="drawing">') == large
        if not drawn or [part for part in said if escape(part) not in opening]:
            wrong.append(key)
    assert wrong == []


@each_paper
def test_bibtex_and_ris_are_folded_away_beside_the_title(key, page):
    (fold,) = page(key).select("#to-cite details")
    assert not fold.has_attr("open") and len(fold.select("[data-copy]")) == 2
    sections = [section["id"] for section in page(key).select(".paper-page > section")]
    assert sections[0] == "facts" and sections[-1] == "record"
    assert fold.find_previous("h1") and fold.find_next(class_="paper-authors")


@each_paper
def test_the_contents_of_a_page_list_its_sections(key, page):
    listed = [link["href"] for link in page(key).select(".page-toc a, .bd-toc-nav a") if len(link["href"]) > 1]
    assert listed == [f"#{section['id']}" for section in page(key).select(".paper-page > section")]


@each_paper
def test_the_authors_and_the_venue_stand_in_full(key, page):
    text = page(key).find("article").get_text(" ")
    reference = the_survey().references[key]
    assert [part for part in (*reference.authors, reference.venue, str(reference.year)) if part not in text] == []


@each_paper
@pytest.mark.parametrize(("format", "made"), [("bib", paper_bib), ("ris", paper_ris)])
def test_the_entry_stands_there_to_copy_and_to_be_made_a_file_of(format, made, key, page):
    names = {"bib": "BibTeX", "ris": "RIS"}
    said = made(the_survey(), key)
    (entry,) = page(key).select(f'[data-copy="{names[format]}"]')
    assert entry["data-file"] == f"{key}.{format}"
    assert entry.pre.get_text().strip() == said.strip()


@each_paper
def test_paper_code_and_preprint_are_linked(key, page):
    links = {link["href"] for link in page(key).select(".paper-links a") if "compare.html" not in link["href"]}
    reference = the_survey().references[key]
    wanted = {reference.fields.get("url"), the_papers()[key].code or None}
    wanted |= {f"https://doi.org/{reference.fields['doi']}"} if "doi" in reference.fields else set()
    wanted |= {f"https://arxiv.org/abs/{reference.fields['eprint']}"} if "eprint" in reference.fields else set()
    assert links == wanted - {None}


@each_paper
def test_what_is_not_established_is_no_dash_among_the_facts(key, page):
    facts = page(key).find(id="facts")
    assert [term.get_text() for term in facts.select("dd") if term.get_text().strip() in ("", "–", "None")] == []


@each_paper
def test_every_task_leads_to_its_papers_and_every_group_is_named_once(key, page):
    links = list(page(key).select('#facts a[href^="../catalogue.html#task="]'))
    assert sorted(link.get_text() for link in links) == sorted(the_papers()[key].task)
    assert all(parse_qsl(urldefrag(link["href"]).fragment) == [("task", link.get_text())] for link in links)
    said = links[0].parent.get_text() if links else ""
    assert [
        group for group in {GROUP_OF[task] for task in the_papers()[key].task} if said.count(f"({group})") > 1
    ] == []


@each_paper
def test_the_chapters_that_discuss_it_stand_in_the_order_of_the_contents(key, page):
    order = [START, *CHAPTERS]
    links = [link["href"].removeprefix("../").removesuffix(".html") for link in page(key).select("#discussed a")]
    chapters = [name for name in links if "#" not in name]
    assert chapters == sorted(chapters, key=order.index)
    assert set(chapters) == set(the_survey().derived(chapters_by_paper).get(key, ()))


@each_paper
def test_related_papers_are_linked(key, page):
    links = [link["href"] for link in page(key).select("#related a") if "compare.html" not in link["href"]]
    assert links == [f"{other.key}.html" for other in the_survey().derived(related_by_paper)[key]]


@each_paper
def test_the_record_says_where_and_when_it_was_read(key, page):
    record = " ".join(page(key).find(id="record").get_text().split())
    paper = the_papers()[key]
    assert [part for part in (key, paper.source, paper.checked, paper.added, paper.status) if part not in record] == []


@each_paper
def test_the_description_is_one_and_names_the_paper(key, page):
    (described,) = page(key).select('meta[name="description"]')
    assert the_survey().references[key].title_without_formulas in described["content"]
    assert ("reported numbers" in described["content"]) is bool(page(key).find(id="numbers"))


@each_paper
def test_link_previews_name_the_paper(key, page):
    said = {meta["property"]: meta["content"] for meta in page(key).select('meta[property^="og:"]')}
    assert said["og:title"] == the_survey().references[key].title_without_formulas


@each_paper
def test_search_engines_are_told_of_an_article(key, page):
    (script,) = page(key).select('script[type="application/ld+json"]')
    said = json.loads(script.string)
    assert (said["@type"], said["name"]) == ("ScholarlyArticle", the_survey().references[key].title_without_formulas)


@each("key", lambda: sorted(key for key, paper in the_papers().items() if paper.depth == "core"))
def test_a_discussed_paper_leads_to_its_section_and_back(key, page, read_page):
    chapter = the_papers()[key].category
    assert page(key).select(f'#discussed a[href="../{chapter}.html#sec-{key}"]')
    assert read_page(chapter).select(f'a[href="papers/{key}.html"]')


def test_citations_of_catalogued_papers_lead_to_their_pages_and_others_to_the_list(read_page):
    links = [link["href"] for name in ("grounding", "modules", "vision") for link in read_page(name).select("a.cite")]
    listed = {link.partition("#ref-")[2] for link in links if link.startswith("references.html#")}
    papers = {link.removeprefix("papers/").removesuffix(".html") for link in links if link.startswith("papers/")}
    assert papers and listed and papers <= the_papers().keys() and not listed & the_papers().keys()
    assert all(link.startswith(("references.html#ref-", "papers/")) for link in links)


def test_the_list_of_references_names_what_is_cited_and_nothing_else(read_page):
    listed = {entry["id"].removeprefix("ref-") for entry in read_page("references").select("div.citation")}
    assert {citation.key for citation in the_survey().citations if citation.path != "book/catalogue.md"} <= listed
    assert len(listed) < len(the_survey().references) / 2


def test_titles_in_the_list_of_references_lead_to_the_pages_of_the_papers(read_page):
    for entry in read_page("references").select("div.citation"):
        key = entry["id"].removeprefix("ref-")
        links = [link["href"] for link in entry.select("a.paper")]
        assert links == ([f"papers/{key}.html"] if key in the_papers() else [])


def test_the_search_knows_every_page_by_its_title(site):
    script = (site / "_static" / "search-texts.js").read_text(encoding="utf-8")
    held = json.loads(script.partition("=")[2].rstrip().rstrip(";"))
    titles = {key: title for key, _, title, *_ in held["papers"]}
    assert titles == {key: the_survey().references[key].title_without_formulas for key in the_papers()}
