"""Read a LaTeX log for what a reader of the PDF would see: errors, missing glyphs, broken references, lines too wide."""

import re
from collections.abc import Iterator
from pathlib import Path

from peft_vlm_survey.problems import Problem

_HIGHEST = 20.0  # points by which a page may be too full before something leaves the paper
_WIDEST = 5.0  # points by which a line may stand out before anybody sees it


def find_problems(folder: Path) -> Iterator[Problem]:
    """Yield every problem of the logs in a folder, with the chapter where it can be told.

    A folder without a log, or without a PDF beside it, is a problem itself.
    """
    logs = sorted(folder.glob("*.log"))
    if not logs:
        yield Problem(
            path=str(folder), line=1, message="no LaTeX log.", remedy="Read _build/pdf.log; LaTeX did not start."
        )
    for log in logs:
        # LaTeX breaks its messages after 79 bytes, in the middle of a character if need be.
        text = re.sub(r"(?<=[^\n]{79})\n", "", log.read_text(encoding="utf-8", errors="replace"))
        source = log.with_suffix(".tex")
        tex = source.read_text(encoding="utf-8") if source.exists() else ""
        if not log.with_suffix(".pdf").exists():
            yield Problem(path=log.name, line=1, message="LaTeX made no PDF.", remedy="Mend the error above it.")
        for rule in (_errors, _missing_glyphs, _undefined, _too_wide, _too_high):
            yield from rule(log.name, text, tex)


def _errors(name: str, text: str, tex: str) -> Iterator[Problem]:
    for entry in re.finditer(r"^! (.*)(?:\n(?!l\.\d).*){0,20}?\nl\.(\d+)", text, re.MULTILINE):
        line = int(entry.group(2))
        yield Problem(
            path=name,
            line=_line(text, entry),
            message=f"TeX error in {_chapter(tex, line)}: {entry.group(1)}",
            remedy="Look for the text that TeX cannot set there.",
        )
    for entry in re.finditer(r"^! (Emergency stop|.*Fatal error.*)", text, re.MULTILINE):
        yield Problem(
            path=name,
            line=_line(text, entry),
            message=f"TeX stopped: {entry.group(1)}.",
            remedy="Mend the errors above it.",
        )


def _missing_glyphs(name: str, text: str, tex: str) -> Iterator[Problem]:
    for entry in re.finditer(r"^Missing character: There is no (\S+).* in font ([^!]*)!", text, re.MULTILINE):
        character = entry.group(1)[0]
        line = tex.count("\n", 0, tex.find(character)) + 1 if character in tex else 1
        yield Problem(
            path=name,
            line=_line(text, entry),
            message=f"no glyph for '{character}' (U+{ord(character):04X}) in {_chapter(tex, line)}.",
            remedy="Write it otherwise, or name its sign in _latex/survey.sty.",
        )


def _undefined(name: str, text: str, tex: str) -> Iterator[Problem]:
    for entry in re.finditer(
        r"^(?:LaTeX|Package \w+) Warning: (.*(?:undefined|multiply defined).*?)(?: on input line (\d+))?\.?$",
        text,
        re.MULTILINE,
    ):
        line = int(entry.group(2) or 1)
        yield Problem(
            path=name,
            line=_line(text, entry),
            message=f"{entry.group(1)} in {_chapter(tex, line)}.",
            remedy="Correct the reference.",
        )


def _too_wide(name: str, text: str, tex: str) -> Iterator[Problem]:
    for entry in re.finditer(
        r"^Overfull \\hbox \(([0-9.]+)pt too wide\) (?:in|detected).*?(\d+)(?:--\d+)?$", text, re.MULTILINE
    ):
        if float(entry.group(1)) > _WIDEST:
            yield Problem(
                path=name,
                line=_line(text, entry),
                message=f"a line stands out by {entry.group(1)} pt in {_chapter(tex, int(entry.group(2)))}.",
                remedy="Shorten it, or give its column more width.",
            )


def _too_high(name: str, text: str, tex: str) -> Iterator[Problem]:
    for entry in re.finditer(
        r"^Overfull \\vbox \(([0-9.]+)pt too high\) has occurred while \\output is active", text, re.MULTILINE
    ):
        if float(entry.group(1)) > _HIGHEST:
            yield Problem(
                path=name,
                line=_line(text, entry),
                message=f"something stands out of a page by {entry.group(1)} pt, so its end cannot be read.",
                remedy="Let the table break across pages: give it the class longtable.",
            )


def _line(text: str, entry: re.Match[str]) -> int:
    return text.count("\n", 0, entry.start()) + 1


def _chapter(tex: str, line: int) -> str:
    before = "\n".join(tex.split("\n")[:line])
    chapters = re.findall(r"\\chapter\*?\{(.*?)\}(?:\\label.*)?$", before, re.MULTILINE)
    return f"'{chapters[-1]}'" if chapters else "the front matter"
