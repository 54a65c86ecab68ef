"""What several test modules share: the tiny survey, copies of it to break, the built book, and a browser."""

import atexit
import gc
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np  # noqa: F401 (see below)
import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis.strategies import just
from mistakes import GOOD, good_files, lay_out, lay_over
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from peft_vlm_survey import data
from peft_vlm_survey.__main__ import main
from peft_vlm_survey.cache import folder as place_of
from peft_vlm_survey.checked import CHECKED
from peft_vlm_survey.data import ROOT, load
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read import registry

CHROMIUM = "/usr/bin/chromium-headless-shell"
_AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
# What a rule of colours says of a text follows from its look and from what it stands in. Thousands of texts of a page have
# one look, and axe-core takes ten times as long for all of them as for all its other rules together: it judges the first
# and the last of each look.
_ASK_AXE = r"""async (rules) => {
    const OF_COLOURS = ["color-contrast", "link-in-text-block"];
    const ancestors = (element) => element && element !== document.body ? [element, ...ancestors(element.parentElement)] : [];
    const looks = new Map();
    for (const element of document.body.querySelectorAll("*")) {
        const words = [...element.childNodes].filter((node) => node instanceof Text).map((node) => node.data.trim()).join("");
        if (words || element.matches("a[href], input, select, textarea")) {
            const { color, fontSize, fontWeight } = getComputedStyle(element);
            const within = ancestors(element).slice(0, 4).map((one) => `${one.localName} ${one.className} ${one.getAttribute("style")}`);
            const look = [color, fontSize, fontWeight, words.length > 1, ...within].join("|"); // of one letter no contrast is judged
            looks.set(look, [looks.get(look)?.[0] ?? element, element]);
        }
    }
    const violations = [];
    async function ask(where, options) {
        violations.push(...(await axe.run(where, { preload: false, resultTypes: ["violations"], ...options })).violations);
    }
    if (!rules) {
        await ask(document, { rules: Object.fromEntries(OF_COLOURS.map((rule) => [rule, { enabled: false }])) });
    }
    const include = [...new Set([...looks.values()].flat())];
    if (include.length) {
        await ask({ include }, { runOnly: rules ?? OF_COLOURS });
    }
    const serious = violations.filter((rule) => ["serious", "critical"].includes(rule.impact));
    return serious.map((rule) => rule.id + ": " + rule.nodes.map((node) => node.target.join(" ")).join(", "));
}"""
CONTRAST = ("color-contrast",)
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SIZES = {"desktop": DESKTOP, "phone": PHONE}
SEEN = [("light", "desktop"), ("dark", "desktop"), ("light", "phone"), ("dark", "phone")]
# What is seen in one window, in this order: both themes and both sizes meet a page that is being opened.
IN_ONE_WINDOW = [[("light", "desktop"), ("dark", "desktop")], [("dark", "phone"), ("light", "phone")]]

WAITS = 30_000  # milliseconds: on a busy machine a page takes ten seconds, and a wait ends with what it waits for
expect.set_options(timeout=WAITS)

# A process holds the surveys to its end, and a search for garbage goes through all of them: it took a sixth of the time.
gc.set_threshold(1_000_000, 50, 100)
# hypothesis makes such a search with its first example, and with the first once numpy is there: here nothing is held yet.
given(just(None))(lambda _: None)()

# A process of xdist has told everything when it ends, and need not give back a gigabyte piece by piece, which takes seconds.
if "PYTEST_XDIST_WORKER" in os.environ:
    atexit.register(os._exit, 0)

# Tests write and delete many thousand small files, for which a disk takes longer than what they try: they go into memory
# where the machine has plenty for files, and lets run what lies there. Processes begun from here do the same.
_MEMORY = "/dev/shm"  # noqa: S108 (names below it are made by tempfile)
if "TMPDIR" not in os.environ and os.access(_MEMORY, os.W_OK):
    _room = os.statvfs(_MEMORY)
    if _room.f_bavail * _room.f_frsize > 4 * 2**30 and not _room.f_flag & os.ST_NOEXEC:
        os.environ["TMPDIR"] = _MEMORY
        tempfile.tempdir = None  # it may have been looked up before

# Of the examples of a property the fast run tries one in so many; `make test` tries all.
ONE_IN = int(os.environ.get("SURVEY_ONE_EXAMPLE_IN", "1"))


