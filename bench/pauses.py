"""How long a reader waits for a page to show what was asked of it, in headless Chromium, from disk."""

import statistics
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

CHROMIUM = "/usr/bin/chromium-headless-shell"
_TIMES = 9
# Two frames after an action its result has been drawn: the first may have been on its way already.
_UNTIL_DRAWN = """(element, value) => new Promise(resolve => {
  const start = performance.now();
  if (value === null) {
    element.click();
  } else {
    element.value = value;
    element.dispatchEvent(new Event("input", {bubbles: true}));
  }
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - start)));
})"""


def typing(page: Path, field: str, word: str) -> float:
    """Return the median time in seconds from a letter typed into a field until the rows are drawn."""
    parts = [word[:end] for end in range(1, len(word) + 1)]
    return _median(page, field, [*parts, *reversed(parts[:-1]), ""])


def clicking(page: Path, button: str) -> float:
    """Return the median time in seconds from a click on a button until its effect is drawn."""
    return _median(page, button, [None] * _TIMES)


def _median(path: Path, selector: str, values: list[str] | list[None]) -> float:
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"]) as browser,
    ):
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(path.as_uri())
        return statistics.median(_waited(page, selector, value) for value in values) / 1000


def _waited(page: Page, selector: str, value: str | None) -> float:
    element = page.locator(selector).first
    element.wait_for()
    waited: float = element.evaluate(_UNTIL_DRAWN, value)
    return waited
