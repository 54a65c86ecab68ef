"""Drafts, which `make watch` builds: a change makes Sphinx read, execute and write what it touches, and no more."""

import csv
import io
import re
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from bench.bench import make_tree, what_was_done
from peft_vlm_survey.data import load
from peft_vlm_survey.downloads import bibtex
from peft_vlm_survey.read.registry import TABLES

pytestmark = pytest.mark.slow
CONTENTS = "format: jb-book\nroot: index\noptions:\n  numbered: 1\nchapters:\n  - file: errata\n  - file: references\n"
INDEX = "(start)=\n# Start\n\nThe {ref}`list <errata>` was corrected.\n"


class Book:
    """A book of three chapters in a folder of its own."""

    def __init__(self, tree: Path) -> None:
        self.tree = tree
        self.site = tree / "_build" / "watch" / "_build" / "html"
        self.env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(tree), "QUIET": ""}

    def make(self) -> subprocess.CompletedProcess[str]:
        """Build a draft, and return what was said."""
        command = ["make", "--no-print-directory", "draft", "QUIET="]
        out = subprocess.PIPE
        return subprocess.run(command, cwd=self.tree, env=self.env, stdout=out, stderr=subprocess.STDOUT, text=True)

    def build(self) -> dict[str, set[str]]:
        """Build a draft without a mistake, and return what was done for it."""
        done = self.make()
        assert done.returncode == 0, done.stdout[-4000:]
        return what_was_done(done.stdout)

    def change(self, path: str, old: str, new: str) -> None:
        """Replace the one place in a file where the old text stands."""
        text = (self.tree / path).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (self.tree / path).write_text(text.replace(old, new), encoding="utf-8")

    def set(self, path: str, column: str, cell: str) -> str:
        """Change a cell of the first row of a table, and return what it was."""
        with (self.tree / path).open(encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream)
        before, rows[0][header.index(column)] = rows[0][header.index(column)], cell
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([header, *rows])
        (self.tree / path).write_text(text.getvalue(), encoding="utf-8")
        return before

    def page(self, name: str) -> str:
        """Return the text of a page."""
        return (self.site / name).read_text(encoding="utf-8")


OF_PAPERS = ("papers", "descriptions", "recipes", "kept_back", "readings")


def _shrink(tree: Path) -> None:
    """Leave three chapters of the book, and of the papers the core and those that other tables name."""
    survey = load(tree)
    for chapter in (tree / "book").iterdir():
        if chapter.stem not in CONTENTS:
            chapter.unlink()
    (tree / "_toc.yml").write_text(CONTENTS, encoding="utf-8")
    (tree / "book" / "index.md").write_text(INDEX, encoding="utf-8")
    others = [tree / table.path for name, table in TABLES.items() if name not in OF_PAPERS]
    named = set(
        re.findall(r"\w+", "".join(path.read_text(encoding="utf-8") for path in (*others, tree / "book" / "errata.md")))
    )
    kept = named | {paper.key for paper in survey.papers if paper.depth == "core"}
    kept |= {word for paper in survey.papers if paper.scope for word in re.findall(r"\w+", paper.source)}
    for name in OF_PAPERS:
        path = tree / TABLES[name].path
        rows = _rows(path)
        _write(path, rows[0], [row for row in rows if {row["key"], row.get("paper", "")} <= kept | {""}])
    references = [reference for key, reference in survey.references.items() if key in kept]
    (tree / "references.bib").write_text(bibtex(references), encoding="utf-8")
    sections = tree / TABLES["sections"].path
    rows = _rows(sections)
    _write(sections, rows[0], [{**row, "chapter": "index", "label": "start", "heading": "Start"} for row in rows])


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _write(path: Path, columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, [*columns], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Return a small book that was built once."""
    tree = make_tree(tmp_path / "tree")
    _shrink(tree)
    book = Book(tree)
    assert book.build()["executed"] == {"errata"}
    return book


def test_a_draft_does_what_a_change_asks_for_and_no_more(book):
    # What did not change is not done again, whoever asks: Sphinx is not even started.
    assert book.make().stdout == ""

    # A row is read into the chapters that show it; one that no chapter shows touches none, and downloads are for whole
    # sites; an entry is written where it is listed. None of them touches the chapter that shows none of them.
    book.set("data/errata.csv", "evidence", "an evidence that was not there")
    book.set("data/results.csv", "remark", "a remark that was not there")
    key = re.findall(r'id="ref-(\w+)"', book.page("references.html"))[0]
    text = (book.tree / "references.bib").read_text(encoding="utf-8")
    place = text.index("  title = {", text.index(f"{{{key},")) + len("  title = {")
    (book.tree / "references.bib").write_text(f"{text[:place]}Unheard of: {text[place:]}", encoding="utf-8")
    done = book.build()
    assert (done["read"], done["executed"]) == ({"errata", "references"}, {"errata"})
    assert "an evidence that was not there" in book.page("errata.html")
    assert "Unheard of: " in book.page("references.html")

    # A chapter is read alone; those that name its title are written, and not executed.
    with (book.tree / "book" / "errata.md").open("a", encoding="utf-8") as stream:
        stream.write("\nA sentence that was not there.\n")
    book.change("book/references.md", "# References\n", "# Works cited here\n")
    done = book.build()
    assert (done["read"], done["executed"]) == ({"errata", "references"}, {"errata"})
    assert "A sentence that was not there." in book.page("errata.html")

    # What was touched is read again, and nothing else.
    (book.tree / "book" / "errata.md").touch()
    assert book.build()["read"] == {"errata"}
    assert all("Works cited here" in book.page(f"{name}.html") for name in ("index", "errata", "references"))

    # What a page leads to is numbered otherwise: it is written, and neither read nor executed.
    table = "::::{{table}} {0}\n:name: tbl-{0}\n\n| – |\n| - |\n| – |\n::::\n"
    with (book.tree / "book" / "errata.md").open("a", encoding="utf-8") as stream:
        stream.write(f"\nBefore here.\n\n{table.format('here')}")
    with (book.tree / "book" / "index.md").open("a", encoding="utf-8") as stream:
        stream.write("\nIt stands in {numref}`tbl-here`.\n")
    book.build()
    before = re.search(r"It stands in .*", book.page("index.html")).group()
    references = book.page("references.html")
    book.change("book/errata.md", "Before here.\n", f"Before here.\n\n{table.format('there')}")
    done = book.build()
    assert (done["read"], done["written"]) == ({"errata"}, {"errata", "index"})
    assert re.search(r"It stands in .*", book.page("index.html")).group() != before
    assert book.page("references.html") == references

    # A mistake is told and leaves no draft that would pass for one.
    key = book.set("data/errata.csv", "key", "nobody2020nothing")
    done = book.make()
    assert "nobody2020nothing" in done.stdout
    assert "Traceback" not in done.stdout
    assert done.returncode
    book.set("data/errata.csv", "key", key)

    # Other code is a reason to trust no answer.
    with (book.tree / "peft_vlm_survey" / "tables.py").open("a", encoding="utf-8") as stream:
        stream.write("# a comment\n")
    assert book.build()["executed"] == {"errata"}
