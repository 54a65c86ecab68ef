"""Drafts, which `make watch` builds: a change makes Sphinx read, execute and write what it touches, and no more."""

import csv
import io
import re
import subprocess
from pathlib import Path

import pytest

from bench.bench import Scene, make_tree, what_was_done

CONTENTS = "format: jb-book\nroot: index\noptions:\n  numbered: 1\nchapters:\n  - file: errata\n  - file: references\n"


class Book:
    """A book of three chapters in a folder of its own."""

    def __init__(self, tree: Path) -> None:
        self.tree = tree
        self.site = tree / "_build" / "watch" / "_build" / "html"

    def build(self) -> dict[str, set[str]]:
        """Build a draft and return what was done for it."""
        made = subprocess.run(
            ["make", "--no-print-directory", "draft", "QUIET="],
            cwd=self.tree,
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(self.tree)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert "Finished generating HTML" in made.stdout, made.stdout[-4000:]
        return what_was_done(made.stdout)

    def change(self, path: str, old: str, new: str) -> None:
        """Replace the one place in a file where the old text stands."""
        text = (self.tree / path).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (self.tree / path).write_text(text.replace(old, new), encoding="utf-8")

    def set(self, path: str, column: str, cell: str) -> None:
        """Change a cell of the first row of a table."""
        with (self.tree / path).open(encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream)
        rows[0][header.index(column)] = cell
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([header, *rows])
        (self.tree / path).write_text(text.getvalue(), encoding="utf-8")

    def page(self, name: str) -> str:
        """Return the text of a page."""
        return (self.site / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Book:
    """Return a small book that was built once; the tests change it one after the other."""
    tree = make_tree(tmp_path_factory.mktemp("draft") / "tree", Scene(title="eleven", papers=11))
    (tree / "_toc.yml").write_text(CONTENTS, encoding="utf-8")
    for chapter in (tree / "book").glob("*.md"):
        if chapter.stem not in ("index", "errata", "references"):
            chapter.unlink()
    made = Book(tree)
    assert made.build()["executed"] == {"index", "errata"}
    return made


def test_a_draft_of_what_did_not_change_does_nothing(book):
    assert book.build() == {"read": set(), "executed": set(), "written": set()}


def test_a_changed_chapter_is_read_and_no_other(book):
    with (book.tree / "book" / "errata.md").open("a", encoding="utf-8") as stream:
        stream.write("\nA sentence that was not there.\n")
    done = book.build()
    assert (done["read"], done["executed"]) == ({"errata"}, {"errata"})
    assert "A sentence that was not there." in book.page("errata.html")


def test_a_changed_row_is_read_into_the_chapters_that_show_it(book):
    book.set("data/errata.csv", "evidence", "an evidence that was not there")
    done = book.build()
    assert (done["read"], done["executed"]) == ({"errata"}, {"errata"})
    assert "an evidence that was not there" in book.page("errata.html")


def test_a_changed_row_that_no_chapter_shows_is_only_exported(book):
    book.set("data/results.csv", "remark", "a remark that was not there")
    done = book.build()
    assert (done["read"], done["executed"]) == (set(), set())
    assert "a remark that was not there" in book.page("downloads/results.csv")


def test_a_file_that_says_the_same_is_not_written_again(book):
    before = (book.site / "downloads" / "origins.csv").stat().st_mtime_ns
    book.set("data/results.csv", "remark", "another remark")
    book.build()
    assert (book.site / "downloads" / "origins.csv").stat().st_mtime_ns == before


def test_a_changed_entry_is_written_where_it_is_listed_and_nothing_is_executed(book):
    key = re.findall(r'id="ref-(\w+)"', book.page("references.html"))[0]
    text = (book.tree / "references.bib").read_text(encoding="utf-8")
    place = text.index("  title = {", text.index(f"{{{key},")) + len("  title = {")
    (book.tree / "references.bib").write_text(f"{text[:place]}Unheard of: {text[place:]}", encoding="utf-8")
    done = book.build()
    assert (done["read"], done["executed"]) == ({"references"}, set())
    assert "Unheard of: " in book.page("references.html")


def test_pages_that_name_a_changed_title_are_written_and_not_executed(book):
    book.change("book/references.md", "# References\n", "# Works cited here\n")
    done = book.build()
    assert (done["read"], done["executed"]) == ({"references"}, set())
    assert all("Works cited here" in book.page(f"{name}.html") for name in ("index", "errata", "references"))


def test_changed_code_is_no_reason_to_trust_any_answer(book):
    with (book.tree / "peft_vlm_survey" / "tables.py").open("a", encoding="utf-8") as stream:
        stream.write("# a comment\n")
    assert book.build()["executed"] == {"index", "errata"}
