"""The tables in headless Chromium: sort, filter and export what stands in the page."""

import csv
import gzip
import html
import io
import re
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pybtex.database
import pytest
from conftest import DESKTOP, PHONE, offline
from contents import CHAPTERS, START
from playwright.sync_api import expect

from peft_vlm_survey.data import the_survey

PAGES = [START, *CHAPTERS]
FORMATS = {"CSV": "csv", "BibTeX": "bib", "LaTeX": "tex"}
ENGINES = ["xelatex", "pdflatex"]
FEW_ROWS = 15
MISSING = ["–", "n. r.", "not reported", ""]
DENIED = "() => { Clipboard.prototype.writeText = () => Promise.reject(new DOMException('', 'NotAllowedError')); }"

pytestmark = pytest.mark.built
each_page = pytest.mark.parametrize("name", PAGES)
of_the_book = pytest.mark.xdist_group("tables")  # whose exports are taken once
# A column as printed, and what one and two clicks on its head make of it.
ORDERS = {
    "decimals": (["10.1", "–", "9.8", "100"], ["9.8", "10.1", "100", "–"], ["100", "10.1", "9.8", "–"]),
    "not reported": (["2", "not reported", "1"], ["1", "2", "not reported"], ["2", "1", "not reported"]),
    "n. r.": (["n. r.", "2", "1"], ["1", "2", "n. r."], ["2", "1", "n. r."]),
    "units": (["1.94 M", "0.45 B", "980 k"], ["980 k", "1.94 M", "0.45 B"], ["0.45 B", "1.94 M", "980 k"]),
    "percent": (["4.18 %", "100 %", "2.98–7.31 %"], ["2.98–7.31 %", "4.18 %", "100 %"], ["100 %", "4.18 %", "2.98–7.31 %"]),
    "spread": (["65.9 ± 0.2", "65.10 ± 3", "7 ± 1"], ["7 ± 1", "65.10 ± 3", "65.9 ± 0.2"], ["65.9 ± 0.2", "65.10 ± 3", "7 ± 1"]),
    "signs": (["+0.4", "−1.2", "0", "−0.3"], ["−1.2", "−0.3", "0", "+0.4"], ["+0.4", "0", "−0.3", "−1.2"]),
    "padding": (["12.5", "100\u2008\u2007", "9.25"], ["9.25", "12.5", "100"], ["100", "12.5", "9.25"]),
    "thousands": (["1,024", "999", "10\u2009000"], ["999", "1,024", "10 000"], ["10 000", "1,024", "999"]),
    "texts": (["LoRA", "–", "Éclair", "adapter", "VPT"], ["adapter", "Éclair", "LoRA", "VPT", "–"], ["VPT", "LoRA", "Éclair", "adapter", "–"]),
    "numbered": (["B10", "B9", "B1"], ["B1", "B9", "B10"], ["B10", "B9", "B1"]),
    "dates": (["2024-02-01", "2024-01-30"], ["2024-01-30", "2024-02-01"], ["2024-02-01", "2024-01-30"]),
}  # fmt: skip
HARD = [
    r"50 % & 3 \ of_4 # ~x^2 $y$ {z}",
    '"quoted", with commas',
    "a--b <c> [d] | `e`",
    "α ≤ β × 2 − ½ ●",
    "数据集 Łódź Đ",
    "[first] *star",
]


def cell(text, tag="td"):
    return f"<{tag}><p>{html.escape(text)}</p></{tag}>"


def lay_table(folder, site, header, rows):
    """Write a page with one table as the book prints it, with the site's own scripts, and return its address."""
    body = "".join(f"<tr>{''.join(map(cell, row))}</tr>" for row in rows)
    scripts = "".join(
        f'<script defer data-bibtex="bibtex.js" src="{(site / "_static" / name).as_uri()}"></script>'
        for name in ("folding.js", "survey.js", "tables.js")
    )
    page = Path(folder, "page.html")
    page.write_text(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>T</title>{scripts}</head><body>'
        '<div class="pst-scrollable-table-container"><table class="survey" id="tbl-x"><caption>'
        '<span class="caption-number">Table 1 </span><span class="caption-text">50 % of all</span></caption>'
        f"<thead><tr>{''.join(cell(head, 'th') for head in header)}</tr></thead><tbody>{body}</tbody></table></div></body>",
        encoding="utf-8",
    )
    return page.as_uri()


