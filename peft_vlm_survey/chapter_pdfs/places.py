"""Read in what TeX wrote where each chapter and each place of the book stands."""

import re
from dataclasses import dataclass
from pathlib import Path

BOOK = "peft-vlm-survey"  # the names of TeX's files
START = "index"
_LABEL = re.compile(r"^\\newlabel\{([^{}]+)\}", re.MULTILINE)
_SUMMARY = re.compile(r"\\surveysummary\{(.*)\}\}$", re.MULTILINE)
_ENTRY = re.compile(r"\\bibitem\[[^\]]*\]\{([^}]+)\}\n(.*?)(?=\\bibitem|\\end\{sphinxthebibliography\})", re.DOTALL)
_ANCHOR_OF_ITS_OWN = re.compile(r"(?!id\d+$)")
# The kinds of places by how hyperref names them.
_KINDS = {
    "chapter": "Chapter",
    "appendix": "Appendix",
    "section": "Section",
    "subsection": "Section",
    "subsubsection": "Section",
    "table": "Table",
    "figure": "Figure",
    "equation": "Equation",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A place that a link may lead to: its address on the site, what it is called, and its page in print."""

    chapter: str
    anchor: str
    name: str  # such as `Table 8.1`; empty where it has no number
    title: str  # TeX
    page: str
    destination: str

    @property
    def address(self) -> str:
        """The page of the site and the anchor in it."""
        return f"{self.chapter}.html{f'#{self.anchor}' if self.anchor else ''}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Printed:
    """What TeX wrote of the book."""

    chapters: tuple[Place, ...]  # in the order of the paper
    places: dict[str, Place]  # by the destination that a link names
    summaries: dict[str, str]  # TeX, by chapter
    references: dict[str, str]  # TeX, by the destination, in the order of the list
    preamble: str


def read_printed(folder: Path) -> Printed:
    """Return what TeX wrote into a folder."""
    tex = (folder / f"{BOOK}.tex").read_text(encoding="utf-8")
    aux = (folder / f"{BOOK}.aux").read_text(encoding="utf-8", errors="replace")
    found = [_place(label.group(1), aux, label.end()) for label in _LABEL.finditer(aux)]
    places: dict[str, Place] = {}
    for place in found:
        known = places.get(place.destination)
        if known is None or (_is_number(known.anchor) and place.anchor and not _is_number(place.anchor)):
            places[place.destination] = place
    chapters = [place for place in found if place.anchor == "" and place.chapter != START]
    return Printed(
        chapters=tuple(chapters),
        places=places | {chapter.destination: chapter for chapter in chapters},
        summaries={chapter.chapter: _summary(tex, chapter.chapter) for chapter in chapters},
        references={f"cite.{key}": text.strip() for key, text in _ENTRY.findall(tex)},
        preamble=tex.partition(r"\begin{document}")[0],
    )


def _is_number(anchor: str) -> bool:
    return re.fullmatch(r"id\d+", anchor) is not None


def _place(label: str, aux: str, start: int) -> Place:
    r"""Read `\newlabel{document:anchor}{{number}{page}{title}{destination}{}}`."""
    number, page, title, destination = _groups(aux, start + 1, 4)
    document, _, anchor = label.removeprefix("equation:").partition(":")
    if label.startswith("equation:"):
        anchor = f"equation-{anchor}"
    kind = _KINDS.get(destination.partition(".")[0], "")
    return Place(
        chapter=document,
        anchor="" if anchor == ":doc" else anchor,
        name=f"{kind} {number}" if kind and number else "",
        title=re.sub(r"\\xpg@aux *\{.*?\}\{.*?\}|\\ignorespaces|\\strut", "", title).strip(),
        page=page,
        destination=destination,
    )


def _groups(text: str, start: int, count: int) -> list[str]:
    """Return the groups in braces, which may hold others, that follow each other from a place on."""
    groups, depth, begin = [], 0, start
    for place in range(start, len(text)):
        if text[place] == "{" and text[place - 1] != "\\":
            depth += 1
            if depth == 1:
                begin = place + 1
        elif text[place] == "}" and text[place - 1] != "\\":
            depth -= 1
            if depth == 0:
                groups.append(text[begin:place])
                if len(groups) == count:
                    break
    return groups


def _summary(tex: str, chapter: str) -> str:
    start = tex.find(rf"\label{{\detokenize{{{chapter}::doc}}}}")
    found = _SUMMARY.search(tex, start)
    return found.group(1) if found and found.start() < tex.find(r"\chapter", start + 1) % (len(tex) + 1) else ""
