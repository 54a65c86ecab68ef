"""Cut the chapters out of the whole PDF, so that no link of theirs leads nowhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, Page, Pdf, String

from peft_vlm_survey.chapter_pdfs.around import AROUND, Outside
from peft_vlm_survey.chapter_pdfs.places import BOOK, Place, Printed
from peft_vlm_survey.read.edition import Edition

BEHIND = {"references": "References", "elsewhere": "Elsewhere in the Book"}


@dataclass(kw_only=True)
class Whole:
    """A PDF whose links lead to named destinations."""

    pdf: Pdf

    @cached_property
    def destinations(self) -> dict[str, tuple[int, list[pikepdf.Object]]]:
        """The page, from 0, and the view on it, of every named destination."""
        numbers = {page.obj.objgen: number for number, page in enumerate(self.pdf.pages)}
        found = {}
        for name, value in pikepdf.NameTree(self.pdf.Root.Names.Dests).items():
            array = value.D if isinstance(value, Dictionary) else value
            page, *view = list(array)
            found[str(name)] = numbers[page.objgen], view
        return found

    def starts(self, names: list[str]) -> list[int]:
        """Return the pages on which destinations stand."""
        return [self.destinations[name][0] for name in names]


def links(page: Page) -> Iterator[tuple[pikepdf.Object, str]]:
    """Yield every link of a page to a named destination, with the name."""
    for link in page.obj.get("/Annots", Array()):
        action = link.get("/A")
        if action is not None and action.get("/S") == Name.GoTo and isinstance(action.D, String):
            yield link, str(action.D)


def ranges(book: Whole, printed: Printed) -> dict[str, range]:
    """Return the pages of every chapter, from 0."""
    starts = book.starts([chapter.destination for chapter in printed.chapters])
    ends = [*starts[1:], len(book.pdf.pages)]
    return {
        chapter.chapter: range(start, end) for chapter, start, end in zip(printed.chapters, starts, ends, strict=True)
    }


def outside(book: Whole, printed: Printed) -> dict[str, Outside]:
    """Return where the links of every chapter lead outside of it: to references in their order, and to other places."""
    order = {name: place for place, name in enumerate(printed.references)}
    found = {}
    for chapter, pages in ranges(book, printed).items():
        named = {name for number in pages for _, name in links(book.pdf.pages[number])}
        named = {name for name in named if book.destinations[name][0] not in pages}
        found[chapter] = Outside(
            references=tuple(sorted(named & order.keys(), key=order.__getitem__)),
            places=tuple(sorted(named - order.keys())),
        )
    return found


def last_pages(printed: Printed, pages: dict[str, range]) -> dict[str, str]:
    """Return the number that is printed on the last page of every chapter."""
    return {chapter.chapter: str(int(chapter.page) + len(pages[chapter.chapter]) - 1) for chapter in printed.chapters}


def cut(folder: Path, to: Path, printed: Printed, edition: Edition) -> None:
    """Write the PDF of every chapter from the whole and from the pages around the chapters."""
    to.mkdir(parents=True, exist_ok=True)
    with Pdf.open(folder / f"{BOOK}.pdf") as whole, Pdf.open(folder / f"{AROUND}.pdf") as beside:
        book, around = Whole(pdf=whole), Whole(pdf=beside)
        pages, beyond = ranges(book, printed), outside(book, printed)
        covers = [*around.starts([f"cover.{number}" for number in range(len(printed.chapters))]), len(beside.pages)]
        for number, chapter in enumerate(printed.chapters):
            with Pdf.new() as made:
                _fill(made, book, around, pages[chapter.chapter], range(covers[number], covers[number + 1]))
                _lead(made, number, book, around, pages[chapter.chapter], covers[number], beyond[chapter.chapter])
                _mark(made, number, chapter, book, around, pages[chapter.chapter], covers[number])
                _describe(made, chapter, edition, whole, len(pages[chapter.chapter]))
                made.save(
                    to / f"{chapter.chapter}.pdf",
                    deterministic_id=True,
                    object_stream_mode=pikepdf.ObjectStreamMode.generate,
                )


def _fill(made: Pdf, book: Whole, around: Whole, pages: range, beside: range) -> None:
    for page in (around.pdf.pages[beside[0]], *(book.pdf.pages[number] for number in pages)):
        made.pages.append(page)
    for number in beside[1:]:
        made.pages.append(around.pdf.pages[number])


def _lead(made: Pdf, number: int, book: Whole, around: Whole, pages: range, cover: int, beyond: Outside) -> None:
    """Lead every link to its page of this file: within the chapter, or to what stands behind it."""
    numbers = beyond.numbered()
    for page in list(made.pages)[1 : len(pages) + 1]:
        for link, name in links(page):
            if name in numbers:
                place, view = around.destinations[f"to.{number}.{numbers[name]}"]
                place += len(pages) - cover
            else:
                place, view = book.destinations[name]
                place += 1 - pages.start
            link.A = Dictionary(S=Name.GoTo, D=Array([made.pages[place].obj, *_copied(view)]))


def _copied(view: list[pikepdf.Object]) -> list[Any]:
    return (
        [Name.XYZ, *[None if part is None else float(part) for part in view[1:4]]]
        if view[:1] == [Name.XYZ]
        else [Name.Fit]
    )


def _mark(made: Pdf, number: int, chapter: Place, book: Whole, around: Whole, pages: range, cover: int) -> None:
    """Give the file the bookmarks that the whole has for the chapter, and those of what stands behind it."""
    with book.pdf.open_outline() as whole, made.open_outline() as outline:
        (own,) = [item for item in whole.root if _named(item) == chapter.destination]
        outline.root.append(_moved(own, made, book, pages))
        for name, title in BEHIND.items():
            if f"{name}.{number}" in around.destinations:
                place, view = around.destinations[f"{name}.{number}"]
                outline.root.append(_bookmark(title, made, place + len(pages) - cover, view))


def _moved(item: OutlineItem, made: Pdf, book: Whole, pages: range) -> OutlineItem:
    place, view = book.destinations[_named(item)]
    moved = _bookmark(item.title, made, place + 1 - pages.start, view)
    moved.children.extend(_moved(child, made, book, pages) for child in item.children)
    return moved


def _bookmark(title: str, made: Pdf, place: int, view: list[pikepdf.Object]) -> OutlineItem:
    return OutlineItem(title, Array([made.pages[place].obj, *_copied(view)]))


def _named(item: OutlineItem) -> str:
    return str(item.action.D if item.action is not None else item.destination)


def _describe(made: Pdf, chapter: Place, edition: Edition, whole: Pdf, length: int) -> None:
    """Set the title and the other properties, the language, and the page numbers that are printed."""
    (title,) = [item.title for item in made.open_outline().root[:1]]
    for name in ("/Author", "/Keywords", "/CreationDate", "/Producer"):
        if name in whole.docinfo:
            made.docinfo[name] = String(str(whole.docinfo[name]))
    made.docinfo["/Title"] = String(f"{chapter.name}. {title}")
    made.docinfo["/Subject"] = String(f"{chapter.name} of {edition.title}, version {edition.version}, {edition.date}")
    made.Root.Lang = String("en")
    made.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    made.Root.PageMode = Name.UseOutlines
    labels = [0, Dictionary(P=String("Cover")), 1, Dictionary(S=Name.D, St=int(chapter.page))]
    if len(made.pages) > length + 1:
        labels += [length + 1, Dictionary(S=Name.r)]
    made.Root.PageLabels = Dictionary(Nums=Array(labels))
