"""The explorer of the catalogue in headless Chromium, against counts made from the table of papers in Python."""

import csv
import io
import re
from collections import Counter
from functools import cache
from pathlib import Path
from urllib.parse import quote

import pytest
from conftest import ALLOWED, DESKTOP, PHONE, offline
from playwright.sync_api import expect

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.read.folding import beginning, folded
from peft_vlm_survey.read.glossary import names_of
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.read.tasks import GROUPS
from peft_vlm_survey.read.vocabulary import FACTS
from peft_vlm_survey.show.catalogue import weightiest_first
from peft_vlm_survey.site.catalogue_js import base_models

NONE = "not established"
AT_ONCE = 50
SELECTIONS = {
    "everything": ("", {}),
    "words": ("prompt tuning", {}),
    "one category": ("", {"category": ["vision"]}),
    "two categories and a year": ("", {"category": ["grounding", "qa"], "year": ["2024"]}),
    "words, a family and code": ("clip", {"family": ["adapter"], "code": ["yes"]}),
    "a group of tasks and one task": ("", {"task": ["Retrieval *", "visual captioning"]}),
    "a venue and a record": ("", {"venue": ["CVPR"], "status": ["verified"]}),
    "what is not established": ("", {"family": [NONE]}),
    "typed facts": ("", {"trained": ["tokens", "router"], "part": ["text encoder"], "gradient": ["yes"]}),
    "a fact that is not established": ("", {"place": [NONE], "category": ["qa"]}),
    "words of sentences, with numbers": ("frozen tokens", {"numbers": ["yes"], "chapter": ["yes"]}),
    "a licence and the year of the record": ("", {"licence": ["MIT"], "added": ["2026"]}),
    "nothing": ("xyzzy plugh", {"kind": ["survey"]}),
}

# Whose addresses are opened in a page that is loaded for them; by the others a page that stands is led on.
OPENED_ANEW = ["everything", "words, a family and code", "typed facts", "words of sentences, with numbers"]

pytestmark = [pytest.mark.built, pytest.mark.xdist_group("explorer")]  # whose tests share two pages
each_selection = pytest.mark.parametrize("selection", SELECTIONS)


