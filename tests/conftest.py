"""What several test modules share: the built book and its pages."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from survey.data import ROOT


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