def seen(table):
    """Return the rows of a table that a reader sees, its head first, without the padding; a formula in one line."""
    rows = table.evaluate(
        """table => [...table.rows].filter(row => row.getClientRects().length)
            .map(row => [...row.cells].map(
                cell => cell.querySelector("mjx-container") ? cell.textContent : cell.innerText))"""
    )
    return [[" ".join(text.split()) for text in row] for row in rows]


def column(table, number=0):
    return [row[number] for row in seen(table)[1:]]


def heads(table):
    return table.locator("thead th button")


def menu_of(page, table):
    """Open the table's menu of exports and return it."""
    name = " ".join(table.locator(".caption-number").inner_text().split())
    menu = page.locator("details.table-export", has=page.get_by_text(f"Export {name}", exact=True))
    if menu.get_attribute("open") is None:
        menu.locator("summary").click()
    return menu


def exported(page, table, label):
    """Download what is seen of a table and return it."""
    button = menu_of(page, table).get_by_role("button", name=re.compile(f"Download .* as {label}"))
    page.wait_for_timeout(110)  # Chromium drops the eleventh download that a page starts within a second
    with page.expect_download() as download:
        button.click()
    assert download.value.suggested_filename == f"{table.get_attribute('id')}.{FORMATS[label]}"
    return Path(download.value.path()).read_bytes().decode("utf-8")


def tables_of(page, site, name):
    page.goto((site / f"{name}.html").as_uri())
    page.evaluate("document.querySelectorAll('details.fold').forEach(fold => { fold.open = true; })")
    return page.locator("table.survey:not(.explorer-table)").all()


def filter_of(table):
    return table.locator("xpath=../preceding-sibling::*[1][contains(@class, 'table-filter')]")