@pytest.fixture(scope="module")
def papers(site):
    """Return the rows of the table that readers download, each with its values in every facet and its text."""
    with (site / "downloads" / "papers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with (site / "downloads" / "descriptions.csv").open(encoding="utf-8", newline="") as file:
        described = {row["key"]: row for row in csv.DictReader(file)}
    zh = {(term.field, term.value): term.zh for term in the_survey().vocabulary}
    reported = {number.method_key for number in (*the_survey().results, *the_survey().measurements)}
    cited = {citation.key for citation in the_survey().citations}
    groups = {task: f"{group} *" for group, tasks in GROUPS.items() for task in tasks}

    def members(cell):
        return cell.split("; ") if cell else []

    for row in rows:
        tasks = members(row["task"])
        row["facets"] = {
            "category": {row["category"]},
            "task": {*tasks, *(groups[task] for task in tasks)} or {NONE},
            "base": {*the_survey().derived(base_models)[row["key"]]} or {NONE},
            "family": {*members(row["family"]), *members(row["further_families"])} or {NONE},
            "year": {row["year"]},
            "venue": {the_survey().venue(row["key"]) or NONE},
            "code": {"yes" if row["code"] else "no"},
            "status": {row["status"]},
            "kind": {row["kind"]},
            "scope": {row["scope"] or "peft"},
            "numbers": {"yes" if row["key"] in reported else "no"},
            "chapter": {"yes" if row["key"] in cited else "no"},
            "licence": {row["code_licence"] or NONE},
            "added": {row["added"][:4]},
        }
        found = described.get(row["key"], {})
        facts = {name: members(found.get(name, "")) for name in FACTS}
        row["facets"] |= {name: set(values) or {NONE} for name, values in facts.items()}
        row["summary"], row["summary_zh"] = found.get("summary", ""), found.get("summary_zh", "")
        values = [(name, value) for name in FACTS for value in facts[name]]
        row["text_zh"] = folded("\n".join([row["summary_zh"], *(zh[value] for value in values)]))
        title = the_survey().references[row["key"]].title_without_formulas
        said = [title, row["name"], *members(row["aliases"]), *members(row["authors"]), row["summary"]]
        said += [name for task in tasks for name in names_of(task, the_survey().glossary_by_term)]
        said += the_survey().derived(base_models)[row["key"]]
        said += [f"{the_survey().venue(row['key'])} {row['year']}"]
        row["text"] = folded("\n".join([*said, *(value for _, value in values)]))
    return rows


@pytest.fixture(scope="module")
def options_of(papers):
    """Return every value that a paper has in a facet, by facet."""
    return {facet: set().union(*(paper["facets"][facet] for paper in papers)) for facet in papers[0]["facets"]}


@pytest.fixture(scope="module")
def page(chromium, site):
    """Return a page that stays for all tests of a state: the explorer takes longer to open than to answer.

    What is loaded, folded or focused at first is seen in a `new_page` alone. Nobody may type Chinese here: the sentences, once they are loaded, are searched with the others.
    """
    with offline(chromium, [], permissions=ALLOWED, color_scheme="light", viewport=DESKTOP) as context:
        yield context.new_page()


@pytest.fixture(scope="module")
def other(chromium, site):
    """Return the page of another reader, who opens the addresses that the first one sends."""
    with offline(chromium, [], viewport=DESKTOP) as context:
        yield context.new_page()


def matching(papers, words, chosen, but=None):
    """Return the papers with all the words that match every facet but one."""
    asked = folded(words).split()
    wanted = [(facet, set(values)) for facet, values in chosen.items() if facet != but]
    return [
        paper
        for paper in papers
        if all(word in paper["text"] for word in asked)
        and all(paper["facets"][facet] & values for facet, values in wanted)
    ]


# Another state of a page that stands; it passes through one without a hit, so that what was drawn is drawn anew.
_ANEW = """state => {
    for (const hash of ["#q=xyzzy+plugh", state && `#${state}`]) {
        history.replaceState(null, "", location.href.replace(/#.*/, "") + hash);
        dispatchEvent(new HashChangeEvent("hashchange"));
    }
}"""


def explore(page, site, state=""):
    """Bring the page into a state, which it is opened in where it is a new one, and wait for what is searched."""
    address = (site / "catalogue.html").as_uri()
    if page.url.partition("#")[0] == address:
        page.evaluate(_ANEW, state)
    else:
        page.goto(address + (f"#{state}" if state else ""))
    expect(page.locator(".explorer:not(.awaiting) table.explorer-table")).to_be_visible()


def box(page, facet, value):
    return page.locator(f'fieldset[data-facet="{facet}"] input[value="{value}"]')


def choose(page, words, chosen):
    """Search and filter as a reader does, who unfolds what is folded."""
    page.get_by_role("searchbox").fill(words)
    for facet, values in chosen.items():
        for value in values:
            for fold in page.locator(f'fieldset[data-facet="{facet}"] > details:not([open]) > summary').all():
                fold.click()
            for button in page.locator(f'fieldset[data-facet="{facet}"] button[aria-expanded="false"]').all():
                if button.is_visible() and not box(page, facet, value).is_visible():
                    button.click()
            box(page, facet, value).check()


def counts(page):
    """Return the number beside every option, by facet and value."""
    return page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("fieldset[data-facet]")].map(fieldset =>
            [fieldset.dataset.facet, Object.fromEntries([...fieldset.querySelectorAll("input")].map(box =>
                [box.value, Number(box.closest("label").querySelector(".count").textContent.replaceAll(",", ""))]))]))"""
    )


def drawn(page):
    """Return the keys of the rows that stand in the table, in order."""
    addresses = page.eval_on_selector_all(
        ".explorer-table tbody th a:not(.beside)", "links => links.map(link => link.getAttribute('href'))"
    )
    return [re.fullmatch(r"papers/(.+)\.html", address).group(1) for address in addresses]


def said(page):
    return page.locator(".explorer-tools > p[role=status]")


def exported(page, label):
    menu = page.locator(".explorer details.table-export")
    if menu.get_attribute("open") is None:
        menu.locator("summary").click()
    with page.expect_download() as download:
        menu.get_by_role("button", name=f"Download these papers as {label}").click()
    return Path(download.value.path()).read_bytes().decode("utf-8")


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("task=OCR&code=yes", "task 'OCR'"),
        ("tsak=grounding", "filter 'tsak'"),
        ("catalogue-speech", "category 'speech'"),
        ("sort=colour&all=year", "sort 'colour', all 'year'"),
    ],
)
def test_what_the_catalogue_has_not_is_said_and_left_out(page, site, papers, state, told):
    explore(page, site, state)
    problem = page.locator(".explorer-problem")
    expect(problem).to_have_text(f"Not known here, and left out: {told}.")
    found = matching(papers, "", {"code": ["yes"]} if "code=yes" in state else {})
    expect(page.locator(".explorer-tools > p")).to_have_text(f"{len(found):,} of {len(papers):,} papers")
    page.get_by_role("searchbox").fill("adapter")
    expect(problem).to_be_empty()
    page.wait_for_url(re.compile("#q=adapter(&code=yes)?$"))


@pytest.mark.parametrize("state", ["", "task=visual+captioning&sort=-year&all=task", "catalogue-qa", "explorer-papers"])
def test_of_what_the_catalogue_has_nothing_is_said(page, site, state):
    explore(page, site, state)
    expect(page.locator(".explorer-problem")).to_be_empty()


@each_selection
def test_hits_counts_exports_and_address_are_those_of_the_table_of_papers(
    selection, page, other, site, papers, options_of
):
    words, chosen = SELECTIONS[selection]
    explore(page, site)
    choose(page, words, chosen)
    hits = matching(papers, words, chosen)
    expect(said(page)).to_have_text(f"{len(hits):,} of {len(papers):,} papers")
    assert set(drawn(page)) <= {paper["key"] for paper in hits}
    assert len(drawn(page)) == min(len(hits), AT_ONCE)
    counted_as_in_python(page, papers, options_of, words, chosen, hits)
    exported_whole(page, site, {paper["key"] for paper in hits})
    if selection in OPENED_ANEW:
        other.goto("about:blank")
    kept_in_the_address(page, other, site, words, chosen)


def counted_as_in_python(page, papers, options_of, words, chosen, hits):
    """Hold the number beside every option against the table of papers."""
    shown = counts(page)
    assert set(shown) == set(options_of)
    for facet, options in shown.items():
        others = matching(papers, words, chosen, but=facet) if facet in chosen else hits
        counted = Counter(value for paper in others for value in paper["facets"][facet])
        assert options == {value: counted[value] for value in options_of[facet]}, facet


@cache
def the_entries(site):
    """Return the entries of the bibliography, which test_site.py lets pybtex read, by their keys."""
    text = (site / "downloads" / "references.bib").read_text(encoding="utf-8")
    return {re.match(r"@\w+\{([^,\s]+),", entry).group(1): entry.strip() for entry in re.split(r"\n(?=@)", text)}


def exported_whole(page, site, hits):
    """Hold the exports against the hits: every one and no other, in the order of the table."""
    rows = list(csv.DictReader(io.StringIO(exported(page, "CSV"), newline="")))
    assert {row["key"] for row in rows} == hits and len(rows) == len(hits)
    assert [row["key"] for row in rows][:AT_ONCE] == drawn(page)
    if hits:
        entries = [entry.strip() for entry in re.split(r"\n(?=@)", exported(page, "BibTeX"))]
        assert entries == [the_entries(site)[row["key"]] for row in rows]
    else:
        page.get_by_role("button", name="Download these papers as BibTeX").click()
        expect(page.locator("details.table-export [role=status]")).to_have_text("These rows name no paper.")


def kept_in_the_address(page, other, site, words, chosen):
    """Go to the address of what is seen, and hold the one against the other."""
    page.get_by_role("columnheader", name="Authors").get_by_role("button").click(click_count=2)
    expect(page).to_have_url(re.compile("#.*sort=-authors"))
    explore(other, site, page.url.partition("#")[2])
    assert drawn(other) == drawn(page)
    assert counts(other) == counts(page)
    assert other.get_by_role("searchbox").input_value() == words
    expect(other.get_by_role("columnheader", name="Authors")).to_have_attribute("aria-sort", "descending")
    assert {b.get_attribute("value") for b in other.locator("fieldset input:checked").all()} == {
        value for values in chosen.values() for value in values
    }


def test_the_exported_csv_says_what_the_table_of_papers_says(page, site, papers):
    explore(page, site)
    text = exported(page, "CSV")
    assert text.count("\r\n") == text.count("\n") == len(papers) + 1
    known = {paper["key"]: paper for paper in papers}
    groups = {f"{group} *" for group in GROUPS}
    for row in csv.DictReader(io.StringIO(text, newline="")):
        paper = known[row["key"]]
        for column in ("name", "aliases", "authors", "year", "category", "family", "further_families", "kind", "code"):
            assert row[column] == paper[column]
        assert (row["tasks"], row["arxiv"], row["status"]) == (paper["task"], paper["eprint"], paper["status"])
        assert (row["added"], row["depth"]) == (paper["added"], paper["depth"])
        assert row["address"] == the_survey().references[row["key"]].address
        assert {f"{group} *" for group in row["groups"].split("; ") if group} == paper["facets"]["task"] & groups
        assert row["title"] == the_survey().references[row["key"]].title_without_formulas


def test_addresses_are_loaded_once_and_only_for_who_exports_a_table(new_page, site):
    asked = []
    new_page.on("request", lambda request: asked.append(request.url) if "addresses.js" in request.url else None)
    explore(new_page, site, "q=lora")
    assert asked == []
    for _ in range(2):
        assert "https://" in exported(new_page, "CSV")
    assert len(asked) == 1


def test_where_the_addresses_cannot_be_loaded_the_export_says_so(new_page, site):
    new_page.route("**/addresses.js*", lambda route: route.abort())
    explore(new_page, site, "q=lora")
    new_page.locator(".explorer details.table-export summary").click()
    new_page.get_by_role("button", name="Download these papers as CSV").click()
    expect(new_page.locator("details.table-export [role=status]")).to_contain_text("could not be loaded")


def an_accent(text):
    return next(
        (word for word in re.findall(r"\w{4,}", text) if folded(word) != word.lower() and folded(word).isascii()), ""
    )


def test_papers_are_found_by_title_name_alias_and_author_whatever_case_accent_and_dash(page, site, papers):
    name = next(paper for paper in papers if paper["name"] and paper["name"] not in paper["title"])
    alias = next(paper for paper in papers if paper["aliases"])
    author = next(paper for paper in papers if an_accent(paper["authors"]))
    stroke = next(paper for paper in papers if "Bałazy" in paper["authors"])
    title = next(paper for paper in papers if "Vision-Language" in paper["title"])
    explore(page, site)
    for typed, paper in (
        (title["title"].upper(), title),
        (title["title"].replace("-", "–"), title),
        (f"{name['name'].lower()} {name['year']}".removesuffix(f" {name['year']}"), name),
        (alias["aliases"].split("; ")[0], alias),
        (folded(an_accent(author["authors"])), author),
        ("Balazy", stroke),
        (f"  {an_accent(author['authors'])}  {author['title'].split()[-1]} ", author),
    ):
        page.get_by_role("searchbox").fill(typed)
        hits = {paper["key"] for paper in matching(papers, typed, {})}
        assert paper["key"] in hits
        expect(said(page)).to_have_text(f"{len(hits):,} of {len(papers):,} papers")


@pytest.mark.parametrize("words", ["VQA 2025", "AAAI visual question answering"])
def test_papers_are_found_by_venue_and_year_and_by_the_short_name_of_their_task(words, page, site, papers):
    explore(page, site)
    page.get_by_role("searchbox").fill(words)
    hits = matching(papers, words, {})
    assert sum("visual question answering" in paper["task"] for paper in hits) > 5
    expect(said(page)).to_have_text(f"{len(hits):,} of {len(papers):,} papers")


def test_a_row_says_what_the_paper_does(page, site, papers):
    explore(page, site, "q=clip")
    known = {paper["key"]: paper["summary"] for paper in papers}
    rows = page.locator(".explorer-table tbody tr").all()
    for key, row in zip(drawn(page), rows, strict=True):
        sentences = row.locator("th .explorer-summary").all_inner_texts()
        assert sentences == ([known[key]] if known[key] else [])


def test_papers_are_found_by_what_they_do_in_english(page, site, papers):
    explore(page, site)
    paper = next(paper for paper in papers if paper["summary"])
    for typed in (paper["summary"], paper["summary"].upper().replace("-", "–"), " ".join(paper["summary"].split()[:9])):
        page.get_by_role("searchbox").fill(typed)
        hits = matching(papers, typed, {})
        assert paper["key"] in {hit["key"] for hit in hits}
        expect(said(page)).to_have_text(f"{len(hits):,} of {len(papers):,} papers")
        assert set(drawn(page)) <= {hit["key"] for hit in hits}


@pytest.mark.parametrize("way", ["typed", "in the address"])
def test_papers_are_found_by_what_they_do_in_chinese(way, new_page, site, papers):
    paper = next(paper for paper in papers if paper["summary_zh"])
    typed = re.search(r"[\u4e00-\u9fff]{8}", paper["summary_zh"]).group()
    hits = {other["key"] for other in papers if typed in other["text_zh"] or typed in other["text"]}
    assert paper["key"] in hits and len(hits) < 100
    explore(new_page, site, f"q={quote(typed)}" if way == "in the address" else "")
    if way == "typed":
        new_page.get_by_role("searchbox").fill(typed)
    expect(said(new_page)).to_have_text(f"{len(hits):,} of {len(papers):,} papers")
    assert paper["key"] in drawn(new_page)


def test_a_typed_fact_is_found_by_its_chinese_name(new_page, site, papers):
    term = next(term for term in the_survey().vocabulary if (term.field, term.value) == ("trained", "low-rank factors"))
    explore(new_page, site)
    new_page.get_by_role("searchbox").fill(term.zh)
    hits = [paper for paper in papers if folded(term.zh) in paper["text_zh"] or folded(term.zh) in paper["text"]]
    assert len(hits) > 50
    expect(said(new_page)).to_have_text(f"{len(hits):,} of {len(papers):,} papers")


def test_the_chinese_sentences_are_loaded_once_and_only_for_who_types_chinese(new_page, site):
    asked = []
    new_page.on("request", lambda request: asked.append(request.url) if "descriptions-zh" in request.url else None)
    explore(new_page, site, "q=clip")
    han = re.compile(r"[\u4e00-\u9fff]{2}")
    assert new_page.url.startswith("file:") and asked == []
    summaries = new_page.evaluate("survey.unpackedTexts(survey.data.former).join()")
    assert summaries and not han.search(summaries)  # and none has come under another name
    for typed in ("词元", "适配器", "clip"):
        new_page.get_by_role("searchbox").fill(typed)
        expect(new_page.locator(".explorer-table tbody tr th a").first).to_be_visible()
    assert len(asked) == 1


@pytest.mark.parametrize("way", ["typed", "in the address"])
def test_until_the_chinese_sentences_are_there_the_list_says_that_they_come(way, new_page, site):
    held = []
    new_page.route("**/descriptions-zh.js*", lambda route: held.append(route))
    if way == "typed":
        explore(new_page, site)
        new_page.get_by_role("searchbox").fill("适配器")
    else:  # which is not loaded as long as the sentences are not
        address = (site / "catalogue.html").as_uri() + f"#q={quote('适配器')}"
        new_page.goto(address, wait_until="domcontentloaded")
    expect(said(new_page)).to_have_text("Loading the sentences in Chinese …")
    expect(new_page.get_by_text("No paper matches.")).to_have_count(0)
    (route,) = held
    route.continue_()
    expect(said(new_page)).to_have_text(re.compile(r"^[1-9][\d,]* of [\d,]+ papers$"))
    expect(new_page.locator(".explorer-table tbody tr th a").first).to_be_visible()


def test_who_goes_on_in_english_waits_for_no_chinese(new_page, site, papers):
    new_page.route("**/descriptions-zh.js*", lambda route: None)  # it never comes
    explore(new_page, site)
    for typed in ("适配器", "adapter"):
        new_page.get_by_role("searchbox").fill(typed)
    hits = matching(papers, "adapter", {})
    expect(said(new_page)).to_have_text(f"{len(hits):,} of {len(papers):,} papers")


def test_where_the_chinese_sentences_cannot_be_loaded_the_list_says_so(new_page, site, papers):
    new_page.route("**/descriptions-zh.js*", lambda route: route.abort())
    explore(new_page, site, f"q={quote('适配器')}")
    expect(said(new_page)).to_have_text(f"0 of {len(papers):,} papers; the sentences in Chinese could not be loaded")
    expect(new_page.get_by_text("No paper matches.")).to_be_visible()
    new_page.get_by_role("searchbox").fill("")
    expect(said(new_page)).to_have_text(f"{len(papers):,} of {len(papers):,} papers")


def mode(page, facet):
    return page.locator(f'fieldset[data-facet="{facet}"] .explorer-mode')


def test_values_of_one_facet_are_alternatives_unless_the_reader_wants_all_and_the_address_says_so(
    page, other, site, papers
):
    chosen = ["tokens", "bottleneck"]
    explore(page, site)
    choose(page, "", {"trained": chosen[:1]})
    expect(mode(page, "trained")).to_be_hidden()  # one value has no two meanings
    choose(page, "", {"trained": chosen[1:]})
    some = [paper for paper in papers if paper["facets"]["trained"] & set(chosen)]
    both = [paper for paper in papers if paper["facets"]["trained"] >= set(chosen)]
    assert 0 < len(both) < len(some)
    expect(said(page)).to_have_text(f"{len(some):,} of {len(papers):,} papers")
    expect(mode(page, "trained")).to_contain_text("Any of these")
    mode(page, "trained").click()
    expect(mode(page, "trained")).to_contain_text("All of these")
    expect(said(page)).to_have_text(f"{len(both):,} of {len(papers):,} papers")
    assert set(drawn(page)) <= {paper["key"] for paper in both}
    expect(page).to_have_url(re.compile(r"#trained=tokens&trained=bottleneck&all=trained$"))
    explore(other, site, page.url.partition("#")[2])
    assert drawn(other) == drawn(page)
    expect(mode(other, "trained")).to_contain_text("All of these")
    mode(page, "trained").click()
    expect(said(page)).to_have_text(f"{len(some):,} of {len(papers):,} papers")
    expect(page).to_have_url(re.compile(r"#trained=tokens&trained=bottleneck$"))


def test_where_a_paper_has_one_value_alone_nobody_is_asked_whether_all_must_hold(page, site):
    explore(page, site, "year=2024&year=2025&category=qa&category=vision")
    for facet in ("year", "category", "status", "numbers"):
        expect(mode(page, facet)).to_have_count(0)


def test_the_filters_of_a_link_from_a_count_of_the_taxonomy_are_seen(new_page, site, papers):
    explore(new_page, site, "trained=tokens&part=text+encoder&part=class+weights")
    hits = matching(papers, "", {"trained": ["tokens"], "part": ["text encoder", "class weights"]})
    expect(said(new_page)).to_have_text(f"{len(hits):,} of {len(papers):,} papers")
    for facet, value in (("trained", "tokens"), ("part", "text encoder"), ("part", "class weights")):
        expect(box(new_page, facet, value)).to_be_visible()
        expect(box(new_page, facet, value)).to_be_checked()


def test_letters_are_folded_as_python_folds_them(page, site):
    explore(page, site)
    letters = [
        chr(number) for number in (*range(0x20, 0x250), *range(0x1E00, 0x2070), 0x1D70B) if chr(number).isprintable()
    ]
    assert page.evaluate("letters => letters.map(survey.folded)", letters) == [folded(letter) for letter in letters]


@pytest.mark.parametrize("words", ["vpt", " LoRA ", "prompt  tuning", "Compacter", "adapter", "xyzzy plugh"])
def test_papers_called_as_was_typed_come_first_and_those_whose_name_begins_so_next(words, page, other, site, papers):
    typed = " ".join(folded(words).split())

    def rank(paper):
        names = [folded(name) for name in (paper.name, *paper.aliases) if name]
        return 0 if typed in names else 1 if any(name.startswith(typed) for name in names) else 2

    hits = {paper["key"] for paper in matching(papers, words, {})}
    wanted = [p.key for p in sorted((p for p in weightiest_first(the_survey()) if p.key in hits), key=rank)]
    explore(page, site)
    page.get_by_role("searchbox").fill(words)
    rows = list(csv.DictReader(io.StringIO(exported(page, "CSV"), newline="")))
    assert [row["key"] for row in rows] == wanted and drawn(page) == wanted[:AT_ONCE]
    expect(page).to_have_url(re.compile("#q=[^&]+$"))
    explore(other, site, page.url.partition("#")[2])
    assert drawn(other) == wanted[:AT_ONCE]


def test_a_title_that_begins_with_the_name_says_it_once(page, site, papers):
    explore(page, site)
    known = {paper["key"]: paper for paper in papers}
    shown = page.evaluate(
        """() => {
            const explorer = document.querySelector(".explorer");
            explorer.style.display = "none"; // rows by the thousand that nobody sees need no place
            for (let more; (more = document.querySelector(".explorer-more")) && !more.hidden;) more.click();
            const links = [...document.querySelectorAll(".explorer-table tbody th a:not(.beside)")];
            const shown = links.map(link => [link.getAttribute("href"), link.textContent, link.querySelector("strong")?.textContent ?? ""]);
            explorer.style.display = "";
            return shown;
        }"""
    )
    assert len(shown) == len(papers)
    for address, text, strong in shown:
        key = re.fullmatch(r"papers/(.+)\.html", address).group(1)
        name, title = known[key]["name"], the_survey().references[key].title_without_formulas
        letters = beginning(title, name)
        assert (text, strong) == ((title, title[:letters]) if letters else (f"{name} {title}".strip(), name))


def test_no_word_of_the_families_is_broken(page, site):
    explore(page, site, "q=lora")
    heights = page.locator(".explorer-table td.of-family").evaluate_all(
        """cells => cells.flatMap(cell => [...cell.firstChild.data.matchAll(/[^\\s,-]+/g)].map(word => {
            const range = document.createRange();
            range.setStart(cell.firstChild, word.index);
            range.setEnd(cell.firstChild, word.index + word[0].length);
            const box = range.getBoundingClientRect();
            return [word[0], box.height < 1.5 * parseFloat(getComputedStyle(cell).fontSize), box.right <= cell.getBoundingClientRect().right];
        }))"""
    )
    assert "reparameterisation" in {word for word, _, _ in heights}
    assert [word for word, one_line, inside in heights if not (one_line and inside)] == []


def test_columns_are_sorted_both_ways_and_what_is_missing_stands_last(page, site):
    explore(page, site, "q=lora")
    heads = page.locator(".explorer-table thead th")
    assert [head.get_attribute("scope") for head in heads.all()] == ["col"] * 8
    assert heads.nth(3).get_attribute("aria-sort") is None  # what is called LoRA stands first
    known = {paper.key: paper for paper in the_survey().papers}
    for _ in range(2):
        heads.last.get_by_role("button").click()
        code = [bool(known[key].code) for key in drawn(page)]
        assert code == sorted(code, reverse=True)
    heads.nth(3).get_by_role("button").click()
    years = [the_survey().references[key].year for key in drawn(page)]
    assert years == sorted(years, reverse=True)
    assert [head.get_attribute("aria-sort") for head in heads.all()].count(None) == 7
    page.get_by_role("searchbox").fill("")
    page.get_by_role("button", name="Clear all").click()
    assert [head.get_attribute("aria-sort") for head in heads.all()] == [None] * 8  # what weighs most first


def test_more_rows_are_shown_on_demand_until_all_are(page, site, papers):
    explore(page, site, "category=grounding")
    hits = len(matching(papers, "", {"category": ["grounding"]}))
    more = page.get_by_role("button", name="more of")
    while more.is_visible():
        before = len(drawn(page))
        more.click()
        assert len(drawn(page)) == min(hits, before + AT_ONCE)
        expect(page.locator(".explorer-table tbody tr").nth(before).get_by_role("link").first).to_be_focused()
    assert len(drawn(page)) == hits > AT_ONCE


def test_the_keyboard_alone_searches_filters_removes_and_clears(new_page, site, papers):
    def tab_to(wanted):
        for _ in range(150):
            new_page.keyboard.press("Tab")
            if new_page.evaluate(f"document.activeElement.matches({wanted!r})"):
                return
        pytest.fail(f"Tab does not reach {wanted}")

    explore(new_page, site)
    tab_to("#explorer-words")
    new_page.keyboard.type("adapter")
    tab_to('input[value="language"]')
    new_page.keyboard.press("Space")
    hits = matching(papers, "adapter", {"category": ["language"]})
    expect(said(new_page)).to_have_text(f"{len(hits):,} of {len(papers):,} papers")
    expect(box(new_page, "category", "language")).to_be_focused()
    tab_to('[data-facet="task"] .unfold')
    new_page.keyboard.press("Enter")
    new_page.keyboard.press("Tab")
    expect(box(new_page, "task", GROUPS[next(iter(GROUPS))][0])).to_be_focused()
    tab_to(".explorer-chips button")
    new_page.keyboard.press("Enter")
    expect(new_page.get_by_role("searchbox")).to_be_focused()
    expect(said(new_page)).to_have_text(f"{len(matching(papers, 'adapter', {})):,} of {len(papers):,} papers")
    tab_to(".explorer-clear")
    new_page.keyboard.press("Enter")
    expect(said(new_page)).to_have_text(f"{len(papers):,} of {len(papers):,} papers")
    expect(new_page.get_by_role("searchbox")).to_be_focused()
    expect(new_page).to_have_url((site / "catalogue.html").as_uri())


def test_the_link_behind_the_search_leads_the_keyboard_to_the_papers(page, site):
    explore(page, site, "category=qa")
    address = page.url
    page.get_by_role("searchbox").focus()
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to the papers")
    expect(link).to_be_focused()
    expect(link).to_have_css("opacity", "1")
    page.keyboard.press("Enter")
    expect(page.locator(".explorer-table tbody tr").first.get_by_role("link").first).to_be_focused()
    expect(link).to_have_css("opacity", "0")
    assert page.url == address


def test_where_nothing_matches_a_button_clears_search_and_filters(page, site, papers):
    explore(page, site, "q=xyzzy+plugh&category=qa")
    (row,) = page.locator(".explorer-table tbody tr").all()
    expect(row).to_contain_text("No paper matches.")
    page.get_by_role("searchbox").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(row.get_by_role("button", name="Clear search and filters")).to_be_focused()
    page.keyboard.press("Enter")
    expect(said(page)).to_have_text(f"{len(papers):,} of {len(papers):,} papers")
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.get_by_role("searchbox")).to_have_value("")
    expect(page.get_by_text("No paper matches.")).to_have_count(0)


def test_chosen_filters_stand_as_chips_that_remove_them(new_page, site):
    explore(new_page, site, "category=vision&family=prompt")
    chips = new_page.get_by_role("list", name="Chosen filters").get_by_role("button")
    assert chips.all_text_contents() == ["Remove Category: Vision-only ×", "Remove Family: Prompt ×"]
    new_page.get_by_role("button", name="Remove Category: Vision-only").click()
    expect(chips).to_have_count(1)
    expect(box(new_page, "category", "vision")).not_to_be_checked()
    expect(chips.first).to_be_focused()


def test_the_link_is_copied_at_once(page, site):
    explore(page, site)
    page.get_by_role("searchbox").fill(" lora ")
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator(".explorer-said")).to_have_text("Link copied.")
    assert page.evaluate("navigator.clipboard.readText()") == (site / "catalogue.html").as_uri() + "#q=lora"


@pytest.mark.parametrize("category", ["grounding", "language"])
def test_a_link_to_a_list_shows_its_category(category, new_page, site, papers):
    explore(new_page, site, f"catalogue-{category}")
    hits = matching(papers, "", {"category": [category]})
    expect(said(new_page)).to_have_text(f"{len(hits):,} of {len(papers):,} papers")
    expect(new_page.get_by_role("searchbox")).to_be_in_viewport()  # and not what leads to the plain list


def test_many_venues_are_folded_and_a_chosen_one_is_always_seen(new_page, site):
    explore(new_page, site)
    boxes = new_page.locator('fieldset[data-facet="venue"] input').filter(visible=True)
    few = boxes.count()
    new_page.locator('fieldset[data-facet="venue"]').get_by_role("button", name="Show all").click()
    assert boxes.count() > few
    last = boxes.last.get_attribute("value")
    boxes.last.check()
    new_page.get_by_role("button", name="Show fewer").click()
    assert boxes.count() == few + 1
    expect(box(new_page, "venue", last)).to_be_visible()


def test_axe_finds_nothing_where_everything_is_unfolded(inspect, site):
    def unfold(page):
        explore(page, site, "q=clip&category=vision&category=qa&task=Retrieval+*&task=image+classification&kind=survey")
        for summary in page.locator(".explorer summary:visible").all():
            summary.click()
        page.evaluate("document.querySelectorAll('.explorer details').forEach(details => { details.open = true; })")

    assert inspect(unfold, thoroughly=True) == {}


def test_axe_finds_nothing_where_nothing_matches(inspect, site):
    def search_in_vain(page):
        explore(page, site, "q=xyzzy+plugh")
        page.get_by_role("searchbox").focus()
        page.keyboard.press("Tab")

    assert inspect(search_in_vain) == {}


def test_a_phone_shows_rows_as_cards_and_folds_the_filters(chromium, site):
    with offline(chromium, [], viewport=PHONE) as context:
        page = context.new_page()
        explore(page, site)
        expect(page.locator("fieldset[data-facet] input").first).not_to_be_visible()
        page.locator(".explorer-facets > summary").click()
        box(page, "category", "grounding").check()
        expect(page.locator(".explorer-facets > summary")).to_have_text("Filters (1)")
        row = page.locator(".explorer-table tbody tr").first
        assert row.evaluate("row => [...row.cells].every(cell => cell.getBoundingClientRect().right <= innerWidth)")
        assert row.get_by_role("rowheader").evaluate("cell => cell.getBoundingClientRect().width") > 300
        sorts = page.locator(".explorer-table thead button")
        right = page.locator(".explorer-table").evaluate("table => table.getBoundingClientRect().right")
        assert all(
            sort.evaluate("(sort, right) => sort.getBoundingClientRect().right <= right", right) for sort in sorts.all()
        )


def test_without_scripts_the_page_leads_to_lists_that_name_every_paper(page_without_scripts, site):
    page = page_without_scripts
    page.goto((site / "catalogue.html").as_uri())
    expect(page.locator(".explorer input, .explorer button")).to_have_count(0)
    leading = page.locator(".bd-article .to-list a").filter(visible=True)
    addresses = leading.evaluate_all("links => links.map(link => link.href.split('#')[0])")
    named = []
    for address in dict.fromkeys(addresses):
        page.goto(address)
        links = page.locator(".catalogue-list li a").filter(visible=True)
        named += links.evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert sorted(named) == sorted(f"../papers/{paper.key}.html" for paper in the_survey().papers)


def test_where_the_papers_cannot_be_loaded_the_lists_are_left(new_page, site):
    new_page.route("**/catalogue.js*", lambda route: route.abort())
    new_page.goto((site / "catalogue.html").as_uri())
    expect(new_page.locator(".to-list")).to_have_count(len(CATEGORIES))
    expect(new_page.locator(".explorer input")).to_have_count(0)


WORDS = ("authors", "descriptions-former", "descriptions-latter")  # what the explorer loads once it shows the papers


@pytest.mark.parametrize("script", WORDS)
def test_papers_are_shown_and_filtered_before_what_is_searched_is_there(script, new_page, site, papers):
    held = []
    new_page.route(f"**/{script}.js*", lambda route: held.append(route))
    new_page.goto((site / "catalogue.html").as_uri(), wait_until="domcontentloaded")
    expect(said(new_page)).to_have_text(f"{len(papers):,} of {len(papers):,} papers")
    first = {paper["key"]: paper["summary"] for paper in papers}
    for row in new_page.locator(".explorer-table tbody tr").all()[:5]:
        key = row.locator("a").first.get_attribute("href").removeprefix("papers/").removesuffix(".html")
        expect(row.locator(".explorer-summary")).to_have_text(first[key])
    box(new_page, "category", "language").check()
    hits = matching(papers, "", {"category": ["language"]})
    expect(said(new_page)).to_have_text(f"{len(hits):,} of {len(papers):,} papers")
    new_page.get_by_role("searchbox").fill("lora")
    expect(said(new_page)).to_have_text("Loading what is searched …")
    expect(new_page.get_by_text("No paper matches.")).to_have_count(0)
    (route,) = held
    route.continue_()
    hits = matching(papers, "lora", {"category": ["language"]})
    expect(said(new_page)).to_have_text(f"{len(hits):,} of {len(papers):,} papers")


def test_a_row_that_was_drawn_before_its_summary_came_gets_it(new_page, site, papers):
    held = []
    new_page.route("**/descriptions-latter.js*", lambda route: held.append(route))
    new_page.goto((site / "catalogue.html").as_uri() + "#year=2021", wait_until="domcontentloaded")
    expect(new_page.locator(".explorer-table tbody tr").first).to_be_visible()
    last = new_page.locator(".explorer-table tbody tr").last.locator(".explorer-summary")
    expect(last).to_have_count(0)  # the weightiest papers have theirs with the catalogue
    (route,) = held
    route.continue_()
    key = drawn(new_page)[-1]
    expect(last).to_have_text(next(paper["summary"] for paper in papers if paper["key"] == key))


@pytest.mark.parametrize("script", WORDS)
def test_where_what_is_searched_cannot_be_loaded_titles_still_are(script, new_page, site, papers):
    new_page.route(f"**/{script}.js*", lambda route: route.abort())
    explore(new_page, site, "q=vl-adapter")
    expect(said(new_page)).to_contain_text("summaries and further authors could not be loaded")
    assert "sung2022vladapter" in drawn(new_page)
    new_page.locator(".explorer details.table-export summary").click()
    new_page.get_by_role("button", name="Download these papers as CSV").click()
    expect(new_page.locator("details.table-export [role=status]")).to_contain_text("could not be loaded")


def test_only_a_screenful_of_the_papers_is_drawn_however_many_match(page, site):
    explore(page, site)  # which is what keeps a key's answer from being felt as a pause
    for words in ("", "l", "lora"):
        page.locator("#explorer-words").fill(words)
        assert 0 < page.locator(".explorer tbody tr").count() <= 50


def test_only_the_catalogue_loads_the_explorer(site):
    loading = [
        path.name
        for path in site.glob("*.html")
        if re.search(r"_static/explorer\.(?:js|css)", path.read_text(encoding="utf-8"))
    ]
    assert loading == ["catalogue.html"]
