"""The built site as files: what a page says, where it leads, what it loads."""

import gzip
import json
import re
import subprocess
from collections import Counter
from functools import cache
from itertools import pairwise
from urllib.parse import parse_qsl, unquote, urldefrag, urljoin

import pytest
from bs4 import NavigableString, Tag
from comparisons import is_comparison
from contents import CHAPTERS, START
from every import each
from test_benchmarks_site import the_names as the_benchmarks
from test_csl import unlike
from test_datasets_site import the_names as the_datasets
from test_papers_site import the_keys

from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.messages.catalogues import chapters
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.read.tasks import GROUPS
from peft_vlm_survey.read.vocabulary import FACTS
from peft_vlm_survey.site.moved import MOVED

CHINESE = [f"zh/{name}" for name in (*chapters(ROOT), "search")]
PAGES = [
    START,
    *CHAPTERS,
    "search",
    "licences",
    *CHINESE,
    *(f"{kind}/{name}" for kind in ("catalogue", "splits") for name in CATEGORIES),
]


FOREIGN = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
CSS_ADDRESS = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")
WEIGHT = 166_000  # bytes, compressed: six fonts of 104 kB, and 60 kB of all the rest
HIDDEN = {"script", "style", "template", "noscript", "pre", "code"}

pytestmark = [pytest.mark.built, pytest.mark.xdist_group("pages")]
each_page = each("page", PAGES)


@cache
def the_records():
    """Return the pages that have between them what a page of a paper, a benchmark or a data set may have."""
    names = {"papers": the_keys(), "benchmarks": the_benchmarks(), "datasets": the_datasets()}
    return [f"{folder}/{name}" for folder, inside in names.items() for name in inside]


each_page_and_record = each("page", lambda: [*PAGES, *the_records()])


def squeezed(text):
    """Return the text without spaces, so that line breaks and narrow spaces do not matter."""
    return re.sub(r"\s", "", text)


def visible(soup):
    """Return the text that a reader sees, without code, formulas and scripts."""

    def texts(element):
        for child in element.children:
            if type(child) is NavigableString:
                yield child
            elif isinstance(child, Tag) and child.name not in HIDDEN and "math" not in child.get("class", ()):
                yield from texts(child)

    return " ".join(texts(soup.body))


def loaded(soup):
    """Return every address that a browser loads for a page by itself."""
    links = [
        link["href"]
        for link in soup.select("link[href]")
        if {"stylesheet", "icon", "preload", "modulepreload", "manifest"} & set(link.get("rel", []))
    ]
    sources = [element["src"] for element in soup.select("[src]")]
    sets = [part.split()[0] for element in soup.select("[srcset]") for part in element["srcset"].split(",")]
    styles = [style.get_text() for style in soup.select("style")] + [e["style"] for e in soup.select("[style]")]
    return [*links, *sources, *sets, *in_styles("\n".join(styles))]


@pytest.fixture(scope="module")
def loads(read_page):
    """Return a function that gives every address that a browser loads for a page by itself, looked for once a page."""
    return cache(lambda page: loaded(read_page(page)))