# A page that starts many downloads within a second loses some in Chromium. What it would save is kept in its place; that
# a browser saves the very same is tried with one table, below.
_KEEP = """(() => {
    const texts = new Map(), make = URL.createObjectURL, click = HTMLAnchorElement.prototype.click;
    window.kept = [];
    URL.createObjectURL = (blob) => {
        const address = make.call(URL, blob);
        texts.set(address, blob);
        return address;
    };
    HTMLAnchorElement.prototype.click = function () {
        if (this.download && texts.has(this.href)) {
            kept.push([this.download, texts.get(this.href)]);
        } else {
            click.call(this);
        }
    };
})()"""
# Every table of a page is used in one go, so that Chromium does not draw a long page anew after each step: to draw it takes
# ten times as long as all the rest. What a pointer meets is asked first, where it is sent: at what is pressed by the script.
_TRY = r"""async (formats) => {
    const shown = (element) => element.checkVisibility({ visibilityProperty: true });
    const clean = (text) => text.replace(/\s+/g, " ").trim();

    function pressed(button) {
        button.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
        const { left, top, width, height } = button.getBoundingClientRect();
        return shown(button) && button.contains(document.elementFromPoint(left + width / 2, top + height / 2));
    }

    function seen(table) {
        const text = (cell) => cell.querySelector("mjx-container") ? cell.textContent : cell.innerText;
        return [...table.rows].filter((row) => row.getClientRects().length).map((row) => [...row.cells].map(text));
    }

    async function take(menu, label) {
        const called = (button) => new RegExp(`^Download .* as ${label}$`).test(button.getAttribute("aria-label"));
        const button = [...menu.querySelectorAll("button")].find(called);
        if (!button) {
            return [];
        }
        const status = menu.querySelector("[role=status]");
        kept.length = 0;
        status.textContent = "";
        button.click();
        for (let turn = 0; !status.textContent && turn < 20; turn += 1) {
            await null; // most texts are made at once
        }
        for (const end = Date.now() + 10_000; !status.textContent && Date.now() < end;) {
            await new Promise((next) => setTimeout(next)); // the first BibTeX loads its entries
        }
        return kept.map(([file, blob]) => [label, file, blob]);
    }

    async function view(table, menu, labels) {
        const leads = [...table.querySelectorAll("tbody tr:not([hidden]) a")].map((link) => link.getAttribute("href"));
        const taken = [];
        for (const label of labels) {
            taken.push(...await take(menu, label));
        }
        return { rows: seen(table), leads, taken };
    }

    async function read(found) {
        const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
        for (const one of found?.taken ?? []) {
            one[2] = decoder.decode(await one[2].arrayBuffer());
        }
    }

    const tried = [];
    const menus = new Map();
    for (const menu of document.querySelectorAll("details.table-export")) {
        const name = clean(menu.querySelector("summary").textContent);
        menus.set(name, [...menus.get(name) ?? [], menu]);
    }
    const tables = [...document.querySelectorAll("table.survey:not(.explorer-table)")];
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    document.querySelectorAll(".table-columns:not([hidden])").forEach((button) => button.click()); // all that is exported is seen
    const found = tables.map((table) => {
        const named = menus.get(`Export ${clean(table.querySelector(".caption-number").innerText)}`) ?? [];
        const bar = table.parentElement.previousElementSibling;
        const filters = bar?.classList.contains("table-filter") ? [...bar.querySelectorAll("input[type=search]")] : [];
        const heads = [...table.querySelectorAll("thead th button")];
        return { table, named, filters: filters.filter(shown), heads };
    });
    const unmet = found.map(({ named, filters, heads }) => [named[0]?.querySelector("summary"), ...filters, heads.at(-1)]
        .filter((one) => !one || !pressed(one)).map((one) => one?.outerHTML ?? "nothing"));
    for (const [at, { table, named, filters, heads }] of found.entries()) {
        const [menu] = named, [search] = filters;
        menu.querySelector("summary").click();
        const labelled = (button) => button.getAttribute("aria-label")?.includes("LaTeX");
        const ways = [...menu.querySelectorAll("button")].filter((button) => labelled(button) && shown(button)).length;
        const fill = (words) => { search.value = words; search.dispatchEvent(new Event("input", { bubbles: true })); };
        const printed = await view(table, menu, formats);
        let first = null;
        if (search) {
            fill(clean(printed.rows[1][0]));
            first = await view(table, menu, printed.taken.some(([label]) => label === "BibTeX") ? ["BibTeX"] : []);
            fill("e");
        }
        heads.at(-1).click();
        const ordered = await view(table, menu, ["CSV"]);
        tried.push({ id: table.id, menus: named.length, heads: heads.length, filters: filters.length, ways, unmet: unmet[at], printed, first, ordered });
    }
    for (const { printed, first, ordered } of tried) {
        await Promise.all([printed, first, ordered].map(read));
    }
    return tried;
}"""


@dataclass(frozen=True, kw_only=True)
class View:
    """A table as it stands: its rows, where what is seen of it leads, and its exports by their labels."""

    rows: list[list[str]]
    leads: list[str]
    texts: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Tried:
    """A table of the book, as it is printed, filtered by its first cell, and sorted by its last column and filtered."""

    heads: int
    filters: int
    ways: int  # to take it as LaTeX
    menus: int
    unmet: list[str]  # what a pointer that is sent there does not meet
    printed: View
    first: View | None
    ordered: View


def view_of(stem, found):
    """Return a table as it stood, whose exports were called after it."""
    taken = found["taken"]
    assert [(label, file) for label, file, _ in taken] == [(label, f"{stem}.{FORMATS[label]}") for label, *_ in taken]
    rows = [[" ".join(text.split()) for text in row] for row in found["rows"]]
    return View(rows=rows, leads=found["leads"], texts={label: text for label, _, text in taken})


@pytest.fixture(scope="module")
def tried(chromium, site):
    """Return a function that tries every table of a page of the book, once for all tests, and returns what came of it."""

    def as_tried(id, printed, first, ordered, **counts):
        views = {"printed": printed, "first": first, "ordered": ordered}
        return Tried(**counts, **{name: view and view_of(id, view) for name, view in views.items()})

    @cache
    def of(name):
        with offline(chromium, [], viewport=DESKTOP) as context:
            page = context.new_page()
            page.add_init_script(_KEEP)
            tables = tables_of(page, site, name)
            found = [as_tried(**table) for table in page.evaluate(_TRY, list(FORMATS))]
            assert len(found) == len(tables)
            return found

    return of