def examples(number: int) -> settings:
    """Return the settings of a property that is tried with so many examples, and with fewer in the fast run."""
    return settings(max_examples=-(-number // ONE_IN))


# The same examples every time and no deadline: a test says the same on every machine.
settings.register_profile("survey", examples(100), derandomize=True, deadline=None, database=None)
settings.load_profile("survey")


# Their tests share nothing that takes long, and are many: the processes take them one by one, at the end.
_ONE_BY_ONE = ("test_data.py", "test_form.py", "test_cost_properties.py")
# The groups that take longest, the longest first, as measured; the others follow in the order of their names.
_LONG = (
    *("pages", "tables", "explorer", "pdf"),  # with the built book
    *("test_drafts", "test_wheel"),  # beside its build
    *("answers", "test_package", "costing", "test_add", "test_rows_read", "test_figures"),
    *("test_choose_page", "test_csl", "test_drawings", "test_cost_command", "test_costs_chapter"),
    *("test_paper_template", "test_related", "test_records", "test_exports", "test_kernels", "test_bench"),
)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Let the second of two searches for garbage, with which pytest ends, not go through what the first one left."""
    gc.freeze()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes longest and with what stays together, so that no process is left alone at the end.

    The tests of a module that needs no built book stay together, so that what they share is worked out once.
    """
    for path in {item.path for item in items if item.get_closest_marker("built")}:
        if "mark.built" not in path.read_text(encoding="utf-8"):
            raise pytest.UsageError(f"{path} has tests of the built book, and make finds such modules by `mark.built`.")
    groups = {item: group_of(item) for item in items}

    def place(item: pytest.Item) -> tuple[bool, bool, int]:
        group = groups[item]
        long = _LONG.index(group) if group in _LONG else len(_LONG)
        return item.get_closest_marker("slow") is None, not group, long

    items.sort(key=place)
    # xdist reads the group in the name. It writes it there itself, where pytest since 9.2 does not look any more.
    if getattr(config.option, "loadgroup", False):
        for item in items:
            if groups[item] and not item.nodeid.endswith(f"@{groups[item]}"):
                item._id = type(item.id).parse(f"{item.nodeid}@{groups[item]}")  # type: ignore[misc]


def group_of(item: pytest.Item) -> str:
    """Return the name of the tests with which a test stays in one process; empty where it goes to any."""
    if marker := item.get_closest_marker("xdist_group"):
        return str(marker.args[0])
    return "" if item.path.name in _ONE_BY_ONE or item.get_closest_marker("built") else item.path.stem


@pytest.fixture(scope="session", autouse=True)
def unchanged_files_are_read_once() -> Iterator[None]:
    """Let the files of the book and of the tiny survey be read once while they are as they were; what a test changed is read."""

    def state(root: Path, path: str) -> object:
        """Return what tells that a file is as it was; None where it is read whatever it holds."""
        if root == ROOT:
            return (found := (root / path).stat()).st_mtime_ns, found.st_size, found.st_ino
        return True if (root / path).read_bytes() == good_files().get(path) else None

    def once(read: Callable[..., Any], only: str = "") -> Callable[..., Any]:
        known: dict[tuple[Any, ...], Any] = {}

        def quick(root: Path, *words: Any, **named: Any) -> Any:
            path = only or words[0]
            try:
                of: object = state(root, path)
            except OSError:
                of = None
            if of is None:
                return read(root, *words, **named)
            place = (root == ROOT, path, *map(id, words[1:]))  # the columns and the class of a table's rows
            if place not in known or known[place][0] != of:
                known[place] = of, read(root, *words, **named)
            return known[place][1]

        return quick

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "read_records", once(registry.read_records))
        patch.setattr(data, "read_bibliography", once(data.read_bibliography, "references.bib"))
        patch.setattr(data, "read_edition", once(data.read_edition, "CITATION.cff"))
        yield


@pytest.fixture(scope="session")
def good() -> Survey:
    """Return the tiny survey of tests/good."""
    return load(GOOD)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the folder of a copy of the tiny survey."""
    return lay_out(tmp_path / "survey")


@pytest.fixture(scope="session")
def known_as_sound(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], None]:
    """Return a function that lets it be kept below a root, as below that of the book, that the tiny survey has no problem."""
    root = lay_out(tmp_path_factory.mktemp("sound") / "survey")
    place_of(root).mkdir(parents=True)
    assert main(["check", str(root)]) == 0
    sound = {path.name: path.read_bytes() for path in place_of(root).iterdir()}
    assert sorted(name.partition("-")[0] for name in sound) == [CHECKED, "costs", "references"]

    def keep(other: Path) -> None:
        place_of(other).mkdir(parents=True)
        for name, raw in sound.items():
            (place_of(other) / name).write_bytes(raw)

    return keep


@pytest.fixture
def break_it(root: Path):
    """Return a function that puts one named mistake of tests/bad into the copy and returns its folder."""
    return lambda name: lay_over(name, root)


@pytest.fixture(scope="session")
def site() -> Path:
    """Return the folder of the built site, which `make test` builds first."""
    folder = ROOT / "_build" / "html"
    assert (folder / "index.html").is_file(), "There is no built book; run: make test"
    return folder


@pytest.fixture(scope="session")
def read_page(site: Path) -> Callable[[str], BeautifulSoup]:
    """Return a function that parses a page of the site, once a page."""

    @cache
    def parse(name: str) -> BeautifulSoup:
        return BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")

    return parse


# An id in a script or a comment is none; in text the signs around it are written otherwise.
_NO_ELEMENTS = re.compile(r"<script\b.*?</script>|<!--.*?-->", re.DOTALL)
_ANCHOR = re.compile(r"""<[a-z][^>]*?\s(?:id|(?<=<a\s)name)=["']([^"']*)["']""", re.IGNORECASE)


@pytest.fixture(scope="session")
def anchors(site: Path) -> Callable[[str], set[str]]:
    """Return a function that gives the ids of a page, without the time that it takes to parse the page."""

    @cache
    def of(name: str) -> set[str]:
        text = _NO_ELEMENTS.sub("", (site / f"{name}.html").read_text(encoding="utf-8"))
        return {unescape(anchor) for anchor in _ANCHOR.findall(text)}

    return of


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield browser
        browser.close()


_OF_THE_DISK = ("file:", "data:", "blob:", "about:")


def offline(chromium: Browser, asked: list[str], **options: Any) -> BrowserContext:
    """Return a context without a network, so that every request for anything but a file fails, and note each of these."""
    context = chromium.new_context(offline=True, reduced_motion="reduce", **options)
    context.set_default_timeout(WAITS)
    context.on("request", lambda request: None if request.url.startswith(_OF_THE_DISK) else asked.append(request.url))
    return context


def listen(page: Page, errors: list[str]) -> None:
    """Note every error of the page's scripts, of its console and of its loading."""
    page.on("console", lambda said: errors.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("requestfailed", lambda request: errors.append(f"not loaded: {request.url}"))


def violations(page: Page, rules: tuple[str, ...] = ()) -> list[str]:
    """Return what axe-core finds wrong with a page as it stands, of the serious kinds; by all rules if none is named.

    The rules that may be named are those of colours.
    """
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(_AXE)
    faults: list[str] = page.evaluate(_ASK_AXE, list(rules) or None)
    return faults


def too_wide(page: Page) -> list[str]:
    """Return by how much a page is wider than the screen, if it is."""
    needed, given = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    return [] if needed <= given else [f"needs {needed} pixels of {given}"]


# What stays with a page until it is closed.
_STAYING = ("add_init_script", "expose_binding", "expose_function", "on", "once")


def _refused(*words: Any, **named: Any) -> None:
    raise AssertionError("What stays with a page until it is closed is for a `new_page`.")


@dataclass
class Window:
    """A context of one theme and size, which many pages are opened in one after the other."""

    theme: str
    viewport: dict[str, int]
    context: BrowserContext
    asked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    _empty: Page | None = None

    @contextmanager
    def opened(self) -> Iterator[Page]:
        """Yield a new page, which leaves nothing to the next one."""
        page = self._new()
        try:
            yield page
        finally:
            _forget(page)
            page.close()

    @contextmanager
    def reopened(self) -> Iterator[Page]:
        """Yield the page that was yielded before, empty again: a new one costs a quarter of what it costs to open a file.

        After a failure there is a new one.
        """
        page, self._empty = self._empty or self._staying(), None
        self.asked.clear()
        self.errors.clear()
        try:
            yield page
        except BaseException:
            page.close()
            raise
        self._empty = None if page.is_closed() else self._emptied(page)

    def _emptied(self, page: Page) -> Page:
        """Undo what was done to a page, as far as a page lets it be undone."""
        _forget(page)
        for other in self.context.pages:
            if other != page:
                other.close()
        page.unroute_all()
        page.goto("about:blank")  # or to go to another place of the same file would not open it
        page.emulate_media(color_scheme=self.theme, media="null")  # type: ignore[arg-type]
        if page.viewport_size != self.viewport:
            page.set_viewport_size(self.viewport)  # type: ignore[arg-type]
        return page

    def _staying(self) -> Page:
        """Return a new page that refuses what would stay with it."""
        page = self._new()
        for name in _STAYING:
            setattr(page, name, _refused)
        return page

    def _new(self) -> Page:
        self.asked.clear()
        self.errors.clear()
        page = self.context.new_page()
        listen(page, self.errors)
        return page


def _forget(page: Page) -> None:
    """Delete what a page has stored."""
    if page.url.startswith("file:"):
        page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")


@pytest.fixture(scope="session")
def window(chromium: Browser) -> Iterator[Callable[[str, str], Window]]:
    """Return a function that gives the window of a theme and a size."""

    @cache
    def of(theme: str, size: str) -> Window:
        asked: list[str] = []
        context = offline(chromium, asked, color_scheme=theme, viewport=SIZES[size])
        windows.append(context)
        return Window(theme, SIZES[size], context, asked)

    windows: list[BrowserContext] = []
    yield of
    for context in windows:
        context.close()


# The theme changes under a page as it stands, and what the page makes of that is drawn before this ends.
_DRAWN = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
    .then(() => Promise.all(document.getAnimations().map((one) => one.finished)))"""


@pytest.fixture(scope="session")
def inspect(window: Callable[[str, str], Window]) -> Callable[..., dict[str, list[str]]]:
    """Return a function that shows a page in every theme and size and returns what is wrong with it there.

    `show` opens the page and leaves it as it is to be seen, and `ask` is called of it wherever it is seen. It must fit
    the screen, without an error or a request. By day it is held against every rule of axe-core and by night against
    that of contrast; the phone has the width alone, unless `thoroughly`, and an ordinary page is held against no rule,
    with `rules=False`.

    To open a page takes several times as long as to look at it: the desktop opens it by day, the phone by night, and
    the theme then changes under it. `thoroughly`, it is opened anew in every theme and size.
    """

    def look(
        show: Callable[[Page], Any],
        thoroughly: bool = False,
        rules: bool = True,
        ask: Callable[[Page], Any] = lambda page: None,
    ) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}

        def judge(page: Page, theme: str, size: str, own: Window) -> None:
            ask(page)
            faults = too_wide(page)
            if rules and (size == "desktop" or thoroughly):
                faults += violations(page, () if theme == "light" else CONTRAST)
            found[f"{theme}, {size}"] = [*faults, *own.errors, *own.asked]
            own.errors.clear()
            own.asked.clear()

        for opened in [[seen] for seen in SEEN] if thoroughly else IN_ONE_WINDOW:
            own = window(*opened[0])
            with own.reopened() as page:
                show(page)
                judge(page, *opened[0], own)
                for theme, size in opened[1:]:
                    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
                    page.evaluate(_DRAWN)
                    judge(page, theme, size, own)
        return {place: faults for place, faults in found.items() if faults}

    return look


ALLOWED = ("clipboard-read", "clipboard-write")


@pytest.fixture(scope="session")
def usual(chromium: Browser, site: Path) -> Iterator[Window]:
    """Return the window of the pages of most tests."""
    asked: list[str] = []
    with offline(chromium, asked, permissions=ALLOWED, color_scheme="light", viewport=DESKTOP) as context:
        yield Window("light", DESKTOP, context, asked)


@pytest.fixture
def page(usual: Window) -> Iterator[Page]:
    """Return an empty page that may use the clipboard: that of the test before, as if it were new.

    Who listens to it, gives it scripts or stops its clock needs a `new_page`.
    """
    with usual.reopened() as page:
        yield page


@pytest.fixture
def open_page(page: Page, site: Path) -> Callable[[str], Any]:
    """Return a function that opens a page of the site."""
    return lambda name: page.goto((site / f"{name}.html").as_uri())


@pytest.fixture
def new_page(chromium: Browser, site: Path) -> Iterator[Page]:
    """Return another such page, which nobody has used before nor will afterwards."""
    with offline(chromium, [], permissions=ALLOWED, color_scheme="light", viewport=DESKTOP) as context:
        yield context.new_page()


@pytest.fixture(scope="session")
def without_scripts(chromium: Browser, site: Path) -> Iterator[Window]:
    """Return a window in which no script runs."""
    asked: list[str] = []
    with offline(chromium, asked, java_script_enabled=False, viewport=DESKTOP) as context:
        yield Window("light", DESKTOP, context, asked)


@pytest.fixture
def page_without_scripts(without_scripts: Window) -> Iterator[Page]:
    """Return an empty page in which no script runs: that of the test before, as if it were new."""
    with without_scripts.reopened() as page:
        yield page