def in_styles(css):
    """Return every address in a style sheet."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return [one or other for one, other in CSS_ADDRESS.findall(css)]


def file_of(address, start=""):
    """Return the path below the site that an address leads to from the file it stands in."""
    return unquote(urljoin(start, urldefrag(address).url.partition("?")[0])) or start


def test_the_site_holds_the_chapters_the_search_a_page_for_every_list_paper_benchmark_and_data_set_and_no_other(site):
    pages = [path.relative_to(site).with_suffix("").as_posix() for path in site.rglob("*.html")]
    papers = [f"papers/{paper.key}" for paper in the_survey().papers]
    benchmarks = [f"benchmarks/{name}" for name in {result.benchmark for result in the_survey().results}]
    datasets = [f"datasets/{dataset.id}" for dataset in the_survey().datasets]
    gone = set(MOVED) - set(PAGES)  # a chapter that no longer exists leads on
    left = [f"papers/{paper.former_key}" for paper in the_survey().excluded if paper.former_key]
    assert sorted(pages) == sorted([*PAGES, *gone, *left, *papers, *benchmarks, *datasets])


def test_the_site_holds_no_file_that_no_reader_needs(site):
    unneeded = {".pyc", ".md", ".ipynb", ".map", ".po", ".mo", ".log", ".pickle"}
    offered = {"notebooks": {".ipynb"}}
    kinds = {(path.relative_to(site).parts[0], path.suffix) for path in site.rglob("*") if path.is_file()}
    assert sorted((top, kind) for top, kind in kinds if kind in unneeded - offered.get(top, set())) == []


# What the explorer reads after "#": each of its facets, and the typed facts among them.
EXPLORER_STATE = {"q", "sort", "all", "family", "year", "venue", "code", "kind", "scope", "status"}


def explorer_knows(name: str, value: str) -> bool:
    """Return whether the explorer reads a part of its state: a task, a category or a typed fact must be a known one."""
    known = {(term.field, term.value) for term in the_survey().vocabulary}
    known |= {("category", category) for category in CATEGORIES}
    known |= {("task", task) for group, tasks in GROUPS.items() for task in (*tasks, f"{group} *")}
    return (name, value) in known if name in {"task", "category", *FACTS} else name in EXPLORER_STATE


@each_page_and_record
def test_every_internal_link_and_anchor_resolves(page, site, read_page, anchors):
    broken = []
    for address in {link["href"] for link in read_page(page).select("a[href], link[href], area[href]")}:
        if re.match(r"(?:https?|mailto|data):", address):
            continue
        name, anchor = file_of(address, f"{page}.html"), unquote(urldefrag(address).fragment)
        if name.removeprefix("zh/") == "catalogue.html" and "=" in anchor:  # the state of the explorer
            found = all(explorer_knows(*state) for state in parse_qsl(anchor, strict_parsing=True))
        else:
            found = (site / name).is_file()
            found = found and (
                not anchor
                or is_comparison(name.removeprefix("zh/"), anchor)
                or anchor in anchors(name.removesuffix(".html"))
            )
        broken += [] if found else [address]
    assert broken == []


@each_page
def test_everything_that_a_page_loads_is_there_and_from_no_other_host(page, site, loads):
    assert [address for address in loads(page) if FOREIGN.match(address)] == []
    files = [file_of(address, f"{page}.html") for address in loads(page) if not address.startswith("data:")]
    assert [name for name in files if not (site / name).is_file()] == []


def test_no_style_sheet_loads_anything_from_another_host(site):
    styles = {path: in_styles(path.read_text(encoding="utf-8")) for path in site.rglob("*.css")}
    assert [(path.name, a) for path, addresses in styles.items() for a in addresses if FOREIGN.match(a)] == []


def test_everything_that_our_own_style_sheet_loads_is_there(site):
    css = (site / "_static" / "survey.css").read_text(encoding="utf-8")
    files = [file_of(a, "_static/survey.css") for a in in_styles(css) if not a.startswith("data:")]
    assert [name for name in files if not (site / name).is_file()] == []


@each_page_and_record
def test_no_id_stands_twice(page, read_page):
    ids = Counter(element["id"] for element in read_page(page).find_all(id=True))
    assert sorted(name for name, count in ids.items() if count > 1) == []


@each_page
def test_every_image_has_an_alt_text_that_is_no_path(page, read_page):
    texts = [image.get("alt", "") for image in read_page(page).select("img")]
    assert [alt for alt in texts if not alt.strip() or re.search(r"\.(?:svg|png|pdf)\b|_images/", alt)] == []


@each_page_and_record
def test_the_headings_are_in_order(page, read_page):
    soup = read_page(page)
    levels = [int(heading.name[1]) for heading in soup.main.select("h1, h2, h3, h4, h5, h6")]
    assert levels[0] == len(soup.select("h1")) == 1
    assert [f"h{a} h{b}" for a, b in pairwise(levels) if b > a + 1] == []


@each_page
def test_a_page_has_its_language_one_viewport_and_one_title_that_begins_with_its_own(page, read_page):
    soup = read_page(page)
    assert soup.html["lang"] == ("zh-CN" if page in CHINESE else "en")
    assert len(soup.select('meta[name="viewport"]')) == 1
    (title,) = soup.head.select("title")
    heading = re.sub(r"^[\d.]+\s*|#$", "", soup.h1.get_text().strip()).strip() if page != "search" else "Search"
    assert re.sub(r"^[\d.]+\s*", "", title.get_text().strip()).startswith(heading)


@pytest.fixture(scope="module")
def descriptions(read_page):
    """Return the descriptions of every page."""
    return {page: [meta["content"] for meta in read_page(page).select('meta[name="description"]')] for page in PAGES}


@each_page
def test_a_page_has_one_description_of_its_own(page, descriptions):
    described = descriptions[page]
    others = [text for other, texts in descriptions.items() if other != page for text in texts]
    assert len(described) == 1 and re.match(r"\w.{29,}", described[0]) and described[0] not in others


@each_page
def test_a_page_tells_link_previews_what_it_is(page, read_page):
    said = {meta["property"]: meta["content"] for meta in read_page(page).select('meta[property^="og:"]')}
    told = {
        name for name, content in said.items() if re.match(r"\w.+", content)
    }  # a title may be two letters of Chinese
    assert {"og:type", "og:site_name", "og:title", "og:description"} <= told, said
    soup, title = read_page(page), the_survey().edition.title
    assert (said["og:type"], said["og:site_name"]) == ("book" if page == START else "article", title)
    heading = re.sub(r"#$", "", soup.h1.get_text().strip()) if page != "search" else "Search"
    assert squeezed(said["og:title"]) == squeezed(title if page == START else heading)
    assert said["og:description"] == soup.select_one('meta[name="description"]')["content"]


@each_page
def test_mathjax_is_loaded_and_set_up_where_there_is_math_and_nowhere_else(page, read_page):
    soup = read_page(page)
    scripts = [script["src"] for script in soup.select("script[src]") if "mathjax" in script["src"].lower()]
    assert len(scripts) == bool(soup.select(".math"))
    inline = [script.get_text() for script in soup.select("script:not([src])")]
    assert any("MathJax" in text for text in inline) <= bool(soup.select(".math"))


def test_the_site_holds_no_font_awesome(site):
    assert [
        str(path.relative_to(site)) for path in (site / "_static").rglob("*") if "awesome" in path.name.lower()
    ] == []


@each_page
def test_no_mark_of_the_source_is_left_in_the_text(page, read_page):
    text = visible(read_page(page))
    assert re.findall(r".{,40}(?:\{\w+\}`|\{cite|\$\$|:::|\[\?\]|```|\bnan\b|<NA>).{,40}", text) == []


@each("page", [START, *CHAPTERS])
def test_no_cell_of_code_is_printed(page, read_page):
    assert read_page(page).select(".cell_input") == []


def test_the_start_page_with_all_that_it_loads_is_light(site, read_page):
    names = {"index.html"} | {file_of(a, "index.html") for a in loaded(read_page("index")) if a[:5] != "data:"}
    for name in [name for name in names if name.endswith(".css")]:
        css = (site / name).read_text(encoding="utf-8")
        inside = {file_of(address, name) for address in in_styles(css) if not address.startswith("data:")}
        names |= {found for found in inside if (site / found).is_file()}
    sizes = {name: len(gzip.compress((site / name).read_bytes(), 9)) for name in names}
    assert sum(sizes.values()) <= WEIGHT, sorted(sizes.items(), key=lambda size: -size[1])


@each(
    "name, content",
    lambda: [
        ("citation_title", [the_survey().edition.title]),
        ("citation_author", list(the_survey().edition.authors)),
        ("citation_publication_date", [the_survey().edition.date.replace("-", "/")]),
    ],
)
def test_the_start_page_tells_google_scholar_how_to_cite_the_book(name, content, read_page):
    assert [meta["content"] for meta in read_page("index").select(f'meta[name="{name}"]')] == content


@each("page", [page for page in PAGES if page != START])
def test_no_other_page_is_cited_as_the_book(page, read_page):
    assert read_page(page).select('meta[name^="citation_"]') == []


@each(
    "field, value",
    lambda: [
        ("@context", "https://schema.org"),
        ("@type", "Book"),
        ("name", the_survey().edition.title),
        ("author", [{"@type": "Organization", "name": name} for name in the_survey().edition.authors]),
        ("datePublished", the_survey().edition.date),
    ],
)
def test_the_start_page_tells_search_engines_what_the_book_is(field, value, read_page):
    (script,) = read_page("index").select('script[type="application/ld+json"]')
    assert json.loads(script.get_text())[field] == value


@each_page
def test_the_pdf_is_linked_from_every_page(page, read_page):
    up = "../" * page.count("/")
    assert read_page(page).select(f'a[href="{up}peft-vlm-survey.pdf"]')


def test_pandoc_reads_the_bibliography_and_prints_every_kind_of_entry(site, tmp_path):
    whole = site / "downloads" / "references.bib"
    command = ["pandoc", "--from=bibtex", "--to=csljson", "--fail-if-warnings", str(whole)]
    items = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert {item["id"] for item in items} == set(the_survey().references)
    # What an entry prints as follows from its fields and their signs: one of each is printed. Every entry of the book is
    # printed by another reader of the same style language, in test_csl.py, which takes half as long.
    keys = {item["id"] for item in unlike(items)}
    assert len(keys) > 100
    entries = re.split(r"\n(?=@)", whole.read_text(encoding="utf-8"))
    part = tmp_path / "part.bib"
    part.write_text(
        "\n".join(e for e in entries if re.match(r"\s*@\w+\{([^,]+)", e).group(1) in keys), encoding="utf-8"
    )
    source = f'---\nnocite: "@*"\nbibliography: {json.dumps(str(part))}\n---\n'
    command = ["pandoc", "--from=markdown", "--to=html", "--citeproc", "--fail-if-warnings"]
    printed = subprocess.run(command, input=source, capture_output=True, text=True, check=True).stdout
    said = dict(re.findall(r'id="ref-([^"]+)"[^>]*>(.*?)</div>', printed, re.DOTALL))
    assert said.keys() == keys
    assert [key for key, text in said.items() if str(the_survey().references[key].year) not in text] == []