def compiled(engine, folder, tables):
    """Set tables in LaTeX, each on a page of its own, and return what the pages say."""
    body = "\n\\clearpage\n".join(tables)
    fonts = "\\usepackage{fontspec}" if engine == "xelatex" else ""
    text = f"\\documentclass{{article}}{fonts}\\usepackage{{booktabs,longtable}}\\begin{{document}}\n{body}\n\\end{{document}}\n"
    Path(folder, "tables.tex").write_text(text, encoding="utf-8")
    command = [engine, "-interaction=nonstopmode", "-halt-on-error", "tables.tex"]
    run = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert run.returncode == 0, run.stdout.decode("utf-8", "replace")[-2000:]
    return subprocess.run(
        ["pdftotext", "-layout", "tables.pdf", "-"], cwd=folder, capture_output=True, check=True
    ).stdout.decode()


@pytest.fixture
def lay(page, site, tmp_path):
    """Return a function that opens a page with a table of one's own and returns the table."""

    def open_it(header, rows, page=page):
        page.goto(lay_table(tmp_path, site, header, rows))
        return page.locator("table.survey")

    return open_it


@pytest.mark.parametrize("kind", ORDERS)
def test_a_column_is_sorted_up_then_down_then_as_printed(kind, lay):
    printed, up, down = ORDERS[kind]
    table = lay(["Column"], [[text] for text in printed])
    before = column(table)
    heads(table).click()
    assert column(table) == up
    heads(table).click()
    assert column(table) == down
    heads(table).click()
    assert column(table) == before


def test_what_is_missing_stands_last_in_both_directions(lay):
    table = lay(["Score", "Name"], [*([text, "none"] for text in MISSING), ["9.8", "a"], ["10.1", "b"]])
    heads(table).first.click()
    assert column(table) == ["9.8", "10.1", *MISSING]
    heads(table).first.click()
    assert column(table) == ["10.1", "9.8", *MISSING]


def test_equal_cells_keep_the_printed_order(lay):
    table = lay(["Score", "Name"], [["1", "c"], ["0", "x"], ["1", "a"], ["1", "b"]])
    heads(table).first.click()
    assert column(table, 1) == ["x", "c", "a", "b"]
    heads(table).first.click()
    assert column(table, 1) == ["c", "a", "b", "x"]


def test_the_keyboard_sorts_and_the_head_says_how(lay, page):
    table = lay(["Score", "Name"], [["10.1", "a"], ["9.8", "b"]])
    page.keyboard.press("Tab")
    for key, order in (("Enter", "ascending"), ("Space", "descending"), ("Enter", None)):
        page.keyboard.press(key)
        assert table.locator("th").first.get_attribute("aria-sort") == order
    heads(table).first.click()
    heads(table).last.click()
    assert [head.get_attribute("aria-sort") for head in table.locator("th").all()] == [None, "ascending"]


def test_the_filter_keeps_the_rows_with_every_word_and_counts_them(lay, page):
    rows = [["Full fine-tuning", "1"], *([f"Adapter {i}", str(i)] for i in range(16)), ["Björn–Adapter", "8"]]
    table = lay(["Method", "Score"], rows)
    count = page.locator(".table-filter [aria-live=polite]")
    expect(count).to_have_text("18 of 18 rows")
    for typed, kept in (("ADAPTER", 17), ("adapter 6", 1), ("bjorn-adapter", 1), ("nothing", 0), ("", 18)):
        page.get_by_role("searchbox", name="Filter Table 1").fill(typed)
        expect(count).to_have_text(f"{kept} of 18 rows")
        assert len(column(table)) == kept


def test_a_filtered_table_is_sorted_and_exported_as_it_is_seen(lay, page):
    table = lay(["Method", "Score"], [[f"Method {i}", str(i)] for i in range(2, 22)])
    page.get_by_role("searchbox").fill("1")
    heads(table).last.click(click_count=2)
    assert column(table, 1) == ["21", *map(str, range(19, 9, -1))]
    assert list(csv.reader(io.StringIO(exported(page, table, "CSV"), newline=""))) == seen(table)


