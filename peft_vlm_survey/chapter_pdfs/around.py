"""The TeX of what stands around a chapter that is cut from the whole: a cover, the references, the places elsewhere."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from peft_vlm_survey.chapter_pdfs.places import Place, Printed
from peft_vlm_survey.read.edition import Edition

AROUND = "chapters"  # the name of TeX's files


@dataclass(frozen=True, kw_only=True, slots=True)
class Outside:
    """Where the links of one chapter lead outside of it, by the destinations that they name."""

    references: tuple[str, ...]
    places: tuple[str, ...]

    def numbered(self) -> dict[str, int]:
        """Return a number for each destination, by which the pages around the chapter name it."""
        return {name: number for number, name in enumerate((*self.references, *self.places))}


def tex_around(printed: Printed, outside: Mapping[str, Outside], last: Mapping[str, str], edition: Edition) -> str:
    """Return one document with the pages around every chapter: `cover.N` and `back.N` name where those of the N-th begin."""
    pieces = [printed.preamble, r"\begin{document}", r"\pagestyle{around}"]
    for number, chapter in enumerate(printed.chapters):
        pieces += [
            _cover(number, chapter, printed.summaries[chapter.chapter], last[chapter.chapter], edition),
            _back(number, chapter, printed, outside[chapter.chapter], edition),
        ]
    return "\n".join([*pieces, r"\end{document}", ""])


def _cover(number: int, chapter: Place, summary: str, last: str, edition: Edition) -> str:
    pages = f"page {chapter.page}" if last == chapter.page else f"pages {chapter.page}–{last}"
    title = r"\csname @title\endcsname"
    found = "".join(rf" \url{{{address}}}." for address in edition.addresses[:1])
    return rf"""
\clearpage\thispagestyle{{empty}}\hypertarget{{cover.{number}}}{{}}
\begingroup\sffamily\raggedright\parindent=0pt
{{\normalsize {title}\par}}
\vspace{{50mm}}
{{\large\color{{surveyaccent}}{chapter.name}\par}}
\vspace{{3mm}}
{{\fontsize{{26}}{{32}}\selectfont\bfseries {chapter.title}\par}}
\vspace{{6mm}}
{{\large {summary}\par}}
\vspace{{10mm}}
{{\color{{surveyaccent}}\rule{{30mm}}{{1.2pt}}\par}}
\vspace{{8mm}}
{{\csname @author\endcsname\par}}
\vspace{{1mm}}
Edition {edition.version}, {edition.date}\par
\vfill
{{\small Cite it as {chapter.name}, {pages}, of \csname @author\endcsname{{}} ({edition.date[:4]}): \emph{{{title}}}. Version {edition.version}, {edition.date}.{found}\par
\vspace{{2mm}}
Text, figures and data under CC BY 4.0; code under the MIT licence.\par}}
\endgroup
"""


def _back(number: int, chapter: Place, printed: Printed, outside: Outside, edition: Edition) -> str:
    numbers = outside.numbered()
    if not numbers:
        return ""
    parts = [rf"\clearpage\hypertarget{{back.{number}}}{{}}\markboth{{{chapter.name}\quad {chapter.title}}}{{}}"]
    if outside.references:
        parts += [
            rf"\hypertarget{{references.{number}}}{{}}\surveyfronthead{{References}}",
            r"\begin{surveyreferences}",
        ]
        parts += [
            rf"\item\hypertarget{{to.{number}.{numbers[name]}}}{{}}{printed.references[name]}"
            for name in outside.references
        ]
        parts.append(r"\end{surveyreferences}")
    if outside.places:
        parts += [
            rf"\par\vspace{{18pt}}\Needspace{{9\baselineskip}}\hypertarget{{elsewhere.{number}}}{{}}\surveyfronthead{{Elsewhere in the Book}}",
            r"\begin{surveyreferences}",
            *_lines(number, outside.places, numbers, printed, edition),
            r"\end{surveyreferences}",
        ]
    return "\n".join(parts)


def _lines(
    number: int, names: Sequence[str], numbers: Mapping[str, int], printed: Printed, edition: Edition
) -> list[str]:
    """Return a line for each place, in the order of the book; places that read alike share one."""
    order = {chapter.chapter: place for place, chapter in enumerate(printed.chapters)}
    titles = {chapter.chapter: chapter.title for chapter in printed.chapters}
    found = sorted(
        (order.get(printed.places[name].chapter, -1), int(printed.places[name].page), name) for name in names
    )
    targets: dict[str, str] = {}
    for _, _, name in found:
        place = printed.places[name]
        named = (place.name, _shortened(place.title)) if place.name else (titles.get(place.chapter, "About This Book"),)
        said = ". ".join(filter(None, named))
        if edition.url:
            said = rf"\href{{{edition.url}/{_of_tex(place.address)}}}{{{said}}}"
        said += f", page~{place.page}."
        targets[said] = targets.get(said, "") + rf"\hypertarget{{to.{number}.{numbers[name]}}}{{}}"
    return [rf"\item {target}{said}" for said, target in targets.items()]


def _shortened(title: str) -> str:
    r"""Return a caption before its first full stop, colon or semicolon, unless that stands in braces.

    >>> _shortened("Scores of CoOp. Better is up.")
    'Scores of CoOp'
    >>> _shortened(r"\emph{All. Every} one")
    '\\emph{All. Every} one'
    """
    first = re.split(r"[.:;](?=\s|$)", title, maxsplit=1)[0]
    return first if first.count("{") == first.count("}") else title


def _of_tex(address: str) -> str:
    return re.sub(r"([#%_&])", r"\\\1", address)