def test_csv_is_quoted_and_its_numbers_are_clean(lay, page):
    rows = [['a "b", c', "−0.3\u2007"], ["d", "100\u2008\u2007"], ["e", "–"], ["−x", "65.9 ± 0.2"]]
    text = exported(page, lay(["Text", "Score, %"], rows), "CSV")
    assert text == 'Text,"Score, %"\r\n"a ""b"", c",-0.3\r\nd,100\r\ne,–\r\n−x,65.9 ± 0.2\r\n'


@pytest.mark.parametrize("engine", ENGINES)
def test_latex_compiles_whatever_a_cell_holds(engine, lay, page, tmp_path):
    table = lay(["Text & more, %", "Score"], [[text, "−0.3\u2007"] for text in HARD])
    said = compiled(engine, tmp_path, [exported(page, table, "LaTeX")])
    for text in ("50 % & 3 \\ of", "$y$ {z}", "a--b", "[d] | `e", "[first] *star", "50 % of all", "Score"):
        assert text in said


@of_the_book
@each_page
def test_every_table_of_the_book_can_be_sorted_filtered_and_exported(name, tried):
    for table in tried(name):
        rows = table.printed.rows
        assert table.heads == len(rows[0])
        assert table.filters == (1 if len(rows) > FEW_ROWS + 1 else 0)
        assert (table.menus, table.ways) == (1, 2)
        assert table.unmet == []


@of_the_book
@each_page
def test_the_exported_csv_equals_the_visible_rows(name, tried):
    for table in tried(name):
        got = list(csv.reader(io.StringIO(table.ordered.texts["CSV"], newline="")))
        assert got == [[re.sub(r"^−(?=[\d.]+$)", "-", text) for text in row] for row in table.ordered.rows]


def bare(text):
    return re.sub(r"\W", "", text).casefold()


@cache
def titles():
    """Return the keys of all references by the letters of their titles."""
    return {bare(reference.title): key for key, reference in the_survey().references.items()}


@pytest.fixture(scope="module")
def listed(read_page):
    """Return a function that gives the key of the work at a place of the references, by the title that stands there."""
    places = {element["id"]: element for element in reversed(read_page("references").find_all(id=True))}

    @cache
    def of(anchor):
        entry = bare(places[anchor].get_text())
        return titles()[max((title for title in titles() if title in entry), key=len)]

    return of


@of_the_book
@each_page
def test_the_exported_bibtex_holds_exactly_the_visible_papers(name, tried, listed):
    known = the_survey().references

    def keys(view):
        found = set()
        for address in view.leads:
            page_name, _, anchor = address.partition("#")
            if page_name.endswith("references.html") and anchor:
                found.add(listed(anchor))
            elif page_name.startswith("papers/"):
                found |= {page_name.removeprefix("papers/").removesuffix(".html")} & known.keys()
            elif anchor.startswith("sec-"):
                found |= {anchor.removeprefix("sec-")} & known.keys()
        return found

    for table in tried(name):
        expected = keys(table.printed)
        if not expected:
            continue
        whole = pybtex.database.parse_string(table.printed.texts["BibTeX"], "bibtex")
        assert set(whole.entries) == expected
        few = keys(table.first) if table.first else set()
        if few:
            part = pybtex.database.parse_string(table.first.texts["BibTeX"], "bibtex")
            assert set(part.entries) == few


@of_the_book
@pytest.mark.parametrize("engine", ENGINES)
def test_the_exported_latex_of_every_table_compiles(engine, tried, tmp_path):
    texts = [table.printed.texts["LaTeX"] for name in PAGES for table in tried(name)]
    said = compiled(engine, tmp_path, texts)
    assert len(re.findall(r"^\s*Table \d+:", said, re.MULTILINE)) == len(texts) > len(CHAPTERS)


@of_the_book
@each_page
def test_latex_cites_by_the_keys_of_the_bibtex(name, tried):
    for table in tried(name):
        texts = table.printed.texts
        cited = set(re.findall(r"\\cite\{([^}]*)\}", texts["LaTeX"]))
        if cited:
            whole = pybtex.database.parse_string(texts["BibTeX"], "bibtex")
            assert cited <= set(whole.entries)


def with_papers(page, site):
    """Open a chapter and return its first table that leads to papers."""
    return next(t for t in tables_of(page, site, "vision") if t.locator("tbody a[href^='papers/']").count())


def test_copying_gives_what_downloading_gives(page, site):
    table = with_papers(page, site)
    for label in FORMATS:
        downloaded = exported(page, table, label)
        menu = menu_of(page, table)
        menu.get_by_role("button", name=re.compile(f"Copy .* as {label}")).click()
        expect(menu.get_by_role("status")).to_have_text(f"Copied as {label}.")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.replace("\r\n", "\n") == downloaded.replace("\r\n", "\n")


@pytest.mark.parametrize("clipboard", ["denied", "absent"])
def test_without_the_clipboard_the_text_stands_selected_in_the_page(clipboard, chromium, site):
    with offline(chromium, [], viewport=PHONE) as context:
        page = context.new_page()
        if clipboard == "absent":
            page.add_init_script("Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined });")
        else:
            page.add_init_script(f"({DENIED})()")
        table = with_papers(page, site)
        for label in FORMATS:
            downloaded = exported(page, table, label)  # which takes the focus away
            menu = menu_of(page, table)
            for _ in range(2):  # the second text takes the place of the first
                menu.get_by_role("button", name=re.compile(f"Copy .* as {label}")).click()
                expect(menu.locator("textarea")).to_be_focused()
            selected = page.evaluate("(a => a.value.slice(a.selectionStart, a.selectionEnd))(document.activeElement)")
            assert selected == downloaded.replace("\r\n", "\n")
            expect(menu.get_by_role("status")).to_contain_text("Ctrl+C")


def test_the_keyboard_opens_the_menu_and_exports(lay, page):
    lay(["Score"], [["1"], ["2"]])
    for key in ("Tab", "Tab", "Enter", "Tab", "Enter"):  # head, menu, its first button
        page.keyboard.press(key)
    expect(page.locator("details.table-export [role=status]")).to_have_text("Copied as CSV.")


def test_missing_bibtex_is_said_and_not_thrown(new_page, site, tmp_path):
    errors = []
    address = lay_table(tmp_path, site, ["Paper"], [["x"]])
    source = tmp_path / "page.html"
    source.write_text(source.read_text().replace("<td><p>x", '<td><p><a href="references.html#id1">x</a>'))
    new_page.on("pageerror", lambda error: errors.append(str(error)))
    new_page.route("**/bibtex.js", lambda route: route.abort())
    new_page.goto(address)
    new_page.locator("summary").click()
    new_page.get_by_role("button", name="Copy Table 1 as BibTeX").click()
    expect(new_page.locator("details [role=status]")).to_have_text("The BibTeX entries could not be loaded.")
    assert errors == []


def test_tables_in_use_are_accessible_and_fit_the_screen(inspect, site):
    def use(page):
        tables = tables_of(page, site, "vision")
        page.evaluate(f"({DENIED})()")
        for table in tables:
            shown = heads(table).filter(visible=True)  # a phone shows some tables as cards
            if shown.count():
                shown.last.click()
            if filter_of(table).get_by_role("searchbox").count():
                filter_of(table).get_by_role("searchbox").fill("a")
            menu_of(page, table).get_by_role("button", name=re.compile("Copy .* as LaTeX")).click()
            expect(menu_of(page, table).locator("textarea")).to_be_focused()

    assert inspect(use, thoroughly=True) == {}


def test_on_paper_the_tables_stand_whole_and_nothing_else_is_shown(page, site):
    table = next(
        table for table in tables_of(page, site, "results") if filter_of(table).get_by_role("searchbox").count()
    )
    rows = seen(table)
    filter_of(table).get_by_role("searchbox").fill("no such row")
    page.emulate_media(media="print")
    expect(page.locator(".table-filter, .table-export").filter(visible=True)).to_have_count(0)
    assert seen(table) == rows


@each_page
def test_only_pages_with_tables_load_what_serves_them(name, read_page):
    page = read_page(name)
    loads = [element for element in page.select("script[src], link[href]") if "_static/tables." in str(element)]
    assert len(loads) == (2 if page.select("table.survey, div.explorer") else 0)


def test_what_serves_the_tables_is_light(site):
    scripts = [(site / "_static" / name).read_bytes() for name in ("tables.js", "tables.css")]
    assert sum(len(gzip.compress(script, 9)) for script in scripts) < 10_000
